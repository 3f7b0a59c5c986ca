# Chains: the seed's example with real ids, every error, both ways through it, trigger, list, delete.
clock 2030-01-01T12:00:00Z
server
POST /api/agents {"id": "fetch", "name": "Fetch", "kind": "webhook", "endpoint": {"url": "${hook}/fetch"}}
-> 201
POST /api/agents {"id": "transform", "name": "Transform", "kind": "webhook", "endpoint": {"url": "${hook}/transform"}}
-> 201
POST /api/agents {"id": "store", "name": "Store", "kind": "webhook", "endpoint": {"url": "${hook}/store"}}
-> 201
POST /api/scheduler/jobs {"name": "Fetch", "agent_id": "fetch", "schedule": {"type": "cron", "expression": "0 * * * *", "timezone": "UTC"}}
-> 201
save fetch = .id
POST /api/scheduler/jobs {"name": "Transform", "agent_id": "transform", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save transform = .id
POST /api/scheduler/jobs {"name": "Store", "agent_id": "store", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save store = .id
# as the seed prints it: such ids are nobody's
POST /api/scheduler/chains {"name": "Data pipeline", "jobs": ["job_fetch", "job_transform", "job_store"],
	"edges": [{"from": "job_fetch", "to": "job_transform", "type": "on_success"},
	{"from": "job_transform", "to": "job_store", "type": "on_success"},
	{"from": "job_fetch", "to": "job_store", "type": "on_failure"}]}
-> 422  .error == validation_error  .code == unknown_job  #.details == 3  .details[0].field == jobs[0]
	.details[1].field == jobs[1]  .details[2].code == unknown_job
POST /api/scheduler/chains {"name": "Data pipeline", "jobs": ["${fetch}", "${transform}", "${store}"],
	"edges": [{"from": "${fetch}", "to": "${transform}", "type": "on_success"},
	{"from": "${transform}", "to": "${store}", "type": "on_success"},
	{"from": "${fetch}", "to": "${store}", "type": "on_failure"}]}
-> 201  .id =~ ^chain_[0-9a-z]{26}$  .name == "Data pipeline"  .jobs[0] == ${fetch}  #.edges == 3  .edges[2].type == on_failure
	.created_at == "2030-01-01T12:00:00Z"  .latest_run absent
save chain = .id
GET /api/scheduler/chains/${chain} -> 200  .latest_run == null  .edges[1].from == ${transform}
GET /api/scheduler/chains -> 200  .count == 1  .chains[0].id == ${chain}  .chains[0].latest_run absent
# every fault
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}", "job_0000000000000000000000000z"]}
-> 422  #.details == 1  .details[0].field == jobs[1]  .details[0].code == unknown_job
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}"], "edges": [{"from": "${fetch}", "to": "${store}", "type": "on_success"}]}
-> 422  #.details == 1  .details[0].field == edges[0].to  .details[0].code == unknown_job
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}", "${store}", "${fetch}"]}
-> 422  #.details == 1  .details[0].field == jobs[2]  .details[0].code == duplicate_job
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}", "${store}"], "edges": [
	{"from": "${fetch}", "to": "${store}", "type": "on_success"}, {"from": "${fetch}", "to": "${store}", "type": "on_success"}]}
-> 422  #.details == 1  .details[0].field == edges[1]  .details[0].code == duplicate_edge
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}"], "edges": [{"from": "${fetch}", "to": "${fetch}", "type": "on_complete"}]}
-> 422  #.details == 1  .details[0].field == edges[0]  .details[0].code == self_edge
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}", "${store}"], "edges": [
	{"from": "${fetch}", "to": "${store}", "type": "on_success"}, {"from": "${store}", "to": "${fetch}", "type": "on_failure"}]}
-> 422  #.details == 1  .details[0].code == cycle  .details[0].message has ${fetch} -> ${store} -> ${fetch}
POST /api/scheduler/chains {"jobs": [], "edges": [{"from": "a", "to": "b", "type": "always"}, {"from": "a"}], "more": 1}
-> 422  .details[field=name].code == required  .details[field=edges[0].type].code == invalid_value
	.details[field=edges[1].to].code == required  .details[field=more].code == unknown_field
