/* Tenants by turns: due runs (share.c), lines (line.c), whom to ask the table for (turns.c). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/engine_int.h"

#define NOW (1000 * SEC)

static struct engine e;
static struct held runs[4000];
static int runs_n;

static struct uuid tenant(int i)
{
	struct uuid u = { .b = { 1 } };

	u.b[14] = (unsigned char)(i >> 8);
	u.b[15] = (unsigned char)i;
	return u;
}

static int number_of(const struct held *h)
{
	return h->c.key.tenant.b[14] << 8 | h->c.key.tenant.b[15];
}

static void setup(void)
{
	memset(&e, 0, sizeof e);
	e.magic = ENGINE_MAGIC;
	e.tick_at = USEC_NEVER;
	clock_set(NOW);
	memset(runs, 0, sizeof runs);
	runs_n = 0;
	heap_init(&e.wakes);
	e.loop = loop_new();
	pace_init(&e);
	e.pace.credit = 100000 * SEC; /* of the tests that are not about it */
}

static struct held *run_of(int of)
{
	struct held *h = &runs[runs_n++];

	h->engine = &e;
	h->c.key.tenant = tenant(of);
	h->bytes = 100;
	e.held_n++;
	e.held_bytes += h->bytes;
	h->share = share_enter(&e, h);
	return h;
}

static void leave(struct held *h)
{
	share_leave(h);
	e.held_n--;
	e.held_bytes -= h->bytes;
}

static void teardown(void)
{
	for (int i = 0; i < runs_n; i++)
		if (runs[i].share)
			leave(&runs[i]);
	ck_assert_ptr_null(e.shares);
	ck_assert_ptr_null(e.fresh);
	ck_assert_ptr_null(e.going);
	heap_release(&e.wakes);
	pace_release(&e);
	loop_free(e.loop);
	clock_unset();
}

/* --- due runs --- */

static void wait_n(int of, int n, usec_t at)
{
	for (int i = 0; i < n; i++)
		share_wait(run_of(of), at);
}

START_TEST(due_round_by_tenant)
{
	static const int turns[] = { 1, 2, 3, 1, 3, 1, 3, 1, 1 };

	wait_n(1, 5, NOW - 5);
	wait_n(2, 1, NOW - 2);
	wait_n(3, 3, NOW);
	wait_n(4, 1, NOW + 1);
	for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++)
		ck_assert_int_eq(number_of(share_next(&e, NOW)), turns[i]);
	ck_assert_ptr_null(share_next(&e, NOW));
	ck_assert(!share_has_due(&e));
	ck_assert_int_eq(share_next_wake(&e), NOW + 1);
}
END_TEST

/* However much of one is due, the other's goes first when its time comes. */
START_TEST(who_comes_goes_first)
{
	wait_n(1, 1000, 0);
	wait_n(2, 1, NOW);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(number_of(share_next(&e, NOW - 1)), 1);
	ck_assert(share_has_due(&e));
	ck_assert_int_eq(share_next_wake(&e), NOW);
	ck_assert_int_eq(number_of(share_next(&e, NOW)), 2);
	ck_assert_int_eq(number_of(share_next(&e, NOW)), 1);
}
END_TEST

/* Two have a backlog and a third comes soon: they have to wait for their pace, and he goes. */
START_TEST(backlogs_have_a_pace)
{
	wait_n(1, 10, NOW);
	wait_n(2, 10, NOW);
	wait_n(4, 1, NOW + 50 * MSEC);
	for (int i = 0; i < 2; i++) /* the first of each */
		ck_assert_ptr_nonnull(share_next(&e, NOW));
	e.pace.credit = 3 * SEC;
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(share_next(&e, NOW));
	ck_assert_ptr_null(share_next(&e, NOW));
	ck_assert(share_has_due(&e) && alarm_is_set(&e.pace.alarm));
	share_wait(run_of(3), NOW);
	ck_assert_int_eq(number_of(share_next(&e, NOW)), 3);
	ck_assert_ptr_null(share_next(&e, NOW));
}
END_TEST

