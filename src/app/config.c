/* One row a setting: name, kind, place, bounds, default, help. Everything else follows from the
 * rows. */
#include "app/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/log.h"

#define PREFIX "CARILLON_"
#define FILE_BYTES_MAX 4096
#define NAME_BYTES 48 /* of a name that is worth comparing */

enum kind { TEXT, NUMBER, FLAG, WORD };

struct setting {
	const char *name;
	enum kind kind;
	size_t at;
	int64_t min, max;
	const char *normal; /* the default as it would be written; NULL: not set */
	const char *const *words;
	bool is_secret;   /* masked when printed */
	bool may_be_file; /* NAME_FILE names a file that holds the value */
	const char *help;
};

static const char *const log_words[] = { "auto", "text", "json", NULL };
static const char *const level_words[] = { "debug", "info", "warn", "error", NULL };

#define AT(member) .at = offsetof(struct config, member)

static const struct setting settings[] = {
	{ "DATABASE_URL", TEXT, AT(database_url), .is_secret = true, .may_be_file = true,
	  .help = "PostgreSQL connection string; not set: a private PostgreSQL in the data directory" },
	{ "CARILLON_DATA_DIR", TEXT, AT(data_dir), .normal = "./.carillon",
	  .help = "where the private PostgreSQL and its API key are kept" },
	{ "CARILLON_LISTEN", TEXT, AT(listen), .normal = "127.0.0.1:8080",
	  .help = "address:port to listen on; port 0 picks one" },
	{ "CARILLON_PUBLIC_URL", TEXT, AT(public_url),
	  .help = "where agents reach this server with their reports; not set: http:// and the address it listens "
		  "on, or 127.0.0.1 when that is every address (:8080, 0.0.0.0): then set it" },
	{ "CARILLON_API_KEY", TEXT, AT(api_key), .is_secret = true, .may_be_file = true,
	  .help = "an admin key of tenant default, stored (hashed) at the start" },
	{ "CARILLON_LOOKAHEAD", NUMBER, AT(lookahead), .min = 0, .max = 86400, .normal = "300",
	  .help = "seconds ahead of its time that a schedule's task is created" },
	{ "CARILLON_CATCHUP_WINDOW", NUMBER, AT(catchup_window), .min = 0, .max = 2592000,
	  .normal = "3600",
	  .help = "seconds of missed occurrences that are made up for after downtime; 0: none" },
	{ "CARILLON_RETENTION_DAYS", NUMBER, AT(retention_days), .min = 1, .max = 3650,
	  .normal = "90", .help = "days that finished tasks are kept" },
	{ "CARILLON_AUDIT_DAYS", NUMBER, AT(audit_days), .min = 1, .max = 36500, .normal = "365",
	  .help = "days that the audit trail is kept" },
	{ "CARILLON_ALLOW_PRIVATE_TARGETS", FLAG, AT(allow_private), .normal = "0",
	  .help = "1: webhooks may go to loopback and private addresses" },
	{ "CARILLON_REQUEST_RATE", NUMBER, AT(request_rate), .min = 0, .max = 100000000,
	  .normal = "6000",
	  .help = "API requests a minute and tenant, all of them at once or evenly; 0: no limit" },
	{ "CARILLON_AUTH_FAILURES", NUMBER, AT(auth_failures), .min = 0, .max = 100000000,
	  .normal = "20",
	  .help = "requests with a bad API key a minute and address (IPv6: /64); 0: no limit, as behind a proxy" },
	{ "CARILLON_QUOTA_SCHEDULES", NUMBER, AT(quota_schedules), .min = 0, .max = 1000000000,
	  .normal = "0",
	  .help = "schedules, jobs and plans that a tenant may have, deleted ones not counted; 0: no limit" },
	{ "CARILLON_QUOTA_MIN_INTERVAL", NUMBER, AT(quota_min_interval), .min = 0, .max = 31536000,
	  .normal = "0",
	  .help = "seconds that two occurrences of a schedule must be apart; 0: no limit" },
	{ "CARILLON_QUOTA_PAYLOAD", NUMBER, AT(quota_payload), .min = 0, .max = 1048576,
	  .normal = "1048576", .help = "bytes of a payload; 0: as many as a request may have" },
	{ "CARILLON_LLM_URL", TEXT, AT(llm_url),
	  .help = "chat completions endpoint, as OpenAI's: for phrases that parse-nl cannot read, and llm agents" },
	{ "CARILLON_LLM_MODEL", TEXT, AT(llm_model), .help = "the model it is asked for" },
	{ "CARILLON_LLM_KEY", TEXT, AT(llm_key), .is_secret = true, .may_be_file = true,
	  .help = "its key, sent as a bearer token" },
	{ "CARILLON_DEFAULT_AGENT_URL", TEXT, AT(default_agent_url),
	  .help = "endpoint called for agents that nobody registered; not set: jobs cannot name such" },
	{ "CARILLON_SECRET_KEY_FILE", TEXT, AT(secret_key_file),
	  .help = "file with the key that channels' credentials are sealed with, 64 hexadecimal digits or "
		  "base64; not set: secret.key in the data directory, made at the first start" },
	{ "CARILLON_SMTP_URL", TEXT, AT(smtp_url), .is_secret = true, .may_be_file = true,
	  .help = "smtp://[user:secret@]host:port of the mail server, or smtps://" },
	{ "CARILLON_SMTP_FROM", TEXT, AT(smtp_from), .help = "sender of mail, an address" },
	{ "CARILLON_LOG", WORD, AT(log), .normal = "auto", .words = log_words,
	  .help = "text, json, or auto: text on a terminal, else json" },
	{ "CARILLON_LOG_LEVEL", WORD, AT(log_level), .normal = "info", .words = level_words,
	  .help = "debug, info, warn or error" },
};
#define COUNT (sizeof(settings) / sizeof(settings[0]))
_Static_assert(COUNT <= CONFIG_SETTINGS_MAX, "struct config has no origin for each");
_Static_assert(LOG_DEBUG == 0 && LOG_ERROR == 3, "level_words is by enum log_level");

