# The thin path: a schedule becomes a task, the task is delivered on time, the result is recorded and shown.
clock 2030-01-01T11:50:00Z
server
POST /v1/schedules {"cron": "0 12 * * *", "timezone": "UTC",
	"task_template": {"target": "${hook}/noon", "payload": {"hello": "world"}}}
-> 201  .id =~ ^schedule_[0-9a-z]+$  .status == active  .next_execution_at == "2030-01-01T12:00:00Z"
save schedule = .id
clock 2030-01-01T11:55:00Z
eventually GET /v1/schedules/${schedule}/tasks
-> 200  .total == 1  .tasks[0].status == queued  .tasks[0].scheduled_for == "2030-01-01T12:00:00Z"
save task = .tasks[0].id
hook none /noon
clock 2030-01-01T12:00:00Z
hook <- POST /noon within 3s  header.webhook-id == ${task}  header.content-type == application/json
	body == {"hello": "world"}
eventually GET /v1/tasks/${task} -> 200  .status == completed  #.attempts == 1
eventually GET /v1/schedules/${schedule}
-> 200  .execution_count == 1  .last_execution_at == "2030-01-01T12:00:00Z"
	.next_execution_at == "2030-01-02T12:00:00Z"
eventually metric carillon_runs_total{status="completed"} == 1
GET /livez -> 200
GET /readyz -> 200
term
