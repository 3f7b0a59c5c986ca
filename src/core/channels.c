/* Credentials of channels: checked, sealed, shown masked; and a message to try them with. */
#include "core/channels.h"

#include "core/call.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/send.h"
#include "core/snapshot.h"
#include "io/fetch.h"
#include "store/message.h"

#define TEXT_DEFAULT "This is a test message from Carillon."

static struct credential_key key_of(const struct op *op, struct slice platform)
{
	return (struct credential_key){ op->who.bucket, op->who.tenant, platform };
}

/* PLATFORM_COUNT: there is no such. */
static enum platform platform_of(struct slice name)
{
	int p = 0;

	while (p < PLATFORM_COUNT && !slice_is(name, platform_names[p]))
		p++;
	return (enum platform)p;
}

/* --- what is shown --- */

static struct slice mask(struct slice secret, struct arena *a)
{
	return secret.p ? credential_mask(secret, a) : secret;
}

static struct credentials masked(const struct credentials *c, struct arena *a)
{
	const struct json_pair *from = c->webhook_urls.items;
	struct json_pair *urls = arena_array(a, struct json_pair, c->webhook_urls.n + 1);
	struct credentials out = *c;

	for (size_t i = 0; i < c->webhook_urls.n; i++)
		urls[i] = (struct json_pair){ from[i].name, mask(from[i].value, a) };
	if (c->webhook_urls.items)
		out.webhook_urls.items = urls;
	out.token = mask(c->token, a);
	out.secret = mask(c->secret, a);
	out.webhook_url = mask(c->webhook_url, a);
	out.smtp_url = mask(c->smtp_url, a);
	return out;
}

/* row NULL: the tenant has stored none. */
static void fill_view(const struct op *op, enum platform p, const struct credential_row *row,
		      struct channel_view *out)
{
	struct credentials plain = { .present = 0 };

	*out = (struct channel_view){
		.platform = platform_names[p],
		.configured = row || p == PLATFORM_WEBHOOK
			   || (p == PLATFORM_EMAIL && op->core->smtp_url),
		.takes = platform_fields(p, FIELDS_TAKEN, op->arena),
		.needs = platform_fields(p, FIELDS_NEEDED, op->arena),
		.needs_one_of = platform_fields(p, FIELDS_NEEDED_ONE, op->arena),
		.updated_at = row ? row->updated_at : USEC_NEVER,
	};
	if (!row)
		return;
	out->problem = credentials_open(
		op->core, &(struct sealed){ op->who.tenant, p, row->sealed }, op->arena, &plain);
	if (!out->problem)
		out->shown = masked(&plain, op->arena);
}

/* --- list --- */

static flow listed(struct op *op)
{
	struct channels_view *v = arena_make(op->arena, struct channels_view);
	struct channel_view *views = arena_array(op->arena, struct channel_view, PLATFORM_COUNT);
	struct credential_row *rows;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_credentials(op->unit, 0, &rows);
	for (int p = 0; p < PLATFORM_COUNT; p++) {
		const struct credential_row *row = NULL;

		for (size_t i = 0; i < n && !row; i++)
			if (slice_is(rows[i].platform, platform_names[p]))
				row = &rows[i];
		fill_view(op, (enum platform)p, row, &views[p]);
	}
	v->items = (struct json_list){ views, PLATFORM_COUNT };
	v->count = PLATFORM_COUNT;
	return op_ok(op, v);
}

flow channels_list(struct op *op)
{
	struct credential_key of = key_of(op, (struct slice){ NULL, 0 });

	store_credential_list(op_unit(op, LANE_READ), &of);
	return op_db(op, listed);
}

/* --- put --- */

static void check_url(struct op *op, const char *field, const char *message)
{
	if (message)
		json_fault(&op->faults, field, "invalid_url", call_sentence(op->arena, message));
}

