# Business calendars: a holiday is skipped or its run moved; a changed calendar moves what comes next; one in use stays.
clock 2030-01-01T12:00:00Z
server
PUT /v1/calendars/office {"holidays": [{"date": "2030-01-02"}]}
-> 201  .name == office  .schedules == 0
PUT /v1/calendars/office {"holidays": [{"date": "2030-01-02"}]}
-> 200
sql select count(*) from recompute == 0
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "calendar": "office", "task_template": {"target": "${hook}/daily"}}
-> 201  .next_execution_at == "2030-01-03T09:00:00Z"  .calendar == office  .adjust == skip
save daily = .id
POST /v1/schedules {"cron": "0 9 2 * *", "timezone": "UTC", "calendar": "office", "adjust": "next",
	"task_template": {"target": "${hook}/monthly"}}
-> 201  .next_execution_at == "2030-01-03T09:00:00Z"
save monthly = .id
POST /v1/schedules {"cron": "0 9 1 1 *", "timezone": "UTC", "calendar": "office", "task_template": {"target": "${hook}/year"}}
-> 201
save year = .id
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/plain"}}
-> 201  .next_execution_at == "2030-01-02T09:00:00Z"
save plain = .id
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "calendar": "none", "task_template": {"target": "${hook}/x"}}
-> 422  .errors[0].field == calendar  .errors[0].code == calendar_unknown
# there is nothing to adjust without one
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "adjust": "next", "task_template": {"target": "${hook}/x"}}
-> 422  #.errors == 1  .errors[0].field == calendar  .errors[0].code == required  .errors[0].message has adjust
POST /v1/schedules {"cron": "0 25 * * *", "timezone": "UTC", "adjust": "next", "task_template": {"target": "${hook}/x"}}
-> 422  #.errors == 2  .errors[field=calendar].code == required
POST /v1/schedules {"cron": "0 25 * * *", "timezone": "UTC", "calendar": "office", "adjust": "next", "task_template": {"target": "${hook}/x"}}
-> 422  #.errors == 1  .errors[0].field == cron
PATCH /v1/schedules/${plain} {"adjust": "next"}
-> 422  .errors[0].field == calendar  .errors[0].code == required
PATCH /v1/schedules/${plain} {"calendar": null, "adjust": "next"}
-> 422  .errors[0].field == calendar  .errors[0].code == required
GET /v1/schedules/${plain} -> 200  .calendar absent  .adjust absent
PUT /v1/calendars/office {"holidays": [{"date": "2030-02-30"}]}
-> 422  .errors[0].field == holidays[0].date  .errors[0].code == invalid_date
# changed: those that name it move, by themselves and nothing else
PUT /v1/calendars/office {"holidays": [{"date": "2030-01-02"}, {"date": "2030-01-03"}, {"date": "01-01"}]}
-> 200  .schedules == 3
eventually GET /v1/schedules/${daily} -> 200  .next_execution_at == "2030-01-04T09:00:00Z"
eventually GET /v1/schedules/${monthly} -> 200  .next_execution_at == "2030-01-04T09:00:00Z"
eventually GET /v1/schedules/${year} -> 200  .next_execution_at == null
eventually metric carillon_schedules_moved_total == 3
GET /v1/schedules/${plain} -> 200  .next_execution_at == "2030-01-02T09:00:00Z"
eventually sql select count(*) from recompute == 0
log has schedule.moved
log has schedules.recomputed
# what the calendar left nothing of comes back with it
PUT /v1/calendars/office {"holidays": [{"date": "2030-01-02"}, {"date": "2030-01-03"}]}
-> 200
eventually GET /v1/schedules/${year} -> 200  .next_execution_at =~ ^203
# the holiday passes, the next open day runs
clock 2030-01-02T09:00:00Z
hook <- POST /plain within 3s
clock 2030-01-03T09:00:00Z
hook none /daily
clock 2030-01-04T09:00:00Z
hook <- POST /daily within 3s  header.carillon-scheduled-for =~ ^2030-01-04T09:00:00
hook <- POST /monthly within 3s  header.carillon-scheduled-for =~ ^2030-01-04T09:00:00
eventually GET /v1/schedules/${monthly} -> 200  .next_execution_at == "2030-02-04T09:00:00Z"
# the year as the calendar has it
GET /v1/calendars/office?year=2030 -> 200  #.closed_days == 2  .closed_days[0] == 2030-01-02
# a schedule that has had its calendar taken off, and one that gets it
PATCH /v1/schedules/${monthly} {"calendar": null}
-> 200
GET /v1/schedules/${monthly} -> 200  .next_execution_at == "2030-02-02T09:00:00Z"
PATCH /v1/schedules/${monthly} {"calendar": "nowhere"}
-> 422  .errors[0].code == calendar_unknown
PATCH /v1/schedules/${monthly} {"calendar": "office"}
-> 200
GET /v1/schedules/${monthly} -> 200  .adjust == skip
PATCH /v1/schedules/${monthly} {"adjust": "previous"}
-> 200
GET /v1/schedules/${monthly} -> 200  .next_execution_at == "2030-02-01T09:00:00Z"
# in use it stays
DELETE /v1/calendars/office -> 409  .code == calendar_in_use
DELETE /v1/schedules/${daily} -> 200
DELETE /v1/schedules/${monthly} -> 200
DELETE /v1/calendars/office -> 409
DELETE /v1/schedules/${year} -> 200
DELETE /v1/calendars/office -> 200
GET /v1/calendars/office -> 404
GET /v1/calendars -> 200  .total == 0
DELETE /v1/calendars/office -> 404
# what can be no name is not there
GET /v1/calendars/%ff -> 404
DELETE /v1/calendars/%ff -> 404
GET /v1/calendars/a%20b?year=2030 -> 404
# more than one page of them
PUT /v1/calendars/many {"holidays": []}
-> 201
POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "calendar": "many", "task_template": {"target": "${hook}/many"}}
-> 201  .next_execution_at == "2030-01-07T09:00:00Z"
sql insert into schedule select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'created_at', s.created_at + i * interval '1 microsecond'))).* from schedule s, generate_series(1, 1200) i where s.calendar = 'many'
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-07"}]}
-> 200
eventually sql select count(*) from recompute == 0
sql select count(*) from schedule where calendar = 'many' and next_at = '2030-01-08T09:00:00Z' == 1201
log has schedules=1201 moved=1201
# changed again and again, it does not wait more than once
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-08"}]}
-> 200
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-09"}]}
-> 200
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-10"}]}
-> 200
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-11"}]}
-> 200
PUT /v1/calendars/many {"holidays": [{"date": "2030-01-07"}, {"date": "2030-01-08"}]}
-> 200
sql select count(*) <= 2 from recompute == t
eventually sql select count(*) from recompute == 0
sql select count(*) from schedule where calendar = 'many' and next_at = '2030-01-09T09:00:00Z' == 1201
