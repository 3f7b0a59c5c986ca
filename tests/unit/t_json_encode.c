/* Structs as JSON: golden texts, what is left out, and what decoding makes of the result. */
#include <check.h>

#include "base/json.h"

static const char *const colour_words[] = { "red", "green", NULL };

struct inner {
	int64_t n;
	struct slice note;
};

struct outer {
	struct slice name, zone, payload, body;
	int64_t count, size;
	bool is_on;
	int colour, tint;
	struct inner inner;
	struct json_list items, tags, headers, links;
	uint64_t present;
};

static const struct field inner_rows[] = {
	F_INT(inner, n, "n"),
	F_STR(inner, note, "note", .flags = FIELD_OPTIONAL),
};
static const struct shape inner_shape = SHAPE(inner, "Inner", inner_rows);

static const struct field outer_rows[] = {
	F_STR(outer, name, "name"),
	F_STR(outer, zone, "timezone", .flags = FIELD_OPTIONAL),
	F_RAW(outer, payload, "payload"),
	F_RAW(outer, body, "body", .flags = FIELD_OPTIONAL),
	F_INT(outer, count, "count"),
	F_INT(outer, size, "size", .flags = FIELD_PRESENT),
	F_BOOL(outer, is_on, "on"),
	F_ENUM(outer, colour, "colour", colour_words),
	F_ENUM(outer, tint, "tint", colour_words, .flags = FIELD_OPTIONAL),
	F_OBJ(outer, inner, "inner", inner_shape),
	F_LIST(outer, items, "items", inner_shape, .max = 9),
	F_STRS(outer, tags, "tags"),
	F_MAP(outer, headers, "headers"),
	F_STRS(outer, links, "links", .flags = FIELD_OPTIONAL),
	F_NONE("gone"),
};
static const struct shape outer_shape = SHAPE(outer, "Outer", outer_rows,
					      .present = offsetof(struct outer, present));

static struct strbuf b;

static void setup(void)
{
	strbuf_init(&b, 1 << 20);
}

static void teardown(void)
{
	strbuf_release(&b);
}

static void expect(const struct outer *o, const char *want)
{
	struct json_syntax wrong;

	strbuf_clear(&b);
	json_encode(&outer_shape, o, &b);
	ck_assert_str_eq(b.p, want);
	ck_assert(json_scan(strbuf_slice(&b), &wrong));
}

START_TEST(empty_struct)
{
	struct outer o = { .tint = -1 };

	expect(&o,
	       "{\"name\":null,\"payload\":null,\"count\":0,\"on\":false,\"colour\":\"red\",\"inner\":{\"n\":0},"
	       "\"items\":[],\"tags\":[],\"headers\":{},\"gone\":null}");
}
END_TEST

static struct inner two_items[] = { { 1, { NULL, 0 } }, { -2, { "x\n", 2 } } };
static struct slice two_tags[] = { { "a", 1 }, { "\"", 1 } };
static struct json_pair two_headers[] = { { { "A", 1 }, { "1", 1 } }, { { "b", 1 }, { "", 0 } } };

static struct outer full(void)
{
	return (struct outer){
		.name = SLICE_LIT("n\xc3\xa9"),
		.zone = SLICE_LIT("UTC"),
		.payload = SLICE_LIT("{ \"x\" : 1.10 }"),
		.body = SLICE_LIT("[]"),
		.count = INT64_MIN,
		.size = 5,
		.is_on = true,
		.colour = 1,
		.inner = { 7, SLICE_LIT("note") },
		.items = { two_items, 2 },
		.tags = { two_tags, 2 },
		.headers = { two_headers, 2 },
		.links = { two_tags, 1 },
		.present = 1 << 5,
	};
}

START_TEST(full_struct)
{
	struct outer o = full();

	expect(&o,
	       "{\"name\":\"n\xc3\xa9\",\"timezone\":\"UTC\",\"payload\":{ \"x\" : 1.10 },\"body\":[],"
	       "\"count\":-9223372036854775808,\"size\":5,\"on\":true,\"colour\":\"green\",\"tint\":\"red\","
	       "\"inner\":{\"n\":7,\"note\":\"note\"},\"items\":[{\"n\":1},{\"n\":-2,\"note\":\"x\\n\"}],"
	       "\"tags\":[\"a\",\"\\\"\"],\"headers\":{\"A\":\"1\",\"b\":\"\"},\"links\":[\"a\"],\"gone\":null}");
}
END_TEST

