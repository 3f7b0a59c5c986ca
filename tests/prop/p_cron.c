/* Properties of cron expressions made at random. The main one: cron_next agrees with brute
 * force, which walks minute by minute (second by second for six fields) over real time and asks
 * of each instant, by definitions as plain as can be, whether it is an occurrence. SEED=n
 * repeats a run. */
#include "when/civil.h"
#include "when/cron.h"
#include "when/spec.h"

#include "lib/seed.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct tz_db *zones;

static void open_all(void)
{
	seed_open("p_cron", 20250309);
	zones = tz_db_new(NULL);
}

static void close_all(void)
{
	tz_db_free(zones);
}

static unsigned between(unsigned low, unsigned high)
{
	return low + below(high - low + 1);
}

/* ---- random expressions ---- */

struct text {
	char s[400];
	size_t n;
};

static void add(struct text *t, const char *format, unsigned a, unsigned b, unsigned c)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	t->n += (size_t)snprintf(t->s + t->n, sizeof t->s - t->n, format, a, b, c);
#pragma GCC diagnostic pop
}

static void add_item(struct text *t, unsigned low, unsigned high)
{
	unsigned a = between(low, high), b = between(low, high), s = between(1, high - low + 1);

	switch (below(6)) {
	case 0:
		add(t, "%u-%u", a, b, 0); /* half of them wrap */
		break;
	case 1:
		add(t, "%u-%u/%u", a, b, s);
		break;
	case 2:
		add(t, "*/%u", s, 0, 0);
		break;
	case 3:
		add(t, "%u/%u", a, s, 0);
		break;
	default:
		add(t, "%u", a, 0, 0);
		break;
	}
}

static void add_dom(struct text *t)
{
	static const char *const forms[] = { "L", "LW", "L-%u", "L-%uW", "%uW" };
	unsigned form = below(10);

	if (form < 5)
		add(t, forms[form], form == 4 ? between(1, 31) : between(0, 12), 0, 0);
	else
		add_item(t, 1, 31);
}

static void add_dow(struct text *t)
{
	static const char *const forms[] = { "%u#%u", "%uL", "%u#L", "MON", "fri-Sunday" };
	unsigned form = below(10);

	if (form < 5)
		add(t, forms[form], below(8), between(1, 5), 0);
	else
		add_item(t, 0, 6);
}

static void add_list(struct text *t, unsigned field)
{
	static const unsigned low[] = { 0, 0, 0, 1, 1, 0 }, high[] = { 59, 59, 23, 31, 12, 6 };

	for (unsigned left = between(1, 3); left > 0; left--) {
		if (field == 3)
			add_dom(t);
		else if (field == 5)
			add_dow(t);
		else
			add_item(t, low[field], high[field]);
		if (left > 1)
			add(t, ",", 0, 0, 0);
	}
}

/* hour: likely to stand in the hour field, as it is the hour of a clock change. */
static void make_text(struct text *t, bool has_seconds, int hour)
{
	static const unsigned stars[] = { 3, 3, 4, 7, 8, 7 }; /* of 10 */

	t->n = 0;
	for (unsigned field = has_seconds ? 0 : 1; field < 6; field++) {
		if (field == 2 && hour >= 0 && below(3) > 0)
			add(t, below(3) ? "%u" : "%u,%u", (unsigned)hour, (unsigned)(hour + 1) % 24,
			    0);
		else if (below(10) < stars[field])
			add(t, "*", 0, 0, 0);
		else {
			if (field == 5 && below(5) == 0)
				add(t, "+", 0, 0, 0);
			add_list(t, field);
		}
		if (field < 5)
			add(t, " ", 0, 0, 0);
	}
}

/* ---- the definition, by brute force ---- */

static unsigned weekday_of(struct civil c)
{
	return civil_weekday(civil_to_days(c));
}

/* C7: the weekday nearest to `day` in the same month: try 0, -1, +1, -2, +2 days. */
static unsigned nearest(struct civil c, unsigned day)
{
	static const int tries[] = { 0, -1, 1, -2, 2 };

	for (unsigned i = 0; i < 5; i++) {
		int d = (int)day + tries[i];

		c.day = (unsigned)d;
		if (d >= 1 && civil_is_valid(c) && weekday_of(c) % 6 != 0)
			return (unsigned)d;
	}
	return 0;
}

