/* The only place that waits for an answer of PostgreSQL: at start, before there is a loop. */
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cluster_int.h"

/* Replaying the WAL after a crash may take long; while it goes on there is nothing better to do. */
#define READY_PATIENCE (10 * MIN)
#define CONNECT_PATIENCE (5 * SEC)

static bool wait_socket(PGconn *conn, bool to_write, usec_t until)
{
	struct pollfd p = { .fd = PQsocket(conn), .events = to_write ? POLLOUT : POLLIN };
	usec_t left = until - clock_boot();

	return left > 0 && poll(&p, 1, (int)(left / MSEC) + 1) > 0;
}

/* A connection that is up, or NULL. */
static PGconn *connect_once(const char *url)
{
	usec_t until = clock_boot() + CONNECT_PATIENCE;
	PGconn *conn = PQconnectStart(url);
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	if (!conn)
		return NULL;
	while (PQstatus(conn) != CONNECTION_BAD && want != PGRES_POLLING_OK
	       && want != PGRES_POLLING_FAILED) {
		if (!wait_socket(conn, want == PGRES_POLLING_WRITING, until))
			break;
		want = PQconnectPoll(conn);
	}
	if (PQstatus(conn) == CONNECTION_OK)
		return conn;
	PQfinish(conn);
	return NULL;
}

/* Runs one statement: rows returned, 0 for a command, -1 on failure. */
static int run_sql(struct cluster *c, PGconn *conn, const char *sql)
{
	int rows = -1;
	PGresult *result;

	if (!PQsendQuery(conn, sql)) {
		(void)cluster_fail(c, "PostgreSQL: %s", PQerrorMessage(conn));
		return -1;
	}
	while ((result = PQgetResult(conn)) != NULL) {
		ExecStatusType status = PQresultStatus(result);

		if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
			rows = PQntuples(result);
		else
			(void)cluster_fail(c, "PostgreSQL: %s", PQresultErrorMessage(result));
		PQclear(result);
	}
	return rows;
}

static bool make_database(struct cluster *c, PGconn *conn)
{
	int found = run_sql(c, conn, "select 1 from pg_database where datname = 'carillon'");

	if (found != 0)
		return found > 0;
	return run_sql(c, conn, "create database carillon") == 0;
}

/* The end of the server's log tells more than its exit status. */
static bool fail_with_log(struct cluster *c)
{
	char text[600] = "", *line = text;
	struct stat st;
	ssize_t n = 0;

	if (fstat(c->log_fd, &st) == 0)
		n = pread(c->log_fd, text, sizeof(text) - 1,
			  st.st_size > 599 ? st.st_size - 599 : 0);
	text[n > 0 ? n : 0] = 0;
	if (n == 599 && strchr(text, '\n'))
		line = strchr(text, '\n') + 1;
	return cluster_fail(c, "PostgreSQL did not start. The end of %s/log:\n%s", c->data, line);
}

bool cluster_await_ready(struct cluster *c)
{
	usec_t until = clock_boot() + READY_PATIENCE;
	char url[2 * PATH_MAX];
	PGconn *conn;
	bool done;

	(void)snprintf(url, sizeof(url),
		       "host='%s' port=" CLUSTER_PORT " user=carillon dbname=postgres", c->run);
	while ((conn = connect_once(url)) == NULL) {
		if (waitpid(c->pid, NULL, WNOHANG) != 0) {
			c->pid = 0;
			return fail_with_log(c);
		}
		if (clock_boot() > until)
			return cluster_fail(c, "PostgreSQL runs but does not answer; see %s/log",
					    c->data);
		(void)poll(NULL, 0, 10);
	}
	done = make_database(c, conn);
	PQfinish(conn);
	return done;
}
