/* Between the files of the plan tests. */
#ifndef TESTS_PLANS_H
#define TESTS_PLANS_H

#include <libpq-fe.h>
#include <stdbool.h>

/* --- fill.c: the data --- */

/* Functions that make ids and arrays, and the partitions: before anything is prepared. */
extern const char fill_tools[];
/* 20,000 schedules, 50,000 live runs (1,000 of them executing, 2,000 due), 200,000 ended ones with their attempts. */
extern const char *const fill_tables[];
extern const char fill_run[];     /* the live runs alone */
extern const char fill_analyze[];

/* --- hot.c: the statements that must be quick, with arguments that the data has answers to --- */

struct hot {
	const char *name;
	const char *args; /* as EXECUTE takes them */
};
extern const struct hot hot[];
extern const int hot_count;

/* --- main.c --- */

bool run_sql(PGconn *pg, const char *sql);

#endif
