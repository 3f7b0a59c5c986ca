/* Random JSON: what is valid is accepted, with each raw member byte for byte; what is then
 * damaged never crashes, and what the scanner takes is also what cJSON reads. SEED= replays a
 * run. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"

#define ROUNDS 20000

static uint64_t seed, state;

static unsigned dice(unsigned sides)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % sides;
}

static void setup(void)
{
	const char *given = getenv("SEED");

	seed = given ? strtoull(given, NULL, 10) : (uint64_t)clock_real();
	state = seed;
	printf("p_json: SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
}

static void make_space(struct strbuf *b)
{
	for (unsigned n = dice(6); n > 3; n--)
		strbuf_addc(b, " \n\t\r"[dice(4)]);
}

static void make_string(struct strbuf *b)
{
	static const char *const pieces[] = { "a",
					      "Z",
					      "0",
					      "\\n",
					      "\\\"",
					      "\\\\",
					      "\\u00e9",
					      "\\ud83d\\ude00",
					      "\xc3\xa9",
					      "\xe2\x82\xac",
					      "\xf0\x9f\x98\x80",
					      "long plain text",
					      "{",
					      "]",
					      "\\u0030",
					      ":",
					      "\\/" };

	strbuf_addc(b, '"');
	for (unsigned n = dice(8); n; n--)
		strbuf_adds(b, pieces[dice(sizeof(pieces) / sizeof(pieces[0]))]);
	strbuf_addc(b, '"');
}

static void make_number(struct strbuf *b)
{
	if (dice(2))
		strbuf_addc(b, '-');
	strbuf_addi(b, dice(3) ? (long long)dice(100) : (long long)dice(1u << 31) << dice(32));
	if (dice(3) == 0)
		strbuf_addf(b, ".%u", dice(100000));
	if (dice(4) == 0)
		strbuf_addf(
			b, "%c%s%u", "eE" [dice(2)], (const char *[]) { "", "+", "-" }[dice(3)],
			dice(400));
}

static void make_value(struct strbuf *b, int depth);

static void make_members(struct strbuf *b, int depth)
{
	strbuf_addc(b, '{');
	for (unsigned i = 0, n = dice(5) * (1 + 6 * (dice(20) == 0)); i < n; i++) {
		strbuf_adds(b, i ? "," : "");
		make_space(b);
		strbuf_addf(b, "\"%s%u\"",
			    (const char *[]){ "k", "payload", "\\u006b\xc3\xa9" }[dice(3)], i);
		make_space(b);
		strbuf_addc(b, ':');
		make_value(b, depth + 1);
	}
	strbuf_addc(b, '}');
}

static void make_items(struct strbuf *b, int depth)
{
	strbuf_addc(b, '[');
	for (unsigned i = 0, n = dice(5); i < n; i++) {
		strbuf_adds(b, i ? "," : "");
		make_value(b, depth + 1);
	}
	strbuf_addc(b, ']');
}

static void make_value(struct strbuf *b, int depth)
{
	make_space(b);
	switch (dice(depth > 6 ? 5 : 8)) {
	case 0:
		strbuf_adds(b, (const char *[]){ "true", "false", "null" }[dice(3)]);
		break;
	case 1:
	case 2:
		make_number(b);
		break;
	case 3:
	case 4:
		make_string(b);
		break;
	case 5:
		make_items(b, depth);
		break;
	default:
		make_members(b, depth);
		break;
	}
	make_space(b);
}

struct part {
	struct slice text, raw;
	int64_t n;
};
struct whole {
	struct slice raw, other;
	struct part part;
	struct json_list parts, map, strs;
	int64_t n;
};
static const struct field part_rows[] = {
	F_STR(part, text, "text"),
	F_RAW(part, raw, "payload"),
	F_INT(part, n, "n"),
};
static const struct shape part_shape = SHAPE(part, "Part", part_rows);
static const struct field whole_rows[] = {
	F_RAW(whole, raw, "payload"),
	F_RAW(whole, other, "payload1"),
	F_OBJ(whole, part, "part", part_shape),
	F_LIST(whole, parts, "parts", part_shape, .max = 100),
	F_MAP(whole, map, "map"),
	F_STRS(whole, strs, "strs"),
	F_INT(whole, n, "n"),
};
static const struct shape whole_shape = SHAPE(whole, "Whole", whole_rows);

/* A piece of the text that must come back. */
static struct slice make_raw(struct strbuf *b)
{
	struct strbuf one;
	struct slice s;
	size_t from;

	strbuf_init(&one, 1 << 20);
	make_value(&one, 3);
	s = strbuf_slice(&one);
	while (s.n && strchr(" \n\t\r", s.p[0]))
		s.p++, s.n--;
	while (s.n && strchr(" \n\t\r", s.p[s.n - 1]))
		s.n--;
	from = b->n;
	strbuf_add(b, s.p, s.n);
	strbuf_release(&one);
	/* The text may yet move: an offset for now. */
	return (struct slice){ (const char *)from, s.n };
}

