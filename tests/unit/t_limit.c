/* Limits: buckets of tokens, requests of tenants, failed authentication of addresses. */
#include <check.h>
#include <string.h>

#include "base/metric.h"
#include "core/auth_failures.h"
#include "core/bucket.h"
#include "core/core.h"
#include "core/limit.h"

static struct bucket_table *table;

static void setup(void)
{
	table = bucket_table_new();
}

static void teardown(void)
{
	bucket_table_free(table);
}

static const uint8_t *key(uint32_t n)
{
	static uint8_t bytes[16];

	memcpy(bytes, &n, sizeof n);
	bytes[15] = 1;
	return bytes;
}

/* --- a bucket --- */

/* One bucket's life, row by row: `pass` after the row before, so many were taken; then so many are left and there is
 * one more in `wait` seconds. `anew`: another bucket. */
static const struct row {
	int line;
	bool anew;
	usec_t pass;
	int32_t limit;
	int take;
	int32_t left, wait;
} rows[] = {
	{ __LINE__, true, 0, 6000, 0, 6000, 0 },
	{ __LINE__, false, 0, 6000, 1, 5999, 1 },
	/* 6000 a minute are one in 10 ms, not a microsecond earlier */
	{ __LINE__, false, 9999, 6000, 0, 5999, 1 },
	{ __LINE__, false, 1, 6000, 0, 6000, 0 },
	{ __LINE__, false, 0, 6000, 6000, 0, 1 },
	{ __LINE__, false, MIN - 1, 6000, 0, 5999, 1 },
	{ __LINE__, false, 1, 6000, 0, 6000, 0 },
	{ __LINE__, false, 100 * DAY, 6000, 0, 6000, 0 },
	/* one in 12 s */
	{ __LINE__, true, 0, 5, 5, 0, 12 },
	{ __LINE__, false, 1, 5, 0, 0, 12 },
	{ __LINE__, false, SEC - 1, 5, 0, 0, 11 },
	{ __LINE__, false, 11 * SEC - 1, 5, 0, 0, 1 },
	{ __LINE__, false, 1, 5, 0, 1, 12 },
	{ __LINE__, false, 48 * SEC, 5, 0, 5, 0 },
	{ __LINE__, false, 0, 5, 1, 4, 12 },
	/* one a minute */
	{ __LINE__, true, 0, 1, 1, 0, 60 },
	{ __LINE__, false, MIN - 1, 1, 0, 0, 1 },
	{ __LINE__, false, 1, 1, 1, 0, 60 },
	/* seven a minute: one in 8.571428571... s, and nothing of that is lost */
	{ __LINE__, true, 0, 7, 7, 0, 9 },
	{ __LINE__, false, 8571428, 7, 0, 0, 1 },
	{ __LINE__, false, 1, 7, 1, 0, 9 },
	{ __LINE__, false, 8571428, 7, 0, 0, 1 },
	{ __LINE__, false, 1, 7, 1, 0, 9 },
	{ __LINE__, false, 8571427, 7, 0, 0, 1 },
	{ __LINE__, false, 1, 7, 0, 1, 9 },
	/* a clock that stands still or that another reading overtook */
	{ __LINE__, true, 0, 60, 10, 50, 1 },
	{ __LINE__, false, 0, 60, 0, 50, 1 },
	{ __LINE__, false, -5 * SEC, 60, 0, 50, 1 },
	{ __LINE__, false, 5 * SEC, 60, 0, 50, 1 },
	/* another limit: what is missing stays missing, but never more than all of it */
	{ __LINE__, true, 0, 100, 60, 40, 1 },
	{ __LINE__, false, 0, 80, 0, 20, 1 },
	{ __LINE__, false, 0, 10, 0, 0, 6 },
	{ __LINE__, false, 6 * SEC, 10, 0, 1, 6 },
	{ __LINE__, false, 0, 100, 0, 91, 1 },
	/* the largest */
	{ __LINE__, true, 0, BUCKET_LIMIT_MAX, 1000, BUCKET_LIMIT_MAX - 1000, 1 },
	{ __LINE__, false, INT64_MAX / 2, BUCKET_LIMIT_MAX, 0, BUCKET_LIMIT_MAX, 0 },
};

