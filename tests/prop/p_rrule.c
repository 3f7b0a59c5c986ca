/* Properties of recurrence rules made at random. The main one: rrule_next agrees with brute force
 * (rrule_brute.h). SEED=n repeats a run. */
#include "rrule_brute.h"

#include "lib/seed.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct tz_db *zones;
static struct walk walk; /* too large for a stack */

static void open_all(void)
{
	seed_open("p_rrule", 20251102);
	zones = tz_db_new(NULL);
}

static void close_all(void)
{
	tz_db_free(zones);
}

static int between(int low, int high)
{
	return low + (int)below((unsigned)(high - low + 1));
}

static bool chance(unsigned percent)
{
	return below(100) < percent;
}

/* ---- rules made at random ---- */

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
	"Asia/Kolkata",
	"Africa/Casablanca",
	"Europe/Dublin",
	"America/Havana",
	"Pacific/Apia",
	"Asia/Gaza",
	"America/Scoresbysund",
};

struct sample {
	struct rule rule;
	const struct tz *z;
	struct dst_policy dst;
	char text[4000];
	size_t n;
};

static void some(struct list *l, unsigned most, int low, int high)
{
	for (unsigned left = 1 + below(most); left > 0; left--)
		l->v[l->n++] = between(low, high);
}

static void some_signed(struct list *l, unsigned most, int high)
{
	some(l, most, 1, high);
	for (unsigned i = 0; i < l->n; i++)
		if (chance(40))
			l->v[i] = -l->v[i];
}

static void make_weekdays(struct rule *r)
{
	bool numbered = r->freq <= RRULE_MONTHLY && r->weekno.n == 0 && chance(60);
	int most = r->freq == RRULE_MONTHLY || r->month.n > 0 ? 5 : 53;

	for (r->days = 0; r->days < 1 + below(4); r->days++) {
		r->day[r->days].weekday = between(0, 6);
		r->day[r->days].nth = numbered && chance(85) ? between(1, most) : 0;
		if (chance(40))
			r->day[r->days].nth *= -1;
	}
}

static void make_yearly(struct rule *r)
{
	if (chance(20))
		some_signed(&r->weekno, 3, 53);
	if (r->weekno.n > 0 && chance(50))
		r->weekno.v[0] = chance(50) ? 53 : -53;
	if (chance(12))
		some_signed(&r->yearday, 5, 366);
}

static void make_days(struct rule *r)
{
	bool is_fine = r->freq >= RRULE_HOURLY;

	if (chance(30))
		some(&r->month, 4, 1, 12);
	if (r->freq == RRULE_YEARLY)
		make_yearly(r);
	if (chance(r->freq == RRULE_WEEKLY ? 70 : 40))
		make_weekdays(r);
	if (r->freq != RRULE_WEEKLY && chance(30))
		some_signed(&r->monthday, is_fine ? 12 : 4, 31);
	if (is_fine && chance(12))
		some_signed(&r->yearday, 60, 366);
}

/* hour: of a clock change nearby. */
static void make_hours(struct rule *r, int hour)
{
	if (chance(24))
		for (unsigned left = 1 + below(3); left > 0; left--)
			r->hour.v[r->hour.n++] = (hour + between(23, 25)) % 24;
	else if (chance(15))
		some(&r->hour, r->freq > RRULE_HOURLY ? 12 : 3, 0, 23);
}

static void make_times(struct rule *r, int hour)
{
	static const int minutes[] = { 0, 15, 29, 30, 31, 45, 59 };

	make_hours(r, hour);
	if (chance(20))
		some(&r->minute, r->freq > RRULE_MINUTELY ? 20 : 3, 0, 59);
	else if (chance(20))
		for (unsigned left = 1 + below(3); left > 0; left--)
			r->minute.v[r->minute.n++] = minutes[below(7)];
	if (chance(r->freq >= RRULE_HOURLY ? 30 : 10))
		some(&r->second, 3, 0, 59);
}

