/* What agents are sent, and what their answers are taken for. */
#include <check.h>
#include <string.h>

#include "engine/agent_int.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

#define S(text) SLICE_LIT(text)

static struct agent_told told(void)
{
	return (struct agent_told){ .run = S("run_1"),
				    .job = S("job_1"),
				    .name = S("A \"name\""),
				    .agent = S("agent_1"),
				    .goal = S("line\n2"),
				    .scheduled_for = S("2030-01-01T00:00:00Z"),
				    .callback_url = S("http://h/c?token=t"),
				    .attempt = 2 };
}

static void same(struct slice got, const char *wanted)
{
	struct json_syntax syntax;

	ck_assert_msg(json_scan(got, &syntax), "not JSON at %zu: %.*s", syntax.at, SLICE_ARG(got));
	ck_assert_msg(slice_is(got, wanted), "got %.*s", SLICE_ARG(got));
}

START_TEST(webhook_body)
{
	struct agent_told t = told();

	same(agent_webhook_body(&t, agent_context(&t, a), a),
	     "{\"run_id\":\"run_1\",\"job_id\":\"job_1\",\"job_name\":\"A \\\"name\\\"\","
	     "\"agent_id\":\"agent_1\",\"goal\":\"line\\n2\",\"scheduled_for\":\"2030-01-01T00:00:00Z\","
	     "\"attempt\":2,\"context\":{\"job\":{}},\"callback_url\":\"http://h/c?token=t\"}");
	t.goal = t.name = (struct slice){ NULL, 0 };
	t.given = S("{\"n\": 1.10}");
	same(agent_webhook_body(&t, agent_context(&t, a), a),
	     "{\"run_id\":\"run_1\",\"job_id\":\"job_1\",\"job_name\":null,"
	     "\"agent_id\":\"agent_1\",\"goal\":null,\"scheduled_for\":\"2030-01-01T00:00:00Z\","
	     "\"attempt\":2,\"context\":{\"job\":{\"n\": 1.10}},\"callback_url\":\"http://h/c?token=t\"}");
}
END_TEST

START_TEST(chain_context)
{
	static const struct agent_parent parents[] = {
		{ S("job_a"),
		  S("first"),
		  S("run_a"),
		  "completed",
		  { S("{\"x\":1}"), true, false } },
		{ S("job_b"), S("second"), { NULL, 0 }, "skipped", { { NULL, 0 }, false, false } },
		{ S("job_c"), S("third"), S("run_c"), "failed", { S("half"), false, true } },
	};
	struct agent_told t = told();

	t.chain = S("chain_1");
	t.chain_run = S("chainrun_1");
	t.parents = parents;
	t.parents_n = 3;
	same(agent_context(&t, a),
	     "{\"job\":{},\"chain\":{\"chain_id\":\"chain_1\",\"chain_run_id\":\"chainrun_1\"},\"parents\":{"
	     "\"job_a\":{\"job_name\":\"first\",\"status\":\"completed\",\"run_id\":\"run_a\",\"output\":{\"x\":1}},"
	     "\"job_b\":{\"job_name\":\"second\",\"status\":\"skipped\",\"run_id\":null,\"output\":null},"
	     "\"job_c\":{\"job_name\":\"third\",\"status\":\"failed\",\"run_id\":\"run_c\",\"output\":\"half\","
	     "\"output_truncated\":true}}}");
}
END_TEST

/* Together they have one ceiling: what comes later is cut, and is a text then. */
START_TEST(parents_have_a_ceiling)
{
	size_t n = AGENT_PARENTS_MAX - 3;
	char *large = arena_alloc(a, n);
	struct agent_parent parents[] = {
		{ S("job_a"), S("first"), S("run_a"), "completed", { { large, n }, true, false } },
		{ S("job_b"), S("second"), S("run_b"), "completed", { S("[1,2]"), true, false } },
		{ S("job_c"), S("third"), S("run_c"), "completed", { S("x"), false, false } },
	};
	struct agent_told t = told();
	struct slice got;
	struct json_syntax syntax;

	memset(large, ' ', n);
	large[0] = '1';
	t.chain = S("chain_1");
	t.parents = parents;
	t.parents_n = 3;
	got = agent_context(&t, a);
	ck_assert(json_scan(got, &syntax));
	ck_assert(memmem(got.p, got.n, "\"output\":\"[1,\",\"output_truncated\":true", 38));
	ck_assert(memmem(got.p, got.n, "\"output\":\"\",\"output_truncated\":true", 35));
}
END_TEST

