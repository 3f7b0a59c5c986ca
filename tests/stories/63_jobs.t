# Jobs and agents of the Scheduler API: the document's requests as they are printed, and every fault by its field.
clock 2030-03-04T12:00:00Z
server
# --- agents
GET /api/agents -> 200  .agents == []  .count == 0
POST /api/agents {"id": "agent_123", "name": "Digest", "kind": "webhook", "endpoint": {"url": "${hook}/agent", "secret": "0123456789abcdef-secret",
	"headers": {"Authorization": "Bearer abcdefghijklmnop", "X-Team": "blue"}}}
-> 201  .id == agent_123  .kind == webhook  .endpoint.url == "${hook}/agent"  .endpoint.method == POST
	.endpoint.headers.X-Team == blue  .endpoint.headers.Authorization has mnop  .endpoint.secret has cret
	.created_at == "2030-03-04T12:00:00Z"
sql select count(*) from agent where definition like '%Bearer abcdefghijklmnop%' == 1
GET /api/agents/agent_123 -> 200  .endpoint.headers.Authorization has …
save masked = .endpoint.headers.Authorization
GET /api/agents/agent_123 -> 200  .endpoint.secret has …
save masked_secret = .endpoint.secret
# what comes back masked stays what it was; what is left out is gone
PUT /api/agents/agent_123 {"id": "agent_123", "name": "Digest 2", "kind": "webhook", "endpoint": {"url": "${hook}/agent",
	"secret": "${masked_secret}", "headers": {"authorization": "${masked}"}}}
-> 200  .name == "Digest 2"  .endpoint.headers.X-Team absent
sql select count(*) from agent where definition like '%Bearer abcdefghijklmnop%0123456789abcdef-secret%' == 1
PUT /api/agents/agent_123 {"id": "other", "endpoint": {"url": "${hook}/agent"}}
-> 422  .error == validation_error  .details[0].field == id
POST /api/agents {"id": "agent_123", "endpoint": {"url": "${hook}/x"}}
-> 409  .code == agent_exists  .error == conflict
POST /api/agents {"id": "a b", "kind": "webhook", "endpoint": {"url": "ftp://x", "secret": "short", "method": "GET", "headers": {"Host": "x"}}, "model": "m"}
-> 422  .details[field=id].code == invalid_name  .details[field=endpoint.url].code == target_forbidden
	.details[field=endpoint.secret].code == secret_invalid  .details[field=endpoint.headers.Host].code == header_invalid
	.details[field=model].code == conflict
POST /api/agents {"kind": "webhook", "endpoint": {"url": "${hook}/x", "method": "GET"}}
-> 422  .details[0].field == endpoint.method
POST /api/agents {"kind": "llm"}
-> 422  .details[0].field == endpoint.url  .details[0].code == required
POST /api/agents {"kind": "llm", "endpoint": {"url": "${hook}/v1/chat"}, "model": "m", "system": "Be brief.", "timeout": 60}
-> 201  .id =~ ^agent_  .model == m  .system == "Be brief."  .timeout == 60
save llm = .id
GET /api/agents -> 200  .count == 2  #.agents == 2  .agents[1].id == agent_123
GET /api/agents?limit=1&offset=1 -> 200  .count == 2  #.agents == 1
DELETE /api/agents/${llm} -> 200  .id == "${llm}"  .status == deleted
DELETE /api/agents/${llm} -> 404  .error == not_found
GET /api/agents/nobody -> 404
PUT /api/agents/nobody {"endpoint": {"url": "${hook}/x"}}
-> 404
# --- the document's job
POST /api/scheduler/jobs {"name": "Price alert", "goal": "Check BTC price and alert if >5% change", "agent_id": "agent_123",
	"schedule": {"type": "every", "interval": 3600, "timezone": "UTC"},
	"delivery": {"channel": "slack:#alerts", "format": "markdown"},
	"condition": {"type": "expression", "expression": "price_change_pct > 0.05"},
	"retry": {"max_attempts": 3, "strategy": "exponential", "base_delay": 60}}
-> 201  .id =~ ^job_  .name == "Price alert"  .goal has BTC  .agent_id == agent_123  .status == active
	.schedule == {"type": "every", "interval": 3600, "timezone": "UTC"}
	.next_run_at == "2030-03-04T13:00:00+00:00"  .last_run_at == null  .run_count == 0  .created_at == "2030-03-04T12:00:00Z"
	.delivery == {"channel": "slack:#alerts", "format": "markdown", "on": "completed"}
	.condition == {"type": "expression", "expression": "price_change_pct > 0.05", "source": null}
	.retry == {"max_attempts": 3, "strategy": "exponential", "base_delay": 60, "max_delay": 86400}
	.overlap == skip  .catchup == all  .max_consecutive_failures == 5  .completion_timeout == 3600  .heartbeat_timeout == null
	.only_if == null  .context == null  .timeout == null  .last_status == null  .consecutive_failures == 0
