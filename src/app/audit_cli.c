#include "app/audit_cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/help.h"
#include "base/crypto.h"
#include "core/audit_verify.h"
#include "core/tenant.h"
#include "when/stamp.h"

#define LIST_DEFAULT 20

static const char usage[] =
	"usage: carillon audit COMMAND [OPTION ...]\n"
	"\n"
	"  verify   is the trail as it was written? Walks the chains of all tenants, or of those named\n"
	"  list     what was changed last, and by whom\n"
	"\n"
	"  --tenant T, --organization O   whose (list: default and default)\n"
	"  -n N                           how many entries list shows, 1 to 100 (20)\n"
	"\n"
	"verify says of each tenant how many entries there are and the hash at the chain's head, or the first\n"
	"place that is not right. Keep the hashes somewhere else: whoever can write to the database can make a\n"
	"whole chain anew.\n"
	"Exit status: 0 fine, 1 failed or not right, 2 wrong usage or setting.\n";

static bool complain(const char *what, const char *argument)
{
	(void)fprintf(stderr, "carillon: %s%s%s; see `carillon audit --help`\n", what,
		      argument ? " " : "", argument ? argument : "");
	return false;
}

static void plain(struct slice text, char out[WHO_NAME_MAX + 1])
{
	command_plain(text, out, WHO_NAME_MAX);
}

/* --- verify --- */

static void print_fault(const struct audit_walk *w)
{
	if (w->fault_position)
		(void)printf("block %lld, entry %d %s\n", (long long)w->fault_block,
			     (int)w->fault_position, w->fault);
	else
		(void)printf("block %lld %s\n", (long long)w->fault_block, w->fault);
}

static void report(const struct audit_verdict *v)
{
	const struct audit_walk *w = v->walk;
	char organization[WHO_NAME_MAX + 1], tenant[WHO_NAME_MAX + 1], hex[2 * SHA256_BYTES + 1];

	plain(v->organization, organization);
	plain(v->tenant, tenant);
	(void)printf("%s/%s: ", organization, tenant);
	if (w->fault) {
		print_fault(w);
		return;
	}
	(void)printf("%lld entries in %lld blocks", (long long)w->entries, (long long)w->blocks);
	if (v->first > 1)
		(void)printf(", from block %lld on", (long long)v->first);
	crypto_hex(w->before, sizeof(w->before), hex);
	if (v->last)
		(void)printf(", head %lld %s", (long long)v->last, hex);
	(void)putchar('\n');
}

static int show_sum(struct op *op)
{
	const struct audit_sum *sum = op->out;

	if (sum->tenants == 0)
		(void)fprintf(stderr, "carillon: there is no such tenant\n");
	return sum->faults || !sum->tenants;
}

static int verify(int argc, char **argv)
{
	static struct audit_verify_ask ask = { .report = report };
	const char *tenant = NULL, *organization = NULL;
	const struct command_option options[] = {
		{ "--tenant", &tenant, NULL },
		{ "--organization", &organization, NULL },
	};

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, NULL))
		return 2;
	ask.organization = slice_of(organization);
	ask.tenant = slice_of(tenant);
	return command_run(&(struct command){ audit_verify, &ask, show_sum });
}

/* --- list --- */

struct listing {
	struct tenant_names names;
	struct audit_ask ask;
};

static flow enter(struct op *op)
{
	const struct listing *l = op->in;

	op->in = &l->ask;
	return tenant_enter(op, &l->names, audit_list);
}

static void print(const struct audit_entry *e, struct arena *a)
{
	static const char *const actors[] = { "", "key", "server", "command" };
	char at[STAMP_MAX], name[WHO_NAME_MAX + 1], request[WHO_NAME_MAX + 1];
	char what[WHO_NAME_MAX + 1], ref[WHO_NAME_MAX + 1];
	bool is_known = e->actor >= ACTOR_KEY && e->actor <= ACTOR_COMMAND;

	stamp_print(e->at, at);
	plain(e->actor_name, name);
	plain(e->request_id, request);
	plain(e->what, what);
	plain(audit_ref_print(e, a), ref);
	(void)printf("%lld.%d  %s  %s %s  %s %s %s  %s\n", (long long)e->block, (int)e->position,
		     at, is_known ? actors[e->actor] : "?", name, what,
		     e->object > 0 && e->object < OBJECT_COUNT ? audit_objects[e->object] : "?",
		     ref, request);
}

static int show_list(struct op *op)
{
	const struct audit_page *page = op->out;
	const struct audit_entry *entries = page->items.items;

	for (size_t i = 0; i < page->items.n; i++)
		print(&entries[i], op->arena);
	return 0;
}

static bool set_limit(const char *text, int64_t *out)
{
	char *end = NULL;
	long n = text ? strtol(text, &end, 10) : LIST_DEFAULT;

	if (text && (end == text || *end || n < 1 || n > AUDIT_PAGE_MAX))
		return complain("-n takes a number from 1 to 100, not", text);
	*out = n;
	return true;
}

static int list(int argc, char **argv)
{
	static struct listing l = { .ask = { .from = USEC_NEVER, .to = USEC_NEVER } };
	const char *tenant = NULL, *organization = NULL, *limit = NULL;
	const struct command_option options[] = {
		{ "--tenant", &tenant, NULL },
		{ "--organization", &organization, NULL },
		{ "-n", &limit, NULL },
	};

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, NULL)
	    || !set_limit(limit, &l.ask.limit))
		return 2;
	l.names = (struct tenant_names){ slice_of(organization), slice_of(tenant) };
	return command_run(&(struct command){ enter, &l, show_list });
}

int audit_run(int argc, char **argv)
{
	if (help_is_asked(argc, argv)) {
		(void)fputs(usage, stdout);
		return 0;
	}
	if (argc > 0 && strcmp(argv[0], "verify") == 0)
		return verify(argc - 1, argv + 1);
	if (argc > 0 && strcmp(argv[0], "list") == 0)
		return list(argc - 1, argv + 1);
	if (argc > 0)
		return complain("there is no command", argv[0]), 2;
	(void)fputs(usage, stderr);
	return 2;
}
