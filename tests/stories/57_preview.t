# POST /api/v1/plans/preview: a dry run that stores nothing.
clock 2026-03-02T15:00:00Z
server
POST /api/v1/plans/preview {"execute_at": "2027-02-01T09:00:00Z", "timezone": "Europe/Amsterdam"}
-> 200  .executions == [{"scheduled_for": "2027-02-01T09:00:00Z", "local_time": "2027-02-01T10:00:00+01:00"}]
	.human_readable exists  .warnings == []
POST /api/v1/plans/preview {"execute_at": "2027-02-01T09:00:00", "timezone": "Europe/Amsterdam"}
-> 200  .executions[0].scheduled_for == "2027-02-01T08:00:00Z"
# --- every recurrence
POST /api/v1/plans/preview {"recurrence": "0 9 * * MON-FRI", "timezone": "Europe/Amsterdam", "limit": 2}
-> 200  #.executions == 2  .executions[0].local_time == "2026-03-03T09:00:00+01:00"
	.human_readable == "At 09:00 AM, Monday through Friday, Central European Time"
POST /api/v1/plans/preview {"recurrence": {"type": "cron", "expression": "30 2 29 3 *"}, "timezone": "Europe/Amsterdam", "limit": 1}
-> 200  .executions[0] == {"scheduled_for": "2026-03-29T01:00:00Z", "local_time": "2026-03-29T03:00:00+02:00", "dst": "gap"}
POST /api/v1/plans/preview {"recurrence": {"type": "interval", "every": 3600}, "start_at": "2026-03-03T00:30:00Z", "limit": 2}
-> 200  .executions[0].scheduled_for == "2026-03-03T00:30:00Z"  .executions[1].scheduled_for == "2026-03-03T01:30:00Z"
POST /api/v1/plans/preview {"recurrence": {"type": "interval", "every": "PT90M"}}
-> 200  #.executions == 10  .executions[0].scheduled_for == "2026-03-02T16:30:00Z"
POST /api/v1/plans/preview {"recurrence": {"type": "calendar", "rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "dtstart": "20260101T180000",
	"exdates": ["20260331T180000"], "rdates": ["20260315T180000"]}, "timezone": "Europe/Paris", "limit": 2}
-> 200  .executions[0].local_time == "2026-03-15T18:00:00+01:00"  .executions[1].local_time == "2026-04-30T18:00:00+02:00"
# --- window, start, policy
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "start_at": "2026-04-01T00:00:00Z", "end_at": "2026-04-02T00:00:00Z"}
-> 200  #.executions == 2
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "from": "2026-05-01T00:00:00Z", "limit": 1}
-> 200  .executions[0].scheduled_for == "2026-05-01T00:00:00Z"
POST /api/v1/plans/preview {"recurrence": "30 2 29 3 *", "timezone": "Europe/Amsterdam", "dst": {"gap": "shift"}, "limit": 1}
-> 200  .executions[0].local_time == "2026-03-29T03:30:00+02:00"
PUT /v1/calendars/nl {"holidays": [{"date": "04-27"}]}
-> 201
POST /api/v1/plans/preview {"recurrence": "0 9 27 4 *", "calendar": "nl", "adjust": "next", "limit": 1}
-> 200  .executions[0].scheduled_for == "2026-04-28T09:00:00Z"
# --- what is wrong
POST /api/v1/plans/preview {"execute_at": "2026-03-02T14:59:59Z"}
-> 422  .errors[field=execute_at].code == at_past  .code == validation_error  header.content-type == application/problem+json
POST /api/v1/plans/preview {"execute_at": "2026-03-02T14:59:59Z", "from": "2026-01-01T00:00:00Z"}
-> 422  .errors[field=execute_at].code == at_past
POST /api/v1/plans/preview {}
-> 422  .errors[field=execute_at].code == required
POST /api/v1/plans/preview {"execute_at": "2027-02-01T09:00:00Z", "recurrence": "0 0 * * *"}
-> 422  .errors[field=recurrence].code == exclusive
POST /api/v1/plans/preview {"recurrence": "61 * * * *"}
-> 422  .errors[field=recurrence].code == cron_value_range  .errors[field=recurrence].position == 0  .errors[field=recurrence].length == 2
POST /api/v1/plans/preview {"recurrence": {"type": "cron"}}
-> 422  .errors[field=recurrence.expression].code == required
POST /api/v1/plans/preview {"recurrence": {"type": "interval", "every": 60, "rule": "FREQ=DAILY"}}
-> 422  .errors[field=recurrence.rule].code == exclusive
POST /api/v1/plans/preview {"recurrence": {"type": "calendar", "rule": "FREQ=OFTEN"}}
-> 422  .errors[field=recurrence.rule].code == rrule_freq
POST /api/v1/plans/preview {"recurrence": {"type": "calendar", "rule": "FREQ=DAILY", "dtstart": "soon"}}
-> 422  .errors[field=recurrence.dtstart].code exists
POST /api/v1/plans/preview {"recurrence": {"type": "lunar"}}
-> 422  .errors[field=recurrence.type].code == invalid_value
POST /api/v1/plans/preview {"recurrence": {"type": "interval", "every": 0}}
-> 422  .errors[field=recurrence.every].code == interval_range
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "timezone": "Mars/Base", "start_at": "2027-01-01T00:00:00Z", "end_at": "2026-01-01T00:00:00Z"}
-> 422  .errors[field=timezone].code == timezone_unknown  .errors[field=end_at].code == end_before_start
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "calendar": "nobody"}
-> 422  .errors[field=calendar].code == calendar_unknown
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "adjust": "next"}
-> 422  .errors[field=calendar].code == required
POST /api/v1/plans/preview {"recurrence": {"type": "calendar", "rule": "FREQ=DAILY", "exdates": ["x"], "rdates": ["20270101", "y"]}}
-> 422  #.errors == 2  .errors[field=recurrence.exdates[0]].length == 1  .errors[field=recurrence.rdates[1]].code == rrule_syntax
POST /api/v1/plans/preview {"recurrence": {"type": "interval", "every": 1e30}}
-> 422  .errors[field=recurrence.every].code == interval_range
POST /api/v1/plans/preview {"recurrence": "0 0 * * *", "limit": 101}
-> 422  .errors[field=limit].code == out_of_range
GET /api/v1/plans/preview -> 405  .code == method_not_allowed
GET /api/v1/nothing -> 404  .code == route_not_found  .title exists
# --- nothing of it was stored
sql select count(*) from schedule == 0
metric carillon_http_requests_total{class="5xx"} == 0
