# Mail: through the operator's server, through one of the tenant's own; refused, put off, slow, gone.
clock 2030-01-07T12:00:00Z
server CARILLON_SMTP_URL=smtp://robot:pass%20word@${smtp} CARILLON_SMTP_FROM=carillon@example.com
GET /api/channels -> 200  .channels[platform=email].configured == true  .channels[platform=email].updated_at == null
POST /api/channels/email/test {"to": "ops@example.org", "text": "Grüße\n.\n..two dots\nfrom the train"}
-> 200  .delivered == true  .status == 250
mail <- to ops@example.org  header.mail-from == carillon@example.com  header.login == robot pass word  header.subject == Test
	body has Grüße
mail count == 1
POST /api/channels/email/test {"to": "ops@example.org", "text": ".\r\nQUIT\r\n.\r\n"}
-> 200  .delivered == true
mail <- to ops@example.org  body has QUIT
mail count == 2
# --- no is an answer: for good, or for now
mail answers to 550
POST /api/channels/email/test {"to": "nobody@example.org"}
-> 200  .delivered == false  .status == 550  .error == smtp_550  .detail =~ not at to
mail answers to 451
POST /api/channels/email/test {"to": "nobody@example.org"}
-> 200  .delivered == false  .status == 451
mail answers to 0
mail answers auth 535
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .status == 535
mail answers auth 0
mail answers connect 554
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .status == 554
mail answers connect 0
mail answers text 552
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .status == 552
mail answers text 0
mail answers data 200
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .error == protocol_error
mail answers data 0
mail count == 2
# --- a slow one is waited for, and nobody else waits: the loop goes on while the server thinks about the message
mail answers text 0  delay 1500ms
POST /api/agents {"id": "bot", "kind": "webhook", "endpoint": {"url": "${hook}/bot"}}
-> 201
POST /api/scheduler/jobs {"name": "Übersicht", "agent_id": "bot", "schedule": {"type": "every", "interval": 86400}, "delivery": {"channel": "email:team@example.org", "format": "markdown"}}
-> 201
save job = .id
hook answers /bot 200  header Content-Type: text/markdown  body # Done\n\n**12** rows
POST /api/scheduler/jobs/${job}/trigger -> 202
save run = .run_id
eventually sql select count(*) from message where state = 2 == 1
GET /livez -> 200
mail <- to team@example.org  header.subject == Übersicht  header.html has <strong>12</strong>  body has 12
eventually GET /api/scheduler/jobs/${job}/runs/${run} -> 200  .delivery.status == delivered
metric carillon_loop_stall_seconds_sum < 1.2
# --- put off: later, once; refused: never again
mail answers text 0
mail answers to 451,0
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select reason || ' ' || attempt from message where state = 1 and attempt = 1 =~ ^[a-z0-9_]+ 1$
advance 6s
mail <- to team@example.org
mail answers from 550
POST /api/scheduler/jobs/${job}/trigger -> 202
eventually sql select attempt from message where state = 4 == 1
mail answers from 0
mail count == 4
# --- a server of the tenant's own
POST /api/channels/email/credentials {"smtp_url": "smtp://tenant:OWNSECRET@${smtp}", "from": "Reports <reports@tenant.example>"}
-> 201
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == true
mail <- to ops@example.org  header.mail-from == reports@tenant.example  header.login == tenant OWNSECRET  header.from has Reports
mail answers auth 535
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  body lacks OWNSECRET
mail answers auth 0
POST /api/channels/email/credentials {"smtp_url": "smtp://127.0.0.1:1", "from": "reports@tenant.example"}
-> 200
POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .error == connect_error  .status == 0
POST /api/channels/email/test {"to": "ops@example.org\r\nBcc: all@example.org"}
-> 422
log lacks OWNSECRET
log lacks pass word
log lacks pass%20word
# --- the operator's server may be a private address; a tenant's may not, unless that is allowed
server strict CARILLON_ALLOW_PRIVATE_TARGETS=0 CARILLON_SMTP_URL=smtp://${smtp} CARILLON_SMTP_FROM=carillon@example.com
@strict POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == false  .error == target_forbidden
@strict POST /api/channels/email/credentials {"smtp_url": "smtp://${smtp}", "from": "a@b.example"}
-> 422  .details[0].field == smtp_url
@strict POST /api/channels/email/credentials {"smtp_url": "smtp://localhost", "from": "a@b.example"}
-> 422  .details[0].field == smtp_url
@strict DELETE /api/channels/email/credentials -> 200
@strict POST /api/channels/email/test {"to": "ops@example.org"}
-> 200  .delivered == true
mail <- to ops@example.org  header.mail-from == carillon@example.com
term strict
term
