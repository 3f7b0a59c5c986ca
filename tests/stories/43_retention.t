# What ended long ago is dropped by whole weeks, and the totals with it; what is younger stays.
clock 2030-01-07T12:00:00Z
server CARILLON_RETENTION_DAYS=30
POST /v1/tasks {"target": "${hook}/old"}
-> 201
save old = .id
hook <- POST /old within 5s
eventually GET /v1/tasks?status=completed -> 200  .total == 1
# what goes by its age: messages and chain runs that ended with the history, totals by the hour after 400 days
sql insert into message (bucket, tenant_id, id, run_id, schedule_id, channel, format, state, attempt, ready_at, created_at) select 0, id, gen_random_uuid(), id, id, 'slack:#a', 0, 3, 1, at, at from gen_random_uuid() id, (values (timestamptz '2030-01-07'), ('2030-02-20')) v(at)
sql insert into chain_run (bucket, tenant_id, id, chain_id, rev, state, trigger, definition, nodes, open, started_at) select 0, id, id, id, 1, state, 2, '{}', '[]', false, '2030-01-07' from (select gen_random_uuid() as id, state from generate_series(2, 4) state) v
sql insert into rollup select 0, id, id, at, 1, 0, 0, 0, 0, 1 from gen_random_uuid() id, (values (timestamptz '2029-01-20'), ('2029-01-22')) v(at)
sql insert into rollup_duration select 0, id, id, at, 1, 1 from gen_random_uuid() id, (values (timestamptz '2029-01-20'), ('2029-01-22')) v(at)
sql insert into activity select 0, id, at, 1 from gen_random_uuid() id, (values (timestamptz '2029-01-20'), ('2029-01-22')) v(at)
sql insert into api_key (hash, id, tenant_id, name, role, created_at, expires_at, revoked_at) select sha256(n::bytea), gen_random_uuid(), (select id from tenant), n, 1, '2029-01-01', e, r from (values ('expired', timestamptz '2030-01-25', null::timestamptz), ('revoked', '2040-01-01', '2030-01-25'), ('lately', '2030-01-27', null), ('endless', null, null)) v(n, e, r)
clock 2030-02-25T12:00:00Z
POST /v1/tasks {"target": "${hook}/new"}
-> 201
save new = .id
hook <- POST /new within 5s
eventually GET /v1/tasks -> 200  .total == 1  .tasks[0].id == ${new}
GET /v1/tasks/${old} -> 404
GET /v1/tasks/${new} -> 200  .status == completed  #.attempts == 1
eventually sql select count(*) from pg_class where relname ~ '^(run_history|attempt)_w' and relkind = 'r' == 10
eventually sql select string_agg(created_at::date::text, ' ') from message == 2030-02-20
eventually sql select string_agg(state::text, ' ') from chain_run == 2
eventually sql select string_agg(hour::date::text, ' ') from rollup where hour < '2030-01-01' == 2029-01-22
eventually sql select string_agg(day::date::text, ' ') from rollup_duration where day < '2030-01-01' == 2029-01-22
eventually sql select string_agg(slot::date::text, ' ') from activity where slot < '2030-01-01' == 2029-01-22
eventually sql select string_agg(name, ' ' order by name) from api_key == CARILLON_API_KEY endless lately
# an unfinished task outlives any number of days, and the clock may jump far
POST /v1/tasks {"target": "${hook}/later", "execute_after": "2031-06-01T00:00:00Z"}
-> 201
save later = .id
clock 2031-06-01T00:00:00Z
hook <- POST /later within 5s
eventually GET /v1/tasks -> 200  .total == 1  .tasks[0].id == ${later}
POST /v1/tasks/${new}/retry -> 404
