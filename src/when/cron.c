/* Cron expressions as a whole: prefix, macros, the split into fields, and what can only be said
 * of all fields together: a day that never comes, months without their day. The fields
 * themselves: cron_field.c. */
#include "when/cron.h"

#include "when/civil.h"
#include "when/duration.h"
#include "when_int.h"

enum { TOKENS_MAX = 8, YEARS = CRON_YEAR_MAX - CRON_YEAR_MIN + 1 };

static const struct macro {
	const char *name, *text;
} macros[] = {
	{ "@yearly", "0 0 1 1 *" }, { "@annually", "0 0 1 1 *" }, { "@monthly", "0 0 1 * *" },
	{ "@weekly", "0 0 * * 0" }, { "@daily", "0 0 * * *" },    { "@midnight", "0 0 * * *" },
	{ "@hourly", "0 * * * *" },
};

/* 1970-2199: what a missing year field means. */
static const uint64_t all_years[4] = { UINT64_MAX, UINT64_MAX, UINT64_MAX,
				       ((uint64_t)1 << (YEARS - 192)) - 1 };

struct tokens {
	struct slice at[TOKENS_MAX];
	unsigned count; /* may pass TOKENS_MAX by one: too many */
};

uint64_t cron_seed(struct slice id)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 0x100000001b3u;
	return h;
}

enum when_err cron_fail(struct cron_build *b, enum when_err e, struct slice where)
{
	b->fault.err = e;
	b->fault.at = where.p && b->origin ? (unsigned)(where.p - b->origin) : 0;
	b->fault.len = (unsigned)where.n;
	return e;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice trim(struct slice s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* The first word of a text that does not begin with a blank. */
static struct slice word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !is_blank(s.p[n]))
		n++;
	return (struct slice){ s.p, n };
}

static struct slice behind(struct slice s, size_t n)
{
	return trim((struct slice){ s.p + n, s.n - n });
}

static bool word_is(struct slice w, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < w.n && i < n; i++)
		if (lower(w.p[i]) != name[i])
			return false;
	return w.n == n;
}

/* TZ=Europe/Berlin and CRON_TZ=; the name is the caller's to look up. Returns what is left. */
static struct slice take_zone(struct slice text, struct slice *out_zone)
{
	static const char *const heads[] = { "TZ=", "CRON_TZ=" };
	struct slice first = word(text);

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(heads[i]);

		if (first.n >= n && memcmp(first.p, heads[i], n) == 0) {
			*out_zone = (struct slice){ first.p + n, first.n - n };
			return behind(text, first.n);
		}
	}
	return text;
}

struct slice cron_zone(struct slice text)
{
	struct slice zone = { NULL, 0 };

	(void)take_zone(trim(text), &zone);
	return zone;
}

/* Could some month of some year go without a match? If a weekday or a day that every month has is
 * enough, no (and then there is always a date). True sends the caller to look at all kinds of
 * years. */
static bool is_rare(const struct cron_build *b)
{
	const struct cron *c = &b->cron;
	bool dow_always = c->dow != 0;
	bool dom_always = (c->dom & 0x1ffffffe) || c->near & 0x1ffffffe || c->last & 0x0fffffff
		       || c->last_near & 0x0fffffff;

	for (unsigned i = 0; i < 7; i++)
		dow_always = dow_always || (c->nth[i] & 0x2f) != 0;
	if (b->is_dom_free)
		return !dow_always;
	if (b->is_dow_free)
		return !dom_always;
	return b->is_and || (!dow_always && !dom_always);
}

/* For the 14 kinds of years, bits as in year_kind(): does some chosen month have a matching day, does
 * some have none? A month is known by its length and its first weekday. */
static void kinds_look(const struct cron *c, unsigned *out_some, unsigned *out_lack)
{
	unsigned has_day[4] = { 0 }; /* by length from 28 on; a bit for each first weekday */

	for (unsigned i = 0; i < 4 * 7; i++)
		has_day[i / 7] |= (unsigned)(cron_days(c, 28 + i / 7, i % 7) != 0) << i % 7;
	*out_some = *out_lack = 0;
	for (unsigned leap = 0; leap < 2; leap++) {
		int year = leap ? 2000 : 2001;
		int32_t new_year = civil_to_days((struct civil){ year, 1, 1 });

		for (unsigned left = c->mon; left; left &= left - 1) {
			unsigned m = (unsigned)__builtin_ctz(left);
			unsigned days = has_day[civil_month_days(year, m) - 28];
			int32_t first = civil_to_days((struct civil){ year, m, 1 });
			unsigned by_new_year = (days | days << 7) >> (first - new_year) % 7 & 0x7f;

			*out_some |= by_new_year << 7 * leap;
			*out_lack |= (by_new_year ^ 0x7f) << 7 * leap;
		}
	}
}

