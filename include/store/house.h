/* Housekeeping: the weekly partitions of history, and what goes with them. */
#ifndef STORE_HOUSE_H
#define STORE_HOUSE_H

#include "io/db.h"

/* Partitions are of a week, from Monday 00:00 UTC. */
#define PARTITION_SPAN (7 * DAY)
#define PARTITION_PARENTS 3 /* run_history, attempt, run_output */

struct partition {
	struct slice name;
	usec_t from;     /* read back from its name */
	int parent;      /* whose it is; 0: run_history's, which has totals */
	bool attached;
};

usec_t store_partition_start(usec_t at); /* of the partition that `at` lies in */
void store_partition_list(struct db_unit *u);
size_t store_partitions(const struct db_unit *u, int stmt, struct partition **out);
/* Those of every table for the week that begins at `from`. */
void store_partitions_create(struct db_unit *u, usec_t from);
/* In two steps, each a transaction of its own, so that nobody waits for long: detached it is out
 * of everybody's way (DB_RETRY when others use the table just now); then it is dropped with its
 * share of the totals. */
void store_partition_detach(struct db_unit *u, const struct partition *p);
void store_partition_drop(struct db_unit *u, const struct partition *p);
/* This connection makes its plans anew. */
void store_discard_plans(struct db_unit *u);
/* What is older than `before`, and totals by the hour older than `totals_before`; at most `most` rows a table. */
void store_forget(struct db_unit *u, usec_t before, usec_t totals_before, int32_t most);
/* Was there more? */
bool store_forgot_all(const struct db_unit *u, int stmt, int32_t most);

#endif
