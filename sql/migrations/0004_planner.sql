-- What all APIs share beside time: named actions, answers kept for repeated requests, the audit trail, keys with scopes and
-- an end, limits of a tenant. Numbers: sql/README.md.

-- A name for a target: what plans call. url and options are as a template's; resolved when a run is claimed.
create table action (
	bucket int2 not null,
	tenant_id uuid not null,
	name text collate "C" not null,
	url text not null,
	options text,             -- core/call.h; null: all of it is the default
	rev int8 not null,
	created_at timestamptz not null,
	updated_at timestamptz not null,
	primary key (bucket, tenant_id, name)
);

-- The answer to a request that carried an Idempotency-Key, written in the transaction of what it did (core/idem.h). status 0: it is
-- under way and reaches beyond the database. A second row for a live key is refused by the check's name.
create table idempotency (
	bucket int2 not null,
	tenant_id uuid not null,
	key_hash bytea not null,    -- SHA-256 of the key
	key_id uuid,                -- the API key that asked first
	fingerprint bytea not null, -- SHA-256 of method, target and body
	status int2 not null,
	head text,                  -- its header lines, CR LF after each
	body bytea,
	sealed bool not null,       -- the body is sealed (core/secret.h), as it has a secret in it
	created_at timestamptz not null,
	primary key (bucket, tenant_id, key_hash),
	constraint idempotency_taken check (status >= 0)
);
create index idempotency_age on idempotency using brin (created_at);

-- Who changed what, appended with the change itself and never touched again. Changes of one tenant in one transaction are a
-- block; hash is the block's: SHA-256 of the hash before it and of SHA-256 over its rows' digests in their order.
create table audit (
	bucket int2 not null,
	tenant_id uuid not null,
	block int8 not null,        -- 1 ..., without gaps
	position int4 not null,     -- in the block, 1 ...
	id uuid not null,
	at timestamptz not null,
	actor int2 not null,        -- 1 a key, 2 the server itself, 3 the command line
	key_id uuid,
	actor_name text not null,
	request_id text,
	object int2 not null,       -- sql/README.md
	ref text collate "C" not null, -- its id as a uuid, or its name
	version int8 not null,      -- of the object after it; 0: it has none
	change text not null,       -- created, changed, deleted ...
	before text,                -- as JSON; null: it was not there
	after text,                 -- null: it is gone
	hash bytea not null,
	primary key (bucket, tenant_id, block, position)
);
create index audit_ref on audit (tenant_id, ref, block);

-- The end of each tenant's chain. Locked last in a transaction, so that nobody waits for a lock while he holds it.
create table audit_head (
	bucket int2 not null,
	tenant_id uuid not null,
	block int8 not null,
	hash bytea not null,
	digest bytea not null,      -- SHA-256 over the last block's digests
	floor int8 not null default 0, -- the last block that retention has removed, and its hash: what is left begins behind it
	floor_hash bytea,
	primary key (bucket, tenant_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

alter table api_key
	add prefix text,             -- how it begins, to be told apart in a list; null: not known
	add actions text,            -- patterns of the actions it may use, a comma after each; null: all
	add last_used_at timestamptz,
	add created_by uuid,         -- the key it was made with; null: the command line or the settings
	add replaces uuid;           -- the key it was made to replace
create index api_key_tenant on api_key (tenant_id, created_at);
create index api_key_ended on api_key (least(revoked_at, expires_at)) where revoked_at is not null or expires_at is not null;

-- Null: as the settings say.
alter table tenant
	add request_rate int4,       -- requests a minute; 0: no limit
	add schedules_max int8,      -- 0: no limit
	add min_interval_us int8,    -- least distance of two occurrences; 0: no limit
	add payload_max int4;        -- bytes

-- A tenant's runs that wait, when there are so many that the oldest of all cannot be taken first. "- 1 = 0", so that no plan takes
-- another index for it, or it for another.
create index run_turn on run (tenant_id, ready_at) where state - 1 = 0;
-- Its schedules that wake, likewise.
create index schedule_turn on schedule (tenant_id, wake_at) where state - 1 = 0;
