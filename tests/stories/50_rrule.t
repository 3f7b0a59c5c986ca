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

# A rule with many dates is whole by itself, and left out of a list.
POST /v1/schedules {"rrule": {"rule": "FREQ=DAILY", "dtstart": "20270101T090000", "exdate": ["20270101T090000","20270101T090001","20270101T090002","20270101T090003","20270101T090004","20270101T090005","20270102T090000","20270102T090001","20270102T090002","20270102T090003","20270102T090004","20270102T090005","20270103T090000","20270103T090001","20270103T090002","20270103T090003","20270103T090004","20270103T090005","20270104T090000","20270104T090001","20270104T090002","20270104T090003","20270104T090004","20270104T090005","20270105T090000","20270105T090001","20270105T090002","20270105T090003","20270105T090004","20270105T090005","20270106T090000","20270106T090001","20270106T090002","20270106T090003","20270106T090004","20270106T090005","20270107T090000","20270107T090001","20270107T090002","20270107T090003","20270107T090004","20270107T090005","20270108T090000","20270108T090001","20270108T090002","20270108T090003","20270108T090004","20270108T090005","20270109T090000","20270109T090001","20270109T090002","20270109T090003","20270109T090004","20270109T090005","20270110T090000","20270110T090001","20270110T090002","20270110T090003","20270110T090004","20270110T090005","20270111T090000","20270111T090001","20270111T090002","20270111T090003","20270111T090004","20270111T090005","20270112T090000","20270112T090001","20270112T090002","20270112T090003","20270112T090004","20270112T090005","20270113T090000","20270113T090001","20270113T090002","20270113T090003","20270113T090004","20270113T090005","20270114T090000","20270114T090001","20270114T090002","20270114T090003","20270114T090004","20270114T090005","20270115T090000","20270115T090001","20270115T090002","20270115T090003","20270115T090004","20270115T090005","20270116T090000","20270116T090001","20270116T090002","20270116T090003","20270116T090004","20270116T090005","20270117T090000","20270117T090001","20270117T090002","20270117T090003","20270117T090004","20270117T090005","20270118T090000","20270118T090001","20270118T090002","20270118T090003","20270118T090004","20270118T090005","20270119T090000","20270119T090001","20270119T090002","20270119T090003","20270119T090004","20270119T090005","20270120T090000","20270120T090001","20270120T090002","20270120T090003","20270120T090004","20270120T090005","20270121T090000","20270121T090001","20270121T090002","20270121T090003","20270121T090004","20270121T090005","20270122T090000","20270122T090001","20270122T090002","20270122T090003","20270122T090004","20270122T090005","20270123T090000","20270123T090001","20270123T090002","20270123T090003","20270123T090004","20270123T090005","20270124T090000","20270124T090001","20270124T090002","20270124T090003","20270124T090004","20270124T090005","20270125T090000","20270125T090001","20270125T090002","20270125T090003","20270125T090004","20270125T090005","20270126T090000","20270126T090001","20270126T090002","20270126T090003","20270126T090004","20270126T090005"]}, "timezone": "UTC", "task_template": {"target": "${hook}/long"}}
-> 201  .rrule.exdate[155] == "20270126T090005"  .description exists  .rrule_omitted absent
save long = .id
GET /v1/schedules/${long} -> 200  .rrule.exdate[155] == "20270126T090005"  .rrule_omitted absent
GET /v1/schedules?limit=1 -> 200  .schedules[0].id == ${long}  .schedules[0].rrule absent  .schedules[0].rrule_omitted == true
	.schedules[0].description absent
