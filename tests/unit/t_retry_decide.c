#include <check.h>

#include "core/retry.h"

#define NOW (1000 * SEC)

static const struct {
	const char *what;
	struct retry retry;
	int64_t count;
	usec_t retry_after, expires_at;
	bool is_gone, is_final;
	int end;
	const char *reason;
	usec_t least, most; /* of the wait */
} rows[] = {
	{ "the last one",
	  { RETRY_FIXED, 2, SEC, 0 },
	  2,
	  USEC_NEVER,
	  USEC_NEVER,
	  false,
	  false,
	  RUN_FAILED,
	  "attempts_exhausted",
	  0,
	  0 },
	{ "one more",
	  { RETRY_FIXED, 2, 10 * SEC, 0 },
	  1,
	  USEC_NEVER,
	  USEC_NEVER,
	  false,
	  false,
	  RUN_PENDING,
	  NULL,
	  10 * SEC,
	  11 * SEC },
	{ "gone",
	  { RETRY_FIXED, 9, SEC, 0 },
	  1,
	  USEC_NEVER,
	  USEC_NEVER,
	  true,
	  false,
	  RUN_FAILED,
	  "gone",
	  0,
	  0 },
	{ "final",
	  { RETRY_FIXED, 9, SEC, 0 },
	  1,
	  USEC_NEVER,
	  USEC_NEVER,
	  false,
	  true,
	  RUN_FAILED,
	  "kept",
	  0,
	  0 },
	{ "later, as asked",
	  { RETRY_FIXED, 9, SEC, 0 },
	  1,
	  MIN,
	  USEC_NEVER,
	  false,
	  false,
	  RUN_PENDING,
	  NULL,
	  MIN,
	  MIN },
	{ "asked for less",
	  { RETRY_FIXED, 9, MIN, 0 },
	  1,
	  SEC,
	  USEC_NEVER,
	  false,
	  false,
	  RUN_PENDING,
	  NULL,
	  MIN,
	  MIN + 6 * SEC },
	{ "too late",
	  { RETRY_FIXED, 9, MIN, 0 },
	  1,
	  USEC_NEVER,
	  NOW + MIN,
	  false,
	  false,
	  RUN_EXPIRED,
	  "expired",
	  MIN,
	  MIN + 6 * SEC },
	{ "just in time",
	  { RETRY_FIXED, 9, MIN, 0 },
	  1,
	  USEC_NEVER,
	  NOW + MIN + 7 * SEC,
	  false,
	  false,
	  RUN_PENDING,
	  NULL,
	  MIN,
	  MIN + 6 * SEC },
	{ "grows",
	  { RETRY_EXPONENTIAL, 9, SEC, 0 },
	  4,
	  USEC_NEVER,
	  USEC_NEVER,
	  false,
	  false,
	  RUN_PENDING,
	  NULL,
	  8 * SEC,
	  9 * SEC },
};

START_TEST(test_decide)
{
	struct failure f = { &rows[_i].retry,     rows[_i].count,   rows[_i].retry_after,
			     rows[_i].expires_at, rows[_i].is_gone, rows[_i].is_final };
	struct result r = { .finished_at = NOW, .ready_at = USEC_NEVER };

	if (f.is_final)
		r.reason = SLICE_LIT("kept");
	retry_decide(&f, &r);
	ck_assert_msg(r.outcome == OUTCOME_FAILURE, "%s", rows[_i].what);
	ck_assert_msg(r.end == rows[_i].end, "%s: ends as %d", rows[_i].what, r.end);
	if (rows[_i].reason)
		ck_assert_msg(slice_is(r.reason, rows[_i].reason), "%s", rows[_i].what);
	else
		ck_assert_msg(!r.reason.p, "%s", rows[_i].what);
	if (!rows[_i].most)
		ck_assert_int_eq(r.ready_at, USEC_NEVER);
	else
		ck_assert_msg(r.ready_at - NOW >= rows[_i].least
				      && r.ready_at - NOW <= rows[_i].most,
			      "%s", rows[_i].what);
}
END_TEST

/* Without a policy a job has one attempt, where a target has 25. */
START_TEST(test_of_job)
{
	struct retry none = { 0 }, some = { RETRY_LINEAR, 0, 0, 0 }, five = { 0, 5, 0, 0 };

	ck_assert_int_eq(retry_attempts(&none), 25);
	retry_of_job(&none);
	ck_assert_int_eq(retry_attempts(&none), 1);
	retry_of_job(&some);
	ck_assert_int_eq(retry_attempts(&some), 3);
	retry_of_job(&five);
	ck_assert_int_eq(retry_attempts(&five), 5);
}
END_TEST

Suite *suite_retry_decide(void)
{
	Suite *s = suite_create("retry_decide");
	TCase *t = tcase_create("retry");

	tcase_add_loop_test(t, test_decide, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, test_of_job);
	suite_add_tcase(s, t);
	return s;
}
