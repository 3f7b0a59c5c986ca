# What channels are sent with: taken in, checked, kept sealed, shown masked, tried out, forgotten; and never seen again, in
# an answer, in a log, or in the database.
clock 2030-01-01T00:00:00Z
server
GET /api/channels -> 200  .count == 8  #.channels == 8
GET /api/channels
-> 200  .channels[platform=slack].configured == false  .channels[platform=slack].credentials == {}
	.channels[platform=slack].takes == ["token", "webhook_url", "webhook_urls", "api_base"]
	.channels[platform=telegram].needs == ["token"]  .channels[platform=teams].needs_one_of == ["webhook_url", "webhook_urls"]
	.channels[platform=webhook].configured == true  .channels[platform=email].configured == false
# --- in
POST /api/channels/slack/credentials {"token": "xoxb-11223344-SECRETONE-a1b2", "api_base": "${hook}/fake/slack"}
-> 201  .platform == slack  .configured == true  .credentials.token == "xoxb-…a1b2"  .credentials.api_base == ${hook}/fake/slack
	.problem == null  .updated_at == "2030-01-01T00:00:00Z"
advance 1m
POST /api/channels/slack/credentials {"token": "xoxb-11223344-SECRETTWO-c3d4", "api_base": "${hook}/fake/slack"}
-> 200  .credentials.token == "xoxb-…c3d4"  .updated_at == "2030-01-01T00:01:00Z"
POST /api/channels/teams/credentials {"webhook_urls": {"ops": "${hook}/fake/teams/workflows/SECRETHREE/wxyz"}}
-> 201  .credentials.webhook_urls.ops == "${hook}/…wxyz"
POST /api/channels/email/credentials {"smtp_url": "smtp://robot:SECRETFOUR@${smtp}", "from": "robot@example.com"}
-> 201  .credentials.smtp_url == "smtp://…@${smtp}"  .credentials.from == robot@example.com
POST /api/channels/webhook/credentials {"secret": "whsec_U0VDUkVURklWRVNFQ1JFVEZJVkU="}
-> 201  .credentials.secret lacks U0VDUkVUR
GET /api/channels
-> 200  .channels[platform=slack].credentials.token == "xoxb-…c3d4"  .channels[platform=email].configured == true  body lacks SECRET
	.channels[platform=discord].configured == false
