# Why runs were not made, not called or failed, and why messages were not sent: the words that no other story has.
# (tests/suites/provoke.sh says what is missing.)
clock 2030-01-01T11:56:00Z
server
# --- what goes wrong on the way to a target
hook answers /close close
POST /v1/tasks {"target": "${hook}/close", "retry": {"max_attempts": 1}}
-> 201
save closed = .id
eventually GET /v1/tasks/${closed} -> 200  .status == failed  .reason == attempts_exhausted  .attempts[0].error == connection_closed
POST /v1/tasks {"target": "https://${smtp}/", "retry": {"max_attempts": 1}}
-> 201
save tls = .id
hook answers /hang hang
POST /v1/tasks {"target": "${hook}/hang", "timeout": 1, "retry": {"max_attempts": 1}}
-> 201
save hangs = .id
POST /v1/tasks {"target": "http://nobody.invalid/", "timeout": 5, "retry": {"max_attempts": 1}}
-> 201
save nobody = .id
eventually GET /v1/tasks/${tls} -> 200  .attempts[0].error == tls_error
eventually GET /v1/tasks/${hangs} -> 200  .attempts[0].error == timeout
eventually GET /v1/tasks/${nobody} -> 200  .attempts[0].error == dns_error
# --- what is stored of a call cannot be read
POST /v1/tasks {"target": "${hook}/damaged", "execute_after": "PT1M"}
-> 201
save damaged = .id
sql update run set options = '{' where url like '%/damaged'
advance 1m
eventually sql select state || ' ' || reason from run_history where url like '%/damaged' == 4 damaged_options
# --- occurrences of a schedule that is disabled for a while, then changed when one is due and not made yet
POST /v1/schedules {"cron": "0 * * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
PATCH /v1/schedules/${schedule} {"enabled": false}
-> 200
clock 2030-01-01T13:30:00Z
PATCH /v1/schedules/${schedule} {"enabled": true}
-> 200
GET /v1/schedules/${schedule}/skips -> 200  .skips[0].reason == disabled
sql update schedule set wake_at = '2031-01-01'
clock 2030-01-01T14:00:01Z
PATCH /v1/schedules/${schedule} {"cron": "30 * * * *"}
-> 200
GET /v1/schedules/${schedule}/skips -> 200  .skips[0].reason == edited  .skips[0].count == 1
# --- runs of jobs that are not called
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/scheduler/jobs {"name": "Yearly", "agent_id": "bot", "goal": "x", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "jitter": 86400}
-> 201
save job = .id
clock 2031-01-01T00:00:00Z
eventually sql select count(*) from run where kind = 2 == 1
POST /api/scheduler/jobs/${job}/pause -> 200
clock 2031-01-02T00:00:00Z
eventually GET /api/scheduler/jobs/${job}/runs -> 200  .runs[0].status == skipped  .runs[0].reason == job_paused
sql update template set payload = convert_to(replace(convert_from(payload, 'UTF8'), '"x"', '"' || repeat('\u0001', 1500000) || '"'), 'UTF8') where url = 'agent:bot'
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually GET /api/scheduler/jobs/${job}/runs?limit=1 -> 200  .runs[0].status == failed  .runs[0].reason == request_too_large
sql update template set payload = convert_to(replace(convert_from(payload, 'UTF8'), '"' || repeat('\u0001', 1500000) || '"', '"x"'), 'UTF8') where url = 'agent:bot'
sql update agent set kind = 2, definition = '{}'
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually GET /api/scheduler/jobs/${job}/runs?limit=1 -> 200  .runs[0].status == failed  .runs[0].reason == no_llm
sql delete from agent
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually GET /api/scheduler/jobs/${job}/runs?limit=1 -> 200  .runs[0].status == failed  .runs[0].reason == unknown_agent
hook none /bot
# --- a run of a plan that is inactive when its turn comes
PUT /api/v1/actions/publish {"target": "${hook}/publish"}
-> 201
POST /api/v1/plans {"action": "publish", "recurrence": "0 0 1 1 *", "jitter": 86400}
-> 201
save plan = .id
clock 2032-01-01T00:00:00Z
eventually sql select count(*) from run where kind = 3 == 1
PATCH /api/v1/plans/${plan} {"active": false}
-> 200
clock 2032-01-02T00:00:00Z
eventually GET /api/v1/plans/${plan}/runs -> 200  .runs[0].status == skipped  .runs[0].reason == plan_inactive
hook none /publish
# --- messages
POST /api/channels/teams/credentials {"webhook_urls": {"ops": "${hook}/ops"}}
-> 201
POST /api/channels/teams/test {"to": "others"}
-> 200  .delivered == false  .error == bad_channel  .detail has others
POST /api/channels/slack/credentials {"token": "xoxb-1234567890-abcdefghij", "api_base": "${hook}/odd"}
-> 201
hook answers /odd/api/chat.postMessage 200  body {"fine": true}
POST /api/channels/slack/test {"to": "#alerts"}
-> 200  .delivered == false  .error == unexpected_answer
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
hook answers /in 500
PATCH /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/in"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /in within 3s
eventually sql select reason from message where state = 1 == http_500
sql delete from run_history
advance 6s
eventually sql select reason from message where state = 4 == run_gone
