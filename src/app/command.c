/* One operation without a server: the database, a loop, the core, and nothing that serves or moves by itself. */
#include "app/command.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cluster.h"
#include "app/config.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "core/core.h"
#include "io/loop.h"
#include "io/migrate.h"
#include "sql.h"
#include "when/tz.h"

#define COMMAND_MAGIC 0xc0333a4du
#define DATABASE_PATIENCE 10 /* seconds */
#define READY_PATIENCE (10 * SEC)
#define READY_POLL (5 * MSEC)
#define WHY_BYTES 512

extern char **environ;

struct running {
	unsigned magic;
	const struct command *command;
	struct core core;
	struct cluster *cluster;
	struct arena *arena;
	struct op op;
	struct alarm start;
	usec_t until; /* clock_boot() */
	int status;
};

static bool refuse(const char *why)
{
	log_flush();
	(void)fprintf(stderr, "carillon: %s\n", why);
	return false;
}

/* --- the operation --- */

static void finish(struct op *op)
{
	struct running *r = op->finish_ctx;

	CHECK_MAGIC(r, COMMAND_MAGIC);
	if (op->err == ERR_NONE)
		r->status = r->command->show ? r->command->show(op) : 0;
	else if (op->faults.total == 0)
		(void)refuse(op->detail ? op->detail : err_text(op->err));
	for (int i = 0; i < op->faults.n; i++)
		(void)fprintf(stderr, "carillon: %s: %s\n", op->faults.list[i].field,
			      op->faults.list[i].message);
	loop_stop(r->core.loop);
}

/* As the audit trail will name him: whoever runs the command. */
static struct who somebody(void)
{
	struct who who = { .role = ROLE_ADMIN, .actor = ACTOR_COMMAND, .is_operator = true };
	const struct passwd *user = getpwuid(getuid());

	if (user)
		(void)snprintf(who.name, sizeof(who.name), "%.60s", user->pw_name);
	else
		(void)snprintf(who.name, sizeof(who.name), "user %u", (unsigned)getuid());
	return who;
}

static void start(void *ctx)
{
	struct running *r = ctx;

	CHECK_MAGIC(r, COMMAND_MAGIC);
	loop_enter(r->core.loop, "command.start");
	if (!db_ready(r->core.db) && clock_boot() < r->until) {
		alarm_in(&r->start, READY_POLL);
		return;
	}
	if (!db_ready(r->core.db)) {
		(void)refuse("The database does not take enough connections.");
		loop_stop(r->core.loop);
		return;
	}
	op_init(&r->op, &r->core, r->arena);
	r->op.who = somebody();
	r->op.in = r->command->in;
	r->op.finish = finish;
	r->op.finish_ctx = r;
	op_run(&r->op, r->command->run);
}

/* --- around it --- */

static bool find_database(struct running *r, const struct config *c, const char **out_url)
{
	char why[WHY_BYTES], path[4200];
	int applied;

	*out_url = c->database_url;
	if (!*out_url) {
		(void)snprintf(path, sizeof(path), "%s/pg", c->data_dir);
		if (access(path, F_OK) != 0) {
			(void)snprintf(
				why, sizeof(why),
				"there is no database in %.200s: name another with "
				"CARILLON_DATA_DIR or DATABASE_URL, or start the server once",
				c->data_dir);
			return refuse(why);
		}
		r->cluster = cluster_enter(c->data_dir, why, sizeof(why));
		if (!r->cluster)
			return refuse(why);
		*out_url = cluster_url(r->cluster);
	}
	return migrate_up(*out_url, DATABASE_PATIENCE, &applied, why, sizeof(why)) || refuse(why);
}

static void run(struct running *r, const char *url)
{
	struct core *core = &r->core;

	core->zones_dir = getenv("TZDIR");
	core->zones = tz_db_new(core->zones_dir);
	core->loop = loop_new();
	core->db = db_new(core->loop, url, db_stmts, SQL_COUNT);
	core_init(core);
	r->arena = arena_new();
	r->until = clock_boot() + READY_PATIENCE;
	alarm_init(&r->start, core->loop, start, r);
	alarm_in(&r->start, 0);
	loop_run(core->loop);
	arena_free(r->arena);
	alarm_release(&r->start);
	db_free(core->db);
	core_release(core);
	loop_free(core->loop);
	tz_db_free(core->zones);
}

