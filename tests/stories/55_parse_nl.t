# POST /api/scheduler/parse-nl: words to a schedule, or a refusal that says why; never a guess.
clock 2026-03-02T15:00:00Z
server
# --- the document's example
POST /api/scheduler/parse-nl {"text": "every weekday at 9am Pacific"}
-> 200  .schedule == {"type": "cron", "expression": "0 9 * * 1-5", "timezone": "America/Los_Angeles"}
	.human_readable == "At 09:00 AM, Monday through Friday, Pacific Time"  .confidence == 0.95  .parse_method == regex
	.next_runs == ["2026-03-02T09:00:00-08:00", "2026-03-03T09:00:00-08:00", "2026-03-04T09:00:00-08:00"]
	.warnings == []  .alternatives == []  .start_at absent
# --- each kind in this API's own shape
POST /api/scheduler/parse-nl {"text": "every hour"}
-> 200  .schedule.timezone == UTC
POST /api/scheduler/parse-nl {"text": "every 90 minutes"}
-> 200  .schedule.type == every  .schedule.interval == 5400
POST /api/scheduler/parse-nl {"text": "tomorrow at 9am", "timezone": "Europe/Berlin"}
-> 200  .schedule == {"type": "at", "datetime": "2026-03-03T09:00:00+01:00", "timezone": "Europe/Berlin"}
POST /api/scheduler/parse-nl {"text": "tomorrow at 9am", "now": "2030-07-01T00:00:00Z"}
-> 200  .schedule.datetime == "2030-07-02T09:00:00+00:00"
POST /api/scheduler/parse-nl {"text": "every day at 8am until 2026-06-30"}
-> 200  .schedule.expression == "0 8 * * *"  .end_at exists
POST /api/scheduler/parse-nl {"text": "every other friday at 5pm"}
-> 200  .schedule.type == rrule  .schedule.rrule =~ ^FREQ=WEEKLY;.*INTERVAL=2  .schedule.dtstart exists
# --- refusals: the code, and where
POST /api/scheduler/parse-nl {"text": ""}
-> 422  .error == validation_error  .code == nl_empty  .details[0].field == text
POST /api/scheduler/parse-nl {"text": "banana"}
-> 422  .code == nl_unrecognized  .status == 422  .message exists  .details[0].length >= 1
POST /api/scheduler/parse-nl {"text": "every day at 25:00"}
-> 422  .code == nl_out_of_range  .details[0].position >= 9
POST /api/scheduler/parse-nl {"text": "yesterday at 9am"}
-> 422  .code =~ ^nl_
POST /api/scheduler/parse-nl {"text": "${every *300}"}
-> 422  .code == nl_too_long
POST /api/scheduler/parse-nl {"text": "every day at 9am", "timezone": "Mars/Base"}
-> 422  .code == timezone_unknown  .details[0].field == timezone
POST /api/scheduler/parse-nl {"text": "every day at 9am", "now": "now"}
-> 422  .code == invalid_time  .details[0].field == now
POST /api/scheduler/parse-nl {}
-> 422  .code == required  .details[0].field == text
POST /api/scheduler/parse-nl {"text": 5, "more": 1}
-> 422  .code == wrong_type  #.details == 2
POST /api/scheduler/parse-nl raw {"text": 
-> 400  .error == bad_request  .code == malformed_json  .details == []
POST /api/scheduler/parse-nl raw text
> Content-Type: text/plain
-> 415  .error == bad_request
GET /api/scheduler/parse-nl -> 405  header.allow has POST
metric carillon_http_requests_total{class="5xx"} == 0
