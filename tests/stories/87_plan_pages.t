# Pages of plans: a cursor leads to every plan that was there once, whatever comes and goes between the pages; filters; a page that
# finds nothing says where to look on; a cursor of another list, or an edited one, is refused.
clock 2030-01-01T00:00:00Z
server
PUT /api/v1/actions/a.b {"target": "${hook}/a"}
-> 201
PUT /api/v1/actions/a.c {"target": "${hook}/a"}
-> 201
repeat 250 POST /api/v1/plans {"action": "a.b", "name": "p${i}", "recurrence": "0 9 * * *"}
# a hundred were made at one instant (by two processes, say): their ids tell them apart
sql update schedule set created_at = (select created_at from schedule where name = 'p150') where substr(name, 2)::int between 100 and 200
GET /api/v1/plans -> 200  #.plans == 20  .plans[0].name == p250  .plans[19].name == p231  .next_cursor =~ ^.{43}$
GET /api/v1/plans?limit=100 -> 200  #.plans == 100  .plans[0].name == p250  .plans[49].name == p201  .plans[50].name == p200  .plans[99].name == p151
save next = .next_cursor
save gone = .plans[99].id
# what comes now is newer than the whole list; what goes leaves no hole, even where the cursor stands
repeat 30 POST /api/v1/plans {"action": "a.c", "name": "q${i}", "execute_at": "2030-06-01T00:00:00Z"}
sql delete from schedule where name in ('p151', 'p140', 'p60') returning 'gone' == gone
GET /api/v1/plans?limit=100&cursor=${next} -> 200  #.plans == 100  .plans[0].name == p150  .plans[9].name == p141  .plans[10].name == p139
	.plans[50].name == p99  .plans[99].name == p49
save next = .next_cursor
GET /api/v1/plans?limit=100&cursor=${next} -> 200  #.plans == 48  .plans[0].name == p48  .plans[47].name == p1  .next_cursor == null
# exactly as many as are asked for: the last page says so
GET /api/v1/plans?action=a.c&limit=30 -> 200  #.plans == 30  .next_cursor == null
GET /api/v1/plans?action=a.c&limit=29 -> 200  #.plans == 29  .plans[28].name == q2
save next_c = .next_cursor
GET /api/v1/plans?action=a.c&limit=29&cursor=${next_c} -> 200  #.plans == 1  .plans[0].name == q1  .next_cursor == null
# the limit may change from page to page, the filters may not
GET /api/v1/plans?action=a.c&limit=1&cursor=${next_c} -> 200  .plans[0].name == q1
GET /api/v1/plans?action=a.b&cursor=${next_c} -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans?cursor=${next_c} -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans?action=a.c&status=active&cursor=${next_c} -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans?action=a.c&cursor=A${next_c} -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans?cursor= -> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans?limit=101 -> 422  .errors[field=limit].code == out_of_range
GET /api/v1/plans?limit=0 -> 422  .errors[field=limit].code == out_of_range
# another tenant's cursor
sql with o as (insert into organization (id, name, created_at) values ('01900000-0000-7000-8000-000000000001', 'other', now()) returning id), t as (insert into tenant (id, organization_id, bucket, name, created_at) select '01900000-0000-7000-8000-000000000002', id, 7, 'other', now() from o returning id) insert into api_key (hash, id, tenant_id, name, role, created_at) select sha256('other-key-0123456789abcdef'::bytea), '01900000-0000-7000-8000-000000000003', t.id, 'k', 4, now() from t
GET /api/v1/plans
> Authorization: Bearer other-key-0123456789abcdef
-> 200  .plans == []  .next_cursor == null
GET /api/v1/plans?action=a.c&cursor=${next_c}
> Authorization: Bearer other-key-0123456789abcdef
-> 422  .errors[field=cursor].code == cursor_invalid
GET /api/v1/plans/${gone}
> Authorization: Bearer other-key-0123456789abcdef
-> 404
# --- states and the next execution
GET /api/v1/plans?from=2030-06-01T00:00:00Z&limit=100 -> 200  #.plans == 30
GET /api/v1/plans?from=2030-06-01T00:00:01Z -> 200  #.plans == 0  .next_cursor == null
GET /api/v1/plans?from=2030-05-31T23:59:59.5Z&to=2030-06-01T00:00:00Z&limit=2 -> 200  #.plans == 2  .plans[1].name == q29
save next_w = .next_cursor
GET /api/v1/plans?from=2030-05-31T23:59:59.5Z&to=2030-06-01T00:00:00Z&limit=2&cursor=${next_w} -> 200  .plans[0].name == q28
GET /api/v1/plans?to=2030-01-01T09:00:00Z&limit=1&status=ACTIVE -> 200  .plans[0].name == p250
GET /api/v1/plans?to=2030-01-01T08:59:59Z&limit=1 -> 200  #.plans == 0
save first = .plans
GET /api/v1/plans?action=a.c&limit=1 -> 200
save q30 = .plans[0].id
DELETE /api/v1/plans/${q30} -> 200
GET /api/v1/plans?status=active&action=a.c&limit=100 -> 200  #.plans == 29  .plans[0].name == q29
GET /api/v1/plans?status=cancelled -> 200  #.plans == 1  .plans[0].name == q30
GET /api/v1/plans?from=2030-06-01T00:00:00Z&status=cancelled -> 200  #.plans == 0
GET /api/v1/plans?limit=2 -> 200  .plans[0].name == q30  .plans[0].status == cancelled  .plans[1].name == q29
# --- a look at a thousand finds nothing, and goes on
sql with made as (insert into schedule select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'wake_at', case g when 1500 then '2033-01-01' else '2032-01-01' end, 'name', 'c' || g, 'created_at', s.created_at - g * interval '1 second', 'next_at', case g when 1500 then '2033-01-01' else '2032-01-01' end))).* from schedule s, generate_series(1, 1500) g where s.name = 'p1' returning 1) select count(*) from made == 1500
GET /api/v1/plans?from=2032-06-01T00:00:00Z&to=2032-06-01T00:00:00Z
-> 422  #.errors == 1  .errors[0].field == to  .errors[0].code == end_before_start
GET /api/v1/plans?from=2032-06-01T00:00:00Z&limit=5 -> 200  #.plans == 0  .next_cursor =~ ^.{43}$
save next = .next_cursor
GET /api/v1/plans?from=2032-06-01T00:00:00Z&limit=5&cursor=${next} -> 200  #.plans == 1  .plans[0].name == c1500  .next_cursor == null
