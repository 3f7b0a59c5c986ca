/* What schedules are made with, as the audit trail keeps it: agents, calendars, channels, chains; keys and limits. */
#include "snapshot_int.h"

#include "core/auth.h"
#include "core/chain.h"

#define MAYBE .flags = FIELD_OPTIONAL

/* --- agents --- */

static const char *const agent_kinds[] = { "", "webhook", "llm", NULL };

struct shown_agent {
	int kind;
	struct slice label, url, method, secret, model, system, system_digest;
	struct json_list headers;
	int64_t timeout;
};
static const struct field agent_rows[] = {
	F_ENUM(shown_agent, kind, "kind", agent_kinds),
	F_STR(shown_agent, label, "label", MAYBE),
	F_STR(shown_agent, url, "url", MAYBE),
	F_STR(shown_agent, method, "method", MAYBE),
	F_MAP(shown_agent, headers, "headers", MAYBE),
	F_STR(shown_agent, secret, "secret", MAYBE),
	F_STR(shown_agent, model, "model", MAYBE),
	F_STR(shown_agent, system, "system", MAYBE),
	F_RAW(shown_agent, system_digest, "system_digest", MAYBE),
	F_INT(shown_agent, timeout, "timeout_us"),
};
static const struct shape agent_shape = SHAPE(shown_agent, "Agent", agent_rows);

struct slice snapshot_agent(const struct agent *v, struct arena *a)
{
	struct shown_agent shown = {
		.kind = v->kind,
		.label = v->def.label,
		.url = hide_url(v->def.url, a),
		.method = v->def.method,
		.headers = hide_headers(v->def.headers, a),
		.secret = hide_secret(v->def.secret),
		.model = v->def.model,
		.system = v->def.system,
		.timeout = v->def.timeout,
	};

	shown.system_digest = snapshot_shorten(&shown.system, SNAPSHOT_PART_MAX, a);
	return snapshot_print(&agent_shape, &shown, a);
}

/* --- what has a definition: calendars, chains --- */

struct shown_definition {
	struct slice name, definition, digest;
};
static const struct field definition_rows[] = {
	F_STR(shown_definition, name, "name", MAYBE),
	F_RAW(shown_definition, definition, "definition", MAYBE),
	F_RAW(shown_definition, digest, "definition_digest", MAYBE),
};
static const struct shape definition_shape = SHAPE(shown_definition, "Definition", definition_rows);

struct slice snapshot_chain(struct slice name, struct slice definition, struct arena *a)
{
	struct shown_definition shown = { .name = name, .definition = definition };

	shown.digest = snapshot_shorten(&shown.definition, SNAPSHOT_DEFINITION_MAX, a);
	return snapshot_print(&definition_shape, &shown, a);
}

struct slice snapshot_calendar(struct slice definition, struct arena *a)
{
	return snapshot_chain((struct slice){ NULL, 0 }, definition, a);
}

struct shown_chain_run {
	struct slice chain, trigger;
	struct json_list runs;
};
static const struct field chain_run_rows[] = {
	F_STR(shown_chain_run, chain, "chain"),
	F_STR(shown_chain_run, trigger, "trigger"),
	F_STRS(shown_chain_run, runs, "runs"),
};
static const struct shape chain_run_shape = SHAPE(shown_chain_run, "ChainRun", chain_run_rows);

struct slice snapshot_chain_run(struct uuid chain, const char *trigger, struct json_list runs,
				struct arena *a)
{
	char text[ID_TEXT_MAX];
	struct shown_chain_run shown = { .chain = { text, id_print(CHAIN_PREFIX, chain, text) },
					 .trigger = slice_of(trigger),
					 .runs = runs };

	return snapshot_print(&chain_run_shape, &shown, a);
}

/* --- channels --- */

