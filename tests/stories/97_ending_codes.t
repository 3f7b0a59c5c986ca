# What a server says that is about to end, by each API: an answer that is still under way (a language model takes its time) keeps
# it from ending, and our connection is open already. Each such answer closes its connection, so it takes three servers.
clock 2030-01-01T12:00:00Z
hook answers /llm hang
server A CARILLON_LLM_URL=${hook}/llm
shell curl -s -m 9 -o /dev/null -H 'Authorization: Bearer ${key}' -d '{"text": "banana"}' -H 'Content-Type: application/json' ${A}/api/scheduler/parse-nl </dev/null >/dev/null 2>&1 &
hook <- POST /llm within 3s
@A GET /v1/tasks -> 200
drain A
eventually @A GET /v1/tasks -> 503  .code == shutting_down
server B CARILLON_LLM_URL=${hook}/llm
shell curl -s -m 9 -o /dev/null -H 'Authorization: Bearer ${key}' -d '{"text": "banana"}' -H 'Content-Type: application/json' ${B}/api/scheduler/parse-nl </dev/null >/dev/null 2>&1 &
hook <- POST /llm within 3s
@B GET /api/v1/plans -> 200
drain B
eventually @B GET /api/v1/plans -> 503  .code == shutting_down
server C CARILLON_LLM_URL=${hook}/llm
shell curl -s -m 9 -o /dev/null -H 'Authorization: Bearer ${key}' -d '{"text": "banana"}' -H 'Content-Type: application/json' ${C}/api/scheduler/parse-nl </dev/null >/dev/null 2>&1 &
hook <- POST /llm within 3s
@C GET /api/scheduler/jobs -> 200
drain C
eventually @C GET /api/scheduler/jobs -> 503  .code == shutting_down  .error == internal_error
died A
died B
died C
