# Recurrence rules (TIME.md R1, R2): created, shown, run, and ended by their COUNT; the end is remembered, not counted again.
clock 2030-01-01T12:00:00Z
server
POST /v1/schedules {"rrule": "DTSTART:20300101T123000Z\nRRULE:FREQ=HOURLY;COUNT=2", "timezone": "UTC",
	"task_template": {"target": "${hook}/count"}}
-> 201  .next_execution_at == "2030-01-01T12:30:00Z"
save count = .id
sql select spec_kind || ' ' || (count_end = '2030-01-01T13:30:00Z') from schedule == 4 true
# the last Friday of the month at nine in Berlin, winter and summer; one of them left out, one added
POST /v1/schedules {"rrule": {"rule": "FREQ=MONTHLY;BYDAY=-1FR", "dtstart": "20300101T090000",
	"exdate": ["20300222T090000"], "rdate": ["20300201T101500"]}, "timezone": "Europe/Berlin",
	"task_template": {"target": "${hook}/friday"}}
-> 201  .next_execution_at == "2030-01-25T08:00:00Z"
save friday = .id
GET /v1/schedules/${friday}/preview?limit=4
-> 200  .executions[0].local_time == "2030-01-25T09:00:00+01:00"  .executions[1].local_time == "2030-02-01T10:15:00+01:00"
	.executions[2].local_time == "2030-03-29T09:00:00+01:00"  .executions[3].local_time == "2030-04-26T09:00:00+02:00"
# bad ones are named
POST /v1/schedules {"rrule": "FREQ=WEEKLY;BYDAY=XX", "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[0].field == rrule  .errors[0].code =~ ^rrule_
POST /v1/schedules {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[0].code == rrule_never
# a time that is none is named in its array; each of them
POST /v1/schedules {"rrule": {"rule": "FREQ=DAILY", "exdate": ["20300102T090000", "foo", "20300103T090000,20300104T090000"], "rdate": [""]},
	"timezone": "UTC", "task_template": {"target": "${hook}/x"}}
-> 422  #.errors == 3  .errors[0].field == rrule.exdate[1]  .errors[0].code == rrule_syntax  .errors[0].message has 20250309T023000
	.errors[0].position == 0  .errors[0].length == 3  .errors[1].field == rrule.exdate[2]  .errors[2].field == rrule.rdate[0]
# the zone that was sent is wrong, not the rule that was stored
POST /v1/schedules {"rrule": "DTSTART;TZID=Europe/Paris:20300101T090000\nRRULE:FREQ=YEARLY", "task_template": {"target": "${hook}/paris"}}
-> 201  .timezone == Europe/Paris
save paris = .id
PATCH /v1/schedules/${paris} {"timezone": "UTC"}
-> 422  #.errors == 1  .errors[0].field == timezone  .errors[0].code == rrule_timezone_conflict  .errors[0].position == 0  .errors[0].length == 3
	.errors[0].message has Europe/Paris
PATCH /v1/schedules/${paris} {"rrule": "DTSTART;TZID=Europe/Rome:20300101T090000\nRRULE:FREQ=YEARLY"}
-> 422  .errors[0].field == rrule  .errors[0].code == rrule_timezone_conflict
POST /v1/schedules {"cron": "TZ=Europe/Paris 0 9 1 1 *", "task_template": {"target": "${hook}/paris"}}
-> 201  .timezone == Europe/Paris  .next_execution_at == "2031-01-01T08:00:00Z"
save paris = .id
PATCH /v1/schedules/${paris} {"timezone": "UTC"}
-> 422  .errors[0].field == timezone  .errors[0].code == cron_timezone_conflict
# it runs
clock 2030-01-01T12:30:00Z
hook <- POST /count within 3s  header.carillon-scheduled-for =~ ^2030-01-01T12:30:00
GET /v1/schedules/${count} -> 200  .next_execution_at == "2030-01-01T13:30:00Z"
restart
clock 2030-01-01T13:30:00Z
hook <- POST /count within 3s  header.carillon-scheduled-for =~ ^2030-01-01T13:30:00
eventually GET /v1/schedules/${count} -> 200  .next_execution_at == null
sql select count(*) from schedule where next_at is null and wake_at is null == 1
clock 2030-01-01T15:30:00Z
hook count /count == 2
# changed, it counts anew from its DTSTART
PATCH /v1/schedules/${count} {"rrule": "DTSTART:20300101T123000Z\nRRULE:FREQ=HOURLY;COUNT=5"}
-> 200
GET /v1/schedules/${count} -> 200  .next_execution_at == "2030-01-01T16:30:00Z"
sql select count_end = '2030-01-01T16:30:00Z' from schedule where spec like '%COUNT=5%' == t
PATCH /v1/schedules/${count} {"cron": "0 9 * * *"}
-> 200
sql select count(*) from schedule where count_end is not null == 0
