/* 50,000 requests that mean no good, to a server of its own: CARILLON_BIN, on the database DATABASE_URL, with
 * CARILLON_API_KEY. SEED=n repeats a run, HOSTILE_COUNT=n sends so many, HOSTILE_ONLY=n prints one of them.
 *
 * No 5xx, no connection that ends without an answer, every refusal a problem that names what is wrong, nothing
 * stored by it, and at the end a server that is well. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "hostile.h"

#define COUNT 50000
#define SHOWN 3 /* of a kind */
#define WARM_UP \
	10 /* so many tenths of the requests come before the first look at the memory: one */
#define GROWTH_KB (64L << 10)

/* What asks about time is sent again by itself, every so many of it: how long does it hold the loop? */
#define ALONE_EVERY 4
#define LOOP_MOST (100 * MSEC) /* of the server's processor time, in the debug build */

static struct {
	int sent, wrong;
} tally[KINDS_MAX];
static int passed, failed;

/* --- what went wrong --- */

static void show(const char *what, const char *p, size_t n)
{
	printf("    %s (%zu bytes): ", what, n);
	for (size_t i = 0; i < n && i < 1500; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '\n')
			printf("\\n");
		else if (c == '\r')
			printf("\\r");
		else if (c < ' ' || c >= 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf("\n");
}

static void report(const struct request *q, const struct reply *r, const char *wrong)
{
	tally[q->kind].sent++;
	if (!wrong)
		return;
	if (tally[q->kind].wrong++ >= SHOWN)
		return;
	printf("request %d (%s): %s\n", q->number, kinds[q->kind].name, wrong);
	show("sent", q->raw.p, q->raw.n);
	show("answered", r->raw.n ? r->raw.p : "", r->raw.n);
}

static void expect(bool claim, const char *what)
{
	*(claim ? &passed : &failed) += 1;
	if (!claim)
		printf("FAILED: %s\n", what);
}

static void expect_kinds(void)
{
	for (int i = 0; i < kinds_count; i++) {
		if (tally[i].wrong)
			printf("  %s: %d of %d went wrong\n", kinds[i].name, tally[i].wrong,
			       tally[i].sent);
		expect(tally[i].wrong == 0, kinds[i].name);
	}
	printf("  answers:");
	for (int i = 0; i < 600; i++)
		if (by_status[i])
			printf(" %d x %d", by_status[i], i);
	printf("\n");
}

/* README.md says that it lists the codes of fields. */
static void expect_readme(void)
{
	static char text[256 << 10];
	FILE *f = fopen("README.md", "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	bool has_all = n > 0;
	char quoted[80];

	if (f)
		(void)fclose(f);
	for (int i = 0; seen_codes[i]; i++) {
		(void)snprintf(quoted, sizeof(quoted), "`%s`", seen_codes[i]);
		if (strstr(text, quoted))
			continue;
		printf("  README.md does not have %s\n", quoted);
		has_all = false;
	}
	expect(has_all, "README.md has the code of every fault");
}

/* --- what is in the tables --- */

static PGconn *pg;

static long long ask(const char *sql)
{
	PGresult *r = PQexec(pg, sql);
	long long n = -1;

	if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1)
		n = atoll(PQgetvalue(r, 0, 0));
	else
		printf("  %s: %s", sql, PQerrorMessage(pg));
	PQclear(r);
	return n;
}

static void expect_count(const char *what, const char *sql, long long wanted)
{
	long long n = ask(sql);

	if (n != wanted)
		printf("  %s: %lld rows, %lld answers\n", what, n, wanted);
	expect(n == wanted, what);
}

/* A row is a 201, and the other way round; and totals are sums. */
static void expect_tables(const char *url)
{
	pg = PQconnectdb(url);
	expect_count("schedules", "select count(*) from schedule where kind = 1", stored.schedules);
	expect_count("jobs", "select count(*) from schedule where kind = 2", stored.jobs);
	expect_count("plans", "select count(*) from schedule where kind = 3", stored.plans);
	expect_count("agents", "select count(*) from agent", stored.agents);
	expect_count("actions", "select count(*) from action", stored.actions);
	expect_count("keys", "select count(*) from api_key where created_by is not null",
		     stored.api_keys);
	expect_count("chains", "select count(*) from chain where deleted_at is null",
		     stored.chains);
	expect_count("calendars", "select count(*) from calendar where deleted_at is null",
		     stored.calendars);
	expect_count(
		"templates",
		"select count(*) from template where url not like 'agent:%' and url not like 'action:%'",
		stored.templates);
	expect_count("tasks",
		     "select (select count(*) from run where schedule_id is null)"
		     " + (select count(*) from run_history where schedule_id is null)",
		     stored.tasks);
	expect_count("unique ids", "select count(*) from run_key", stored.keys);
	expect_count("keys of the settings",
		     "select count(*) from api_key where created_by is null", 1);
	expect_count("tenants that were made without a key",
		     "select count(*) from tenant where id not in (select tenant_id from api_key)",
		     0);
	expect_count(
		"organizations of no tenant",
		"select count(*) from organization where id not in (select organization_id from tenant)",
		0);
	expect_count(
		"schedule totals that are wrong",
		"select count(*) from (select state, count(*)::int8 n from schedule group by 1) s"
		" full join (select state, sum(total)::int8 n from schedule_total group by 1) t"
		" using (state) where coalesce(s.n, 0) <> coalesce(t.n, 0)",
		0);
	expect_count("run totals that are wrong",
		     "select count(*) from (select count(*) filter (where state = 3) a,"
		     " count(*) filter (where state = 4) b, count(*) filter (where state = 5) c,"
		     " count(*) filter (where state = 6) d, count(*) filter (where state = 7) e"
		     " from run_history) h cross join (select coalesce(sum(completed), 0) a,"
		     " coalesce(sum(failed), 0) b, coalesce(sum(cancelled), 0) c,"
		     " coalesce(sum(expired), 0) d, coalesce(sum(skipped), 0) e from tally"
		     " where schedule_id <= '00000000-0000-0000-0000-00000000000f') t"
		     " where (h.a, h.b, h.c, h.d, h.e) <> (t.a, t.b, t.c, t.d, t.e)",
		     0);
	expect_count("runs without their occurrence",
		     "select count(*) from run r where schedule_id is not null and not exists ("
		     "select 1 from occurrence o where o.schedule_id = r.schedule_id"
		     " and o.scheduled_for = r.scheduled_for and o.run_id = r.id)",
		     0);
	expect_count("runs still held", "select count(*) from run where state = 2", 0);
	PQfinish(pg);
}

/* --- by themselves --- */

static struct {
	usec_t cpu, wall;
	int number, count, over;
} slowest[KINDS_MAX]; /* by kind */
static usec_t took;

static void report_alone(const struct request *q, const struct reply *r, const char *wrong)
{
	took = r->took;
	report(q, r, wrong);
}

/* Twice more, when it was slow: something else may have been going on. */
static void send_alone(const struct server *s, int number, int kind)
{
	usec_t cpu = 0, wall = 0;

	for (int i = 0; i < 3 && (i == 0 || cpu > LOOP_MOST); i++) {
		usec_t began = server_cpu(s), used;

		wire_one(s->port, number, report_alone);
		used = server_cpu(s) - began;
		if (i == 0 || used < cpu) {
			cpu = used;
			wall = took;
		}
	}
	slowest[kind].count++;
	slowest[kind].over += cpu > LOOP_MOST;
	if (cpu < slowest[kind].cpu)
		return;
	slowest[kind].cpu = cpu;
	slowest[kind].wall = wall;
	slowest[kind].number = number;
}

static void expect_quick(const struct server *s, int count)
{
	struct request q;

	for (int i = STAYING; i < count; i++) {
		make_request(i, &q);
		strbuf_release(&q.raw);
		if (kinds[q.kind].is_time && i % ALONE_EVERY == 0)
			send_alone(s, i, q.kind);
	}
	for (int i = 0; i < kinds_count; i++) {
		if (!slowest[i].count)
			continue;
		printf("  %-22s the slowest of %4d by themselves: request %d, %.1f ms of the server's"
		       " time, %.1f ms\n",
		       kinds[i].name, slowest[i].count, slowest[i].number,
		       (double)slowest[i].cpu / MSEC, (double)slowest[i].wall / MSEC);
		expect(!slowest[i].over || s->is_sanitized, "none of them holds the loop for long");
	}
}

/* --- the run --- */

static void expect_health(struct server *s, long warm_kb)
{
	long growth;

	expect(wire_get(s->port, "/livez") == 200, "/livez answers 200");
	expect(wire_get(s->port, "/readyz") == 200, "/readyz answers 200");
	expect(wire_get(s->port, "/metrics") == 200, "/metrics answers 200");
	server_measure(s);
	growth = s->rss_kb - warm_kb;
	printf("  memory: %ld kB, %+ld kB since the first tenth\n", s->rss_kb, growth);
	expect(growth < GROWTH_KB || s->is_sanitized, "memory stays within bounds");
}

static bool run(int count)
{
	int first = count / WARM_UP, status;
	struct server s;
	usec_t began;
	long warm_kb;
	bool alive;

	if (!server_start(&s)) {
		expect(false, "the server starts");
		(void)server_stop(&s);
		return false;
	}
	memset(by_status, 0, sizeof(by_status));
	began = clock_boot();
	for (int i = 0; i < STAYING; i++)
		wire_one(s.port, i, report);
	alive = wire_run(s.port, STAYING, first - STAYING, report);
	server_measure(&s);
	warm_kb = s.rss_kb;
	alive = alive && wire_run(s.port, first, count - first, report);
	printf("  %d requests in %.1f s\n", count, (double)(clock_boot() - began) / SEC);
	expect(alive, "the server is there to the end");
	if (alive)
		expect_quick(&s, count);
	expect_kinds();
	expect_readme();
	expect_health(&s, warm_kb);
	status = server_stop(&s);
	expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server ends with status 0");
	return true;
}

int main(void)
{
	const char *seed = getenv("SEED"), *count = getenv("HOSTILE_COUNT");
	const char *only = getenv("HOSTILE_ONLY"), *key = getenv("CARILLON_API_KEY");
	uint64_t n = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("hostile: SEED=%" PRIu64 "\n", n);
	make_setup(n, key ? key : "");
	if (only) {
		struct request q;

		make_request(atoi(only), &q);
		(void)fwrite(q.raw.p, 1, q.raw.n, stdout);
		strbuf_release(&q.raw);
		return 0;
	}
	if (run(count ? atoi(count) : COUNT) && getenv("DATABASE_URL"))
		expect_tables(getenv("DATABASE_URL"));
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
