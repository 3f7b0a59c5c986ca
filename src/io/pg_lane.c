/* A lane: units out, results in.
 *
 * A unit is on exactly one list: queue (submitted), sent, or again (a read that PostgreSQL
 * skipped because one ahead of it in the group failed). Units are sent at the end of the loop's
 * turn, so that the reads of a turn share a Sync and writes share the system call; PostgreSQL
 * answers in order, so the first sent unit is the one whose results come next. done() is called
 * from the reading side and from the turn's end only, and never from db_submit(). What is
 * submitted from done() goes into the queue like everything else.
 *
 * A write's done() waits for its Sync, because only that says it is committed. A read is as good
 * as it gets when its rows are here; one whose group goes on is answered then. */
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "io_int.h"

#define LANE_MAGIC 0x6c616e65u
#define GROUP_MAX 64           /* reads that share a Sync; more gain nothing (PERFORMANCE.md 2) */
#define ANSWER_GRACE (5 * SEC) /* beyond statement_timeout: the server or the way to it is dead */

static const struct lane_kind {
	const char *name, *statement_timeout;
	usec_t timeout;
	int queue_max, sent_max;
	enum metric time;
} kinds[LANE_COUNT] = {
	[LANE_READ] = { "pg.read", "10s", 10 * SEC, 4096, 512, METRIC_DB_READ_TIME },
	[LANE_WRITE] = { "pg.write", "10s", 10 * SEC, 4096, 8, METRIC_DB_WRITE_TIME },
	[LANE_ENGINE] = { "pg.engine", "30s", 30 * SEC, 256, 8, METRIC_DB_ENGINE_TIME },
	[LANE_BULK] = { "pg.bulk", "20s", 20 * SEC, 256, 1, METRIC_DB_BULK_TIME },
	[LANE_SLOW] = { "pg.slow", "20s", 20 * SEC, 256, 1, METRIC_DB_SLOW_TIME },
};

/* ---- lists and answers */

static void push(struct db_list *list, struct db_unit *u)
{
	u->next = NULL;
	if (list->last)
		list->last->next = u;
	else
		list->first = u;
	list->last = u;
	list->n++;
}

static struct db_unit *pop(struct db_list *list)
{
	struct db_unit *u = list->first;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	list->first = u->next;
	if (!list->first)
		list->last = NULL;
	list->n--;
	u->next = NULL;
	return u;
}

/* The last touch: the callback may end the arena that the unit lives in. */
static void answer(struct db_unit *u)
{
	db_done *done = u->done;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	metric_time(kinds[u->lane].time, clock_boot() - u->sent_at);
	u->done = NULL; /* it may be submitted again */
	done(u, u->ctx);
}

static void answer_refused(void *ctx)
{
	answer(ctx);
}

static void set_outcome(struct db_unit *u, enum db_outcome outcome, const char *message)
{
	u->outcome = outcome;
	snprintf(u->message, sizeof(u->message), "%s", message);
}

/* What has failed by itself is rolled back for certain, and keeps its own error. */
void pg_answer_all(struct db_list list, enum db_outcome outcome, const char *message)
{
	while (list.first) {
		struct db_unit *u = pop(&list);

		if (!u->failed)
			set_outcome(u, outcome, message);
		answer(u);
	}
}

/* ---- errors */

bool pg_is_dead(const char *sqlstate)
{
	return strncmp(sqlstate, "08", 2) == 0 || strcmp(sqlstate, "57P01") == 0
	    || strcmp(sqlstate, "57P02") == 0 || strcmp(sqlstate, "57P03") == 0;
}

bool pg_is_retry(const char *sqlstate)
{
	return strcmp(sqlstate, "40001") == 0 || strcmp(sqlstate, "40P01") == 0
	    || strcmp(sqlstate, "55P03") == 0;
}

void pg_copy_field(char *out, size_t max, const PGresult *r, int field)
{
	const char *text = PQresultErrorField(r, field);

	snprintf(out, max, "%s", text ? text : "");
}