static void check_urls(struct op *op, const struct credentials *c)
{
	const struct json_pair *urls = c->webhook_urls.items;
	bool private = op->core->allow_private;

	if (c->webhook_url.p)
		check_url(op, "webhook_url", fetch_url_check(c->webhook_url, private));
	for (size_t i = 0; i < c->webhook_urls.n; i++)
		check_url(op, arena_printf(op->arena, "webhook_urls.%.*s", SLICE_ARG(urls[i].name)),
			  fetch_url_check(urls[i].value, private));
	if (c->api_base.p)
		check_url(op, "api_base", fetch_url_check(c->api_base, private));
	if (c->smtp_url.p)
		check_url(op, "smtp_url", fetch_mail_url_check(c->smtp_url, private));
}

/* Read, write if nobody was quicker. */
struct changing {
	struct credential_key key;
	enum platform platform;
	op_step *decide; /* once it has been read */
	struct credential_row old;
	bool is_there;
	struct slice sealed; /* that is put */
	const void *out;     /* the answer */
	int tries;
};
static op_step old_read, written;

static flow read_old(struct op *op)
{
	const struct changing *c = op->state;

	store_credential_get(op_unit(op, LANE_WRITE), &c->key);
	return op_db(op, old_read);
}

static flow old_read(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->old = (struct credential_row){ .updated_at = 0 };
	c->is_there = store_credential_got(op->unit, 0, &c->old);
	return c->decide(op);
}

/* As the audit trail keeps what is sealed. */
static struct slice snapshot_sealed(const struct op *op, const struct changing *c,
				    struct slice sealed)
{
	struct credentials plain = { .present = 0 };
	const char *problem = credentials_open(
		op->core, &(struct sealed){ op->who.tenant, c->platform, sealed }, op->arena,
		&plain);

	return snapshot_channel(problem ? NULL : &plain, op->arena);
}

static flow write_it(struct op *op, const char *what, struct slice after)
{
	const struct changing *c = op->state;
	struct change change = { .object = OBJECT_CHANNEL,
				 .name = slice_of(platform_names[c->platform]),
				 .what = what,
				 .after = after };

	if (c->is_there)
		change.before = snapshot_sealed(op, c, c->old.sealed);
	op_changes(op, &change, 1, c->out);
	return op_db(op, written);
}

static flow written(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (store_credential_changed(op->unit, 0))
		return op_ok(op, c->out);
	return ++c->tries < OP_AGAIN_MAX ? op_again(op, c->tries, read_old)
					 : op_fail(op, ERR_CHANGED, NULL);
}

static flow put_decide(struct op *op)
{
	const struct channel_put *in = op->in;
	struct changing *c = op->state;
	struct channel_view *v = arena_make(op->arena, struct channel_view);
	const struct credential_row row = { .updated_at = op->now, .sealed = c->sealed };

	fill_view(op, c->platform, &row, v);
	c->out = v;
	op->is_made = !c->is_there;
	store_credential_put(op_unit(op, LANE_WRITE), &c->key, c->sealed, c->old.sealed, op->now);
	return write_it(op, c->is_there ? "changed" : "created",
			snapshot_channel(in->credentials, op->arena));
}

flow channel_put(struct op *op)
{
	const struct channel_put *in = op->in;
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	c->platform = platform_of(in->platform);
	c->key = key_of(op, in->platform);
	c->decide = put_decide;
	if (c->platform == PLATFORM_COUNT)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	platform_credentials_check(c->platform, in->credentials, &op->faults, op->arena);
	if (!op->faults.total)
		check_urls(op, in->credentials);
	if (op->faults.total)
		return op_invalid(op);
	if (!op->core->secret_key.is_set)
		return op_fail(op, ERR_NO_SECRET_KEY, NULL);
	c->sealed = credentials_seal(op->core, op->who.tenant, c->platform, in->credentials,
				     op->arena);
	return c->sealed.p ? read_old(op) : op_fail(op, ERR_TOO_LARGE, NULL);
}

/* --- delete --- */

