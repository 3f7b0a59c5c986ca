-- Runs that are more than one request: agents that report later, what follows an ended run (messages to channels, chains,
-- totals by the hour), and the tenant's own activity. Numbers: sql/README.md.

-- An agent's run that answered 202 is awaited (state 8): live, held by nobody, its attempt not over. ready_at is then
-- the instant at which patience ends.
alter table run
	drop constraint run_state_check,
	drop constraint run_check,
	add began_at timestamptz,    -- of the attempt that is awaited
	add await_until timestamptz, -- its report is due by then, whatever heartbeats come
	add heartbeat_us int8 not null default 0, -- and a sign of life this often; 0: none is asked for
	add chain_run_id uuid,       -- the chain run it belongs to
	add constraint run_state_check check (state in (1, 2, 8)),
	add constraint run_check check (case state when 1 then owner is null and attempt_id is null
		when 2 then owner is not null and attempt_id is not null else owner is null and attempt_id is not null end);
create index run_await on run (ready_at) where state = 8;

alter table run_history add chain_run_id uuid;

alter table schedule
	add agent text collate "C"; -- whom its runs call; null: a target
create index schedule_agent on schedule (bucket, tenant_id, agent, state, created_at) where agent is not null;

-- What a run brought back, whole. Partitions of a week, as run_history.
create table run_output (
	bucket int2 not null,
	run_id uuid not null,
	finished_at timestamptz not null,
	is_json bool not null,
	bytes int4 not null,      -- of it in all; more than is kept: it was cut
	output bytea not null,
	primary key (bucket, run_id, finished_at)
) partition by range (finished_at);

create table agent (
	bucket int2 not null,
	tenant_id uuid not null,
	name text collate "C" not null, -- its id, the caller's or ours
	kind int2 not null check (kind in (1, 2)), -- 1 webhook, 2 llm
	definition text not null, -- JSON, core/agent.h
	created_at timestamptz not null,
	updated_at timestamptz not null,
	primary key (bucket, tenant_id, name)
);

