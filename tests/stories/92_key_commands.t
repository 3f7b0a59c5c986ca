# Keys and tenants from the command line, beside the server.
clock 2030-01-01T00:00:00Z
server
POST /api/auth/keys {"name": "theirs", "role": "admin", "tenant": "blue", "organization": "acme"}
-> 201
save own = .created_by
carillon key create --name ci --role editor --json
-> 0  .role == editor  .key =~ ^crl_[0-9A-Za-z]{49}$  .tenant == default  .created_by == null
save ci = .key
save ci_id = .id
GET /v1/schedules
> Authorization: Bearer ${ci}
-> 200
carillon key create --name "a b" --role=viewer --tenant green --organization acme --actions 'a,b.*' --expires 2031-01-01T00:00:00Z
-> 0  header.stderr =~ viewer of acme/green, "a b", until 2031-01-01T00:00:00Z  body =~ ^crl_[0-9A-Za-z]{49}\s*$
carillon key list --tenant green --organization acme --json
-> 0  .name == "a b"  .actions == ["a","b.*"]  .key absent
carillon key list
-> 0  body has ${ci_id}
-> 0  body lacks ${ci}
carillon key rotate ${ci_id} --overlap 0s --json
-> 0  .replaces == ${ci_id}
save ci2 = .key
save ci2_id = .id
eventually GET /v1/schedules -> 401
> Authorization: Bearer ${ci}
carillon key revoke ${ci2_id}
-> 0  header.stderr has revoked
eventually GET /v1/schedules -> 401
> Authorization: Bearer ${ci2}
sql select string_agg(change || ' ' || (actor = 3), ' ' order by id) from audit where actor = 3 and object = 9 == created true created true created true rotated true revoked true
carillon key revoke ${own}
-> 1  header.stderr has This is the last admin key
carillon key revoke key_00000000000000000000000001
-> 1  header.stderr has no such
carillon key revoke nonsense
-> 2  header.stderr has no key has the id
carillon key create --name x --role king
-> 2  header.stderr has --role takes
carillon key create --name x --role viewer --expires 2020-01-01T00:00:00Z
-> 1  header.stderr has expires_at
carillon key create --name x --role viewer --tenant 'a b'
-> 1  header.stderr has tenant: A name
carillon key list --tenant nobody
-> 1  header.stderr has no such tenant
carillon key list --nonsense
-> 2  header.stderr has no option --nonsense
carillon key
-> 2  header.stderr has usage
carillon key --help
-> 0  body has usage
carillon key create --help
-> 0  body has usage: carillon key
carillon tenant limit --help
-> 0  body has usage: carillon tenant
carillon tenant limit blue -h
-> 0  body has usage: carillon tenant
carillon audit verify --help
-> 0  body has usage: carillon audit
# --- tenants and their limits
carillon tenant list
-> 0  body =~ acme +blue +default +default +default +default +1
-> 0  body =~ acme +green
carillon tenant limit blue --organization acme --requests 60 --min-interval 30s --payload 1000
-> 0  body =~ acme +blue +60 +default +30s +1000
carillon tenant limit blue --organization acme --min-interval 0
-> 0  body =~ acme +blue +60 +default +no limit +1000
carillon tenant limit blue --organization acme --min-interval 45
-> 0  body =~ acme +blue +60 +default +45s +1000
carillon tenant limit blue --organization acme --min-interval 31536001
-> 2  header.stderr has --min-interval
carillon tenant limit blue --organization acme --min-interval 30s
-> 0  body =~ acme +blue +60 +default +30s +1000
carillon tenant limit blue --organization acme --requests default --schedules 0
-> 0  body =~ acme +blue +default +no limit +30s +1000
carillon tenant limit blue --organization acme
-> 0  body =~ acme +blue +default +no limit +30s +1000
carillon tenant limit nobody --requests 1
-> 1  header.stderr has no tenant nobody
carillon tenant limit blue --requests many
-> 2  header.stderr has --requests
sql select count(*) from audit where object = 10 and change = 'changed' and actor = 3 and before is not null and after is not null == 5
carillon audit verify
-> 0