static bool has_by_part(const struct rule *r)
{
	return r->month.n + r->weekno.n + r->yearday.n + r->monthday.n + r->days + r->hour.n
		     + r->minute.n + r->second.n
	     > 0;
}

static int64_t near_change(const struct tz *z, int *hour)
{
	int64_t at = (int64_t)between(10, 70) * 365 * CIVIL_DAY_SECONDS + (int64_t)below(31536000);
	struct tz_span s = tz_span_at(z, at, NULL);

	if (s.until < 4102444800 && chance(75)) {
		int64_t low = s.until + (s.offset < s.after ? s.offset : s.after);

		at = low + below((unsigned)abs(s.after - s.offset));
		at -= chance(70) ? floor_div(at, 1) % 900 : 0;
		*hour = second_of(at) / 3600;
	}
	return at;
}

static struct date make_date(const struct sample *s, int64_t reach)
{
	struct date d = { s->rule.dtstart + (int64_t)below((unsigned)reach), chance(20),
			  chance(30) };

	d.at -= chance(50) ? d.at % 900 : 0;
	if (d.is_day) {
		d.at -= second_of(d.at);
		d.is_utc = false;
	}
	return d;
}

static void make_bounds(struct sample *s, int64_t reach)
{
	struct rule *r = &s->rule;

	if (chance(25))
		r->count = between(1, chance(70) ? 30 : 500);
	else if (chance(20)) {
		r->has_until = true;
		r->until = make_date(s, reach);
	}
	s->dst = (struct dst_policy){ 0, 0 };
	if (chance(30))
		s->dst = (struct dst_policy){ below(4), below(4) };
}

/* reach: how many seconds from DTSTART will be looked at. */
static void make_rule(struct sample *s, enum rrule_freq freq, int64_t reach)
{
	static const int most[] = { 5, 14, 6, 40, 60, 1500, 5000 };
	struct rule *r = &s->rule;
	int hour = 9;

	*r = (struct rule){ .freq = freq, .interval = 1, .wkst = chance(40) ? between(0, 6) : 1 };
	r->dtstart = near_change(s->z, &hour);
	if (chance(50)) /* the change lies ahead */
		r->dtstart -= (int64_t)below(freq < RRULE_HOURLY ? 400 : 3) * CIVIL_DAY_SECONDS;
	if (chance(20))
		r->dtstart -= second_of(r->dtstart);
	if (chance(50))
		r->interval = between(1, chance(50) ? most[freq] : 3);
	make_days(r);
	make_times(r, hour);
	if (has_by_part(r) && chance(30))
		some_signed(&r->setpos, 3, chance(50) ? 3 : 12);
	make_bounds(s, reach);
}

/* ---- their text ---- */

static void put(struct sample *s, const char *text)
{
	s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s", text);
}

static void put_number(struct sample *s, int v)
{
	s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%d", v);
}

static void put_date(struct sample *s, struct date d)
{
	struct civil c = civil_from_days(day_of(d.at));
	int t = second_of(d.at);
	bool is_rfc3339 = !d.is_day && chance(20);

	s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n,
				 is_rfc3339 ? "%04d-%02u-%02u" : "%04d%02u%02u", c.year, c.month,
				 c.day);
	if (!d.is_day)
		s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n,
					 is_rfc3339 ? "T%02d:%02d:%02d" : "T%02d%02d%02d", t / 3600,
					 t / 60 % 60, t % 60);
	put(s, d.is_utc ? "Z" : "");
}

static void put_list(struct sample *s, const char *name, const struct list *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		put(s, i ? "," : name);
		put_number(s, l->v[i]);
	}
}

static void put_weekdays(struct sample *s)
{
	static const char *const names[] = { "SU", "MO", "TU", "we", "TH", "FR", "Sa" };

	for (unsigned i = 0; i < s->rule.days; i++) {
		put(s, i ? "," : ";BYDAY=");
		if (s->rule.day[i].nth)
			put_number(s, s->rule.day[i].nth);
		put(s, names[s->rule.day[i].weekday]);
	}
	if (s->rule.wkst != 1) {
		put(s, ";WKST=");
		put(s, names[s->rule.wkst]);
	}
}

