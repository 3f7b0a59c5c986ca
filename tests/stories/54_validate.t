# GET /api/scheduler/validate: 200 whatever it is asked; what is wrong, and where, is part of the answer.
clock 2026-03-02T15:00:00Z
server
# --- the document's example
GET /api/scheduler/validate?type=cron&value=0+9+*+*+1-5&timezone=America%2FNew_York
-> 200  .valid == true  header.content-type == application/json
	.next_runs == ["2026-03-03T09:00:00-05:00", "2026-03-04T09:00:00-05:00", "2026-03-05T09:00:00-05:00"]
	.human_readable == "At 09:00 AM, Monday through Friday, Eastern Time"  .warnings == []  #.occurrences == 3
	.occurrences[0].scheduled_for == "2026-03-03T14:00:00Z"  .error absent  .code absent
# the same asked at another time, of another start; `from` is inclusive
GET /api/scheduler/validate?type=cron&value=0+9+*+*+1-5&timezone=America%2FNew_York&from=2026-03-06T14:00:00Z&limit=2
-> 200  .next_runs == ["2026-03-06T09:00:00-05:00", "2026-03-09T09:00:00-04:00"]
# --- the other types
GET /api/scheduler/validate?type=every&value=3600&from=2026-03-02T10:30:00Z
-> 200  .valid == true  .next_runs == ["2026-03-02T10:30:00+00:00", "2026-03-02T11:30:00+00:00", "2026-03-02T12:30:00+00:00"]
GET /api/scheduler/validate?type=every&value=every+90+minutes&limit=1
-> 200  .next_runs == ["2026-03-02T16:30:00+00:00"]  .human_readable == "Every 90 minutes"
GET /api/scheduler/validate?type=at&value=2026-04-01T09:00:00&timezone=Europe%2FBerlin
-> 200  .valid == true  .next_runs == ["2026-04-01T09:00:00+02:00"]
GET /api/scheduler/validate?type=rrule&value=FREQ=MONTHLY;BYDAY=-1FR&dtstart=20260301T170000&timezone=Europe%2FParis
-> 200  .valid == true  .next_runs == ["2026-03-27T17:00:00+01:00", "2026-04-24T17:00:00+02:00", "2026-05-29T17:00:00+02:00"]
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY&dtstart=2026-03-03T08:00:00Z&exdate=20260304T080000Z,20260305T080000Z&rdate=20260303T120000Z
-> 200  .next_runs == ["2026-03-03T08:00:00+00:00", "2026-03-03T12:00:00+00:00", "2026-03-06T08:00:00+00:00"]
# --- clock changes are marked, warned of and follow the policy
GET /api/scheduler/validate?type=cron&value=30+2+*+*+*&timezone=America%2FNew_York&from=2026-03-08T00:00:00Z&limit=2
-> 200  .occurrences[0].local_time == "2026-03-08T03:00:00-04:00"  .occurrences[0].dst == gap
	.occurrences[1].dst absent  .warnings[code=cron_dst_gap].at == "2026-03-08T07:00:00Z"
	.warnings[code=cron_dst_gap].message has 2026-03-08
GET /api/scheduler/validate?type=cron&value=30+2+*+*+*&timezone=America%2FNew_York&from=2026-03-08T00:00:00Z&limit=1&dst_gap=skip
-> 200  .next_runs == ["2026-03-09T02:30:00-04:00"]
GET /api/scheduler/validate?type=cron&value=30+1+*+*+*&timezone=America%2FNew_York&from=2026-11-01T00:00:00Z&limit=2&dst_overlap=both
-> 200  .occurrences[0].dst == first  .occurrences[1].dst == second  .next_runs[1] == "2026-11-01T01:30:00-05:00"
GET /api/scheduler/validate?type=cron&value=*/7+*+*+*+* -> 200  .valid == true  .warnings[code=cron_uneven_step].message exists
# --- what is wrong
GET /api/scheduler/validate?type=cron&value=0+25+*+*+*
-> 200  .valid == false  .code == cron_value_range  .field == value  .part == hour  .position == 2  .length == 2
	.next_runs == []  .error has 25  .human_readable absent
