# Whether a job runs at all (only_if, the condition over a source, its agent, pausing, deleting), and agents that are models.
clock 2030-01-01T12:00:00Z
server CARILLON_LLM_URL=${hook}/llm CARILLON_LLM_MODEL=tiny-1 CARILLON_LLM_KEY=llm-key-0123456789
POST /api/agents {"id": "a", "kind": "webhook", "endpoint": {"url": "${hook}/agent"}}
-> 201
# --- only_if
POST /api/scheduler/jobs {"name": "gated", "agent_id": "a", "schedule": {"type": "cron", "expression": "0 0 1 1 *", "timezone": "America/New_York"},
	"context": {"on": true}, "only_if": "context.job.on && run.manual && run.attempt == 1 && job.name == 'gated' && job.run_count == 0 && last.status == null && last.output == null && now.weekday == 'tuesday' && now.hour == 7 && now.iso.endsWith('-05:00')"}
-> 201
save job = .id
hook answers /agent 200  body {"n": 41}
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /agent within 3s  .job_id == ${job}
eventually sql select count(*) from run_history where state = 3 == 1
# the second time job.run_count is not 0
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 7 only_if_false 0
# what the last run brought back
eventually sql select count(*) from standing where last_run_id is not null == 1
PATCH /api/scheduler/jobs/${job} {"only_if": "last.output.n == 41 && last.status == 'completed' && has(last.error) && last.failures == 0"}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /agent within 3s
# an expression that fails says why, on the attempt; and it is not tried again
PATCH /api/scheduler/jobs/${job} {"only_if": "context.job.price > 3", "retry": {"max_attempts": 5, "strategy": "fixed", "base_delay": 1}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 4 only_if_error 1
sql select error || ': ' || (detail like '%price%') from attempt where outcome = 2 == only_if_error: true
hook none /agent
# --- a source
hook answers /prices 200  body {"price_change_pct": 0.07, "items": [1, 2]}
PATCH /api/scheduler/jobs/${job} {"only_if": null, "condition": {"type": "expression", "expression": "price_change_pct > 0.05 && size(source.items) == 2", "source": "${hook}/prices"},
	"retry": {"max_attempts": 2, "strategy": "fixed", "base_delay": 10}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- GET /prices within 3s  header.accept == application/json
hook <- POST /agent within 3s
eventually sql select state from run_history order by id desc limit 1 == 3
hook answers /prices 200  body {"price_change_pct": 0.01}
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- GET /prices within 3s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 7 condition_false 0
hook answers /prices 200  body {"price": 0.01}
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 4 condition_error 1
sql select detail like '%price_change_pct%' from attempt order by finished_at desc limit 1 == t
# a source that fails is a failed attempt, by the job's policy
hook answers /prices 500,200  body <html>
hook forget
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- GET /prices within 3s
eventually sql select state || ' ' || attempt from run == 1 1
sql select error || ': ' || detail || ' ' || (http_status is null) || (response_body is null) from attempt order by finished_at desc limit 1 == source_failed: The source answered with status 500. truetrue
advance 12s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 4 attempts_exhausted 2
sql select error from attempt order by finished_at desc limit 1 == source_not_json
hook none /agent
# --- pausing and deleting take effect at once, also for what is about to start
PATCH /api/scheduler/jobs/${job} {"condition": null, "retry": null, "schedule": {"type": "cron", "expression": "* * * * *"}}
-> 200
hook answers /agent 200  delay 300ms
advance 1m
hook <- POST /agent within 3s
eventually sql select count(*) from run == 0
POST /api/scheduler/jobs/${job}/pause -> 200
advance 5m
hook none /agent
sql select count(*) from run == 0
# a run by hand of a paused job does run; one of a job that was deleted meanwhile does not
hook answers /agent 500
PATCH /api/scheduler/jobs/${job} {"retry": {"max_attempts": 3, "strategy": "fixed", "base_delay": 10}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /agent within 3s
eventually sql select state || ' ' || attempt from run == 1 1
DELETE /api/scheduler/jobs/${job} -> 200
advance 12s
eventually sql select state || ' ' || reason || ' ' || attempt from run_history order by id desc limit 1 == 5 job_deleted 1
hook none /agent
# --- the server's own model
POST /api/agents {"id": "m", "kind": "llm", "system": "Be brief."}
-> 201
POST /api/scheduler/jobs {"name": "model", "goal": "Say something nice", "agent_id": "m", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "context": {"mood": "good"}}
-> 201
save job = .id
hook answers /llm 200  body {"id": "c1", "choices": [{"index": 0, "message": {"role": "assistant", "content": "You look fine today."}}]}
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
hook <- POST /llm within 3s  header.authorization == Bearer llm-key-0123456789  .model == tiny-1  #.messages == 2
	.messages[0] == {"role": "system", "content": "Be brief."}  .messages[1].role == user  .messages[1].content =~ ^Say something nice
	.messages[1].content has {"job":{"mood": "good"}}  header.webhook-id absent
eventually sql select state from run_history order by id desc limit 1 == 3
sql select is_json || ' ' || convert_from(output, 'UTF8') from run_output order by run_id desc limit 1 == false You look fine today.
log lacks llm-key
log lacks something nice
log lacks look fine
# an answer that is none
hook answers /llm 200  body {"choices": []}
POST /api/scheduler/jobs/${job}/trigger -> 202
advance 1s
eventually sql select state from run_history order by id desc limit 1 == 4
sql select error || ' ' || http_status from attempt order by finished_at desc limit 1 == llm_bad_answer 200
# --- another model, with a key of its own; ours stays here
POST /api/agents {"id": "other", "kind": "llm", "model": "big-2", "endpoint": {"url": "${hook}/theirs", "headers": {"Authorization": "Bearer theirs"}}}
-> 201
POST /api/scheduler/jobs {"name": "theirs", "goal": "Hi", "agent_id": "other", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}}
-> 201
save theirs = .id
hook answers /theirs 200  body {"choices": [{"message": {"content": "{\"mood\": 1}"}}]}
POST /api/scheduler/jobs/${theirs}/trigger -> 202
advance 1s
hook <- POST /theirs within 3s  header.authorization == Bearer theirs  .model == big-2  .messages == [{"role": "user", "content": "Hi"}]
eventually sql select is_json || ' ' || convert_from(output, 'UTF8') from run_output order by run_id desc limit 1 == true {"mood": 1}
# --- as chat completions are documented, word for word; one that says "later" is asked again then
hook platform openai limited,ok
POST /api/agents {"id": "doc", "kind": "llm", "model": "gpt-4o-mini", "system": "You say hello.", "endpoint": {"url": "${hook}/fake/openai/v1/chat/completions", "headers": {"Authorization": "Bearer sk-doc-0123456789"}}}
-> 201
POST /api/scheduler/jobs {"name": "documented", "goal": "Hello \"you\"", "agent_id": "doc", "schedule": {"type": "cron", "expression": "0 0 1 1 *"}, "retry": {"max_attempts": 2, "strategy": "fixed", "base_delay": 1}}
-> 201
save documented = .id
POST /api/scheduler/jobs/${documented}/trigger -> 202
advance 1s
hook <- POST /fake/openai/v1/chat/completions within 3s
eventually GET /api/scheduler/jobs/${documented}/runs?limit=1 -> 200  .runs[0].status == retrying
advance 2s
hook none /fake/openai/v1/chat/completions
advance 2s
hook <- POST /fake/openai/v1/chat/completions within 3s
eventually GET /api/scheduler/jobs/${documented}/runs?limit=1 -> 200  .runs[0].status == completed
	.runs[0].output == "Hello! How can I assist you today?"
term
