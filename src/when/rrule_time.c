/* The times of iCalendar and of RFC 3339: pictures of the date and time, then what follows them. */
#include "rrule_int.h"

enum { DIGITS = 14, TEXT_MAX = 64 };

/* 9 stands for a digit, T for either case of it, the rest for itself; longest first. */
static const struct picture {
	const char *text;
	bool is_date, has_fraction;
} pictures[] = {
	{ "9999-99-99T99:99:99", false, true },
	{ "99999999T999999", false, false },
	{ "9999-99-99", true, false },
	{ "99999999", true, false },
};

static bool looks_like(struct slice s, const char *picture)
{
	size_t n = strlen(picture);

	if (s.n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (picture[i] == '9'   ? !is_digit(s.p[i])
		    : picture[i] == 'T' ? lower(s.p[i]) != 't'
					: s.p[i] != picture[i])
			return false;
	return true;
}

static unsigned number(const char *digits, unsigned n)
{
	unsigned v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v * 10 + (unsigned)(digits[i] - '0');
	return v;
}

/* The digits of the picture in a row, 0 for a time that is not there. */
static bool digits_read(struct slice s, int64_t *out_seconds)
{
	char d[DIGITS + 1] = "00000000000000";
	unsigned n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (is_digit(s.p[i]))
			d[n++] = s.p[i];

	struct civil c = { (int)number(d, 4), number(d + 4, 2), number(d + 6, 2) };
	unsigned hour = number(d + 8, 2), minute = number(d + 10, 2), second = number(d + 12, 2);

	if (!civil_is_valid(c) || hour > 23 || minute > 59 || second > 59)
		return false;
	*out_seconds = (int64_t)civil_to_days(c) * CIVIL_DAY_SECONDS + hour * 3600 + minute * 60
		     + second;
	return true;
}

/* "Z" or "+hh:mm", to the end. */
static bool offset_read(struct slice s, int64_t *out_offset)
{
	if (s.n == 1 && lower(s.p[0]) == 'z') {
		*out_offset = 0;
		return true;
	}
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-')
	    || !looks_like((struct slice){ s.p + 1, 5 }, "99:99"))
		return false;

	unsigned hour = number(s.p + 1, 2), minute = number(s.p + 4, 2);
	int64_t seconds = hour * 3600 + minute * 60;

	*out_offset = s.p[0] == '-' ? -seconds : seconds;
	return hour <= 23 && minute <= 59;
}

/* What stands behind the picture. Fractions of a second are left out. */
static bool tail_read(struct slice s, const struct picture *p, struct rrule_time *t)
{
	int64_t offset;

	if (p->has_fraction && s.n > 1 && s.p[0] == '.' && is_digit(s.p[1]))
		for (s.p++, s.n--; s.n > 0 && is_digit(s.p[0]); s.n--)
			s.p++;
	t->kind = p->is_date ? RRULE_TIME_DATE : RRULE_TIME_LOCAL;
	if (s.n == 0)
		return true;
	if (p->is_date || !offset_read(s, &offset))
		return false;
	t->kind = RRULE_TIME_UTC;
	t->seconds -= offset;
	return p->has_fraction || s.n == 1; /* the short form knows Z only */
}

bool rrule_time_read(struct slice text, struct rrule_time *out_time)
{
	for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
		const struct picture *p = &pictures[i];
		size_t n = strlen(p->text);

		if (text.n > TEXT_MAX || !looks_like(text, p->text))
			continue;
		return digits_read((struct slice){ text.p, n }, &out_time->seconds)
		    && tail_read((struct slice){ text.p + n, text.n - n }, p, out_time);
	}
	return false;
}
