#include "store/job.h"

#include "sql.h"

void store_job_start(struct db_unit *u, const struct job_start *start)
{
	q_job_start(u, &(struct q_job_start){ .bucket = start->ref.bucket,
					      .tenant = start->ref.tenant,
					      .id = start->ref.id,
					      .kind = start->ref.kind,
					      .run = start->run,
					      .at = start->at,
					      .ready = start->ready,
					      .created = start->created });
}

enum job_start_end store_job_started(const struct db_unit *u, int stmt)
{
	struct q_job_start_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return JOB_UNKNOWN;
	q_job_start_read(db_rows(u, stmt), 0, &r);
	return r.made ? JOB_STARTED : JOB_INSTANT_TAKEN;
}

/* Both statements answer the same columns. */
_Static_assert(sizeof(struct q_job_run_get_row) == sizeof(struct q_job_run_page_row),
	       "one reader for both");

static struct job_run run_of(const struct q_job_run_page_row *r)
{
	return (struct job_run){
		.r = { .id = r->id,
		       .schedule = r->schedule_id,
		       .trigger = r->trigger,
		       .state = r->state,
		       .reason = r->reason,
		       .scheduled_for = r->scheduled_for,
		       .ready_at = r->ready_at,
		       .expires_at = USEC_NEVER,
		       .created_at = r->created_at,
		       .started_at = r->started_at,
		       .finished_at = r->finished_at,
		       .attempt = r->attempt,
		       .excused = r->excused },
		.chain_run = r->chain_run_id,
		.error = r->error,
		.detail = r->detail,
		.output = r->output,
		.output_is_json = r->output_is_json,
		.output_kept = r->output_kept,
		.output_bytes = r->output_bytes,
		.channel = r->channel,
		.message_state = r->message_state,
		.message_attempt = r->message_attempt,
		.message_reason = r->message_reason,
		.message_detail = r->message_detail,
		.message_ready = r->message_ready,
		.message_finished = r->message_finished,
	};
}

void store_job_run_get(struct db_unit *u, const struct run_ref *ref, int32_t output_max)
{
	q_job_run_get(u, &(struct q_job_run_get){ .bucket = ref->bucket,
						  .tenant = ref->tenant,
						  .id = ref->id,
						  .kind = ref->kind,
						  .since = id_instant(ref->id),
						  .output_max = output_max });
}

bool store_job_run_got(const struct db_unit *u, int stmt, struct job_run *out)
{
	struct q_job_run_page_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_job_run_page_read(db_rows(u, stmt), 0, &r);
	*out = run_of(&r);
	return true;
}

void store_job_run_page(struct db_unit *u, const struct job_run_page *p)
{
	q_job_run_page(u, &(struct q_job_run_page){
				  .bucket = p->bucket,
				  .tenant = p->tenant,
				  .schedule = p->job,
				  .due = p->filter.due,
				  .ahead = p->filter.ahead,
				  .executing = p->filter.executing,
				  .retrying = p->filter.retrying,
				  .ended = { (const void *const *)p->ended, p->ended_n, 0 },
				  .now = p->now,
				  .before = p->before,
				  .skip = p->skip,
				  .most = p->most,
				  .output_max = p->output_max,
			  });
}

size_t store_job_runs(const struct db_unit *u, int stmt, struct job_run **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct job_run *list = arena_array(u->arena, struct job_run, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_job_run_page_row r;

		q_job_run_page_read(rows, i, &r);
		list[i] = run_of(&r);
	}
	*out = list;
	return (size_t)n;
}
