/* Bodies into structs: every fault at once, numbers exact, payloads byte for byte. */
#include <check.h>
#include <stdio.h>

#include "base/json.h"

enum { POLICY_SKIP, POLICY_ALLOW };
static const char *const policy_words[] = { "skip", "allow", NULL };

struct retry {
	int64_t max_attempts;
	bool jitter;
};

struct pick {
	struct slice only;
	uint64_t present;
};

struct template
{
	struct slice url, payload;
	struct retry retry;
	uint64_t present;
};

struct item {
	struct slice name, data;
	int64_t n;
};

struct thing {
	struct slice name, zone, payload, target;
	int64_t count, any;
	bool is_on;
	int policy;
	int64_t delay;
	struct template template;
	struct pick target_object;
	struct json_list items, tags, headers;
	uint64_t present;
};

static const struct field retry_rows[] = {
	F_INT(retry, max_attempts, "max_attempts", .min = 1, .max = 10, .flags = FIELD_NEEDED),
	F_BOOL(retry, jitter, "jitter"),
};

static void retry_init(void *object)
{
	((struct retry *)object)->jitter = true;
}

static const struct shape retry_shape = SHAPE(retry, "Retry", retry_rows, .init = retry_init);

static const struct field pick_rows[] = { F_RAW(pick, only, "only") };
static const struct shape pick_shape = SHAPE(pick, "Pick", pick_rows,
					     .present = offsetof(struct pick, present));

static const struct field template_rows[] = {
	F_STR(template, url, "url", .min = 1, .max = 20, .flags = FIELD_NEEDED),
	F_RAW(template, payload, "payload"),
	F_OBJ(template, retry, "retry", retry_shape),
};
static const struct shape template_shape = SHAPE(template, "Template", template_rows,
						 .present = offsetof(struct template, present));

static const struct field item_rows[] = {
	F_STR(item, name, "name", .flags = FIELD_NEEDED),
	F_RAW(item, data, "data"),
	F_INT(item, n, "n"),
};
static const struct shape item_shape = SHAPE(item, "Item", item_rows);

/* Twice the number, which must be below 100; or a word. */
static const char *parse_delay(const struct field *f, struct slice text, void *member,
			       struct arena *a, const char **out_message)
{
	(void)f;
	(void)a;
	if (slice_is(text, "soon")) {
		*(int64_t *)member = 1;
		return NULL;
	}
	if (text.n > 2) {
		*out_message = "This is not a delay.";
		return "invalid_delay";
	}
	*(int64_t *)member = 2 * (text.p[0] - '0');
	return NULL;
}

static const struct field_type field_delay = { .what = "a delay",
					       .parse = parse_delay,
					       .from_number = true };

enum {
	NAME,
	ZONE,
	PAYLOAD,
	TARGET,
	TARGET_OBJECT,
	COUNT,
	ANY,
	ON,
	POLICY,
	DELAY,
	TEMPLATE,
	ITEMS,
	TAGS,
	HEADERS
};
static const struct field thing_rows[] = {
	F_STR(thing, name, "name", .min = 2, .max = 8),
	F_STR(thing, zone, "timezone", .flags = FIELD_NULLABLE),
	F_RAW(thing, payload, "payload", .max = 200),
	F_STR(thing, target, "target"),
	F_OBJ(thing, target_object, "target", pick_shape),
	F_INT(thing, count, "count", .min = -5, .max = 5),
	F_INT(thing, any, "any"),
	F_BOOL(thing, is_on, "on"),
	F_ENUM(thing, policy, "policy", policy_words),
	F_TYPE(thing, delay, "delay", field_delay),
	F_OBJ(thing, template, "task_template", template_shape),
	F_LIST(thing, items, "items", item_shape, .max = 3),
	F_STRS(thing, tags, "tags", .max = 3),
	F_MAP(thing, headers, "headers", .max = 3),
	F_NONE("answer"),
};

