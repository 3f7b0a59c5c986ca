/* RFC 3339 by position: the first 19 characters are a picture, then a fraction and an offset may
 * follow. */
#include "when/stamp.h"

#include "when/civil.h"
#include "when_int.h"

enum { HEAD = 19, TEXT_MAX = 64, YEAR_FIRST = 1970 };

struct wall {
	int64_t seconds; /* the wall clock since 1970-01-01T00:00 on that clock */
	usec_t fraction;
	bool has_offset;
	int32_t offset;
};

/* p looks like the picture: 9 stands for any digit, T for either case of it, the rest for
 * itself. */
static bool looks_like(const char *p, const char *picture)
{
	for (; *picture; p++, picture++)
		if (*picture == '9'   ? !is_digit(*p)
		    : *picture == 'T' ? lower(*p) != 't'
				      : *p != *picture)
			return false;
	return true;
}

/* `n` characters that are known to be digits. */
static unsigned number(const char *p, unsigned n)
{
	unsigned v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v * 10 + (unsigned)(p[i] - '0');
	return v;
}

/* 2025-03-09T02:30:00 */
static bool head_parse(const char *p, int64_t *out_seconds)
{
	if (!looks_like(p, "9999-99-99T99:99:99"))
		return false;

	struct civil c = { (int)number(p, 4), number(p + 5, 2), number(p + 8, 2) };
	unsigned hour = number(p + 11, 2), minute = number(p + 14, 2), second = number(p + 17, 2);

	/* A year of room before the first: the offset may still bring it inside. */
	if (c.year < YEAR_FIRST - 1 || !civil_is_valid(c) || hour > 23 || minute > 59
	    || second > 59)
		return false;
	*out_seconds = (int64_t)civil_to_days(c) * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60
		     + second;
	return true;
}

/* Z or +hh:mm at p, exactly to the end. */
static bool offset_parse(const char *p, size_t n, int32_t *out_offset)
{
	if (n == 1 && lower(p[0]) == 'z') {
		*out_offset = 0;
		return true;
	}
	if (n != 6 || (p[0] != '+' && p[0] != '-') || !looks_like(p + 1, "99:99"))
		return false;

	unsigned hour = number(p + 1, 2), minute = number(p + 4, 2);

	if (hour > 23 || minute > 59)
		return false;
	int32_t seconds = (int32_t)(hour * 3600 + minute * 60);
	*out_offset = p[0] == '-' ? -seconds : seconds;
	return true;
}

static bool wall_parse(struct slice text, struct wall *out_wall)
{
	struct wall w = { 0 };
	size_t i = HEAD;

	if (text.n < HEAD || text.n > TEXT_MAX || !head_parse(text.p, &w.seconds))
		return false;
	if (i < text.n && text.p[i] == '.') {
		usec_t unit = SEC / 10;
		size_t first = ++i;

		for (; i < text.n && is_digit(text.p[i]); i++, unit /= 10)
			w.fraction += unit * (text.p[i] - '0');
		if (i == first)
			return false;
	}
	w.has_offset = i < text.n;
	if (w.has_offset && !offset_parse(text.p + i, text.n - i, &w.offset))
		return false;
	*out_wall = w;
	return true;
}

static enum when_err instant_check(int64_t utc_s, usec_t fraction, usec_t *out_at)
{
	usec_t at = utc_s * SEC + fraction;

	if (at < 0 || at > STAMP_LAST)
		return WHEN_AT_FORMAT;
	*out_at = at;
	return WHEN_OK;
}

enum when_err stamp_parse(struct slice text, usec_t *out_at)
{
	struct wall w;

	if (!wall_parse(text, &w) || !w.has_offset)
		return WHEN_AT_FORMAT;
	return instant_check(w.seconds - w.offset, w.fraction, out_at);
}

enum when_err stamp_parse_in(struct slice text, const struct tz *z, usec_t *out_at)
{
	struct wall w;

	if (!wall_parse(text, &w))
		return WHEN_AT_FORMAT;
	if (w.has_offset)
		return instant_check(w.seconds - w.offset, w.fraction, out_at);
	return instant_check(tz_from_local(z, w.seconds).first, w.fraction, out_at);
}

static char *put(char *p, unsigned value, unsigned width)
{
	for (unsigned i = width; i > 0; i--, value /= 10)
		p[i - 1] = (char)('0' + value % 10);
	return p + width;
}

/* Date and time of a wall clock, without an offset. */
static char *put_wall(char *p, int64_t wall_s, unsigned ms)
{
	int64_t days = wall_s / CIVIL_DAY_SECONDS;
	int64_t second = wall_s % CIVIL_DAY_SECONDS;

	if (second < 0) {
		second += CIVIL_DAY_SECONDS;
		days--;
	}
	struct civil c = civil_from_days((int32_t)days);
	unsigned s = (unsigned)second;

	p = put(p, (unsigned)c.year, 4);
	*p++ = '-';
	p = put(p, c.month, 2);
	*p++ = '-';
	p = put(p, c.day, 2);
	*p++ = 'T';
	p = put(p, s / 3600, 2);
	*p++ = ':';
	p = put(p, s / 60 % 60, 2);
	*p++ = ':';
	p = put(p, s % 60, 2);
	if (ms == 0)
		return p;
	*p++ = '.';
	return put(p, ms, 3);
}

/* Splits into seconds, rounded down, and milliseconds; first drawn into the years that can be
 * printed. */
static int64_t split(usec_t at, unsigned *out_ms)
{
	static const usec_t first = -719528 * DAY; /* 0000-01-01 */
	usec_t a = at < first ? first : at > STAMP_LAST ? STAMP_LAST : at;
	int64_t s = a / SEC;
	usec_t rest = a % SEC;

	if (rest < 0) {
		rest += SEC;
		s--;
	}
	*out_ms = (unsigned)(rest / MSEC);
	return s;
}

size_t stamp_print(usec_t at, char out[STAMP_MAX])
{
	unsigned ms;
	int64_t s = split(at, &ms);
	char *p = put_wall(out, s, ms);

	*p++ = 'Z';
	*p = '\0';
	return (size_t)(p - out);
}

size_t stamp_print_local(usec_t at, const struct tz *z, char out[STAMP_MAX])
{
	static const int64_t first = -719528LL * CIVIL_DAY_SECONDS;
	unsigned ms;
	int64_t s = split(at, &ms);
	int32_t offset = tz_offset(z, s, NULL);
	int32_t minutes = (offset + (offset < 0 ? -30 : 30)) / 60;

	/* The wall clock of the very first and last day must not leave the printable years. */
	if (s + minutes * 60 < first || s + minutes * 60 > STAMP_LAST / SEC)
		minutes = 0;
	char *p = put_wall(out, s + minutes * 60, ms);
	unsigned distance = (unsigned)(minutes < 0 ? -minutes : minutes);

	*p++ = minutes < 0 ? '-' : '+';
	p = put(p, distance / 60, 2);
	*p++ = ':';
	p = put(p, distance % 60, 2);
	*p = '\0';
	return (size_t)(p - out);
}
