# Where results go: to each platform in its own format, as its documents have it (the fakes check); refused, limited, down;
# tried again apart from the run, whose agent is called once.
clock 2030-01-07T12:00:00Z
server CARILLON_SMTP_URL=smtp://${smtp} CARILLON_SMTP_FROM=carillon@example.com
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/channels/slack/credentials {"token": "xoxb-11223344-SLACKTOKEN-a1b2", "api_base": "${hook}/fake/slack"}
-> 201
POST /api/channels/discord/credentials {"token": "DISCORDTOKEN.abcdef.0123456789", "api_base": "${hook}/fake/discord"}
-> 201
POST /api/channels/telegram/credentials {"token": "123456:TELEGRAMTOKENABCDEF1234567890abcdef", "api_base": "${hook}/fake/telegram"}
-> 201
POST /api/channels/teams/credentials {"webhook_url": "${hook}/fake/teams/workflows/TEAMSSECRET"}
-> 201
POST /api/channels/google_chat/credentials {"webhook_url": "${hook}/fake/google_chat/v1/spaces/AAAA/messages?key=k&token=GOOGLESECRET"}
-> 201
POST /api/channels/whatsapp/credentials {"token": "WHATSAPPTOKEN0123456789", "phone_number_id": "106540352242922", "api_base": "${hook}/fake/whatsapp"}
-> 201
POST /api/channels/webhook/credentials {"secret": "whsec_U0VDUkVURklWRVNFQ1JFVEZJVkU="}
-> 201
# --- each in its own format
hook answers /bot 200  header Content-Type: text/markdown  body **All good**: <3 rows> & more
POST /api/scheduler/jobs {"name": "Nightly", "agent_id": "bot", "schedule": {"type": "every", "interval": 86400}, "delivery": {"channel": "slack:#alerts", "format": "markdown"}}
-> 201
save job = .id
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
hook <- POST /fake/slack/api/chat.postMessage  .channel == #alerts  header.authorization == Bearer xoxb-11223344-SLACKTOKEN-a1b2
	.text =~ Nightly.*\*All good\*: &lt;3 rows&gt; &amp; more