/* Nobody comes soon: a burst of two goes on as quickly as it can. A tick that is near, or just was, may make a run. */
START_TEST(nobody_near_there_is_no_pace)
{
	wait_n(1, 10, NOW);
	wait_n(2, 10, NOW);
	wait_n(3, 1, NOW + 51 * MSEC);
	e.pace.credit = 0;
	e.tick_at = NOW - 21 * MSEC;
	for (int i = 0; i < 10; i++)
		ck_assert_ptr_nonnull(share_next(&e, NOW));
	e.tick_at = NOW - 20 * MSEC;
	ck_assert_ptr_null(share_next(&e, NOW));
	e.tick_at = NOW + 51 * MSEC;
	ck_assert_ptr_nonnull(share_next(&e, NOW));
	e.tick_at = NOW + 50 * MSEC;
	ck_assert_ptr_null(share_next(&e, NOW));
}
END_TEST

/* Alone it has none. */
START_TEST(alone_there_is_no_pace)
{
	wait_n(1, 10, NOW);
	e.pace.credit = 0;
	for (int i = 0; i < 10; i++)
		ck_assert_ptr_nonnull(share_next(&e, NOW));
}
END_TEST

static void stop(void *ctx)
{
	(void)ctx;
	loop_stop(e.loop);
}

/* The pace's alarm rings once, that late. */
static void ring(usec_t late)
{
	struct alarm end;

	ck_assert(pace_lets(&e) == (e.pace.credit >= SEC));
	e.pace.due = clock_boot() - late;
	alarm_init(&end, e.loop, stop, NULL);
	alarm_in(&end, 2 * MSEC);
	loop_run(e.loop);
	alarm_release(&end);
	ck_assert(!alarm_is_set(&e.pace.alarm));
}

/* A loop that is late is given less to start, one that is in time more, and none makes up for what it missed. */
START_TEST(the_pace_follows_the_loop)
{
	(void)run_of(1);
	(void)run_of(2);
	e.tick_at = NOW;
	e.pace.rate = 8000;
	e.pace.credit = 0;
	ring(10 * MSEC);
	ck_assert_int_eq(e.pace.rate, 4000);
	ck_assert_int_eq(e.pace.credit, SEC); /* a start in 250 microseconds */
	ring(10 * MSEC);
	ring(10 * MSEC);
	ck_assert_int_eq(e.pace.rate, 2000);
	for (int i = 0; i < 64; i++)
		ring(-SEC);
	ck_assert_int_eq(e.pace.rate, 2300);
	ck_assert_int_eq(e.pace.credit, 4 * SEC);
	pace_take(&e);
	ck_assert_int_eq(e.pace.credit, 3 * SEC);
}
END_TEST

/* Batches are smaller beside others. */
START_TEST(batches_beside_others)
{
	(void)run_of(1);
	ck_assert_uint_eq(share_batch(&e, 1000), 1000);
	(void)run_of(2);
	ck_assert_uint_eq(share_batch(&e, 1000), 250);
}
END_TEST

/* Nor do many that have one each stop the one that has much. */
START_TEST(who_has_much_goes_on)
{
	int one = 0;

	wait_n(1, 200, 0);
	ck_assert_int_eq(number_of(share_next(&e, NOW)), 1);
	for (int i = 2; i <= 300; i++)
		wait_n(i, 1, NOW);
	for (int i = 0; i < 100; i++)
		one += number_of(share_next(&e, NOW)) == 1;
	ck_assert_int_ge(one, 5);
	ck_assert_int_le(one, 7);
}
END_TEST

