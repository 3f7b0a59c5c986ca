/* Migrations: raced, changed, failing, behind an outage. Each test has a schema of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t_db.h"

static const struct migration good[] = {
	{ 1, "one", "create table a (id int primary key); insert into a values (1);" },
	{ 2, "two",
	  "create table b (id int primary key); select pg_sleep(0.05); insert into b values (1);" },
	{ 3, "three", "create index b_id on b (id); insert into a values (2);" },
};

static void with_schema(const char *name, char *url, size_t max)
{
	char sql[128], out[200];

	snprintf(sql, sizeof(sql), "drop schema if exists %s cascade; create schema %s", name,
		 name);
	admin(sql, out, sizeof(out));
	EXPECT(out[0] == '\0');
	snprintf(url, max, "%s%coptions=-csearch_path%%3D%s", fx.url,
		 strchr(fx.url, '?') ? '&' : '?', name);
}

static bool run(const char *url, const struct migration *list, int count, int *applied,
		char why[300])
{
	return migrate_plan_run(&(struct migrate_plan){ url, list, count, 5 }, applied, why, 300);
}

static void twice(void)
{
	char url[500], why[300] = "", out[100];
	int applied = -1;

	with_schema("m_twice", url, sizeof(url));
	EXPECT(run(url, good, 2, &applied, why) && applied == 2);
	EXPECT(run(url, good, 2, &applied, why) && applied == 0);
	EXPECT(run(url, good, 3, &applied, why) && applied == 1);
	/* An older program in front of a newer database. */
	EXPECT(run(url, good, 1, &applied, why) && applied == 0);
	admin_to(url,
		 "select string_agg(number || ' ' || name || ' ' || length(checksum),"
		 " ',' order by number) from schema_migration",
		 out, sizeof(out));
	EXPECT(strcmp(out, "1 one 64,2 two 64,3 three 64") == 0);
}

#define RACERS 4

static void raced(void)
{
	char url[500], why[300] = "", out[100];
	int total = 0, status;

	for (int round = 0; round < 5; round++) {
		pid_t pids[RACERS];

		with_schema("m_raced", url, sizeof(url));
		fflush(stdout);
		for (int i = 0; i < RACERS; i++) {
			int applied = 0;

			pids[i] = fork();
			if (pids[i] != 0)
				continue;
			if (run(url, good, 3, &applied, why))
				_exit(applied);
			dprintf(STDOUT_FILENO, "one of them: %s\n", why);
			_exit(99);
		}
		total = 0;
		for (int i = 0; i < RACERS; i++) {
			EXPECT(waitpid(pids[i], &status, 0) == pids[i]);
			total += WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
		}
		EXPECT(total == 3);
		admin_to(url,
			 "select (select count(*) from a) || ' ' || (select count(*)"
			 " from schema_migration)",
			 out, sizeof(out));
		EXPECT(strcmp(out, "2 3") == 0);
	}
}

static void changed(void)
{
	struct migration other[3];
	char url[500], why[300] = "";
	int applied = -1;

	with_schema("m_changed", url, sizeof(url));
	EXPECT(run(url, good, 2, &applied, why));
	memcpy(other, good, sizeof(good));
	other[0].text = "create table a (id int primary key); insert into a values (1); -- ";
	applied = -1;
	EXPECT(!run(url, other, 3, &applied, why));
	EXPECT(applied == -1);
	EXPECT(strstr(why, "migration 1 (one)") != NULL);
}

static void failing(void)
{
	struct migration bad[3];
	char url[500], why[300] = "", out[100];
	int applied;

	with_schema("m_failing", url, sizeof(url));
	memcpy(bad, good, sizeof(good));
	bad[1].text = "create table b (id int); insert into nowhere values (1);";
	EXPECT(!run(url, bad, 3, &applied, why));
	EXPECT(strstr(why, "migration 2 (two) failed") != NULL && strstr(why, "nowhere") != NULL);
	admin_to(url,
		 "select coalesce(to_regclass('b')::text, '-') || ' ' || (select"
		 " count(*) from schema_migration)",
		 out, sizeof(out));
	EXPECT(strcmp(out, "- 1") == 0);
	bad[1].text = "create table b (id int); commit;";
	EXPECT(!run(url, bad, 3, &applied, why));
	EXPECT(strstr(why, "ends the transaction") != NULL);
}

static void no_server(void)
{
	char why[300] = "";
	int applied;

	EXPECT(!migrate_plan_run(&(struct migrate_plan){ "host=/no/such/place", good, 3, 1 },
				 &applied, why, sizeof(why)));
	EXPECT(strstr(why, "/no/such/place") != NULL);
	EXPECT(!migrate_plan_run(&(struct migrate_plan){ "postgresql://x?what=1", good, 3, 1 },
				 &applied, why, sizeof(why)));
	EXPECT(strstr(why, "connection string") != NULL);
}

/* It waits for a server that comes up meanwhile, and for one that goes away in the middle. */
static void outage(void)
{
	char url[500], why[300] = "", command[1000];
	struct migration slow[3];
	int applied = 0;

	with_schema("m_outage", url, sizeof(url));
	memcpy(slow, good, sizeof(good));
	slow[1].text =
		"create table b (id int primary key); select pg_sleep(1); insert into b values (1);";
	snprintf(command, sizeof(command), "(sleep 0.5; %s; sleep 0.5; %s) >/dev/null 2>&1 &",
		 getenv("PG_STOP"), getenv("PG_START"));
	EXPECT(system(command) == 0);
	EXPECT(migrate_plan_run(&(struct migrate_plan){ url, slow, 3, 20 }, &applied, why,
				sizeof(why)));
	EXPECT(applied == 3);
	EXPECT(run_until(all_ready, 20));
}

const struct test tests_migrate[] = {
	{ "migrate: twice, on, and back", twice },
	{ "migrate: raced by four processes", raced },
	{ "migrate: a changed text is refused", changed },
	{ "migrate: a failing one leaves nothing", failing },
	{ "migrate: no server", no_server },
	{ "migrate: the server restarts meanwhile", outage },
	{ NULL, NULL },
};
