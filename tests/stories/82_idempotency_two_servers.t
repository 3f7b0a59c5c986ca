# Two processes on one database race with one key: the database decides, and both tell the same. Also for a request that
# reaches beyond the database, and for answers that have a secret in them.
clock 2030-01-01T12:00:00Z
server A
server B
race 64 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H"}
> Idempotency-Key: race
-> 201  .s201 >= 1  .bodies == 1  .s500 absent  .s503 absent
sql select count(*) from run == 1
@B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H"}
> Idempotency-Key: race
-> 201  header.idempotent-replayed == true
# an array in one statement
race 16 @A @B POST /v1/tasks [{"target": "${hook}/b", "execute_after": "PT1H"}, {"target": "${hook}/c", "execute_after": "PT1H"}]
> Idempotency-Key: array
-> 201  .bodies == 1  .s500 absent  .s503 absent
sql select count(*) from run == 3
sql select count(*) || ' ' || max(block) - count(distinct block) from audit == 3 0
# compare-and-set
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save schedule = .id
race 16 @A @B PATCH /v1/schedules/${schedule} {"enabled": false}
> Idempotency-Key: pause
-> 200  .bodies == 1  .s500 absent  .s503 absent
sql select rev from schedule == 2
# a refusal for what the twin has just done is none: its answer comes (each of these was 412, 409 or 403 in most races)
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded0
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u0"}
> Idempotency-Key: unique0
-> 201  .s201 == 2  .bodies == 1
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded1
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u1"}
> Idempotency-Key: unique1
-> 201  .s201 == 2  .bodies == 1
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded2
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u2"}
> Idempotency-Key: unique2
-> 201  .s201 == 2  .bodies == 1
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded3
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u3"}
> Idempotency-Key: unique3
-> 201  .s201 == 2  .bodies == 1
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded4
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u4"}
> Idempotency-Key: unique4
-> 201  .s201 == 2  .bodies == 1
@A POST /v1/schedules {"cron": "0 9 * * *", "timezone": "UTC", "task_template": {"target": "${hook}/a"}}
-> 201
save guarded = .id
race 8 @A @B PATCH /v1/schedules/${guarded} {"enabled": false}
> Idempotency-Key: guarded5
> If-Match: "1"
-> 200  .bodies == 1  .s412 absent
race 2 @A @B POST /v1/tasks {"target": "${hook}/a", "execute_after": "PT1H", "unique_id": "u5"}
> Idempotency-Key: unique5
-> 201  .s201 == 2  .bodies == 1
@A PATCH /v1/schedules/${guarded} {"enabled": true}
> Idempotency-Key: other
> If-Match: "1"
-> 412  .code == precondition_failed
@A PATCH /v1/schedules/${guarded} {"enabled": true}
> Idempotency-Key: guarded5
> If-Match: "2"
-> 422  .code == idempotency_key_reused
# --- what is sent is not sent twice: the row is there before, and says so to the other process
@A POST /api/channels/webhook/credentials {"secret": "whsec_U0VDUkVURklWRVNFQ1JFVEZJVkU="}
-> 201
hook answers /message 200  delay 300ms
race 16 @A @B POST /api/channels/webhook/test {"to": "${hook}/message", "text": "x"}
> Idempotency-Key: send
-> 200  .s200 >= 1  .bodies == 1  .s500 absent
hook count /message == 1
@B POST /api/channels/webhook/test {"to": "${hook}/message", "text": "x"}
> Idempotency-Key: send
-> 200  header.idempotent-replayed == true
hook count /message == 1
# the process that was at it has died: for two minutes nobody knows what became of it, then it is done again
sql update idempotency set status = 0 where key_hash = sha256('send')
@B POST /api/channels/webhook/test {"to": "${hook}/message", "text": "x"}
> Idempotency-Key: send
-> 409  .code == idempotency_in_progress  header.retry-after == 1
advance 121s
@B POST /api/channels/webhook/test {"to": "${hook}/message", "text": "x"}
> Idempotency-Key: send
-> 200  header.idempotent-replayed absent
hook count /message == 2
# refused, it may be sent again at once
@A POST /api/channels/discord/test {"to": ""}
> Idempotency-Key: refused
-> 422
sql select count(*) from idempotency where key_hash = sha256('refused') == 0
# --- a secret is kept sealed, and told again to who asks again
@A POST /api/auth/keys {"name": "a", "role": "viewer"}
> Idempotency-Key: key
-> 201  .key =~ ^crl_
save made = .key
@B POST /api/auth/keys {"name": "a", "role": "viewer"}
> Idempotency-Key: key
-> 201  .key == ${made}  header.idempotent-replayed == true
sql select sealed || ' ' || position(convert_to('${made}', 'UTF8') in body) from idempotency where key_hash = sha256('key') == true 0
@B GET /v1/tasks?limit=1
> Authorization: Bearer ${made}
-> 200
metric carillon_idempotency_kept_apart_total == 0
