# What is old of the ledger goes while its tenant writes: the reaper is held between its snapshot and the chain's head until a
# write has gone by, each time.
clock 2030-01-01T12:00:00Z
server
sql create sequence writes; create sequence reaps; select 1 == 1
sql create function count_write() returns trigger language plpgsql as $$ begin perform nextval('writes'); return null; end $$; create trigger writes after update on audit_head for each statement execute function count_write(); select 1 == 1
sql create function hold() returns trigger language plpgsql as $$ declare was int8 := nextval('writes'); i int := 0; begin if not exists (select from idempotency) then return null; end if; perform nextval('reaps'); while (select last_value from writes) = was and i < 2000 loop perform pg_sleep(0.005); i := i + 1; end loop; return null; end $$; create trigger held before delete on idempotency for each statement execute function hold(); select 1 == 1
PUT /v1/calendars/old {"holidays": [{"date": "12-25"}]}
> Idempotency-Key: old
-> 201
term
advance 366d
restart
eventually sql select is_called from reaps == t
PUT /v1/calendars/new {"holidays": [{"date": "12-25"}]}
-> 201
eventually sql select string_agg(ref, ' ') from audit == new
sql select count(*) from idempotency == 0
sql select block - floor from audit_head == 1
term
log lacks reap