START_TEST(what_is_written_can_be_read)
{
	struct outer o = full(), back;
	struct json_faults faults = { 0 };
	struct arena *a = arena_new();
	struct json_syntax wrong;
	struct json_reader to = { a, &faults, &wrong };
	struct strbuf again;
	struct shape shape = outer_shape;

	/* An answer's last row, always null, is not for reading. */
	shape.count--;
	strbuf_init(&again, 1 << 20);
	json_encode(&shape, &o, &b);
	ck_assert(json_decode(&shape, strbuf_slice(&b), &to, &back));
	ck_assert_int_eq(faults.total, 0);
	ck_assert_uint_eq(back.present, (1u << shape.count) - 1);
	json_encode(&shape, &back, &again);
	ck_assert_str_eq(again.p, b.p);
	strbuf_release(&again);
	arena_free(a);
}
END_TEST

/* A target that is a string or an object. */
struct either {
	struct slice text;
	struct inner inner;
	struct slice more;
	uint64_t present;
};
static const struct field either_rows[] = {
	F_STR(either, text, "target"),
	F_OBJ(either, inner, "target", inner_shape),
	F_STR(either, more, "more", .flags = FIELD_OPTIONAL),
};
static const struct shape either_shape = SHAPE(either, "Either", either_rows);
static const struct field patch_rows[] = {
	F_STR(either, text, "target", .flags = FIELD_PRESENT),
	F_OBJ(either, inner, "target", inner_shape, .flags = FIELD_PRESENT),
	F_STR(either, more, "more", .flags = FIELD_PRESENT),
};
static const struct shape patch_shape = SHAPE(either, "Patch", patch_rows,
					      .present = offsetof(struct either, present));

START_TEST(alternatives_are_written_once)
{
	struct either e = { .text = SLICE_LIT("t"), .inner.n = 3 };

	json_encode(&either_shape, &e, &b);
	ck_assert_str_eq(b.p, "{\"target\":\"t\"}");
	e.text.p = NULL;
	strbuf_clear(&b);
	json_encode(&either_shape, &e, &b);
	ck_assert_str_eq(b.p, "{\"target\":{\"n\":3}}");
	e.text = SLICE_LIT("t");
	e.present = 1 << 1;
	strbuf_clear(&b);
	json_encode(&patch_shape, &e, &b);
	ck_assert_str_eq(b.p, "{\"target\":{\"n\":3}}");
	e.present = 1 << 0 | 1 << 2;
	strbuf_clear(&b);
	json_encode(&patch_shape, &e, &b);
	ck_assert_str_eq(b.p, "{\"target\":\"t\",\"more\":null}");
	e.present = 0;
	strbuf_clear(&b);
	json_encode(&patch_shape, &e, &b);
	ck_assert_str_eq(b.p, "{}");
}
END_TEST

struct behind {
	struct inner *inner, *more;
};
static const struct field behind_rows[] = {
	F_OBJ(behind, inner, "inner", inner_shape, .flags = FIELD_BEHIND),
	F_OBJ(behind, more, "more", inner_shape, .flags = FIELD_BEHIND | FIELD_OPTIONAL),
};
static const struct shape behind_shape = SHAPE(behind, "Behind", behind_rows,
					       .present = NO_PRESENT);

START_TEST(an_object_may_be_missing)
{
	struct inner inner = { .n = 3 };
	struct behind o = { NULL, NULL };

	json_encode(&behind_shape, &o, &b);
	ck_assert_str_eq(b.p, "{\"inner\":null}");
	o = (struct behind){ &inner, &inner };
	strbuf_clear(&b);
	json_encode(&behind_shape, &o, &b);
	ck_assert_str_eq(b.p, "{\"inner\":{\"n\":3},\"more\":{\"n\":3}}");
}
END_TEST

START_TEST(the_ceiling_is_not_passed)
{
	struct outer o = full();
	struct strbuf small;

	json_encode(&outer_shape, &o, &b);
	for (size_t max = 1; max < b.n; max++) {
		strbuf_init(&small, max);
		json_encode(&outer_shape, &o, &small);
		ck_assert(small.failed);
		ck_assert_uint_le(small.n, max);
		strbuf_release(&small);
	}
}
END_TEST

Suite *suite_json_encode(void)
{
	Suite *s = suite_create("json_encode");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, empty_struct);
	tcase_add_test(tc, full_struct);
	tcase_add_test(tc, what_is_written_can_be_read);
	tcase_add_test(tc, alternatives_are_written_once);
	tcase_add_test(tc, an_object_may_be_missing);
	tcase_add_test(tc, the_ceiling_is_not_passed);
	suite_add_tcase(s, tc);
	return s;
}
