#include "app/key_cli.h"

#include <stdio.h>
#include <string.h>

#include "api/auth.h"
#include "app/command.h"
#include "app/help.h"
#include "base/clock.h"
#include "core/key.h"
#include "when/duration.h"
#include "when/stamp.h"

#define JSON_MAX 65536

static const char usage[] =
	"usage: carillon key COMMAND [OPTION ...]\n"
	"\n"
	"  create --name NAME --role viewer|operator|editor|admin   make a key; it is shown this once\n"
	"  list                                                     what there is, newest first\n"
	"  revoke ID                                                nobody gets in with it any more\n"
	"  rotate ID [--overlap 24h]                                a new key in its place, which stays good so long\n"
	"\n"
	"  --tenant T, --organization O   whose, made by create when missing (default and default)\n"
	"  --actions a,b.*                only these actions may be used with it (all)\n"
	"  --expires 30d|INSTANT          its end (none)\n"
	"  --json                         as the API shows it\n"
	"\n"
	"The database is that of the settings: DATABASE_URL, or the private one in CARILLON_DATA_DIR, whether the\n"
	"server runs or not. The key alone goes to stdout, what there is to say about it to stderr.\n"
	"Exit status: 0 fine, 1 failed, 2 wrong usage or setting.\n";

struct key_cli {
	struct key_ask ask;
	struct key_list_ask list;
	struct key_rotate_ask rotate;
	struct uuid id;
	struct slice actions[KEY_ACTIONS_MAX];
	bool is_json;
};

static bool complain(const char *what, const char *argument)
{
	(void)fprintf(stderr, "carillon: %s%s%s; see `carillon key --help`\n", what,
		      argument ? " " : "", argument ? argument : "");
	return false;
}

/* --- output --- */

static int print_json(const struct key_view *v, struct arena *a)
{
	struct strbuf out;

	strbuf_init(&out, JSON_MAX);
	json_encode(&out_key_shape, auth_show_key(v, a), &out);
	(void)printf("%s\n", out.p);
	strbuf_release(&out);
	return 0;
}

static int show_new(struct op *op)
{
	const struct key_view *v = op->out;
	char id[ID_TEXT_MAX], stamp[STAMP_MAX], name[KEY_NAME_MAX + 1];

	(void)id_print("key", v->id, id);
	command_plain(v->name, name, KEY_NAME_MAX);
	(void)fprintf(stderr, "%s, %s of %.*s/%.*s, \"%s\"%s%.*s\n", id, key_roles[v->role - 1],
		      SLICE_ARG(v->organization), SLICE_ARG(v->tenant), name,
		      v->expires_at == USEC_NEVER ? "" : ", until ",
		      v->expires_at == USEC_NEVER ? 0 : (int)stamp_print(v->expires_at, stamp),
		      stamp);
	(void)printf("%.*s\n", SLICE_ARG(v->key));
	return 0;
}

static int show_new_json(struct op *op)
{
	return print_json(op->out, op->arena);
}

static const char *moment(usec_t at, char out[STAMP_MAX])
{
	if (at == USEC_NEVER)
		return "-";
	(void)stamp_print(at / SEC * SEC, out);
	return out;
}

static const char *state_of(const struct key_view *v, usec_t now)
{
	if (v->revoked_at != USEC_NEVER)
		return "revoked";
	return v->expires_at <= now ? "expired" : "active";
}

static int show_list(struct op *op)
{
	const struct key_page *page = op->out;
	const struct key_view *v = page->items.items;

	(void)printf("%-30s  %-8s  %-8s  %-12s  %-20s  %-20s  %-20s  %s\n", "id", "role", "state",
		     "begins", "created", "expires", "last used", "name");
	for (size_t i = 0; i < page->items.n; i++, v++) {
		char id[ID_TEXT_MAX], name[KEY_NAME_MAX + 1], at[3][STAMP_MAX];

		(void)id_print("key", v->id, id);
		command_plain(v->name, name, KEY_NAME_MAX);
		(void)printf("%-30s  %-8s  %-8s  %-12.*s  %-20s  %-20s  %-20s  %s\n", id,
			     key_roles[v->role - 1], state_of(v, op->now), SLICE_ARG(v->prefix),
			     moment(v->created_at, at[0]), moment(v->expires_at, at[1]),
			     moment(v->last_used_at, at[2]), name);
	}
	if (page->next_cursor.p)
		(void)fprintf(stderr, "carillon: there are more\n");
	return 0;
}

static int show_list_json(struct op *op)
{
	const struct key_page *page = op->out;
	const struct key_view *v = page->items.items;

	for (size_t i = 0; i < page->items.n; i++)
		(void)print_json(&v[i], op->arena);
	return 0;
}

static int show_revoked(struct op *op)
{
	const struct key_view *v = op->out;
	char id[ID_TEXT_MAX];

	(void)id_print("key", v->id, id);
	(void)fprintf(stderr, "%s is revoked; a server that runs refuses it within 5 seconds\n",
		      id);
	return 0;
}

/* --- input --- */