START_TEST(as_the_rows_say)
{
	usec_t now = 12345;
	uint32_t life = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct bucket *b;

		life += r->anew;
		now += r->pass;
		b = bucket_find(table, key(life), r->limit, now);
		for (int n = 0; n < r->take; n++)
			bucket_take(b);
		ck_assert_msg(bucket_left(b) == r->left && bucket_wait(b) == r->wait,
			      "line %d: %d left, %d s", r->line, bucket_left(b), bucket_wait(b));
	}
}
END_TEST

START_TEST(who_takes_all_he_can_gets_exactly_his_limit)
{
	static const int32_t limits[] = { 1, 7, 60, 999, 6000 };

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		int32_t taken = 0;

		for (usec_t now = 0; now <= 10 * MIN; now += 9973)
			for (struct bucket *b =
				     bucket_find(table, key(1000 + limits[i]), limits[i], now);
			     bucket_left(b) > 0; taken++)
				bucket_take(b);
		/* the last of them came a step before the end, at most */
		ck_assert_int_ge(taken, 11 * limits[i] - 1 - limits[i] * 9973 / MIN);
		ck_assert_int_le(taken, 11 * limits[i]);
	}
}
END_TEST

START_TEST(a_token_given_back_is_there_and_no_more)
{
	struct bucket *b = bucket_find(table, key(1), 3, 0);

	bucket_take(b);
	bucket_take(b);
	bucket_give(b);
	ck_assert_int_eq(bucket_left(b), 2);
	bucket_give(b);
	bucket_give(b);
	ck_assert_int_eq(bucket_left(b), 3);
	ck_assert_int_eq(bucket_wait(b), 0);
}
END_TEST

/* --- the table --- */

START_TEST(keys_do_not_share)
{
	for (uint32_t i = 0; i < 1000; i++)
		bucket_take(bucket_find(table, key(i), 1, 0));
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_int_eq(bucket_left(bucket_find(table, key(i), 1, 0)), 0);
	ck_assert_int_eq(bucket_left(bucket_find(table, key(1000), 1, 0)), 1);
}
END_TEST

START_TEST(at_the_ceiling_the_fullest_is_forgotten)
{
	/* One tenant is at his end; many more than there is room for have taken one. */
	for (int n = 0; n < 50; n++)
		bucket_take(bucket_find(table, key(0), 100, 0));
	for (uint32_t i = 1; i <= 4 * BUCKETS_MAX; i++)
		bucket_take(bucket_find(table, key(i), 100, i));
	ck_assert_int_eq(bucket_left(bucket_find(table, key(0), 100, MSEC)), 50);
	/* What was forgotten is full; what is remembered is not. */
	int remembered = 0;
	for (uint32_t i = 1; i <= 4 * BUCKETS_MAX; i++)
		remembered += bucket_left(bucket_find(table, key(i), 100, 4 * BUCKETS_MAX)) < 100;
	ck_assert_int_le(remembered, BUCKETS_MAX);
}
END_TEST

START_TEST(fullness_counts_not_tokens)
{
	/* 10 of 1000 are back in 0.6 s, 1 of 2 in 30 s: who takes longer to be full is remembered. */
	for (int n = 0; n < 10; n++)
		bucket_take(bucket_find(table, key(0), 1000, 0));
	bucket_take(bucket_find(table, key(1), 2, 0));
	for (uint32_t i = 2; i <= 2 * BUCKETS_MAX; i++)
		for (int n = 0; n < 20; n++)
			bucket_take(bucket_find(table, key(i), 1000, 0));
	ck_assert_int_eq(bucket_left(bucket_find(table, key(1), 2, 0)), 1);
	ck_assert_int_eq(bucket_left(bucket_find(table, key(0), 1000, 0)), 1000);
}
END_TEST

/* --- operations --- */

static struct core core;
static struct op op;

static void begin(int32_t limit)
{
	metric_clear();
	core = (struct core){ .requests = table, .failures = table, .auth_failures_max = 3 };
	op = (struct op){ .core = &core, .arena = arena_new(), .peer = key(7) };
	op.who.limits.requests = limit;
	op.who.tenant.b[0] = 9;
}

