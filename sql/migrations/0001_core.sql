-- The core: who may ask, what repeats, what runs, what happened.
-- Every table of a tenant's data has `bucket` (id_bucket() of the tenant) first in its key, so that a distributed
-- PostgreSQL can keep a tenant on one shard. No triggers, sequences, stored functions or defaults that read the
-- clock: ids and instants come from C. Words for the small numbers: sql/README.md.

create table organization (
	id uuid primary key,
	name text not null unique,
	created_at timestamptz not null
);

create table tenant (
	id uuid primary key,
	organization_id uuid not null references organization,
	bucket int2 not null,
	name text not null,
	created_at timestamptz not null,
	unique (organization_id, name)
);

-- Looked up by what the caller presents, before the tenant is known: hence no bucket.
create table api_key (
	hash bytea primary key,
	id uuid not null unique,
	tenant_id uuid not null references tenant,
	name text not null,
	role int2 not null check (role between 1 and 4),
	created_at timestamptz not null,
	expires_at timestamptz,
	revoked_at timestamptz
);

-- What is called, in immutable versions: a schedule points at the present one, a run at the one it was made with.
create table template (
	bucket int2 not null,
	id uuid not null,
	tenant_id uuid not null,
	url text not null,
	options text,            -- how it is called, as JSON: method, headers, timeout, retry ... (core/call.h)
	payload bytea,           -- the body, byte for byte
	created_at timestamptz not null,
	primary key (bucket, id)
);