static enum db_outcome outcome_of(const char *sqlstate)
{
	if (strncmp(sqlstate, "23", 2) == 0)
		return DB_CONFLICT;
	return pg_is_retry(sqlstate) ? DB_RETRY : DB_ERROR;
}

/* The server became read-only under us: a replica now. Everything else we hold there is as
 * wrong. */
static void drop_all(struct db *db, const char *why)
{
	for (int i = 0; i < LANE_COUNT; i++) {
		struct db_lane *l = &db->lanes[i];

		if (!l->is_up)
			continue;
		snprintf(l->why, sizeof(l->why), "%s", why);
		l->drop = true;
		event_active(l->pump, EV_TIMEOUT, 1);
	}
}

static void unit_failed(struct db_lane *l, struct db_unit *u, const PGresult *r)
{
	char sqlstate[6];

	pg_copy_field(sqlstate, sizeof(sqlstate), r, PG_DIAG_SQLSTATE);
	/* libpq itself reports a broken connection without a state. */
	if (!sqlstate[0] || pg_is_dead(sqlstate)) {
		snprintf(l->why, sizeof(l->why), "%s", PQresultErrorMessage(r));
		l->drop = true;
		return;
	}
	if (strcmp(sqlstate, "25006") == 0 && l->kind != LANE_READ) {
		drop_all(l->db, PQresultErrorMessage(r));
		return;
	}
	if (u->failed)
		return;
	u->failed = true;
	u->outcome = outcome_of(sqlstate);
	memcpy(u->sqlstate, sqlstate, sizeof(sqlstate));
	pg_copy_field(u->constraint, sizeof(u->constraint), r, PG_DIAG_CONSTRAINT_NAME);
	pg_copy_field(u->message, sizeof(u->message), r, PG_DIAG_MESSAGE_PRIMARY);
}

/* ---- out */

static bool send_unit(struct db_lane *l, const struct db_unit *u)
{
	for (const struct db_call *c = u->calls; c; c = c->next) {
		const struct db_stmt *s = c->rows.stmt;
		int sent = s->name ? PQsendQueryPrepared(l->conn.pg, s->name, c->bound, c->values,
							 c->lengths, db_binary, 1)
				   : PQsendQueryParams(l->conn.pg, s->text, 0, NULL, NULL, NULL,
						       NULL, 1);

		if (!sent)
			return false;
	}
	return true;
}

static bool ends_group(const struct db_lane *l, const struct db_unit *u, int grouped)
{
	const struct db_unit *next = l->queue.first;

	if (l->kind != LANE_READ || u->resent || grouped == GROUP_MAX)
		return true;
	return !next || next->resent || l->sent.n == kinds[l->kind].sent_max;
}

static void plan_deadline(struct db_lane *l)
{
	l->progress_at = clock_boot();
	if (!alarm_is_set(&l->deadline))
		alarm_in(&l->deadline, kinds[l->kind].timeout + ANSWER_GRACE);
}

/* Sends what may be sent. A failure is only noted here, because db_submit() may have called. */
static void lane_send(struct db_lane *l)
{
	bool ok = true;
	int grouped = 0;

	if (!l->is_up || l->drop)
		return;
	if (l->sent.n == 0 && l->queue.first)
		plan_deadline(l);
	while (ok && l->queue.first && l->sent.n < kinds[l->kind].sent_max) {
		struct db_unit *u = pop(&l->queue);

		push(&l->sent, u);
		if (l->sent.n == 1)
			l->call = u->calls;
		ok = send_unit(l, u);
		u->synced = ends_group(l, u, ++grouped);
		if (ok && u->synced) {
			ok = PQpipelineSync(l->conn.pg);
			grouped = 0;
		}
	}
	if (ok) {
		pg_conn_flush(&l->conn);
		return;
	}
	snprintf(l->why, sizeof(l->why), "%s", PQerrorMessage(l->conn.pg));
	l->drop = true;
	event_active(l->pump, EV_TIMEOUT, 1);
}

