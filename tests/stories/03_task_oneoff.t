# One-off tasks: at once, after a duration, at an instant, and with an instant that has passed.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/now", "payload": {"n": 1}}
-> 201  .id =~ ^task_  .schedule_id == null  .scheduled_for == "2030-01-01T12:00:00Z"
save task = .id
hook <- POST /now within 3s  header.webhook-id == ${task}  header.webhook-timestamp exists
	header.carillon-attempt == 1  header.carillon-scheduled-for =~ ^2030-01-01T12:00:00  header.traceparent exists
	header.carillon-fencing-token exists  header.carillon-schedule-id absent
	body == {"n": 1}
eventually GET /v1/tasks/${task}
-> 200  .status == completed  #.attempts == 1  .attempts[0].number == 1  .attempts[0].http_status == 200
	.attempts[0].error == null  .attempts[0].response_body == "{\"ok\":true}"  .attempts[0].duration_ms >= 0
# after a duration
POST /v1/tasks {"target": "${hook}/later", "execute_after": "PT10M", "payload": null}
-> 201  .status == queued  .scheduled_for == "2030-01-01T12:10:00Z"
save later = .id
GET /v1/tasks?status=scheduled -> 200  .total == 1  .tasks[0].id == ${later}
advance 9m59s
hook none /later
advance 1s
hook <- POST /later within 3s  body == null
# at an instant with an offset
POST /v1/tasks {"target": "${hook}/at", "execute_after": "2030-01-01T14:00:00+01:00"}
-> 201  .scheduled_for == "2030-01-01T13:00:00Z"
clock 2030-01-01T13:00:00Z
hook <- POST /at within 3s
# in the past means now
POST /v1/tasks {"target": "${hook}/past", "execute_after": "2029-12-31T00:00:00Z"}
-> 201
hook <- POST /past within 3s
# a target with method and headers
POST /v1/tasks {"target": {"url": "${hook}/put", "method": "PUT", "headers": {"X-Shop": "7"}}, "payload": [1, 2]}
-> 201  .target.url == ${hook}/put
hook <- PUT /put within 3s  header.x-shop == 7  body == [1, 2]
GET /v1/tasks/task_00000000000000000000000000 -> 404
# one that is claimed ahead of its time has made no attempt yet
POST /v1/tasks {"target": "${hook}/soon", "execute_after": "PT1S"}
-> 201
save soon = .id
eventually sql select count(*) from run where state = 2 == 1
GET /v1/tasks/${soon} -> 200  .attempts_made == 0  .status == queued
