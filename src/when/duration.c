/* Durations: number and unit, over and over, in a fixed order of units. The two forms differ in
 * their table of units and in the P and T of ISO 8601; the reader is one. */
#include "when/duration.h"

#include "when_int.h"

enum { TEXT_MAX = 64 };

struct unit {
	const char *name;
	usec_t length;
	char stage; /* 'D' before the T of ISO, 'T' behind it, 'W' alone; 'S' in the short form */
};

static const struct unit iso_units[] = {
	{ "W", 7 * DAY, 'W' }, { "D", DAY, 'D' }, { "H", HOUR, 'T' },
	{ "M", MIN, 'T' },     { "S", SEC, 'T' }, { NULL, 0, 0 },
};
static const struct unit short_units[] = {
	{ "w", 7 * DAY, 'S' }, { "d", DAY, 'S' },   { "h", HOUR, 'S' }, { "m", MIN, 'S' },
	{ "s", SEC, 'S' },     { "ms", MSEC, 'S' }, { NULL, 0, 0 },
};

struct reader {
	const char *p, *end;
	const struct unit *next; /* the first unit that may still come */
	char stage;              /* of the unit that must come */
	bool is_last;            /* a fraction was read: nothing may follow */
	bool takes_comma;
	unsigned parts;
	usec_t total;
};

/* The digits of a number: whole, and as billionths what stands behind the point. */
static enum when_err number(struct reader *r, int64_t *out_whole, int64_t *out_billionths)
{
	const char *first = r->p;
	int64_t whole = 0, part = 0, unit = 100000000;

	for (; r->p < r->end && is_digit(*r->p); r->p++) {
		whole = whole * 10 + (*r->p - '0');
		if (whole > DURATION_CEILING / MSEC)
			return WHEN_DURATION_RANGE;
	}
	if (r->p == first)
		return WHEN_DURATION_SYNTAX;
	if (r->p < r->end && (*r->p == '.' || (r->takes_comma && *r->p == ','))) {
		first = ++r->p;
		for (; r->p < r->end && is_digit(*r->p); r->p++, unit /= 10)
			part += unit * (*r->p - '0');
		if (r->p == first)
			return WHEN_DURATION_SYNTAX;
		r->is_last = true;
	}
	*out_whole = whole;
	*out_billionths = part;
	return WHEN_OK;
}

/* "ms" is looked for as a whole word, so that it is not taken for minutes. */
static const struct unit *unit_find(struct reader *r)
{
	const char *first = r->p;

	while (r->p < r->end && is_alpha(*r->p) && r->p - first < 2
	       && (r->stage == 'S' || r->p == first))
		r->p++;
	struct slice word = { first, (size_t)(r->p - first) };

	for (const struct unit *u = r->next; u->name; u++)
		if (slice_is(word, u->name)
		    && (u->stage == r->stage || (u->stage == 'W' && r->stage == 'D')))
			return u;
	return NULL;
}

static enum when_err part_read(struct reader *r)
{
	int64_t whole = 0, billionths = 0;
	enum when_err e = r->is_last ? WHEN_DURATION_SYNTAX : number(r, &whole, &billionths);

	if (e)
		return e;
	const char *word = r->p;
	const struct unit *u = unit_find(r);

	if (!u && word < r->end && r->stage == 'D' && (*word == 'Y' || *word == 'M'))
		return WHEN_DURATION_CALENDAR;
	if (!u)
		return WHEN_DURATION_SYNTAX;
	if (whole > DURATION_CEILING / u->length)
		return WHEN_DURATION_RANGE;
	r->total += whole * u->length + u->length / 1000 * billionths / 1000000;
	if (r->total > DURATION_CEILING)
		return WHEN_DURATION_RANGE;
	r->next = u + 1;
	r->is_last = r->is_last || u->stage == 'W';
	r->parts++;
	return WHEN_OK;
}

/* The T of ISO 8601, behind which something must come. */
static bool take_t(struct reader *r, enum when_err *out_e)
{
	if (r->stage != 'D' || *r->p != 'T' || r->is_last)
		return false;
	r->stage = 'T';
	r->p++;
	*out_e = r->p == r->end ? WHEN_DURATION_SYNTAX : WHEN_OK;
	return true;
}

enum when_err duration_parse(struct slice text, usec_t *out_duration)
{
	struct reader r = {
		.p = text.p, .end = text.p + text.n, .next = short_units, .stage = 'S'
	};
	enum when_err e = WHEN_OK;

	if (text.n == 0 || text.n > TEXT_MAX)
		return WHEN_DURATION_SYNTAX;
	if (*r.p == 'P') {
		r.p++;
		r.next = iso_units;
		r.stage = 'D';
		r.takes_comma = true;
	}
	while (!e && r.p < r.end)
		if (!take_t(&r, &e))
			e = part_read(&r);
	if (!e && r.parts == 0)
		e = WHEN_DURATION_SYNTAX;
	if (!e)
		*out_duration = r.total;
	return e;
}

static char *put_number(char *p, uint64_t n)
{
	char digits[20];
	unsigned count = 0;

	do
		digits[count++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (count > 0)
		*p++ = digits[--count];
	return p;
}

/* Whole and fraction of a number of seconds, without zeros at the end. */
static char *put_seconds(char *p, usec_t d)
{
	usec_t rest = d % SEC;

	p = put_number(p, (uint64_t)(d / SEC));
	if (rest == 0)
		return p;
	*p++ = '.';
	for (usec_t unit = SEC / 10; rest > 0; rest %= unit, unit /= 10)
		*p++ = (char)('0' + rest / unit);
	return p;
}

static usec_t inside(usec_t d)
{
	return d < 0 ? 0 : d > DURATION_CEILING ? DURATION_CEILING : d;
}

static char *put_part(char *p, usec_t n, char unit)
{
	if (n == 0)
		return p;
	p = put_number(p, (uint64_t)n);
	*p++ = unit;
	return p;
}

size_t duration_print(usec_t d, char out[DURATION_MAX])
{
	usec_t left = inside(d);
	char *p = out;

	*p++ = 'P';
	p = put_part(p, left / DAY, 'D');
	left %= DAY;
	if (left > 0 || p == out + 1) {
		*p++ = 'T';
		p = put_part(p, left / HOUR, 'H');
		p = put_part(p, left % HOUR / MIN, 'M');
		if (left % MIN > 0 || left == 0) {
			p = put_seconds(p, left % MIN);
			*p++ = 'S';
		}
	}
	*p = '\0';
	return (size_t)(p - out);
}

size_t duration_print_short(usec_t d, char out[DURATION_MAX])
{
	usec_t left = inside(d);
	char *p = out;

	p = put_part(p, left / DAY, 'd');
	p = put_part(p, left % DAY / HOUR, 'h');
	p = put_part(p, left % HOUR / MIN, 'm');
	if (left % MIN > 0 || p == out) {
		p = put_seconds(p, left % MIN);
		*p++ = 's';
	}
	*p = '\0';
	return (size_t)(p - out);
}
