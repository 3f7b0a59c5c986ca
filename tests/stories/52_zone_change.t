# New zone data under a running server, while it is down, and with a process that is killed in the middle of the work.
clock 2030-01-01T12:00:00Z
shell mkdir -p ${folder}/tz; echo 'Zone Story/Town 1:00 - STT' > ${folder}/a.src
	PATH=$PATH:/usr/sbin; zic -d ${folder}/tz ${folder}/a.src; echo '# version 2030a' > ${folder}/tz/tzdata.zi
server TZDIR=${folder}/tz
GET /readyz?verbose -> 200  body has 2030a
metric carillon_tzdata_info{version="2030a"} == 1
eventually sql select version from zone_data == 2030a
POST /v1/schedules {"cron": "0 18 * * *", "timezone": "Story/Town", "task_template": {"target": "${hook}/town"}}
-> 201  .next_execution_at == "2030-01-01T17:00:00Z"
save town = .id
POST /v1/schedules {"rrule": "DTSTART:20300101T180000\nRRULE:FREQ=DAILY;COUNT=2", "timezone": "Story/Town",
	"task_template": {"target": "${hook}/rule"}}
-> 201  .next_execution_at == "2030-01-01T17:00:00Z"
save rule = .id
POST /v1/schedules {"cron": "0 18 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/utc"}}
-> 201  .next_execution_at == "2030-01-01T18:00:00Z"
save utc = .id
# the package comes; it is noticed, and believed when it has stood for five seconds (the line between gives time to look)
shell echo 'Zone Story/Town 2:00 - STT' > ${folder}/b.src; PATH=$PATH:/usr/sbin; zic -d ${folder}/tz ${folder}/b.src
	echo '# version 2030b' > ${folder}/tz/tzdata.zi
advance 31s
hook none /between
advance 6s
eventually GET /v1/schedules/${town} -> 200  .next_execution_at == "2030-01-01T16:00:00Z"
eventually GET /v1/schedules/${rule} -> 200  .next_execution_at == "2030-01-01T16:00:00Z"
GET /v1/schedules/${utc} -> 200  .next_execution_at == "2030-01-01T18:00:00Z"
eventually metric carillon_schedules_moved_total == 2
sql select count_end = '2030-01-02T16:00:00Z' from schedule where spec_kind = 4 == t
metric carillon_tzdata_info{version="2030b"} == 1
metric carillon_tzdata_info{version="2030a"} == no such metric
GET /readyz?verbose -> 200  body has 2030b
log has zones.changed from=2030a to=2030b
log has schedule.moved
eventually sql select count(*) from recompute == 0
# it runs by the new clock, once
clock 2030-01-01T15:56:00Z
clock 2030-01-01T16:00:00Z
hook <- POST /town within 3s  header.carillon-scheduled-for =~ ^2030-01-01T16:00:00
clock 2030-01-01T17:00:00Z
hook count /town == 1
# the same while nobody runs
term
shell echo 'Zone Story/Town 3:00 - STT' > ${folder}/c.src; PATH=$PATH:/usr/sbin; zic -d ${folder}/tz ${folder}/c.src
	echo '# version 2030c' > ${folder}/tz/tzdata.zi
restart
eventually GET /v1/schedules/${town} -> 200  .next_execution_at == "2030-01-02T15:00:00Z"
eventually sql select count(*) from recompute == 0
sql select version from zone_data == 2030c
# 1,200 schedules, and killed behind the first page: what is left is done by another process when a minute has passed
sql insert into schedule select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
	from schedule s, generate_series(1, 1200) where s.zone = 'Story/Town' and s.spec_kind = 1
shell echo 'Zone Story/Town 4:00 - STT' > ${folder}/d.src; PATH=$PATH:/usr/sbin; zic -d ${folder}/tz ${folder}/d.src
	echo '# version 2030d' > ${folder}/tz/tzdata.zi
fail main cp8
advance 31s
hook none /between
advance 6s
died
sql select count(*) from recompute where taken_at is not null == 1
sql select count(*) > 0 from schedule where spec_kind = 1 and next_at = '2030-01-02T14:00:00Z' == t
sql select count(*) > 500 from schedule where spec_kind = 1 and next_at = '2030-01-02T15:00:00Z' == t
server other TZDIR=${folder}/tz
sql select count(*) from recompute == 1
advance 61s
eventually sql select count(*) from recompute == 0
sql select count(*) from schedule where spec_kind = 1 and next_at = '2030-01-02T14:00:00Z' == 1201
# an older version than the database has seen is used, with a warning
shell echo '# version 2030b' > ${folder}/tz/tzdata.zi
advance 31s
hook none /between
advance 6s
eventually log other has zones.older
sql select version from zone_data == 2030d
