# A task that could not be started by its expiry is not delivered any more.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "execute_after": "2030-01-01T12:10:00Z", "expires_after": "2030-01-01T12:20:00Z"}
-> 201  .expires_at == "2030-01-01T12:20:00Z"
save late = .id
POST /v1/tasks {"target": "${hook}/b", "execute_after": "2030-01-01T12:10:00Z", "expires_after": "2030-01-01T13:00:00Z"}
-> 201
save in_time = .id
kill -9
clock 2030-01-01T12:30:00Z
restart
eventually GET /v1/tasks/${late} -> 200  .status == expired  .reason == expired  #.attempts == 0
hook <- POST /b within 5s
hook none /a
GET /v1/tasks?status=expired -> 200  .total == 1
# between two attempts
hook answers /c 500
POST /v1/tasks {"target": "${hook}/c", "expires_after": "PT1M",
	"retry": {"max_attempts": 9, "strategy": "fixed", "base_delay": 120, "max_delay": 120}}
-> 201
save retrying = .id
hook <- POST /c within 3s
advance 3m
eventually GET /v1/tasks/${retrying} -> 200  .status == expired
hook none /c
# never before it is due
POST /v1/tasks {"target": "${hook}/d", "execute_after": "2030-01-01T14:00:00Z", "expires_after": "2030-01-01T13:59:00Z"}
-> 422  .errors[field=expires_after].code == expires_before_execution
