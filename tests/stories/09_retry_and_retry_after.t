# Failed attempts: the strategies' delays, Retry-After, the end of all retries, and a retry by hand.
clock 2030-01-01T12:00:00Z
server
hook answers /fixed 500,500,200
POST /v1/tasks {"target": "${hook}/fixed", "retry": {"max_attempts": 5, "strategy": "fixed", "base_delay": 10, "max_delay": 10}}
-> 201
save task = .id
hook <- POST /fixed within 3s  header.carillon-attempt == 1  header.webhook-id == ${task}
save token = header.carillon-fencing-token
eventually GET /v1/tasks/${task}
-> 200  .status == retrying  .next_attempt_at >= 2030-01-01T12:00:09Z  .next_attempt_at <= 2030-01-01T12:00:12Z
advance 5s
hook none /fixed
advance 7s
hook <- POST /fixed within 3s  header.carillon-attempt == 2  header.webhook-id == ${task}
	header.carillon-fencing-token > ${token}
eventually GET /v1/tasks/${task} -> 200  .status == retrying
advance 12s
hook <- POST /fixed within 3s  header.carillon-attempt == 3
eventually GET /v1/tasks/${task}
-> 200  .status == completed  #.attempts == 3  .attempts[0].http_status == 500  .attempts[2].http_status == 200
# Retry-After is honoured when it is longer
hook answers /busy 503,200  header Retry-After: 120
POST /v1/tasks {"target": "${hook}/busy", "retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 1, "max_delay": 1}}
-> 201
save busy = .id
hook <- POST /busy within 3s
eventually GET /v1/tasks/${busy} -> 200  .status == retrying
advance 100s
hook none /busy
advance 30s
hook <- POST /busy within 3s
# the default strategy: first retry after 16 to 35 s (1^4 + 15 + rand(10) * 2)
hook answers /default 500,200
POST /v1/tasks {"target": "${hook}/default"}
-> 201
save default = .id
save made = .created_at
hook <- POST /default within 3s
eventually GET /v1/tasks/${default}
-> 200  .status == retrying  .next_attempt_at >= ${now+15s}  .next_attempt_at <= ${now+40s}
advance 41s
hook <- POST /default within 3s
# retries used up
hook answers /never 500
POST /v1/tasks {"target": "${hook}/never", "retry": {"max_attempts": 2, "strategy": "fixed", "base_delay": 1, "max_delay": 1}}
-> 201
save never = .id
hook <- POST /never within 3s
eventually GET /v1/tasks/${never} -> 200  .status == retrying
advance 3s
hook <- POST /never within 3s
eventually GET /v1/tasks/${never} -> 200  .status == failed  #.attempts == 2
advance 1h
hook none /never
GET /v1/tasks?status=abandoned -> 200  .total == 1  .tasks[0].id == ${never}
GET /v1/tasks?status=failed -> 200  .total == 1
# a retry by hand
hook answers /never 200
POST /v1/tasks/${never}/retry -> 200  .id == ${never}
hook <- POST /never within 3s  header.webhook-id == ${never}
eventually GET /v1/tasks/${never} -> 200  .status == completed
GET /v1/tasks?status=failed -> 200  .total == 0
# a connection that is refused or closed is a failed attempt like another
hook answers /closes close
POST /v1/tasks {"target": "${hook}/closes", "retry": {"max_attempts": 1}}
-> 201
save closes = .id
eventually GET /v1/tasks/${closes} -> 200  .status == failed  .attempts[0].http_status == null  .attempts[0].error != null
POST /v1/tasks {"target": "http://127.0.0.1:1/", "retry": {"max_attempts": 1}}
-> 201
save refused = .id
eventually GET /v1/tasks/${refused} -> 200  .status == failed  .attempts[0].error != null
# so is one that takes too long
hook answers /hangs hang
POST /v1/tasks {"target": "${hook}/hangs", "timeout": 1, "retry": {"max_attempts": 1}}
-> 201
save hangs = .id
eventually GET /v1/tasks/${hangs} -> 200  .status == failed  .attempts[0].error =~ time