static bool dom_matches(const struct cron *c, struct civil d)
{
	unsigned length = civil_month_days(d.year, d.month);

	for (unsigned n = 0; n < 32; n++) {
		if (c->dom >> n & 1 && d.day == n)
			return true;
		if (c->near >> n & 1 && n <= length && nearest(d, n) == d.day)
			return true;
		if (c->last >> n & 1 && d.day + n == length)
			return true;
		if (c->last_near >> n & 1 && n < length && nearest(d, length - n) == d.day)
			return true;
	}
	return false;
}

static bool dow_matches(const struct cron *c, struct civil d)
{
	unsigned w = weekday_of(d);

	return c->dow >> w & 1 || c->nth[w] >> ((d.day - 1) / 7) & 1
	    || (c->nth[w] >> 5 & 1 && d.day + 7 > civil_month_days(d.year, d.month));
}

static bool wall_matches(const struct cron *c, int64_t wall)
{
	int32_t days = (int32_t)(wall / 86400);
	unsigned s = (unsigned)(wall % 86400);

	if (!(c->sec >> s % 60 & 1) || !(c->min >> s / 60 % 60 & 1) || !(c->hour >> s / 3600 & 1))
		return false;
	struct civil d = civil_from_days(days);

	if (!(c->mon >> d.month & 1) || d.year > 2199)
		return false;
	bool dom = dom_matches(c, d), dow = dow_matches(c, d);

	return c->flags & CRON_DAY_OR ? dom || dow : dom && dow;
}

static bool any_in_gap(const struct cron *c, int64_t from, int64_t until)
{
	for (int64_t wall = from; wall < until; wall++)
		if (wall_matches(c, wall))
			return true;
	return false;
}

struct model {
	const struct cron *c;
	const struct tz *z;
	struct dst_policy dst;
	struct tz_hint hint;
};

/* A regular occurrence by the overlap policy. */
static bool passes(struct model *m, int64_t u, int64_t wall)
{
	enum dst_overlap overlap = m->dst.overlap;
	struct tz_local l = tz_from_local(m->z, wall);

	if (overlap == DST_OVERLAP_RULE)
		overlap = m->c->flags & CRON_FIXED ? DST_OVERLAP_FIRST : DST_OVERLAP_BOTH;
	if (l.kind != TZ_FOLD || overlap == DST_OVERLAP_BOTH)
		return true;
	return u == (overlap == DST_OVERLAP_FIRST ? l.first : l.second);
}

static bool occurs(struct model *m, int64_t u)
{
	struct tz_span s = tz_span_at(m->z, u, &m->hint);
	int64_t gap = s.offset - s.before;
	bool catches = gap > 0 && gap <= 3 * 3600 && m->c->flags & CRON_FIXED;

	if (wall_matches(m->c, u + s.offset) && passes(m, u, u + s.offset))
		return true;
	if (!catches || u >= s.from + gap)
		return false;
	if (m->dst.gap == DST_GAP_RULE)
		return u == s.from && any_in_gap(m->c, u + s.before, u + s.offset);
	return m->dst.gap == DST_GAP_SHIFT && wall_matches(m->c, u + s.before);
}

/* ---- cases ---- */

static const char *const zone_names[] = {
	"UTC",
	"America/New_York",
	"Europe/Berlin",
	"Australia/Lord_Howe",
	"America/Nuuk",
	"America/Santiago",
	"Africa/Cairo",
	"Antarctica/Troll",
	"Pacific/Chatham",
	"Africa/Casablanca",
	"Europe/Dublin",
	"Asia/Gaza",
	"Asia/Kolkata",
	"Pacific/Apia",
	"America/Havana",
	"America/Scoresbysund",
};

struct sample {
	struct text text;
	struct cron cron;
	const struct tz *z;
	int64_t from;
	struct dst_policy dst;
};