static void put_dates(struct sample *s, const char *name, const struct date *d, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		put(s, name);
		put(s, d[i].is_day ? ";VALUE=DATE:" : ":");
		put_date(s, d[i]);
	}
}

static void make_text(struct sample *s)
{
	static const char *const freqs[] = { "YEARLY", "MONTHLY",  "WEEKLY",  "DAILY",
					     "HOURLY", "MINUTELY", "SECONDLY" };
	const struct rule *r = &s->rule;

	s->n = 0;
	put_dates(s, "EXDATE", r->ex, r->exes ? 1 : 0);
	put(s, r->exes ? "\nDTSTART:" : "DTSTART:");
	put_date(s, (struct date){ r->dtstart, false, false });
	put(s, "\nRRULE:");
	put_list(s, "BYHOUR=", &r->hour);
	put(s, r->hour.n ? ";FREQ=" : "FREQ=");
	put(s, freqs[r->freq]);
	put_list(s, ";BYSETPOS=", &r->setpos);
	put_list(s, ";BYMONTH=", &r->month);
	put_list(s, ";BYWEEKNO=", &r->weekno);
	put_list(s, ";BYYEARDAY=", &r->yearday);
	put_list(s, ";BYMONTHDAY=", &r->monthday);
	put_list(s, ";BYMINUTE=", &r->minute);
	put_list(s, ";BYSECOND=", &r->second);
	put_weekdays(s);
	if (r->interval > 1 || chance(20))
		put_list(s, ";INTERVAL=", &(struct list){ { r->interval }, 1 });
	if (r->count)
		put_list(s, ";COUNT=", &(struct list){ { r->count }, 1 });
	if (r->has_until) {
		put(s, ";UNTIL=");
		put_date(s, r->until);
	}
	put_dates(s, "\nRDATE", r->add, r->adds);
	if (r->exes)
		put_dates(s, "\nEXDATE", r->ex + 1, r->exes - 1);
}

/* ---- comparison ---- */

static void walk_sample(const struct sample *s, int64_t from, int64_t span)
{
	walk.z = s->z;
	walk.dst = s->dst;
	expand(&walk, &s->rule, from, span);
}

#define ABOUT "%s\nin %s (gap %d overlap %d): "
#define ABOUT_ARG(s) (s)->text, tz_name((s)->z), (s)->dst.gap, (s)->dst.overlap

static usec_t check_run(const struct sample *s, const struct rrule *r, const struct occurrence *o,
			usec_t got)
{
	enum dst_touch touch;

	ck_assert_msg(got == o->at * SEC, ABOUT "%lld comes, not %lld", ABOUT_ARG(s),
		      (long long)(got / SEC), (long long)o->at);
	touch = rrule_touch(r, got);
	ck_assert_msg(o->touches >> touch & 1, ABOUT "%lld is touched %d, not %x", ABOUT_ARG(s),
		      (long long)o->at, touch, o->touches);
	ck_assert_msg(rrule_next(r, got - 1, NULL) == got, ABOUT "%lld is lost", ABOUT_ARG(s),
		      (long long)o->at);
	return got;
}

static void check_sequence(const struct sample *s, const struct rrule *r, usec_t at)
{
	struct tz_hint hint = { 0 };
	unsigned i = 0;
	usec_t next;

	for (; i < walk.n && i < 300 && walk.found[i].at < walk.end; i++)
		at = check_run(s, r, &walk.found[i], rrule_next(r, at, &hint));
	if (i == 300)
		return;
	next = rrule_next(r, at, &hint);
	ck_assert_msg(next == USEC_NEVER || next / SEC >= walk.end, ABOUT "%lld is too much",
		      ABOUT_ARG(s), (long long)(next / SEC));
}