/* Names that are not settings, but ours. */
static const char *const others[] = {
#ifdef CARILLON_TEST
	"CARILLON_TEST_FAULTS",
#endif
	NULL
};

static bool __attribute__((format(printf, 3, 4)))
fail(char *why, size_t why_max, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(why, why_max, fmt, args);
	va_end(args);
	return false;
}

/* Settings live as long as the process: so does what holds their texts. */
static char *copy(const char *text, size_t n)
{
	static struct arena *texts;

	if (!texts)
		texts = arena_new();
	return arena_dup(texts, text, n);
}

/* --- values --- */

static bool set_number(const struct setting *s, const char *text, int64_t *member, char *why,
		       size_t why_max)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || *end || end == text || v < s->min || v > s->max)
		return fail(why, why_max,
			    "%s must be a whole number from %lld to %lld, not \"%s\".", s->name,
			    (long long)s->min, (long long)s->max, text);
	*member = v;
	return true;
}

static bool set_flag(const struct setting *s, const char *text, bool *member, char *why,
		     size_t why_max)
{
	static const char *const yes[] = { "1", "true", "yes", "on" };
	static const char *const no[] = { "0", "false", "no", "off" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcmp(text, yes[i]) != 0 && strcmp(text, no[i]) != 0)
			continue;
		*member = strcmp(text, yes[i]) == 0;
		return true;
	}
	return fail(why, why_max, "%s must be 1 or 0, not \"%s\".", s->name, text);
}

static bool set_word(const struct setting *s, const char *text, int *member, char *why,
		     size_t why_max)
{
	char list[128] = "";
	size_t n = 0;

	for (int i = 0; s->words[i]; i++) {
		if (strcmp(text, s->words[i]) == 0) {
			*member = i;
			return true;
		}
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "",
				      s->words[i]);
	}
	return fail(why, why_max, "%s must be one of %s, not \"%s\".", s->name, list, text);
}