static bool set_role(struct key_cli *k, const char *text)
{
	for (int i = 0; text && key_roles[i]; i++)
		if (strcmp(text, key_roles[i]) == 0) {
			k->ask.role = (enum role)(i + 1);
			return true;
		}
	return text ? complain("--role takes viewer, operator, editor or admin, not", text)
		    : complain("--role is needed", NULL);
}

static bool set_actions(struct key_cli *k, const char *text)
{
	size_t n = 0;

	if (!text)
		return true;
	for (const char *at = text; *at; n++) {
		size_t bytes = strcspn(at, ",");

		if (n == KEY_ACTIONS_MAX)
			return complain("--actions takes at most 64, separated by commas", NULL);
		k->actions[n] = (struct slice){ at, bytes };
		at += bytes + (at[bytes] == ',');
	}
	k->ask.actions = (struct json_list){ k->actions, n };
	return true;
}

static bool set_expires(struct key_cli *k, const char *text)
{
	usec_t span;

	k->ask.expires_at = USEC_NEVER;
	if (!text || stamp_parse(slice_of(text), &k->ask.expires_at) == WHEN_OK)
		return true;
	if (duration_parse(slice_of(text), &span) != WHEN_OK)
		return complain("--expires takes 30d, 12h or 2027-01-31T00:00:00Z, not", text);
	k->ask.expires_at = clock_now() + span;
	return true;
}

static bool set_overlap(struct key_cli *k, const char *text)
{
	k->rotate.overlap = KEY_OVERLAP;
	if (!text
	    || (duration_parse(slice_of(text), &k->rotate.overlap) == WHEN_OK
		&& k->rotate.overlap <= KEY_OVERLAP_MAX))
		return true;
	return complain("--overlap takes 24h, or anything from 0s to 30d, not", text);
}

static bool set_id(struct key_cli *k, const char *text)
{
	if (!text)
		return complain("which key? Its id (key_...) is needed", NULL);
	return id_parse("key", slice_of(text), &k->id) || complain("no key has the id", text);
}

/* --- commands --- */

static flow run_revoke(struct op *op)
{
	const struct key_cli *k = op->in;

	op->ids[0] = k->id;
	return key_revoke(op);
}

static flow run_rotate(struct op *op)
{
	const struct key_cli *k = op->in;

	op->ids[0] = k->id;
	op->in = &k->rotate;
	return key_rotate(op);
}

static int create(int argc, char **argv)
{
	static struct key_cli k;
	const char *name = NULL, *role = NULL, *tenant = NULL, *organization = NULL,
		   *actions = NULL, *expires = NULL;
	const struct command_option options[] = {
		{ "--name", &name, NULL },       { "--role", &role, NULL },
		{ "--tenant", &tenant, NULL },   { "--organization", &organization, NULL },
		{ "--actions", &actions, NULL }, { "--expires", &expires, NULL },
		{ "--json", NULL, &k.is_json },
	};

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, NULL))
		return 2;
	if (!name || !*name || strlen(name) > KEY_NAME_MAX)
		return complain("--name is needed, 1 to 63 bytes", NULL), 2;
	if (!set_role(&k, role) || !set_actions(&k, actions) || !set_expires(&k, expires))
		return 2;
	k.ask.name = slice_of(name);
	k.ask.names = (struct tenant_names){ slice_of(organization), slice_of(tenant) };
	return command_run(
		&(struct command){ key_create, &k.ask, k.is_json ? show_new_json : show_new });
}

static int list(int argc, char **argv)
{
	static struct key_cli k;
	const char *tenant = NULL, *organization = NULL;
	const struct command_option options[] = {
		{ "--tenant", &tenant, NULL },
		{ "--organization", &organization, NULL },
		{ "--json", NULL, &k.is_json },
	};

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, NULL))
		return 2;
	k.list.limit = KEY_PAGE_MAX;
	k.list.names = (struct tenant_names){ slice_of(organization), slice_of(tenant) };
	return command_run(
		&(struct command){ key_list, &k.list, k.is_json ? show_list_json : show_list });
}

static int end_key(int argc, char **argv)
{
	static struct key_cli k;
	const char *id = NULL;

	if (!command_arguments(NULL, 0, argc, argv, &id) || !set_id(&k, id))
		return 2;
	return command_run(&(struct command){ run_revoke, &k, show_revoked });
}

static int rotate_key(int argc, char **argv)
{
	static struct key_cli k;
	const char *id = NULL, *overlap = NULL;
	const struct command_option options[] = {
		{ "--overlap", &overlap, NULL },
		{ "--json", NULL, &k.is_json },
	};

	if (!command_arguments(options, sizeof(options) / sizeof(options[0]), argc, argv, &id)
	    || !set_id(&k, id) || !set_overlap(&k, overlap))
		return 2;
	return command_run(
		&(struct command){ run_rotate, &k, k.is_json ? show_new_json : show_new });
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "create", create },
	{ "list", list },
	{ "revoke", end_key },
	{ "rotate", rotate_key },
};

int key_run(int argc, char **argv)
{
	if (help_is_asked(argc, argv)) {
		(void)fputs(usage, stdout);
		return 0;
	}
	for (size_t i = 0; argc > 0 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	(void)fputs(usage, stderr);
	return 2;
}