save alert = .id
GET /api/scheduler/jobs/${alert} -> 200  .name == "Price alert"
# a most of the waits that is less than the usual first one, and a first one that is more than the usual most
PUT /api/scheduler/jobs/${alert} {"retry": {"max_attempts": 3, "max_delay": 10}}
-> 200  .retry == {"max_attempts": 3, "strategy": "exponential", "base_delay": 10, "max_delay": 10}
PUT /api/scheduler/jobs/${alert} {"retry": {"max_attempts": 3, "strategy": "exponential", "base_delay": 10, "max_delay": 10}}
-> 200
PUT /api/scheduler/jobs/${alert} {"retry": {"max_attempts": 3, "base_delay": 172800}}
-> 200  .retry == {"max_attempts": 3, "strategy": "exponential", "base_delay": 172800, "max_delay": 172800}
PUT /api/scheduler/jobs/${alert} {"retry": {"max_attempts": 3, "strategy": "exponential", "base_delay": 60, "max_delay": 86400}}
-> 200
POST /api/scheduler/jobs {"name": "Daily digest", "goal": "Summarize today's activity", "agent_id": "agent_123",
	"schedule": {"type": "cron", "expression": "0 8 * * 1-5", "timezone": "America/New_York"}}
-> 201  .next_run_at == "2030-03-04T08:00:00-05:00"  .delivery == null  .condition == null  .retry == null
save digest = .id
POST /api/scheduler/jobs {"name": "Once", "agent_id": "agent_123", "schedule": {"type":"at","datetime":"2030-04-01T09:00:00Z"}}
-> 201  .schedule.datetime == "2030-04-01T09:00:00Z"  .next_run_at == "2030-04-01T09:00:00+00:00"  .schedule.timezone == UTC  .goal == null
save once = .id
POST /api/scheduler/jobs {"name": "Phrase", "agent_id": "agent_123", "schedule": {"type": "every", "interval": "every 30 minutes"}}
-> 201  .schedule.interval == "every 30 minutes"  .next_run_at == "2030-03-04T12:30:00+00:00"
save phrase = .id
POST /api/scheduler/jobs {"name": "Rule", "agent_id": "agent_123", "schedule": {"type": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-1FR",
	"dtstart": "20300301T170000", "exdate": ["20300329T170000"], "timezone": "Europe/Paris"}}
-> 201  .schedule.rrule == "FREQ=MONTHLY;BYDAY=-1FR"  .schedule.exdate == ["20300329T170000"]  .next_run_at == "2030-04-26T17:00:00+02:00"
# --- the list
GET /api/scheduler/jobs -> 200  .count == 5  #.jobs == 5  .jobs[0].name == Rule  .jobs[3].name == "Daily digest"  .jobs[3].goal has Summarize
GET /api/scheduler/jobs?limit=2&offset=4 -> 200  .count == 5  #.jobs == 1  .jobs[0].name == "Price alert"
GET /api/scheduler/jobs?status=paused -> 200  .count == 0  .jobs == []
GET /api/scheduler/jobs?limit=201 -> 422  .details[0].field == limit
GET /api/scheduler/jobs?status=running -> 422  .details[0].field == status
# --- only what is sent changes, and a zone stays
PUT /api/scheduler/jobs/${digest} {"name": "Updated name", "schedule": {"type": "cron", "expression": "0 10 * * *"}}
-> 200  .name == "Updated name"  .schedule == {"type": "cron", "expression": "0 10 * * *", "timezone": "America/New_York"}
	.next_run_at == "2030-03-04T10:00:00-05:00"  .goal == "Summarize today's activity"
