# carillon audit verify: a trail that two servers wrote at once is fine, before and after a restart; whatever is changed, removed, put
# in or put elsewhere by hand is found, with its place, and being put right again it is fine.
clock 2030-01-01T00:00:00Z
server A
server B
carillon audit verify
-> 0  body has default/default: 1 entries in 1 blocks
race 40 @A @B POST /api/agents {"kind": "webhook", "endpoint": {"url": "${hook}/a"}}
-> 201  .s201 == 40
@A POST /api/agents {"id": "one", "kind": "webhook", "endpoint": {"url": "${hook}/a"}}
-> 201
@A POST /v1/tasks [{"target": "${hook}/b", "execute_after": "PT2H"}, {"target": "${hook}/b", "execute_after": "PT2H"}, {"target": "${hook}/b", "execute_after": "PT2H"}]
-> 201
@B POST /api/auth/keys {"name": "other", "role": "admin", "tenant": "other"}
-> 201
sql select count(*) || ' ' || max(block) from audit where object = 4 == 41 42
carillon audit verify
-> 0  body has default/default: 43 entries in 43 blocks, head 43
	body has default/other: 2 entries in 1 blocks, head 1
# --- many change one thing at once: what each says was before is what the one ahead of it left
shell put() { curl -sS -o /dev/null -w '%{http_code}\n' -X $1 -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' "$2" -d "$3" >> ${folder}/puts; }
	for i in 1 2 3 4 5 6 7 8; do for u in ${A} ${B}; do
	put PUT $u/v1/calendars/office "{\"description\": \"$i $u\", \"holidays\": []}" &
	put PUT $u/api/agents/one "{\"kind\": \"webhook\", \"name\": \"$i $u\", \"endpoint\": {\"url\": \"${hook}/$i\"}}" &
	put POST $u/api/channels/slack/credentials "{\"token\": \"xoxb-11223344-$i-a1b2\", \"api_base\": \"${hook}/$i\"}" &
	done; done; wait
shell test "$(grep -c '^20' ${folder}/puts)" = 48
sql select string_agg(n::text, ' ' order by object) from (select object, count(*) as n from audit where object in (3, 6) or ref = 'one' group by object) x == 16 17 16
sql select count(*) from (select before, lag(after) over (partition by object, ref order by block, position) as was, change from audit where object in (3, 4, 6)) x where before is distinct from was or (before is null) <> (change = 'created') == 0
sql select definition = (select after::json #>> '{definition}' from audit where object = 3 order by block desc limit 1) from calendar == t
@A GET /api/v1/audit?limit=1
-> 200
save head = .entries[0].hash
term
restart A
restart B
carillon audit verify --tenant default
-> 0  body has head 91 ${head}
	body lacks default/other
@B PUT /v1/calendars/last {"holidays": [{"date": "12-25"}]}
-> 201
carillon audit verify --organization default --tenant default
-> 0  body has 92 entries in 92 blocks
carillon audit verify --tenant nobody
-> 1  header.stderr has no such tenant
# --- tenants with three blocks each; every one is spoilt in its own way, and all of it is found at one go
repeat 30 POST /api/auth/keys {"name": "a", "role": "admin", "tenant": "t${i}"}
repeat 30 POST /api/auth/keys {"name": "b", "role": "admin", "tenant": "t${i}"}
repeat 30 POST /api/auth/keys {"name": "c", "role": "admin", "tenant": "t${i}"}
term
sql create table kept as select * from audit; create table kept_head as select * from audit_head; select 1 == 1
carillon audit verify
-> 0  body has default/t1: 4 entries in 3 blocks
sql with done as (update audit a set id = gen_random_uuid() from tenant t where t.id = a.tenant_id and t.name = 't1' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set at = at + interval '1 microsecond' from tenant t where t.id = a.tenant_id and t.name = 't2' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set actor = 2 from tenant t where t.id = a.tenant_id and t.name = 't3' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set key_id = null from tenant t where t.id = a.tenant_id and t.name = 't4' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set actor_name = actor_name || '!' from tenant t where t.id = a.tenant_id and t.name = 't5' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set request_id = null from tenant t where t.id = a.tenant_id and t.name = 't6' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set object = 4 from tenant t where t.id = a.tenant_id and t.name = 't7' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set ref = ref || 'x' from tenant t where t.id = a.tenant_id and t.name = 't8' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set version = version + 1 from tenant t where t.id = a.tenant_id and t.name = 't9' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set change = 'deleted' from tenant t where t.id = a.tenant_id and t.name = 't10' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set before = '{}' from tenant t where t.id = a.tenant_id and t.name = 't11' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set after = null from tenant t where t.id = a.tenant_id and t.name = 't12' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set hash = sha256(hash) from tenant t where t.id = a.tenant_id and t.name = 't13' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit a using tenant t where t.id = a.tenant_id and t.name = 't14' and block = 2 returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit a using tenant t where t.id = a.tenant_id and t.name = 't15' and block = 1 returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit a using tenant t where t.id = a.tenant_id and t.name = 't16' and block = 3 returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit a using tenant t where t.id = a.tenant_id and t.name = 't17' and block = 1 and position = 1 returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit a using tenant t where t.id = a.tenant_id and t.name = 't18' and block = 1 and position = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set hash = sha256(a.hash) from tenant t where t.id = a.tenant_id and t.name = 't19' and block = 1 and position = 2 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set hash = '' from tenant t where t.id = a.tenant_id and t.name = 't20' and block = 3 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set block = 100 from tenant t where t.id = a.tenant_id and t.name = 't21' and block = 3 returning 1) select count(*) > 0 from done == t
sql with done as (update audit a set block = block + 10 from tenant t where t.id = a.tenant_id and t.name = 't22' and block > 1 returning 1) select count(*) > 0 from done == t
sql with done as (insert into audit select a.bucket, tenant_id, 4, position, gen_random_uuid(), at, actor, key_id, actor_name, request_id, object, ref, version, change, before, after, hash from audit a join tenant t on t.id = a.tenant_id where t.name = 't23' and block = 3 returning 1) select count(*) > 0 from done == t
sql with done as (update audit_head a set block = 2, hash = (select hash from audit b where b.tenant_id = t.id and b.block = 2) from tenant t where t.id = a.tenant_id and t.name = 't24' returning 1) select count(*) > 0 from done == t
sql with done as (update audit_head a set digest = sha256(digest) from tenant t where t.id = a.tenant_id and t.name = 't25' returning 1) select count(*) > 0 from done == t
sql with done as (update audit_head a set hash = sha256(hash) from tenant t where t.id = a.tenant_id and t.name = 't26' returning 1) select count(*) > 0 from done == t
sql with done as (update audit_head a set floor = 1 from tenant t where t.id = a.tenant_id and t.name = 't27' returning 1) select count(*) > 0 from done == t
sql with done as (delete from audit_head a using tenant t where t.id = a.tenant_id and t.name = 't28' returning 1) select count(*) > 0 from done == t
# two entries have changed places
sql update audit a set block = -block from tenant t where t.id = a.tenant_id and t.name = 't29' and block > 1; select 1 == 1
sql update audit a set block = case block when -2 then 3 else 2 end from tenant t where t.id = a.tenant_id and t.name = 't29' and block < 0; select 1 == 1
# one tenant's entry in another's chain
sql update audit a set tenant_id = o.id, bucket = o.bucket, block = 93 from tenant t, tenant o where t.id = a.tenant_id and t.name = 't30' and o.name = 'default' and block = 3 returning 1 == 1
carillon audit verify
-> 1  body has default/default: block 93 is not as it was written
	body has default/other: 2 entries in 1 blocks
	body has default/t1: block 2 is not as it was written
	body has default/t2: block 2 is not as it was written
	body has default/t3: block 2 is not as it was written
	body has default/t4: block 2 is not as it was written
	body has default/t5: block 2 is not as it was written
	body has default/t6: block 2 is not as it was written
	body has default/t7: block 2 is not as it was written
	body has default/t8: block 2 is not as it was written
	body has default/t9: block 2 is not as it was written
	body has default/t10: block 2 is not as it was written
	body has default/t11: block 2 is not as it was written
	body has default/t12: block 2 is not as it was written
	body has default/t13: block 2 is not as it was written
	body has default/t14: block 2 is missing
	body has default/t15: block 1 is missing
	body has default/t16: block 3 is missing
	body has default/t17: block 1, entry 1 is missing
	body has default/t18: block 1 is not as it was written
	body has default/t19: block 1, entry 2 has another hash than its block
	body has default/t20: block 3, entry 1 has no hash
	body has default/t21: block 3 is missing
	body has default/t22: block 2 is missing
	body has default/t23: block 4 is not as it was written
	body has default/t24: block 3 is not what the head says
	body has default/t25: block 3 is not what the head says
	body has default/t26: block 3 is not what the head says
	body has default/t27: block 2 is missing
	body has default/t28: block 3 is the last one, but the head is missing
	body has default/t29: block 2 is not as it was written
	body has default/t30: block 3 is missing
# --- put right again it is fine
sql truncate audit, audit_head; insert into audit select * from kept; insert into audit_head select * from kept_head; select 1 == 1
carillon audit verify
-> 0  body has default/default: 92 entries in 92 blocks
# --- what retention removes is not missed: the head says where the trail begins now
restart A
@A PUT /v1/calendars/behind {"holidays": [{"date": "12-25"}]}
-> 201
advance 364d
@A PUT /v1/calendars/later {"holidays": [{"date": "12-25"}]}
-> 201
advance 2d
eventually sql select min(block) || ' ' || max(block) from audit where object = 3 == 94 94
sql select floor from audit_head where block = 94 == 93
eventually sql select count(*) from audit == 1
carillon audit verify
-> 0  body has default/default: 1 entries in 1 blocks, from block 94 on, head 94
	body has default/other: 0 entries in 0 blocks, from block 2 on, head 1
# and without the head's word for it, it is
sql update audit_head set floor = 92 where block = 94 returning 1 == 1
carillon audit verify --tenant default
-> 1  body has block 93 is missing
term
