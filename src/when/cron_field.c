/* One field of a cron expression: items joined by commas, each of a form that its first character
 * or the character behind its first value decides. The seven fields differ in one table. Rules
 * C2-C7 and H. */
#include "when_int.h"

#include "base/check.h"

/* Names are matched in full or by their first three letters. */
static const char *const month_names[] = { "january",   "february", "march",    "april",
					   "may",       "june",     "july",     "august",
					   "september", "october",  "november", "december" };
static const char *const weekday_names[] = { "sunday",   "monday", "tuesday", "wednesday",
					     "thursday", "friday", "saturday" };

static const struct def {
	const char *name;
	unsigned first, last; /* the values that bits stand for */
	unsigned most;        /* the largest that may be written: 7 is Sunday too */
	unsigned hash_last;   /* of a value that H chooses */
	const char *const *names;
	unsigned name_count;
	const char *range;
} defs[] = {
	[CRON_SECOND] = { "second", 0, 59, 59, 59, NULL, 0, "Seconds are 0 to 59." },
	[CRON_MINUTE] = { "minute", 0, 59, 59, 59, NULL, 0, "Minutes are 0 to 59." },
	[CRON_HOUR] = { "hour", 0, 23, 23, 23, NULL, 0, "Hours are 0 to 23." },
	[CRON_DAY_OF_MONTH] = { "day_of_month", 1, 31, 31, 28, NULL, 0,
				"Days of a month are 1 to 31." },
	[CRON_MONTH] = { "month", 1, 12, 12, 12, month_names, 12,
			 "Months are 1 to 12, or JAN to DEC." },
	[CRON_DAY_OF_WEEK] = { "day_of_week", 0, 6, 7, 6, weekday_names, 7,
			       "Days of the week are 0 to 7 (0 and 7 are Sunday), or SUN to SAT." },
	[CRON_YEAR] = { "year", CRON_YEAR_MIN, CRON_YEAR_MAX, CRON_YEAR_MAX, 0, NULL, 0,
			"Years are 1970 to 2199." },
};

_Static_assert(sizeof defs / sizeof defs[0] == CRON_FIELDS, "a row for every field");

struct reader {
	struct cron_build *b;
	const struct def *def;
	enum cron_field field;
	const char *p, *end; /* of the item */
	uint64_t bits[4];    /* year: from 1970; others: the value itself */
};

static struct slice span(const char *from, const char *to)
{
	return (struct slice){ from, (size_t)(to - from) };
}

static enum when_err fail(struct reader *r, enum when_err e, const char *from, const char *to)
{
	r->b->fault.field = r->def->name;
	return cron_fail(r->b, e, span(from, to));
}

static enum when_err fail_rest(struct reader *r, enum when_err e)
{
	return fail(r, e, r->p, r->end);
}

static bool peek(const struct reader *r, char want)
{
	return r->p < r->end && lower(*r->p) == want;
}

static bool take(struct reader *r, char want)
{
	if (!peek(r, want))
		return false;
	r->p++;
	return true;
}

static unsigned value_count(const struct def *d)
{
	return d->last - d->first + 1;
}

