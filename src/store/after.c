#include "store/after.h"

#include "sql.h"

void store_after_take(struct db_unit *u, const struct after_ask *ask)
{
	q_after_take(u, &(struct q_after_take){ .now = ask->now,
						.stale = ask->now - ask->patience,
						.latest = ask->now + ask->patience,
						.held = ask->held,
						.most = ask->most });
}

static struct after_row row_of(const struct q_after_take_row *r)
{
	return (struct after_row){ .bucket = r->bucket,
				   .kind = r->kind,
				   .state = r->state,
				   .tenant = r->tenant,
				   .run = r->run,
				   .schedule = r->schedule,
				   .chain_run = r->chain_run,
				   .started_at = r->started_at,
				   .finished_at = r->finished_at,
				   .url = r->url,
				   .payload = r->payload,
				   .zone = r->zone,
				   .is_last = r->is_last,
				   .error = r->error,
				   .detail = r->detail,
				   .output_n = r->output_n,
				   .output_is_json = r->output_is_json,
				   .reset_at = r->reset_at };
}

size_t store_after_taken(const struct db_unit *u, int stmt, struct after_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct after_row *list = arena_array(u->arena, struct after_row, (size_t)n + 1);
	struct uuid *chains = arena_array(u->arena, struct uuid, (size_t)n + 1);
	size_t kept = 0;

	for (int i = 0; i < n; i++) {
		struct q_after_take_row r;

		q_after_take_read(rows, i, &r);
		/* Rows of one run stand together: one for each of its chains. */
		if (!kept || id_compare(list[kept - 1].run, r.run) != 0) {
			list[kept] = row_of(&r);
			list[kept++].chains = &chains[i];
		}
		chains[i] = r.chain;
		list[kept - 1].chains_n += !id_is_nil(r.chain);
	}
	*out = list;
	return kept;
}

void store_after_outputs(struct db_unit *u, const struct after_row *const *rows, size_t n)
{
	q_after_outputs(u, &(struct q_after_outputs){
				   .buckets = COL(rows, n, struct after_row, bucket),
				   .runs = COL(rows, n, struct after_row, run),
				   .finished = COL(rows, n, struct after_row, finished_at),
			   });
}

void store_after_outputs_got(const struct db_unit *u, int stmt, struct slice *out, size_t n)
{
	const struct db_rows *rows = db_rows(u, stmt);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct slice){ NULL, 0 };
	for (int i = 0; i < db_rows_count(rows); i++) {
		struct q_after_outputs_row r;

		q_after_outputs_read(rows, i, &r);
		if (r.number >= 1 && (size_t)r.number <= n)
			out[r.number - 1] = r.output;
	}
}

static void hold(struct db_unit *u, const struct after_plan *plan)
{
	const struct after_standing **ends = arena_array(u->arena, const struct after_standing *,
							 plan->standings_n + 1);
	size_t n = 0;

	for (size_t i = 0; i < plan->standings_n; i++)
		if (plan->standings[i]->may_end)
			ends[n++] = plan->standings[i];
	q_after_hold(u, &(struct q_after_hold){
				.buckets = COL(ends, n, struct after_standing, bucket),
				.schedules = COL(ends, n, struct after_standing, schedule),
			});
}

#define RUNS(member) COL(p->counts, p->counts_n, struct after_count, member)
#define STANDINGS(member) COL(p->standings, p->standings_n, struct after_standing, member)
#define MESSAGES(member) COL(p->messages, p->messages_n, struct after_message, member)
#define EVENTS(member) COL(p->events, p->events_n, struct after_event, member)

void store_after_settle(struct db_unit *u, const struct after_plan *p, int *out_stmt)
{
	*out_stmt = 1;
	hold(u, p);
	q_after_settle(u, &(struct q_after_settle){
				  .taken = p->taken,
				  .now = p->now,
				  .buckets = RUNS(bucket),
				  .runs = RUNS(run),
				  .tenants = RUNS(tenant),
				  .schedules = RUNS(schedule),
				  .sums = RUNS(sum),
				  .states = RUNS(state),
				  .hours = RUNS(hour),
				  .days = RUNS(day),
				  .durations = RUNS(duration_us),
				  .slots = RUNS(slot),
				  .st_buckets = STANDINGS(bucket),
				  .st_tenants = STANDINGS(tenant),
				  .st_schedules = STANDINGS(schedule),
				  .st_counts = STANDINGS(counts),
				  .st_failures = STANDINGS(failures),
				  .st_completed = STANDINGS(completed),
				  .st_streaks = STANDINGS(streak),
				  .st_uniform = STANDINGS(is_uniform),
				  .st_runs = STANDINGS(last_run),
				  .st_states = STANDINGS(last_state),
				  .st_errors = STANDINGS(last_error),
				  .st_details = STANDINGS(last_detail),
				  .st_failed = STANDINGS(last_failed_at),
				  .st_failed_ids = STANDINGS(last_failed),
				  .st_finished = STANDINGS(last_finished_at),
				  .st_resets = STANDINGS(reset_at),
				  .st_max = STANDINGS(failures_max),
				  .st_may_end = STANDINGS(may_end),
				  .m_buckets = MESSAGES(bucket),
				  .m_tenants = MESSAGES(tenant),
				  .m_ids = MESSAGES(id),
				  .m_runs = MESSAGES(run),
				  .m_schedules = MESSAGES(schedule),
				  .m_channels = MESSAGES(channel),
				  .m_formats = MESSAGES(format),
				  .m_states = MESSAGES(state),
				  .m_reasons = MESSAGES(reason),
				  .m_details = MESSAGES(detail),
				  .m_readies = MESSAGES(ready_at),
				  .m_finished = MESSAGES(finished_at),
				  .e_buckets = EVENTS(bucket),
				  .e_tenants = EVENTS(tenant),
				  .e_ids = EVENTS(id),
				  .e_chains = EVENTS(chain),
				  .e_chain_runs = EVENTS(chain_run),
				  .e_schedules = EVENTS(schedule),
				  .e_runs = EVENTS(run),
				  .e_states = EVENTS(state),
				  .e_ats = EVENTS(at),
			  });
}

bool store_after_settled(const struct db_unit *u, int stmt, struct after_ended **out, size_t *out_n)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct after_ended *list = arena_array(u->arena, struct after_ended, (size_t)n + 1);
	int64_t gone = 0;

	*out = list;
	*out_n = 0;
	for (int i = 0; i < n; i++) {
		struct q_after_settle_row r;

		q_after_settle_read(rows, i, &r);
		gone = r.gone;
		if (!id_is_nil(r.schedule))
			list[(*out_n)++] = (struct after_ended){ r.schedule, r.kind, r.state,
								 r.failures };
	}
	return gone > 0;
}

void store_schedule_exhausted(struct db_unit *u, const struct move *const *moves, size_t n,
			      usec_t now)
{
	q_schedule_exhausted(u, &(struct q_schedule_exhausted){
					.buckets = COL(moves, n, struct move, bucket),
					.ids = COL(moves, n, struct move, id),
					.now = now,
				});
}

void store_standing_reset(struct db_unit *u, int16_t bucket, struct uuid tenant,
			  struct uuid schedule, usec_t now)
{
	q_standing_reset(
		u, &(struct q_standing_reset){
			   .bucket = bucket, .tenant = tenant, .schedule = schedule, .now = now });
}
