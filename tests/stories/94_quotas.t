# Quotas: how many schedules of all kinds, how close their occurrences, how large their payloads; from the settings or
# from the tenant's row; and the last free place, wanted in two processes at once.
clock 2030-01-01T00:00:00Z
server A CARILLON_QUOTA_SCHEDULES=3 CARILLON_QUOTA_MIN_INTERVAL=300 CARILLON_QUOTA_PAYLOAD=40 CARILLON_DEFAULT_AGENT_URL=${hook}/agent
GET /api/v1/usage -> 200  .schedules == {"used": 0, "limit": 3}  .min_interval_seconds == 300  .payload_bytes == 40
PUT /api/v1/actions/content.publish {"target": "${hook}/publish"}
-> 201
# --- how close: a recurrence is refused, in every vocabulary and every way of saying it
POST /v1/schedules {"cron": "*/4 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[0].field == cron  .errors[0].code == quota_min_interval
	.errors[0].message == Occurrences must be 300 s apart; those at 2030-01-01T00:04:00Z and 2030-01-01T00:08:00Z are not.
POST /v1/schedules {"every": 299, "task_template": {"target": "${hook}/a"}}
-> 422  .errors[0].field == every  .errors[0].code == quota_min_interval
POST /v1/schedules {"rrule": "FREQ=MINUTELY;INTERVAL=4", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[0].field == rrule  .errors[0].code == quota_min_interval
POST /v1/schedules {"rrule": {"rule": "FREQ=MINUTELY;INTERVAL=4"}, "task_template": {"target": "${hook}/a"}}
-> 422  .errors[0].field == rrule.rule  .errors[0].code == quota_min_interval
POST /api/scheduler/jobs {"name": "a", "agent_id": "bot", "goal": "g", "schedule": {"type": "cron", "expression": "*/4 * * * *"}}
-> 422  .details[0].field == schedule.expression  .details[0].code == quota_min_interval
POST /api/scheduler/jobs {"name": "a", "agent_id": "bot", "goal": "g", "schedule": {"type": "every", "interval": "PT299S"}}
-> 422  .details[0].field == schedule.interval  .details[0].code == quota_min_interval
POST /api/scheduler/jobs {"name": "a", "agent_id": "bot", "goal": "g", "schedule": {"type": "rrule", "rrule": "FREQ=HOURLY;BYMINUTE=0,4"}}
-> 422  .details[0].field == schedule.rrule  .details[0].code == quota_min_interval
POST /api/v1/plans {"action": "content.publish", "recurrence": "*/4 * * * *", "timezone": "UTC"}
-> 422  .errors[0].field == recurrence  .errors[0].code == quota_min_interval
POST /api/v1/plans {"action": "content.publish", "recurrence": {"type": "cron", "expression": "*/4 * * * *"}, "timezone": "UTC"}
-> 422  .errors[0].field == recurrence.expression  .errors[0].code == quota_min_interval
POST /api/v1/plans {"action": "content.publish", "recurrence": {"type": "interval", "every": "PT299S"}}
-> 422  .errors[0].field == recurrence.every  .errors[0].code == quota_min_interval
POST /api/v1/plans {"action": "content.publish", "recurrence": {"type": "calendar", "rule": "FREQ=MINUTELY;INTERVAL=4"}}
-> 422  .errors[0].field == recurrence.rule  .errors[0].code == quota_min_interval
# two that are close only once a year
POST /v1/schedules {"cron": "0,4 0 31 12 *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 422  .errors[0].field == cron  .errors[0].message has 2030-12-31T00:00:00Z
sql select count(*) from schedule == 0
# --- how large
POST /v1/tasks {"target": "${hook}/a", "payload": "0123456789012345678901234567890123456789"}
-> 422  .errors[0].field == payload  .errors[0].code == quota_payload  .errors[0].message == This may have 40 bytes, and has 42.
POST /v1/tasks [{"target": "${hook}/a"}, {"target": "${hook}/a", "payload": "0123456789012345678901234567890123456789"}]
-> 422  .errors[0].field == [1].payload  .errors[0].code == quota_payload
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a", "payload": {"a": "0123456789012345678901234567890123456789"}}}
-> 422  .errors[0].field == task_template.payload  .errors[0].code == quota_payload
POST /api/scheduler/jobs {"name": "a", "agent_id": "bot", "goal": "g", "context": {"a": "0123456789012345678901234567890123456789"}, "schedule": {"type": "every", "interval": "PT300S"}}
-> 422  .details[0].field == context  .details[0].code == quota_payload
POST /api/v1/plans {"action": "content.publish", "execute_at": "2031-01-01T00:00:00Z", "payload": {"a": "0123456789012345678901234567890123456789"}}
-> 422  .errors[0].field == payload  .errors[0].code == quota_payload
sql select count(*) from run == 0
POST /v1/tasks {"target": "${hook}/a", "payload": "01234567890123456789012345678901234567"}
-> 201
# --- how many: one of each kind
POST /v1/schedules {"every": 300, "jitter": 200, "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
POST /api/scheduler/jobs {"name": "a", "agent_id": "bot", "goal": "g", "schedule": {"type": "cron", "expression": "*/5 * * * *"}}
-> 201
save job = .id
POST /api/v1/plans {"action": "content.publish", "execute_at": "2031-01-01T00:00:00Z"}
-> 201
save plan = .id
GET /api/v1/usage -> 200  .schedules == {"used": 3, "limit": 3}
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
-> 403  .code == quota_schedules  .detail has may have 3
POST /api/scheduler/jobs {"name": "b", "agent_id": "bot", "goal": "g", "schedule": {"type": "cron", "expression": "*/5 * * * *"}}
-> 403  .code == quota_schedules
POST /api/v1/plans {"action": "content.publish", "execute_at": "2031-01-01T00:00:00Z"}
-> 403  .code == quota_schedules
sql select count(*) || ' ' || (select count(*) from template where not exists (select from schedule s where s.template_id = template.id) and not exists (select from run r where r.template_id = template.id)) from schedule == 3 0
# pausing and going on is no second one
POST /api/scheduler/jobs/${job}/pause -> 200
GET /api/v1/usage -> 200  .schedules.used == 3
POST /api/scheduler/jobs/${job}/resume -> 200
GET /api/v1/usage -> 200  .schedules.used == 3
# --- changes: what is sent anew is looked at, what stays as it was is not
PATCH /v1/schedules/${schedule} {"every": 120}
-> 422  .errors[0].field == every  .errors[0].code == quota_min_interval
PATCH /api/scheduler/jobs/${job} {"schedule": {"type": "every", "interval": "PT2M"}}
-> 422  .details[0].field == schedule.interval  .details[0].code == quota_min_interval
PATCH /api/v1/plans/${plan} {"execute_at": null, "recurrence": "* * * * *"}
-> 422  .errors[0].field == recurrence  .errors[0].code == quota_min_interval
PATCH /api/v1/plans/${plan} {"payload": {"a": "0123456789012345678901234567890123456789"}}
-> 422  .errors[0].field == payload  .errors[0].code == quota_payload
GET /v1/schedules/${schedule} -> 200  .every == 300
# --- what is deleted or cancelled makes room, one for one; a refusal is not kept for its Idempotency-Key, and no change
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: room
-> 403  .code == quota_schedules
DELETE /v1/schedules/${schedule} -> 200
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: room
-> 201  header.idempotent-replayed absent
save schedule = .id
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
> Idempotency-Key: room
-> 201  header.idempotent-replayed == true  .id == ${schedule}
sql select count(*) from audit where object = 1 and change = 'created' == 4
DELETE /v1/schedules/${schedule} -> 200
DELETE /api/v1/plans/${plan} -> 200
GET /api/v1/usage -> 200  .schedules.used == 1
# --- two processes, eleven places: forty want one at once. Until two of their transactions wait, nobody can count
server B CARILLON_QUOTA_SCHEDULES=12 CARILLON_QUOTA_MIN_INTERVAL=300
server C CARILLON_QUOTA_SCHEDULES=12
shell echo '{"every": 300, "task_template": {"target": "${hook}/a"}}' > ${folder}/ask
	echo 'header = "Authorization: Bearer ${key}"' > ${folder}/curlrc
	echo 'header = "Content-Type: application/json"' >> ${folder}/curlrc
	(sleep 0.1; for place in ${B} ${C}; do for n in {1..20}; do curl -q -s -K ${folder}/curlrc -d @${folder}/ask -w '%{http_code}\n' -o /dev/null $place/v1/schedules & done; done; wait) > ${folder}/codes 2>&1 &
sql do $$ begin perform from schedule_total for update; for i in 1 .. 300 loop perform pg_sleep(0.01), pg_stat_clear_snapshot(); exit when (select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') >= 2; end loop; perform pg_sleep(0.2); end $$
shell timeout 10 bash -c 'until [ $(wc -l < ${folder}/codes) = 40 ]; do sleep 0.02; done'; test "$(sort ${folder}/codes | uniq -c | tr -s ' \n' ' ')" = ' 11 201 29 403 '
sql select count(*) from schedule where state not in (3, 6) == 12
sql select sum(total) from schedule_total where state not in (3, 6) == 12
sql select count(*) from audit where object = 1 and change = 'created' == 15
metric @B carillon_idempotency_kept_apart_total == 0
# --- the tenant's own: within five seconds
sql update tenant set schedules_max = 13, min_interval_us = 0, payload_max = 0 where name = 'default'
eventually GET /api/v1/usage -> 200  .schedules.limit == 13  .min_interval_seconds == null  .payload_bytes == null
POST /v1/schedules {"cron": "* * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a", "payload": {"a": "0123456789012345678901234567890123456789"}}}
-> 201
save dense = .id
POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
-> 403  .code == quota_schedules
# fewer than there are: nothing is taken away, and nothing more is let in
sql update tenant set schedules_max = 2, min_interval_us = 300000000 where name = 'default'
eventually @B GET /api/v1/usage -> 200  .schedules == {"used": 13, "limit": 2}  .min_interval_seconds == 300
@B POST /v1/schedules {"every": 300, "task_template": {"target": "${hook}/a"}}
-> 403
@B PATCH /v1/schedules/${dense} {"enabled": false, "cron": "* * * * *"}
-> 200  .enabled == false
@B PATCH /v1/schedules/${dense} {"cron": "*/2 * * * *"}
-> 422  .errors[0].code == quota_min_interval