static void pump(evutil_socket_t fd, short events, void *ctx)
{
	struct db_lane *l = ctx;

	CHECK_MAGIC(l, LANE_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(l->db->loop, "pg.send");
	if (!l->is_up)
		return;
	if (l->drop)
		pg_conn_fail(&l->conn, l->why);
	else
		lane_send(l);
}

/* A unit that is sent once more begins without what came of it before. */
static void forget_answer(struct db_unit *u)
{
	u->outcome = DB_OK;
	u->sqlstate[0] = u->constraint[0] = u->message[0] = 0;
	u->failed = u->aborted = u->synced = u->resent = false;
	for (struct db_call *c = u->calls; c; c = c->next)
		c->rows.result = NULL; /* the arena clears it */
}

void db_submit(struct db_unit *u, db_done *done, void *ctx)
{
	struct db_lane *l;

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	CHECK_MAGIC(u->db, DB_MAGIC);
	ASSERT(done && !u->done);
	ASSERT(u->last_call && u->last_call->ended);
	l = &u->db->lanes[u->lane];
	CHECK_MAGIC(l, LANE_MAGIC);
	forget_answer(u);
	u->done = done;
	u->ctx = ctx;
	u->sent_at = clock_boot();
	if (!l->is_up || l->queue.n >= kinds[l->kind].queue_max) {
		if (l->is_up)
			metric_add(METRIC_DB_BUSY, 1);
		set_outcome(u, DB_BUSY, l->is_up ? "the queue is full" : "no connection");
		loop_defer(u->db->loop, answer_refused, u);
		return;
	}
	push(&l->queue, u);
	if (l->kind == LANE_READ && l->queue.n == GROUP_MAX)
		lane_send(l);
	else
		event_active(l->pump, EV_TIMEOUT, 1);
}

/* ---- in */

static void clear_result(void *result)
{
	PQclear(result);
}

/* The first sent unit has all it will get. */
static void unit_over(struct db_lane *l)
{
	struct db_unit *u = pop(&l->sent);

	l->call = l->sent.first ? l->sent.first->calls : NULL;
	if (!u->aborted) {
		answer(u);
		return;
	}
	/* With a Sync of its own nobody else can stop it, so there is no third time. */
	ASSERT(l->kind == LANE_READ && !u->resent);
	u->aborted = false;
	u->resent = true;
	push(&l->again, u);
}

static void keep_rows(struct db_lane *l, struct db_unit *u, PGresult *r)
{
	struct db_call *c = l->call;

	ASSERT(c && !c->rows.result);
	ASSERT(PQnfields(r) == c->rows.stmt->columns);
	c->rows.result = r;
	arena_defer(u->arena, clear_result, r);
}

static void unit_result(struct db_lane *l, PGresult *r)
{
	struct db_unit *u = l->sent.first;
	ExecStatusType status = PQresultStatus(r);

	CHECK_MAGIC(u, DB_UNIT_MAGIC);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		keep_rows(l, u, r);
	} else {
		if (status == PGRES_PIPELINE_ABORTED)
			u->aborted = !u->failed;
		else
			unit_failed(l, u, r);
		PQclear(r);
	}
	/* No call is left when the commit itself fails: then the error came ahead of the Sync. */
	if (!l->call || l->drop)
		return;
	l->call = l->call->next;
	if (!l->call && !u->synced)
		unit_over(l);
}

static void group_over(struct db_lane *l)
{
	ASSERT(l->sent.first && l->sent.first->synced && !l->call);
	unit_over(l);
	if (!l->again.first)
		return;
	l->again.last->next = l->queue.first;
	if (!l->queue.last)
		l->queue.last = l->again.last;
	l->queue.first = l->again.first;
	l->queue.n += l->again.n;
	l->again = (struct db_list){ 0 };
}

/* ---- the connection's hooks */

static void tell(struct db_lane *l)
{
	metric_set(METRIC_DB_UP, db_ready(l->db));
	event_active(l->news, EV_TIMEOUT, 1);
}

