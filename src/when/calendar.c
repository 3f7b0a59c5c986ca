/* Business calendars: rules of holidays, written out once to a bit a day. In three passes, because
 * where an observed day goes depends on the others: the days themselves, then those that move to
 * the nearest working day, then those that look for a free one. */
#include "when/calendar.h"

#include <stddef.h>

enum { WEEKEND_ALL = 0x7f, SATURDAY = 6, YEAR_LAST = 9999, WORDS = (CALENDAR_DAYS + 63) / 64 };

/* A year on either side: an observed day is moved across a year's end. */
enum { RULE_YEAR_MIN = CALENDAR_YEAR_MIN - 1, RULE_YEAR_MAX = CALENDAR_YEAR_MAX + 1 };

_Static_assert((int)sizeof(((struct calendar *)0)->open) == 8 * WORDS, "a bit a day");

/* Butcher's algorithm ("Meeus, Jones, Butcher"). */
struct civil calendar_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int sum = h + l - 7 * m + 114;

	return (struct civil){ year, (unsigned)(sum / 31), (unsigned)(sum % 31 + 1) };
}

/* ---- the bits ---- */

static bool is_inside(int32_t day)
{
	return day >= 0 && day < CALENDAR_DAYS;
}

bool calendar_is_open(const struct calendar *c, int32_t day)
{
	return !is_inside(day) || (c->open[day / 64] >> day % 64 & 1);
}

/* The bits behind the last day say open. */
int32_t calendar_next_open(const struct calendar *c, int32_t day)
{
	if (!is_inside(day))
		return day;
	int32_t i = day / 64;
	uint64_t left = c->open[i] & UINT64_MAX << day % 64;

	while (!left)
		if (++i == WORDS)
			return CALENDAR_DAYS;
		else
			left = c->open[i];
	return 64 * i + __builtin_ctzll(left);
}

int32_t calendar_previous_open(const struct calendar *c, int32_t day)
{
	if (!is_inside(day))
		return day;
	int32_t i = day / 64;
	uint64_t left = c->open[i] & UINT64_MAX >> (63 - day % 64);

	while (!left)
		if (--i < 0)
			return -1;
		else
			left = c->open[i];
	return 64 * i + 63 - __builtin_clzll(left);
}

int32_t calendar_adjust(const struct calendar *c, enum calendar_adjust how, int32_t day)
{
	if (how == ADJUST_NONE || calendar_is_open(c, day))
		return day;
	if (how == ADJUST_SKIP)
		return CALENDAR_NO_DAY;
	int32_t next = calendar_next_open(c, day), previous = calendar_previous_open(c, day);

	if (how == ADJUST_NEXT)
		return next;
	if (how == ADJUST_PREVIOUS)
		return previous;
	return next - day < day - previous ? next : previous;
}

static void shut(struct calendar *c, int32_t day)
{
	if (is_inside(day))
		c->open[day / 64] &= ~((uint64_t)1 << day % 64);
}

/* ---- the rules ---- */

static int32_t nth_weekday(const struct holiday *h, int year)
{
	unsigned month = (unsigned)h->month;
	int length = (int)civil_month_days(year, month);
	int32_t first = civil_to_days((struct civil){ year, month, 1 });
	int offset = (h->weekday + 7 - (int)civil_weekday(first)) % 7;
	int count = (length - offset + 6) / 7;
	int nth = h->nth > 0 ? h->nth - 1 : count + h->nth;

	return nth >= 0 && nth < count ? first + offset + 7 * nth : CALENDAR_NO_DAY;
}

/* The rule's date in a year. */
static int32_t day_in(const struct holiday *h, int year)
{
	struct civil date = { year, (unsigned)h->month, (unsigned)h->day };

	if ((h->since && year < h->since) || (h->until && year > h->until))
		return CALENDAR_NO_DAY;
	if (h->kind == HOLIDAY_NTH)
		return nth_weekday(h, year);
	if (h->kind == HOLIDAY_EASTER)
		return civil_to_days(calendar_easter(year)) + h->easter;
	if ((h->kind == HOLIDAY_DATE && year != h->year) || !civil_is_valid(date))
		return CALENDAR_NO_DAY;
	return civil_to_days(date);
}

static bool is_weekend(unsigned weekend, int32_t day)
{
	return weekend >> civil_weekday(day) & 1;
}

/* The nearest day outside the weekend. As near before as after happens where the weekend is one
 * day, or three: then a Saturday goes back and any other day on. */
static int32_t nearest_workday(unsigned weekend, int32_t day)
{
	int32_t before = day, after = day;

	while (is_weekend(weekend, before))
		before--;
	while (is_weekend(weekend, after))
		after++;
	if (day - before == after - day)
		return civil_weekday(day) == SATURDAY ? before : after;
	return day - before < after - day ? before : after;
}

/* What one pass does with one holiday. In the last pass the order does not matter: whoever comes
 * first takes the first free day, and the days that are taken in the end are the same. */
