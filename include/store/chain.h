/* Chains, their runs and the news for them in PostgreSQL. Definitions and nodes are JSON texts that nothing
 * here looks into (core/chain.h). */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "io/db.h"

struct chain_key {
	int16_t bucket;
	struct uuid tenant, id;
};
struct chain_row {
	struct uuid id;
	struct slice name, definition;
	int64_t runs; /* begun so far */
	usec_t created_at, updated_at;
};

/* Which of these ids are jobs of the tenant's. */
void store_chain_jobs(struct db_unit *u, const struct chain_key *of, const struct uuid *const *ids, size_t n);
size_t store_chain_jobs_known(const struct db_unit *u, int stmt, struct uuid **out);

struct chain_member {
	struct uuid job;
	bool is_root;
};
struct chain_members {
	const struct chain_member *const *list;
	size_t n;
};
void store_chain_insert(struct db_unit *u, const struct chain_key *key, const struct chain_row *row,
			const struct chain_members *jobs, int32_t most);
/* False: the tenant has `most` of them, and nothing was written. */
bool store_chain_inserted(const struct db_unit *u, int stmt);

void store_chain_get(struct db_unit *u, const struct chain_key *key);
bool store_chain_got(const struct db_unit *u, int stmt, struct chain_row *out);
/* Two statements: the page, newest first, and how many there are in all. */
void store_chain_page(struct db_unit *u, const struct chain_key *of, int32_t skip, int32_t most);
size_t store_chain_paged(const struct db_unit *u, int stmt, struct chain_row **out);
int64_t store_chain_counted(const struct db_unit *u, int stmt);
void store_chain_delete(struct db_unit *u, const struct chain_key *key, usec_t now);
bool store_chain_deleted(const struct db_unit *u, int stmt); /* false: there is none */

struct chain_name {
	struct uuid job;
	struct slice name;
};
void store_chain_names(struct db_unit *u, const struct chain_key *key);
size_t store_chain_named(const struct db_unit *u, int stmt, struct chain_name **out);

struct chain_run_row {
	struct uuid id;
	int64_t rev; /* what store_chain_write() compares; of a page: 0 */
	int16_t state, trigger;
	struct slice definition, nodes;
	usec_t started_at, finished_at;
	bool holds; /* store_chain_run_of(): it has the run */
};
/* Two statements: the page, newest first, and how many there are, counted up to `most_counted`. */
struct chain_run_page {
	int32_t skip, most, most_counted;
};
void store_chain_run_page(struct db_unit *u, const struct chain_key *key, const struct chain_run_page *page);
size_t store_chain_run_paged(const struct db_unit *u, int stmt, struct chain_run_row **out);
int64_t store_chain_run_counted(const struct db_unit *u, int stmt);

/* --- news --- */

enum { CHAIN_NEWS_CLOSE = 1 }; /* its state, beside enum run_state: nobody joins this chain run any more */
struct chain_event {
	int16_t bucket, state;
	struct uuid tenant, id, chain, chain_run, schedule, run;
	usec_t at;
};
struct chain_take {
	usec_t now, patience;
	usec_t held; /* taken_at of what the asker took and did not finish; USEC_NEVER: nothing */
	int32_t most;
};
void store_chain_take(struct db_unit *u, const struct chain_take *ask);
size_t store_chain_taken(const struct db_unit *u, int stmt, struct chain_event **out);

void store_chain_run_find(struct db_unit *u, int16_t bucket, struct uuid id);
bool store_chain_run_found(const struct db_unit *u, int stmt, struct chain_run_row *out);

/* Two statements for a root's run: its chain, and the chain runs it may belong to. */
struct chain_begin {
	struct slice definition;
	int64_t runs;
	bool deleted;
	int16_t trigger; /* of the run */
	bool has_begun;  /* the news that it began are there */
};
void store_chain_begin_find(struct db_unit *u, const struct chain_event *e);
/* False: there is no such chain. */
bool store_chain_begin_found(const struct db_unit *u, int stmt, struct chain_begin *out);
size_t store_chain_run_of(const struct db_unit *u, int stmt, struct chain_run_row **out); /* at most 2 */

/* A chain run at its next revision. */
struct chain_move {
	struct uuid id;
	int64_t rev; /* that was read */
	int16_t state;
	bool open;
	struct slice nodes;
	usec_t finished;
};
struct chain_child {
	struct uuid run, job, chain_run;
	usec_t slot;
};
struct chain_write {
	struct chain_key chain;
	const struct uuid *const *events;
	size_t events_n;
	struct uuid overtaken; /* nil: none */
	struct uuid root_run, root_chain_run; /* a root's run that joins this chain run; nil: none */
	const struct chain_move *const *moves;
	size_t moves_n;
	bool begins;
	struct chain_move begin; /* begins: the new one; rev: of chain.runs as it was read, -1: whatever it is */
	int16_t trigger;
	struct slice definition;
	const struct chain_child *const *children;
	size_t children_n;
	usec_t now;
};
/* All of it or nothing; a conflict (DB_CONFLICT) is a child's instant that its job has a run for. */
void store_chain_write(struct db_unit *u, const struct chain_write *w);
bool store_chain_written(const struct db_unit *u, int stmt);

#endif
