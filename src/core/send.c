/* One message: sealed credentials in, request out, the answer's meaning back. Whatever may have a
 * secret in it, the words of a platform or of libcurl, goes through scrub() before anybody sees
 * it. */
#include "core/send.h"

#include "io/fetch.h"

#define CREDENTIALS_MAX 65536
#define SECRET_LEAST 6 /* a shorter one would be found by chance */
#define NEEDLES_MAX 40
#define DETAIL_MAX 1024

struct sending {
	struct send_ask ask;
	struct credentials cred;
	struct post post;
	bool is_ours; /* a mail through the operator's own server, wherever that is */
	struct fetch_header
		headers[sizeof(((struct post *)0)->headers) / sizeof(struct post_header)];
	send_done *done;
	void *ctx;
};

/* --- the seal --- */

static struct slice bound_to(struct uuid tenant, enum platform p, struct arena *a)
{
	char id[ID_TEXT_MAX];

	id_print("tenant", tenant, id);
	return slice_of(arena_printf(a, "credentials %s %s", id, platform_names[p]));
}

struct slice credentials_seal(const struct core *core, struct uuid tenant, enum platform p,
			      const struct credentials *c, struct arena *a)
{
	struct strbuf text;
	struct slice out;

	strbuf_init(&text, CREDENTIALS_MAX);
	json_encode(&credentials_shape, c, &text);
	out = (struct slice){ NULL, 0 };
	if (!text.failed)
		out = secret_seal(&core->secret_key, strbuf_slice(&text), bound_to(tenant, p, a),
				  a);
	if (text.cap)
		explicit_bzero(text.p, text.n);
	strbuf_release(&text);
	return out;
}

static bool read_credentials(struct slice text, struct arena *a, struct credentials *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };

	return json_decode(&credentials_shape, text, &to, out) && faults->total == 0;
}

const char *credentials_open(const struct core *core, const struct sealed *sealed, struct arena *a,
			     struct credentials *out)
{
	struct slice text;

	if (!core->secret_key.is_set)
		return "secret_key_missing";
	switch (secret_open(&core->secret_key, sealed->bytes,
			    bound_to(sealed->tenant, sealed->platform, a), a, &text)) {
	case SECRET_FINE:
		return read_credentials(text, a, out) ? NULL : "credentials_damaged";
	case SECRET_OTHER_KEY:
		return "secret_key_changed";
	case SECRET_DAMAGED:
		break;
	}
	return "credentials_damaged";
}

/* --- no secrets in words --- */

struct needles {
	struct slice list[NEEDLES_MAX];
	int n;
};

static void hide(struct needles *hidden, struct slice s)
{
	if (s.n >= SECRET_LEAST && hidden->n < NEEDLES_MAX)
		hidden->list[hidden->n++] = s;
}

/* What follows the authority, and what stands before an '@' in it. */
static void hide_url(struct needles *hidden, struct slice url)
{
	const char *end = url.p + url.n, *at, *path;

	at = url.n ? memmem(url.p, url.n, "://", 3) : NULL;
	if (!at)
		return;
	at += 3;
	path = memchr(at, '/', (size_t)(end - at));
	hide(hidden, (struct slice){ at, path ? (size_t)(end - at) : 0 });
	if (path)
		hide(hidden, (struct slice){ path, (size_t)(end - path) });
	for (const char *p = at; p < (path ? path : end); p++) {
		const char *colon = *p == '@' ? memchr(at, ':', (size_t)(p - at)) : NULL;

		if (colon)
			hide(hidden, (struct slice){ colon + 1, (size_t)(p - colon - 1) });
	}
}

/* How many bytes at its beginning are a secret. */
static size_t hidden_at(const struct needles *hidden, struct slice text)
{
	size_t most = 0;

	for (int i = 0; i < hidden->n; i++) {
		struct slice h = hidden->list[i];

		if (h.n > most && h.n <= text.n && memcmp(text.p, h.p, h.n) == 0)
			most = h.n;
	}
	return most;
}

static struct slice cut(struct slice text)
{
	if (text.n > DETAIL_MAX)
		for (text.n = DETAIL_MAX; text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80;)
			text.n--;
	return text;
}

/* At most DETAIL_MAX bytes: what is put in the place of a secret is shorter than it. */
static struct slice scrub(struct slice text, const struct sending *s)
{
	const struct json_pair *urls = s->cred.webhook_urls.items;
	struct needles hidden = { .n = 0 };
	struct strbuf out;
	struct slice clean;