/* Leaves the years that have a matching date; false if there are none. out_gap: some chosen month of
 * some chosen year has no such day. */
static bool years_settle(struct cron *c, bool *out_gap)
{
	unsigned some, lack;
	bool has_any = false;

	kinds_look(c, &some, &lack);
	for (unsigned i = 0; i < YEARS; i++) {
		uint64_t bit = (uint64_t)1 << i % 64;
		unsigned kind = year_kind(CRON_YEAR_MIN + (int)i);

		if (!(c->year[i / 64] & bit))
			continue;
		*out_gap = *out_gap || (lack >> kind & 1);
		if (some >> kind & 1)
			has_any = true;
		else
			c->year[i / 64] &= ~bit;
	}
	return has_any;
}

/* C6 and C9, when all fields are read. */
static enum when_err days_settle(struct cron_build *b, struct slice text)
{
	bool is_or = !b->is_dom_free && !b->is_dow_free && !b->is_and;
	bool has_gap = false;

	if (is_or)
		b->cron.flags |= CRON_DAY_OR;
	if (is_or && b->is_star_step)
		b->warnings |= CRON_WARN_STAR_STEP_DAYS;
	if (!is_rare(b))
		return WHEN_OK;
	if (!years_settle(&b->cron, &has_gap))
		return cron_fail(b, WHEN_CRON_NEVER, text);
	if (has_gap)
		b->warnings |= CRON_WARN_SKIPS_MONTHS;
	return WHEN_OK;
}

static void tokens_split(struct slice text, struct tokens *out_tokens)
{
	struct slice left = text;
	unsigned n = 0;

	while (left.n > 0 && n < TOKENS_MAX) {
		out_tokens->at[n] = word(left);
		left = behind(left, out_tokens->at[n].n);
		n++;
	}
	out_tokens->count = n;
}

static enum when_err fields_read(struct cron_build *b, struct slice text)
{
	struct tokens t;
	enum when_err e = WHEN_OK;

	tokens_split(text, &t);
	if (t.count < 5 || t.count > 7)
		return cron_fail(b, WHEN_CRON_FIELD_COUNT, text);

	unsigned field = t.count == 5 ? CRON_MINUTE : CRON_SECOND;

	b->cron.flags = CRON_FIXED;
	b->cron.sec = 1;
	memcpy(b->cron.year, all_years, sizeof all_years);
	for (unsigned i = 0; i < t.count && !e; i++, field++)
		e = cron_field_read(b, field, t.at[i]);
	return e ? e : days_settle(b, text);
}

static enum when_err every_read(struct cron_build *b, struct slice text, usec_t *out_every)
{
	enum when_err e = duration_parse(text, out_every);

	if (!e && *out_every < SEC)
		e = WHEN_INTERVAL_RANGE;
	return e ? cron_fail(b, e, text) : WHEN_OK;
}

static enum when_err macro_read(struct cron_build *b, struct slice text, usec_t *out_every)
{
	struct slice name = word(text);
	struct slice rest = behind(text, name.n);

	if (word_is(name, "@every"))
		return every_read(b, rest, out_every);
	if (word_is(name, "@reboot"))
		return cron_fail(b, WHEN_CRON_REBOOT, name);
	for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++)
		if (word_is(name, macros[i].name))
			return rest.n > 0 ? cron_fail(b, WHEN_CRON_MACRO, rest)
					  : fields_read(b, slice_of(macros[i].text));
	return cron_fail(b, WHEN_CRON_MACRO, name);
}

static enum when_err text_read(struct cron_build *b, struct slice text, struct cron_parsed *parsed)
{
	struct slice left = trim(text);

	if (text.n > CRON_TEXT_MAX)
		return cron_fail(b, WHEN_CRON_TOO_LONG, text);
	left = take_zone(left, &parsed->timezone);
	if (left.n == 0)
		return cron_fail(b, WHEN_CRON_EMPTY, text);
	return left.p[0] == '@' ? macro_read(b, left, &parsed->every) : fields_read(b, left);
}

enum when_err cron_parse(struct slice text, uint64_t seed, struct cron_parsed *out_parsed,
			 struct when_fault *out_fault)
{
	struct cron_build b = { .seed = seed, .origin = text.p };
	struct cron_parsed parsed = { .every = 0 };
	enum when_err e = text_read(&b, text, &parsed);

	if (e) {
		if (out_fault)
			*out_fault = b.fault;
		return e;
	}
	parsed.cron = b.cron;
	parsed.warnings = b.warnings;
	*out_parsed = parsed;
	return WHEN_OK;
}
