/* A calendar's definition: its JSON, what may stand in it, and its way to bits. */
#include "core/calendar.h"

#include <stdlib.h>
#include <strings.h>

#include "base/check.h"
#include "core/calendar_int.h"

enum holiday_field {
	HAS_NAME,
	HAS_DATE,
	HAS_MONTH,
	HAS_WEEKDAY,
	HAS_NTH,
	HAS_EASTER,
	HAS_OBSERVED,
	HAS_SINCE,
	HAS_UNTIL
};

static const char *const observed_words[] = { "none", "nearest", "next", NULL };

#define SENT .flags = FIELD_PRESENT
static const struct field holiday_fields[] = {
	[HAS_NAME] = F_STR(holiday_def, name, "name", SENT, .max = 200),
	[HAS_DATE] = F_STR(holiday_def, date, "date", SENT, .min = 1, .max = 10),
	[HAS_MONTH] = F_INT(holiday_def, month, "month", SENT, .min = 1, .max = 12),
	[HAS_WEEKDAY] = F_STR(holiday_def, weekday, "weekday", SENT, .min = 1, .max = 9),
	[HAS_NTH] = F_INT(holiday_def, nth, "nth", SENT, .min = -5, .max = 5),
	[HAS_EASTER] = F_INT(holiday_def, easter, "easter", SENT, .min = -CALENDAR_EASTER_MAX,
			     .max = CALENDAR_EASTER_MAX),
	[HAS_OBSERVED] = F_ENUM(holiday_def, observed, "observed", observed_words, SENT),
	[HAS_SINCE] = F_INT(holiday_def, since, "since", SENT, .min = CALENDAR_YEAR_MIN,
			    .max = CALENDAR_YEAR_MAX),
	[HAS_UNTIL] = F_INT(holiday_def, until, "until", SENT, .min = CALENDAR_YEAR_MIN,
			    .max = CALENDAR_YEAR_MAX),
};
const struct shape holiday_shape = SHAPE(holiday_def, "Holiday", holiday_fields,
					 .present = offsetof(struct holiday_def, present));

enum calendar_field { HAS_DESCRIPTION, HAS_WEEKEND, HAS_HOLIDAYS };
static const struct field calendar_fields[] = {
	[HAS_DESCRIPTION] = F_STR(calendar_def, description, "description", SENT, .max = 1000),
	[HAS_WEEKEND] = F_STRS(calendar_def, weekend, "weekend", SENT, .max = 7),
	[HAS_HOLIDAYS] = F_LIST(calendar_def, holidays, "holidays", holiday_shape, SENT,
				.max = CALENDAR_HOLIDAYS_MAX),
};
const struct shape calendar_shape = SHAPE(calendar_def, "Calendar", calendar_fields,
					  .present = offsetof(struct calendar_def, present));

/* --- what is wrong --- */

/* Where a fault goes: prefix, "holidays[3]", ".date". */
struct looking {
	struct arena *arena;
	struct json_faults *faults; /* NULL: nobody asks */
	const char *prefix;
	size_t i; /* the holiday */
	bool bad;
};

static void complain(struct looking *l, const char *field, const char *code, const char *message)
{
	l->bad = true;
	if (l->faults)
		json_fault(l->faults, arena_printf(l->arena, "%s%s", l->prefix, field), code,
			   message);
}

static void complain_holiday(struct looking *l, const char *field, const char *code,
			     const char *message)
{
	complain(l, arena_printf(l->arena, "holidays[%zu]%s%s", l->i, *field ? "." : "", field),
		 code, message);
}

/* --- words and dates --- */

/* 0 = Sunday; -1: none. */
static int weekday_of(struct slice text)
{
	static const char *const days[] = { "sunday",   "monday", "tuesday", "wednesday",
					    "thursday", "friday", "saturday" };

	for (int i = 0; i < 7; i++)
		if ((text.n == 3 || text.n == strlen(days[i]))
		    && strncasecmp(text.p, days[i], text.n) == 0)
			return i;
	return -1;
}

/* n digits; -1: they are not. */
static int number(const char *at, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -1;
		v = 10 * v + at[i] - '0';
	}
	return v;
}

/* "12-25" of every year, or "2026-12-25". False: it is neither, or there is no such day. */
static bool date_of(struct slice text, struct holiday *out)
{
	const char *at = text.p;
	int year = 2000; /* a leap year */

	if (text.n == 10 && at[4] == '-') {
		year = number(at, 4);
		at += 5;
	} else if (text.n != 5) {
		return false;
	}
	out->kind = text.n == 10 ? HOLIDAY_DATE : HOLIDAY_FIXED;
	out->year = text.n == 10 ? year : 0;
	out->month = number(at, 2);
	out->day = number(at + 3, 2);
	return at[2] == '-' && year >= CALENDAR_YEAR_MIN && year <= CALENDAR_YEAR_MAX
	    && out->month > 0 && out->day > 0
	    && civil_is_valid((struct civil){ year, (unsigned)out->month, (unsigned)out->day });
}

/* --- one holiday --- */

static bool has(const struct holiday_def *d, enum holiday_field f)
{
	return d->present >> f & 1;
}