static void lane_connected(void *owner)
{
	struct db_lane *l = owner;

	CHECK_MAGIC(l, LANE_MAGIC);
	l->setup_at = 0;
	if (pg_setup_send(l, kinds[l->kind].statement_timeout, l->kind == LANE_READ))
		pg_conn_flush(&l->conn);
	else
		pg_conn_fail(&l->conn, NULL);
}

static void take(struct db_lane *l, PGresult *r)
{
	if (!l->is_up) {
		if (pg_setup_result(l, r)) {
			l->is_up = l->was_up = true;
			pg_conn_settled(&l->conn);
			tell(l);
		}
		PQclear(r);
	} else if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
		PQclear(r);
		group_over(l);
	} else {
		unit_result(l, r);
	}
}

/* libpq ends each query with a NULL, and says NULL again when it has nothing more. */
static void lane_input(void *owner)
{
	struct db_lane *l = owner;
	int nulls = 0;

	CHECK_MAGIC(l, LANE_MAGIC);
	l->progress_at = clock_boot();
	while (!l->drop && nulls < 2 && !PQisBusy(l->conn.pg) && (!l->is_up || l->sent.first)) {
		PGresult *r = PQgetResult(l->conn.pg);

		nulls = r ? 0 : nulls + 1;
		if (r)
			take(l, r);
	}
	if (l->drop)
		pg_conn_fail(&l->conn, l->why);
	else
		lane_send(l);
}

static void lane_lost(void *owner)
{
	struct db_lane *l = owner;
	struct db_list sent = l->sent, queue = l->queue, again = l->again;

	CHECK_MAGIC(l, LANE_MAGIC);
	l->sent = l->queue = l->again = (struct db_list){ 0 };
	l->call = NULL;
	l->drop = false;
	l->backend_pid = 0;
	alarm_stop(&l->deadline);
	if (l->is_up) {
		l->is_up = false;
		tell(l);
	}
	pg_answer_all(sent, DB_LOST, l->conn.why);
	pg_answer_all(again, DB_BUSY, "no connection");
	pg_answer_all(queue, DB_BUSY, "no connection");
}

static const struct pg_hooks lane_hooks = { lane_connected, lane_input, lane_lost };

static void deadline_rang(void *ctx)
{
	struct db_lane *l = ctx;
	usec_t left = l->progress_at + kinds[l->kind].timeout + ANSWER_GRACE - clock_boot();

	CHECK_MAGIC(l, LANE_MAGIC);
	if (!l->sent.first)
		return;
	if (left > 0)
		alarm_in(&l->deadline, left);
	else
		pg_conn_fail(&l->conn, "the server does not answer");
}

static void give_news(evutil_socket_t fd, short events, void *ctx)
{
	struct db_lane *l = ctx;

	CHECK_MAGIC(l, LANE_MAGIC);
	(void)fd;
	(void)events;
	loop_enter(l->db->loop, "db.on_lane");
	if (l->told_up == l->is_up)
		return;
	l->told_up = l->is_up;
	if (l->db->on_lane)
		l->db->on_lane(l->db->on_lane_ctx, l->kind, l->is_up);
}

void pg_lane_init(struct db_lane *l, struct db *db, enum lane kind)
{
	struct event_base *base = loop_base(db->loop);

	l->magic = LANE_MAGIC;
	l->db = db;
	l->kind = kind;
	l->pump = event_new(base, -1, 0, pump, l);
	l->news = event_new(base, -1, 0, give_news, l);
	ASSERT(l->pump && l->news);
	alarm_init(&l->deadline, db->loop, deadline_rang, l);
	pg_conn_init(&l->conn, &db->source, &lane_hooks, l, kinds[kind].name);
}

void pg_lane_release(struct db_lane *l)
{
	CHECK_MAGIC(l, LANE_MAGIC);
	l->is_up = false;
	pg_conn_release(&l->conn);
	alarm_release(&l->deadline);
	event_free(l->pump);
	event_free(l->news);
}