/* What counts is what it takes there: a text of nothing but escapes is cut to a sixth, and no JSON is broken by it. */
START_TEST(escapes_count)
{
	size_t n = AGENT_PARENTS_MAX;
	char *large = arena_alloc(a, n);
	struct agent_parent parent = {
		S("job_a"), S("first"), S("run_a"), "completed", { { large, n }, false, false }
	};
	struct agent_told t = told();
	struct slice context, body;
	struct json_syntax syntax;

	memset(large, 1, n);
	t.chain = S("chain_1");
	t.parents = &parent;
	t.parents_n = 1;
	context = agent_context(&t, a);
	ck_assert(json_scan(context, &syntax));
	ck_assert(context.n > AGENT_PARENTS_MAX && context.n < AGENT_PARENTS_MAX + 1000);
	body = agent_llm_body(&t, context, S("m"), S("s"), a);
	ck_assert(json_scan(body, &syntax));
	ck_assert(body.n < 2 * AGENT_PARENTS_MAX);
	/* What was too much is not cut: it is not there. */
	t.given = (struct slice){ arena_alloc(a, 9 << 20), 9 << 20 };
	ck_assert_ptr_null(agent_context(&t, a).p);
	ck_assert_ptr_null(agent_webhook_body(&t, t.given, a).p);
	ck_assert_ptr_null(agent_llm_body(&t, t.given, S("m"), S("s"), a).p);
}
END_TEST

START_TEST(llm_body)
{
	struct agent_told t = told();

	same(agent_llm_body(&t, agent_context(&t, a), S("m-1"), S("Be \"brief\"."), a),
	     "{\"model\":\"m-1\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
	     "{\"role\":\"user\",\"content\":\"line\\n2\"}]}");
	t.given = S("{\"k\":\"v\"}");
	same(agent_llm_body(&t, agent_context(&t, a), (struct slice){ NULL, 0 },
			    (struct slice){ NULL, 0 }, a),
	     "{\"messages\":[{\"role\":\"user\",\"content\":\"line\\n2\\n\\nContext (JSON):\\n"
	     "{\\\"job\\\":{\\\"k\\\":\\\"v\\\"}}\"}]}");
}
END_TEST

static const struct {
	const char *body;
	int64_t bytes; /* 0: all of it is there */
	const char *output;
	bool is_json;
	int32_t output_bytes;
} outputs[] = {
	{ "", 0, NULL, false, 0 },
	{ "{\"a\":1}", 0, "{\"a\":1}", true, 7 },
	{ " 1.10 ", 0, " 1.10 ", true, 6 },
	{ "\"text\"", 0, "\"text\"", true, 6 },
	{ "plain", 0, "plain", false, 5 },
	{ "{\"a\":1} x", 0, "{\"a\":1} x", false, 9 },
	{ "[1]", 4, "[1]", false, 4 }, /* cut: whatever it looks like */
	{ "a\xff", 0, "a\xef\xbf\xbd", false, 4 },
	{ "a", INT64_MAX, "a", false, INT32_MAX },
#define EIGHT(x) x x x x x x x x
#define DEEP EIGHT("[[[[[[[")
#define BACK EIGHT("]]]]]]]")
	{ DEEP BACK, 0, DEEP BACK, true, 112 },
	{ "[" DEEP BACK "]", 0, "[" DEEP BACK "]", false, 114 },
};

START_TEST(answers)
{
	struct slice body = slice_of(outputs[_i].body);
	struct result r = { 0 };

	agent_take_output(body, outputs[_i].bytes ? outputs[_i].bytes : (int64_t)body.n, a, &r);
	if (outputs[_i].output)
		ck_assert_msg(slice_is(r.output, outputs[_i].output), "row %d: %.*s", _i,
			      SLICE_ARG(r.output));
	else
		ck_assert(!r.output.p);
	ck_assert_int_eq(r.output_is_json, outputs[_i].is_json);
	ck_assert_int_eq(r.output_bytes, outputs[_i].output_bytes);
}
END_TEST

/* Bytes that are no text grow threefold when they become one: what is kept has its ceiling all the same. */
START_TEST(answer_at_the_ceiling)
{
	char *bytes = arena_alloc(a, WORK_OUTPUT_MAX);
	struct result r = { 0 };

	memset(bytes, 0xff, WORK_OUTPUT_MAX);
	agent_take_output((struct slice){ bytes, WORK_OUTPUT_MAX }, WORK_OUTPUT_MAX, a, &r);
	ck_assert_uint_le(r.output.n, WORK_OUTPUT_MAX);
	ck_assert_uint_gt(r.output.n, WORK_OUTPUT_MAX - 3);
	ck_assert_uint_eq(r.output.n % 3, 0);
	ck_assert_int_eq(r.output_bytes, 3 * WORK_OUTPUT_MAX);
	ck_assert(!r.output_is_json);
}
END_TEST

Suite *suite_agent_body(void)
{
	Suite *s = suite_create("agent_body");
	TCase *t = tcase_create("agent_body");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, webhook_body);
	tcase_add_test(t, chain_context);
	tcase_add_test(t, parents_have_a_ceiling);
	tcase_add_test(t, escapes_count);
	tcase_add_test(t, llm_body);
	tcase_add_loop_test(t, answers, 0, sizeof outputs / sizeof outputs[0]);
	tcase_add_test(t, answer_at_the_ceiling);
	suite_add_tcase(s, t);
	return s;
}
