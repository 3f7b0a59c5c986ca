/* Retry policies: how many attempts, and how long between them. */
#include <check.h>

#include "core/call.h"

#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}

static const struct {
	int line;
	struct retry policy;
	int64_t failures;
	uint32_t random;
	usec_t want;
} rows[] = {
	/* n^4 + 15 + rand(10) * (n + 1) */
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 1, 0, 16 * SEC),
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 1, 9, (16 + 18) * SEC),
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 2, 0, 31 * SEC),
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 2, 5, (31 + 15) * SEC),
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 24, 10, (331776 + 15) * SEC),
	R({ RETRY_FIXED, 0, 10 * SEC, 0 }, 1, 0, 10 * SEC),
	R({ RETRY_FIXED, 0, 10 * SEC, 0 }, 7, 0, 10 * SEC),
	R({ RETRY_FIXED, 0, 10 * SEC, 0 }, 7, UINT32_MAX, 11 * SEC),
	R({ RETRY_FIXED, 0, 0, 0 }, 1, 0, MIN),
	R({ RETRY_LINEAR, 0, 10 * SEC, 0 }, 1, 0, 10 * SEC),
	R({ RETRY_LINEAR, 0, 10 * SEC, 0 }, 3, 0, 30 * SEC),
	R({ RETRY_LINEAR, 0, 10 * SEC, 25 * SEC }, 3, 0, 25 * SEC),
	R({ RETRY_LINEAR, 0, SEC, 0 }, INT64_MAX / 2, 0, DAY),
	R({ RETRY_EXPONENTIAL, 0, SEC, 0 }, 1, 0, SEC),
	R({ RETRY_EXPONENTIAL, 0, SEC, 0 }, 4, 0, 8 * SEC),
	R({ RETRY_EXPONENTIAL, 0, SEC, 5 * SEC }, 4, 0, 5 * SEC),
	R({ RETRY_EXPONENTIAL, 0, SEC, 0 }, 1000000, 0, DAY),
	R({ RETRY_POLYNOMIAL, 0, 0, 0 }, 0, 0, 16 * SEC),
	/* what is not set fits what is */
	R({ RETRY_LINEAR, 0, 0, 10 * SEC }, 1, 0, 10 * SEC),
	R({ RETRY_FIXED, 0, 2 * DAY, 0 }, 1, 0, 2 * DAY),
	R({ RETRY_EXPONENTIAL, 0, 0, HOUR }, 2, 0, 2 * MIN),
};

START_TEST(delays)
{
	usec_t got = retry_delay(&rows[_i].policy, rows[_i].failures, rows[_i].random);

	ck_assert_msg(got == rows[_i].want, "line %d: %lld, not %lld", rows[_i].line,
		      (long long)got, (long long)rows[_i].want);
}
END_TEST

/* "24 retries, about 20 days": the seed's product says so of its default. */
START_TEST(default_lasts_about_twenty_days)
{
	struct retry r = { 0 };
	usec_t all = 0;

	ck_assert_int_eq(retry_attempts(&r), 25);
	for (int64_t n = 1; n < retry_attempts(&r); n++)
		all += retry_delay(&r, n, 5);
	ck_assert(all > 20 * DAY && all < 21 * DAY);
}
END_TEST

START_TEST(attempts)
{
	ck_assert_int_eq(retry_attempts(&(struct retry){ RETRY_FIXED, 0, 0, 0 }), 3);
	ck_assert_int_eq(retry_attempts(&(struct retry){ RETRY_FIXED, 1, 0, 0 }), 1);
	ck_assert_int_eq(retry_attempts(&(struct retry){ RETRY_POLYNOMIAL, 4, 0, 0 }), 4);
}
END_TEST

Suite *suite_retry(void)
{
	Suite *s = suite_create("retry");
	TCase *tc = tcase_create("retry");

	tcase_add_loop_test(tc, delays, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, default_lasts_about_twenty_days);
	tcase_add_test(tc, attempts);
	suite_add_tcase(s, tc);
	return s;
}
