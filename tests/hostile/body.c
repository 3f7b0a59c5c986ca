/* Bodies: the objects of the Taskhook API as rows of good values, and everything that is none. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

struct row {
	const char *name;
	bool is_needed;
	const char *good[8]; /* JSON, or @ and the name of a list of rows, or @any, @unique */
};

/* Nothing leaves this machine: loopback's discard port, and names that cannot exist. */
#define HOOK "\"http://[::1]:9/hook\""
static const struct row target_rows[] = {
	{ "url", true, { HOOK, "\"http://[::1]:9/a?b=c&d=%20\"", "\"https://x.invalid/\"" } },
	{ "method", false, { "\"POST\"", "\"PUT\"", "\"GET\"" } },
	{ "headers", false, { "{}", "{\"X-A\":\"1\"}", "{\"x-b\":\"a b\\tc\",\"x-c\":\"\"}" } },
	{ "secret",
	  false,
	  { "\"0123456789abcdef\"", "\"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row retry_rows[] = {
	{ "max_attempts", false, { "1", "2", "24", "1000" } },
	{ "strategy", false, { "\"taskhook\"", "\"fixed\"", "\"linear\"", "\"exponential\"" } },
	{ "base_delay", false, { "1", "0.25", "\"PT5S\"", "30.000" } },
	{ "max_delay", false, { "60", "\"PT1H\"", "\"2m\"" } },
	{ NULL, false, { NULL } },
};
static const struct row dst_rows[] = {
	{ "gap", false, { "\"fire\"", "\"skip\"", "\"shift\"" } },
	{ "overlap", false, { "\"default\"", "\"first\"", "\"second\"", "\"both\"" } },
	{ NULL, false, { NULL } },
};
#define CALL_ROWS                                                                                \
	{ "target", true, { HOOK, HOOK, "@target" } }, { "payload", false, { "@any", "@any" } }, \
		{ "retry", false, { "@retry", "@retry", "null" } },                              \
		{ "timeout", false, { "1", "5", "\"PT30S\"", "null", "900" } },                  \
	{                                                                                        \
		"tags", false,                                                                   \
		{                                                                                \
			"\"one\"", "[]", "[\"a\",\"b\"]", "[\"\xc3\xa9\"]", "null"               \
		}                                                                                \
	}
static const struct row template_rows[] = {
	CALL_ROWS,
	{ "expires_after", false, { "\"PT30M\"", "\"1h\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row task_rows[] = {
	CALL_ROWS,
	{ "execute_after",
	  true,
	  { "\"PT2H\"", "\"2035-01-31T09:00:00+01:00\"", "\"1d\"", "\"PT1H\"",
	    "\"2030-01-01t00:00:00z\"", "null", "\"PT40M\"", "\"PT1S\"" } },
	{ "expires_after", false, { "\"PT30M\"", "null", "\"2036-01-01T00:00:00Z\"" } },
	{ "unique_id", false, { "@unique", "@unique", "null" } },
	{ NULL, false, { NULL } },
};
#define SCHEDULE_ROWS(needed)                                                              \
	{ "cron",                                                                          \
	  needed,                                                                          \
	  { "\"0 9 1 1 *\"", "\"0 9 * * MON-FRI\"", "\"*/15 9-17 L * ?\"", "\"@monthly\"", \
	    "\"30 0 9 LW * *\"", "\"0 0 29 2 *\"", "\"* * * * *\"" } },                    \
		{ "timezone",                                                              \
		  needed,                                                                  \
		  { "\"UTC\"", "\"America/New_York\"", "\"Australia/Lord_Howe\"",          \
		    "\"Asia/Kathmandu\"" } },                                              \
		{ "task_template", needed, { "@template" } },                              \
		{ "start_at", false, { "\"2025-01-01T00:00:00Z\"", "null" } },             \
		{ "end_at", false, { "\"2045-06-30T23:59:59.999+14:00\"", "null" } },      \
		{ "enabled", false, { "true", "false", "true" } },                         \
		{ "overlap", false, { "\"skip\"", "\"allow\"", "\"queue_one\"" } },        \
		{ "catchup", false, { "\"all\"", "\"latest\"", "\"none\"" } },             \
		{ "dst", false, { "@dst" } },                                              \
	{                                                                                  \
		NULL, false,                                                               \
		{                                                                          \
			NULL                                                               \
		}                                                                          \
	}
static const struct row schedule_rows[] = { SCHEDULE_ROWS(true) };
static const struct row change_rows[] = { SCHEDULE_ROWS(false) };

static const struct {
	const char *name;
	const struct row *rows;
} lists[] = { { "@target", target_rows },
	      { "@retry", retry_rows },
	      { "@template", template_rows },
	      { "@dst", dst_rows },
	      { NULL, NULL } };

/* Values that belong nowhere, or elsewhere. Some of them are no JSON at all. */
static const char *const odd[] = { "null",
				   "true",
				   "false",
				   "0",
				   "-1",
				   "1",
				   "-0",
				   "1.5",
				   "1e3",
				   "1e999",
				   "-1e-999",
				   "1E+2",
				   "2147483648",
				   "9223372036854775807",
				   "9223372036854775808",
				   "-9223372036854775809",
				   "99999999999999999999999999",
				   "0.0000000000000000000000001",
				   "\"\"",
				   "\"a\"",
				   "\" \"",
				   "\"\\t\"",
				   "\"\\u0001\"",
				   "\"\\u0000\"",
				   "\"\\ud83d\\ude00\"",
				   "\"\\ud800\"",
				   "\"\\udc00x\"",
				   "\"\xf0\x9f\x92\xa5\"",
				   "\"\xff\xfe\"",
				   "\"\xc0\x80\"",
				   "\"\xed\xa0\x80\"",
				   "\"\xe2\x80\xa8\"",
				   "[]",
				   "{}",
				   "[[]]",
				   "[null]",
				   "[1,\"a\",{}]",
				   "{\"\":{}}",
				   "{\"a\":1}",
				   "[\"a\",\"a\"]",
				   "{\"a\":{\"b\":[{\"c\":null}]}}",
				   "\"2026-02-30T00:00:00Z\"",
				   "\"9999-12-31T23:59:59Z\"",
				   "\"0000-01-01T00:00:00Z\"",
				   "\"1969-12-31T23:59:59Z\"",
				   "\"10000-01-01T00:00:00Z\"",
				   "\"2030-01-01T00:00:60Z\"",
				   "\"2030-01-01\"",
				   "\"2030-01-01T00:00:00\"",
				   "\"2030-01-01T00:00:00+25:00\"",
				   "\"9999-12-31T23:59:59-23:59\"",
				   "\"0001-01-01T00:00:00+23:59\"",
				   "\"PT0S\"",
				   "\"PT1S\"",
				   "\"P1Y\"",
				   "\"P1M\"",
				   "\"PT-1S\"",
				   "\"P9999999999D\"",
				   "\"PT0.0000001S\"",
				   "\"PT1H30M5.5S\"",
				   "\"P\"",
				   "\"PT\"",
				   "\"3650d\"",
				   "\"1s1s\"",
				   "\"* * * * *\"",
				   "\"* * * * * *\"",
				   "\"0 0 31 2 *\"",
				   "\"@every 1s\"",
				   "\"@every 0s\"",
				   "\"@every 9999999h\"",
				   "\"60 * * * *\"",
				   "\"*/0 * * * *\"",
				   "\"@reboot\"",
				   "\"0 0 29 2 * 2027\"",
				   "\"* * * * * * 2199\"",
				   "\"0 0 * * MON#6\"",
				   "\"0 0 32W * *\"",
				   "\"-1 * * * *\"",
				   "\"1-2-3 * * * *\"",
				   "\"*,* * * * *\"",
				   "\"UTC\"",
				   "\"Mars/Olympus\"",
				   "\"../../etc/passwd\"",
				   "\"/etc/localtime\"",
				   "\"America\"",
				   "\"America/New_York/\"",
				   "\"utc\"",
				   "\"http://x.invalid/\"",
				   "\"http://[::1]:9/x\"",
				   "\"http://[::1]:99999/\"",
				   "\"http://[::1]:0/\"",
				   "\"http://\"",
				   "\"http:///\"",
				   "\"file:///etc/passwd\"",
				   "\"http://a b.invalid/\"",
				   "\"http://[::1]:9/\\r\\nX: y\"",
				   "\"gopher://x.invalid/\"",
				   "\"http://%00.invalid/\"",
				   "\"javascript:alert(1)\"",
				   "\"http://u:p@x.invalid/\"",
				   "\"http://x.invalid/#f\"",
				   "\"//x.invalid\"",
				   "\"HTTP://X.INVALID\"",
				   "\"http://[::1\"",
				   "\"http://[fe80::1%25lo]/\"",
				   "\"http://\xc3\xa9.invalid/\"",
				   "\"http://x..invalid/\"",
				   "\"'; drop table run; --\"",
				   "\"%s%s%n%n\"",
				   "\"${jndi:ldap://x.invalid}\"",
				   "\"\\\\\\\"\"",
				   "\"whsec_\"",
				   "\"whsec_####\"",
				   "\"whsec_AAAA\"",
				   "\"get\"",
				   "\"CONNECT\"",
				   "\"TRACE\"",
				   "{\"Host\":\"x\"}",
				   "{\"X\":\"a\\r\\nb\"}",
				   "{\"Content-Length\":\"1\"}",
				   "{\"\":\"\"}",
				   "{\"a b\":\"c\"}",
				   "{\"X\":1}",
				   "{\"X\":\"\xc3\xa9\"}",
				   "{\"webhook-id\":\"x\"}",
				   "{\"x\":\"1\",\"X\":\"2\"}",
				   "{\"Transfer-Encoding\":\"chunked\"}",
				   NULL };
static const char *const broken[] = {
	"NaN",       "Infinity", "-Infinity", "01",        "+1",     ".5",  "1.",          "0x10",
	"1e",        "'single'", "\"\\x\"",   "\"\\u12\"", "\"open", "tru", "{\"a\":1,}",  "[1,]",
	"undefined", "/**/1",    "\"\x01\"",  "[1 2]",     "{1:2}",  "-",   "\"a\" \"b\"", NULL
};

void write_filler(struct strbuf *out, char c, size_t n)
{
	char *room = strbuf_room(out, n);

	memset(room, c, n);
	strbuf_grew(out, n);
}

void write_deep(struct strbuf *out, unsigned depth, bool is_object)
{
	for (unsigned i = 0; i < depth; i++)
		strbuf_adds(out, is_object ? "{\"a\":" : "[");
	strbuf_adds(out, "1");
	write_filler(out, is_object ? '}' : ']', depth);
}

void write_value(const struct writer *w)
{
	static const char *const values[] = { "null",
					      "true",
					      "0",
					      "1.10",
					      "9007199254740993",
					      "\"text\"",
					      "\"\xf0\x9f\x92\xa5 \\u00e9\"",
					      "[]",
					      "{}",
					      "{ \"b\" : 1 , \"a\" : [1.0, 2e5, null] }",
					      "[[[[[{\"deep\":true}]]]]]",
					      "\"\\\\ \\\" \\/ \\b\\f\\n\\r\\t\"",
					      "{\"\":\"\"}",
					      "-0.0",
					      "1E400",
					      NULL };

	if (!chance(w->rng, 5)) {
		strbuf_adds(w->out, one_of(w->rng, values));
		return;
	}
	strbuf_addc(w->out, '"');
	write_filler(w->out, 'p', below(w->rng, 20000));
	strbuf_addc(w->out, '"');
}

static void write_odd(const struct writer *w)
{
	static const unsigned lengths[] = { 63, 64, 65, 255, 256, 300, 2048, 5000, 40000 };
	unsigned what = below(w->rng, 100);

	if (what < 84) {
		strbuf_adds(w->out, one_of(w->rng, odd));
	} else if (what < 88) {
		strbuf_adds(w->out, one_of(w->rng, broken));
	} else if (what < 94) {
		strbuf_addc(w->out, '"');
		write_filler(w->out, 'L', lengths[below(w->rng, what == 93 ? 9 : 8)]);
		strbuf_addc(w->out, '"');
	} else if (what < 98) {
		unsigned n = 15 + below(w->rng, 25);

		strbuf_addc(w->out, '[');
		for (unsigned i = 0; i < n; i++)
			strbuf_addf(w->out, "%s\"t%u\"", i ? "," : "", i);
		strbuf_addc(w->out, ']');
	} else {
		write_deep(w->out, 1 + below(w->rng, 70), what == 98);
	}
}

static void write_rows(const struct writer *w, const struct row *rows);

static void write_good(const struct writer *w, const char *good)
{
	if (good[0] != '@') {
		strbuf_adds(w->out, good);
		return;
	}
	if (strcmp(good, "@any") == 0)
		write_value(w);
	else if (strcmp(good, "@unique") == 0 && chance(w->rng, 95))
		strbuf_addf(w->out, "\"u-%d-%u\"", w->number, below(w->rng, 1000000));
	else if (strcmp(good, "@unique") == 0)
		strbuf_addf(w->out, "\"again-%u\"", below(w->rng, 40));
	for (int i = 0; lists[i].name; i++)
		if (strcmp(lists[i].name, good) == 0)
			write_rows(w, lists[i].rows);
}

static void write_unknown(const struct writer *w, bool *is_first)
{
	static const char *const names[] = { "Cron",      "TARGET",    "id",  "status",
					     "__proto__", "",          "a b", "\\u0063ron ",
					     "name",      "tenant_id", "url", NULL };

	strbuf_addf(w->out, "%s\"%s\":", *is_first ? "" : ",", one_of(w->rng, names));
	write_odd(w);
	*is_first = false;
}

static bool is_left_out(const struct writer *w, const struct row *row)
{
	if (row->is_needed)
		return w->nasty && chance(w->rng, w->nasty / 3);
	return chance(w->rng, 60);
}

static void write_rows(const struct writer *w, const struct row *rows)
{
	bool is_first = true;

	strbuf_addc(w->out, '{');
	for (; rows->name; rows++) {
		unsigned n = 0;

		if (is_left_out(w, rows))
			continue;
		strbuf_addf(w->out, "%s\"%s\":", is_first ? "" : ", ", rows->name);
		is_first = false;
		while (n < 8 && rows->good[n])
			n++;
		if (w->nasty && chance(w->rng, w->nasty))
			write_odd(w);
		else
			write_good(w, rows->good[below(w->rng, n)]);
	}
	if (w->nasty && chance(w->rng, w->nasty / 2))
		write_unknown(w, &is_first);
	strbuf_addc(w->out, '}');
}

void write_object(const struct writer *w, enum object which)
{
	static const struct row *const rows[] = { [OBJECT_SCHEDULE] = schedule_rows,
						  [OBJECT_CHANGE] = change_rows,
						  [OBJECT_TASK] = task_rows };

	write_rows(w, rows[which]);
}

/* --- byte by byte --- */

static void insert(struct strbuf *b, size_t at, char c)
{
	strbuf_addc(b, c);
	memmove(b->p + at + 1, b->p + at, b->n - 1 - at);
	b->p[at] = c;
}

static void erase(struct strbuf *b, size_t at, size_t n)
{
	if (n > b->n - at)
		n = b->n - at;
	memmove(b->p + at, b->p + at + n, b->n - at - n);
	b->n -= n;
}

static void mutate_once(struct rng *rng, struct strbuf *b)
{
	static const char likely[] = "\"\\{}[]:,0-+.eE\0\n \xff\x80/";
	size_t at = below(rng, (unsigned)b->n), to = below(rng, (unsigned)b->n);
	char c;

	switch (below(rng, 8)) {
	case 0:
		b->p[at] = (char)(b->p[at] ^ (1 << below(rng, 8)));
		break;
	case 1:
		b->p[at] = (char)below(rng, 256);
		break;
	case 2:
		b->p[at] = likely[below(rng, sizeof(likely) - 1)];
		break;
	case 3:
		insert(b, at, likely[below(rng, sizeof(likely) - 1)]);
		break;
	case 4:
		insert(b, at, b->p[to]);
		break;
	case 5:
		erase(b, at, 1 + below(rng, 12));
		break;
	case 6:
		erase(b, at, chance(rng, 70) ? 1 : b->n);
		break;
	default:
		c = b->p[at];
		b->p[at] = b->p[to];
		b->p[to] = c;
		break;
	}
}

void mutate(struct rng *rng, struct strbuf *body)
{
	for (unsigned n = 1 + below(rng, chance(rng, 80) ? 2 : 12); n > 0 && body->n > 0; n--)
		mutate_once(rng, body);
}
