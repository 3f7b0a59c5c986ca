#include "store/chain.h"

#include "sql.h"

void store_chain_jobs(struct db_unit *u, const struct chain_key *of, const struct uuid *const *ids,
		      size_t n)
{
	q_chain_jobs_known(
		u, &(struct q_chain_jobs_known){ .bucket = of->bucket,
						 .tenant = of->tenant,
						 .ids = { (const void *const *)ids, n, 0 } });
}

size_t store_chain_jobs_known(const struct db_unit *u, int stmt, struct uuid **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct uuid, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_jobs_known_row r;

		q_chain_jobs_known_read(rows, i, &r);
		(*out)[i] = r.id;
	}
	return (size_t)n;
}

void store_chain_insert(struct db_unit *u, const struct chain_key *key, const struct chain_row *row,
			const struct chain_members *jobs, int32_t most)
{
	q_chain_insert(u, &(struct q_chain_insert){
				  .bucket = key->bucket,
				  .tenant = key->tenant,
				  .id = key->id,
				  .name = row->name,
				  .definition = row->definition,
				  .jobs = COL(jobs->list, jobs->n, struct chain_member, job),
				  .roots = COL(jobs->list, jobs->n, struct chain_member, is_root),
				  .most = most,
				  .now = row->created_at,
			  });
}

bool store_chain_inserted(const struct db_unit *u, int stmt)
{
	struct q_chain_insert_row r;

	q_chain_insert_read(db_rows(u, stmt), 0, &r);
	return !r.is_full;
}

/* What get and page answer, by the same names. */
#define CHAIN_OF(r)                                                                     \
	.id = (r).id, .name = (r).name, .definition = (r).definition, .runs = (r).runs, \
	.created_at = (r).created_at, .updated_at = (r).updated_at

void store_chain_get(struct db_unit *u, const struct chain_key *key)
{
	q_chain_get(u, &(struct q_chain_get){
			       .bucket = key->bucket, .tenant = key->tenant, .id = key->id });
}

bool store_chain_got(const struct db_unit *u, int stmt, struct chain_row *out)
{
	struct q_chain_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_chain_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct chain_row){ CHAIN_OF(r) };
	return true;
}

void store_chain_page(struct db_unit *u, const struct chain_key *of, int32_t skip, int32_t most)
{
	q_chain_page(u, &(struct q_chain_page){ .bucket = of->bucket,
						.tenant = of->tenant,
						.skip = skip,
						.most = most });
	q_chain_count(u, &(struct q_chain_count){ .bucket = of->bucket, .tenant = of->tenant });
}

size_t store_chain_paged(const struct db_unit *u, int stmt, struct chain_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct chain_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_page_row r;

		q_chain_page_read(rows, i, &r);
		(*out)[i] = (struct chain_row){ CHAIN_OF(r) };
	}
	return (size_t)n;
}

int64_t store_chain_counted(const struct db_unit *u, int stmt)
{
	struct q_chain_count_row r;

	q_chain_count_read(db_rows(u, stmt), 0, &r);
	return r.total;
}

void store_chain_delete(struct db_unit *u, const struct chain_key *key, usec_t now)
{
	q_chain_delete(u, &(struct q_chain_delete){ .bucket = key->bucket,
						    .tenant = key->tenant,
						    .id = key->id,
						    .event = id_new(now),
						    .now = now });
}

bool store_chain_deleted(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_chain_names(struct db_unit *u, const struct chain_key *key)
{
	q_chain_names(u, &(struct q_chain_names){ .bucket = key->bucket, .chain = key->id });
}

size_t store_chain_named(const struct db_unit *u, int stmt, struct chain_name **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct chain_name, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_names_row r;

		q_chain_names_read(rows, i, &r);
		(*out)[i] = (struct chain_name){ r.job, r.name };
	}
	return (size_t)n;
}

void store_chain_run_page(struct db_unit *u, const struct chain_key *key,
			  const struct chain_run_page *page)
{
	q_chain_run_page(u, &(struct q_chain_run_page){ .bucket = key->bucket,
							.tenant = key->tenant,
							.chain = key->id,
							.skip = page->skip,
							.most = page->most });
	q_chain_run_count(u, &(struct q_chain_run_count){ .bucket = key->bucket,
							  .chain = key->id,
							  .most = page->most_counted });
}

size_t store_chain_run_paged(const struct db_unit *u, int stmt, struct chain_run_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct chain_run_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_run_page_row r;

		q_chain_run_page_read(rows, i, &r);
		(*out)[i] = (struct chain_run_row){ .id = r.id,
						    .state = r.state,
						    .trigger = r.trigger,
						    .definition = r.definition,
						    .nodes = r.nodes,
						    .started_at = r.started_at,
						    .finished_at = r.finished_at };
	}
	return (size_t)n;
}

