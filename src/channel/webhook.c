/* A webhook of the user's own: a JSON object, signed as Standard Webhooks 1.0 says. */
#include <inttypes.h>
#include <stdio.h>

#include "base/crypto.h"
#include "channel/channel_int.h"

static void sign(struct making *m)
{
	char signature[WEBHOOK_SIGNATURE_MAX];
	struct slice id = m->content->message_id;
	const char *stamp = arena_printf(m->arena, "%" PRId64, m->content->now / SEC);
	struct slice pieces[] = { id, SLICE_LIT("."), slice_of(stamp), SLICE_LIT("."),
				  m->post->body };

	making_header(m, "webhook-id", id);
	making_header(m, "webhook-timestamp", slice_of(stamp));
	if (m->cred->secret.n == 0)
		return;
	crypto_sign_webhook(m->cred->secret, pieces, 5, signature);
	making_header(m, "webhook-signature", slice_of(arena_printf(m->arena, "%s", signature)));
}

/* The members of an object, without its braces; empty when it is none. */
static struct slice members_of(struct slice object)
{
	struct json_syntax why;
	const char *p = object.p, *end;

	if (!p || object.n == 0 || !json_scan(object, &why))
		return (struct slice){ 0 };
	end = p + object.n;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	while (end > p && strchr(" \t\r\n", end[-1]))
		end--;
	if (*p != '{')
		return (struct slice){ 0 };
	for (p++, end--; p < end && strchr(" \t\r\n", *p); p++)
		;
	return (struct slice){ p, (size_t)(end - p) };
}

static bool is_json_text(const struct content *c)
{
	struct json_syntax why;

	return c->format == FORMAT_JSON && !c->output.p && (c->is_json || json_scan(c->text, &why));
}

static void add_member(struct strbuf *b, const char *name, struct slice value, bool is_json)
{
	strbuf_addf(b, ",\"%s\":", name);
	if (is_json)
		strbuf_add(b, value.p, value.n);
	else
		strbuf_add_json(b, value);
}

bool webhook_build(struct making *m)
{
	const struct content *c = m->content;
	struct slice members = members_of(c->fields), url = m->channel->to;
	bool raw = is_json_text(c);
	struct strbuf b;

	m->post->url = arena_dup(m->arena, url.p, url.n);
	strbuf_init(&b, 6 * (c->title.n + c->text.n + c->output.n) + members.n + 128);
	strbuf_adds(&b, "{\"title\":");
	strbuf_add_json(&b, c->title);
	strbuf_addf(&b, ",\"format\":\"%s\"", channel_formats[c->format]);
	if (c->text.p || !c->output.p)
		add_member(&b, raw ? "output" : "text", c->text, raw);
	if (c->output.p)
		add_member(&b, "output", c->output, c->is_json);
	if (members.n)
		strbuf_addc(&b, ',');
	strbuf_add(&b, members.n ? members.p : "", members.n);
	strbuf_addc(&b, '}');
	if (m->cred->token.n)
		making_authorization(m, "Bearer");
	making_body(m, &b);
	sign(m);
	return true;
}