/* From anywhere, with the hint of anywhere else. */
static void check_anywhere(const struct sample *s, const struct rrule *r)
{
	struct tz_hint hint = { 0 };

	for (int tries = 0; tries < 20 && walk.n > 1; tries++) {
		unsigned i = below(walk.n - 1);
		int64_t a = walk.found[i].at, b = walk.found[i + 1].at;
		int64_t after = a + (int64_t)below((unsigned)(b - a < 1 << 30 ? b - a : 1 << 30));
		usec_t got = rrule_next(r, after * SEC + below(1000000), &hint);

		if (b < walk.end)
			ck_assert_msg(got == b * SEC, ABOUT "after %lld comes %lld, not %lld",
				      ABOUT_ARG(s), (long long)after, (long long)(got / SEC),
				      (long long)b);
	}
}

static const struct rrule *parse(const struct sample *s, usec_t last, struct arena *arena)
{
	struct rrule_ask ask = { .zone = s->z, .last = last, .dst = s->dst, .arena = arena };
	const struct rrule *r = NULL;
	struct when_fault f = { 0, 0, 0, "?", NULL };
	enum when_err e = rrule_parse(&ask, (struct slice){ s->text, s->n }, &r, &f);

	ck_assert_msg(e == WHEN_OK || e == WHEN_RRULE_NEVER, ABOUT "%s in %s at %u", ABOUT_ARG(s),
		      when_err_name(e), f.field, f.at);
	return e == WHEN_OK ? r : NULL;
}

/* If the policy left nothing of what COUNT allows, the last one lies before DTSTART. */
static void check_last(const struct sample *s, const struct rrule *r)
{
	int64_t last = rrule_last(r) / SEC;

	if (walk.last == INT64_MIN)
		ck_assert_msg(last < tz_from_local(s->z, s->rule.dtstart).first,
			      ABOUT "last is %lld", ABOUT_ARG(s), (long long)last);
	else
		ck_assert_msg(last == walk.last, ABOUT "last is %lld, not %lld", ABOUT_ARG(s),
			      (long long)last, (long long)walk.last);
}

/* False if the rule never happens. */
static bool compare(const struct sample *s, int64_t from, int64_t span)
{
	struct arena *arena = arena_new();
	const struct rrule *r = parse(s, USEC_NEVER, arena);
	size_t bytes = arena_bytes(arena);

	walk_sample(s, from, span);
	if (!r) {
		ck_assert_msg(walk.counted == 0, ABOUT "said to be never", ABOUT_ARG(s));
		arena_free(arena);
		return false;
	}
	usec_t before = walk.begin == INT64_MIN ? -1 : walk.begin * SEC - 1;

	check_sequence(s, r, before);
	check_anywhere(s, r);
	ck_assert_uint_eq(arena_bytes(arena), bytes);
	if (s->rule.count == 0)
		ck_assert_msg(rrule_last(r) == USEC_NEVER, ABOUT "a last one", ABOUT_ARG(s));
	else if (walk.counted == s->rule.count) {
		check_last(s, r);
		r = parse(s, rrule_last(r), arena);
		check_last(s, r);
		check_sequence(s, r, before);
		check_anywhere(s, r);
	}
	arena_free(arena);
	return true;
}

static void add_dates(struct sample *s, int64_t reach)
{
	struct rule *r = &s->rule;

	while (r->adds < 5 && chance(20))
		r->add[r->adds++] = make_date(s, reach);
	if (!chance(35))
		return;
	walk_sample(s, r->dtstart, reach);
	while (r->exes < 5 && chance(70)) {
		struct date d = make_date(s, reach);

		if (walk.n > 0 && !d.is_day && chance(90))
			d = (struct date){ walk.found[below(walk.n < 20 ? walk.n : 20)].at, false,
					   true };
		r->ex[r->exes++] = d;
	}
}

