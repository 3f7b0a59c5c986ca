#include "core/call.h"

#include <string.h>
#include <strings.h>

#include "base/crypto.h"
#include "io/fetch.h"

#define WHSEC "whsec_"

enum { SECRET_MIN = 16, SECRET_MAX = 128 /* bytes */ };

/* The options column. Its names are ours and stay: rows of every age are read through them. */
struct options {
	struct slice method, secret, body_signature;
	struct former former;
	struct json_list headers, tags;
	int64_t timeout_us, expires_us, retry_strategy, retry_max, retry_base_us, retry_most_us;
	bool is_object;
};

static const struct field option_fields[] = {
	F_STR(options, method, "method", .flags = FIELD_OPTIONAL),
	F_MAP(options, headers, "headers", .flags = FIELD_OPTIONAL, .max = 100),
	F_STR(options, secret, "secret", .flags = FIELD_OPTIONAL),
	F_STR(options, former.secret, "secret_was", .flags = FIELD_OPTIONAL),
	F_TYPE(options, former.until, "secret_was_until", signing_until, .flags = FIELD_OPTIONAL),
	F_STR(options, body_signature, "body_signature", .flags = FIELD_OPTIONAL),
	F_INT(options, timeout_us, "timeout_us"),
	F_INT(options, expires_us, "expires_us"),
	F_INT(options, retry_strategy, "retry_strategy"),
	F_INT(options, retry_max, "retry_max"),
	F_INT(options, retry_base_us, "retry_base_us"),
	F_INT(options, retry_most_us, "retry_most_us"),
	F_STRS(options, tags, "tags", .flags = FIELD_OPTIONAL, .max = 100),
	F_BOOL(options, is_object, "is_object"),
};
static const struct shape option_shape = SHAPE(options, "Options", option_fields,
					       .present = NO_PRESENT);

static bool is_default(const struct options *o)
{
	return !o->method.p && !o->secret.p && !o->body_signature.p && !o->headers.n && !o->tags.n
	    && !o->timeout_us && !o->expires_us && !o->retry_strategy && !o->retry_max
	    && !o->retry_base_us && !o->retry_most_us && !o->is_object;
}

struct slice call_print(const struct call *c, struct arena *a)
{
	struct options o = {
		.method = c->method,
		.secret = c->secret,
		.former = c->former,
		.body_signature = c->body_signature,
		.headers = c->headers,
		.tags = c->tags,
		.timeout_us = c->timeout,
		.expires_us = c->expires_after,
		.retry_strategy = c->retry.strategy,
		.retry_max = c->retry.max_attempts,
		.retry_base_us = c->retry.base_delay,
		.retry_most_us = c->retry.max_delay,
		.is_object = c->is_object,
	};
	struct strbuf text;
	struct slice out;

	if (is_default(&o))
		return (struct slice){ NULL, 0 };
	strbuf_init(&text, 1 << 20);
	json_encode(&option_shape, &o, &text);
	out = arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

bool call_parse(struct slice url, struct slice options, struct slice payload, struct arena *a,
		struct call *out)
{
	struct options o = { 0 };

	if (options.p) {
		struct json_faults *faults = arena_make(a, struct json_faults);
		struct json_syntax syntax;
		struct json_reader to = { a, faults, &syntax };

		if (!json_decode(&option_shape, options, &to, &o) || faults->total > 0)
			return false;
	}
	*out = (struct call){
		.url = url,
		.payload = payload,
		.method = o.method,
		.headers = o.headers,
		.secret = o.secret,
		.former = o.former,
		.body_signature = o.body_signature,
		.timeout = o.timeout_us,
		.retry = { (int)o.retry_strategy, o.retry_max, o.retry_base_us, o.retry_most_us },
		.expires_after = o.expires_us,
		.tags = o.tags,
		.is_object = o.is_object,
	};
	return true;
}

const char *call_header_check(const struct json_list *headers, size_t i)
{
	const struct json_pair *pairs = headers->items;
	struct slice name = pairs[i].name;

	for (size_t k = 0; k < i; k++)
		if (pairs[k].name.n == name.n && strncasecmp(pairs[k].name.p, name.p, name.n) == 0)
			return "this header is there already, in other letters";
	return fetch_header_check(name, pairs[i].value);
}

const char *call_sentence(struct arena *a, const char *words)
{
	size_t n = strlen(words);
	bool is_whole = n == 0 || words[n - 1] == '.';
	char *out = arena_printf(a, is_whole ? "%s" : "%s.", words);

	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	return out;
}

bool call_secret_ok(struct slice s)
{
	char bytes[SECRET_MAX * 2];
	size_t n;

	if (s.n > 2 * SECRET_MAX)
		return false;
	if (s.n <= sizeof(WHSEC) - 1 || memcmp(s.p, WHSEC, sizeof(WHSEC) - 1) != 0)
		return s.n >= SECRET_MIN && s.n <= SECRET_MAX;
	s.p += sizeof(WHSEC) - 1;
	s.n -= sizeof(WHSEC) - 1;
	return crypto_unbase64(s, bytes, sizeof(bytes), &n) && n >= SECRET_MIN && n <= SECRET_MAX;
}

int64_t retry_attempts(const struct retry *r)
{
	if (r->max_attempts > 0)
		return r->max_attempts;
	return r->strategy == RETRY_POLYNOMIAL ? 1 + RETRY_MAX_DEFAULT : 3;
}

#define BASE_DEFAULT MIN
#define MOST_DEFAULT DAY

/* n^4 + 15 + rand(10) * (n + 1) seconds, rand(10) being 0..9. */
static usec_t polynomial(int64_t n, uint32_t random)
{
	return (n * n * n * n + 15 + (int64_t)(random % 10) * (n + 1)) * SEC;
}

usec_t retry_base(const struct retry *r)
{
	if (r->base_delay > 0)
		return r->base_delay;
	return r->max_delay > 0 && r->max_delay < BASE_DEFAULT ? r->max_delay : BASE_DEFAULT;
}

usec_t retry_most(const struct retry *r)
{
	if (r->max_delay > 0)
		return r->max_delay;
	return r->base_delay > MOST_DEFAULT ? r->base_delay : MOST_DEFAULT;
}

usec_t retry_delay(const struct retry *r, int64_t failures, uint32_t random)
{
	usec_t base = retry_base(r), most = retry_most(r);
	usec_t delay = base;

	if (failures < 1)
		failures = 1;
	if (r->strategy == RETRY_POLYNOMIAL)
		return polynomial(failures < 1000 ? failures : 1000, random);
	if (r->strategy == RETRY_LINEAR)
		delay = failures > most / base ? most : base * failures;
	if (r->strategy == RETRY_EXPONENTIAL)
		for (int64_t i = 1; i < failures && delay < most; i++)
			delay *= 2;
	if (delay > most)
		delay = most;
	/* Up to a tenth more, so that many that failed together do not come back together. */
	return delay + (usec_t)((double)delay / 10 * random / UINT32_MAX);
}
