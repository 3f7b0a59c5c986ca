/* What platforms are called with: its shape, its faults, its mask. */
#include "channel/channel_int.h"

enum { TOKEN_MAX = 1024, URL_MAX = 2048, WEBHOOKS_MAX = 50, FIELD_MAX_NAME = 40 };

#define OPT .flags = FIELD_OPTIONAL
static const struct field fields[] = {
	[CRED_TOKEN] = F_STR(credentials, token, "token", OPT, .min = 1, .max = TOKEN_MAX),
	[CRED_WEBHOOK_URL] = F_STR(credentials, webhook_url, "webhook_url", OPT, .min = 1,
				   .max = URL_MAX),
	[CRED_WEBHOOK_URLS] = F_MAP(credentials, webhook_urls, "webhook_urls", OPT,
				    .max = WEBHOOKS_MAX),
	[CRED_PHONE_NUMBER_ID] = F_STR(credentials, phone_number_id, "phone_number_id", OPT,
				       .min = 1, .max = 32),
	[CRED_SECRET] = F_STR(credentials, secret, "secret", OPT, .min = 8, .max = 256),
	[CRED_SMTP_URL] = F_STR(credentials, smtp_url, "smtp_url", OPT, .min = 1, .max = URL_MAX),
	[CRED_FROM] = F_STR(credentials, from, "from", OPT, .min = 3, .max = 320),
	[CRED_API_BASE] = F_STR(credentials, api_base, "api_base", OPT, .min = 1, .max = 512),
};
_Static_assert(sizeof(fields) / sizeof(fields[0]) == CRED_COUNT, "a bit each");
const struct shape credentials_shape = SHAPE(credentials, "ChannelCredentials", fields,
					     .present = offsetof(struct credentials, present));

/* --- texts --- */

bool text_is_of(struct slice text, const char *others)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c >= 0x80 || c == 0 || !(rune_is_word(c) || strchr(others, c)))
			return false;
	}
	return text.n > 0;
}

bool text_is_digits(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

bool text_is_printable(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || text.p[i] > '~')
			return false;
	return text.n > 0;
}

static bool begins(struct slice text, const char *with)
{
	size_t n = strlen(with);

	return text.n >= n && memcmp(text.p, with, n) == 0;
}

static bool is_url(struct slice url, const char *scheme, const char *other)
{
	size_t n = begins(url, scheme) ? strlen(scheme) : begins(url, other) ? strlen(other) : 0;

	return n && url.n > n && url.p[n] != '/' && text_is_printable(url)
	    && !memchr(url.p, '"', url.n) && !memchr(url.p, '<', url.n)
	    && !memchr(url.p, '\\', url.n);
}

bool url_is_http(struct slice url)
{
	return is_url(url, "https://", "http://");
}

static bool is_base(struct slice url)
{
	return url_is_http(url) && !memchr(url.p, '?', url.n) && !memchr(url.p, '#', url.n)
	    && !memchr(url.p, '@', url.n);
}

static bool is_smtp(struct slice url)
{
	return is_url(url, "smtps://", "smtp://");
}

/* Parts between full stops, none of them empty. */
static bool is_dotted(struct slice text)
{
	char before = '.';

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.' && before == '.')
			return false;
		before = text.p[i];
	}
	return before != '.';
}

/* RFC 5321 without quoted local parts and address literals. */
bool address_is_valid(struct slice address)
{
	const char *at = address.n ? memchr(address.p, '@', address.n) : NULL;
	struct slice local, domain;

	if (!at || address.n > 254)
		return false;
	local = (struct slice){ address.p, (size_t)(at - address.p) };
	domain = (struct slice){ at + 1, address.n - local.n - 1 };
	if (local.n > 64 || !text_is_of(local, ".!#$%&'*+-/=?^_`{|}~") || !is_dotted(local))
		return false;
	return text_is_of(domain, ".-") && is_dotted(domain) && domain.p[0] != '-'
	    && domain.p[domain.n - 1] != '-';
}

