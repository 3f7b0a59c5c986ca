/* The phases: start, faults under load, healing, draining, checking. The last line is `N passed,
 * N failed`: rules. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "chaos/chaos.h"

#define DRAIN_SECONDS 45

int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void nap_ms(int ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

const char *setting(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

/* splitmix64 */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

int random_below(uint64_t *state, int n)
{
	return (int)(random_next(state) % (uint64_t)n);
}

void verdict(struct chaos *c, bool held, const char *format, ...)
{
	va_list args;

	c->passed += held;
	c->failed += !held;
	printf(held ? "ok      " : "FAILED  ");
	va_start(args, format);
	(void)vprintf(format, args);
	va_end(args);
	(void)putchar('\n');
	(void)fflush(stdout);
}

static void ignore_notice(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static PGresult *ask(const char *database, const char *statement)
{
	PGconn *connection = PQconnectdb(database);
	PGresult *result = NULL;

	(void)PQsetNoticeProcessor(connection, ignore_notice, NULL);
	if (PQstatus(connection) == CONNECTION_OK)
		result = PQexec(connection, statement);
	if (result && PQresultStatus(result) != PGRES_TUPLES_OK
	    && PQresultStatus(result) != PGRES_COMMAND_OK) {
		printf("%s: %s", statement, PQerrorMessage(connection));
		PQclear(result);
		result = NULL;
	}
	PQfinish(connection);
	return result;
}

PGresult *sql(const struct chaos *c, const char *statement)
{
	return ask(c->database, statement);
}

int64_t sql_number(const struct chaos *c, const char *statement, int64_t otherwise)
{
	PGresult *r = sql(c, statement);

	if (r && PQntuples(r) == 1 && !PQgetisnull(r, 0, 0))
		otherwise = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
	PQclear(r);
	return otherwise;
}

/* Until no run is live any more: the schedules are gone, what they had ahead is delivered too. */
static void drain(struct chaos *c)
{
	int64_t begin = now_us(), left = -1;

	while (left != 0 && now_us() < begin + DRAIN_SECONDS * 1000000LL) {
		nap_ms(100);
		servers_watch(c);
		left = sql_number(c, "select count(*) from run", -1);
	}
	verdict(c, left == 0, "drained: %lld runs left after %.1f s", (long long)left,
		(double)(now_us() - begin) / 1e6);
}

static void stop_servers(struct chaos *c)
{
	for (int i = 0; i < SERVERS; i++)
		server_signal(c, i, SIGTERM);
	for (int i = 0; i < SERVERS; i++) {
		int status = server_wait(c, i, 35);

		verdict(c, status == 0, "server %d ends with exit status 0 on SIGTERM (0x%x)", i,
			(unsigned)status);
		server_signal(c, i, SIGKILL);
	}
	verdict(c, c->crashed == 0, "no server ended by itself: %d", c->crashed);
	verdict(c,
		sql_number(c, "select count(*) from node n where n.lease_until > now()", -1) == 0,
		"no server left its row behind");
}

static bool begin(struct chaos *c)
{
	const char *url = setting("CHAOS_URL"), *at = strstr(url, "%s");

	if (!at)
		return false;
	(void)snprintf(c->database, sizeof c->database, "%.*schaos%s", (int)(at - url), url,
		       at + 2);
	PQclear(ask(setting("CHAOS_ADMIN"), "create database chaos"));
	for (int i = 0; i < SERVERS; i++) {
		(void)snprintf(c->servers[i].log, sizeof c->servers[i].log, "%s/server%d.log",
			       setting("CHAOS_FOLDER"), i);
		if (!server_start(c, i))
			return false;
	}
	return schedules_make(c);
}

static bool arguments(struct chaos *c, int count, char **words)
{
	uint64_t any = (uint64_t)now_us() / 1000 % 1000000;

	c->seed = any;
	c->rate = 90;
	c->seconds = 16;
	c->is_long = count > 1 && strcmp(words[1], "long") == 0;
	if (c->is_long) {
		c->rate = 150;
		c->seconds = count > 2 ? (int)strtol(words[2], NULL, 10) : 60;
		if (count > 3)
			c->seed = strtoull(words[3], NULL, 10);
	} else if (count > 2) {
		c->seed = strtoull(words[2], NULL, 10);
	}
	return count > 1 && (c->is_long || strcmp(words[1], "short") == 0);
}

int main(int count, char **words)
{
	static const char *const needed[] = { "CARILLON_BIN", "CHAOS_ADMIN", "CHAOS_URL",
					      "CHAOS_FOLDER", "CHAOS_PG_COMMAND" };
	static struct chaos chaos = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct chaos *c = &chaos;
	pthread_t threads[LOADERS];

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!getenv(needed[i]) || !arguments(c, count, words)) {
			(void)fprintf(stderr, "t_chaos short|long ...: see scripts/chaos.sh\n");
			return 2;
		}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %llu, %d s, %d tasks/s\n", (unsigned long long)c->seed, c->seconds, c->rate);
	sink_start(c);
	if (begin(c)) {
		load_start(c, threads);
		nemesis_run(c);
		load_end(c, threads);
		heal(c);
		verdict(c, schedules_delete(c), "schedules deleted");
		drain(c);
		stop_servers(c);
		check_all(c);
	} else {
		verdict(c, false, "two servers start");
	}
	printf("%d passed, %d failed\n", c->passed, c->failed);
	return c->failed != 0;
}