/* False if the expression never fires: then there is nothing to try. */
static bool make_sample(struct sample *s, bool has_seconds)
{
	struct cron_parsed p;
	enum when_err e;
	int hour = -1;

	s->z = tz_find(zones,
		       slice_of(zone_names[below(sizeof zone_names / sizeof zone_names[0])]));
	s->from = 1262304000 + below(1500000000);
	s->dst = (struct dst_policy){ below(2) ? 0 : below(3), below(2) ? 0 : below(4) };
	if (below(2) && tz_span_count(s->z) > 1) { /* near a change after 1995 */
		unsigned i = tz_span_count(s->z) - 1 - below(tz_span_count(s->z) - 1);
		struct tz_span span = tz_span_nth(s->z, i);

		if (span.from > 788918400) {
			s->from = span.from + 7200 - below(90000);
			hour = (int)((span.from + span.before) % 86400 / 3600);
			hour = span.offset < span.before ? (hour + 23) % 24 : hour;
		}
	}
	make_text(&s->text, has_seconds, hour);
	e = cron_parse(slice_of(s->text.s), 0, &p, NULL);
	ck_assert_msg(e == WHEN_OK || e == WHEN_CRON_NEVER, "%s: %s", s->text.s, when_err_name(e));
	s->cron = p.cron;
	return e == WHEN_OK;
}

static void compare(struct sample *s, int64_t window, int64_t step)
{
	struct model m = { &s->cron, s->z, s->dst, { 0 } };
	struct tz_hint hint = { 0 };
	usec_t next = cron_next(&s->cron, s->z, s->dst, (s->from - 1) * SEC, &hint);

	for (int64_t u = s->from; u < s->from + window; u += step) {
		bool is_next = next == u * SEC;

		if (occurs(&m, u) != is_next)
			ck_abort_msg("%s in %s from %lld at %lld (gap %d overlap %d): %s",
				     s->text.s, tz_name(s->z), (long long)s->from, (long long)u,
				     s->dst.gap, s->dst.overlap, is_next ? "too much" : "missed");
		if (is_next)
			next = cron_next(&s->cron, s->z, s->dst, next, &hint);
	}
	ck_assert_msg(next >= (s->from + window) * SEC, "%s: between the steps", s->text.s);
}

START_TEST(agrees_minute_by_minute)
{
	struct sample s;

	for (int i = 0; i < 600; i++)
		if (make_sample(&s, false)) {
			s.from -= s.from % 60;
			compare(&s, 20 * 86400, 60);
		}
}
END_TEST

START_TEST(agrees_second_by_second)
{
	struct sample s;

	for (int i = 0; i < 200; i++)
		if (make_sample(&s, true))
			compare(&s, 86400, 1);
}
END_TEST

/* next(t) > t; nothing lies between t and next(t), seen from any instant between; a hint changes
 * nothing. */
START_TEST(strictly_after_and_without_holes)
{
	struct sample s;
	struct tz_hint hint = { 0 };

	for (int i = 0; i < 20000; i++) {
		if (!make_sample(&s, below(2)))
			continue;
		usec_t t = s.from * SEC + below(1000000);
		usec_t next = cron_next(&s.cron, s.z, s.dst, t, &hint);

		ck_assert_msg(next > t, "%s", s.text.s);
		ck_assert_msg(next == cron_next(&s.cron, s.z, s.dst, t, NULL), "%s: hint",
			      s.text.s);
		if (next == USEC_NEVER)
			continue;
		usec_t middle = t + (next - t) / (1 + below(50));

		middle = middle >= next ? next - 1 : middle;
		ck_assert_msg(cron_next(&s.cron, s.z, s.dst, middle, NULL) == next,
			      "%s in %s after %lld", s.text.s, tz_name(s.z), (long long)t);
		ck_assert_msg(cron_next(&s.cron, s.z, s.dst, next - 1, NULL) == next, "%s",
			      s.text.s);
		ck_assert(next % SEC == 0);
	}
}
END_TEST

/* ---- rare dates, day by day to 2199 ---- */

/* A seventh field, read here without the parser. */
struct years {
	unsigned from, to, step;
};

static bool year_is_chosen(struct years y, unsigned year)
{
	return year >= y.from && year <= y.to && (year - y.from) % y.step == 0;
}

static struct years add_years(struct text *t)
{
	struct years y = { 1970, 2199, 1 };

