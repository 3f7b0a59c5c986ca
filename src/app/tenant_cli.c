#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/help.h"
#include "app/key_cli.h"
#include "core/tenant.h"
#include "when/duration.h"

static const char usage[] =
	"usage: carillon tenant COMMAND [OPTION ...]\n"
	"\n"
	"  list                           tenants, their limits and how many keys are good\n"
	"  limit T [--organization O]     show what tenant T is held to, or change it with these:\n"
	"      --requests N               API requests a minute; 0: no limit\n"
	"      --schedules N              schedules, jobs and plans; 0: no limit\n"
	"      --min-interval 30s         least distance of two occurrences; 0: no limit\n"
	"      --payload N                bytes of a payload\n"
	"                                 instead of a number `default`: as the settings say\n"
	"\n"
	"Tenants are made by `carillon key create`. A server that runs takes changes up within 5 seconds.\n"
	"Exit status: 0 fine, 1 failed, 2 wrong usage or setting.\n";

static bool complain(const char *what, const char *argument)
{
	(void)fprintf(stderr, "carillon: %s%s%s; see `carillon tenant --help`\n", what,
		      argument ? " " : "", argument ? argument : "");
	return false;
}

/* --- output --- */

#define NUMBER_MAX 40
#define SECONDS_MAX 31536000 /* as of the setting */

static const char *number(int64_t n, char out[NUMBER_MAX])
{
	if (n < 0)
		return "default";
	if (n == 0)
		return "no limit";
	(void)snprintf(out, NUMBER_MAX, "%lld", (long long)n);
	return out;
}

static const char *span(usec_t d, char out[DURATION_MAX])
{
	if (d < 0)
		return "default";
	if (d == 0)
		return "no limit";
	(void)duration_print_short(d, out);
	return out;
}

static void print(const struct tenant_view *v, bool has_keys)
{
	char texts[3][NUMBER_MAX], least[DURATION_MAX], keys[NUMBER_MAX] = "";

	if (has_keys)
		(void)snprintf(keys, sizeof(keys), "  %lld", (long long)v->keys);
	(void)printf("%-20.*s  %-20.*s  %-10s  %-10s  %-12s  %-10s%s\n", SLICE_ARG(v->organization),
		     SLICE_ARG(v->name), number(v->limits.requests, texts[0]),
		     number(v->limits.schedules, texts[1]), span(v->limits.min_interval, least),
		     number(v->limits.payload_max, texts[2]), keys);
}

static void print_head(const char *last)
{
	(void)printf("%-20s  %-20s  %-10s  %-10s  %-12s  %-10s%s\n", "organization", "tenant",
		     "requests", "schedules", "min-interval", "payload", last);
}

static int show_list(struct op *op)
{
	const struct json_list *list = op->out;
	const struct tenant_view *v = list->items;

	print_head("  keys");
	for (size_t i = 0; i < list->n; i++)
		print(&v[i], true);
	return 0;
}

static int show_one(struct op *op)
{
	print_head("");
	print(op->out, false);
	return 0;
}

/* --- input --- */

static bool set_number(const char *option, const char *text, int64_t most, int64_t *out)
{
	char *end;

	*out = TENANT_LIMIT_KEEP;
	if (!text)
		return true;
	*out = -1;
	if (strcmp(text, "default") == 0)
		return true;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (end != text && !*end && !errno && *out >= 0 && *out <= most)
		return true;
	return complain(option, "takes a whole number, or `default`");
}

/* Seconds may stand without their unit, as in the settings. */
static bool set_span(const char *text, usec_t *out)
{
	int64_t seconds;
	char *end;

	*out = TENANT_LIMIT_KEEP;
	if (!text)
		return true;
	*out = -1;
	if (strcmp(text, "default") == 0 || duration_parse(slice_of(text), out) == WHEN_OK)
		return true;
	seconds = strtoll(text, &end, 10);
	*out = seconds >= 0 && seconds <= SECONDS_MAX ? seconds * SEC : -1;
	if (end != text && !*end && *out >= 0)
		return true;
	return complain("--min-interval takes 30s, 5m ..., 0 for no limit, or `default`, not",
			text);
}

/* --- commands --- */

static int list(int argc, char **argv)
{
	if (!command_arguments(NULL, 0, argc, argv, NULL))
		return 2;
	return command_run(&(struct command){ tenant_list, NULL, show_list });
}

static int limit(int argc, char **argv)
{
	static struct tenant_limit_ask ask;
	const char *tenant = NULL, *organization = NULL, *requests = NULL, *schedules = NULL,
		   *least = NULL, *payload = NULL;
	const struct command_option options[] = {
		{ "--organization", &organization, NULL }, { "--requests", &requests, NULL },
		{ "--schedules", &schedules, NULL },       { "--min-interval", &least, NULL },
		{ "--payload", &payload, NULL },
	};
	int64_t rate, bytes;

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, &tenant))
		return 2;
	if (!tenant)
		return complain("which tenant?", NULL), 2;
	if (!set_number("--requests", requests, 100000000, &rate)
	    || !set_number("--schedules", schedules, INT64_MAX / 2, &ask.limits.schedules)
	    || !set_number("--payload", payload, INT32_MAX, &bytes)
	    || !set_span(least, &ask.limits.min_interval))
		return 2;
	ask.limits.requests = (int32_t)rate;
	ask.limits.payload_max = (int32_t)bytes;
	ask.names = (struct tenant_names){ slice_of(organization), slice_of(tenant) };
	return command_run(&(struct command){ tenant_limit, &ask, show_one });
}

int tenant_run(int argc, char **argv)
{
	if (help_is_asked(argc, argv)) {
		(void)fputs(usage, stdout);
		return 0;
	}
	if (argc > 0 && strcmp(argv[0], "list") == 0)
		return list(argc - 1, argv + 1);
	if (argc > 0 && strcmp(argv[0], "limit") == 0)
		return limit(argc - 1, argv + 1);
	(void)fputs(usage, stderr);
	return 2;
}