/* In a ring it may be taken away, put later, or put back. */
START_TEST(changes_in_a_ring)
{
	struct held *a = run_of(1), *b = run_of(1), *c = run_of(2);

	share_wait(a, 1);
	share_wait(b, 2);
	share_wait(c, 3);
	ck_assert_ptr_eq(share_next(&e, NOW), a);
	share_wait(b, NOW + 5);
	share_unwait(c);
	ck_assert_ptr_null(share_next(&e, NOW));
	ck_assert_int_eq(share_next_wake(&e), NOW + 5);
	share_wait(a, NOW);
	share_wait(c, NOW + 1);
	ck_assert_int_eq(share_next_wake(&e), NOW);
	ck_assert_ptr_eq(share_next(&e, NOW + 1), a);
	leave(c);
	ck_assert_ptr_null(share_next(&e, NOW + 1));
	ck_assert_ptr_eq(share_next(&e, NOW + 5), b);
}
END_TEST

static void hold(struct held *h, size_t n)
{
	e.held_n += n;
	h->share->held_n += n;
}

/* Alone a tenant may have 16 of 17 parts of the memory; two floods leave one of 33 to who comes. */
START_TEST(room_in_memory)
{
	struct held *a = run_of(1), *b = run_of(2);
	size_t alone = (size_t)HELD_MAX * SHARE_HELD / (SHARE_HELD + 1);

	ck_assert_uint_ge(alone, 20000); /* a burst */
	ck_assert_uint_le(share_room(&e, a->share), alone);
	ck_assert_uint_ge(share_room(&e, a->share), alone - 5);
	hold(a, alone - 5);
	ck_assert_uint_le(share_room(&e, a->share), 5);
	ck_assert_uint_ge(share_room(&e, NULL), 1300);
	hold(b, share_room(&e, b->share));
	ck_assert_uint_eq(share_room(&e, a->share), 0);
	ck_assert_uint_gt(share_room(&e, NULL), 50);
	hold(a, 1 - a->share->held_n);
	hold(b, 1 - b->share->held_n);
	ck_assert_uint_ge(share_room(&e, a->share), 19000);
	a->share->held_bytes += 23 << 20;
	e.held_bytes += 23 << 20;
	ck_assert_uint_eq(share_room(&e, a->share), 0);
	ck_assert_uint_gt(share_room(&e, b->share), 0);
	a->share->held_bytes -= 23 << 20;
	e.held_bytes = HELD_BYTES_MAX;
	ck_assert_uint_eq(share_room(&e, NULL), 0);
	e.held_bytes = 200;
	e.held_n = HELD_MAX;
	ck_assert_uint_eq(share_room(&e, NULL), 0);
	e.held_n = 2;
}
END_TEST

/* --- a line --- */

static struct held *pop(struct line *l)
{
	struct held *h = l->ring->first;

	line_turn(l);
	line_remove(l, h);
	return h;
}

START_TEST(line_by_turns)
{
	static const int turns[] = { 1, 1, 1, 2, 1, 3, 2, 1, 1 };
	struct line l = { 0 };
	struct held *first = run_of(1), *middle = run_of(1), *h;

	line_add(&l, first);
	line_add(&l, middle);
	for (int i = 0; i < 5; i++)
		line_add(&l, run_of(1));
	ck_assert_ptr_eq(pop(&l), first);
	line_remove(&l, middle);
	ck_assert_int_eq(l.n, 5);
	ck_assert_int_eq(l.waiting, 1);
	for (size_t i = 1; i < sizeof turns / sizeof turns[0]; i++) {
		h = pop(&l);
		ck_assert_int_eq(number_of(h), turns[i]);
		if (i == 1) {
			line_add(&l, run_of(2));
			line_add(&l, run_of(2));
		}
		if (i == 2)
			line_add(&l, run_of(3));
	}
	ck_assert_int_eq(l.n, 0);
	ck_assert_int_eq(l.waiting, 0);
	ck_assert_ptr_null(l.ring);
	ck_assert_ptr_null(l.parts);
}
END_TEST

