# Every code of the time engine, and every warning. Those of words are asked of parse-nl, the rest of validate, which answers
# 200 to whatever it is asked. (tests/suites/provoke.sh says which code no story has.)
clock 2026-03-02T15:00:00Z
server
# --- cron
GET /api/scheduler/validate?type=cron&value= -> 200  .valid == false  .code == cron_empty
GET /api/scheduler/validate?type=cron&value=${1,*200}1+*+*+*+* -> 200  .code == cron_too_long
GET /api/scheduler/validate?type=cron&value=*+*+* -> 200  .code == cron_field_count
GET /api/scheduler/validate?type=cron&value=5--+*+*+*+* -> 200  .code == cron_syntax  .part == minute
GET /api/scheduler/validate?type=cron&value=61+*+*+*+* -> 200  .code == cron_value_range
GET /api/scheduler/validate?type=cron&value=0+0+*+FOO+* -> 200  .code == cron_name  .part == month
GET /api/scheduler/validate?type=cron&value=*/0+*+*+*+* -> 200  .code == cron_step_zero
GET /api/scheduler/validate?type=cron&value=*/90+*+*+*+* -> 200  .code == cron_step_range
GET /api/scheduler/validate?type=cron&value=0+0+0+1+1+?+2030-2027 -> 200  .code == cron_range_order  .part == year
GET /api/scheduler/validate?type=cron&value=?+*+*+*+* -> 200  .code == cron_question
GET /api/scheduler/validate?type=cron&value=L+*+*+*+* -> 200  .code == cron_last
GET /api/scheduler/validate?type=cron&value=0+0+*+*+5W -> 200  .code == cron_weekday
GET /api/scheduler/validate?type=cron&value=0+0+*+*+MON%239 -> 200  .code == cron_nth
GET /api/scheduler/validate?type=cron&value=0+0+*+*+1,%2b2 -> 200  .code == cron_plus
GET /api/scheduler/validate?type=cron&value=@fortnightly -> 200  .code == cron_macro
GET /api/scheduler/validate?type=cron&value=@reboot -> 200  .code == cron_reboot
GET /api/scheduler/validate?type=cron&value=0+0+31+2+* -> 200  .code == cron_never
GET /api/scheduler/validate?type=cron&value=TZ=Asia/Tokyo+0+9+*+*+*&timezone=Europe/Paris
-> 200  .code == cron_timezone_conflict
# --- zones, intervals, durations, instants
GET /api/scheduler/validate?type=cron&value=0+9+*+*+*&timezone=Mars/Base -> 200  .code == timezone_unknown  .field == timezone
GET /api/scheduler/validate?type=every&value=0 -> 200  .code == interval_range
GET /api/scheduler/validate?type=every&value=often -> 200  .code == duration_syntax
GET /api/scheduler/validate?type=every&value=P1M -> 200  .code == duration_calendar
GET /api/scheduler/validate?type=cron&value=@every+99999d -> 200  .code == duration_range
GET /api/scheduler/validate?type=at&value=soon -> 200  .code == at_format
GET /api/scheduler/validate?type=at&value=2026-03-02T14:59:59Z -> 200  .code == at_past
# --- rules
GET /api/scheduler/validate?type=rrule&value= -> 200  .code == rrule_empty
GET /api/scheduler/validate?type=rrule&value=INTERVAL=2 -> 200  .code == rrule_freq
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;BYDAY=XX -> 200  .code == rrule_syntax
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;COLOUR=RED -> 200  .code == rrule_part
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;INTERVAL=0 -> 200  .code == rrule_value
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;INTERVAL=2;INTERVAL=3 -> 200  .code == rrule_duplicate
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;COUNT=1;UNTIL=20300101T000000Z -> 200  .code == rrule_count_until
GET /api/scheduler/validate?type=rrule&value=FREQ=WEEKLY;BYMONTHDAY=1 -> 200  .code == rrule_combination
GET /api/scheduler/validate?type=rrule&value=FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 -> 200  .code == rrule_never
GET /api/scheduler/validate?type=rrule&value=DTSTART;TZID=Asia/Tokyo:20260301T000000%0aRRULE:FREQ=DAILY&timezone=Europe/Paris
-> 200  .code == rrule_timezone_conflict
POST /api/v1/plans/preview {"recurrence": {"type": "calendar", "rule": "FREQ=DAILY;BYMONTHDAY=${1,*17000}1"}}
-> 422  .errors[0].code == rrule_too_long
POST /api/v1/plans/preview {"recurrence": {"type": "calendar",
	"rule": "DTSTART:20260301T000000\nRRULE:FREQ=DAILY\nEXDATE:${20260301T000000,*1000}20260301T000000"}}
-> 422  .errors[0].code == rrule_dates
# --- words
POST /api/scheduler/parse-nl {"text": ""}
-> 422  .code == nl_empty
POST /api/scheduler/parse-nl {"text": "${every *300}"}
-> 422  .code == nl_too_long
POST /api/scheduler/parse-nl {"text": "banana"}
-> 422  .code == nl_unrecognized
POST /api/scheduler/parse-nl {"text": "every day unless it rains"}
-> 422  .code == nl_unsupported
POST /api/scheduler/parse-nl {"text": "every day at 25:00"}
-> 422  .code == nl_out_of_range
POST /api/scheduler/parse-nl {"text": "every february 30"}
-> 422  .code == nl_never
POST /api/scheduler/parse-nl {"text": "today at 9am"}
-> 422  .code == nl_past
POST /api/scheduler/parse-nl {"text": "every day at 9am in atlantis"}
-> 422  .code == nl_timezone
POST /api/scheduler/parse-nl {"text": "7 times a day"}
-> 422  .code == nl_inexpressible
# --- warnings: good all the same
GET /api/scheduler/validate?type=cron&value=0+0+*/2+*+1
-> 200  .valid == true  .warnings[0].code == cron_star_step_days  .warnings[1].code == cron_uneven_step
GET /api/scheduler/validate?type=cron&value=0+0+31+*+* -> 200  .warnings[0].code == cron_skips_months
GET /api/scheduler/validate?type=cron&value=H+*+*+*+* -> 200  .warnings[0].code == cron_hash
GET /api/scheduler/validate?type=cron&value=30+2+*+*+*&timezone=America/New_York -> 200  .warnings[0].code == cron_dst_gap
GET /api/scheduler/validate?type=cron&value=30+1+*+*+*&timezone=America/New_York -> 200  .warnings[0].code == cron_dst_overlap
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY&dtstart=20260302T023000&timezone=America/New_York
-> 200  .warnings[0].code == dst_gap
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY&dtstart=20260302T013000&timezone=America/New_York
-> 200  .warnings[0].code == dst_overlap
GET /api/scheduler/validate?type=rrule&value=FREQ=WEEKLY;BYDAY=TU&dtstart=20260302T090000 -> 200  .warnings[0].code == rrule_dtstart
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY -> 200  .warnings[0].code == rrule_no_dtstart
GET /api/scheduler/validate?type=rrule&value=FREQ=MONTHLY;BYMONTHDAY=31&dtstart=20260131T090000 -> 200  .warnings[0].code == rrule_skips
GET /api/scheduler/validate?type=rrule&value=FREQ=DAILY;COUNT=2&dtstart=20260101T090000 -> 200  .warnings[0].code == no_next_run
PUT /v1/calendars/weekdays {"weekend": ["saturday", "sunday"]}
-> 201
GET /api/scheduler/validate?type=cron&value=0+9+*+*+6&calendar=weekdays -> 200  .warnings[0].code == calendar_never