create table schedule (
	bucket int2 not null,
	id uuid not null,
	tenant_id uuid not null,
	kind int2 not null,      -- whose vocabulary it has: 1 schedule, 2 job, 3 plan
	state int2 not null check (state between 1 and 6),
	name text,
	details text,            -- what only its own vocabulary knows, as JSON; the core never looks inside
	spec_kind int2 not null, -- 1 cron, 2 every, 3 once, 4 rrule
	spec text not null,      -- as it was written
	zone text not null,
	start_at timestamptz,
	end_at timestamptz,
	anchor_at timestamptz not null,
	dst_gap int2 not null,
	dst_overlap int2 not null,
	overlap int2 not null,
	catchup int2 not null,
	lookahead_us int8 not null,
	expires_us int8 not null, -- a run not started so long after its time expires; 0 = never
	template_id uuid not null,
	rev int8 not null,
	next_at timestamptz,     -- the next occurrence that has no run yet; null: none comes
	wake_at timestamptz,     -- when it is to be materialised; null: never (not active, or ended)
	paused_at timestamptz,   -- since when occurrences pass without a run
	created_at timestamptz not null,
	updated_at timestamptz not null,
	primary key (bucket, id),
	foreign key (bucket, template_id) references template,
	check (state = 1 or wake_at is null),
	check ((next_at is null) = (wake_at is null) or state <> 1)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
create index schedule_wake on schedule (wake_at) where wake_at is not null;
create index schedule_list on schedule (bucket, tenant_id, kind, state, created_at);

-- Live runs only: pending (1) and executing (2). Small, however much history there is.
create table run (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	kind int2 not null,      -- as the schedule's; of a one-off: whose vocabulary it was made in
	schedule_id uuid,
	template_id uuid,        -- or, of a one-off, its own url, options and payload
	trigger int2 not null,   -- 0 one-off, 1 schedule, 2 manual, 3 chain, 4 catch-up, 5 backfill
	state int2 not null check (state in (1, 2)),
	scheduled_for timestamptz not null,
	ready_at timestamptz not null,
	expires_at timestamptz,
	overlap int2 not null,
	attempt int4 not null,   -- attempts begun; the running one included
	excused int4 not null,   -- of these: lost with their process, or before a retry by hand
	token int8 not null,     -- rises with every claim
	owner uuid,
	attempt_id uuid,         -- the claim that holds it: every write by its owner repeats it
	unique_key text,
	url text,
	options text,
	payload bytea,
	created_at timestamptz not null,
	primary key (bucket, tenant_id, id),
	check ((state = 2) = (owner is not null and attempt_id is not null)),
	check ((template_id is null) <> (url is null))
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0,
	autovacuum_analyze_scale_factor = 0.05);
create index run_ready on run (ready_at) where state = 1;
create index run_owner on run (owner) where state = 2;
create index run_schedule on run (bucket, schedule_id, scheduled_for) where schedule_id is not null;

-- One row per schedule and instant, for ever: whatever happens to the schedule, no instant gets two runs.
create table occurrence (
	bucket int2 not null,
	schedule_id uuid not null,
	scheduled_for timestamptz not null,
	run_id uuid not null,
	primary key (bucket, schedule_id, scheduled_for)
);
create index occurrence_age on occurrence using brin (scheduled_for);

-- A caller's own name for a one-off, taken once.
create table run_key (
	bucket int2 not null,
	tenant_id uuid not null,
	unique_key text not null,
	run_id uuid not null,
	created_at timestamptz not null,
	primary key (bucket, tenant_id, unique_key)
);
create index run_key_age on run_key using brin (created_at);

-- Ended runs, appended once. Partitions of a week are made ahead and dropped by engine/reap.c.
create table run_history (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	kind int2 not null,
	schedule_id uuid,
	template_id uuid,
	trigger int2 not null,
	state int2 not null check (state between 3 and 7), -- completed, failed, cancelled, expired, skipped
	reason text,             -- why it was skipped or failed; a stable word
	scheduled_for timestamptz not null,
	expires_at timestamptz,
	overlap int2 not null,
	attempt int4 not null,
	excused int4 not null,
	token int8 not null,
	unique_key text,
	url text,
	options text,
	payload bytea,
	created_at timestamptz not null,
	started_at timestamptz,
	finished_at timestamptz not null,
	primary key (bucket, id, finished_at)
) partition by range (finished_at);
create index run_history_list on run_history (bucket, tenant_id, kind, state, created_at);
create index run_history_schedule on run_history (bucket, schedule_id, state, scheduled_for)
	where schedule_id is not null;

-- Every attempt that ended, appended once.
create table attempt (
	bucket int2 not null,
	run_id uuid not null,
	number int4 not null,
	token int8 not null,
	started_at timestamptz,  -- null: the process died before it began
	finished_at timestamptz not null,
	outcome int2 not null,   -- 1 success, 2 failure, 3 lost, 4 cancelled
	http_status int2,
	error text,              -- stable word when there was no response
	detail text,
	address text,
	response_headers bytea,
	response_body bytea,
	dns_us int4, connect_us int4, tls_us int4, first_byte_us int4, total_us int4,
	primary key (bucket, run_id, token, finished_at)
) partition by range (finished_at);

-- Totals of ended runs, kept with every batch of results so that no list ever counts. schedule_id nil with the kind
-- in the last byte is the sum over the tenant's runs of that kind.
create table tally (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	completed int8 not null,
	failed int8 not null,
	cancelled int8 not null,
	expired int8 not null,
	skipped int8 not null,
	executed int8 not null,  -- ever begun and ended, also when its rows are gone
	last_at timestamptz,     -- scheduled_for of the latest executed one
	primary key (bucket, tenant_id, schedule_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- Occurrences that got no run, as ranges: a long pause or outage is one row.
create table skip (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	id uuid not null,
	from_at timestamptz not null, -- both inclusive
	to_at timestamptz not null,
	count int4 not null,          -- how many, counted up to SKIP_COUNT_MAX
	reason text not null,
	created_at timestamptz not null,
	primary key (bucket, schedule_id, id)
);

-- The processes that hold runs.
create table node (
	id uuid primary key,
	lease_until timestamptz not null,
	backend_pid int4,             -- its engine connection; null behind a pooler
	backend_start timestamptz,
	started_at timestamptz not null
);

-- "Drop this run": from whoever cancelled it to the process that holds it.
create table notice (
	node_id uuid not null,
	run_id uuid not null,
	attempt_id uuid not null,
	created_at timestamptz not null,
	primary key (node_id, run_id, attempt_id)
);

-- How many schedules of a kind a tenant has in each state.
create table schedule_total (
	bucket int2 not null,
	tenant_id uuid not null,
	kind int2 not null,
	state int2 not null,
	total int8 not null,
	primary key (bucket, tenant_id, kind, state)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