-- Ended runs whose consequences (engine/after.c) are to come. Written with the end itself, gone with the consequences.
create table aftermath (
	bucket int2 not null,
	tenant_id uuid not null,
	run_id uuid not null,
	finished_at timestamptz not null, -- finds the row in run_history
	taken_at timestamptz,             -- somebody works on it since
	primary key (bucket, run_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index aftermath_order on aftermath (finished_at);

-- How a schedule's runs have been going: for giving up on it, and to be read. Of runs that completed, failed or expired;
-- cancelled and skipped ones leave it as it is.
create table standing (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	failures int4 not null,    -- in a row
	streak int4 not null,      -- runs of one outcome in a row: > 0 completed, < 0 failed
	last_run_id uuid,          -- null: none yet
	last_state int2,
	last_error text,           -- of the latest failed run, a stable word
	last_detail text,
	last_failed_at timestamptz,
	last_failed_id uuid,
	last_finished_at timestamptz,
	reset_at timestamptz,      -- resumed by hand: failures of runs that ended until then do not count
	primary key (bucket, tenant_id, schedule_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- Messages to channels, and what became of them.
create table message (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	run_id uuid not null,
	schedule_id uuid not null,
	channel text not null,     -- "slack:#alerts"
	platform text collate "C" not null generated always as (split_part(channel, ':', 1)) stored,
	format int2 not null,      -- 0 text, 1 markdown, 2 json
	state int2 not null check (state in (1, 2, 3, 4, 5)), -- 1 waits, 2 under way, 3 delivered, 4 failed, 5 left out
	reason text,               -- why it failed, waits longer, or was left out: a stable word
	detail text,
	attempt int4 not null,     -- begun so far
	ready_at timestamptz not null, -- under way: until then it is its sender's
	claim uuid,                -- of whoever sends it
	created_at timestamptz not null,
	finished_at timestamptz,
	primary key (bucket, run_id, id)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index message_ready on message (platform, ready_at) where state < 3;
create index message_age on message using brin (created_at);

create table channel_credential (
	bucket int2 not null,
	tenant_id uuid not null,
	platform text collate "C" not null,
	sealed bytea not null,     -- JSON under AES-256-GCM, core/secret.h; bound to the tenant and the platform
	created_at timestamptz not null,
	updated_at timestamptz not null,
	primary key (bucket, tenant_id, platform)
);

-- Jobs and the edges between them. A deleted one keeps its row; chain runs under way go on.
create table chain (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	name text not null,
	definition text not null,  -- JSON, core/chain.h
	runs int8 not null default 0, -- begun so far: who begins one compares and sets it
	created_at timestamptz not null,
	updated_at timestamptz not null,
	deleted_at timestamptz,
	primary key (bucket, id)
);
create index chain_list on chain (bucket, tenant_id, created_at) where deleted_at is null;

-- Which jobs stand in a live chain; roots start it when they run.
create table chain_job (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	chain_id uuid not null,
	is_root bool not null,
	primary key (bucket, schedule_id, chain_id)
);
create index chain_job_chain on chain_job (bucket, chain_id);

create table chain_run (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	chain_id uuid not null,
	rev int8 not null,
	state int2 not null check (state in (2, 3, 4, 5)), -- 2 under way, 3 completed, 4 failed, 5 cancelled
	trigger int2 not null,
	definition text not null,  -- the chain as it was when this began
	nodes text not null,       -- JSON, core/chain.h: what has become of each job
	open bool not null,        -- a root of it has not run yet: it may join. At most one of a chain is open
	started_at timestamptz not null,
	finished_at timestamptz,
	primary key (bucket, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index chain_run_list on chain_run (bucket, chain_id, started_at);
create index chain_run_open on chain_run (bucket, chain_id) where state = 2 and open;
create index chain_run_age on chain_run using brin (started_at);

-- Roots that ran by themselves, and the chain run that each has joined or begun.
create table chain_run_root (
	bucket int2 not null,
	run_id uuid not null,
	chain_id uuid not null,
	chain_run_id uuid not null,
	joined_at timestamptz not null,
	primary key (bucket, run_id, chain_id)
);
create index chain_run_root_age on chain_run_root using brin (joined_at);

-- News for chains: a root began, a job of a chain run ended. Worked off by engine/chain.c, in the order of ids. What
-- happened to one run has one id, whatever the number of chains that hear of it.
create table chain_event (
	bucket int2 not null,
	tenant_id uuid not null,
	id uuid not null,
	chain_id uuid not null,
	chain_run_id uuid,         -- null: a root that ran by itself, to be joined to a chain run or to begin one
	schedule_id uuid not null,
	run_id uuid not null,
	state int2 not null,       -- of the run: 2 began, 3 .. 7 ended; 1: the chain is gone, nobody joins any more
	at timestamptz not null,
	taken_at timestamptz,      -- somebody works on it since
	primary key (bucket, id, chain_id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index chain_event_order on chain_event (id);
create index chain_event_run on chain_event (bucket, run_id);

-- Ended runs by the hour in which they ended, of a schedule, and (schedule_id nil with the kind in the last byte) of a
-- kind: statistics never scan history.
create table rollup (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	hour timestamptz not null,
	completed int4 not null,
	failed int4 not null,
	cancelled int4 not null,
	expired int4 not null,
	skipped int4 not null,
	duration_us int8 not null, -- of completed and failed ones, together
	primary key (bucket, tenant_id, schedule_id, hour)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index rollup_age on rollup using brin (hour);

-- How many took how long: slots that grow by 9 % (core/stats.h), by the day.
create table rollup_duration (
	bucket int2 not null,
	tenant_id uuid not null,
	schedule_id uuid not null,
	day timestamptz not null,
	slot int2 not null,
	runs int4 not null,
	primary key (bucket, tenant_id, schedule_id, day, slot)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index rollup_duration_age on rollup_duration using brin (day);

-- A tenant's own doing: authenticated requests and runs started by hand, by the quarter of an hour.
create table activity (
	bucket int2 not null,
	tenant_id uuid not null,
	slot timestamptz not null,
	requests int4 not null,
	primary key (bucket, tenant_id, slot)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index activity_age on activity using brin (slot);

-- What all processes on this database share: one row.
create table instance (
	id int2 primary key check (id = 1),
	callback_key bytea not null, -- signs the addresses that agents report to
	created_at timestamptz not null
);
