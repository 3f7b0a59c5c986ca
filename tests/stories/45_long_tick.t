# Schedules whose next occurrence takes long to find (a calendar closes all that come after this one) hold the event loop
# up for a moment only, however many fall due at once.
clock 2030-01-05T12:00:00Z
server CARILLON_LOOKAHEAD=0
PUT /v1/calendars/mwf {"weekend": ["mon", "wed", "fri"]}
-> 201
POST /v1/schedules {"rrule": {"rule": "FREQ=SECONDLY;BYDAY=MO,WE,FR;BYHOUR=2", "dtstart": "20300101T000000", "rdate": ["20300105T120010Z"]},
	"timezone": "Australia/Lord_Howe", "calendar": "mwf", "task_template": {"target": "${hook}/once"}}
-> 201  .next_execution_at == "2030-01-05T12:00:10Z"
sql insert into schedule select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'created_at', s.created_at + i * interval '1 microsecond'))).* from schedule s, generate_series(1, 299) i
clock 2030-01-05T12:00:10Z
hook count /once == 300
sql select count(*) from occurrence == 300
sql select count(*) from schedule where next_at is not null == 0
log main !~ in=tick.due us=[0-9]{6}
term
