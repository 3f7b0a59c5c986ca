/* What happens when connections break: killed backends, a stopped server, a frozen one, names
 * without address. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/metric.h"
#include "t_db.h"

static struct {
	int left, count[DB_ERROR + 1], ups, downs, notes;
	bool in_submit;
	char payload[64];
	usec_t last_turn, longest;
} o;

static void count_it(struct db_unit *u, void *ctx)
{
	(void)ctx;
	EXPECT(!o.in_submit);
	o.count[u->outcome]++;
	o.left--;
}

static void submit(struct db_unit *u)
{
	o.left++;
	o.in_submit = true;
	db_submit(u, count_it, NULL);
	o.in_submit = false;
}

static void lane_news(void *ctx, enum lane lane, bool up)
{
	(void)ctx;
	EXPECT(db_lane_ready(fx.db, lane) == up);
	if (up)
		o.ups++;
	else
		o.downs++;
}

static void start(void)
{
	memset(&o, 0, sizeof(o));
	db_on_lane(fx.db, lane_news, NULL);
}

static void terminate(int pid)
{
	struct db_unit *u = unit(LANE_ENGINE);

	db_begin(u, T_TERMINATE);
	db_bind_int4(u, pid);
	db_end(u);
	submit(u);
}

/* One unit is under way, others are sent behind it, and many wait in the queue. */
static void killed_under_unit(void)
{
	int64_t lost = metric_get(METRIC_DB_LOST);
	int pid = db_backend_pid(fx.db, LANE_WRITE);
	struct db_unit *first = sleep_unit(LANE_WRITE, 5);

	start();
	EXPECT(pid > 0);
	submit(first);
	for (int i = 0; i < 20; i++)
		submit(insert_unit(8000 + i, "never"));
	terminate(pid);
	EXPECT(run_until_zero(&o.left, 10));
	EXPECT(first->outcome == DB_LOST && first->message[0]);
	EXPECT(o.count[DB_LOST] == 8 && o.count[DB_BUSY] == 13 && o.count[DB_OK] == 1);
	EXPECT(run_until(all_ready, 10));
	EXPECT(o.downs == 1 && o.ups == 1);
	EXPECT(metric_get(METRIC_DB_LOST) == lost + 1);
	EXPECT(metric_get(METRIC_DB_UP) == 1);
	EXPECT(db_backend_pid(fx.db, LANE_WRITE) != pid);
	run_unit(get_unit(LANE_WRITE, 1));
}

static void killed_idle(void)
{
	start();
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (lane != LANE_ENGINE)
			terminate(db_backend_pid(fx.db, (enum lane)lane));
	EXPECT(run_until_zero(&o.left, 10));
	EXPECT(o.count[DB_OK] == LANE_COUNT - 1);
	while (o.ups < LANE_COUNT - 1 && run_until(all_ready, 10))
		;
	EXPECT(o.downs == LANE_COUNT - 1 && o.ups == LANE_COUNT - 1);
}

/* A long statement under way in every lane. */
static void all_busy(void)
{
	start();
	for (int lane = 0; lane < LANE_COUNT; lane++)
		submit(sleep_unit((enum lane)lane, 20));
	EXPECT(db_depth(fx.db, LANE_READ) == 1);
	o.left++; /* so that it runs for a moment, and they are sent */
	(void)run_until_zero(&o.left, 1);
	o.left--;
}

static bool none_ready(void)
{
	for (int lane = 0; lane < LANE_COUNT; lane++)
		if (db_lane_ready(fx.db, (enum lane)lane))
			return false;
	return true;
}

/* Immediate stop under load, a while without server, and back. */
static void server_restart(void)
{
	all_busy();
	EXPECT(system(getenv("PG_STOP")) == 0);
	EXPECT(run_until_zero(&o.left, 10));
	EXPECT(o.count[DB_LOST] == LANE_COUNT);
	EXPECT(none_ready());
	EXPECT(metric_get(METRIC_DB_UP) == 0);
	for (int i = 0; i < 100; i++)
		submit(get_unit((enum lane)(i % LANE_COUNT), 1));
	EXPECT(run_until_zero(&o.left, 2));
	EXPECT(o.count[DB_BUSY] == 100);
	EXPECT(system(getenv("PG_START")) == 0);
	EXPECT(run_until(all_ready, 20));
	EXPECT(o.downs == LANE_COUNT && o.ups == LANE_COUNT);
	run_unit(get_unit(LANE_READ, 1));
}

/* A backend that is frozen holds its socket open and says nothing: our own deadline ends it. */
static void frozen(void)
{
	int pid = db_backend_pid(fx.db, LANE_WRITE);
	usec_t began = clock_boot();

	start();
	EXPECT(kill(pid, SIGSTOP) == 0);
	submit(get_unit(LANE_WRITE, 1));
	submit(get_unit(LANE_WRITE, 2));
	EXPECT(run_until_zero(&o.left, 30));
	EXPECT(o.count[DB_LOST] == 2);
	EXPECT(clock_boot() - began >= 15 * SEC && clock_boot() - began < 17 * SEC);
	EXPECT(run_until(all_ready, 5));
	EXPECT(kill(pid, SIGCONT) == 0);
}