/* from <= to; what passes the field's last value goes on at its first. */
static void set_run(struct reader *r, unsigned from, unsigned to, unsigned step)
{
	unsigned base = r->field == CRON_YEAR ? CRON_YEAR_MIN : 0;

	if (step == 1 && to <= r->def->last && to < 63) {
		r->bits[0] |= ((uint64_t)2 << to) - ((uint64_t)1 << from);
		return;
	}
	for (unsigned v = from; v <= to; v += step) {
		unsigned bit = (v > r->def->last ? v - value_count(r->def) : v) - base;

		r->bits[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

/* Digits, at least one, low..high. */
static enum when_err number_read(struct reader *r, unsigned low, unsigned high, unsigned *out_n)
{
	const char *first = r->p;
	unsigned n = 0;

	for (; r->p < r->end && is_digit(*r->p); r->p++)
		n = n < 100000 ? n * 10 + (unsigned)(*r->p - '0') : n;
	if (r->p == first)
		return fail_rest(r, WHEN_CRON_SYNTAX);
	if (n < low || n > high) {
		bool is_year = r->field == CRON_DAY_OF_WEEK && n >= CRON_YEAR_MIN
			    && n <= CRON_YEAR_MAX;

		if (is_year)
			r->b->fault.hint =
				"A year is the last of 7 fields, of which the first is the second.";
		else if (low == r->def->first)
			r->b->fault.hint = r->def->range;
		return fail(r, WHEN_CRON_VALUE_RANGE, first, r->p);
	}
	*out_n = n;
	return WHEN_OK;
}

static bool name_matches(struct slice word, const char *name)
{
	for (size_t i = 0; i < word.n; i++)
		if (lower(word.p[i]) != name[i])
			return false;
	return word.n == 3 || name[word.n] == '\0';
}

static bool name_find(const struct def *d, struct slice word, unsigned *out_value)
{
	for (unsigned i = 0; i < d->name_count && word.n >= 3; i++)
		if (name_matches(word, d->names[i])) {
			*out_value = d->first + i;
			return true;
		}
	return false;
}

/* A name; FRIL is FRI and then L. */
static enum when_err name_read(struct reader *r, unsigned *out_value)
{
	const char *first = r->p, *stop = first;

	while (stop < r->end && is_alpha(*stop))
		stop++;
	if (!r->def->names)
		return fail(r, WHEN_CRON_SYNTAX, first, stop);
	r->p = stop;
	if (name_find(r->def, span(first, stop), out_value))
		return WHEN_OK;
	if (lower(stop[-1]) == 'l' && name_find(r->def, span(first, stop - 1), out_value)) {
		r->p = stop - 1;
		return WHEN_OK;
	}
	return fail(r, WHEN_CRON_NAME, first, stop);
}

static enum when_err value_read(struct reader *r, unsigned *out_value)
{
	if (r->p < r->end && is_alpha(*r->p))
		return name_read(r, out_value);
	return number_read(r, r->def->first, r->def->most, out_value);
}

/* Nothing, or /s; then the item must end. */
static enum when_err step_read(struct reader *r, unsigned *out_step)
{
	enum when_err e = WHEN_OK;
	unsigned step = 1;

	if (take(r, '/')) {
		const char *first = r->p;

		e = number_read(r, 0, UINT32_MAX, &step);
		if (!e && step == 0)
			return fail(r, WHEN_CRON_STEP_ZERO, first, r->p);
		if (!e && step > value_count(r->def)) {
			r->b->fault.hint = "Use the schedule type \"every\" for a longer interval.";
			return fail(r, WHEN_CRON_STEP_RANGE, first, r->p);
		}
	}
	if (!e && r->p < r->end)
		return fail_rest(r, WHEN_CRON_SYNTAX);
	if (!e)
		*out_step = step;
	return e;
}

/* Warns of a step to the end of the field which does not come out even there. */
static void note_step(struct reader *r, unsigned step)
{
	if (r->field != CRON_YEAR && value_count(r->def) % step != 0)
		r->b->warnings |= CRON_WARN_UNEVEN_STEP;
}

static enum when_err star_read(struct reader *r)
{
	unsigned step = 1;
	enum when_err e;

	r->p++;
	if ((e = step_read(r, &step)))
		return e;
	note_step(r, step);
	set_run(r, r->def->first, r->def->last, step);
	return WHEN_OK;
}

/* a-b and a-b/s: C4. A range that opens with 7 opens on Sunday the 0. */
static enum when_err range_read(struct reader *r, unsigned from, const char *first)
{
	unsigned to = 0, step = 1;
	enum when_err e;

	r->p++;
	if ((e = value_read(r, &to)))
		return e;
	const char *last = r->p;
	if ((e = step_read(r, &step)))
		return e;
	if (r->field == CRON_DAY_OF_WEEK && from == 7) {
		from = 0;
		to %= 7;
	}
	if (to < from && r->field == CRON_YEAR)
		return fail(r, WHEN_CRON_RANGE_ORDER, first, last);
	set_run(r, from, to < from ? to + value_count(r->def) : to, step);
	return WHEN_OK;
}

/* FNV-1a 64 went over the id already (cron_seed); it goes on over ":minute". */
static uint64_t field_hash(const struct reader *r)
{
	uint64_t h = (r->b->seed ^ ':') * 0x100000001b3u;

	for (const char *p = r->def->name; *p; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3u;
	return h;
}

/* (a-b) behind an H. */
static enum when_err hash_range_read(struct reader *r, unsigned *out_low, unsigned *out_high)
{
	const struct def *d = r->def;
	const char *first = r->p++;
	unsigned low = 0, high = 0;
	enum when_err e = number_read(r, d->first, d->hash_last, &low);

	if (e)
		return e;
	if (!take(r, '-'))
		return fail_rest(r, WHEN_CRON_SYNTAX);
	if ((e = number_read(r, d->first, d->hash_last, &high)))
		return e;
	if (!take(r, ')'))
		return fail_rest(r, WHEN_CRON_SYNTAX);
	if (high < low)
		return fail(r, WHEN_CRON_VALUE_RANGE, first, r->p);
	*out_low = low;
	*out_high = high;
	return WHEN_OK;
}

static enum when_err hash_read(struct reader *r)
{
	unsigned low = r->def->first, high = r->def->hash_last, step = 1;
	enum when_err e;

	if (r->field == CRON_YEAR)
		return fail_rest(r, WHEN_CRON_SYNTAX);
	r->b->warnings |= CRON_WARN_HASH;
	r->p++;
	if (peek(r, '(') && (e = hash_range_read(r, &low, &high)))
		return e;
	bool has_step = peek(r, '/');
	if ((e = step_read(r, &step)))
		return e;
	unsigned count = high - low + 1;
	if (!has_step)
		step = count;
	unsigned choices = step < count ? step : count;

	ASSERT(choices > 0);
	unsigned from = low + (unsigned)(field_hash(r) % choices);

	set_run(r, from, has_step ? high : from, step);
	return WHEN_OK;
}

/* L L-n LW L-nW */
static enum when_err last_read(struct reader *r)
{
	const char *first = r->p++;
	unsigned back = 0;
	enum when_err e;

	if (r->field != CRON_DAY_OF_MONTH) {
		if (r->field == CRON_DAY_OF_WEEK)
			r->b->fault.hint = "Write 6L for the last Saturday.";
		return fail(r, WHEN_CRON_LAST, first, r->end);
	}
	if (take(r, '-') && (e = number_read(r, 0, 30, &back)))
		return e;
	bool is_near = take(r, 'w');
	if (r->p < r->end)
		return fail(r, WHEN_CRON_LAST, first, r->end);
	*(is_near ? &r->b->cron.last_near : &r->b->cron.last) |= 1u << back;
	r->b->cron.flags |= CRON_DOM_SPECIAL;
	return WHEN_OK;
}

/* nW */
static enum when_err near_read(struct reader *r, unsigned day, const char *first)
{
	r->p++;
	if (r->field != CRON_DAY_OF_MONTH || r->p < r->end)
		return fail(r, WHEN_CRON_WEEKDAY, first, r->end);
	r->b->cron.near |= 1u << day;
	r->b->cron.flags |= CRON_DOM_SPECIAL;
	return WHEN_OK;
}

/* d#n, d#L and dL, at the # or the L */
static enum when_err nth_read(struct reader *r, unsigned weekday, const char *first)
{
	bool is_hash = *r->p == '#';
	unsigned n = 6;

	r->p++;
	if (r->field != CRON_DAY_OF_WEEK)
		return fail(r, is_hash ? WHEN_CRON_NTH : WHEN_CRON_LAST, first, r->end);
	if (is_hash && !take(r, 'l')) {
		n = r->p < r->end && is_digit(*r->p) ? (unsigned)(*r->p - '0') : 0;
		r->p += r->p < r->end;
		if (n < 1 || n > 5)
			return fail(r, WHEN_CRON_NTH, first, r->end);
	}
	if (r->p < r->end)
		return fail(r, is_hash ? WHEN_CRON_NTH : WHEN_CRON_LAST, first, r->end);
	r->b->cron.nth[weekday % 7] |= (uint8_t)(1u << (n - 1));
	r->b->cron.flags |= CRON_DOW_SPECIAL;
	return WHEN_OK;
}

/* a/s: from a to the end of the field. */
static enum when_err open_read(struct reader *r, unsigned from)
{
	unsigned step = 1;
	enum when_err e = step_read(r, &step);

	if (e)
		return e;
	note_step(r, step);
	set_run(r, from > r->def->last ? r->def->first : from, r->def->last, step);
	return WHEN_OK;
}

static enum when_err value_item_read(struct reader *r)
{
	const char *first = r->p;
	unsigned v = 0;
	enum when_err e = value_read(r, &v);

	if (e)
		return e;
	if (r->p == r->end) {
		set_run(r, v, v, 1);
		return WHEN_OK;
	}
	switch (*r->p) {
	case '-':
		return range_read(r, v, first);
	case '/':
		return open_read(r, v);
	case '#':
	case 'L':
	case 'l':
		return nth_read(r, v, first);
	case 'W':
	case 'w':
		return near_read(r, v, first);
	default:
		return fail_rest(r, *r->p == '?' ? WHEN_CRON_QUESTION : WHEN_CRON_SYNTAX);
	}
}

static enum when_err item_read(struct reader *r)
{
	char c = r->p < r->end ? lower(*r->p) : '\0';

	switch (c) {
	case '*':
		return star_read(r);
	case 'h':
		return hash_read(r);
	case 'l':
		return last_read(r);
	case '?':
		return fail_rest(r, WHEN_CRON_QUESTION);
	case '+':
		return fail_rest(r, WHEN_CRON_PLUS);
	case 'w':
		if (r->field != CRON_DAY_OF_WEEK)
			return fail_rest(r, WHEN_CRON_WEEKDAY);
		return value_item_read(r);
	default:
		return value_item_read(r);
	}
}

static void field_store(struct reader *r)
{
	struct cron *c = &r->b->cron;

	switch (r->field) {
	case CRON_SECOND:
		c->sec = r->bits[0];
		return;
	case CRON_MINUTE:
		c->min = r->bits[0];
		return;
	case CRON_HOUR:
		c->hour = (uint32_t)r->bits[0];
		return;
	case CRON_DAY_OF_MONTH:
		c->dom = (uint32_t)r->bits[0];
		return;
	case CRON_MONTH:
		c->mon = (uint16_t)r->bits[0];
		return;
	case CRON_DAY_OF_WEEK:
		c->dow = (uint8_t)r->bits[0];
		return;
	case CRON_YEAR:
		memcpy(c->year, r->bits, sizeof c->year);
		return;
	case CRON_FIELDS:
		return;
	}
}

/* What D1 and C6 ask of the text itself: is it free, does it begin with a star, has it a star or
 * a step. */
static void note_text(struct cron_build *b, enum cron_field field, struct slice text)
{
	bool is_free = text.n == 1 && (text.p[0] == '*' || text.p[0] == '?');

	if (field == CRON_DAY_OF_MONTH)
		b->is_dom_free = is_free;
	if (field == CRON_DAY_OF_WEEK)
		b->is_dow_free = is_free;
	if (field == CRON_DAY_OF_MONTH || field == CRON_DAY_OF_WEEK)
		b->is_star_step = b->is_star_step || (!is_free && text.p[0] == '*');
	if (field <= CRON_HOUR && (memchr(text.p, '*', text.n) || memchr(text.p, '/', text.n)))
		b->cron.flags &= (uint16_t)~CRON_FIXED;
}

enum when_err cron_field_read(struct cron_build *b, enum cron_field field, struct slice text)
{
	struct reader r = { .b = b, .def = &defs[field], .field = field, .p = text.p };
	const char *stop = text.p + text.n;
	bool takes_question = field == CRON_DAY_OF_MONTH || field == CRON_DAY_OF_WEEK;
	enum when_err e = WHEN_OK;

	note_text(b, field, text);
	if (text.n == 1 && (text.p[0] == '*' || (text.p[0] == '?' && takes_question))) {
		set_run(&r, r.def->first, r.def->last, 1);
		field_store(&r);
		return WHEN_OK;
	}
	if (field == CRON_DAY_OF_WEEK && text.p[0] == '+') {
		b->is_and = true;
		r.p++;
	}
	for (;;) {
		const char *comma = memchr(r.p, ',', (size_t)(stop - r.p));

		r.end = comma ? comma : stop;
		if ((e = item_read(&r)))
			return e;
		if (!comma)
			break;
		r.p = comma + 1;
	}
	field_store(&r);
	return WHEN_OK;
}
