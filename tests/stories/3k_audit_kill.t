# CP7 and its like: killed between a change's commit and its answer, the object and its entry are both there; killed before the
# commit, neither is; and the chain is whole either way.
clock 2030-01-01T12:00:00Z
server A
server B
# --- behind the commit of a batch
fail A cp7
@A POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u"}
-> 0
died A
sql select count(*) from run == 1
sql select count(*) from audit a join run r on a.ref = r.id::text where a.object = 2 and a.change = 'created' == 1
restart A
# --- behind the commit of what an operation wrote by itself
fail A cp17
@A PUT /v1/calendars/office {"holidays": [{"date": "12-25"}]}
-> 0
died A
sql select string_agg(c.name || ' ' || a.change, ',') from calendar c join audit a on a.ref = c.name and a.object = 3 == office created
restart A
# --- before it is sent
fail A cp16
@A PUT /v1/calendars/office {"holidays": [{"date": "12-26"}]}
-> 0
died A
sql select count(*) || ' ' || (select count(*) from calendar where definition like '%12-26%') from audit where object = 3 == 1 0
restart A
# --- the server's own: what follows from the last run of a job is written by the other server, with one entry
POST /api/agents {"id": "w", "kind": "webhook", "endpoint": {"url": "${hook}/w"}}
-> 201
POST /api/scheduler/jobs {"name": "j", "goal": "x", "agent_id": "w", "schedule": {"type": "at", "datetime": "2030-01-01T13:00:00Z"}}
-> 201
save job = .id
term B
fail A cp11
advance 61m
died A
restart A
restart B
eventually @B GET /v1/audit
-> 404
sql select string_agg(change || ' ' || actor, ', ' order by block) from audit where object = 1 == created 1, completed 2
sql select state from schedule == 4
carillon audit verify
-> 0
term
