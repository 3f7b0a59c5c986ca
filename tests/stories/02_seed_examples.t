# The examples of seeds/taskhook_schedules.txt, word for word, at the instants that they show.
clock 2024-01-30T12:00:00Z
server
# Create a schedule
POST /v1/schedules {
	"cron": "0 9 * * *",
	"timezone": "America/New_York",
	"start_at": "2024-03-01T00:00:00Z",
	"end_at": "2024-12-31T23:59:59Z",
	"task_template": {
	"target": "https://example.com/scheduled-job",
	"payload": {"key": "value"}
	}
	}
-> 201  header.content-type =~ ^application/json  .id =~ ^schedule_  .status == active  .cron == "0 9 * * *"
	.timezone == America/New_York  .start_at == "2024-03-01T00:00:00Z"  .end_at == "2024-12-31T23:59:59Z"
	.task_template.target == "https://example.com/scheduled-job"  .task_template.payload == {"key": "value"}
	.enabled == true  .next_execution_at == "2024-03-01T14:00:00Z"  .last_execution_at == null
	.execution_count == 0  .created_at == "2024-01-30T12:00:00Z"  .updated_at == "2024-01-30T12:00:00Z"
save schedule = .id
save whole = .
# List all schedules
GET /v1/schedules?status=active&enabled=true&limit=10 -> 200  .total == 1  #.schedules == 1  .schedules[0] == ${whole}
# Retrieve a schedule
GET /v1/schedules/${schedule} -> 200  . == ${whole}
# Preview schedule executions
GET /v1/schedules/${schedule}/preview?limit=5&start_from=2024-03-01T00:00:00Z
-> 200  .schedule_id == ${schedule}  #.executions == 5
	.executions[0].scheduled_for == "2024-03-01T14:00:00Z"  .executions[0].local_time == "2024-03-01T09:00:00-05:00"
	.executions[1].scheduled_for == "2024-03-02T14:00:00Z"  .executions[1].local_time == "2024-03-02T09:00:00-05:00"
	.executions[2].scheduled_for == "2024-03-03T14:00:00Z"  .executions[2].local_time == "2024-03-03T09:00:00-05:00"
	.executions[3].scheduled_for == "2024-03-04T14:00:00Z"  .executions[3].local_time == "2024-03-04T09:00:00-05:00"
	.executions[4].scheduled_for == "2024-03-05T14:00:00Z"  .executions[4].local_time == "2024-03-05T09:00:00-05:00"
GET /v1/schedules/${schedule}/preview -> 200  #.executions == 10
GET /v1/schedules/${schedule}/preview?limit=101 -> 422  .errors[field=limit].code == out_of_range
# Update a schedule
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "America/New_York",
	"task_template": {"target": "https://example.com/scheduled-job", "payload": {"key": "value"}}}
-> 201
save other = .id
PATCH /v1/schedules/${other} {
	"enabled": false,
	"end_at": "2024-06-30T23:59:59Z",
	"cron": "0 */4 * * *"
	}
-> 200  . == {"id": "${other}", "enabled": false, "cron": "0 */4 * * *", "end_at": "2024-06-30T23:59:59Z"}
GET /v1/schedules/${other} -> 200  .status == disabled  .enabled == false  .cron == "0 */4 * * *"
GET /v1/schedules -> 200  .total == 2  .schedules[0].id == ${other}  .schedules[1].id == ${schedule}
GET /v1/schedules?status=disabled -> 200  .total == 1  .schedules[0].id == ${other}
GET /v1/schedules?enabled=false -> 200  .total == 1
# Delete a schedule
DELETE /v1/schedules/${other} -> 200  . == {"id": "${other}", "status": "deleted"}
GET /v1/schedules/${other} -> 200  .status == deleted
GET /v1/schedules -> 200  .total == 1  .schedules[0].id == ${schedule}
# List schedule's tasks: created five minutes ahead, at 13:55, for 14:00
PATCH /v1/schedules/${schedule} {"task_template": {"target": "${hook}/scheduled-job", "payload": {
	"key": "value"
	}}}
-> 200  .id == ${schedule}  .task_template.target == ${hook}/scheduled-job  .cron absent
clock 2024-03-01T13:55:00Z
eventually GET /v1/schedules/${schedule}/tasks?status=queued -> 200  .total == 1
clock 2024-03-01T14:00:00Z
hook <- POST /scheduled-job  .key == value
eventually GET /v1/schedules/${schedule}/tasks?status=completed
-> 200  .total == 1  #.tasks == 1  .tasks[0].id =~ ^task_  .tasks[0].schedule_id == ${schedule}
	.tasks[0].scheduled_for == "2024-03-01T14:00:00Z"  .tasks[0].status == completed
	.tasks[0].target == ${hook}/scheduled-job  .tasks[0].payload == {"key": "value"}
	.tasks[0].created_at == "2024-03-01T13:55:00Z"
eventually GET /v1/schedules/${schedule}
-> 200  .next_execution_at == "2024-03-02T14:00:00Z"  .last_execution_at == "2024-03-01T14:00:00Z"
	.execution_count == 1
