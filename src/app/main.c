/* The command line. */
#include <stdio.h>
#include <string.h>

#include "app/audit_cli.h"
#include "app/config.h"
#include "app/cron_cli.h"
#include "app/errors.h"
#include "app/key_cli.h"
#include "app/wire.h"

#define WHY_BYTES 512
#define PRINT_MAX 65536

extern char **environ;

static const char usage[] =
	"Carillon " CARILLON_VERSION ": schedules and tasks that call webhooks on time.\n"
	"\n"
	"usage: carillon COMMAND\n"
	"\n"
	"  serve     serve the API and deliver; without DATABASE_URL on a private PostgreSQL\n"
	"  config    print every setting, its value, where it comes from and what it means\n"
	"  errors    print every code that an answer can have, and what to do about it\n"
	"  health    is the server that the settings name ready? (exit status 0 or 1)\n"
	"  key       API keys: create, list, revoke, rotate (see `carillon key --help`)\n"
	"  tenant    tenants: list, limit (see `carillon tenant --help`)\n"
	"  audit     the audit trail: verify, list (see `carillon audit --help`)\n"
	"  cron      schedules without a server: next runs, explanations (see `carillon cron`)\n"
	"  version   print the version\n"
	"  help      print this\n"
	"\n"
	"Settings are environment variables. Exit status: 0 fine, 1 failed, 2 wrong usage or setting.\n";

static bool load(struct config *out)
{
	char why[WHY_BYTES];

	if (config_load((const char *const *)environ, out, why, sizeof(why)))
		return true;
	(void)fprintf(stderr, "carillon: %s\n", why);
	return false;
}

static int unknown_argument(const char *argument)
{
	(void)fprintf(stderr, "carillon: unknown argument %s; see `carillon help`\n", argument);
	return 2;
}

static int do_serve(int argc, char **argv)
{
	static struct config config;
	bool test_clock = false;

	for (int i = 0; i < argc; i++) {
#ifdef CARILLON_TEST
		if (strcmp(argv[i], "--test-clock") == 0) {
			test_clock = true;
			continue;
		}
#endif
		return unknown_argument(argv[i]);
	}
	return load(&config) ? serve_run(&config, test_clock) : 2;
}

static int do_config(int argc, char **argv)
{
	static struct config config;
	bool is_table = argc == 1 && strcmp(argv[0], "--markdown") == 0;
	struct strbuf out;

	if (argc > 0 && !is_table)
		return unknown_argument(argv[0]);
	if (!load(&config))
		return 2;
	strbuf_init(&out, PRINT_MAX);
	if (is_table)
		config_print_table(&out);
	else
		config_print(&config, &out);
	(void)fputs(out.p, stdout);
	strbuf_release(&out);
	return 0;
}

static int do_health(int argc, char **argv)
{
	static struct config config;

	if (argc > 0)
		return unknown_argument(argv[0]);
	return load(&config) ? health_run(&config) : 2;
}

static int do_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	(void)puts("carillon " CARILLON_VERSION);
	return 0;
}

static int do_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	(void)fputs(usage, stdout);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "serve", do_serve },     { "config", do_config },     { "health", do_health },
	{ "version", do_version }, { "--version", do_version }, { "-V", do_version },
	{ "key", key_run },        { "tenant", tenant_run },    { "cron", cron_run },
	{ "errors", errors_run },  { "audit", audit_run },      { "help", do_help },
	{ "--help", do_help },     { "-h", do_help },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 2, argv + 2);
	if (argc > 1)
		(void)fprintf(stderr, "carillon: there is no command %s\n\n", argv[1]);
	(void)fputs(usage, stderr);
	return 2;
}