START_TEST(requests_of_a_tenant)
{
	begin(2);
	ck_assert(limit_take(&op));
	ck_assert_int_eq(op.limit->limit, 2);
	ck_assert_int_eq(op.limit->left, 1);
	ck_assert_int_eq(op.limit->wait, 30);
	ck_assert(limit_take(&op));
	ck_assert_int_eq(op.limit->left, 0);
	ck_assert_int_eq(op.retry_after, 0);
	ck_assert(!limit_take(&op));
	ck_assert_int_eq(op.limit->left, 0);
	ck_assert_int_eq(op.retry_after, op.limit->wait);
	ck_assert_int_ge(op.retry_after, 29);
	ck_assert_int_eq(metric_get(METRIC_LIMITED_RATE), 1);
	/* looking takes nothing; another tenant has his own */
	ck_assert_int_eq(limit_look(&core, &op.who).left, 0);
	op.who.tenant.b[0] = 8;
	ck_assert_int_eq(limit_look(&core, &op.who).left, 2);
	ck_assert_int_eq(limit_look(&core, &op.who).left, 2);
	ck_assert(limit_take(&op));
	arena_free(op.arena);
}
END_TEST

START_TEST(no_limit_no_state)
{
	begin(0);
	for (int i = 0; i < 10; i++)
		ck_assert(limit_take(&op));
	ck_assert_ptr_null(op.limit);
	arena_free(op.arena);
}
END_TEST

START_TEST(failures_of_an_address)
{
	begin(0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(auth_try(&op), AUTH_TRY);
		auth_tried(&op, true);
	}
	ck_assert_int_eq(auth_try(&op), AUTH_REFUSED);
	ck_assert_int_ge(op.retry_after, 19);
	ck_assert_int_le(op.retry_after, 20);
	ck_assert_int_eq(metric_get(METRIC_LIMITED_FAILURES), 1);
	op.peer = key(8);
	ck_assert_int_eq(auth_try(&op), AUTH_TRY);
	arena_free(op.arena);
}
END_TEST

START_TEST(good_keys_are_no_failures)
{
	begin(0);
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(auth_try(&op), AUTH_TRY);
		auth_tried(&op, false);
	}
	arena_free(op.arena);
}
END_TEST

START_TEST(many_at_once_are_no_more_than_the_bucket_holds)
{
	begin(0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(auth_try(&op), AUTH_TRY);
	ck_assert_int_eq(auth_try(&op), AUTH_WAIT);
	auth_tried(&op, false); /* one was good: there is room again */
	ck_assert_int_eq(auth_try(&op), AUTH_TRY);
	ck_assert_int_eq(auth_try(&op), AUTH_WAIT);
	for (int i = 0; i < 3; i++)
		auth_tried(&op, true);
	ck_assert_int_eq(auth_try(&op), AUTH_REFUSED);
	arena_free(op.arena);
}
END_TEST

START_TEST(no_limit_no_address)
{
	begin(0);
	core.auth_failures_max = 0;
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(auth_try(&op), AUTH_TRY);
		auth_tried(&op, true);
	}
	core.auth_failures_max = 1;
	op.peer = NULL;
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(auth_try(&op), AUTH_TRY);
		auth_tried(&op, true);
	}
	arena_free(op.arena);
}
END_TEST

Suite *suite_limit(void)
{
	Suite *s = suite_create("limit");
	TCase *c = tcase_create("limit");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, as_the_rows_say);
	tcase_add_test(c, who_takes_all_he_can_gets_exactly_his_limit);
	tcase_add_test(c, a_token_given_back_is_there_and_no_more);
	tcase_add_test(c, keys_do_not_share);
	tcase_add_test(c, at_the_ceiling_the_fullest_is_forgotten);
	tcase_add_test(c, fullness_counts_not_tokens);
	tcase_add_test(c, requests_of_a_tenant);
	tcase_add_test(c, no_limit_no_state);
	tcase_add_test(c, failures_of_an_address);
	tcase_add_test(c, good_keys_are_no_failures);
	tcase_add_test(c, many_at_once_are_no_more_than_the_bucket_holds);
	tcase_add_test(c, no_limit_no_address);
	suite_add_tcase(s, c);
	return s;
}