# --- what is not taken
POST /api/channels/slack/credentials {"token": "ghp_0123456789abcdef"}
-> 422  .details[0].field == token
POST /api/channels/slack/credentials {}
-> 422  .details[0].code == required
POST /api/channels/teams/credentials {"token": "x"}
-> 422
POST /api/channels/slack/credentials {"token": "xoxb-1-2-3", "api_base": "${hook}/x?y=1"}
-> 422  .details[0].field == api_base
POST /api/channels/email/credentials {"smtp_url": "smtp://mail.example.com/path", "from": "a@b.example"}
-> 422  .details[0].field == smtp_url
POST /api/channels/email/credentials {"smtp_url": "http://mail.example.com", "from": "a@b.example"}
-> 422  .details[0].field == smtp_url
POST /api/channels/pigeon/credentials {"token": "x"}
-> 404
DELETE /api/channels/discord/credentials -> 404
GET /api/channels/slack -> 404  .error == not_found
# --- tried out
POST /api/channels/slack/test {"to": "#alerts"}
-> 200  .delivered == true  .error == null  .detail == null  .status == 200
hook <- POST /fake/slack/api/chat.postMessage  header.authorization == Bearer xoxb-11223344-SECRETTWO-c3d4  .channel == #alerts
POST /api/channels/slack/test {"to": "slack:C0123ABCD", "text": "*hello* <there>"}
-> 200  .delivered == true
hook <- POST /fake/slack/api/chat.postMessage  .channel == C0123ABCD  body has &lt;there&gt;
hook platform slack not_found,limited,ok
POST /api/channels/slack/test {"to": "#nowhere"}
-> 200  .delivered == false  .error == channel_not_found
POST /api/channels/slack/test {"to": "#alerts"}
-> 200  .delivered == false  .error =~ rate|limited
POST /api/channels/slack/test {"to": "nowhere"}
-> 422  .details[0].field == to
POST /api/channels/discord/test {"to": "123456789"}
-> 200  .delivered == false  .error == no_credentials  .status == 0
POST /api/channels/webhook/test {"to": "${hook}/in", "format": "json", "text": "{\"a\": 1}"}
-> 200  .delivered == true
hook <- POST /in  .output.a == 1  .event == test  header.webhook-signature =~ ^v1,  header.webhook-id =~ ^msg_
hook answers /in 500  body the secret is U0VDUkVURklWRVNFQ1JFVEZJVkU=
POST /api/channels/webhook/test {"to": "${hook}/in"}
-> 200  .delivered == false  .error == http_500  body lacks U0VDUkVURklWRV
# a platform that says a secret itself
POST /api/channels/telegram/credentials {"token": "123456:SECRETsix", "api_base": "${hook}"}
-> 201
hook answers /bot123456:SECRETsix/sendMessage 401  body {"ok": false, "error_code": 401, "description": "Unauthorized: 123456:SECRETsix is nobody"}
POST /api/channels/telegram/test {"to": "@nowhere"}
-> 200  .delivered == false  .status == 401  .detail has Unauthorized: …  body lacks SECRETsix
DELETE /api/channels/telegram/credentials -> 200
# --- sealed: not in the rows, not in the log; another key is told apart
sql select count(*) from channel_credential == 4
sql select bool_or(position('SECRET'::bytea in sealed) > 0 or position('robot'::bytea in sealed) > 0) from channel_credential == f
sql select count(*) from channel_credential where sealed is not null and octet_length(sealed) > 40 == 4
log lacks SECRET
log lacks U0VDUkVURklWRV
sql update channel_credential set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where platform = 'teams'
GET /api/channels -> 200  .channels[platform=teams].problem == credentials_damaged  .channels[platform=teams].configured == true
POST /api/channels/teams/test {"to": "ops"}
-> 200  .delivered == false  .error == credentials_damaged
sql update channel_credential set sealed = (select sealed from channel_credential where platform = 'slack') where platform = 'discord'
sql update channel_credential set platform = 'telegram' where platform = 'slack'
GET /api/channels -> 200  .channels[platform=telegram].problem == credentials_damaged
shell grep -Eq '^[0-9a-f]{64}$' ${folder}/data/secret.key && test "$(stat -c %a ${folder}/data/secret.key)" = 600
# --- without its key a server knows that it has none; a key that others may read is not taken
term
shell mv ${folder}/data/secret.key ${folder}/old.key; echo 00 > ${folder}/data/secret.key; chmod 600 ${folder}/data/secret.key
restart
log has secret_key.none
GET /api/channels -> 200  .channels[platform=email].problem == secret_key_missing
POST /api/channels/telegram/credentials {"token": "123456:ABC-DEF"}
-> 503  .code == secret_key_missing
DELETE /api/channels/telegram/credentials -> 200  .status == deleted
term
shell rm ${folder}/data/secret.key
restart
GET /api/channels -> 200  .channels[platform=email].problem == secret_key_changed
term
shell cp ${folder}/old.key ${folder}/data/secret.key; chmod 644 ${folder}/data/secret.key
restart
GET /api/channels -> 200  .channels[platform=email].problem == secret_key_missing
log has chmod 600 it
term
shell chmod 600 ${folder}/data/secret.key
restart
GET /api/channels -> 200  .channels[platform=email].problem == null  .channels[platform=email].credentials.from == robot@example.com
# --- forgotten
DELETE /api/channels/email/credentials -> 200  .platform == email  .status == deleted
DELETE /api/channels/email/credentials -> 404
GET /api/channels -> 200  .channels[platform=email].configured == false
term