static void thing_init(void *object)
{
	*(struct thing *)object = (struct thing){ .zone = SLICE_LIT("UTC"),
						  .policy = POLICY_ALLOW };
}

static const struct shape thing_shape = SHAPE(thing, "Thing", thing_rows, .init = thing_init,
					      .present = offsetof(struct thing, present));

static struct arena *a;
static struct json_faults faults;
static struct json_syntax wrong;
static struct json_reader reader = { NULL, &faults, &wrong };
static struct thing thing;

static void setup(void)
{
	a = reader.arena = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

static bool decode(const char *text)
{
	memset(&faults, 0, sizeof(faults));
	memset(&thing, 0x55, sizeof(thing));
	return json_decode(&thing_shape, slice_of(text), &reader, &thing);
}

static void expect_fine(const char *text)
{
	bool ok = decode(text);

	ck_assert_msg(ok, "%s: %s at %zu", text, wrong.message, wrong.at);
	ck_assert_msg(faults.total == 0, "%s: %s %s: %s", text, faults.list[0].field,
		      faults.list[0].code, faults.list[0].message);
}

#define ck_slice(s, want) ck_assert_msg(slice_is((s), want), "%.*s, not %s", SLICE_ARG(s), want)

/* Each row: a body and its faults as "field code" lines, in the order of the body. */
struct row {
	int line;
	const char *text, *want;
};
#define R(text, want)                \
	{                            \
		__LINE__, text, want \
	}

static const struct row rows[] = {
	R("{}", ""),
	R("[]", " wrong_type\n"),
	R("1", " wrong_type\n"),
	R("\"{}\"", " wrong_type\n"),
	R("{\"name\":\"x\"}", "name too_short\n"),
	R("{\"name\":\"123456789\"}", "name too_long\n"),
	R("{\"name\":12}", "name wrong_type\n"),
	R("{\"name\":null}", "name wrong_type\n"),
	R("{\"name\":{\"name\":1}}", "name wrong_type\n"),
	R("{\"name\":[1,[2,{}]],\"on\":1}", "name wrong_type\non wrong_type\n"),
	R("{\"timezone\":null}", ""),
	R("{\"timezone\":1}", "timezone wrong_type\n"),
	R("{\"Name\":\"abc\"}", "Name unknown_field\n"),
	R("{\"nmae\":\"abc\",\"zzz\":1}", "nmae unknown_field\nzzz unknown_field\n"),
	R("{\"answer\":1}", "answer unknown_field\n"),
	R("{\"\":1}", " unknown_field\n"),
	R("{\"count\":6}", "count out_of_range\n"),
	R("{\"count\":-6}", "count out_of_range\n"),
	R("{\"count\":1.5}", "count wrong_type\n"),
	R("{\"count\":\"1\"}", "count wrong_type\n"),
	R("{\"any\":9223372036854775808}", "any out_of_range\n"),
	R("{\"any\":-9223372036854775809}", "any out_of_range\n"),
	R("{\"any\":1e19}", "any out_of_range\n"),
	R("{\"any\":1e999999999999}", "any out_of_range\n"),
	R("{\"any\":1e-999999999999}", "any wrong_type\n"),
	R("{\"any\":123456789012345678901234567890.5}", "any wrong_type\n"),
	R("{\"any\":123456789012345678901234567890}", "any out_of_range\n"),
	R("{\"any\":1e-1}", "any wrong_type\n"),
	R("{\"any\":0.1e0}", "any wrong_type\n"),
	R("{\"on\":\"true\"}", "on wrong_type\n"),
	R("{\"policy\":\"Skip\"}", "policy invalid_value\n"),
	R("{\"policy\":1}", "policy wrong_type\n"),
	R("{\"delay\":100}", "delay invalid_delay\n"),
	R("{\"delay\":\"later\"}", "delay invalid_delay\n"),
	R("{\"delay\":true}", "delay wrong_type\n"),
	R("{\"task_template\":{}}", "task_template.url required\n"),
	R("{\"task_template\":{\"url\":\"\",\"retry\":{\"max_attempts\":11,\"x\":0}}}",
	  "task_template.url too_short\ntask_template.retry.max_attempts out_of_range\n"
	  "task_template.retry.x unknown_field\n"),
	R("{\"task_template\":{\"url\":\"u\",\"retry\":{}}}",
	  "task_template.retry.max_attempts required\n"),
	R("{\"task_template\":{\"url\":\"u\",\"retry\":{\"max_attempts\":\"3\"}}}",
	  "task_template.retry.max_attempts wrong_type\n"),
	R("{\"task_template\":null}", "task_template wrong_type\n"),
	R("{\"task_template\":[]}", "task_template wrong_type\n"),
	R("{\"target\":1}", "target wrong_type\n"),
	R("{\"target\":{\"x\":1}}", "target.x unknown_field\n"),
	R("{\"items\":[{\"name\":\"a\"},{},3,null]}", "items too_many\n"),
	R("{\"items\":[{},3,{\"name\":\"a\",\"n\":true}]}",
	  "items[0].name required\nitems[1] wrong_type\nitems[2].n wrong_type\n"),
	R("{\"items\":{}}", "items wrong_type\n"),
	R("{\"tags\":[\"a\",1,{}]}", "tags[1] wrong_type\ntags[2] wrong_type\n"),
	R("{\"tags\":[1,2,3,4]}", "tags too_many\n"),
	R("{\"headers\":{\"A\":\"b\",\"C\":1,\"D\":{}}}",
	  "headers.C wrong_type\nheaders.D wrong_type\n"),
	R("{\"headers\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\"}}", "headers too_many\n"),
	R("{\"headers\":[]}", "headers wrong_type\n"),
};

START_TEST(all_faults_at_once)
{
	const struct row *row = &rows[_i];
	char got[1024] = "";
	bool ok = decode(row->text);
	size_t n = 0;

	ck_assert_msg(ok, "line %d: %s", row->line, wrong.message);
	for (int i = 0; i < faults.n; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s %s\n", faults.list[i].field,
				      faults.list[i].code);
	ck_assert_msg(strcmp(got, row->want) == 0, "line %d: %s", row->line, got);
	ck_assert_int_eq(faults.n, faults.total);
}
END_TEST

START_TEST(sentences_help)
{
	decode("{\"paylod\":1}");
	ck_assert_str_eq(faults.list[0].message, "There is no such field; did you mean payload?");
	decode("{\"nam\":1}");
	ck_assert_str_eq(faults.list[0].message, "There is no such field; did you mean name?");
	decode("{\"mane\":1}"); /* two letters of four */
	ck_assert_str_eq(faults.list[0].message, "There is no such field.");
	decode("{\"something\":1}");
	ck_assert_str_eq(faults.list[0].message, "There is no such field.");
	decode("{\"target\":null}");
	ck_assert_str_eq(faults.list[0].message, "This must be a string or an object, not null.");
	decode("{\"delay\":[]}");
	ck_assert_str_eq(faults.list[0].message, "This must be a delay.");
	decode("{\"policy\":\"x\"}");
	ck_assert_str_eq(faults.list[0].message, "This must be one of skip, allow.");
	decode("{\"count\":99}");
	ck_assert_str_eq(faults.list[0].message, "This must be from -5 to 5.");
	decode("{\"name\":\"\"}");
	ck_assert_str_eq(faults.list[0].message, "This must have at least 2 bytes.");
}
END_TEST

START_TEST(defaults_and_present)
{
	expect_fine("{}");
	ck_assert_uint_eq(thing.present, 0);
	ck_slice(thing.zone, "UTC");
	ck_assert_int_eq(thing.policy, POLICY_ALLOW);
	ck_assert(thing.template.retry.jitter);
	ck_assert_ptr_null(thing.name.p);
	expect_fine(
		"{\"timezone\":null,\"count\":3,\"task_template\":{\"url\":\"u\"},\"policy\":\"skip\"}");
	ck_assert_uint_eq(thing.present, 1u << ZONE | 1u << COUNT | 1u << TEMPLATE | 1u << POLICY);
	ck_slice(thing.zone, "UTC");
	ck_assert_int_eq(thing.policy, POLICY_SKIP);
	ck_assert_uint_eq(thing.template.present, 1);
	ck_assert(thing.template.retry.jitter);
}
END_TEST

START_TEST(values)
{
	expect_fine(
		"{\"name\":\"a\\u00e9\\n\",\"on\":true,\"delay\":7,\"tags\":[\"x\",\"\"],"
		"\"headers\":{\"A\":\"1\",\"a\":\"2\"},\"items\":[{\"name\":\"p\",\"n\":-0,\"data\":[1.10]},"
		"{\"data\":\"s\",\"name\":\"q\"}]}");
	ck_slice(thing.name, "a\xc3\xa9\n");
	ck_assert(thing.is_on);
	ck_assert_int_eq(thing.delay, 14);
	ck_assert_uint_eq(thing.tags.n, 2);
	ck_slice(((struct slice *)thing.tags.items)[0], "x");
	ck_slice(((struct slice *)thing.tags.items)[1], "");
	ck_assert_uint_eq(thing.headers.n, 2);
	ck_slice(((struct json_pair *)thing.headers.items)[1].name, "a");
	ck_slice(((struct json_pair *)thing.headers.items)[1].value, "2");
	ck_assert_uint_eq(thing.items.n, 2);
	ck_slice(((struct item *)thing.items.items)[0].data, "[1.10]");
	ck_slice(((struct item *)thing.items.items)[1].data, "\"s\"");
	expect_fine("{\"delay\":\"soon\",\"target\":\"t\"}");
	ck_assert_int_eq(thing.delay, 1);
	ck_slice(thing.target, "t");
	ck_assert_uint_eq(thing.present, 1u << DELAY | 1u << TARGET);
	expect_fine("{\"target\":{\"only\":{\"a\":1e400}}}");
	ck_slice(thing.target_object.only, "{\"a\":1e400}");
	ck_assert_uint_eq(thing.present, 1u << TARGET_OBJECT);
}
END_TEST

struct number_row {
	int line;
	const char *text;
	int64_t want;
};
static const struct number_row number_rows[] = {
	{ __LINE__, "0", 0 },
	{ __LINE__, "-0", 0 },
	{ __LINE__, "0e999999999999", 0 },
	{ __LINE__, "0.000", 0 },
	{ __LINE__, "1.0", 1 },
	{ __LINE__, "1e3", 1000 },
	{ __LINE__, "1.50e1", 15 },
	{ __LINE__, "100e-2", 1 },
	{ __LINE__, "-12.5E+1", -125 },
	{ __LINE__, "9007199254740993", 9007199254740993 },
	{ __LINE__, "-9007199254740993", -9007199254740993 },
	{ __LINE__, "9223372036854775807", INT64_MAX },
	{ __LINE__, "-9223372036854775808", INT64_MIN },
	{ __LINE__, "9.223372036854775807e18", INT64_MAX },
	{ __LINE__, "9223372036854775807.00000000000000000000000000", INT64_MAX },
	{ __LINE__, "1000000000000000000000000e-24", 1 },
	{ __LINE__, "0.00000000000000000000000000012e29", 12 },
};

START_TEST(integers_are_exact)
{
	const struct number_row *row = &number_rows[_i];
	char text[128];

	snprintf(text, sizeof(text), "{\"any\":%s}", row->text);
	expect_fine(text);
	ck_assert_msg(thing.any == row->want, "line %d: %lld", row->line, (long long)thing.any);
}
END_TEST

static const char *const payloads[] = {
	"null",
	"true",
	"0",
	"1.10",
	"1e400",
	"9007199254740993",
	"\"\"",
	"\"\\u00e9\\\"\"",
	"[]",
	"{}",
	"[1,2,{\"a\":[3]}]",
	"{ \"b\" : 1,\n\t\"a\":2 }",
	"{\"payload\":{\"payload\":0}}",
	"[[[[[[0]]]]]]",
	"123456789012345678901234567890",
	"\"0\"",
	"{\"0\":0}",
	"-0",
	"\"\xf0\x9f\x98\x80\"",
};

START_TEST(payloads_stay_as_they_are)
{
	const char *p = payloads[_i];
	char text[512];

	snprintf(
		text, sizeof(text),
		"{\"any\":17,\"payload\": %s ,\"task_template\":{\"payload\":%s,\"url\":\"u\",\"retry\":"
		"{\"max_attempts\":3}},\"items\":[{\"data\":%s,\"name\":\"n\",\"n\":4}],\"count\":2}",
		p, p, p);
	expect_fine(text);
	ck_slice(thing.payload, p);
	ck_assert(thing.payload.p > text && thing.payload.p < text + sizeof(text));
	ck_slice(thing.template.payload, p);
	ck_slice(((struct item *)thing.items.items)[0].data, p);
	ck_assert_int_eq(thing.any, 17);
	ck_assert_int_eq(thing.count, 2);
	ck_assert_int_eq(thing.template.retry.max_attempts, 3);
	ck_assert_int_eq(((struct item *)thing.items.items)[0].n, 4);
	snprintf(text, sizeof(text), "{\"p\\u0061yload\":%s}", p);
	expect_fine(text);
	ck_slice(thing.payload, p);
}
END_TEST

/* In cJSON's text a payload is the number 0, 1, ...: what the client writes as such numbers must
 * not become one, in any place where a number or a value can stand. */
START_TEST(placeholders_cannot_be_forged)
{
	expect_fine("{\"payload\":{\"secret\":1},\"any\":0,\"count\":1}");
	ck_slice(thing.payload, "{\"secret\":1}");
	ck_assert_int_eq(thing.any, 0);
	ck_assert_int_eq(thing.count, 1);
	expect_fine("{\"count\":1,\"payload\":0,\"any\":2}");
	ck_slice(thing.payload, "0");
	ck_assert_int_eq(thing.any, 2);
	decode("{\"payload\":{\"s\":1},\"delay\":99999,\"any\":-1,\"count\":1e0,\"x\":4294967297}");
	ck_slice(thing.payload, "{\"s\":1}");
	ck_assert_int_eq(faults.total, 2);
	ck_assert_int_eq(thing.any, -1);
	expect_fine("{\"name\":\"00\",\"target\":\"\\u0030\",\"payload\":\"1\"}");
	ck_slice(thing.name, "00");
	ck_slice(thing.target, "0");
	ck_slice(thing.payload, "\"1\"");
}
END_TEST

START_TEST(lengths_of_raw)
{
	char text[512] = "{\"payload\":\"";

	memset(text + strlen(text), 'x', 198);
	memcpy(text + 12 + 198, "\"}", 3);
	expect_fine(text);
	memcpy(text + 12 + 198, "x\"}", 4);
	decode(text);
	ck_assert_str_eq(faults.list[0].code, "too_long");
	ck_assert_ptr_null(thing.payload.p);
}
END_TEST

START_TEST(lists)
{
	struct json_list list;

	memset(&faults, 0, sizeof(faults));
	ck_assert(json_decode_list(
		&item_shape, 3,
		slice_of(" [{\"name\":\"a\",\"data\":{\"x\":1.10}},{\"name\":\"b\",\"n\":1e2}]"),
		&reader, &list));
	ck_assert_int_eq(faults.total, 0);
	ck_assert_uint_eq(list.n, 2);
	ck_slice(((struct item *)list.items)[0].data, "{\"x\":1.10}");
	ck_assert_int_eq(((struct item *)list.items)[1].n, 100);
	ck_assert(json_decode_list(&item_shape, 3, slice_of("[{\"name\":\"a\"},{\"n\":\"\"},[]]"),
				   &reader, &list));
	ck_assert_int_eq(faults.total, 3);
	ck_assert_str_eq(faults.list[0].field, "[1].n");
	ck_assert_str_eq(faults.list[1].field, "[1].name");
	ck_assert_str_eq(faults.list[2].field, "[2]");
	memset(&faults, 0, sizeof(faults));
	ck_assert(json_decode_list(&item_shape, 3, slice_of("[1,1,1,1]"), &reader, &list));
	ck_assert_str_eq(faults.list[0].code, "too_many");
	ck_assert(json_decode_list(&item_shape, 3, slice_of("{}"), &reader, &list));
	ck_assert_str_eq(faults.list[1].code, "wrong_type");
	ck_assert(!json_decode_list(&item_shape, 3, slice_of("[{]"), &reader, &list));
	ck_assert(json_decode_list(&item_shape, 3, slice_of("[]"), &reader, &list));
	ck_assert_uint_eq(list.n, 0);
}
END_TEST

START_TEST(many_faults_are_counted)
{
	struct strbuf b;

	strbuf_init(&b, 1 << 20);
	strbuf_addc(&b, '{');
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&b, "\"k%d\":[],", i);
	strbuf_adds(&b, "\"name\":0}");
	ck_assert(decode(b.p));
	ck_assert_int_eq(faults.total, 1001);
	ck_assert_int_eq(faults.n, JSON_FAULTS_MAX);
	strbuf_release(&b);
}
END_TEST