static void got_note(void *ctx, const char *payload)
{
	(void)ctx;
	o.notes++;
	snprintf(o.payload, sizeof(o.payload), "%s", payload);
}

static bool noted(void)
{
	return o.notes > 0;
}

static void send_note(const char *payload)
{
	struct db_unit *u = unit(LANE_WRITE);

	db_begin(u, T_NOTIFY);
	db_bind_text(u, SLICE_LIT("Car \"illon"));
	db_bind_text(u, slice_of(payload));
	db_end(u);
	run_unit(u);
	EXPECT(u->outcome == DB_OK);
}

static bool is_listening(void)
{
	char out[64];

	admin("select count(*) from pg_stat_activity where query like 'listen%' and state = 'idle'",
	      out, sizeof(out));
	return atoi(out) == 1;
}

static void listen_survives(void)
{
	char out[64];

	start();
	db_on_notify(fx.db, "Car \"illon", got_note, NULL);
	EXPECT(run_until(is_listening, 5));
	send_note("one");
	EXPECT(run_until(noted, 5));
	EXPECT(strcmp(o.payload, "one") == 0);
	admin("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'",
	      out, sizeof(out));
	EXPECT(strcmp(out, "t") == 0);
	/* The loop has to see the end before it can connect again. */
	(void)run_until(noted, 1);
	o.notes = 0;
	EXPECT(run_until(is_listening, 5));
	send_note("two");
	EXPECT(run_until(noted, 5));
	EXPECT(strcmp(o.payload, "two") == 0);
}

static void breathe(void *ctx)
{
	usec_t now = clock_boot();

	if (now - o.last_turn > o.longest)
		o.longest = now - o.last_turn;
	o.last_turn = now;
	alarm_in(ctx, MSEC);
}

/* Lookups that fail or are never answered must not hold the loop up. */
static void names(void)
{
	static const char *const urls[] = {
		"postgresql://nobody@no-such-host.invalid/x",
		"postgresql://nobody@no-such-host.invalid,localhost,[::1]:2/x?port=1,1,1",
		"host=127.0.0.1 port=1",
		"host=/no/such/directory",
		"host=192.0.2.1 port=5432",
	};
	struct db *dbs[5];
	struct alarm a;

	start();
	alarm_init(&a, fx.loop, breathe, &a);
	o.last_turn = clock_boot();
	alarm_in(&a, 0);
	for (int i = 0; i < 5; i++)
		dbs[i] = db_new(fx.loop, urls[i], t_stmts, T_STATEMENTS);
	o.left = 1;
	(void)run_until_zero(&o.left, 2);
	for (int i = 0; i < 5; i++) {
		EXPECT(!db_lane_ready(dbs[i], LANE_READ));
		db_free(dbs[i]);
	}
	(void)run_until_zero(&o.left, 1);
	alarm_release(&a);
	EXPECT(o.longest < 100 * MSEC);
	printf("the loop's longest turn: %d us\n", (int)o.longest);
}

static void free_under_load(void)
{
	struct db *db = db_new(fx.loop, fx.url, t_stmts, T_STATEMENTS), *mine = fx.db;

	start();
	fx.db = db;
	EXPECT(run_until(all_ready, 10));
	for (int i = 0; i < 50; i++)
		submit(get_unit(LANE_WRITE, i));
	submit(sleep_unit(LANE_SLOW, 5));
	db_free(db);
	fx.db = mine;
	EXPECT(o.left == 0 && o.count[DB_LOST] == 51);
}

/* A database that cannot commit any more because it became a replica: every lane must go. */
static void becomes_read_only(void)
{
	struct db_unit *u;

	start();
	u = text_unit(LANE_WRITE, T_RAISE, "25006");
	run_unit(u);
	EXPECT(u->outcome == DB_LOST);
	EXPECT(run_until(all_ready, 10));
	while (o.ups < LANE_COUNT && run_until(all_ready, 1))
		;
	EXPECT(o.downs == LANE_COUNT && o.ups == LANE_COUNT);
}

static void all_killed(void)
{
	all_busy();
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		char sql[80], out[64];

		snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d)",
			 db_backend_pid(fx.db, (enum lane)lane));
		admin(sql, out, sizeof(out));
	}
	EXPECT(run_until_zero(&o.left, 10));
	EXPECT(o.count[DB_LOST] == LANE_COUNT);
	EXPECT(run_until(all_ready, 10));
}

const struct test tests_outage[] = {
	{ "outage: a backend killed under a unit", killed_under_unit },
	{ "outage: idle backends killed", killed_idle },
	{ "outage: all backends killed", all_killed },
	{ "outage: read-only", becomes_read_only },
	{ "outage: the server stops and starts", server_restart },
	{ "outage: LISTEN survives", listen_survives },
	{ "outage: names", names },
	{ "outage: free under load", free_under_load },
	{ "outage: a frozen backend", frozen },
	{ NULL, NULL },
};