static void apply(struct calendar *c, unsigned weekend, const struct holiday *h,
		  enum holiday_observed pass)
{
	int first = h->kind == HOLIDAY_DATE ? h->year : RULE_YEAR_MIN;
	int last = h->kind == HOLIDAY_DATE ? h->year : RULE_YEAR_MAX;

	for (int year = first; year <= last; year++) {
		int32_t day = day_in(h, year);

		if (day == CALENDAR_NO_DAY)
			continue;
		if (pass == OBSERVED_NONE)
			shut(c, day);
		else if (is_weekend(weekend, day))
			shut(c, pass == OBSERVED_NEAREST ? nearest_workday(weekend, day)
							 : calendar_next_open(c, day));
	}
}

/* Seven words are 64 weeks: from there on the pattern repeats. */
static void weekends(struct calendar *c, unsigned weekend)
{
	for (int i = 0; i < 7; i++)
		c->open[i] = UINT64_MAX;
	for (int32_t day = 0; day < 7 * 64; day++)
		if (is_weekend(weekend, day))
			shut(c, day);
	for (int i = 7; i < WORDS; i++)
		c->open[i] = c->open[i - 7];
	c->open[WORDS - 1] |= UINT64_MAX << CALENDAR_DAYS % 64;
}

/* ---- what cannot be ---- */

static bool is_date(const struct holiday *h)
{
	static const int leap_year = 2000;
	int year = h->kind == HOLIDAY_DATE ? h->year : leap_year;

	return h->month >= 1 && h->month <= 12 && h->day >= 1
	    && civil_is_valid((struct civil){ year, (unsigned)h->month, (unsigned)h->day });
}

static const char *nth_check(const struct holiday *h)
{
	if (h->month < 1 || h->month > 12)
		return "The month must be 1 to 12.";
	if (h->weekday < 0 || h->weekday > SATURDAY)
		return "The day of the week must be 0 (Sunday) to 6.";
	if (h->nth == 0 || h->nth < -5 || h->nth > 5)
		return "Which one of the month must be 1 to 5, or -1 (the last) to -5.";
	return NULL;
}

static const char *date_check(const struct holiday *h)
{
	if (h->year < CALENDAR_YEAR_MIN || h->year > CALENDAR_YEAR_MAX)
		return "The year of a date must be 1970 to 2199.";
	return is_date(h) ? NULL : "There is no such date.";
}

static const char *kind_check(const struct holiday *h)
{
	switch (h->kind) {
	case HOLIDAY_FIXED:
		return is_date(h) ? NULL : "There is no such day of the year.";
	case HOLIDAY_DATE:
		return date_check(h);
	case HOLIDAY_NTH:
		return nth_check(h);
	case HOLIDAY_EASTER:
		return h->easter >= -CALENDAR_EASTER_MAX && h->easter <= CALENDAR_EASTER_MAX
			     ? NULL
			     : "Days from Easter Sunday must be -100 to 100.";
	default:
		return "Unknown kind of holiday.";
	}
}

static const char *holiday_check(const struct holiday *h)
{
	if (h->observed < OBSERVED_NONE || h->observed > OBSERVED_NEXT)
		return "Unknown rule of observance.";
	if (h->since < 0 || h->since > YEAR_LAST || h->until < 0 || h->until > YEAR_LAST)
		return "The first and the last year must be 1 to 9999.";
	if (h->until && h->since > h->until)
		return "The last year lies before the first.";
	return kind_check(h);
}

/* So long a stretch has a whole word of closed days in it: looked for first, as it is rare. */
static bool is_shut_too_long(const struct calendar *c)
{
	for (int i = 0; i < WORDS; i++)
		if (c->open[i] == 0
		    && calendar_next_open(c, 64 * i) - calendar_previous_open(c, 64 * i) - 1
			       > CALENDAR_CLOSED_MAX)
			return true;
	return false;
}

const char *calendar_build(unsigned weekend, const struct holiday *holidays, unsigned n,
			   struct calendar *out, int *out_index)
{
	const char *wrong = NULL;

	*out_index = -1;
	if (weekend >= WEEKEND_ALL)
		return "At least one day of the week must be open.";
	if (n > CALENDAR_HOLIDAYS_MAX)
		return "A calendar has at most 1000 holidays.";
	for (unsigned i = 0; i < n; i++)
		if ((wrong = holiday_check(&holidays[i]))) {
			*out_index = (int)i;
			return wrong;
		}
	weekends(out, weekend);
	for (enum holiday_observed pass = OBSERVED_NONE; pass <= OBSERVED_NEXT; pass++)
		for (unsigned i = 0; i < n; i++)
			if (pass == OBSERVED_NONE || holidays[i].observed == pass)
				apply(out, weekend, &holidays[i], pass);
	return is_shut_too_long(out) ? "More than 366 days in a row would be closed." : NULL;
}
