/* Properties of zones: every gap and fold of every zone of the system, and the way from UTC to
 * the wall clock and back. SEED=n repeats a run. */
#include "when/stamp.h"
#include "when/tz.h"

#include "lib/seed.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct tz_db *zones;

static void open_all(void)
{
	seed_open("p_tz", 20111230);
	zones = tz_db_new(NULL);
}

static void close_all(void)
{
	tz_db_free(zones);
}

static const struct tz *zone_at(unsigned i)
{
	return tz_find(zones, slice_of(tz_db_name(zones, i)));
}

static void check_gap(const struct tz *z, const struct tz_span *s)
{
	int64_t opens = s->from + s->before, closes = s->from + s->offset;
	int64_t middle = opens + (closes - opens) / 2;
	struct tz_local l = tz_from_local(z, middle);

	ck_assert_msg(l.kind == TZ_GAP && l.at == s->from, "%s %lld", tz_name(z),
		      (long long)s->from);
	ck_assert(l.first == middle - s->before && l.second == middle - s->offset);
	ck_assert(l.second < s->from && l.first >= s->from);
	ck_assert_int_eq(tz_from_local(z, opens).kind, TZ_GAP);
	ck_assert_int_eq(tz_from_local(z, closes - 1).kind, TZ_GAP);
	ck_assert_msg(tz_from_local(z, opens - 1).first == s->from - 1, "%s", tz_name(z));
	ck_assert_msg(tz_from_local(z, closes).first == s->from, "%s", tz_name(z));
}

static void check_fold(const struct tz *z, const struct tz_span *s)
{
	int64_t opens = s->from + s->offset, closes = s->from + s->before;
	struct tz_local l = tz_from_local(z, opens);

	ck_assert_msg(l.kind == TZ_FOLD && l.at == s->from, "%s %lld", tz_name(z),
		      (long long)s->from);
	ck_assert(l.first == opens - s->before && l.second == s->from);
	ck_assert_int_eq(tz_from_local(z, closes - 1).kind, TZ_FOLD);
	ck_assert_int_eq(tz_from_local(z, opens - 1).kind, TZ_UNIQUE);
	ck_assert_int_eq(tz_from_local(z, closes).kind, TZ_UNIQUE);
}

START_TEST(every_gap_and_fold)
{
	unsigned gaps = 0, folds = 0;

	for (unsigned i = 0; i < tz_db_count(zones); i++) {
		const struct tz *z = zone_at(i);

		for (unsigned k = 1; k < tz_span_count(z); k++) {
			struct tz_span s = tz_span_nth(z, k);

			ck_assert_msg(s.offset != s.before, "%s: joined", tz_name(z));
			ck_assert_msg(s.from < s.until, "%s: ascending", tz_name(z));
			if (s.from < 0 || s.from > 4102444800) /* 1970 to 2100 */
				continue;
			if (s.offset > s.before) {
				check_gap(z, &s);
				gaps++;
			} else {
				check_fold(z, &s);
				folds++;
			}
		}
	}
	ck_assert_uint_gt(gaps, 20000);
	ck_assert_uint_gt(folds, 20000);
}
END_TEST

/* Every instant is found again from its wall clock reading. */
START_TEST(there_and_back)
{
	struct tz_hint hint = { 0 };

	for (unsigned i = 0; i < tz_db_count(zones); i++) {
		const struct tz *z = zone_at(i);

		for (int k = 0; k < 500; k++) {
			int64_t at = (int64_t)(seed_draw() % 7258118400u);
			struct tz_span s = tz_span_at(z, at, &hint);
			struct tz_local l = tz_from_local(z, at + s.offset);

			ck_assert(s.from <= at && at < s.until);
			ck_assert_int_eq(s.offset, tz_offset(z, at, NULL));
			ck_assert_msg(l.kind != TZ_GAP && (l.first == at || l.second == at),
				      "%s %lld", tz_name(z), (long long)at);
			ck_assert(l.first <= l.second);
		}
	}
}
END_TEST

/* A stamp printed in any zone is the same instant when it is read. */
START_TEST(stamps_survive)
{
	char text[STAMP_MAX];
	usec_t back;

	for (unsigned i = 0; i < tz_db_count(zones); i++)
		for (int k = 0; k < 100; k++) {
			usec_t at = (usec_t)(seed_draw() % 7258118400000u) * MSEC;

			(void)stamp_print_local(at, zone_at(i), text);
			ck_assert_msg(stamp_parse(slice_of(text), &back) == WHEN_OK && back == at,
				      "%s", text);
		}
}
END_TEST

Suite *suite_p_tz(void)
{
	Suite *s = suite_create("p_tz");
	TCase *tc = tcase_create("p_tz");

	tcase_add_unchecked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, every_gap_and_fold);
	tcase_add_test(tc, there_and_back);
	tcase_add_test(tc, stamps_survive);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(s, tc);
	return s;
}
