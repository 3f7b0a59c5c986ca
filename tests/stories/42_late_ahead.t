# Runs that were made ahead and whose time passed while nobody was there are worked off one after the other, oldest
# first: with the default overlap they must not skip one another.
clock 2030-01-01T12:00:30Z
server
hook answers /slow 200  delay 300ms
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/slow"}}
-> 201
save id = .id
eventually GET /v1/schedules/${id}/tasks?status=queued -> 200  .total == 5
kill -9
clock 2030-01-01T12:04:30Z
restart
hook <- POST /slow within 5s  header.carillon-scheduled-for == 2030-01-01T12:01:00Z
hook <- POST /slow within 5s  header.carillon-scheduled-for == 2030-01-01T12:02:00Z
hook <- POST /slow within 5s  header.carillon-scheduled-for == 2030-01-01T12:03:00Z
hook <- POST /slow within 5s  header.carillon-scheduled-for == 2030-01-01T12:04:00Z
eventually GET /v1/schedules/${id}/tasks?status=completed -> 200  .total == 4
GET /v1/schedules/${id}/tasks?status=skipped -> 200  .total == 0
# a retry that is claimed ahead of its time still counts as one to come
hook answers /failing 500
POST /v1/schedules {"cron": "0/2 * * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/failing",
	"retry": {"max_attempts": 9, "strategy": "fixed", "base_delay": 3, "max_delay": 3}}}
-> 201
save failing = .id
clock 2030-01-01T12:04:32Z
hook <- POST /failing within 5s
eventually GET /v1/schedules/${failing}/tasks?status=retrying -> 200  .total == 1
clock 2030-01-01T12:04:34Z
eventually GET /v1/schedules/${failing}/tasks?status=skipped -> 200  .total == 1
hook none /failing
