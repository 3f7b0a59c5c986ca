# In quiet hours a message waits for their end; none is lost. They are in the job's zone, across midnight and on their days.
clock 2030-01-07T12:00:00Z
server
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
hook answers /bot 200  body done
POST /api/scheduler/jobs {"name": "Night", "agent_id": "bot",
	"schedule": {"type": "cron", "expression": "30 22 * * *", "timezone": "Europe/Berlin"},
	"delivery": {"channel": "webhook:${hook}/told", "quiet_hours": {"start": "22:00", "end": "07:00"}}}
-> 201
save job = .id
# by day it goes at once
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /told within 3s
sql select count(*) from message where reason is not null == 0
# 22:30 in Berlin: held back until 07:00 there
clock 2030-01-07T21:30:00Z
eventually sql select count(*) from run_history == 2
eventually sql select state || ' ' || reason || ' ' || (ready_at = '2030-01-08T06:00:00Z') from message order by id desc limit 1 == 1 quiet_hours true
clock 2030-01-08T05:59:59Z
hook none /told
clock 2030-01-08T06:00:01Z
hook <- POST /told within 3s
eventually sql select count(*) from message where state = 3 == 2
# those of Tuesday begin on Tuesday evening and hold on Wednesday morning; in another zone than the job's
PATCH /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/told",
	"quiet_hours": {"start": "22:00", "end": "07:00", "days": ["tue"], "timezone": "UTC"}}}
-> 200
clock 2030-01-08T22:00:00Z
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select (ready_at = '2030-01-09T07:00:00Z')::text from message where state = 1 == true
clock 2030-01-09T07:00:01Z
hook <- POST /told within 3s
clock 2030-01-09T22:00:00Z
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /told within 3s
