/* The chaos program: two servers on one PostgreSQL, a webhook sink of its own that keeps what came,
 * tasks created at a steady rate, schedules of every second (cron, a rule, with a calendar, with
 * jitter), and faults by a plan that a seed gives. Afterwards everything is healed, all that was
 * accepted must drain, and the rules of RELIABILITY.md 2.6 are checked, from the sink's records and
 * the tables.
 *
 *	t_chaos short [SEED]         about 22 s: a kill -9, an immediate stop of PostgreSQL,
 *	                             terminated backends, a SIGSTOP
 *	t_chaos long SECONDS [SEED]  faults drawn from the seed
 *
 * One process runs one plan and ends, so little here is freed. */
#ifndef CHAOS_CHAOS_H
#define CHAOS_CHAOS_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	SERVERS = 2,
	SCHEDULES = 7,
	FAULTS_MAX = 4000,
	TAKEOVER_KILLED = 2000, /* ms */
	ID_MAX = 48,
};

/* What a client knows of its create. */
enum told { TOLD_NOTHING, TOLD_CREATED, TOLD_REFUSED };
struct task {
	char id[ID_MAX]; /* TOLD_CREATED */
	int64_t due;
	enum told told;
};

struct delivery {
	char id[ID_MAX];
	long token, attempt;
	int64_t due, came, answered; /* microseconds, wall clock; answered 0: not */
	int n;                       /* of a task's payload; -1: a schedule's */
};

/* While it lasted, an attempt under way may have been lost. end: the server or PostgreSQL was well again. */
struct fault {
	char what[24];
	int64_t begin, end;
	int64_t quiet_from, quiet_to; /* PostgreSQL was away: nobody may start anything */
};

struct server {
	pid_t pid;
	char url[80];
	char log[300];
	bool is_frozen;
};

struct chaos {
	uint64_t seed;
	int seconds, rate;
	bool is_long;

	pthread_mutex_t lock; /* what follows to the blank line */
	struct task *tasks;
	int tasks_n, tasks_room;
	struct delivery *deliveries;
	int deliveries_n, deliveries_room;
	struct server servers[SERVERS];

	struct fault faults[FAULTS_MAX];
	int faults_n;
	char schedules[SCHEDULES][ID_MAX];
	int64_t schedules_made, schedules_ended;
	int sink_port;
	char database[300];
	volatile bool load_ends;
	int passed, failed, crashed;
};

/* main.c */
int64_t now_us(void);
void nap_ms(int ms);
const char *setting(const char *name); /* of the environment */
uint64_t random_next(uint64_t *state);
int random_below(uint64_t *state, int n);
/* A row of the report; counts one check. */
void verdict(struct chaos *c, bool held, const char *format, ...) __attribute__((format(printf, 3, 4)));
PGresult *sql(const struct chaos *c, const char *statement); /* NULL when it cannot be asked */
int64_t sql_number(const struct chaos *c, const char *statement, int64_t otherwise);

/* sink.c */
void sink_start(struct chaos *c);

/* load.c: the clients */
enum { LOADERS = 8 };
void load_start(struct chaos *c, pthread_t *threads);
void load_end(struct chaos *c, pthread_t *threads);
bool schedules_make(struct chaos *c);
bool schedules_delete(struct chaos *c);
bool is_ready(const char *url); /* GET /readyz */

/* server.c */
bool server_start(struct chaos *c, int i);
void server_signal(struct chaos *c, int i, int sign);
/* Waits for its end; the wait status, -1 when it does not end in time. */
int server_wait(struct chaos *c, int i, int seconds);
void servers_watch(struct chaos *c); /* one that ended by itself is a crash */

/* nemesis.c */
void nemesis_run(struct chaos *c);
void heal(struct chaos *c);

/* check.c */
void check_all(struct chaos *c);

#endif
