/* Every type there and back: scalars, nulls, edges, arrays, and the bulk insert. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "t_db.h"

struct record {
	bool a;
	int16_t b;
	int32_t c;
	int64_t d;
	double e;
	struct slice f, g;
	struct uuid h;
	usec_t i;
};

static const struct record records[] = {
	{ true,
	  1,
	  2,
	  3,
	  4.5,
	  { "text", 4 },
	  { "\0\xff", 2 },
	  { { 1, 2, 3, [15] = 9 } },
	  1700000000123456 },
	{ false, INT16_MIN, INT32_MIN, INT64_MIN, -0.0, { "", 0 }, { "", 0 }, { { [15] = 1 } }, 0 },
	{ true,
	  INT16_MAX,
	  INT32_MAX,
	  INT64_MAX,
	  INFINITY,
	  { "\xc3\xa4\xe2\x82\xac", 5 },
	  { "x", 1 },
	  { { 255 } },
	  -1 },
	{ false, 0, 0, 0, 0, { NULL, 0 }, { NULL, 0 }, { { 0 } }, USEC_NEVER },
	{ true, -1, -1, -1, 1e-300, { "e", 1 }, { NULL, 0 }, { { 7 } }, 253402300799999999 },
};
#define RECORDS ((int)(sizeof(records) / sizeof(records[0])))

static bool same_bytes(struct slice x, struct slice y)
{
	return !x.p == !y.p && x.n == y.n && (!x.n || memcmp(x.p, y.p, x.n) == 0);
}

static void expect_row(const struct db_rows *rows, int i, const struct record *want)
{
	double e = db_get_float8(rows, i, 4);
	struct uuid h = db_get_uuid(rows, i, 7);

	EXPECT(db_get_bool(rows, i, 0) == want->a);
	EXPECT(db_get_int2(rows, i, 1) == want->b);
	EXPECT(db_get_int4(rows, i, 2) == want->c);
	EXPECT(db_get_int8(rows, i, 3) == want->d);
	EXPECT(memcmp(&e, &want->e, sizeof(e)) == 0);
	EXPECT(same_bytes(db_get_text(rows, i, 5), want->f));
	EXPECT(same_bytes(db_get_bytea(rows, i, 6), want->g));
	EXPECT(memcmp(&h, &want->h, sizeof(h)) == 0);
	EXPECT(db_get_timestamptz(rows, i, 8) == want->i);
}

static void scalars(void)
{
	for (int k = 0; k < RECORDS; k++) {
		const struct record *r = &records[k];
		struct db_unit *u = unit(LANE_READ);

		db_begin(u, T_ECHO);
		db_bind_bool(u, r->a);
		db_bind_int2(u, r->b);
		db_bind_int4(u, r->c);
		db_bind_int8(u, r->d);
		db_bind_float8(u, r->e);
		db_bind_text(u, r->f);
		db_bind_bytea(u, r->g);
		db_bind_uuid(u, r->h);
		db_bind_timestamptz(u, r->i);
		db_end(u);
		run_unit(u);
		EXPECT(u->outcome == DB_OK);
		EXPECT(db_rows_count(db_rows(u, 0)) == 1);
		expect_row(db_rows(u, 0), 0, r);
	}
}

static void bind_records(struct db_unit *u, const struct record **list, size_t n)
{
	db_bind_array(u, DB_BOOL, COL(list, n, struct record, a));
	db_bind_array(u, DB_INT2, COL(list, n, struct record, b));
	db_bind_array(u, DB_INT4, COL(list, n, struct record, c));
	db_bind_array(u, DB_INT8, COL(list, n, struct record, d));
	db_bind_array(u, DB_FLOAT8, COL(list, n, struct record, e));
	db_bind_array(u, DB_TEXT, COL(list, n, struct record, f));
	db_bind_array(u, DB_BYTEA, COL(list, n, struct record, g));
	db_bind_array(u, DB_UUID, COL(list, n, struct record, h));
	db_bind_array(u, DB_TIMESTAMPTZ, COL(list, n, struct record, i));
}

static struct db_unit *arrays_unit(const struct record **list, size_t n)
{
	struct db_unit *u = unit(LANE_READ);

	db_begin(u, T_ARRAYS);
	bind_records(u, list, n);
	db_end(u);
	return u;
}

static void arrays(void)
{
	const struct record *list[RECORDS];
	struct db_unit *u;

	for (int k = 0; k < RECORDS; k++)
		list[k] = &records[k];
	for (int n = 0; n <= RECORDS; n++) {
		u = arrays_unit(list, (size_t)n);
		run_unit(u);
		EXPECT(u->outcome == DB_OK);
		EXPECT(db_rows_count(db_rows(u, 0)) == n);
		for (int k = 0; k < db_rows_count(db_rows(u, 0)); k++)
			expect_row(db_rows(u, 0), k, &records[k]);
	}
}

static void odd_times(void)
{
	struct db_unit *u = unit(LANE_READ);
	const struct db_rows *rows;

	db_begin(u, T_ODD_TIMES);
	db_end(u);
	run_unit(u);
	rows = db_rows(u, 0);
	EXPECT(db_get_timestamptz(rows, 0, 0) == USEC_NEVER);
	EXPECT(db_get_timestamptz(rows, 0, 1) == INT64_MIN);
	EXPECT(db_get_timestamptz(rows, 0, 2) == USEC_NEVER);
	EXPECT(id_is_nil(db_get_uuid(rows, 0, 3)));
	EXPECT(db_get_text(rows, 0, 4).p == NULL);
}

/* The two bounds of what a timestamptz can say, and what does not fit: it must not abort, nor
 * wrap round. */