eventually GET /api/scheduler/jobs/${job}/runs/${run} -> 200  .status == completed  .delivery.status == delivered
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "discord:123456789012345678", "format": "markdown"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/discord/api/v10/channels/123456789012345678/messages  header.authorization == Bot DISCORDTOKEN.abcdef.0123456789  .content has **All good**
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "telegram:-1001234567890", "format": "markdown"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/telegram/bot123456:TELEGRAMTOKENABCDEF1234567890abcdef/sendMessage  .chat_id exists  .text has All good
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "teams:ops", "format": "markdown"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/teams/workflows/TEAMSSECRET  .attachments[0].contentType == application/vnd.microsoft.card.adaptive  body has All good
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "google_chat:ops", "format": "markdown"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/google_chat/v1/spaces/AAAA/messages?key=k&token=GOOGLESECRET  .text has *All good*
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "whatsapp:+15551234567", "format": "text"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select count(*) from message where platform = 'whatsapp' and state = 3 == 1
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/in", "format": "text"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
hook <- POST /in  .event == run.completed  .run_id == ${run}  .job_id == ${job}  .job_name == Nightly  .status == completed
	.output == "**All good**: <3 rows> & more"  .error == null  .scheduled_for =~ ^2030-01-07T12:00:00
	header.webhook-id =~ ^msg_  header.webhook-signature =~ ^v1,  header.webhook-timestamp exists
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "email:ops@example.org"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
mail <- to ops@example.org  header.subject == Nightly  header.from has carillon@example.com  body has 3 rows
eventually sql select count(*) from message where state = 3 == 8
# --- JSON, as it is in a webhook and as code where people read
hook answers /bot 200  body {"rows": 3, "list": [1, 2.50]}
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/in", "format": "json"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /in  .output == {"rows": 3, "list": [1, 2.5]}  .format == json  body has 2.50
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "slack:#alerts", "format": "json"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/slack/api/chat.postMessage  .text =~ ```.*"rows": 3
# --- a failed run says why
hook answers /bot 500  body broken
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/in", "on": "failed"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /in  .event == run.failed  .status == failed  .error exists  .text =~ ^The run failed: 
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "slack:#alerts", "on": "always"}}
-> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/slack/api/chat.postMessage  .text has The run failed: http_status 500.
# --- refused: once, and the run stays completed
hook answers /bot 200
hook platform slack not_found
hook forget
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
eventually GET /api/scheduler/jobs/${job}/runs/${run} -> 200  .status == completed  .delivery.status == failed
sql select reason || ' ' || attempt from message where state = 4 == channel_not_found 1
eventually log has message.failed
hook count /bot == 1
# --- limited: not before it was asked, then delivered; and the agent was called once
hook forget
hook platform slack limited,ok
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
hook <- POST /fake/slack/api/chat.postMessage
eventually sql select attempt || ' ' || (reason is not null) from message where state = 1 == 1 true
hook none /fake/slack/api/chat.postMessage
advance 6s
hook <- POST /fake/slack/api/chat.postMessage
eventually GET /api/scheduler/jobs/${job}/runs/${run} -> 200  .status == completed  .delivery.status == delivered
hook count /bot == 1
# --- down: again and again, in the end failed
hook forget
hook platform slack server
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/slack/api/chat.postMessage
eventually sql select attempt from message where state = 1 == 1
advance 6s
eventually sql select attempt from message where state = 1 == 2
advance 17s
eventually sql select attempt from message where state = 1 == 3
advance 67s
eventually sql select attempt from message where state = 1 == 4
advance 6m
eventually sql select attempt from message where state = 1 == 5
advance 17m
eventually sql select attempt from message where state = 1 == 6
advance 67m
eventually sql select attempt from message where state = 1 == 7
advance 4h
eventually sql select attempt from message where state = 4 and attempt > 1 == 8
hook count /fake/slack/api/chat.postMessage == 8
hook count /bot == 1
metric carillon_messages_total{result="failed"} == 2
metric carillon_message_retries_total == 8
# --- many at once go as fast as they are taken, so many at a time
hook answers /fake/slack/api/chat.postMessage 200  delay 150ms  body {"ok": true, "channel": "C1", "ts": "1.2"}
hook forget
sql delete from message where state > 2
repeat 64 POST /api/scheduler/jobs/${job}/trigger
eventually sql select count(*) from message where state = 3 == 64
# --- one that hangs holds up nobody else: so many of a tenant are under way there, the others wait, other platforms go on
hook forget
hook answers /fake/slack/api/chat.postMessage 200  hang
repeat 30 POST /api/scheduler/jobs/${job}/trigger
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/in"}}
-> 200
eventually sql select count(*) >= 8 from message where state = 2 == t
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /in  .event == run.completed
sql select count(*) < 16 from message where state = 2 == t
eventually sql select count(*) from message where platform = 'slack' and state in (1, 2) == 30
kill -9
sql delete from message where state in (1, 2)
hook answers /fake/slack/api/chat.postMessage 200
restart
# --- quiet hours are asked again at each attempt: one that failed before they began waits for their end, and that is no attempt
hook forget
hook platform webhook server,ok
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "webhook:${hook}/fake/webhook/in", "quiet_hours": {"start": "22:00", "end": "06:00", "timezone": "UTC"}}}
-> 200
clock 2030-01-09T21:59:58Z
POST /api/scheduler/jobs/${job}/trigger -> 202
hook <- POST /fake/webhook/in
eventually sql select reason || ' ' || attempt from message where state = 1 == http_500 1
advance 8s
eventually sql select reason || ' ' || attempt || ' ' || (ready_at at time zone 'UTC') from message where state = 1 == quiet_hours 1 2030-01-10 06:00:00
hook none /fake/webhook/in
clock 2030-01-10T06:00:00Z
hook <- POST /fake/webhook/in
eventually sql select count(*) from message where state in (1, 2) == 0
# --- nobody to send with
PUT /api/scheduler/jobs/${job} {"delivery": {"channel": "slack:#alerts"}}
-> 200
DELETE /api/channels/slack/credentials -> 200
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
eventually GET /api/scheduler/jobs/${job}/runs/${run} -> 200  .delivery.status == failed
sql select count(*) from message where reason = 'no_credentials' == 1
# --- no secret in any of it
log lacks TOKEN
log lacks SECRET
sql select count(*) from message where detail like '%TOKEN%' or detail like '%SECRET%' or reason like '%TOKEN%' == 0
sql select count(*) from message where state in (1, 2) == 0
metric carillon_messages_total{result="failed"} == 1
term
