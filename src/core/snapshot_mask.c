/* What no snapshot says, and what it says in short. */
#include "snapshot_int.h"

#include "base/crypto.h"
#include "core/mask.h"
#include "when/stamp.h"

/* --- secrets --- */

struct slice hide_secret(struct slice secret)
{
	return secret.p ? HIDDEN : secret;
}

/* Of a header (core/mask.h), or of a parameter: signed URLs call theirs sig. */
static bool is_secret_name(struct slice name)
{
	return mask_hides(name) || slice_is(name, "sig");
}

/* Where one of these stands in s from `at` on; s.n when nowhere. */
static size_t find_any(struct slice s, size_t at, const char *any)
{
	while (at < s.n && (s.p[at] == '\0' || !strchr(any, s.p[at])))
		at++;
	return at;
}

/* Behind the userinfo of an authority that begins at `at`; `at` when it has none. */
static size_t skip_userinfo(struct slice url, size_t at)
{
	size_t end = find_any(url, at, "/?#\\"), behind = at;

	for (size_t i = at; i < end; i++)
		if (url.p[i] == '@')
			behind = i + 1;
	return behind;
}

/* The query from `at` on, values of secret names masked. */
static void add_query(struct slice url, size_t at, struct strbuf *out)
{
	while (at < url.n) {
		size_t end = find_any(url, at, "&#;");
		size_t eq = find_any((struct slice){ url.p, end }, at, "=");

		if (eq < end && is_secret_name((struct slice){ url.p + at, eq - at })) {
			strbuf_add(out, url.p + at, eq + 1 - at);
			strbuf_adds(out, "***");
		} else {
			strbuf_add(out, url.p + at, end - at);
		}
		if (end < url.n)
			strbuf_addc(out, url.p[end++]);
		at = end;
	}
}

struct slice hide_url(struct slice url, struct arena *a)
{
	struct strbuf out;
	struct slice masked;
	size_t at = 0, from, query;

	if (!url.p)
		return url;
	for (size_t i = 0; i + 3 <= url.n && !at; i++)
		if (memcmp(url.p + i, "://", 3) == 0)
			at = i + 3;
	from = skip_userinfo(url, at);
	query = find_any(url, from, "?");
	strbuf_init(&out, SNAPSHOT_MAX);
	strbuf_add(&out, url.p, at);
	if (from > at)
		strbuf_adds(&out, "***@");
	strbuf_add(&out, url.p + from, query - from);
	if (query < url.n)
		strbuf_addc(&out, url.p[query++]);
	add_query(url, query, &out);
	masked = arena_slice(a, strbuf_slice(&out));
	strbuf_release(&out);
	return masked;
}

struct json_list hide_headers(struct json_list from, struct arena *a)
{
	const struct json_pair *pairs = from.items;
	struct json_pair *out;

	if (!from.items)
		return from;
	out = arena_array(a, struct json_pair, from.n + 1);
	for (size_t i = 0; i < from.n; i++)
		out[i] = (struct json_pair){ pairs[i].name, is_secret_name(pairs[i].name)
								    ? hide_secret(pairs[i].value)
								    : pairs[i].value };
	return (struct json_list){ out, from.n };
}

/* --- what is too long --- */

struct slice snapshot_shorten(struct slice *part, size_t most, struct arena *a)
{
	char hex[2 * SHA256_BYTES + 1];
	uint8_t hash[SHA256_BYTES];
	struct slice out;

	if (!part->p || part->n <= most)
		return (struct slice){ NULL, 0 };
	crypto_sha256(*part, hash);
	crypto_hex(hash, sizeof(hash), hex);
	out = slice_of(arena_printf(a, "{\"bytes\":%zu,\"sha256\":\"%s\"}", part->n, hex));
	*part = (struct slice){ NULL, 0 };
	return out;
}

/* --- instants, as they are read --- */

static const char *parse_instant(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	(void)f;
	(void)a;
	*out_message = "This must be an instant.";
	return stamp_parse(text, member) == WHEN_OK ? NULL : "invalid_time";
}

static bool print_instant(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t at = *(const usec_t *)member;
	char text[STAMP_MAX];

	(void)f;
	if (at == USEC_NEVER)
		return false;
	strbuf_add_json(out, (struct slice){ text, stamp_print(at, text) });
	return true;
}

const struct field_type snapshot_instant = { "an instant", parse_instant, print_instant, false };

struct slice snapshot_print_in(const struct shape *shape, const void *object, size_t most,
			       struct arena *a)
{
	struct strbuf text;
	struct slice out = { NULL, 0 };

	strbuf_init(&text, most);
	json_encode(shape, object, &text);
	if (!text.failed)
		out = arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

struct slice snapshot_print(const struct shape *shape, const void *object, struct arena *a)
{
	struct slice out = snapshot_print_in(shape, object, SNAPSHOT_MAX, a);

	/* Its parts are bounded; names and URLs have their own ceilings. */
	return out.p ? out : SLICE_LIT("{\"is_too_long\":true}");
}