	if (!text.p)
		return text;
	text = cut(text);
	hide(&hidden, s->cred.token);
	hide(&hidden, s->cred.secret);
	hide_url(&hidden, s->cred.webhook_url);
	hide_url(&hidden, s->cred.smtp_url);
	for (size_t i = 0; i < s->cred.webhook_urls.n; i++)
		hide_url(&hidden, urls[i].value);
	strbuf_init(&out, DETAIL_MAX + 1);
	for (size_t at = 0; at < text.n;) {
		size_t skip = hidden_at(&hidden, (struct slice){ text.p + at, text.n - at });

		if (skip)
			strbuf_adds(&out, "…");
		else
			strbuf_addc(&out, text.p[at]);
		at += skip ? skip : 1;
	}
	clean = arena_slice(s->ask.arena, strbuf_slice(&out));
	strbuf_release(&out);
	return clean;
}

/* --- there and back --- */

static void answered(void *ctx, const struct fetch_result *r)
{
	struct sending *s = ctx;
	struct post_answer answer = { r->status, r->body, r->retry_after };
	struct send_end end = { .status = r->status,
				.took = r->total_us,
				.was_none = r->fault == FETCH_ABORTED || r->fault == FETCH_BUSY };

	channel_judge(s->ask.channel.platform, &answer, s->ask.arena, &end.meaning);
	if (r->fault != FETCH_FINE) {
		end.meaning.end = r->fault == FETCH_FORBIDDEN ? POST_REFUSED : POST_RETRY;
		end.meaning.error = slice_of(fetch_fault_name(r->fault));
		end.meaning.detail = slice_of(r->detail);
	}
	end.meaning.error = scrub(end.meaning.error, s);
	end.meaning.detail = scrub(end.meaning.detail, s);
	s->done(s->ctx, &end);
}

static struct fetch *start(struct sending *s)
{
	const struct core *core = s->ask.core;
	const struct post *p = &s->post;
	struct fetch_request request = {
		.url = p->url,
		.method = "POST",
		.headers = s->headers,
		.headers_count = p->headers_n,
		.body = p->body,
		.timeout = SEND_TIMEOUT,
		.mail_from = p->is_mail ? p->mail_from : NULL,
		.mail_to = p->is_mail ? p->mail_to : NULL,
	};

	for (int i = 0; i < p->headers_n; i++)
		s->headers[i] = (struct fetch_header){ p->headers[i].name, p->headers[i].value };
	return fetch_start(s->is_ours ? core->mailer : core->targets, &request, answered, s);
}

static struct fetch *refuse(struct send_end *out, const char *error, const char *detail)
{
	*out = (struct send_end){ .meaning = { .end = POST_REFUSED,
					       .error = slice_of(error),
					       .detail = slice_of(detail),
					       .retry_after = USEC_NEVER } };
	return NULL;
}

/* Where the tenant has no mail server, the operator's is used. */
static bool find_credentials(struct sending *s, const char **out_error)
{
	const struct core *core = s->ask.core;
	enum platform p = s->ask.channel.platform;

	*out_error = "no_credentials";
	if (s->ask.sealed.p)
		*out_error = credentials_open(core,
					      &(struct sealed){ s->ask.tenant, p, s->ask.sealed },
					      s->ask.arena, &s->cred);
	if (p == PLATFORM_EMAIL && !s->cred.smtp_url.p && core->smtp_url
	    && (!*out_error || !s->ask.sealed.p)) {
		s->cred.smtp_url = slice_of(core->smtp_url);
		if (!s->cred.from.p)
			s->cred.from = slice_of(core->smtp_from);
		s->is_ours = true;
		*out_error = NULL;
	}
	return !*out_error || (p == PLATFORM_WEBHOOK && !s->ask.sealed.p);
}

struct fetch *send_start(const struct send_ask *ask, send_done *done, void *ctx,
			 struct send_end *out_end)
{
	struct sending *s = arena_make(ask->arena, struct sending);
	const char *why = NULL;

	*s = (struct sending){ .ask = *ask, .done = done, .ctx = ctx };
	if (!find_credentials(s, &why))
		return refuse(out_end, why, NULL);
	why = channel_build(&s->ask.channel, &s->cred, &s->ask.content, ask->arena, &s->post);
	if (why)
		return refuse(out_end, "bad_channel", why);
	if (!s->post.is_mail)
		why = fetch_url_check(slice_of(s->post.url), ask->core->allow_private);
	else
		why = NULL;
	if (why)
		return refuse(out_end, "target_forbidden", why);
	return start(s);
}
