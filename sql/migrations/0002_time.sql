-- Time, the rest of it: business calendars, jitter, the end of a rule's COUNT, and zone data that changes under a running
-- server. Numbers: sql/README.md.

alter table schedule
	add calendar text collate "C",          -- its name; null: none
	add adjust int2 not null default 0,     -- where an occurrence on a closed day goes
	add jitter_us int8 not null default 0,  -- its runs are ready so much later at most
	add count_end timestamptz;              -- a rule's COUNT-th occurrence; null: no COUNT
create index schedule_calendar on schedule (bucket, tenant_id, calendar, state, created_at) where calendar is not null;

alter table run
	add jitter_us int8 not null default 0;  -- it was to be ready so much later than scheduled_for

-- A deleted one keeps its row: a schedule that slipped in meanwhile still has its calendar.
create table calendar (
	bucket int2 not null,
	tenant_id uuid not null,
	name text collate "C" not null,
	definition text not null, -- JSON, core/calendar.h
	created_at timestamptz not null,
	updated_at timestamptz not null,
	deleted_at timestamptz,
	primary key (bucket, tenant_id, name)
);
create index calendar_live on calendar (bucket, tenant_id, name) where deleted_at is null;

-- The newest zone data that any process has worked with: one row.
create table zone_data (
	id int2 primary key check (id = 1),
	version text collate "C" not null,
	noticed_at timestamptz not null
);

-- "Work out anew when these schedules come next": those of a calendar, or, with zone_version, those of every zone. Taken
-- by one process; gone when it is done.
create table recompute (
	id uuid primary key,
	bucket int2,
	tenant_id uuid,
	calendar text collate "C",
	zone_version text collate "C",
	created_at timestamptz not null,
	taken_at timestamptz, -- moves on while somebody works on it
	check ((calendar is null) <> (zone_version is null))
);