static bool set(struct config *c, const struct setting *s, const char *text, char *why,
		size_t why_max)
{
	char *member = (char *)c + s->at;

	switch (s->kind) {
	case TEXT:
		*(const char **)(void *)member = copy(text, strlen(text));
		return true;
	case NUMBER:
		return set_number(s, text, (int64_t *)(void *)member, why, why_max);
	case FLAG:
		return set_flag(s, text, (bool *)(void *)member, why, why_max);
	case WORD:
		return set_word(s, text, (int *)(void *)member, why, why_max);
	}
	BUG("no such kind of setting");
}

/* The file's first line or all of it: what is at its end as white space does not count. NULL
 * with the reason. */
static char *read_value(const char *name, const char *path, char *why, size_t why_max)
{
	char bytes[FILE_BYTES_MAX + 1];
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f) {
		(void)fail(why, why_max, "%s_FILE names %s, which cannot be read: %s.", name, path,
			   strerror(errno));
		return NULL;
	}
	n = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	while (n > 0 && strchr(" \t\r\n", bytes[n - 1]))
		n--;
	if (n == 0 || n > FILE_BYTES_MAX || memchr(bytes, '\0', n)) {
		(void)fail(why, why_max, "%s_FILE names %s, which holds no value.", name, path);
		return NULL;
	}
	return copy(bytes, n);
}

/* --- the environment --- */

/* An empty value is as good as none: compose files and shells leave such behind. */
static const char *value_of(const char *const *environment, const char *name, const char *ending)
{
	size_t n = strlen(name), more = strlen(ending);

	for (; *environment; environment++) {
		const char *e = *environment;

		if (strncmp(e, name, n) == 0 && strncmp(e + n, ending, more) == 0
		    && e[n + more] == '=')
			return e[n + more + 1] ? e + n + more + 1 : NULL;
	}
	return NULL;
}

