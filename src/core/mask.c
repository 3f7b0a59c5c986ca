#include "core/mask.h"

#include <string.h>
#include <strings.h>

#include "channel/channel.h"
#include "io/fetch.h"

#define ORIGIN_MAX 2100 /* a URL has at most 2,048 bytes */

bool mask_hides(struct slice header)
{
	static const char *const words[] = { "auth",   "key",  "token", "secret",
					     "cookie", "pass", "sig" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t at = 0; at + strlen(words[i]) <= header.n; at++)
			if (strncasecmp(header.p + at, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

struct json_list mask_headers(const struct json_list *headers, struct arena *a)
{
	const struct json_pair *from = headers->items;
	struct json_pair *to = arena_array(a, struct json_pair, headers->n + 1);

	for (size_t i = 0; i < headers->n; i++) {
		to[i] = from[i];
		if (mask_hides(from[i].name))
			to[i].value = credential_mask(from[i].value, a);
	}
	return (struct json_list){ to, headers->n };
}

bool mask_is(struct slice value)
{
	static const char dots[] = "\xe2\x80\xa6"; /* credential_mask()'s */

	return value.p && memmem(value.p, value.n, dots, sizeof(dots) - 1) != NULL;
}

void mask_keep(struct slice *now, struct slice old, struct arena *a)
{
	struct slice shown;

	if (!now->p || !old.p)
		return;
	shown = credential_mask(old, a);
	if (now->n == shown.n && memcmp(now->p, shown.p, shown.n) == 0)
		*now = old;
}

static bool is_same_name(struct slice a, struct slice b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* What cannot be read has no origin. */
static bool is_same_origin(struct slice a, struct slice b, struct arena *arena)
{
	char one[ORIGIN_MAX], two[ORIGIN_MAX];

	if (!a.p || !b.p)
		return !a.p && !b.p;
	fetch_url_origin(arena_dup(arena, a.p, a.n), one, sizeof(one));
	fetch_url_origin(arena_dup(arena, b.p, b.n), two, sizeof(two));
	return one[0] && strcmp(one, two) == 0;
}

/* Puts it back also where it is refused, so that there is one fault and not two. */
static bool keep_header(struct json_pair *now, const struct json_list *old, struct arena *a)
{
	const struct json_pair *from = old->items;
	const char *sent = now->value.p;

	for (size_t i = 0; i < old->n; i++)
		if (is_same_name(from[i].name, now->name))
			mask_keep(&now->value, from[i].value, a);
	return now->value.p != sent;
}

struct json_list mask_keep_headers(struct op *op, const char *field, const struct mask_target *now,
				   const struct mask_target *was)
{
	const struct json_pair *sent = now->headers.items;
	struct json_pair *pairs = arena_array(op->arena, struct json_pair, now->headers.n + 1);
	bool stays = is_same_origin(now->url, was->url, op->arena);

	for (size_t i = 0; i < now->headers.n; i++) {
		pairs[i] = sent[i];
		if (keep_header(&pairs[i], &was->headers, op->arena) && !stays)
			json_fault(
				&op->faults,
				arena_printf(op->arena, "%s.%.*s", field, SLICE_ARG(sent[i].name)),
				"masked_value", "Send the value itself: the target is another.");
	}
	return now->headers.n ? (struct json_list){ pairs, now->headers.n } : now->headers;
}
