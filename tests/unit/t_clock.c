#include <check.h>
#include <stdlib.h>

#include "base/clock.h"

/* Offsets in milliseconds from an instant by the bare clock; the skew learnt before carries over
 * from row to row. */
static const struct row {
	int line;
	usec_t sent, got, db, want;
} rows[] = {
#define R(sent, got, db, want)                \
	{                                     \
		__LINE__, sent, got, db, want \
	}
	R(0, 40, 20, 0),                       /* the database may agree with us */
	R(0, 40, 0, 0),                        /* just */
	R(0, 40, 40, 0),      R(0, 40, 41, 1), /* it is ahead by at least 1 */
	R(0, 40, 1030, 990),  /* [990, 1030]: the lower end, late rather than early */
	R(0, 400, 1010, 990), /* [610, 1010]: what we believe is possible, so it stays */
	R(0, 10, 1020, 1010), /* [1010, 1020]: no longer possible */
	R(0, 10, 1011, 1010), /* [1001, 1011] */
	R(0, 10, -500, -510), /* behind */
	R(0, 10, -495, -505), /* [-505, -495] */
	R(0, 10, 5, 0),       /* agreed again */
	R(40, 0, 5000, 0),    /* our clock went back in between: nothing is learnt */
};

START_TEST(skew)
{
	const usec_t base = 1893456000 * SEC;
	usec_t before = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		usec_t real = clock_real();
		usec_t got = clock_learn_skew(base + r->db * MSEC, base + r->sent * MSEC + before,
					      base + r->got * MSEC + before);

		ck_assert_msg(got == r->want * MSEC, "line %d: %lld", r->line, (long long)got);
		/* What the clock says has moved by as much. */
		ck_assert_int_le(llabs(clock_real() - real - (got - before)), SEC / 4);
		before = got;
	}
}
END_TEST

START_TEST(the_test_clock_stands_still)
{
	usec_t boot = clock_boot();

	ck_assert_int_le(llabs(clock_now() - clock_real()), SEC);
	ck_assert(!clock_is_faked());
	clock_set(42);
	ck_assert_int_eq(clock_now(), 42);
	ck_assert_int_eq(clock_now(), 42);
	ck_assert(clock_is_faked());
	ck_assert_int_gt(clock_real(), 1700000000 * SEC);
	ck_assert_int_ge(clock_boot(), boot);
}
END_TEST

Suite *suite_clock(void)
{
	Suite *s = suite_create("clock");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, clock_unset,
				  clock_unset); /* one process for all under sanitizers */
	tcase_add_test(tc, skew);
	tcase_add_test(tc, the_test_clock_stands_still);
	suite_add_tcase(s, tc);
	return s;
}
