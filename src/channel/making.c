/* The parts that requests are made of. */
#include "base/check.h"
#include "channel/channel_int.h"

bool making_fails(struct making *m, const char *message)
{
	m->message = message;
	return false;
}

void making_header(struct making *m, const char *name, struct slice value)
{
	struct post *post = m->post;

	ASSERT(post->headers_n < (int)(sizeof(post->headers) / sizeof(post->headers[0])));
	post->headers[post->headers_n++] = (struct post_header){ slice_of(name), value };
}

void making_authorization(struct making *m, const char *scheme)
{
	making_header(
		m, "Authorization",
		slice_of(arena_printf(m->arena, "%s %.*s", scheme, SLICE_ARG(m->cred->token))));
}

void making_url(struct making *m, const char *own_base, const char *path)
{
	struct slice base = m->cred->api_base.n ? m->cred->api_base : slice_of(own_base);

	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	m->post->url = arena_printf(m->arena, "%.*s%s", SLICE_ARG(base), path);
}

bool making_webhook_url(struct making *m)
{
	m->post->url = credentials_webhook(m->cred, m->channel->to, m->arena);
	if (m->post->url)
		return true;
	return making_fails(
		m, arena_printf(m->arena, "The credentials of %s have no webhook for \"%.*s\".",
				platform_names[m->channel->platform], SLICE_ARG(m->channel->to)));
}

struct slice making_text(struct making *m, const struct dialect *d)
{
	return markup_write(d, m->content, m->arena, &m->post->was_cut);
}

bool making_body(struct making *m, struct strbuf *b)
{
	ASSERT(!b->failed);
	m->post->body = text_take(b, m->arena);
	making_header(m, "Content-Type", SLICE_LIT("application/json; charset=utf-8"));
	return true;
}