/* A name of the client's is shown, cut between characters. */
START_TEST(long_names_are_cut)
{
	struct strbuf b;

	strbuf_init(&b, 1 << 20);
	strbuf_adds(&b, "{\"x");
	for (int i = 0; i < 5000; i++)
		strbuf_adds(&b, "\xc3\xa9");
	strbuf_adds(&b, "\":0}");
	ck_assert(decode(b.p));
	ck_assert_uint_eq(strlen(faults.list[0].field), 99);
	strbuf_release(&b);
}
END_TEST

static const struct json_pair good_pairs[] = {
	{ SLICE_LIT("name"), SLICE_LIT("abc") },     { SLICE_LIT("count"), SLICE_LIT("-3") },
	{ SLICE_LIT("on"), SLICE_LIT("true") },      { SLICE_LIT("tags"), SLICE_LIT("a") },
	{ SLICE_LIT("policy"), SLICE_LIT("allow") }, { SLICE_LIT("tags"), SLICE_LIT("b") },
	{ SLICE_LIT("delay"), SLICE_LIT("7") },      { SLICE_LIT("target"), SLICE_LIT("t") },
};

START_TEST(pairs)
{
	memset(&faults, 0, sizeof(faults));
	json_decode_pairs(&thing_shape, good_pairs, sizeof(good_pairs) / sizeof(good_pairs[0]),
			  &reader, &thing);
	ck_assert_int_eq(faults.total, 0);
	ck_slice(thing.name, "abc");
	ck_assert_int_eq(thing.count, -3);
	ck_assert(thing.is_on);
	ck_assert_uint_eq(thing.tags.n, 2);
	ck_slice(((struct slice *)thing.tags.items)[1], "b");
	ck_assert_int_eq(thing.policy, POLICY_ALLOW);
	ck_assert_int_eq(thing.delay, 14);
	ck_slice(thing.target, "t");
	ck_slice(thing.zone, "UTC");
	ck_assert_uint_eq(thing.present, 1u << NAME | 1u << COUNT | 1u << ON | 1u << TAGS
						 | 1u << POLICY | 1u << DELAY | 1u << TARGET);
}
END_TEST

