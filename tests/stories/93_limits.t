# Limits: requests of a tenant, bad keys of an address.
clock 2030-01-01T00:00:00Z
server CARILLON_REQUEST_RATE=15 CARILLON_AUTH_FAILURES=3
sql with o as (insert into organization (id, name, created_at) values ('01900000-0000-7000-8000-000000000001', 'other', now()) returning id), t as (insert into tenant (id, organization_id, bucket, name, created_at) select '01900000-0000-7000-8000-000000000002', id, 7, 'other', now() from o returning id) insert into api_key (hash, id, tenant_id, name, role, created_at) select sha256(k::bytea), i::uuid, t.id, k, 4, now() from t, (values ('other-key-0123456789abcdef', '01900000-0000-7000-8000-000000000003'), ('third-key-0123456789abcdef', '01900000-0000-7000-8000-000000000004')) v(k, i)
# --- every answer to somebody who has shown a key says what is left: 15 a minute are one in four seconds
GET /v1/tasks -> 200  header.ratelimit-policy == "tenant";q=15;w=60  header.ratelimit == "tenant";r=14;t=4
GET /v1/tasks/task_nothing -> 404  header.ratelimit =~ ^"tenant";r=13;t=[34]$
POST /v1/tasks {"target": 1}
-> 422  header.ratelimit =~ ^"tenant";r=12;t=[34]$  header.retry-after absent
GET /api/v1/usage
-> 200  .requests.limit == 15  .requests.window_seconds == 60  .requests.remaining == 11
	.schedules.used == 0  .schedules.limit == null  .min_interval_seconds == null  .payload_bytes == 1048576
# --- and nobody else
GET /livez -> 200  header.ratelimit absent
GET /v1/tasks
> Authorization:
-> 401  header.ratelimit absent  header.ratelimit-policy absent
# --- to the end
repeat 11 GET /api/scheduler/jobs
-> 200  header.ratelimit =~ ^"tenant";r=0;t=[34]$
GET /v1/tasks
-> 429  .code == rate_limited  header.retry-after =~ ^[34]$  header.ratelimit =~ ^"tenant";r=0;t=[34]$
	header.ratelimit-policy == "tenant";q=15;w=60
GET /api/scheduler/jobs -> 429  .code == rate_limited
GET /api/v1/usage -> 429  .code == rate_limited
# what is refused is not done
POST /v1/tasks {"target": "${hook}/refused"}
-> 429
sql select count(*) from run == 0
metric carillon_http_limited_total{limit="requests"} == 4
# a limit of its own for this tenant: noticed within five seconds, see below
sql update tenant set request_rate = 0 where name = 'default'
# --- other tenants have limits of their own, in the same process; the keys of one share it
GET /v1/tasks
> Authorization: Bearer other-key-0123456789abcdef
-> 200  header.ratelimit == "tenant";r=14;t=4
GET /v1/tasks
> Authorization: Bearer third-key-0123456789abcdef
-> 200  header.ratelimit =~ ^"tenant";r=13;t=[34]$
repeat 13 GET /v1/tasks
> Authorization: Bearer other-key-0123456789abcdef
-> 200  header.ratelimit =~ ^"tenant";r=0;t=[34]$
# --- bad keys: three from an address, whatever they ask for and however they are bad; none is none
GET /v1/tasks
> Authorization: Bearer a-guess-0123456789
-> 401  .code == unauthorized  header.ratelimit absent
GET /api/v1/usage
> Authorization: Bearer
-> 401
GET /api/v1/usage
> Authorization: Bearer other-key-0123456789abcdeF
-> 401
GET /v1/tasks?api_key=another-guess
> Authorization:
-> 401
GET /v1/tasks
> Authorization: Bearer a-guess-0123456789
-> 429  .code == too_many_failures  header.retry-after =~ ^(19|20)$  header.ratelimit absent
GET /api/v1/usage
> Authorization: Bearer a-guess-0123456789
-> 429  .code == too_many_failures
GET /api/scheduler/jobs
> Authorization: Bearer a-guess-0123456789
-> 429  .code == too_many_failures
metric carillon_auth_failures_total == 3
metric carillon_http_limited_total{limit="auth_failures"} == 3
# --- a key that nobody has used here lately may be a guess
sql insert into api_key (hash, id, tenant_id, name, role, created_at) select sha256('fresh-key-0123456789abcdef'), '01900000-0000-7000-8000-000000000005', id, 'fresh', 4, now() from tenant where name = 'other'
GET /v1/tasks
> Authorization: Bearer fresh-key-0123456789abcdef
-> 429  .code == too_many_failures
# --- time gives back, one by one; and a key that was good passes, also when it is looked up again
GET /v1/tasks
> Authorization: Bearer other-key-0123456789abcdef
-> 429  .code == rate_limited
eventually GET /v1/tasks
> Authorization: Bearer other-key-0123456789abcdef
-> 200  header.ratelimit == "tenant";r=0;t=4
eventually GET /v1/tasks -> 200  header.ratelimit absent
GET /api/v1/usage -> 200  .requests.limit == null  .requests.remaining == null  .requests.window_seconds == 60
GET /v1/tasks
> Authorization: Bearer fresh-key-0123456789abcdef
-> 429  .code == too_many_failures
# --- one that was taken back is no good key any more
sql update api_key set revoked_at = now() where name = 'third-key-0123456789abcdef'
eventually GET /v1/tasks
> Authorization: Bearer third-key-0123456789abcdef
-> 401
GET /v1/tasks
> Authorization: Bearer third-key-0123456789abcdef
-> 429
# --- many at once with a good key that is not known yet are no guesses: the first of them makes it known
server cold CARILLON_AUTH_FAILURES=1
shell seq 12 | xargs -P 12 -IN curl -q -s -H 'Authorization: Bearer ${key}' -o /dev/null -w '%{http_code}\n' ${cold}/v1/tasks > ${folder}/codes
	test "$(sort ${folder}/codes | uniq -c | tr -s ' \n' ' ')" = ' 12 200 '
metric @cold carillon_http_limited_total{limit="auth_failures"} == 0
# --- without limits nothing is said and nothing refused
server free CARILLON_REQUEST_RATE=0 CARILLON_AUTH_FAILURES=0
@free GET /v1/tasks -> 200  header.ratelimit absent  header.ratelimit-policy absent
repeat 40 @free GET /v1/tasks
@free GET /api/v1/usage -> 200  .requests.limit == null
