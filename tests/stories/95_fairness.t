# One tenant's flood does not delay another's runs: neither what is overdue, nor what falls due at the same instant, whether it
# goes to the other's target, to one that hangs, or to a thousand that refuse, nor schedules that wake together. While the
# other's run is delivered, much of the flood still waits; oldest first, all of it would be in memory before.
clock 2030-01-01T12:00:00Z
server CARILLON_LOG_LEVEL=warn CARILLON_LOOKAHEAD=0
sql create function flood(who int, at timestamptz, target text, n int) returns int language sql as $$ with f as (insert into run (bucket, tenant_id, id, kind, trigger, state, scheduled_for, ready_at, overlap, attempt, excused, token, url, payload, created_at) select 0, ('f1000000-0000-7000-8000-00000000000' || who)::uuid, gen_random_uuid(), 1, 0, 1, at, at, 2, 0, 0, 0, replace(target, 'N', (1 + g % 200) || '.' || (1 + g % 7)), '{}', at from generate_series(1, n) g returning 1) select count(*)::int from f $$
sql create function waits(who int) returns bool language sql as $$ select count(*) > 1000 from run where state = 1 and tenant_id = ('f1000000-0000-7000-8000-00000000000' || who)::uuid $$
# overdue, at the same target
sql select flood(1, '2030-01-01T11:00:00Z', '${hook}/flood', 27000) == 27000
hook <- POST /flood within 5s
POST /v1/tasks {"target": "${hook}/one", "payload": {}}
-> 201
hook <- POST /one within 10s
sql select waits(1) == t
# overdue, at a target that hangs; a second tenant is in it as well
hook answers /hung hang
sql select flood(2, '2030-01-01T11:00:00Z', '${elsewhere}/hung', 27000) == 27000
hook <- POST /hung within 10s
POST /v1/tasks {"target": "${hook}/two", "payload": {}}
-> 201
hook <- POST /two within 10s
sql select waits(2) == t
# all at one instant, beside the other's, and the targets refuse
POST /v1/tasks {"target": "${hook}/three", "payload": {}, "execute_after": "2030-01-01T12:01:00Z"}
-> 201
sql select flood(3, '2030-01-01T12:01:00Z', 'http://127.1.N:9/refused', 27000) == 27000
clock 2030-01-01T12:01:00Z
hook <- POST /three within 10s
sql select waits(3) == t
# schedules: 6,000 of one tenant wake a second before the other's
POST /v1/schedules {"cron": "59 1 12 * * *", "timezone": "UTC", "task_template": {"target": "http://127.0.0.1:9/refused"}}
-> 201
POST /v1/schedules {"cron": "0 2 12 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/four"}}
-> 201
sql insert into schedule select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'tenant_id', 'f1000000-0000-7000-8000-000000000004', 'created_at', s.created_at + i * interval '1 microsecond'))).* from schedule s, generate_series(1, 6000) i where s.spec like '59%'
clock 2030-01-01T12:02:00Z
hook <- POST /four within 10s
sql select count(*) > 1000 from schedule where tenant_id = 'f1000000-0000-7000-8000-000000000004' and wake_at < '2030-01-01T12:03:00Z' == t
log main !~ loop.stall in=[a-z.]+ us=[0-9]{7}