	switch (below(3)) {
	case 0:
		y.from = between(1970, 2199);
		y.step = between(1, 30);
		add(t, " %u/%u", y.from, y.step, 0);
		break;
	case 1:
		y.from = between(1970, 2100);
		y.to = between(y.from, 2199);
		add(t, " %u-%u", y.from, y.to, 0);
		break;
	default:
		add(t, " *", 0, 0, 0);
		break;
	}
	return y;
}

/* One time of day on few dates, or just where the clock of the zone once jumped. m/60 is m alone,
 * but makes an interval. */
static unsigned make_rare(struct sample *s, struct years *out_years)
{
	static const char *const doms[] = { "%u", "%u", "%uW", "L-%u", "*" };
	static const char *const dows[] = { "+%u", "+%u#%u", "+%uL", "%u", "*" };
	unsigned second = below(86400), n = tz_span_count(s->z), dom = below(5);
	struct civil d = { 0, between(1, 12), between(28, 31) };
	unsigned weekday = below(7), nth = between(4, 5);
	struct tz_span jump = { .from = 0 };

	for (unsigned i = 0; i < 20 && n > 1 && !(jump.offset > jump.before && jump.from > 0); i++)
		jump = tz_span_nth(s->z, between(1, n - 1));
	if (jump.from > 0 && below(3)) {
		int64_t wall = jump.from + jump.before
			     + below((unsigned)abs(jump.offset - jump.before));

		second = (unsigned)(wall % 86400);
		d = civil_from_days((int32_t)(wall / 86400));
		weekday = weekday_of(d);
		nth = (d.day - 1) / 7 + 1;
	}
	s->text.n = 0;
	add(&s->text, below(3) ? "0 %u/60 %u " : "0 %u %u ", second / 60 % 60, second / 3600, 0);
	add(&s->text, doms[dom], dom == 3 ? d.day - 1 : d.day, 0, 0);
	add(&s->text, below(4) ? " %u " : " * ", d.month, 0, 0);
	add(&s->text, dows[below(5)], weekday, nth, 0);
	*out_years = add_years(&s->text);
	return second - second % 60;
}

/* The instant of a matching reading by D2, D3 and the policy; -1: it does not happen. */
static int64_t instant_of(const struct sample *s, int64_t wall)
{
	struct tz_local l = tz_from_local(s->z, wall);
	bool is_fixed = s->cron.flags & CRON_FIXED;
	struct tz_span gap = tz_span_at(s->z, l.at, NULL);

	if (l.kind != TZ_GAP)
		return s->dst.overlap == DST_OVERLAP_SECOND ? l.second : l.first;
	if (!is_fixed || s->dst.gap == DST_GAP_SKIP || gap.offset - gap.before > 3 * 3600)
		return -1;
	return s->dst.gap == DST_GAP_SHIFT ? l.first : l.at;
}

static usec_t rare_next(const struct sample *s, unsigned second, struct years years)
{
	for (int32_t day = (int32_t)(s->from / 86400) - 2; day < 84006; day++) {
		struct civil d = civil_from_days(day < 0 ? 0 : day);
		int64_t wall = (int64_t)day * 86400 + second;

		if (day < 0 || !year_is_chosen(years, (unsigned)d.year)
		    || !(s->cron.mon >> d.month & 1))
			continue;
		int64_t u = wall_matches(&s->cron, wall) ? instant_of(s, wall) : -1;

		if (u > s->from)
			return u * SEC;
	}
	return USEC_NEVER;
}

START_TEST(rare_dates_day_by_day)
{
	unsigned never = 0, found = 0;

	for (int i = 0; i < 250; i++) {
		struct sample s = { .dst = { below(2) ? 0 : below(4),
					     DST_OVERLAP_FIRST + below(2) } };
		struct cron_parsed p;
		struct years years;

		s.z = tz_find(
			zones,
			slice_of(zone_names[below(sizeof zone_names / sizeof zone_names[0])]));
		s.from = (int64_t)between(0, 7000000) * 1000;
		unsigned second = make_rare(&s, &years);
		enum when_err e = cron_parse(slice_of(s.text.s), 0, &p, NULL);

		s.cron = p.cron;
		if (e) {
			ck_assert_msg(e == WHEN_CRON_NEVER, "%s: %s", s.text.s, when_err_name(e));
			continue;
		}
		usec_t want = rare_next(&s, second, years);
		usec_t next = cron_next(&s.cron, s.z, s.dst, s.from * SEC, NULL);

		ck_assert_msg(next == want,
			      "%s in %s after %lld (gap %d overlap %d): %lld, not %lld", s.text.s,
			      tz_name(s.z), (long long)s.from, s.dst.gap, s.dst.overlap,
			      (long long)(next / SEC), (long long)(want / SEC));
		*(want == USEC_NEVER ? &never : &found) += 1;
	}
	ck_assert_uint_gt(never, 10);
	ck_assert_uint_gt(found, 50);
}
END_TEST