POST /api/scheduler/chains {"name": "x", "jobs": []}
-> 422  .details[field=jobs].code == required
GET /api/scheduler/chains?limit=201 -> 422  .details[0].field == limit
GET /api/scheduler/chains/chain_0000000000000000000000000z -> 404  .error == not_found
POST /api/scheduler/chains/chain_0000000000000000000000000z/trigger -> 404
DELETE /api/scheduler/chains/chain_0000000000000000000000000z -> 404
GET /api/scheduler/chains/chain_0000000000000000000000000z/runs -> 404
# another tenant's job is nobody's, nor is a deleted one
POST /api/scheduler/jobs {"name": "Other", "agent_id": "fetch", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save other = .id
POST /api/scheduler/jobs {"name": "Gone", "agent_id": "fetch", "schedule": {"type": "at", "datetime": "2031-01-01T00:00:00Z"}}
-> 201
save gone = .id
DELETE /api/scheduler/jobs/${gone} -> 200
sql update schedule set tenant_id = '00000000-0000-0000-0000-0000000000ff' where name = 'Other'
POST /api/scheduler/chains {"name": "x", "jobs": ["${fetch}", "${other}", "${gone}"]}
-> 422  #.details == 2  .details[0].field == jobs[1]  .details[1].field == jobs[2]  .details[1].code == unknown_job
sql delete from schedule where name = 'Other'
sql select count(*) from chain == 1
# success: fetch, transform, store, each once; an output is in the next one's context
hook answers /fetch 200  body {"rows": 3}
hook answers /transform 200  body {"clean": 2}
hook answers /store 200  body stored
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
save run = .run_id
advance 1s
hook <- POST /fetch within 3s  .run_id == ${run}  .context.chain absent
hook <- POST /transform within 3s  .context.chain.chain_id == ${chain}  .context.parents.${fetch}.status == completed
	.context.parents.${fetch}.output.rows == 3  .context.parents.${fetch}.job_name == Fetch
hook <- POST /store within 3s  .context.parents.${transform}.output.clean == 2
eventually GET /api/scheduler/chains/${chain}
-> 200  .latest_run.id =~ ^crun_  .latest_run.status == completed  .latest_run.trigger == manual
	.latest_run.started_at =~ ^2030-01-01T12:00:0[01]  .latest_run.finished_at =~ ^2030-01-01T12:00:0[01]
	.latest_run.jobs[0].job_id == ${fetch}  .latest_run.jobs[0].name == Fetch  .latest_run.jobs[0].run_id == ${run}
	.latest_run.jobs[0].status == completed  .latest_run.jobs[1].status == completed  .latest_run.jobs[2].status == completed
	.latest_run.jobs[2].started_at =~ ^2030  .latest_run.jobs[2].completed_at =~ ^2030
hook count /transform == 1
# failure: store at once, and transform is left out; the chain run is made up for
hook answers /fetch 500  body {"why": "down"}
hook answers /store 200
advance 1s
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
advance 1s
hook <- POST /fetch within 3s
hook <- POST /store within 3s  .context.parents.${fetch}.status == failed  .context.parents.${transform}.status == skipped
eventually GET /api/scheduler/chains/${chain}
-> 200  .latest_run.status == completed  .latest_run.jobs[0].status == failed  .latest_run.jobs[1].status == skipped
	.latest_run.jobs[1].run_id == null  .latest_run.jobs[1].started_at == null  .latest_run.jobs[2].status == completed
# the chain's own trigger; a paused child runs, and nobody makes up for a failed one
POST /api/scheduler/jobs/${transform}/pause
-> 200
hook answers /fetch 200
hook answers /transform 400
POST /api/scheduler/chains/${chain}/trigger
-> 202  .chain_run_id =~ ^crun_  #.run_ids == 1
save crun = .chain_run_id
hook <- POST /fetch within 3s  .context.chain.chain_run_id == ${crun}  .context.parents == {}
hook <- POST /transform within 3s
eventually GET /api/scheduler/chains/${chain}
-> 200  .latest_run.id == ${crun}  .latest_run.status == failed  .latest_run.trigger == manual  .latest_run.jobs[1].status == failed
	.latest_run.jobs[2].status == skipped
GET /api/scheduler/jobs/${fetch}/runs?limit=1 -> 200  .runs[0].trigger == chain  .runs[0].status == completed
GET /api/scheduler/chains/${chain}/runs?limit=2&offset=1 -> 200  .count == 3  #.runs == 2  .runs[0].jobs[0].status == failed
	.runs[1].status == completed  .runs[0].chain_id == ${chain}
# on_complete, and a run that is cancelled; a child that is deleted has its node cancelled
POST /api/scheduler/chains {"name": "Always", "jobs": ["${fetch}", "${transform}", "${store}"], "edges": [
	{"from": "${fetch}", "to": "${transform}", "type": "on_complete"}, {"from": "${fetch}", "to": "${store}", "type": "on_success"}]}
-> 201
save always = .id
GET /api/scheduler/chains?limit=1 -> 200  .count == 2  #.chains == 1  .chains[0].name == Always
hook answers /fetch 200  hang
POST /api/scheduler/chains/${always}/trigger
-> 202
save crun = .chain_run_id
save run = .run_ids[0]
hook <- POST /fetch within 3s  .run_id == ${run}
DELETE /api/scheduler/jobs/${transform} -> 200
POST /api/scheduler/jobs/${fetch}/runs/${run}/cancel
-> 200
eventually GET /api/scheduler/chains/${always}
-> 200  .latest_run.status == cancelled  .latest_run.jobs[0].status == cancelled  .latest_run.jobs[1].status == cancelled
	.latest_run.jobs[1].run_id =~ ^run_  .latest_run.jobs[2].status == skipped
hook none /transform
# deleted: what is under way goes on, a root starts nothing any more
hook answers /fetch 200  delay 300ms
POST /api/scheduler/chains/${always}/trigger
-> 202
DELETE /api/scheduler/chains/${always} -> 200  .id == ${always}  .status == deleted
DELETE /api/scheduler/chains/${always} -> 404
GET /api/scheduler/chains/${always} -> 404
POST /api/scheduler/chains/${always}/trigger
-> 404
GET /api/scheduler/chains -> 200  .count == 1
hook <- POST /store within 3s
eventually sql select count(*) from chain_run where state = 2 == 0
DELETE /api/scheduler/chains/${chain} -> 200
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
advance 1s
hook <- POST /fetch
hook <- POST /fetch within 3s
eventually sql select count(*) from run == 0
sql select count(*) from chain_event == 0
sql select count(*) from chain_job == 0
sql select count(*) from chain_run == 5
# a root that its gate stops has not run: no chain run; one that failed before its agent was called did
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
hook <- POST /fetch within 3s
POST /api/scheduler/chains {"name": "Gated", "jobs": ["${fetch}", "${store}"], "edges": [
	{"from": "${fetch}", "to": "${store}", "type": "on_complete"}]}
-> 201
save gated = .id
eventually sql select count(*) from run == 0
PUT /api/scheduler/jobs/${fetch} {"only_if": "run.trigger != \"manual\""}
-> 200
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
eventually GET /api/scheduler/jobs/${fetch}/runs?limit=1 -> 200  .runs[0].status == skipped
eventually sql select count(*) from aftermath == 0
eventually sql select count(*) from chain_event == 0
GET /api/scheduler/chains/${gated} -> 200  .latest_run == null
hook none /store
advance 1s
PUT /api/scheduler/jobs/${fetch} {"only_if": "size(last.error) > 0"}
-> 200
POST /api/scheduler/jobs/${fetch}/trigger
-> 202
eventually GET /api/scheduler/jobs/${fetch}/runs?limit=1 -> 200  .runs[0].status == failed  .runs[0].error_code == only_if_error
hook <- POST /store within 3s  .context.parents.${fetch}.status == failed
eventually GET /api/scheduler/chains/${gated} -> 200  .latest_run.status == completed  .latest_run.jobs[0].status == failed
