/* What a calendar needs: rows in and out. */
#include "store/agenda.h"

#include "sql.h"

void store_agenda_schedules(struct db_unit *u, const struct run_ref *ref, int32_t most)
{
	q_agenda_schedules(u, &(struct q_agenda_schedules){ .bucket = ref->bucket,
							    .tenant = ref->tenant,
							    .kind = ref->kind,
							    .id = ref->id,
							    .most = most });
}

size_t store_agenda_schedules_got(const struct db_unit *u, int stmt, struct schedule **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct schedule *list = arena_array(u->arena, struct schedule, (size_t)n + 1);

	for (int i = 0; i < n; i++) {
		struct q_agenda_schedules_row r;

		q_agenda_schedules_read(rows, i, &r);
		list[i] = (struct schedule){
			.id = r.id,
			.kind = r.kind,
			.state = r.state,
			.name = r.name,
			.spec_kind = r.spec_kind,
			.spec = r.spec,
			.zone = r.zone,
			.start_at = r.start_at,
			.end_at = r.end_at,
			.anchor_at = r.anchor_at,
			.dst_gap = r.dst_gap,
			.dst_overlap = r.dst_overlap,
			.next_at = r.next_at,
			.calendar = r.calendar,
			.adjust = r.adjust,
			.count_end = r.count_end,
			.calendar_def = r.calendar_def,
		};
	}
	*out = list;
	return (size_t)n;
}

#define IDS(range) ((struct col){ (const void *const *)(range)->schedules, (range)->n, 0 })

void store_agenda_runs(struct db_unit *u, const struct agenda_range *range, int32_t most)
{
	q_agenda_runs(u, &(struct q_agenda_runs){ .bucket = range->ref.bucket,
						  .tenant = range->ref.tenant,
						  .schedules = IDS(range),
						  .from = range->from,
						  .to = range->to,
						  .most = most });
}

size_t store_agenda_runs_got(const struct db_unit *u, int stmt, struct agenda_run **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct agenda_run *list = arena_array(u->arena, struct agenda_run, (size_t)n + 1);

	for (int i = 0; i < n; i++) {
		struct q_agenda_runs_row r;

		q_agenda_runs_read(rows, i, &r);
		list[i] = (struct agenda_run){ .schedule = r.schedule,
					       .id = r.id,
					       .state = (enum run_state)r.state,
					       .ready_at = r.ready_at,
					       .retrying = r.retrying,
					       .scheduled_for = r.scheduled_for,
					       .started_at = r.started_at,
					       .finished_at = r.finished_at };
	}
	*out = list;
	return (size_t)n;
}

void store_agenda_sums(struct db_unit *u, const struct agenda_range *range,
		       const struct agenda_span *const *spans, size_t n)
{
	q_agenda_sums(u,
		      &(struct q_agenda_sums){ .bucket = range->ref.bucket,
					       .tenant = range->ref.tenant,
					       .schedules = IDS(range),
					       .froms = COL(spans, n, struct agenda_span, from),
					       .untils = COL(spans, n, struct agenda_span, to) });
}

size_t store_agenda_sums_got(const struct db_unit *u, int stmt, struct agenda_sum **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct agenda_sum *list = arena_array(u->arena, struct agenda_sum, (size_t)n + 1);

	for (int i = 0; i < n; i++) {
		struct q_agenda_sums_row r;

		q_agenda_sums_read(rows, i, &r);
		list[i] = (struct agenda_sum){ r.schedule, r.since,     r.until,   r.completed,
					       r.failed,   r.cancelled, r.expired, r.skipped };
	}
	*out = list;
	return (size_t)n;
}