static void read_nth(struct looking *l, const struct holiday_def *d, struct holiday *out)
{
	out->kind = HOLIDAY_NTH;
	out->month = (int)d->month;
	out->nth = (int)d->nth;
	if (!has(d, HAS_MONTH))
		complain_holiday(l, "month", "required", "This is needed beside a weekday.");
	if (!has(d, HAS_NTH))
		complain_holiday(l, "nth", "required",
				 "This is needed beside a weekday: 1 to 5, or -1 for the last.");
	else if (d->nth == 0)
		complain_holiday(l, "nth", "out_of_range", "This must be 1 to 5, or -1 to -5.");
	out->weekday = has(d, HAS_WEEKDAY) ? weekday_of(d->weekday) : 0;
	if (!has(d, HAS_WEEKDAY))
		complain_holiday(l, "weekday", "required", "This is needed beside a month.");
	else if (out->weekday < 0)
		complain_holiday(l, "weekday", "invalid_value",
				 "This must be a day of the week, like thursday or thu.");
}

static void read_date(struct looking *l, const struct holiday_def *d, struct holiday *out)
{
	if (!date_of(d->date, out))
		complain_holiday(l, "date", "invalid_date",
				 "This must be a date: 12-25 of every year, or 2026-12-25 "
				 "(1970 to 2199).");
	else if (out->kind == HOLIDAY_DATE && (out->since || out->until))
		complain_holiday(l, "date", "conflict",
				 "A date with its year goes with neither since nor until.");
}

static void read_holiday(struct looking *l, const struct holiday_def *d, struct holiday *out)
{
	bool by_month = has(d, HAS_MONTH) || has(d, HAS_WEEKDAY) || has(d, HAS_NTH);

	*out = (struct holiday){ .observed = (enum holiday_observed)d->observed,
				 .since = (int)d->since,
				 .until = (int)d->until };
	if (has(d, HAS_DATE) + has(d, HAS_EASTER) + by_month != 1) {
		complain_holiday(l, "", "invalid_value",
				 "A holiday is exactly one of: date; easter; month, weekday "
				 "and nth.");
		return;
	}
	if (d->since && d->until && d->until < d->since)
		complain_holiday(l, "until", "out_of_range", "This lies before since.");
	if (by_month) {
		read_nth(l, d, out);
	} else if (has(d, HAS_EASTER)) {
		out->kind = HOLIDAY_EASTER;
		out->easter = (int)d->easter;
	} else {
		read_date(l, d, out);
	}
}

/* --- the whole --- */

unsigned calendar_weekend(const struct calendar_def *def)
{
	const struct slice *days = def->weekend.items;
	unsigned bits = 0;

	if (!(def->present >> HAS_WEEKEND & 1))
		return 1 | 1 << 6;
	for (size_t i = 0; i < def->weekend.n; i++) {
		int day = weekday_of(days[i]);

		bits |= day < 0 ? 0 : 1U << day;
	}
	return bits;
}

static void look_at_weekend(struct looking *l, const struct calendar_def *def)
{
	const struct slice *days = def->weekend.items;

	for (size_t i = 0; i < def->weekend.n; i++)
		if (weekday_of(days[i]) < 0)
			complain(l, arena_printf(l->arena, "weekend[%zu]", i), "invalid_value",
				 "This must be a day of the week, like saturday or sat.");
}

bool calendar_compile(const struct calendar_def *def, const char *prefix, struct arena *a,
		      struct json_faults *faults, struct calendar *out)
{
	struct looking l = { .arena = a, .faults = faults, .prefix = prefix };
	const struct holiday_def *from = def->holidays.items;
	struct holiday *list = arena_array(a, struct holiday, def->holidays.n + 1);
	const char *wrong;
	int at = -1;

	look_at_weekend(&l, def);
	for (l.i = 0; l.i < def->holidays.n; l.i++)
		read_holiday(&l, &from[l.i], &list[l.i]);
	if (l.bad)
		return false;
	wrong = calendar_build(calendar_weekend(def), list, (unsigned)def->holidays.n, out, &at);
	if (wrong && at >= 0) {
		l.i = (size_t)at;
		complain_holiday(&l, "", "invalid_value", wrong);
	} else if (wrong) {
		complain(&l, "weekend", "invalid_value", wrong);
	}
	return !wrong;
}

bool calendar_read(struct slice definition, struct arena *a, struct calendar_def *out)
{
	struct json_faults faults = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader to = { a, &faults, &syntax };

	*out = (struct calendar_def){ .present = 0 };
	return json_decode(&calendar_shape, definition, &to, out) && faults.total == 0;
}

/* Many schedules share few calendars, and building one costs as much as a tick's whole turn: the
 * latest stay built. A definition is its own key. */
#define KEPT 16
static struct {
	char *text;
	size_t n;
	struct calendar built;
} kept[KEPT];
static unsigned kept_next;

static const struct calendar *find_kept(struct slice definition)
{
	for (int i = 0; i < KEPT; i++)
		if (kept[i].text && kept[i].n == definition.n
		    && memcmp(kept[i].text, definition.p, definition.n) == 0)
			return &kept[i].built;
	return NULL;
}

static void keep(struct slice definition, const struct calendar *built)
{
	unsigned i = kept_next++ % KEPT;

	free(kept[i].text);
	kept[i].text = mem_new(definition.n + 1);
	memcpy(kept[i].text, definition.p, definition.n);
	kept[i].n = definition.n;
	kept[i].built = *built;
}

const struct calendar *calendar_load(struct slice definition, struct arena *a)
{
	struct calendar *c = arena_make(a, struct calendar);
	const struct calendar *known = find_kept(definition);
	struct calendar_def def;

	if (known) {
		*c = *known;
		return c;
	}
	if (!calendar_read(definition, a, &def) || !calendar_compile(&def, "", a, NULL, c))
		return NULL;
	keep(definition, c);
	return c;
}
