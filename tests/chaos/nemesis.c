/* The faults. Each is a line of the output and an interval in which attempts under way may have been lost. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chaos/chaos.h"

#define READY_SECONDS 30
#define NOTICED 250000 /* by then a closed connection has been, and what was sent has come */

static uint64_t dice;

static struct fault *begin(struct chaos *c, const char *what)
{
	struct fault *f = &c->faults[c->faults_n < FAULTS_MAX ? c->faults_n++ : FAULTS_MAX - 1];

	(void)snprintf(f->what, sizeof f->what, "%s", what);
	f->begin = now_us();
	f->end = INT64_MAX;
	f->quiet_from = f->quiet_to = 0;
	return f;
}

static void end(const struct chaos *c, struct fault *f)
{
	f->end = now_us();
	printf("%6.1f s  %-22s for %lld ms\n", (double)(f->begin - c->schedules_made) / 1e6,
	       f->what, (long long)(f->end - f->begin) / 1000);
}

static bool all_ready(struct chaos *c)
{
	for (int64_t until = now_us() + READY_SECONDS * 1000000LL; now_us() < until; nap_ms(20)) {
		int n = 0;

		servers_watch(c);
		for (int i = 0; i < SERVERS; i++)
			n += is_ready(c->servers[i].url);
		if (n == SERVERS)
			return true;
	}
	return false;
}

/* Runs that a process holds whose connection PostgreSQL saw closing. */
static int64_t orphans(const struct chaos *c)
{
	return sql_number(
		c,
		"select count(*) from run r join node n on n.id = r.owner where r.state = 2"
		" and not exists (select 1 from pg_stat_activity a where a.pid = n.backend_pid"
		" and a.backend_start = n.backend_start)",
		-1);
}

/* Until the others have them; ms since the fault began. */
static void await_takeover(struct chaos *c, const struct fault *f)
{
	int64_t most = 0, left = -1, until = f->begin + 2 * TAKEOVER_KILLED * 1000LL, ms;

	while (left != 0 && now_us() < until) {
		left = orphans(c);
		most = left > most ? left : most;
		if (left)
			nap_ms(10);
	}
	ms = (now_us() - f->begin) / 1000;
	verdict(c, left == 0 && ms <= TAKEOVER_KILLED,
		"its %lld runs were taken over within %lld ms", (long long)most, (long long)ms);
}

/* kill -9; whoever is left takes over. The dead one comes back after a while under a new identity. */
static void kill_one(struct chaos *c, int i, int back_ms)
{
	char what[24];
	struct fault *f;

	(void)snprintf(what, sizeof what, "kill -9 of server %d", i);
	f = begin(c, what);
	server_signal(c, i, SIGKILL);
	(void)server_wait(c, i, 5);
	end(c, f);
	await_takeover(c, f);
	nap_ms(back_ms);
	(void)server_start(c, i);
}

static void kill_all(struct chaos *c)
{
	struct fault *f = begin(c, "kill -9 of all");

	for (int i = 0; i < SERVERS; i++)
		server_signal(c, i, SIGKILL);
	for (int i = 0; i < SERVERS; i++)
		(void)server_wait(c, i, 5);
	end(c, f);
	for (int i = 0; i < SERVERS; i++)
		(void)server_start(c, i);
}

static void freeze_one(struct chaos *c, int i, int ms)
{
	char what[24];
	struct fault *f;

	(void)snprintf(what, sizeof what, "SIGSTOP of server %d", i);
	f = begin(c, what);
	server_signal(c, i, SIGSTOP);
	nap_ms(ms);
	server_signal(c, i, SIGCONT);
	(void)all_ready(c);
	end(c, f);
}

static bool postgres(const char *verb, const char *mode)
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		(void)execlp("bash", "bash", setting("CHAOS_PG_COMMAND"), verb, mode, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static void restart_postgres(struct chaos *c, int down_ms)
{
	struct fault *f = begin(c, "PostgreSQL stopped");
	bool well = postgres("stop", "immediate");

	f->quiet_from = now_us() + NOTICED;
	nap_ms(down_ms);
	f->quiet_to = now_us();
	well = postgres("start", NULL) && well;
	well = all_ready(c) && well;
	end(c, f);
	if (!well)
		verdict(c, false, "PostgreSQL restarted and both servers ready again");
}

/* Some backends of the servers, at random; or the engine's of one of them. */
static void terminate(struct chaos *c, bool engines)
{
	struct fault *f = begin(c, engines ? "engine terminated" : "backends terminated");
	char text[300];

	(void)snprintf(
		text, sizeof text,
		engines ? "select pg_terminate_backend(backend_pid) from node order by id offset %d limit 1"
			: "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
			  " and pid <> pg_backend_pid() order by md5(pid::text || '%d') limit 4",
		engines ? random_below(&dice, SERVERS) : random_below(&dice, 1000));
	PQclear(sql(c, text));
	nap_ms(50);
	(void)all_ready(c);
	end(c, f);
}

static void wait_until(struct chaos *c, int64_t at)
{
	while (now_us() < at) {
		servers_watch(c);
		nap_ms(20);
	}
}

/* The short plan: what the issue asks for, each once. */
static void run_short(struct chaos *c)
{
	int64_t from = c->schedules_made;

	wait_until(c, from + 3000000);
	kill_one(c, random_below(&dice, SERVERS), 1200);
	wait_until(c, from + 7000000);
	restart_postgres(c, 700);
	wait_until(c, from + 11000000);
	terminate(c, true);
	wait_until(c, from + 12000000);
	terminate(c, false);
	wait_until(c, from + 13000000);
	freeze_one(c, random_below(&dice, SERVERS), 1500);
	wait_until(c, from + c->seconds * 1000000LL);
}

static void strike(struct chaos *c)
{
	int die = random_below(&dice, 100), who = random_below(&dice, SERVERS);

	if (die < 30)
		kill_one(c, who, random_below(&dice, 3000));
	else if (die < 35)
		kill_all(c);
	else if (die < 50)
		freeze_one(c, who, 500 + random_below(&dice, 3000));
	else if (die < 53)
		freeze_one(c, who, 18000); /* longer than a lease */
	else if (die < 65)
		restart_postgres(c, random_below(&dice, 3000));
	else
		terminate(c, die < 85);
}

void nemesis_run(struct chaos *c)
{
	dice = c->seed;
	if (!c->is_long) {
		run_short(c);
		return;
	}
	while (now_us() < c->schedules_made + c->seconds * 1000000LL) {
		wait_until(c, now_us() + 300000 + random_below(&dice, 3000) * 1000LL);
		strike(c);
	}
}

void heal(struct chaos *c)
{
	for (int i = 0; i < SERVERS; i++)
		if (c->servers[i].pid == 0)
			(void)server_start(c, i);
	verdict(c, all_ready(c), "healed: both servers are ready");
}