static void far_times(void)
{
	static const usec_t times[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX - 1,
					-210866803200000000 };

	for (int k = 0; k < 4; k++) {
		struct record r = records[0];
		const struct record *list[] = { &r };
		struct db_unit *u;

		r.i = times[k];
		u = arrays_unit(list, 1);
		run_unit(u);
		EXPECT(u->outcome == DB_ERROR || u->outcome == DB_OK);
		if (k == 3)
			EXPECT(u->outcome == DB_OK
			       && db_get_timestamptz(db_rows(u, 0), 0, 8) == times[k]);
		if (k == 0)
			EXPECT(u->outcome == DB_OK
			       && db_get_timestamptz(db_rows(u, 0), 0, 8) == INT64_MIN);
	}
}

#define WIDE 1000

static void bind_wide(struct db_unit *u, const struct record **list)
{
	db_begin(u, T_WIDE);
	bind_records(u, list, WIDE);
	db_bind_array(u, DB_INT8, COL(list, WIDE, struct record, d));
	db_bind_array(u, DB_TEXT, COL(list, WIDE, struct record, f));
	db_bind_array(u, DB_INT4, COL(list, WIDE, struct record, c));
	db_bind_array(u, DB_TEXT, COL(list, WIDE, struct record, f));
	db_bind_array(u, DB_UUID, COL(list, WIDE, struct record, h));
	db_bind_array(u, DB_TIMESTAMPTZ, COL(list, WIDE, struct record, i));
	db_end(u);
}

static void wide_insert(void)
{
	static struct record many[WIDE];
	const struct record *list[WIDE];
	struct db_unit *u = unit(LANE_WRITE);
	usec_t began;

	for (int k = 0; k < WIDE; k++) {
		many[k] = records[0];
		many[k].d = k;
		many[k].h = id_new(clock_now());
		many[k].i = k == 0 ? USEC_NEVER : 1700000000000000 + k;
		many[k].f = k % 2 ? SLICE_LIT("some text") : (struct slice){ NULL, 0 };
		list[k] = &many[k];
	}
	began = clock_boot();
	bind_wide(u, list);
	printf("binding %d x 15 took %d ns an element\n", WIDE,
	       (int)((clock_boot() - began) * 1000 / (WIDE * 15)));
	/* Arguments are copied when they are bound. */
	memset(many, 0xee, sizeof(many));
	run_unit(u);
	EXPECT(u->outcome == DB_OK);
	EXPECT(db_rows_count(db_rows(u, 0)) == WIDE);
	u = unit(LANE_READ);
	db_begin(u, T_WIDE_SUM);
	db_end(u);
	run_unit(u);
	EXPECT(db_get_int8(db_rows(u, 0), 0, 0) == WIDE);
	EXPECT(db_get_int8(db_rows(u, 0), 0, 1) == (int64_t)WIDE * (WIDE - 1) / 2);
	EXPECT(db_get_int8(db_rows(u, 0), 0, 2) == WIDE / 2);
	EXPECT(db_get_timestamptz(db_rows(u, 0), 0, 3) == 1700000000000001);
	EXPECT(db_get_int8(db_rows(u, 0), 0, 4) == WIDE);
}

const struct test tests_types[] = {
	{ "types: scalars and nulls", scalars },
	{ "types: arrays and null elements", arrays },
	{ "types: infinite times", odd_times },
	{ "types: times at the end of the world", far_times },
	{ "types: 1,000 rows by unnest", wide_insert },
	{ NULL, NULL },
};