/* A part lives while something waits or flies. */
START_TEST(line_counts_flights)
{
	struct line l = { 0 };
	struct held *h = run_of(1);

	line_fly(&l, h->share, 1);
	ck_assert_int_eq(line_part(&l, h->share)->flying, 1);
	line_add(&l, h);
	line_fly(&l, h->share, -1);
	ck_assert_int_eq(line_part(&l, h->share)->n, 1);
	line_remove(&l, h);
	ck_assert_ptr_null(line_part(&l, h->share));
}
END_TEST

/* --- whom to ask for --- */

static int plenty(void *ctx, struct uuid of)
{
	(void)of;
	return *(int *)ctx;
}

static void got(struct turns *t, int of, int n)
{
	for (int i = 0; i < n; i++)
		turns_got(t, tenant(of));
}

START_TEST(turns_by_quota)
{
	struct turns t = { 0 };
	struct turns_plan plan;
	int room = 500;

	/* a full answer that nobody's turn was asked for */
	turns_add(&t, tenant(1), 0, true);
	turns_add(&t, tenant(1), 0, true);
	turns_add(&t, tenant(2), 0, true);
	got(&t, 1, 498);
	got(&t, 2, 2);
	turns_begin(&t);
	turns_plan(&t, 500, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, 2);
	ck_assert_int_eq(plan.turns[0]->tenant.b[15], 2);
	ck_assert_int_eq(plan.turns[0]->quota, TURNS_FIRST);
	ck_assert_int_eq(plan.turns[1]->quota, 500);
	/* the answer is full before the second had all: both stay, the first has no more */
	got(&t, 2, 1);
	got(&t, 1, 499);
	turns_done(&t, &plan, true);
	turns_plan(&t, 500, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, 2);
	got(&t, 1, 400);
	got(&t, 2, TURNS_FIRST);
	turns_done(&t, &plan, false);
	/* who got less than was asked for is gone, who got it all is hungry */
	turns_plan(&t, 500, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, 1);
	ck_assert_int_eq(plan.turns[0]->tenant.b[15], 2);
	ck_assert_int_eq(plan.turns[0]->quota, 500);
	turns_done(&t, &plan, false);
	ck_assert(!turns_any(&t));
	turns_forget(&t);
}
END_TEST

/* The hungry ones share what there is, and the last become the first. */
START_TEST(turns_share)
{
	struct turns t = { 0 };
	struct turns_plan plan;
	int room = 500;

	for (int i = 1; i <= 5; i++) {
		turns_add(&t, tenant(i), 0, true);
		got(&t, i, 100);
	}
	turns_begin(&t);
	for (int round = 0; round < 3; round++) {
		turns_plan(&t, 200, plenty, &room, &plan);
		ck_assert_int_eq(plan.n, 5);
		ck_assert_int_eq(plan.turns[0]->quota, 40);
		ck_assert_int_eq(plan.turns[0]->tenant.b[15], round % 5 + 1);
		got(&t, plan.turns[0]->tenant.b[15], 40);
		turns_done(&t, &plan, true);
	}
	/* without room it is not asked for, and not forgotten */
	room = 0;
	turns_plan(&t, 200, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, 0);
	turns_done(&t, &plan, false);
	room = 7;
	turns_plan(&t, 200, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, 5);
	ck_assert_int_eq(plan.turns[0]->quota, 7);
	turns_forget(&t);
}
END_TEST

/* A round goes on where the last look ended, stops before who has no room, and rests when it is over. */
START_TEST(turns_round)
{
	struct turns t = { 0 };
	int i = 0;

	ck_assert(turns_looks(&t));
	for (; i < TURNS_LOOK - 1; i++)
		ck_assert(turns_looked(&t, tenant(i), 0, true));
	turns_passed(&t, tenant(i));
	turns_look_done(&t, TURNS_LOOK);
	ck_assert(turns_looks(&t));
	ck_assert_int_eq(id_compare(t.after, tenant(i)), 0);
	ck_assert(turns_looked(&t, tenant(1000), 0, true));
	ck_assert(!turns_looked(&t, tenant(1001), 0, true));
	ck_assert_int_eq(id_compare(t.after, tenant(1000)), 0);
	turns_look_done(&t, TURNS_LOOK);
	ck_assert_int_eq(HASH_COUNT(t.known), TURNS_MAX);
	turns_forget(&t);
	turns_look_done(&t, 3);
	ck_assert(!turns_looks(&t));
	ck_assert(t.round_at > clock_boot() && id_is_nil(t.after));
}
END_TEST