int command_run(const struct command *c)
{
	static struct config config;
	static struct running running;
	char why[WHY_BYTES];
	const char *url;

	if (!config_load((const char *const *)environ, &config, why, sizeof(why)))
		return refuse(why), 2;
	/* A warning is about a server: what held its loop up, a connection that came back. */
	log_setup(false, LOG_ERROR);
	(void)signal(SIGPIPE, SIG_IGN);
	running = (struct running){ .magic = COMMAND_MAGIC, .command = c, .status = 1 };
	if (find_database(&running, &config, &url))
		run(&running, url);
	cluster_stop(running.cluster);
	log_flush();
	return running.status;
}

/* --- arguments --- */

static bool complain(const char *what, const char *argument)
{
	(void)fprintf(stderr, "carillon: %s %s\n", what, argument);
	return false;
}

/* Is argv[*i] this option? Then its value is taken, which may be the next argument. */
static bool is_option(const struct command_option *o, int argc, char **argv, int *i, bool *out_fine)
{
	size_t n = strlen(o->name);
	const char *text = argv[*i];

	if (strncmp(text, o->name, n) != 0 || (text[n] != '\0' && text[n] != '='))
		return false;
	if (o->is_given)
		*o->is_given = true;
	*out_fine = true;
	if (text[n] == '=' && !o->value)
		*out_fine = complain("nothing may follow", o->name);
	else if (text[n] == '=')
		*o->value = text + n + 1;
	else if (o->value && *i + 1 >= argc)
		*out_fine = complain("a value must follow", o->name);
	else if (o->value)
		*o->value = argv[++*i];
	return true;
}

static bool is_text(const char *value)
{
	struct arena *a = arena_new();
	bool is_fine = utf8_mend(slice_of(value), a).p == value;

	arena_free(a);
	return is_fine;
}

bool command_arguments(const struct command_option *options, size_t n, int argc, char **argv,
		       const char **out_subject)
{
	for (int i = 0; i < argc; i++) {
		bool is_fine = true, is_known = false;

		for (size_t k = 0; k < n && !is_known; k++)
			is_known = is_option(&options[k], argc, argv, &i, &is_fine);
		if (!is_fine)
			return false;
		if (!is_text(argv[i]))
			return complain("this is not UTF-8:", argv[i]);
		if (is_known)
			continue;
		if (argv[i][0] == '-' && argv[i][1] != '\0')
			return complain("there is no option", argv[i]);
		if (!out_subject || *out_subject)
			return complain("there is an argument too many:", argv[i]);
		*out_subject = argv[i];
	}
	return true;
}

/* How many bytes at p, of n, are a control character (C0, DEL, C1) or turn the direction of what follows; 0: none. */
static size_t control_at(const char *p, size_t n)
{
	/* Of each range the first and the last; they differ in the last byte. No text here has a NUL. */
	static const struct {
		const char *first, *last;
	} ranges[] = {
		{ "\x01", "\x1f" },
		{ "\x7f", "\x7f" },
		{ "\xc2\x80", "\xc2\x9f" },
		{ "\xe2\x80\xaa", "\xe2\x80\xae" },
		{ "\xe2\x81\xa6", "\xe2\x81\xa9" },
	};

	for (size_t k = 0; k < sizeof(ranges) / sizeof(ranges[0]); k++) {
		size_t bytes = strlen(ranges[k].first);

		if (n >= bytes && memcmp(p, ranges[k].first, bytes) >= 0
		    && memcmp(p, ranges[k].last, bytes) <= 0)
			return bytes;
	}
	return 0;
}

void command_plain(struct slice text, char *out, size_t max)
{
	size_t at = 0, n = 0;

	while (at < text.n && n < max) {
		size_t control = control_at(text.p + at, text.n - at);

		out[n++] = control ? '.' : text.p[at];
		at += control ? control : 1;
	}
	out[n] = '\0';
}