PATCH /api/scheduler/jobs/${digest} {"schedule": {"timezone": "UTC"}}
-> 200  .schedule.timezone == UTC  .next_run_at == "2030-03-05T10:00:00+00:00"
PATCH /api/scheduler/jobs/${alert} {"overlap": "allow", "catchup": "none"}
-> 200  .overlap == allow  .catchup == none
PATCH /api/scheduler/jobs/${alert} {"overlap": null, "catchup": null, "adjust": null, "calendar": null, "dst": null, "jitter": null}
-> 200  .overlap == skip  .catchup == all  .adjust == null
PATCH /api/scheduler/jobs/${alert} {"delivery": {"channel": "slack:#alerts", "quiet_hours": {"start": "00:00", "end": "24:00", "days": ["sat", "sun"]}}}
-> 200  .delivery.quiet_hours.end == "24:00"
PATCH /api/scheduler/jobs/${alert} {"delivery": {"channel": "slack:#alerts", "quiet_hours": null}}
-> 200  .delivery.channel == "slack:#alerts"
PATCH /api/scheduler/jobs/${alert} {"delivery": null, "condition": null, "retry": null, "goal": "Less", "timeout": 20, "context": {"a": 1.10}}
-> 200  .delivery == null  .condition == null  .retry == null  .goal == Less  .timeout == 20  .schedule.interval == 3600
PATCH /api/scheduler/jobs/${alert} {"delivery": {"channel": "email:a@example.com", "quiet_hours": {"start": "22:00", "end": "07:30", "days": ["Monday", "fri"]}}}
-> 200  .delivery.channel == "email:a@example.com"  .delivery.format == text  .delivery.quiet_hours.start == "22:00"
	.delivery.quiet_hours.end == "07:30"  .delivery.quiet_hours.days == ["mon", "fri"]  .context == {"a": 1.10}  .timeout == 20  .goal == Less
PATCH /api/scheduler/jobs/${alert} {}
-> 200  .timeout == 20
# --- pause, resume, trigger
POST /api/scheduler/jobs/${phrase}/pause -> 200  .status == paused  .next_run_at == null
GET /api/scheduler/jobs?status=paused -> 200  .count == 1  .jobs[0].id == "${phrase}"
POST /api/scheduler/jobs/${phrase}/pause -> 200  .status == paused
hook answers /agent 200  body {"price_change_pct": 0.01}
POST /api/scheduler/jobs/${phrase}/trigger -> 202  .run_id =~ ^run_
save run = .run_id
hook <- POST /agent within 3s  .run_id == "${run}"  .job_id == "${phrase}"  .agent_id == agent_123
eventually GET /api/scheduler/jobs/${phrase}/runs/${run} -> 200  .status == completed  .trigger == manual  .output == {"price_change_pct": 0.01}
	.job_id == "${phrase}"  .error == null  .attempt == 1  .duration_seconds exists  .delivery == null  .output_bytes == 26
	.attempts[0].http_status == 200  .attempts[0].status == succeeded  .started_at exists  .completed_at exists
POST /api/scheduler/jobs/${phrase}/resume -> 200  .status == active  .next_run_at == "2030-03-04T12:30:00+00:00"
# --- runs by their schedule
advance 30m1s
hook <- POST /agent within 3s  .job_id == "${phrase}"  .scheduled_for == "2030-03-04T12:30:00Z"
eventually GET /api/scheduler/jobs/${phrase}/runs -> 200  .count == 2  #.runs == 2  .runs[0].status == completed  .runs[0].trigger == schedule
	.runs[1].id == "${run}"  .runs[1].output == {"price_change_pct": 0.01}  .runs[0].attempts absent
eventually GET /api/scheduler/jobs/${phrase} -> 200  .run_count == 2  .last_run_at == "2030-03-04T12:30:00+00:00"  .last_status == completed
GET /api/scheduler/jobs/${phrase}/runs?status=completed&limit=1 -> 200  .count == 2  #.runs == 1
GET /api/scheduler/jobs/${phrase}/runs?status=failed -> 200  .count == 0  .runs == []
GET /api/scheduler/jobs/${phrase}/runs?status=queued -> 422  .details[0].field == status
# a run is found below its own job only
GET /api/scheduler/jobs/${alert}/runs/${run} -> 404
POST /api/scheduler/jobs/${alert}/runs/${run}/cancel -> 404
POST /api/scheduler/jobs/${phrase}/runs/${run}/cancel -> 409  .code == not_cancellable  .message has run
# --- delete
DELETE /api/agents/agent_123 -> 409  .code == agent_in_use
DELETE /api/scheduler/jobs/${phrase} -> 200  .id == "${phrase}"  .status == deleted
GET /api/scheduler/jobs/${phrase} -> 404
DELETE /api/scheduler/jobs/${phrase} -> 404
POST /api/scheduler/jobs/${phrase}/trigger -> 404  .error == not_found
POST /api/scheduler/jobs/${phrase}/pause -> 404
POST /api/scheduler/jobs/${phrase}/resume -> 404
PUT /api/scheduler/jobs/${phrase} {"agent_id": "nobody"}
-> 404  .error == not_found  .code == not_found  #.details == 0
PUT /api/scheduler/jobs/${phrase} {"name": "x"}
-> 404
GET /api/scheduler/jobs/${phrase}/runs -> 200  .count == 2
GET /api/scheduler/jobs/${phrase}/runs/${run} -> 200
GET /api/scheduler/jobs -> 200  .count == 4
# --- faults, each by its field
POST /api/scheduler/jobs {}
-> 422  .error == validation_error  .status == 422  .details[field=name].code == required
	.details[field=agent_id].code == required  .details[field=schedule].code == required