struct shown_channel {
	struct credentials c;
	bool is_sealed;
};
static const struct field channel_rows[] = {
	F_STR(shown_channel, c.token, "token", MAYBE),
	F_STR(shown_channel, c.webhook_url, "webhook_url", MAYBE),
	F_MAP(shown_channel, c.webhook_urls, "webhook_urls", MAYBE),
	F_STR(shown_channel, c.phone_number_id, "phone_number_id", MAYBE),
	F_STR(shown_channel, c.secret, "secret", MAYBE),
	F_STR(shown_channel, c.smtp_url, "smtp_url", MAYBE),
	F_STR(shown_channel, c.from, "from", MAYBE),
	F_STR(shown_channel, c.api_base, "api_base", MAYBE),
	F_BOOL(shown_channel, is_sealed, "is_sealed"),
};
static const struct shape channel_shape = SHAPE(shown_channel, "Channel", channel_rows);

struct slice snapshot_channel(const struct credentials *c, struct arena *a)
{
	struct shown_channel shown = { .is_sealed = c == NULL };
	const struct json_pair *urls;
	struct json_pair *masked;

	if (!c)
		return snapshot_print(&channel_shape, &shown, a);
	urls = c->webhook_urls.items;
	shown.c = (struct credentials){
		.token = hide_secret(c->token),
		.webhook_url = hide_secret(c->webhook_url),
		.phone_number_id = c->phone_number_id,
		.secret = hide_secret(c->secret),
		.smtp_url = hide_url(c->smtp_url, a),
		.from = c->from,
		.api_base = hide_url(c->api_base, a),
	};
	if (urls) {
		masked = arena_array(a, struct json_pair, c->webhook_urls.n + 1);
		for (size_t i = 0; i < c->webhook_urls.n; i++)
			masked[i] = (struct json_pair){ urls[i].name, HIDDEN };
		shown.c.webhook_urls = (struct json_list){ masked, c->webhook_urls.n };
	}
	return snapshot_print(&channel_shape, &shown, a);
}

/* --- keys and limits --- */

struct shown_key {
	int role;
	struct slice name, prefix;
	struct json_list actions;
	usec_t expires_at, revoked_at;
};
static const struct field key_rows[] = {
	F_STR(shown_key, name, "name", MAYBE),
	F_STR(shown_key, prefix, "prefix", MAYBE),
	F_ENUM(shown_key, role, "role", role_words),
	F_STRS(shown_key, actions, "actions", MAYBE),
	F_TYPE(shown_key, expires_at, "expires_at", snapshot_instant, MAYBE),
	F_TYPE(shown_key, revoked_at, "revoked_at", snapshot_instant, MAYBE),
};
static const struct shape key_shape = SHAPE(shown_key, "Key", key_rows);

/* Each ended by a comma. */
static struct json_list split(struct slice text, struct arena *a)
{
	struct slice *items = arena_array(a, struct slice, text.n + 1);
	struct json_list out = { items, 0 };

	for (size_t i = 0, from = 0; i < text.n; i++)
		if (text.p[i] == ',') {
			items[out.n++] = (struct slice){ text.p + from, i - from };
			from = i + 1;
		}
	return out;
}

struct slice snapshot_key(const struct snapshot_key *k, struct arena *a)
{
	struct shown_key shown = { .role = (int)k->role,
				   .name = k->name,
				   .prefix = k->prefix,
				   .expires_at = k->expires_at,
				   .revoked_at = k->revoked_at };

	if (k->actions.p)
		shown.actions = split(k->actions, a);
	return snapshot_print(&key_shape, &shown, a);
}

/* Negative: null, as the settings say. */
static bool print_limit(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v < 0)
		return false;
	strbuf_addi(out, v);
	return true;
}
static const struct field_type type_limit = { "a limit", NULL, print_limit, true };

struct shown_limits {
	int64_t requests, schedules, min_interval, payload_max;
};
static const struct field limit_rows[] = {
	F_TYPE(shown_limits, requests, "request_rate", type_limit),
	F_TYPE(shown_limits, schedules, "schedules", type_limit),
	F_TYPE(shown_limits, min_interval, "min_interval_us", type_limit),
	F_TYPE(shown_limits, payload_max, "payload_bytes", type_limit),
};
static const struct shape limits_shape = SHAPE(shown_limits, "Limits", limit_rows);

struct slice snapshot_limits(const struct limits *l, struct arena *a)
{
	struct shown_limits shown = { l->requests, l->schedules, l->min_interval, l->payload_max };

	return snapshot_print(&limits_shape, &shown, a);
}
