# Two servers on one database: what one revokes the other refuses, within 5 s; both began anew, still.
clock 2030-01-01T00:00:00Z
server a
server b
POST /api/auth/keys {"name": "one", "role": "viewer"}
-> 201
save one = .key
save one_id = .id
POST /api/auth/keys {"name": "two", "role": "viewer"}
-> 201
save two = .key
save two_id = .id
@a GET /v1/schedules
> Authorization: Bearer ${one}
-> 200
@b GET /v1/schedules
> Authorization: Bearer ${one}
-> 200
@b GET /v1/schedules
> Authorization: Bearer ${two}
-> 200
# --- one is refused where it was revoked at once, on the other when what it remembers is 4 s old
@a DELETE /api/auth/keys/${one_id} -> 200
@a GET /v1/schedules
> Authorization: Bearer ${one}
-> 401
eventually @b GET /v1/schedules -> 401
> Authorization: Bearer ${one}
# --- an end is seen by both at its instant: rotated on one
@b GET /v1/schedules
> Authorization: Bearer ${two}
-> 200
@a POST /api/auth/keys/${two_id}/rotate {"overlap": 60}
-> 201
save three = .key
@b GET /v1/schedules
> Authorization: Bearer ${three}
-> 200
# what each remembers of the use of a key is written by both
advance 1m
eventually @b GET /v1/schedules -> 401
> Authorization: Bearer ${two}
eventually sql select count(*) from api_key where last_used_at >= '2030-01-01T00:00:00Z' and name = 'two' == 2
# --- and after both have died
kill a
kill b
restart a
restart b
@a GET /v1/schedules
> Authorization: Bearer ${one}
-> 401
@b GET /v1/schedules
> Authorization: Bearer ${two}
-> 401
@b GET /v1/schedules
> Authorization: Bearer ${three}
-> 200
# --- two that revoke the last two admin keys at once leave one
@a POST /api/auth/keys {"name": "boss", "role": "admin"}
-> 201
@b GET /api/auth/keys -> 200
save boss = .keys[name=boss].id
save own = .keys[name=CARILLON_API_KEY].id
shell cd ${folder}; for id in ${boss} ${own}; do for at in ${a} ${b}; do curl -s -o /dev/null -X DELETE -H 'Authorization: Bearer ${key}' $at/api/auth/keys/$id & done; done; wait
sql select count(*) from api_key where role = 4 and revoked_at is null == 1
