# A schedule whose runs the database refuses must not hold the others up: they go one by one, it is put off.
clock 2030-01-01T12:00:00Z
server CARILLON_LOOKAHEAD=0
sql alter table run add constraint poison check (extract(second from scheduled_for) <> 13)
POST /v1/schedules {"cron": "13 * * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/bad"}}
-> 201
save bad = .id
POST /v1/schedules {"cron": "14 * * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/good"}}
-> 201
clock 2030-01-01T12:00:14Z
hook <- POST /good within 5s
clock 2030-01-01T12:01:14Z
hook <- POST /good within 5s
hook count /bad == 0
GET /v1/schedules/${bad} -> 200  .status == active
sql alter table run drop constraint poison
clock 2030-01-01T12:03:14Z
hook <- POST /good within 5s
hook <- POST /bad within 5s  header.carillon-scheduled-for == 2030-01-01T12:00:13Z
