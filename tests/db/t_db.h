/* What the database tests share: a tiny runner, statements of their own, and units run one at a
 * time. */
#ifndef TESTS_DB_H
#define TESTS_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "io/io_int.h"

struct fixture {
	struct loop *loop;
	struct db *db;
	struct arena *arena;
	const char *url;
	struct alarm watchdog;
	bool timed_out;
};
extern struct fixture fx;

/* The failing claim is printed, and the test goes on. */
void expect_that(bool claim, const char *text, const char *file, int line);
#define EXPECT(claim) expect_that((claim), #claim, __FILE__, __LINE__)

typedef void test_fn(void);
struct test {
	const char *name;
	test_fn *fn;
};
extern const struct test tests_types[], tests_units[], tests_outage[], tests_migrate[], tests_chains[], tests_ledger[];
void bench(void);

enum {
	T_ECHO,
	T_ARRAYS,
	T_ODD_TIMES,
	T_INSERT,
	T_GET,
	T_DIVIDE,
	T_SLEEP,
	T_TERMINATE,
	T_NOTIFY,
	T_COUNT,
	T_RAISE,
	T_CHILD,
	T_RENAME,
	T_SETTING,
	T_SET,
	T_WIDE,
	T_WIDE_SUM,
	T_PID,
	T_BENCH_GET,
	T_BENCH_INSERT,
	T_STATEMENTS
};
extern const struct db_stmt t_stmts[T_STATEMENTS];

/* Runs the loop until *count has come down to 0, at most so many seconds; false when it has not. */
bool run_until_zero(int *count, int seconds);
/* Runs it until the condition holds. */
bool run_until(bool (*holds)(void), int seconds);
bool all_ready(void);
/* Submits and runs the loop until it is answered. */
void run_unit(struct db_unit *u);

/* Units in fx.arena, ready to submit. */
struct db_unit *unit(enum lane lane);
struct db_unit *get_unit(enum lane lane, int64_t id);
struct db_unit *insert_unit(int64_t id, const char *name);
struct db_unit *text_unit(enum lane lane, int stmt, const char *text);
struct db_unit *sleep_unit(enum lane lane, double seconds);
bool setting_is(enum lane lane, const char *name, const char *value);
/* On a connection of its own, waiting; the first cell as text, or the error. */
void admin(const char *sql, char *out, size_t max);
void admin_to(const char *url, const char *sql, char *out, size_t max);

#endif
