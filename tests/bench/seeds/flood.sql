-- What phase fairness starts with: :count runs of one tenant that are due at :flood_ms (0: none), and for :seconds seconds from
-- :first_ms on one run a second of each of :small tenants, spread over the second. :sink is where all of it goes; only the runs
-- of the small ones say who they are and when they are due, so the sink's lateness is theirs.
create function pg_temp.at(ms float8) returns timestamptz immutable language sql as $$ select to_timestamp(ms / 1000) $$;

insert into run (bucket, tenant_id, id, kind, trigger, state, scheduled_for, ready_at, overlap, attempt, excused, token, url, payload,
	created_at)
select 0, md5('flood')::uuid, md5('flood' || g)::uuid, 1, 0, 1, pg_temp.at(:flood_ms), pg_temp.at(:flood_ms), 2, 0, 0, 0,
	:'sink' || '/flood', '{"order": {"id": 12345, "total": 99.5}}', pg_temp.at(:first_ms)
from generate_series(1, case when :flood_ms > 0 then :count else 0 end) g;

insert into run (bucket, tenant_id, id, kind, trigger, state, scheduled_for, ready_at, overlap, attempt, excused, token, url, payload,
	created_at)
select 0, md5('small' || i)::uuid, md5('small' || i || '/' || s)::uuid, 1, 0, 1, pg_temp.at(due), pg_temp.at(due), 2, 0, 0, 0,
	:'sink' || '/hook', convert_to(jsonb_build_object('bench_id', 's' || i || '-' || s, 'due_ms', due)::text, 'UTF8'),
	pg_temp.at(:first_ms)
from generate_series(1, :small) i, generate_series(0, :seconds - 1) s,
	lateral (select :first_ms + s * 1000 + i * 1000.0 / :small as due) d;

vacuum analyze run;
-- What was written is on the disk before anything is measured.
checkpoint;
