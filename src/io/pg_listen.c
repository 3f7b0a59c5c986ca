/* The listening connection. It sends nothing but LISTEN and a probe: a NOTIFY channel that has
 * died looks exactly like a quiet one (RELIABILITY.md F7), so every PROBE_EVERY the connection
 * has to answer something, and whatever is odd ends in a new connection. */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "io_int.h"

#define LISTENER_MAGIC 0x6c73746eu
#define CHANNELS_MAX 8
#define PROBE_EVERY (10 * SEC)
#define PROBE_ANSWER (5 * SEC)

struct channel {
	const char *name;
	void (*fn)(void *ctx, const char *payload);
	void *ctx;
};

struct pg_listener {
	unsigned magic;
	struct pg_conn conn;
	struct alarm probe;
	struct channel channels[CHANNELS_MAX];
	int count, listening; /* so many of them were sent to this connection */
	bool waits;           /* for the answer of a LISTEN or a probe */
};

static void ask(struct pg_listener *l, const char *sql)
{
	l->waits = true;
	alarm_in(&l->probe, PROBE_ANSWER);
	if (PQsendQuery(l->conn.pg, sql))
		pg_conn_flush(&l->conn);
	else
		pg_conn_fail(&l->conn, NULL);
}

static void send_listen(struct pg_listener *l)
{
	struct strbuf sql;

	strbuf_init(&sql, 4096);
	for (; l->listening < l->count; l->listening++) {
		const char *name = l->channels[l->listening].name;
		char *quoted = PQescapeIdentifier(l->conn.pg, name, strlen(name));

		ASSERT(quoted); /* names are ours, and valid UTF-8 */
		strbuf_addf(&sql, "listen %s;", quoted);
		PQfreemem(quoted);
	}
	ASSERT(!sql.failed);
	ask(l, sql.p);
	strbuf_release(&sql);
}

static void listener_up(void *owner)
{
	struct pg_listener *l = owner;

	CHECK_MAGIC(l, LISTENER_MAGIC);
	l->listening = 0;
	send_listen(l);
}

static void deliver(struct pg_listener *l)
{
	PGnotify *n;

	while ((n = PQnotifies(l->conn.pg))) {
		for (int i = 0; i < l->count; i++)
			if (strcmp(l->channels[i].name, n->relname) == 0)
				l->channels[i].fn(l->channels[i].ctx, n->extra);
		PQfreemem(n);
	}
}

/* True when all went well so far. */
static bool read_answers(struct pg_listener *l)
{
	while (l->waits && !PQisBusy(l->conn.pg)) {
		PGresult *r = PQgetResult(l->conn.pg);
		ExecStatusType status = PQresultStatus(r);

		PQclear(r);
		if (!r)
			l->waits = false;
		else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
			return false;
	}
	/* Also when nothing is awaited: it is what takes notifications out of the buffer. */
	(void)PQisBusy(l->conn.pg);
	return true;
}

static void listener_input(void *owner)
{
	struct pg_listener *l = owner;

	CHECK_MAGIC(l, LISTENER_MAGIC);
	if (!read_answers(l)) {
		pg_conn_fail(&l->conn, NULL);
		return;
	}
	deliver(l);
	if (l->waits || !l->conn.pg)
		return;
	if (l->conn.state == PG_SETUP)
		pg_conn_settled(&l->conn);
	if (l->listening < l->count)
		send_listen(l);
	else
		alarm_in(&l->probe, PROBE_EVERY);
}

static void listener_down(void *owner)
{
	struct pg_listener *l = owner;

	CHECK_MAGIC(l, LISTENER_MAGIC);
	alarm_stop(&l->probe);
	l->waits = false;
	l->listening = 0;
}

static const struct pg_hooks listener_hooks = { listener_up, listener_input, listener_down };

static void probe(void *ctx)
{
	struct pg_listener *l = ctx;

	CHECK_MAGIC(l, LISTENER_MAGIC);
	if (l->waits)
		pg_conn_fail(&l->conn, "the server does not answer");
	else
		ask(l, "select 1");
}

void db_on_notify(struct db *db, const char *channel, void (*fn)(void *ctx, const char *payload),
		  void *ctx)
{
	struct pg_listener *l = db->listener;

	CHECK_MAGIC(db, DB_MAGIC);
	ASSERT(fn);
	if (!l) {
		l = mem_new(sizeof(*l));
		l->magic = LISTENER_MAGIC;
		alarm_init(&l->probe, db->loop, probe, l);
		pg_conn_init(&l->conn, &db->source, &listener_hooks, l, "pg.listen");
		db->listener = l;
	}
	ASSERT(l->count < CHANNELS_MAX);
	l->channels[l->count++] = (struct channel){ channel, fn, ctx };
	if (l->conn.state == PG_SETTLED && !l->waits)
		send_listen(l);
}

void pg_listener_free(struct pg_listener *l)
{
	if (!l)
		return;
	CHECK_MAGIC(l, LISTENER_MAGIC);
	pg_conn_release(&l->conn);
	alarm_release(&l->probe);
	l->magic = 0;
	free(l);
}