GET /api/scheduler/validate?type=cron&value=0+0+31+2+* -> 200  .valid == false  .code == cron_never
GET /api/scheduler/validate?type=cron&value=*/90+*+*+*+* -> 200  .code == cron_step_range  .hint exists
GET /api/scheduler/validate?type=cron&value= -> 200  .valid == false  .code == cron_empty
GET /api/scheduler/validate?type=cron -> 200  .valid == false  .code == required  .field == value
GET /api/scheduler/validate?value=0+9+*+*+* -> 200  .valid == false  .code == type_unknown  .field == type
GET /api/scheduler/validate?type=hourly&value=1 -> 200  .valid == false  .code == type_unknown
GET /api/scheduler/validate?type=expression&value=1 -> 200  .valid == false  .code == not_a_condition  .next_runs absent
GET /api/scheduler/validate -> 200  .valid == false  .code == type_unknown  .next_runs == []
GET /api/scheduler/validate?type=every&value=1&from=9999-12-31T23:59:58Z -> 200  .valid == true  #.occurrences == 2
GET /api/scheduler/validate?type=every&value=0 -> 200  .valid == false  .code == interval_range
GET /api/scheduler/validate?type=every&value=often -> 200  .valid == false  .code == duration_syntax
GET /api/scheduler/validate?type=at&value=2026-03-02T14:59:59Z -> 200  .valid == false  .code == at_past
GET /api/scheduler/validate?type=at&value=soon -> 200  .valid == false  .code == at_format
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;BYDAY=XX&dtstart=20260301T000000
-> 200  .valid == false  .code == rrule_syntax  .part == BYDAY  .position == 17  .field == value
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY&dtstart=yesterday
-> 200  .valid == false  .field == dtstart
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY%0aFREQ=DAILY&rdate=20260401
-> 200  .valid == false  .code == rrule_duplicate  .field == value  .position == 11  .length == 10
GET /api/scheduler/validate?type=rrule&value=DTSTART:20260301T000000%0aRRULE:FREQ=DAILY&dtstart=20270101T000000
-> 200  .valid == false  .code == rrule_duplicate  .field == dtstart  .position == 0  .length == 15
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&timezone=Mars%2FBase
-> 200  .valid == false  .code == timezone_unknown  .field == timezone
GET /api/scheduler/validate?type=cron&value=TZ=Asia/Tokyo+0+9+*+*+*&timezone=UTC
-> 200  .valid == false  .code == cron_timezone_conflict
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&calendar=nobody -> 200  .valid == false  .code == calendar_unknown
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&calendar=%22%27 -> 200  .valid == false  .code == calendar_unknown
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&adjust=next
-> 200  .valid == false  .code == required  .field == calendar  .error has adjust
# what can be done instead is said by itself, too
GET /api/scheduler/validate?type=cron&value=*+*+* -> 200  .code == cron_field_count  .hint == "Write minute, hour, day of month, month and day of week."
GET /api/scheduler/validate?type=cron&value=*/90+*+*+*+* -> 200  .code == cron_step_range  .hint =~ ^[A-Z].*[.]$
GET /api/scheduler/validate?type=at&value=2026-03-02T14:59:59Z -> 200  .code == at_past  .hint == "Choose a time in the future."
# --- even the query itself
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&limit=101 -> 200  .valid == false  .code == out_of_range  .field == limit
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&from=never -> 200  .valid == false  .code == invalid_time  .field == from
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&dst_gap=jump -> 200  .valid == false  .code == invalid_value
GET /api/scheduler/validate?type=cron&value=%zz -> 200  .valid == false  .code == invalid_escape
GET /api/scheduler/validate?type=cron&value=%ff -> 200  .valid == false  .code == wrong_type
GET /api/scheduler/validate?typ=cron -> 200  .valid == false  .code == unknown_field
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&limit=100 -> 200  .valid == true  #.next_runs == 100
# --- a stored calendar
PUT /v1/calendars/de {"holidays": [{"date": "2026-03-03"}]}
-> 201
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&calendar=de&limit=2
-> 200  .next_runs == ["2026-03-04T09:00:00+00:00", "2026-03-05T09:00:00+00:00"]
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&calendar=de&adjust=next&limit=2
-> 200  .next_runs == ["2026-03-04T09:00:00+00:00", "2026-03-05T09:00:00+00:00"]
# what has passed by itself may be yet to come where the calendar moves it
GET /api/scheduler/validate?type=at&value=2026-03-03T09:00:00Z&from=2026-03-04T00:00:00Z&calendar=de&adjust=next
-> 200  .valid == true  .next_runs == ["2026-03-04T09:00:00+00:00"]
GET /api/scheduler/validate?type=at&value=2026-03-03T09:00:00Z&from=2026-03-04T10:00:00Z&calendar=de&adjust=next
-> 200  .valid == false  .code == at_past
# --- who may ask, and this API's own error bodies
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*
> Authorization:
-> 401  .error == unauthorized  .code == unauthorized  .status == 401  .message exists  .details == []
	header.content-type == application/json
POST /api/scheduler/validate {}
-> 405  .error == bad_request  .code == method_not_allowed
GET /api/scheduler/nothing -> 404  .error == not_found  .code == route_not_found
GET /api/schedulers -> 404  .title exists
metric carillon_http_requests_total{class="5xx"} == 0