/* "a@b.c" or "Name <a@b.c>" on one line. */
static bool is_from(struct slice from)
{
	const char *open = from.n ? memchr(from.p, '<', from.n) : NULL;

	for (size_t i = 0; i < from.n; i++)
		if ((unsigned char)from.p[i] < ' ' || from.p[i] == 0x7f)
			return false;
	if (!open)
		return address_is_valid(from);
	if (from.p[from.n - 1] != '>')
		return false;
	return address_is_valid((struct slice){ open + 1, from.n - (size_t)(open - from.p) - 2 });
}

/* --- faults --- */

struct checking {
	enum platform platform;
	const struct credentials *cred;
	struct json_faults *faults;
	struct arena *arena;
};

static bool is_there(const struct credentials *cred, int i)
{
	const char *member = (const char *)cred + fields[i].at;

	if (fields[i].kind == FIELD_MAP)
		return ((const struct json_list *)(const void *)member)->n > 0;
	return ((const struct slice *)(const void *)member)->n > 0;
}

static void complain(struct checking *c, int i, const char *code, const char *message)
{
	json_fault(c->faults, fields[i].name, code, message);
}

/* Digits, a colon, letters and digits. */
static bool is_telegram_token(struct slice token)
{
	const char *colon = memchr(token.p, ':', token.n);
	size_t n = colon ? (size_t)(colon - token.p) : 0;

	return colon && text_is_digits((struct slice){ token.p, n })
	    && text_is_of((struct slice){ colon + 1, token.n - n - 1 }, "_-");
}

/* What tokens look like, by what their platforms document; NULL: fine. */
static const char *token_fault(enum platform p, struct slice token)
{
	if (!text_is_printable(token))
		return "A token has no spaces and no characters outside ASCII; give it without \"Bot\" or \"Bearer\".";
	if (p == PLATFORM_SLACK)
		return begins(token, "xox")
			     ? NULL
			     : "A Slack token begins with xox; bot tokens with xoxb-.";
	if (p == PLATFORM_TELEGRAM)
		return is_telegram_token(token)
			     ? NULL
			     : "A Telegram bot token is digits, a colon, letters and digits: 123456:ABC-DEF1234.";
	if (p == PLATFORM_WEBHOOK)
		return NULL; /* may be anything */
	if (begins(token, "xox") || begins(token, "xapp-"))
		return "This is a Slack token.";
	return is_telegram_token(token) ? "This is a Telegram token." : NULL;
}

static void check_webhooks(struct checking *c)
{
	const struct json_pair *pairs = c->cred->webhook_urls.items;

	for (size_t i = 0; i < c->cred->webhook_urls.n; i++)
		if (!url_is_http(pairs[i].value))
			json_fault(c->faults,
				   arena_printf(c->arena, "webhook_urls.%.*s",
						SLICE_ARG(pairs[i].name)),
				   "invalid_value", "This must be an http:// or https:// URL.");
}

static void check_values(struct checking *c)
{
	const struct credentials *cred = c->cred;
	const char *fault = cred->token.n ? token_fault(c->platform, cred->token) : NULL;
	const struct {
		int field;
		bool (*ok)(struct slice);
		struct slice value;
		const char *message;
	} rows[] = {
		{ CRED_WEBHOOK_URL, url_is_http, cred->webhook_url,
		  "This must be an http:// or https:// URL." },
		{ CRED_PHONE_NUMBER_ID, text_is_digits, cred->phone_number_id,
		  "This must be the phone number's id: digits, not the number itself." },
		{ CRED_SECRET, text_is_printable, cred->secret,
		  "A secret is printable ASCII without spaces." },
		{ CRED_SMTP_URL, is_smtp, cred->smtp_url,
		  "This must be smtp://host:port or smtps://host:port." },
		{ CRED_FROM, is_from, cred->from,
		  "This must be an address, or a name and an address: "
		  "Carillon <carillon@example.com>." },
		{ CRED_API_BASE, is_base, cred->api_base,
		  "This must be http:// or https://, a host and perhaps a port and a path." },
	};

	if (fault)
		complain(c, CRED_TOKEN, "invalid_value", fault);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].value.n && !rows[i].ok(rows[i].value))
			complain(c, rows[i].field, "invalid_value", rows[i].message);
	check_webhooks(c);
}

