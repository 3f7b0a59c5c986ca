# A task can be cancelled until it has ended.
clock 2030-01-01T12:00:00Z
server
POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H"}
-> 201
save task = .id
POST /v1/tasks/${task}/cancel -> 200  .id == ${task}  .status == cancelled
GET /v1/tasks/${task} -> 200  .status == cancelled
GET /v1/tasks?status=cancelled -> 200  .total == 1
advance 2h
hook none /a
# again: it is what was asked for
POST /v1/tasks/${task}/cancel -> 200  .status == cancelled
# one that the server already holds for its time
POST /v1/tasks {"target": "${hook}/held", "execute_after": "PT1S"}
-> 201
save held = .id
POST /v1/tasks/${held}/cancel -> 200  .status == cancelled
advance 10s
hook none /held
# between two attempts
hook answers /b 500
POST /v1/tasks {"target": "${hook}/b", "retry": {"max_attempts": 9, "strategy": "fixed", "base_delay": 60, "max_delay": 60}}
-> 201
save retrying = .id
hook <- POST /b within 3s
eventually GET /v1/tasks/${retrying} -> 200  .status == retrying
POST /v1/tasks/${retrying}/cancel -> 200  .status == cancelled
advance 1h
hook none /b
# one that has been delivered
POST /v1/tasks {"target": "${hook}/c"}
-> 201
save done = .id
eventually GET /v1/tasks/${done} -> 200  .status == completed
POST /v1/tasks/${done}/cancel -> 409  .code == not_cancellable
POST /v1/tasks/task_00000000000000000000000000/cancel -> 404
