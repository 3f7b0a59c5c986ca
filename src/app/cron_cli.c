/* `carillon cron`: the command line of the time engine. It asks the same operations as the API,
 * without a database. */
#include "app/cron_cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/help.h"
#include "base/clock.h"
#include "cron_cli_int.h"
#include "when/stamp.h"

#define RUNS_DEFAULT 5

static const char usage[] =
	"usage: carillon cron COMMAND TEXT [OPTION ...]\n"
	"\n"
	"  next      when it runs next: local time, UTC, and what a clock change did to it\n"
	"  explain   what it means, part by part, and what is odd about it\n"
	"  validate  is it good? Says what is wrong and where\n"
	"  parse     plain English to a schedule (\"every weekday at 9am Pacific\")\n"
	"\n"
	"TEXT is a cron expression, an interval (\"PT90M\", \"every 2 hours\"), an instant or an RFC 5545 rule.\n"
	"\n"
	"  --type cron|every|at|rrule   instead of guessing it from the text\n"
	"  --tz ZONE                    an IANA name; without it the one the text names, or UTC\n"
	"  -n N                         how many runs, 1 to 100 (5; parse shows three)\n"
	"  --from INSTANT               instead of now: RFC 3339, or a local time in the zone\n"
	"  --calendar FILE.json         leave out the days that this business calendar closes\n"
	"  --json                       the same as JSON\n"
	"\n"
	"Exit status: 0 fine, 1 the text is not good, 2 wrong usage.\n";

static bool complain(const char *what, const char *argument)
{
	(void)fprintf(stderr, "carillon: %s%s%s; see `carillon cron --help`\n", what,
		      argument ? " " : "", argument ? argument : "");
	return false;
}

/* --- options --- */

static bool set_type(struct cron_cli *c, const char *value)
{
	for (int k = 0; k < SPEC_KINDS; k++)
		if (strcmp(value, spec_kind_name((enum spec_kind)k)) == 0) {
			c->kind = k;
			return true;
		}
	return complain("--type takes cron, every, at or rrule, not", value);
}

static bool set_zone(struct cron_cli *c, const char *value)
{
	c->zone = slice_of(value);
	return true;
}

static bool set_count(struct cron_cli *c, const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (end == value || *end || n < 1 || n > PREVIEW_MAX)
		return complain("-n takes a number from 1 to 100, not", value);
	c->limit = n;
	return true;
}

static bool set_from(struct cron_cli *c, const char *value)
{
	c->from_text = value;
	return true;
}

static bool set_calendar(struct cron_cli *c, const char *value)
{
	c->calendar_path = value;
	return true;
}

static bool set_json(struct cron_cli *c, const char *value)
{
	(void)value;
	c->json = true;
	return true;
}

static const struct {
	const char *name;
	bool has_value;
	bool (*set)(struct cron_cli *c, const char *value);
} options[] = {
	{ "--type", true, set_type },
	{ "--tz", true, set_zone },
	{ "-n", true, set_count },
	{ "--from", true, set_from },
	{ "--calendar", true, set_calendar },
	{ "--json", false, set_json },
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* The option at argv[*i], and its value, which may be the next argument. */
static bool take_option(struct cron_cli *c, int argc, char **argv, int *i)
{
	const char *name = argv[*i], *value = NULL;

	for (size_t k = 0; k < OPTIONS; k++) {
		if (strcmp(name, options[k].name) != 0)
			continue;
		if (options[k].has_value && ++*i >= argc)
			return complain("a value must follow", name);
		value = argv[*i];
		return options[k].set(c, value);
	}
	return complain("there is no option", name);
}

/* "-n" is an option, "-5" or "-" would be a text. */
static bool is_option(const char *argument)
{
	return argument[0] == '-' && (argument[1] == '-' || argument[1] == 'n');
}

static bool take_arguments(struct cron_cli *c, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (is_option(argv[i])) {
			if (!take_option(c, argc, argv, &i))
				return false;
		} else if (c->text.p) {
			return complain("one text is enough (put it into quotes):", argv[i]);
		} else {
			c->text = slice_of(argv[i]);
		}
	}
	return c->text.p || complain("there is no text", NULL);
}

static bool find_from(struct cron_cli *c)
{
	const struct tz *z = c->zone.p ? tz_find(c->core.zones, c->zone) : tz_utc();

	if (!c->from_text)
		return true;
	/* An unknown zone is the commands' to complain about. */
	if (stamp_parse_in(slice_of(c->from_text), z ? z : tz_utc(), &c->from) == WHEN_OK)
		return true;
	return complain("--from takes a time like 2027-01-31T09:00:00Z, not", c->from_text);
}

/* --- commands --- */

static const struct {
	const char *name;
	int (*run)(struct cron_cli *c);
} commands[] = {
	{ "next", cron_cli_next },
	{ "explain", cron_cli_explain },
	{ "validate", cron_cli_validate },
	{ "parse", cron_cli_parse },
};

static int run_command(size_t which, int argc, char **argv)
{
	struct cron_cli c = { .kind = -1, .limit = RUNS_DEFAULT, .from = USEC_NEVER };
	int status = 2;

	if (!take_arguments(&c, argc, argv))
		return status;
	c.arena = arena_new();
	c.core.loop = loop_new();
	c.core.zones = tz_db_new(getenv("TZDIR"));
	c.now = clock_real() / SEC * SEC;
	if (find_from(&c))
		status = cron_cli_calendar(&c) ? commands[which].run(&c) : 1;
	loop_free(c.core.loop);
	tz_db_free(c.core.zones);
	arena_free(c.arena);
	return status;
}

int cron_run(int argc, char **argv)
{
	if (help_is_asked(argc, argv)) {
		(void)fputs(usage, stdout);
		return 0;
	}
	for (size_t i = 0; argc > 0 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return run_command(i, argc - 1, argv + 1);
	(void)fputs(usage, stderr);
	return 2;
}