static void run(int samples, enum rrule_freq low, enum rrule_freq high)
{
	static const int spans[] = {
		4000, 1200, 400, 300, 150, 500, 4000
	}; /* days, then periods */
	static const int seconds[] = { 86400, 86400, 86400, 86400, 3600, 60, 1 };
	static struct sample s;
	int taken = 0;

	for (int i = 0; i < samples; i++) {
		enum rrule_freq freq = (enum rrule_freq)between((int)low, (int)high);
		int64_t reach = (int64_t)spans[freq] * seconds[freq], from;

		s.z = tz_find(
			zones,
			slice_of(zone_names[below(sizeof zone_names / sizeof zone_names[0])]));
		make_rule(&s, freq, reach);
		if (freq >= RRULE_HOURLY)
			reach *= s.rule.interval;
		add_dates(&s, reach);
		make_text(&s);
		from = s.rule.dtstart;
		if (s.rule.count == 0 && chance(30))
			from += (int64_t)below(60 * 365) * CIVIL_DAY_SECONDS;
		taken += compare(&s, from, reach);
	}
	ck_assert_int_gt(taken, samples * 3 / 5);
}

START_TEST(agrees_day_by_day)
{
	run(3000, RRULE_YEARLY, RRULE_DAILY);
}
END_TEST

START_TEST(agrees_period_by_period)
{
	run(600, RRULE_HOURLY, RRULE_SECONDLY);
}
END_TEST

/* Rules of rare days: said to be never if no day to 2199 belongs, and only then. */
START_TEST(never_is_never)
{
	static struct sample s;
	int nevers = 0;

	s.z = tz_utc();
	for (int i = 0; i < 150; i++) {
		struct rule *r = &s.rule;
		struct arena *arena = arena_new();
		bool is_never;

		make_rule(&s, (enum rrule_freq)between(RRULE_YEARLY, RRULE_DAILY), 1000);
		r->count = 0;
		r->has_until = false;
		r->month = (struct list){ { chance(50) ? 2 : 4 }, 1 };
		if (r->freq != RRULE_WEEKLY)
			r->monthday = (struct list){ { between(28, 31) }, 1 };
		make_text(&s);
		is_never = parse(&s, USEC_NEVER, arena) == NULL;
		r->count = 1;
		walk_sample(&s, r->dtstart, 7258118400 - 400 * 86400 - r->dtstart);
		ck_assert_msg(is_never == (walk.counted == 0), ABOUT "never: %d", ABOUT_ARG(&s),
			      is_never);
		nevers += is_never;
		arena_free(arena);
	}
	ck_assert_int_gt(nevers, 15);
}
END_TEST

/* Any letters: no crash, and a fault that lies inside the text. */
START_TEST(noise_is_refused_in_its_place)
{
	static const char *const words[] = {
		"FREQ=",  "DAILY",  "YEARLY",    ";",      "BYDAY=",    "MO,",    "-1FR",
		"COUNT=", "UNTIL=", "2025",      "0309T",  "\n",        "EXDATE", "DTSTART",
		";TZID=", "UTC",    ":",         "RRULE:", "=",         ",",      "+",
		"1",      "99999",  "BYSETPOS=", "\r\n ",  "INTERVAL=", "WEEKLY", "20250309T023000"
	};
	struct arena *arena = arena_new();
	static struct sample s;

	for (int i = 0; i < 30000; i++) {
		struct rrule_ask ask = { .zone = tz_utc(), .last = USEC_NEVER, .arena = arena };
		const struct rrule *r;
		struct when_fault f = { 0, 0, 0, NULL, NULL };

		s.n = 0;
		for (unsigned k = below(24); k > 0; k--)
			put(&s, words[below(sizeof words / sizeof words[0])]);
		if (rrule_parse(&ask, (struct slice){ s.text, s.n }, &r, &f) != WHEN_OK)
			ck_assert_msg(f.err != WHEN_OK && f.at <= s.n && f.len <= s.n - f.at, "%s",
				      s.text);
		arena_reset(arena);
	}
	arena_free(arena);
}
END_TEST

Suite *suite_p_rrule(void)
{
	Suite *s = suite_create("p_rrule");
	TCase *tc = tcase_create("p_rrule");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, agrees_day_by_day);
	tcase_add_test(tc, agrees_period_by_period);
	tcase_add_test(tc, never_is_never);
	tcase_add_test(tc, noise_is_refused_in_its_place);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	return s;
}
