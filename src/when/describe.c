/* Schedules in words: what kind says what, windows and calendars, and the small words that cron and
 * rules share. */
#include "when/describe.h"

#include "base/check.h"
#include "describe_int.h"
#include "when/civil.h"

const char *const say_months[12] = { "January",   "February", "March",    "April",
				     "May",       "June",     "July",     "August",
				     "September", "October",  "November", "December" };
const char *const say_weekdays[7] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
				      "Thursday", "Friday", "Saturday" };
const char *const say_ordinals[5] = { "first", "second", "third", "fourth", "fifth" };

static const char *const adjusted[] = {
	[ADJUST_NONE] = "",
	[ADJUST_SKIP] = ", on business days only",
	[ADJUST_NEXT] = ", moved to the next business day",
	[ADJUST_PREVIOUS] = ", moved to the previous business day",
	[ADJUST_NEAREST] = ", moved to the nearest business day",
};

/* Units of an interval, largest first. A unit is used by itself up to `most` of it: 90 minutes, 36
 * hours, but 2 hours 30 minutes. */
static const struct unit {
	usec_t length;
	int64_t least, most;
	const char *name;
} units[] = {
	{ DAY, 5, INT64_MAX, "day" },
	{ HOUR, 1, 5 * 24 - 1, "hour" },
	{ MIN, 1, 119, "minute" },
	{ SEC, 1, 119, "second" },
};
enum { UNITS = sizeof units / sizeof units[0] };

bool say_is_word(struct slice s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < s.n && i < n; i++)
		if (lower(s.p[i]) != lower(word[i]))
			return false;
	return s.n == n;
}

void say_comma(struct strbuf *out, unsigned i, unsigned n)
{
	if (i > 0 && n > 2)
		strbuf_addc(out, ',');
	if (i > 0)
		strbuf_adds(out, i + 1 == n ? " and " : " ");
}

void say_capital(struct strbuf *out, size_t start)
{
	if (start < out->n && out->p[start] >= 'a' && out->p[start] <= 'z')
		out->p[start] = (char)(out->p[start] - 'a' + 'A');
}

static const char *half_day(unsigned hour)
{
	return hour < 12 ? "AM" : "PM";
}

static unsigned hour_of_twelve(unsigned hour)
{
	return hour % 12 == 0 ? 12 : hour % 12;
}

void say_clock(struct strbuf *out, unsigned hour, unsigned minute)
{
	strbuf_addf(out, "%02u:%02u %s", hour_of_twelve(hour), minute, half_day(hour));
}

void say_time(struct strbuf *out, unsigned hour, unsigned minute, unsigned second)
{
	strbuf_addf(out, "%02u:%02u:%02u %s", hour_of_twelve(hour), minute, second, half_day(hour));
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The wall clock at an instant, seconds since 1970 on that clock. */
static int64_t wall_of(usec_t at, const struct tz *z)
{
	int64_t utc_s = floor_div(at, SEC);

	return utc_s + tz_offset(z, utc_s, NULL);
}

void say_stamp(struct strbuf *out, usec_t at, const struct tz *z, enum say_stamp how)
{
	int64_t wall = wall_of(at, z);
	int64_t days = floor_div(wall, CIVIL_DAY_SECONDS);
	unsigned second = (unsigned)(wall - days * CIVIL_DAY_SECONDS);
	unsigned ms = (unsigned)((at - floor_div(at, SEC) * SEC) / MSEC);
	struct civil c = civil_from_days((int32_t)days);

	strbuf_addf(out, "%s %u, %d", say_months[c.month - 1], c.day, c.year);
	if ((how == STAMP_FROM && second == 0 && ms == 0)
	    || (how == STAMP_UNTIL && second == CIVIL_DAY_SECONDS - 1))
		return;
	strbuf_adds(out, " at ");
	if (ms > 0)
		strbuf_addf(out, "%02u:%02u:%02u.%03u %s", hour_of_twelve(second / 3600),
			    second / 60 % 60, second % 60, ms, half_day(second / 3600));
	else if (second % 60 > 0)
		say_time(out, second / 3600, second / 60 % 60, second % 60);
	else
		say_clock(out, second / 3600, second / 60 % 60);
}

/* ---- intervals ---- */

static void say_fraction(struct strbuf *out, usec_t micros)
{
	unsigned width = 6;

	if (micros == 0)
		return;
	for (; micros % 10 == 0; micros /= 10)
		width--;
	strbuf_addf(out, ".%0*d", (int)width, (int)micros);
}

static void say_units(struct strbuf *out, usec_t amount, const struct unit *u)
{
	usec_t rest = u->length == SEC ? amount % SEC : 0;

	strbuf_addi(out, amount / u->length);
	say_fraction(out, rest);
	strbuf_addf(out, " %s%s", u->name, amount == u->length ? "" : "s");
}

void describe_every(usec_t every, struct strbuf *out)
{
	usec_t left = every;
	bool is_first = true;

	strbuf_adds(out, "Every ");
	for (unsigned i = 0; i < UNITS; i++) {
		const struct unit *u = &units[i];
		int64_t n = every / u->length;

		if (every % u->length || n < u->least || n > u->most)
			continue;
		if (n == 1)
			strbuf_adds(out, u->name);
		else
			say_units(out, every, u);
		return;
	}
	for (unsigned i = 0; i < UNITS && left > 0; i++) {
		const struct unit *u = &units[i];
		usec_t amount = u->length == SEC ? left : left - left % u->length;

		if (amount == 0)
			continue;
		strbuf_adds(out, is_first ? "" : " ");
		say_units(out, amount, u);
		is_first = false;
		left -= amount;
	}
}

/* ---- the whole ---- */

static void say_kind(const struct spec *s, struct slice text, struct strbuf *out)
{
	struct rrule_parts parts;

	switch (s->kind) {
	case SPEC_CRON:
		describe_cron(&s->cron, text, out);
		return;
	case SPEC_EVERY:
		describe_every(s->every, out);
		return;
	case SPEC_ONCE:
		strbuf_adds(out, "On ");
		say_stamp(out, s->once, s->tz, STAMP_FULL);
		return;
	case SPEC_RRULE:
		rrule_parts(s->rrule, &parts);
		describe_rrule_parts(&parts, s->tz, out);
		return;
	default:
		BUG("a spec of no kind");
	}
}

void describe(const struct spec *s, struct slice text, bool with_zone, struct strbuf *out)
{
	bool has_calendar = s->calendar && s->adjust != ADJUST_NONE;
	bool has_start = s->start_at != SPEC_NO_START, has_end = s->end_at != USEC_NEVER;
	bool has_wall = s->kind != SPEC_EVERY || has_calendar || has_start || has_end;

	say_kind(s, text, out);
	if (has_calendar)
		strbuf_adds(out, adjusted[s->adjust]);
	if (has_start) {
		strbuf_adds(out, ", from ");
		say_stamp(out, s->start_at, s->tz, STAMP_FROM);
	}
	if (has_end) {
		strbuf_adds(out, ", until ");
		say_stamp(out, s->end_at, s->tz, STAMP_UNTIL);
	}
	if (with_zone && has_wall)
		strbuf_addf(out, ", %s", zone_generic_name(s->tz));
}