static flow delete_decide(struct op *op)
{
	struct changing *c = op->state;

	if (!c->is_there)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->out = op->in;
	store_credential_delete(op_unit(op, LANE_WRITE), &c->key, c->old.sealed);
	return write_it(op, "deleted", (struct slice){ NULL, 0 });
}

flow channel_delete(struct op *op)
{
	const struct slice *platform = op->in;
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	*c = (struct changing){ .key = key_of(op, *platform),
				.platform = platform_of(*platform),
				.decide = delete_decide };
	return c->platform == PLATFORM_COUNT ? op_fail(op, ERR_NOT_FOUND, NULL) : read_old(op);
}

/* --- test --- */

struct testing {
	struct channel channel;
	struct channel_test_view view;
};

static flow tested(struct op *op)
{
	const struct testing *t = op->state;

	return op_ok(op, &t->view);
}

static void note_end(struct testing *t, const struct send_end *end)
{
	t->view = (struct channel_test_view){
		.delivered = end->meaning.end == POST_DELIVERED,
		.error = end->meaning.error,
		.detail = end->meaning.detail,
		.status = end->status,
		.duration_ms = end->took / MSEC,
	};
}

static void sent(void *ctx, const struct send_end *end)
{
	struct op *op = ctx;

	note_end(op->state, end);
	op_resume(op);
}

static flow send_test(struct op *op)
{
	const struct channel_test *in = op->in;
	struct testing *t = op->state;
	char id[ID_TEXT_MAX];
	struct credential_row row = { .updated_at = 0 };
	struct send_end end;
	struct send_ask ask = {
		.core = op->core,
		.arena = op->arena,
		.tenant = op->who.tenant,
		.channel = t->channel,
		.content = { .format = (enum channel_format)in->format,
			     .title = SLICE_LIT("Test"),
			     .text = in->text,
			     .fields = SLICE_LIT("{\"event\":\"test\"}"),
			     .now = op->now },
	};

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_credential_got(op->unit, 0, &row))
		ask.sealed = row.sealed;
	if (!in->text.p)
		ask.content.text = in->format == FORMAT_JSON
					 ? SLICE_LIT("{\"message\":\"" TEXT_DEFAULT "\"}")
					 : SLICE_LIT(TEXT_DEFAULT);
	id_print("msg", id_new(op->now), id);
	ask.content.message_id = slice_of(arena_printf(op->arena, "%s", id));
	if (send_start(&ask, sent, op, &end))
		return op_wait(op, tested);
	note_end(t, &end);
	return tested(op);
}

flow channel_test(struct op *op)
{
	const struct channel_test *in = op->in;
	struct credential_key key = key_of(op, in->platform);
	struct testing *t = arena_make(op->arena, struct testing);
	enum platform p = platform_of(in->platform);
	const char *message = NULL;
	size_t n = in->platform.n;
	bool is_whole = in->to.n > n && memcmp(in->to.p, in->platform.p, n) == 0
		     && in->to.p[n] == ':';
	struct slice whole = in->to;

	if (p == PLATFORM_COUNT)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (!is_whole)
		whole = slice_of(arena_printf(op->arena, "%.*s:%.*s", SLICE_ARG(in->platform),
					      SLICE_ARG(in->to)));
	if (!channel_parse(whole, &t->channel, &message))
		json_fault(&op->faults, "to", "channel_invalid", message);
	else if (p == PLATFORM_WEBHOOK)
		check_url(op, "to", fetch_url_check(t->channel.to, op->core->allow_private));
	if (in->format == FORMAT_JSON && in->text.p
	    && !json_scan(in->text, &(struct json_syntax){ 0 }))
		json_fault(&op->faults, "text", "invalid_json",
			   "With format json this must be JSON.");
	if (op->faults.total)
		return op_invalid(op);
	op->state = t;
	store_credential_get(op_unit(op, LANE_READ), &key);
	return op_db(op, send_test);
}