static void expect_raw(const struct strbuf *b, struct slice got, struct slice want)
{
	ck_assert_msg(got.p == b->p + (size_t)want.p && got.n == want.n, "SEED=%llu: %.*s in %s",
		      (unsigned long long)seed, SLICE_ARG(got), b->p);
}

/* A body with four raw members among other things, some of which are faults. */
static void make_body(struct strbuf *b, struct slice raws[4], int64_t *n)
{
	strbuf_adds(b, "{\"unknown\":");
	make_value(b, 3);
	strbuf_adds(b, ",\"payload\":");
	raws[0] = make_raw(b);
	strbuf_adds(b, " ,\"map\":");
	make_value(b, 3);
	strbuf_adds(b, ",\"p\\u0061yload1\" : ");
	raws[1] = make_raw(b);
	strbuf_adds(b, ",\"part\":{\"text\":");
	make_value(b, 3);
	strbuf_adds(b, ",\"payload\":\n");
	raws[2] = make_raw(b);
	strbuf_adds(b, "},\"strs\":");
	make_value(b, 3);
	strbuf_adds(b, ",\"parts\":[{\"payload\":");
	raws[3] = make_raw(b);
	*n = (int64_t)dice(1u << 30) * dice(1u << 30);
	strbuf_addf(b, "},7,{\"n\":%lld}],\"n\":%lld}", (long long)*n, (long long)*n);
}

START_TEST(raw_members_come_back)
{
	struct json_syntax wrong;
	struct slice raws[4];
	struct whole whole;
	struct strbuf b;
	int64_t n;

	strbuf_init(&b, 1 << 24);
	for (int i = 0; i < ROUNDS / 4; i++) {
		struct json_faults faults = { 0 };
		struct arena *a = arena_new();
		struct json_reader to = { a, &faults, &wrong };

		strbuf_clear(&b);
		make_body(&b, raws, &n);
		ck_assert_msg(json_scan(strbuf_slice(&b), &wrong), "SEED=%llu: %s at %zu of %s",
			      (unsigned long long)seed, wrong.message, wrong.at, b.p);
		ck_assert(json_decode(&whole_shape, strbuf_slice(&b), &to, &whole));
		expect_raw(&b, whole.raw, raws[0]);
		expect_raw(&b, whole.other, raws[1]);
		expect_raw(&b, whole.part.raw, raws[2]);
		expect_raw(&b, ((struct part *)whole.parts.items)[0].raw, raws[3]);
		ck_assert_int_eq(((struct part *)whole.parts.items)[2].n, n);
		ck_assert_int_eq(whole.n, n);
		ck_assert_int_ge(faults.total, 2);
		arena_free(a);
	}
	strbuf_release(&b);
}
END_TEST

static void damage(char *text, size_t *n)
{
	for (unsigned times = 1 + dice(3); times && *n > 1; times--) {
		size_t at = dice((unsigned)*n);

		switch (dice(4)) {
		case 0:
			text[at] = (char)dice(256);
			break;
		case 1:
			text[at] = "{}[]\",:\\u0eE.-tfn "[dice(19)];
			break;
		case 2:
			memmove(text + at, text + at + 1, --*n - at);
			break;
		default:
			*n = at;
			break;
		}
	}
}

START_TEST(damage_never_crashes)
{
	struct slice raws[4];
	struct whole whole;
	struct strbuf b;
	int64_t n;
	int taken = 0;

	strbuf_init(&b, 1 << 24);
	for (int i = 0; i < ROUNDS; i++) {
		struct json_faults faults = { 0 };
		struct json_syntax wrong = { NULL, 0, 0 };
		struct arena *a = arena_new();
		struct json_reader to = { a, &faults, &wrong };
		char *copy;
		size_t left;
		bool ok;

		strbuf_clear(&b);
		make_body(&b, raws, &n);
		/* Its own allocation, to the byte: the sanitizer sees a step beyond. */
		left = b.n;
		damage(b.p, &left);
		copy = malloc(left + !left);
		memcpy(copy, b.p, left);
		ok = json_scan((struct slice){ copy, left }, &wrong);
		ck_assert_msg(
			ok == json_decode(&whole_shape, (struct slice){ copy, left }, &to, &whole),
			"SEED=%llu: %.*s", (unsigned long long)seed, (int)left, copy);
		ck_assert(ok || (wrong.message && wrong.at <= left));
		taken += ok;
		free(copy);
		arena_free(a);
	}
	ck_assert_int_gt(taken, 0);
	strbuf_release(&b);
}
END_TEST

Suite *suite_json_prop(void)
{
	Suite *s = suite_create("json_prop");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, raw_members_come_back);
	tcase_add_test(tc, damage_never_crashes);
	suite_add_tcase(s, tc);
	return s;
}