static int nothing(void *ctx, struct uuid of)
{
	(void)ctx;
	(void)of;
	return 0;
}

/* More tenants have a backlog than are known at a time: whoever had his turn makes place, the last one
 * first; who holds nothing yet goes first, who holds something waits behind those that were there.
 * Nobody leaves a plan that is under way. */
START_TEST(turns_of_more_than_there_are_places)
{
	struct turns t = { 0 };
	struct turns_plan plan;
	int room = TURNS_FIRST;

	for (int i = 1; i <= TURNS_MAX; i++)
		turns_add(&t, tenant(i), 0, true);
	ck_assert(!turns_looked(&t, tenant(1000), 0, false)); /* none has had a turn */
	turns_plan(&t, 2 * TURNS_FIRST, plenty, &room, &plan);
	ck_assert(!turns_looked(&t, tenant(1000), 0, false));
	got(&t, 1, TURNS_FIRST);
	got(&t, 2, TURNS_FIRST);
	turns_done(&t, &plan, true);
	ck_assert(turns_looks(&t));
	ck_assert(turns_looked(&t, tenant(1000), 0, false)); /* for 2 */
	ck_assert(turns_looked(&t, tenant(2), 0, true));     /* for 1 */
	ck_assert_int_eq(HASH_COUNT(t.known), TURNS_MAX);
	turns_plan(&t, 2 * TURNS_FIRST, plenty, &room, &plan);
	ck_assert_int_eq(plan.n, TURNS_MAX);
	ck_assert_int_eq(id_compare(plan.turns[0]->tenant, tenant(3)), 0);
	ck_assert_int_eq(id_compare(plan.turns[TURNS_MAX - 2]->tenant, tenant(1000)), 0);
	ck_assert_int_eq(id_compare(plan.turns[TURNS_MAX - 1]->tenant, tenant(2)), 0);
	turns_add(&t, tenant(1001), 0, false);
	ck_assert_int_eq(HASH_COUNT(t.known), TURNS_MAX);
	turns_done(&t, &plan, true);
	/* nobody has room */
	turns_plan(&t, 2 * TURNS_FIRST, nothing, NULL, &plan);
	ck_assert_int_eq(plan.n, 0);
	for (int i = 0; i < 10; i++)
		ck_assert(turns_looked(&t, tenant(2000 + i), 0, false));
	ck_assert_int_eq(HASH_COUNT(t.known), TURNS_MAX);
	turns_forget(&t);
}
END_TEST

Suite *suite_fair(void)
{
	Suite *s = suite_create("fair");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, due_round_by_tenant);
	tcase_add_test(tc, who_comes_goes_first);
	tcase_add_test(tc, backlogs_have_a_pace);
	tcase_add_test(tc, nobody_near_there_is_no_pace);
	tcase_add_test(tc, alone_there_is_no_pace);
	tcase_add_test(tc, the_pace_follows_the_loop);
	tcase_add_test(tc, batches_beside_others);
	tcase_add_test(tc, who_has_much_goes_on);
	tcase_add_test(tc, changes_in_a_ring);
	tcase_add_test(tc, room_in_memory);
	tcase_add_test(tc, line_by_turns);
	tcase_add_test(tc, line_counts_flights);
	tcase_add_test(tc, turns_by_quota);
	tcase_add_test(tc, turns_share);
	tcase_add_test(tc, turns_round);
	tcase_add_test(tc, turns_of_more_than_there_are_places);
	suite_add_tcase(s, tc);
	return s;
}