static const struct pair_row {
	int line;
	struct slice name, value;
	const char *code;
} pair_rows[] = {
#define P(n, v, c)                                      \
	{                                               \
		__LINE__, SLICE_LIT(n), SLICE_LIT(v), c \
	}
	P("name", "", "too_short"),           P("nam", "abc", "unknown_field"),
	P("payload", "1", "unknown_field"),   P("count", "", "wrong_type"),
	P("count", "1 ", "wrong_type"),       P("count", " 1", "wrong_type"),
	P("count", "+1", "wrong_type"),       P("count", "01", "wrong_type"),
	P("count", "1.5", "wrong_type"),      P("count", "9", "out_of_range"),
	P("on", "yes", "wrong_type"),         P("on", "", "wrong_type"),
	P("policy", "none", "invalid_value"), P("timezone", "a\0b", "wrong_type"),
	P("timezone", "\xff", "wrong_type"),  P("timezone", "\xc3", "wrong_type"),
	P("items", "[]", "unknown_field"),    P("count", "99999999999999999999", "out_of_range"),
};

START_TEST(bad_pairs)
{
	const struct pair_row *row = &pair_rows[_i];
	struct json_pair pair = { row->name, row->value };

	memset(&faults, 0, sizeof(faults));
	json_decode_pairs(&thing_shape, &pair, 1, &reader, &thing);
	ck_assert_msg(faults.total == 1, "line %d: %d faults", row->line, faults.total);
	ck_assert_msg(strcmp(faults.list[0].code, row->code) == 0, "line %d: %s", row->line,
		      faults.list[0].code);
}
END_TEST