/* One of several is needed: the first is complained of. */
static void complain_of_all(struct checking *c, unsigned needs_one)
{
	int first = 0;

	while (!(needs_one >> first & 1))
		first++;
	complain(c, first, "required",
		 first == CRED_SMTP_URL         ? "Give smtp_url, from or both."
		 : needs_one >> CRED_SECRET & 1 ? "Give token, secret or both."
		 : first == CRED_TOKEN          ? "Give token, webhook_url or webhook_urls."
						: "Give webhook_url or webhook_urls.");
}

void platform_credentials_check(enum platform p, const struct credentials *cred,
				struct json_faults *faults, struct arena *a)
{
	const struct platform_row *row = &platform_rows[p];
	struct checking c = { p, cred, faults, a };
	unsigned takes = row->takes | (row->takes_api_base ? 1u << CRED_API_BASE : 0), has = 0;

	for (int i = 0; i < CRED_COUNT; i++) {
		if (is_there(cred, i))
			has |= 1u << i;
		if (has & ~takes & 1u << i)
			complain(&c, i, "not_taken",
				 arena_printf(a, "The platform %s does not take this.", row->name));
		else if (row->needs & ~has & 1u << i)
			complain(&c, i, "required",
				 arena_printf(a, "The platform %s needs this.", row->name));
	}
	if (row->needs_one && !(row->needs_one & has))
		complain_of_all(&c, row->needs_one);
	check_values(&c);
}

/* --- use --- */

static bool same_name(struct slice a, struct slice b)
{
	/* Slack's "#alerts" is also "alerts". */
	if (a.n && a.p[0] == '#')
		a = (struct slice){ a.p + 1, a.n - 1 };
	if (b.n && b.p[0] == '#')
		b = (struct slice){ b.p + 1, b.n - 1 };
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static struct slice named_webhook(const struct credentials *cred, struct slice name)
{
	const struct json_pair *pairs = cred->webhook_urls.items;

	for (size_t i = 0; i < cred->webhook_urls.n; i++)
		if (same_name(pairs[i].name, name))
			return pairs[i].value;
	return (struct slice){ 0 };
}

bool credentials_use_token(const struct credentials *cred, struct slice name)
{
	return cred->token.n && !named_webhook(cred, name).p;
}

const char *credentials_webhook(const struct credentials *cred, struct slice name, struct arena *a)
{
	struct slice url = named_webhook(cred, name), base = cred->api_base;
	const char *path;

	if (!url.p)
		url = cred->webhook_url;
	if (!url_is_http(url))
		return NULL;
	if (base.n == 0)
		return arena_dup(a, url.p, url.n);
	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	path = strchr(arena_dup(a, url.p, url.n) + 8, '/');
	return arena_printf(a, "%.*s%s", SLICE_ARG(base), path ? path : "/");
}

static const char dots[] = "\xe2\x80\xa6";

static void add_last(struct strbuf *b, struct slice secret)
{
	strbuf_adds(b, dots);
	strbuf_add(b, secret.p + secret.n - 4, 4);
}

/* Of a URL the origin, without a user's password, and the end of a long path. */
static void add_masked_url(struct strbuf *b, struct slice url, const char *host)
{
	const char *end = url.p + url.n, *slash = memchr(host, '/', (size_t)(end - host));
	const char *at = memrchr(host, '@', (size_t)(end - host));

	slash = slash ? slash : end;
	strbuf_add(b, url.p, (size_t)(host - url.p));
	if (at)
		strbuf_adds(b, dots);
	if (at > slash)
		return; /* whose password has a slash? */
	host = at ? at : host;
	strbuf_add(b, host, (size_t)(slash - host));
	if (end - slash > 12) {
		strbuf_addc(b, '/');
		add_last(b, url);
	}
}

struct slice credential_mask(struct slice secret, struct arena *a)
{
	const char *host, *dash;
	struct strbuf b;

	if (secret.n < 12)
		return slice_of(dots);
	strbuf_init(&b, secret.n + 16);
	host = memmem(secret.p, secret.n, "://", 3);
	dash = memchr(secret.p, '-', 6);
	if (host) {
		add_masked_url(&b, secret, host + 3);
		return text_take(&b, a);
	}
	if (dash && dash > secret.p)
		strbuf_add(&b, secret.p, (size_t)(dash + 1 - secret.p));
	add_last(&b, secret);
	return text_take(&b, a);
}