int64_t store_chain_run_counted(const struct db_unit *u, int stmt)
{
	struct q_chain_run_count_row r;

	q_chain_run_count_read(db_rows(u, stmt), 0, &r);
	return r.total;
}

/* --- news --- */

void store_chain_take(struct db_unit *u, const struct chain_take *ask)
{
	q_chain_event_take(u, &(struct q_chain_event_take){ .now = ask->now,
							    .stale = ask->now - ask->patience,
							    .latest = ask->now + ask->patience,
							    .held = ask->held,
							    .most = ask->most });
}

size_t store_chain_taken(const struct db_unit *u, int stmt, struct chain_event **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct chain_event, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_event_take_row r;

		q_chain_event_take_read(rows, i, &r);
		(*out)[i] = (struct chain_event){ .bucket = r.bucket,
						  .state = r.state,
						  .tenant = r.tenant,
						  .id = r.id,
						  .chain = r.chain_id,
						  .chain_run = r.chain_run_id,
						  .schedule = r.schedule_id,
						  .run = r.run_id,
						  .at = r.at };
	}
	return (size_t)n;
}

void store_chain_run_find(struct db_unit *u, int16_t bucket, struct uuid id)
{
	q_chain_run_find(u, &(struct q_chain_run_find){ .bucket = bucket, .id = id });
}

/* What both ways to find one answer. */
#define CHAIN_RUN_OF(r)                                                                 \
	.id = (r).id, .rev = (r).rev, .state = (r).state, .definition = (r).definition, \
	.nodes = (r).nodes, .started_at = USEC_NEVER, .finished_at = USEC_NEVER

bool store_chain_run_found(const struct db_unit *u, int stmt, struct chain_run_row *out)
{
	struct q_chain_run_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_chain_run_find_read(db_rows(u, stmt), 0, &r);
	*out = (struct chain_run_row){ CHAIN_RUN_OF(r) };
	return true;
}

void store_chain_begin_find(struct db_unit *u, const struct chain_event *e)
{
	q_chain_begin_find(u, &(struct q_chain_begin_find){ .bucket = e->bucket,
							    .tenant = e->tenant,
							    .chain = e->chain,
							    .run = e->run,
							    .since = id_instant(e->run) });
	q_chain_run_of(u, &(struct q_chain_run_of){
				  .bucket = e->bucket, .chain = e->chain, .run = e->run });
}

bool store_chain_begin_found(const struct db_unit *u, int stmt, struct chain_begin *out)
{
	struct q_chain_begin_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_chain_begin_find_read(db_rows(u, stmt), 0, &r);
	*out = (struct chain_begin){ r.definition, r.runs, r.deleted, r.trigger, r.has_begun };
	return true;
}

size_t store_chain_run_of(const struct db_unit *u, int stmt, struct chain_run_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);

	*out = arena_array(u->arena, struct chain_run_row, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct q_chain_run_of_row r;

		q_chain_run_of_read(rows, i, &r);
		(*out)[i] = (struct chain_run_row){ CHAIN_RUN_OF(r), .holds = r.holds };
	}
	return (size_t)n;
}

void store_chain_write(struct db_unit *u, const struct chain_write *w)
{
	q_chain_write(u,
		      &(struct q_chain_write){
			      .bucket = w->chain.bucket,
			      .tenant = w->chain.tenant,
			      .chain = w->chain.id,
			      .events = { (const void *const *)w->events, w->events_n, 0 },
			      .overtaken = w->overtaken,
			      .ids = COL(w->moves, w->moves_n, struct chain_move, id),
			      .revs = COL(w->moves, w->moves_n, struct chain_move, rev),
			      .states = COL(w->moves, w->moves_n, struct chain_move, state),
			      .nodes = COL(w->moves, w->moves_n, struct chain_move, nodes),
			      .opens = COL(w->moves, w->moves_n, struct chain_move, open),
			      .finished = COL(w->moves, w->moves_n, struct chain_move, finished),
			      .new = w->begins ? w->begin.id : (struct uuid){ { 0 } },
			      .was = w->begin.rev,
			      .new_trigger = w->trigger,
			      .new_definition = w->definition,
			      .new_nodes = w->begin.nodes,
			      .new_state = w->begin.state,
			      .new_open = w->begin.open,
			      .new_finished = w->begins ? w->begin.finished : USEC_NEVER,
			      .run_ids = COL(w->children, w->children_n, struct chain_child, run),
			      .run_jobs = COL(w->children, w->children_n, struct chain_child, job),
			      .run_chains = COL(w->children, w->children_n, struct chain_child,
						chain_run),
			      .slots = COL(w->children, w->children_n, struct chain_child, slot),
			      .root_run = w->root_run,
			      .root_chain_run = w->root_chain_run,
			      .now = w->now,
		      });
}

bool store_chain_written(const struct db_unit *u, int stmt)
{
	struct q_chain_write_row r;

	q_chain_write_read(db_rows(u, stmt), 0, &r);
	return r.done;
}