START_TEST(pairs_once_each)
{
	struct json_pair twice[] = { good_pairs[0], good_pairs[0] };
	struct json_pair off = { SLICE_LIT("on"), SLICE_LIT("0") };
	struct json_pair tags[4];

	memset(&faults, 0, sizeof(faults));
	json_decode_pairs(&thing_shape, twice, 2, &reader, &thing);
	ck_assert_int_eq(faults.total, 1);
	ck_assert_str_eq(faults.list[0].code, "duplicate");
	memset(&faults, 0, sizeof(faults));
	json_decode_pairs(&thing_shape, &off, 1, &reader, &thing);
	ck_assert(faults.total == 0 && !thing.is_on && thing.present == 1u << ON);
	for (int i = 0; i < 4; i++)
		tags[i] = good_pairs[3];
	json_decode_pairs(&thing_shape, tags, 4, &reader, &thing);
	ck_assert_str_eq(faults.list[0].code, "too_many");
	memset(&faults, 0, sizeof(faults));
	json_decode_pairs(&template_shape, NULL, 0, &reader, &thing);
	ck_assert_str_eq(faults.list[0].code, "required");
}
END_TEST

Suite *suite_json_decode(void)
{
	Suite *s = suite_create("json_decode");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, all_faults_at_once, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, sentences_help);
	tcase_add_test(tc, defaults_and_present);
	tcase_add_test(tc, values);
	tcase_add_loop_test(tc, integers_are_exact, 0,
			    sizeof(number_rows) / sizeof(number_rows[0]));
	tcase_add_loop_test(tc, payloads_stay_as_they_are, 0,
			    sizeof(payloads) / sizeof(payloads[0]));
	tcase_add_test(tc, placeholders_cannot_be_forged);
	tcase_add_test(tc, lengths_of_raw);
	tcase_add_test(tc, lists);
	tcase_add_test(tc, many_faults_are_counted);
	tcase_add_test(tc, long_names_are_cut);
	tcase_add_test(tc, pairs);
	tcase_add_loop_test(tc, bad_pairs, 0, sizeof(pair_rows) / sizeof(pair_rows[0]));
	tcase_add_test(tc, pairs_once_each);
	suite_add_tcase(s, tc);
	return s;
}