static bool load_one(const char *const *environment, size_t i, struct config *out, char *why,
		     size_t why_max)
{
	const struct setting *s = &settings[i];
	const char *value = value_of(environment, s->name, "");
	const char *path = s->may_be_file ? value_of(environment, s->name, "_FILE") : NULL;
	char *held;

	if (value && path)
		return fail(why, why_max, "%s and %s_FILE are both set; one of them must go.",
			    s->name, s->name);
	if (path) {
		held = read_value(s->name, path, why, why_max);
		if (!held)
			return false;
		out->origins[i] = ORIGIN_FILE;
		return set(out, s, held, why, why_max);
	}
	out->origins[i] = value ? ORIGIN_ENVIRONMENT : ORIGIN_DEFAULT;
	if (!value)
		value = s->normal;
	return !value || set(out, s, value, why, why_max);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Levenshtein's. */
static int distance(const char *a, size_t a_n, const char *b)
{
	int row[NAME_BYTES + 1];
	int b_n = (int)strlen(b);

	for (int j = 0; j <= b_n; j++)
		row[j] = j;
	for (size_t i = 0; i < a_n; i++) {
		int diagonal = row[0];

		row[0] = (int)i + 1;
		for (int j = 1; j <= b_n; j++) {
			int best = least(diagonal + (a[i] != b[j - 1]),
					 least(row[j], row[j - 1]) + 1);

			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_n];
}

static bool is_known(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT; i++) {
		size_t own = strlen(settings[i].name);

		if (strncmp(name, settings[i].name, own < n ? own : n) != 0 || n < own)
			continue;
		if (n == own
		    || (settings[i].may_be_file && n == own + 5
			&& strncmp(name + own, "_FILE", 5) == 0))
			return true;
	}
	for (int i = 0; others[i]; i++)
		if (strlen(others[i]) == n && strncmp(name, others[i], n) == 0)
			return true;
	return false;
}

static const char *nearest(const char *name, size_t n)
{
	const char *found = settings[0].name;
	int best = NAME_BYTES;

	for (size_t i = 0; i < COUNT && n <= NAME_BYTES; i++) {
		int d = distance(name, n, settings[i].name);

		if (d >= best)
			continue;
		best = d;
		found = settings[i].name;
	}
	return best <= 12 ? found : NULL;
}

static bool refuse_unknown(const char *const *environment, char *why, size_t why_max)
{
	for (; *environment; environment++) {
		const char *name = *environment, *meant;
		size_t n = strcspn(name, "=");

		if (strncmp(name, PREFIX, sizeof(PREFIX) - 1) != 0 || is_known(name, n))
			continue;
		meant = nearest(name, n);
		if (meant)
			return fail(why, why_max, "There is no setting %.*s; did you mean %s?",
				    (int)n, name, meant);
		return fail(why, why_max, "There is no setting %.*s; `carillon config` lists all.",
			    (int)n, name);
	}
	return true;
}

static bool set_address(struct config *c, const char *text, size_t n)
{
	bool is_bracketed = n >= 2 && text[0] == '[' && text[n - 1] == ']';

	if (n >= sizeof(c->address))
		return false;
	if (is_bracketed) {
		text++;
		n -= 2;
	}
	(void)snprintf(c->address, sizeof(c->address), "%.*s", (int)n, text);
	if (n == 0)
		(void)snprintf(c->address, sizeof(c->address), "0.0.0.0");
	if (strcmp(c->address, "localhost") == 0)
		(void)snprintf(c->address, sizeof(c->address), "127.0.0.1");
	return true;
}

/* "127.0.0.1:8080", "[::1]:8080", "localhost:8080", ":8080" (every address). */
static bool split_listen(struct config *c, char *why, size_t why_max)
{
	const char *colon = strrchr(c->listen, ':');
	char *end;
	long port;

	if (!colon)
		return fail(why, why_max, "CARILLON_LISTEN must be address:port, not \"%s\".",
			    c->listen);
	errno = 0;
	port = strtol(colon + 1, &end, 10);
	if (errno || *end || end == colon + 1 || port < 0 || port > 65535)
		return fail(why, why_max,
			    "The port in CARILLON_LISTEN must be from 0 to 65535, not \"%s\".",
			    colon + 1);
	c->port = (int)port;
	return set_address(c, c->listen, (size_t)(colon - c->listen))
	    || fail(why, why_max, "The address in CARILLON_LISTEN is too long.");
}

bool config_load(const char *const *environment, struct config *out, char *why, size_t why_max)
{
	memset(out, 0, sizeof(*out));
	if (!refuse_unknown(environment, why, why_max))
		return false;
	for (size_t i = 0; i < COUNT; i++)
		if (!load_one(environment, i, out, why, why_max))
			return false;
	if (out->api_key && strlen(out->api_key) < 16)
		return fail(why, why_max, "CARILLON_API_KEY must have at least 16 characters.");
	return split_listen(out, why, why_max);
}

/* --- printing --- */

static void print_value(const struct config *c, const struct setting *s, struct strbuf *out)
{
	const char *member = (const char *)c + s->at;
	const char *text;

	switch (s->kind) {
	case TEXT:
		text = *(const char *const *)(const void *)member;
		strbuf_adds(out, !text ? "(not set)" : s->is_secret ? "********" : text);
		break;
	case NUMBER:
		strbuf_addi(out, *(const int64_t *)(const void *)member);
		break;
	case FLAG:
		strbuf_addc(out, *(const bool *)(const void *)member ? '1' : '0');
		break;
	case WORD:
		strbuf_adds(out, s->words[*(const int *)(const void *)member]);
		break;
	}
}

void config_print(const struct config *c, struct strbuf *out)
{
	static const char *const origins[] = { "default", "environment", "file" };

	for (size_t i = 0; i < COUNT; i++) {
		strbuf_addf(out, "%s=", settings[i].name);
		print_value(c, &settings[i], out);
		strbuf_addf(out, "\n    from: %s\n    %s%s\n", origins[c->origins[i]],
			    settings[i].help,
			    settings[i].may_be_file ? "; or in the file that ..._FILE names" : "");
	}
}

void config_print_table(struct strbuf *out)
{
	strbuf_adds(out, "| name | default | meaning |\n|---|---|---|\n");
	for (size_t i = 0; i < COUNT; i++) {
		const struct setting *s = &settings[i];

		strbuf_addf(out, "| `%s`%s | %s%s%s | %s |\n", s->name,
			    s->may_be_file ? " (`..._FILE`)" : "", s->normal ? "`" : "",
			    s->normal ? s->normal : "none", s->normal ? "`" : "", s->help);
	}
}
