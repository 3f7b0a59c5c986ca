# The language model behind parse-nl: asked only where the grammar is at a loss, believed only as far as its answer is a
# good schedule, and never missed when it fails.
clock 2026-03-02T15:00:00Z
server CARILLON_LLM_URL=${hook}/llm CARILLON_LLM_MODEL=tiny-1 CARILLON_LLM_KEY=llm-key-0123456789
# --- what the grammar takes is not asked for
POST /api/scheduler/parse-nl {"text": "every weekday at 9am Pacific"}
-> 200  .parse_method == regex
POST /api/scheduler/parse-nl {"text": ""}
-> 422  .code == nl_empty
hook none /llm
# --- the question, and an answer
hook answers /llm 200  body {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{\"type\": \"cron\", \"value\": \"0 6 * * *\", \"timezone\": \"Europe/Paris\", \"confidence\": 0.99}"}}], "usage": {"total_tokens": 9}}
POST /api/scheduler/parse-nl {"text": "when the rooster crows in \"Paris\"", "timezone": "Europe/Paris"}
-> 200  .schedule == {"type": "cron", "expression": "0 6 * * *", "timezone": "Europe/Paris"}  .parse_method == llm
	.confidence == 0.9  .human_readable == "At 06:00 AM, Central European Time"  #.assumptions == 1
	.next_runs[0] == "2026-03-03T06:00:00+01:00"
hook <- POST /llm  header.authorization == Bearer llm-key-0123456789  header.content-type == application/json
	.model == tiny-1  .temperature == 0  .response_format.type == json_object  .messages[0].role == system
	.messages[1].role == user  .messages[1].content has rooster crows in \"Paris\"  .messages[1].content has 2026-03-02T16:00:00+01:00
log lacks rooster
log lacks llm-key
# --- every kind
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"every\", \"value\": \"90 minutes\", \"confidence\": 0.7}"}}]}
POST /api/scheduler/parse-nl {"text": "as often as the ferry leaves"}
-> 200  .schedule == {"type": "every", "interval": 5400, "timezone": "UTC"}  .confidence == 0.7
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"at\", \"value\": \"2026-07-14T09:00:00\", \"timezone\": \"Europe/Paris\", \"confidence\": 0.8}"}}]}
POST /api/scheduler/parse-nl {"text": "on bastille morning"}
-> 200  .schedule == {"type": "at", "datetime": "2026-07-14T09:00:00+02:00", "timezone": "Europe/Paris"}
# a rule that says not when it begins, begins now
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"rrule\", \"value\": \"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9;BYMINUTE=0;BYSECOND=0\", \"timezone\": \"Europe/Paris\", \"confidence\": 0.8}"}}]}
POST /api/scheduler/parse-nl {"text": "as often as the bins go out"}
-> 200  .schedule.dtstart == 20260303T090000  .schedule.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
	.next_runs[0] == "2026-03-03T09:00:00+01:00"  .next_runs[1] == "2026-03-17T09:00:00+01:00"  .warnings == []
# --- what the grammar reads with a confidence below 0.5 is asked for too; and if that comes to nothing, its reading stays
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"30 8 * * MON\", \"timezone\": \"Asia/Kolkata\", \"confidence\": 0.85}"}}]}
POST /api/scheduler/parse-nl {"text": "evry mondey mornng IST"}
-> 200  .parse_method == llm  .schedule.expression == "30 8 * * MON"  .confidence == 0.85
hook answers /llm 503
POST /api/scheduler/parse-nl {"text": "evry mondey mornng IST"}
-> 200  .parse_method == regex  .schedule.expression == "0 9 * * 1"  .confidence < 0.5  #.warnings >= 1
# --- answers that are not taken: the grammar's own refusal stays
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"61 * * * *\", \"confidence\": 0.9}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_  .details[0].field == text
log has llm.failed
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"0 9 * * *\", \"timezone\": \"Mars/Base\", \"confidence\": 0.9}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"at\", \"value\": \"2020-01-01T00:00:00Z\", \"confidence\": 0.9}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"0 9 * * *\", \"confidence\": 0.49}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"0 9 * * *\", \"confidence\": 1.5}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": [{"message": {"content": "{\"type\": \"cron\", \"value\": \"0 9 * * *\", \"confidence\": 0.9, \"then\": \"rm -rf\"}"}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": [{"message": {"content": "At nine, I should think."}}]}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body {"choices": []}
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  body not JSON
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 500
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
hook answers /llm 200  close
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
# --- one that does not answer is given three seconds; others are served meanwhile and after
hook answers /llm 200  hang
POST /api/scheduler/parse-nl {"text": "when the rooster crows"}
-> 422  .code =~ ^nl_
log has why=timeout
GET /livez -> 200
metric carillon_http_requests_total{class="5xx"} == 0
term
