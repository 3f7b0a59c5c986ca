# 32 questions to the language model at a time, no more: who comes then is answered by the grammar at once, and a place
# is free again when one of them has run out of time.
clock 2026-03-02T15:00:00Z
server CARILLON_LLM_URL=${hook}/llm
hook answers /llm 200  hang
shell echo '{"text": "when the rooster crows"}' > ${folder}/ask
shell echo 'header = "Authorization: Bearer ${key}"' > ${folder}/curlrc
shell echo 'header = "Content-Type: application/json"' >> ${folder}/curlrc
shell (seq 32 | xargs -P 32 -I% curl -q -s -K ${folder}/curlrc -d @${folder}/ask -o ${folder}/answer-% ${url}/api/scheduler/parse-nl) > ${folder}/curl 2>&1 &
hook count /llm == 32
# --- the ceiling
metric carillon_http_requests_total{class="4xx"} == 0
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_  .details[0].field == text
log has why=overloaded
metric carillon_http_requests_total{class="4xx"} == 1
hook count /llm == 32
POST /api/scheduler/parse-nl {"text": "every weekday at 9am"}
-> 200  .parse_method == regex
# --- they give up after three seconds, each with the grammar's refusal
eventually metric carillon_http_requests_total{class="4xx"} == 33
log has why=timeout
hook count /llm == 32
# --- and there is room again
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"0 6 * * *\", \"confidence\": 0.9}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 200  .parse_method == llm
metric carillon_http_requests_total{class="5xx"} == 0
term
