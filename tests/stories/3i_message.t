# Killed while a message is under way, and after it was delivered but before that was written: when its lease has run out it
# is sent again, by whoever is there; the run is not touched and its agent is not called again.
clock 2030-01-07T12:00:00Z
server
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/scheduler/jobs {"name": "Nightly", "agent_id": "bot", "schedule": {"type": "every", "interval": 86400}, "delivery": {"channel": "webhook:${hook}/in"}}
-> 201
save job = .id
hook answers /in 200  hang
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
hook <- POST /in  .run_id == ${run}
save message = header.webhook-id
eventually sql select state || ' ' || attempt from message == 2 1
kill -9
hook answers /in 200
restart
hook none /in
advance 60s
hook none /in
fail main cp15
advance 61s
hook <- POST /in  .run_id == ${run}  header.webhook-id == ${message}
died
sql select state || ' ' || attempt from message == 2 2
restart
advance 121s
hook <- POST /in  .run_id == ${run}  header.webhook-id == ${message}
eventually sql select state || ' ' || attempt from message == 3 3
hook count /bot == 1
hook count /in == 3
sql select string_agg(state || ' ' || attempt, ', ') from run_history == 3 1
# --- a drain lets it finish, or gives it back at once
hook answers /in 200  delay 300ms
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /in
term
sql select count(*) from message where state = 3 == 2