/* C9: what is not refused as never does happen, and the other way round. */
START_TEST(never_is_never)
{
	struct cron_parsed p;
	unsigned refused = 0, taken = 0;
	char text[64];

	for (int i = 0; i < 20000; i++) {
		static const char *const forms[] = { "0 0 %u %u *", "0 0 %uW %u *",
						     "0 0 %u %u +1#%u", "0 0 L-%u %u *",
						     "0 0 %u %u +0L" };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof text, forms[below(5)], between(1, 30), between(1, 12),
			       between(1, 5));
#pragma GCC diagnostic pop
		bool is_never = cron_parse(slice_of(text), 0, &p, NULL) == WHEN_CRON_NEVER;
		bool happens = false;
		struct cron_parsed all = p;

		if (is_never) { /* the same text without its verdict: all years, through the days alone */
			refused++;
			continue;
		}
		taken++;
		for (int year = 1970; year <= 2199 && !happens; year++)
			for (unsigned month = 1; month <= 12; month++)
				happens = happens || cron_month_days(&all.cron, year, month) != 0;
		ck_assert_msg(happens, "%s", text);
		ck_assert_msg(cron_next(&p.cron, tz_utc(), (struct dst_policy){ 0, 0 }, -1, NULL)
				      != USEC_NEVER,
			      "%s", text);
	}
	ck_assert_uint_gt(refused, 100);
	ck_assert_uint_gt(taken, 10000);
}
END_TEST

/* The count of a window is the number of steps through it. */
START_TEST(count_is_steps)
{
	struct sample s;

	for (int i = 0; i < 300; i++) {
		if (!make_sample(&s, false))
			continue;
		struct spec spec = { .kind = SPEC_CRON, .tz = s.z, .cron = s.cron, .dst = s.dst };
		usec_t from = s.from * SEC, to = from + 30 * DAY;
		unsigned n = 0;

		spec.start_at = SPEC_NO_START;
		spec.end_at = USEC_NEVER;
		for (usec_t t = spec_first(&spec, from, NULL); t <= to && n < 1000; n++)
			t = spec_next(&spec, t, NULL);
		ck_assert_uint_eq(spec_count(&spec, from, to, 1000), n);
	}
}
END_TEST

/* Any bytes: no crash, and a fault that lies inside the text. */
START_TEST(noise_is_refused_in_its_place)
{
	static const char letters[] = "0123456789*/,-?LW#+H() \tMONJAjan@TZ=every";
	char text[260];
	struct cron_parsed p;
	struct when_fault f;

	for (int i = 0; i < 100000; i++) {
		size_t n = below(below(8) ? 24 : 258);

		for (size_t k = 0; k < n; k++)
			text[k] = below(100) ? letters[below(sizeof letters - 1)]
					     : (char)below(256);
		if (cron_parse((struct slice){ text, n }, 0, &p, &f) != WHEN_OK)
			ck_assert_msg(f.at <= n && f.len <= n - f.at, "%.*s", (int)n, text);
	}
}
END_TEST

Suite *suite_p_cron(void)
{
	Suite *s = suite_create("p_cron");
	TCase *tc = tcase_create("p_cron");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, agrees_minute_by_minute);
	tcase_add_test(tc, agrees_second_by_second);
	tcase_add_test(tc, strictly_after_and_without_holes);
	tcase_add_test(tc, rare_dates_day_by_day);
	tcase_add_test(tc, never_is_never);
	tcase_add_test(tc, count_is_steps);
	tcase_add_test(tc, noise_is_refused_in_its_place);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	return s;
}
