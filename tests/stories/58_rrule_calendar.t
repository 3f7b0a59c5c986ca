# Schedules by interval and by rule, business calendars, jitter: as they are sent they are shown.
clock 2026-03-02T15:00:00Z
server
# --- every
POST /v1/schedules {"every": 3600, "timezone": "UTC", "task_template": {"target": "${hook}/every"}}
-> 201  .every == 3600  .cron absent  .next_execution_at == "2026-03-02T16:00:00Z"  .description == "Every hour"
save every = .id
POST /v1/schedules {"every": "every 90 minutes", "timezone": "UTC", "start_at": "2026-03-03T00:00:00Z", "task_template": {"target": "${hook}/x"}}
-> 201  .every == "every 90 minutes"  .next_execution_at == "2026-03-03T00:00:00Z"
# --- rrule, as a string and as an object
POST /v1/schedules {"rrule": "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9;BYMINUTE=0;BYSECOND=0", "timezone": "Europe/Paris", "task_template": {"target": "${hook}/x"}}
-> 201  .rrule == "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9;BYMINUTE=0;BYSECOND=0"  .next_execution_at == "2026-03-04T08:00:00Z"
POST /v1/schedules {"rrule": "DTSTART;TZID=Europe/Paris:20260301T090000\nRRULE:FREQ=DAILY", "timezone": "Europe/Paris", "task_template": {"target": "${hook}/x"}}
-> 201  .rrule =~ ^DTSTART  .next_execution_at == "2026-03-03T08:00:00Z"
POST /v1/schedules {"rrule": {"rule": "FREQ=DAILY;COUNT=5", "dtstart": "20260301T090000", "exdate": ["20260303T090000"], "rdate": ["20260303T120000", "20260310T090000"]},
	"timezone": "Europe/Paris", "task_template": {"target": "${hook}/x"}}
-> 201  .rrule == {"rule": "FREQ=DAILY;COUNT=5", "dtstart": "20260301T090000", "exdate": ["20260303T090000"], "rdate": ["20260303T120000", "20260310T090000"]}
	.next_execution_at == "2026-03-03T11:00:00Z"
save rule = .id
save whole = .
GET /v1/schedules/${rule} -> 200  . == ${whole}
GET /v1/schedules/${rule}/preview
-> 200  #.executions == 4  .executions[1].local_time == "2026-03-04T09:00:00+01:00"  .executions[3].local_time == "2026-03-10T09:00:00+01:00"
POST /v1/schedules {"rrule": {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 201  .rrule == {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}  .next_execution_at == "2028-02-29T15:00:00Z"
# --- one way to say when
POST /v1/schedules {"timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=cron].code == required
POST /v1/schedules {"cron": "0 9 * * *", "every": 60, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=every].code == exclusive
POST /v1/schedules {"every": 60, "rrule": "FREQ=DAILY", "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=rrule].code == exclusive
POST /v1/schedules {"every": 0.5, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=every].code exists
POST /v1/schedules {"every": 0, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=every].code == interval_range
POST /v1/schedules {"rrule": "FREQ=DAILY;BYDAY=XX", "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=rrule].code == rrule_syntax  .errors[field=rrule].position == 17
POST /v1/schedules {"rrule": {"rule": "FREQ=DAILY;BYDAY=XX", "dtstart": "nonsense"}, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[0].field =~ ^rrule\.
POST /v1/schedules {"rrule": {"dtstart": "20260301T090000"}, "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=rrule.rule].code == required
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "jitter": 86401, "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=jitter].code == out_of_range
# --- changing from one to another
PATCH /v1/schedules/${every} {"rrule": {"rule": "FREQ=DAILY", "dtstart": "20260303T080000"}}
-> 200  . == {"id": "${every}", "rrule": {"rule": "FREQ=DAILY", "dtstart": "20260303T080000"}}
GET /v1/schedules/${every} -> 200  .every absent  .next_execution_at == "2026-03-03T08:00:00Z"
PATCH /v1/schedules/${every} {"cron": "0 7 * * *", "rrule": "FREQ=DAILY"}
-> 422  .errors[field=rrule].code == exclusive
PATCH /v1/schedules/${every} {"cron": "0 7 * * *", "jitter": 0}
-> 200  . == {"id": "${every}", "cron": "0 7 * * *", "jitter": 0}
GET /v1/schedules/${every} -> 200  .rrule absent  .cron == "0 7 * * *"  .next_execution_at == "2026-03-03T07:00:00Z"
# --- calendars
PUT /v1/calendars/de {"description": "Germany", "holidays": [{"name": "Good Friday", "easter": -2}, {"date": "05-01"},
	{"date": "12-26", "observed": "next", "since": 2000}, {"month": 11, "weekday": "thursday", "nth": 4}]}
-> 201  .name == de  .description == Germany  #.holidays == 4  .schedules == 0  .created_at exists
	.holidays[0] == {"name": "Good Friday", "easter": -2}
PUT /v1/calendars/de {"description": "Germany", "weekend": ["sat", "sun"], "holidays": [{"easter": -2}, {"date": "05-01"}]}
-> 200  .weekend == ["sat", "sun"]
GET /v1/calendars/de?year=2026 -> 200  .closed_days == ["2026-04-03", "2026-05-01"]
GET /v1/calendars/de -> 200  .closed_days absent  .holidays == [{"easter": -2}, {"date": "05-01"}]
PUT /v1/calendars/empty {}
-> 201
GET /v1/calendars -> 200  .total == 2  .calendars[0].name == de  .calendars[1].name == empty
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "calendar": "de", "adjust": "next", "jitter": 90, "task_template": {"target": "${hook}/x"}}
-> 201  .calendar == de  .adjust == next  .jitter == 90
save business = .id
GET /v1/schedules/${business}/preview?start_from=2026-04-03T00:00:00Z&limit=2
-> 200  .executions[0].scheduled_for == "2026-04-06T09:00:00Z"  .executions[1].scheduled_for == "2026-04-07T09:00:00Z"
GET /v1/calendars/de -> 200  .schedules == 1
DELETE /v1/calendars/de -> 409  .code == calendar_in_use
PATCH /v1/schedules/${business} {"calendar": null}
-> 200  . == {"id": "${business}", "calendar": null}
GET /v1/schedules/${business} -> 200  .calendar absent  .adjust absent
DELETE /v1/calendars/de -> 200  .name == de
GET /v1/calendars/de -> 404  .code == not_found
DELETE /v1/calendars/de -> 404
# --- what a calendar may not be
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "calendar": "nobody", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[field=calendar].code == calendar_unknown
PUT /v1/calendars/bad%20name {}
-> 422  .errors[0].field == name
PUT /v1/calendars/${n*65} {}
-> 422  .errors[0].field == name
PUT /v1/calendars/x {"holidays": [{"date": "13-01"}, {"date": "02-28", "easter": 0}, {}], "colour": "red"}
-> 422  .errors[field=colour].code == unknown_field
PUT /v1/calendars/x {"holidays": [{"date": "13-01"}]}
-> 422  .errors[0].field =~ ^holidays\[0\]
PUT /v1/calendars/x {"weekend": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]}
-> 422  .errors[0].field == weekend
GET /v1/calendars/empty?year=1969 -> 422  .errors[field=year].code == out_of_range
GET /v1/calendars/nobody -> 404
POST /v1/calendars/empty {}
-> 405  header.allow has PUT
metric carillon_http_requests_total{class="5xx"} == 0