POST /api/scheduler/jobs {"name": "x", "agent_id": "nobody", "schedule": {"type": "every", "interval": 60}}
-> 422  .code == unknown_agent  #.details == 1  .details[0].field == agent_id
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "cron", "expression": "0 25 * * *", "timezone": "Mars/Base"},
	"only_if": "run.attempt == 1 &&", "condition": {"expression": "price ="}, "delivery": {"channel": "pigeon:x", "quiet_hours": {"start": "7pm", "end": "08:00"}},
	"retry": {"max_attempts": 0}, "context": [1], "completion_timeout": 60, "heartbeat_timeout": 120}
-> 422  .details[field=schedule.expression].code == cron_value_range  .details[field=schedule.expression].position == 2
	.details[field=schedule.timezone].code == timezone_unknown  .details[field=only_if].code exists
	.details[field=condition.expression].position exists  .details[field=delivery.channel].code == channel_invalid
	.details[field=delivery.quiet_hours.start].code == invalid_value  .details[field=retry.max_attempts].code == out_of_range
	.details[field=context].code == wrong_type  .details[field=heartbeat_timeout].code == out_of_range
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "every", "interval": 60}, "condition": {"expression": "a >", "source": "ftp://x"}}
-> 422  .details[field=condition.source].code == target_forbidden  .details[field=condition.expression].code exists
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "every", "interval": 60}, "only_if": "runs.attempt == 1"}
-> 422  .details[0].field == only_if  .details[0].code == unknown_name  .details[0].position == 0  .details[0].length == 4
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "at", "datetime": "2030-03-04T12:30:00Z"}}
-> 422  .code == at_past  .details[0].field == schedule.datetime
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "at"}}
-> 422  .details[0].field == schedule.datetime  .details[0].code == required
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"expression": "* * * * *"}}
-> 422  .details[0].field == schedule.type
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "every", "interval": 60, "expression": "* * * * *"}}
-> 422  .details[0].field == schedule.expression  .details[0].code == conflict
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "daily"}}
-> 422  .details[0].field == schedule.type
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "every", "interval": 60}, "colour": 1}
-> 422  .details[0].code == unknown_field
POST /api/scheduler/jobs {"name": "x", "agent_id": "agent_123", "schedule": {"type": "every", "interval": 60}, "calendar": "none"}
-> 422  .details[0].field == calendar  .details[0].code == calendar_unknown
POST /api/scheduler/jobs {"name": "x"
-> 400  .error == bad_request  .code == malformed_json
PUT /api/scheduler/jobs/${alert} {"agent_id": "nobody"}
-> 422  .code == unknown_agent
PUT /api/scheduler/jobs/${alert} {"name": null}
-> 422  .details[0].field == name
PUT /api/scheduler/jobs/${alert} {"heartbeat_timeout": 7200}
-> 422  .details[0].field == heartbeat_timeout
PUT /api/scheduler/jobs/${once} {"schedule": {"type": "at", "datetime": "2020-01-01T00:00:00Z"}}
-> 422  .code == at_past
GET /api/scheduler/jobs/job_nothing -> 404
GET /api/scheduler/jobs/${alert}/runs/run_nothing -> 404
# a schedule of the other API is no job
POST /v1/schedules {"cron": "0 0 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/task"}}
-> 201
GET /api/scheduler/jobs -> 200  .count == 4
# --- expressions
GET /api/scheduler/validate?type=expression&value=price+%3E+0.05+%26%26+output.status+%3D%3D+%22ok%22
-> 200  .valid == true  .human_readable has price  .reads == ["price", "output.status"]  .next_runs absent  .error absent
GET /api/scheduler/validate?type=expression&value=price+%3E -> 200  .valid == false  .code exists  .field == value  .position exists  .next_runs absent
GET /api/scheduler/validate?type=expression&value=nothing+%3D%3D+1&for=only_if -> 200  .valid == false  .code == unknown_name  .position == 0  .length == 7
GET /api/scheduler/validate?type=expression -> 200  .valid == false  .field == value
