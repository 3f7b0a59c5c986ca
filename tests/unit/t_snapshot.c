/* What the audit trail keeps of objects: everything but secrets, and for schedules the way back. */
#include "core/snapshot.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/call.h"
#include "core/work.h"

#define CANARY "canary-7731"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static bool holds(struct slice text, const char *what)
{
	return text.p && memmem(text.p, text.n, what, strlen(what)) != NULL;
}

static struct slice filled(char c, size_t n)
{
	char *p = arena_alloc(arena, n);

	memset(p, c, n);
	return (struct slice){ p, n };
}

static struct slice text_of(size_t n)
{
	char *p = arena_alloc(arena, n);

	memset(p, 'x', n);
	p[0] = p[n - 1] = '"';
	return (struct slice){ p, n };
}

static struct schedule sample(void)
{
	return (struct schedule){
		.kind = KIND_PLAN,
		.state = SCHEDULE_PAUSED,
		.name = SLICE_LIT("a \"name\""),
		.details = SLICE_LIT("d"),
		.spec_kind = 4,
		.spec = SLICE_LIT("DTSTART:20300101T000000\r\nRRULE:FREQ=DAILY"),
		.zone = SLICE_LIT("Europe/Berlin"),
		.start_at = 1900000000 * SEC,
		.end_at = USEC_NEVER,
		.dst_gap = 3,
		.dst_overlap = 2,
		.overlap = OVERLAP_QUEUE_ONE,
		.catchup = CATCHUP_NONE,
		.calendar = SLICE_LIT("us"),
		.adjust = 4,
		.jitter_us = 5,
		.agent = SLICE_LIT("content.make"),
		.lookahead_us = 7,
		.expires_us = 9,
		.url = SLICE_LIT("action:content.make"),
		.payload = SLICE_LIT("{\"n\": 1.10, \"b\":9007199254740993}"),
		.created_at = 1800000000 * SEC,
	};
}

/* --- there and back --- */

START_TEST(what_is_kept_of_a_schedule_is_read_again)
{
	struct schedule s = sample(), r;
	struct slice text;
	bool is_partial = true;

	text = snapshot_schedule(&s, arena);
	ck_assert(snapshot_schedule_read(text, arena, &r, &is_partial));
	ck_assert(!is_partial);
	ck_assert_int_eq(r.kind, s.kind);
	ck_assert_int_eq(r.state, s.state);
	ck_assert_int_eq(r.spec_kind, s.spec_kind);
	ck_assert_int_eq(r.start_at, s.start_at);
	ck_assert_int_eq(r.end_at, USEC_NEVER);
	ck_assert_int_eq(r.dst_gap, s.dst_gap);
	ck_assert_int_eq(r.dst_overlap, s.dst_overlap);
	ck_assert_int_eq(r.overlap, s.overlap);
	ck_assert_int_eq(r.catchup, s.catchup);
	ck_assert_int_eq(r.adjust, s.adjust);
	ck_assert_int_eq(r.jitter_us, s.jitter_us);
	ck_assert_int_eq(r.lookahead_us, s.lookahead_us);
	ck_assert_int_eq(r.expires_us, s.expires_us);
	ck_assert_int_eq(r.created_at, s.created_at);
	ck_assert_int_eq(r.next_at, USEC_NEVER);
	ck_assert(slice_is(r.name, "a \"name\""));
	ck_assert(slice_is(r.spec, s.spec.p));
	ck_assert(slice_is(r.zone, s.zone.p));
	ck_assert(slice_is(r.calendar, "us"));
	ck_assert(slice_is(r.agent, "content.make"));
	ck_assert(slice_is(r.url, "action:content.make"));
	ck_assert(!r.options.p);
	ck_assert(slice_is(r.payload, "{\"n\": 1.10, \"b\":9007199254740993}"));
	ck_assert_int_eq(snapshot_kind(text), KIND_PLAN);
}
END_TEST

START_TEST(what_the_server_changed_is_a_state_alone)
{
	struct slice text = snapshot_state(KIND_JOB, SCHEDULE_FAILED, arena);
	struct schedule r;
	bool is_partial = false;

	ck_assert(slice_is(text, "{\"kind\":\"job\",\"state\":\"failed\"}"));
	ck_assert(snapshot_schedule_read(text, arena, &r, &is_partial));
	ck_assert(is_partial);
	ck_assert_int_eq(r.state, SCHEDULE_FAILED);
	ck_assert_int_eq(snapshot_kind(text), KIND_JOB);
}
END_TEST

/* Lengths around the border. */
START_TEST(a_long_payload_is_told_by_its_digest)
{
	static const struct {
		size_t n;
		bool is_whole;
	} rows[] = {
		{ SNAPSHOT_PART_MAX, true },
		{ SNAPSHOT_PART_MAX + 1, false },
		{ 1 << 20, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct schedule s = sample(), r;
		struct slice text;
		bool is_partial;

		s.payload = text_of(rows[i].n);
		text = snapshot_schedule(&s, arena);
		ck_assert(snapshot_schedule_read(text, arena, &r, &is_partial));
		ck_assert(!is_partial);
		ck_assert_int_eq(r.payload_omitted, !rows[i].is_whole);
		ck_assert_int_eq(r.payload.n, rows[i].is_whole ? rows[i].n : 0);
		ck_assert_int_eq(holds(text, "\"payload_digest\":{\"bytes\":"), !rows[i].is_whole);
		ck_assert_uint_le(text.n, SNAPSHOT_PART_MAX + 1024);
	}
}
END_TEST

START_TEST(what_is_no_snapshot_is_refused)
{
	static const char *const rows[] = { "", "[]", "{\"kind\":\"cow\"}",
					    "{\"kind\":\"plan\",\"x\":1}", "{\"kind\":\"plan\"" };
	struct schedule r;
	bool is_partial;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(!snapshot_schedule_read(slice_of(rows[i]), arena, &r, &is_partial),
			      "%s", rows[i]);
	ck_assert(!snapshot_schedule_read((struct slice){ NULL, 0 }, arena, &r, &is_partial));
	ck_assert_int_eq(snapshot_kind(SLICE_LIT("{\"kind\":\"planet\"}")), 0);
	ck_assert_int_eq(snapshot_kind(SLICE_LIT("{\"kind\":\"plan")), 0);
}
END_TEST

/* --- nothing secret comes out --- */

static const struct {
	const char *url, *shown;
} urls[] = {
	{ "https://a.example/x?y=1", "https://a.example/x?y=1" },
	{ "https://u:" CANARY "@a.example/x", "https://***@a.example/x" },
	{ "https://" CANARY "@a.example", "https://***@a.example" },
	{ "https://u:p@" CANARY "@a.example/", "https://***@a.example/" },
	{ "https://a.example/x@y", "https://a.example/x@y" },
	{ "https://a.example/?q=x@y", "https://a.example/?q=x@y" },
	{ "https://a.example/?token=" CANARY "&b=2", "https://a.example/?token=***&b=2" },
	{ "https://a.example/?b=2&api_KEY=" CANARY, "https://a.example/?b=2&api_KEY=***" },
	{ "https://a.example/?sig=" CANARY "#f", "https://a.example/?sig=***#f" },
	{ "https://a.example/?token", "https://a.example/?token" },
	{ "https://a.example/?token=", "https://a.example/?token=***" },
	{ "agent:a:1", "agent:a:1" },
	{ "https://", "https://" },
	{ "", "" },
};

START_TEST(urls_keep_their_secrets)
{
	struct slice text = snapshot_action(slice_of(urls[_i].url), (struct slice){ NULL, 0 },
					    arena);
	char *want = arena_printf(arena, "{\"url\":\"%s\"}", urls[_i].shown);

	ck_assert_msg(slice_is(text, want), "%.*s, not %s", SLICE_ARG(text), want);
}
END_TEST

static const struct {
	const char *name;
	bool is_shown;
} headers[] = {
	{ "Authorization", false }, { "X-Api-Key", false }, { "x-auth", false },
	{ "X-TOKEN-2", false },     { "Cookie", false },    { "my-secret", false },
	{ "Accept", true },         { "X-Trace", true },
};

START_TEST(headers_keep_their_secrets)
{
	struct json_pair pair = { slice_of(headers[_i].name), SLICE_LIT(CANARY) };
	struct call c = { .url = SLICE_LIT("https://a.example"),
			  .secret = SLICE_LIT("whsec_" CANARY CANARY "x"),
			  .headers = { &pair, 1 } };
	struct agent v = { .kind = AGENT_WEBHOOK,
			   .def = { .url = c.url, .headers = c.headers, .secret = c.secret } };
	struct schedule s = sample();
	struct run_new r = { .kind = KIND_SCHEDULE, .due = 0, .url = c.url };
	struct slice text[4];

	s.options = r.options = call_print(&c, arena);
	text[0] = snapshot_schedule(&s, arena);
	text[1] = snapshot_run_new(&r, arena);
	text[2] = snapshot_agent(&v, arena);
	text[3] = snapshot_action(c.url, s.options, arena);
	for (int i = 0; i < 4; i++) {
		ck_assert(holds(text[i], headers[_i].name));
		ck_assert_msg(holds(text[i], CANARY) == headers[_i].is_shown, "%d: %.*s", i,
			      SLICE_ARG(text[i]));
		ck_assert(holds(text[i], "\"secret\":\"***\""));
	}
}
END_TEST

/* Of an array: all of each as long as that is short, then the ids alone; and an answer holds a hundred of them. */
static const struct {
	size_t n;
	bool has_urls;
} arrays[] = { { 1, true }, { 500, true }, { 10000, false } };

START_TEST(an_array_is_one_snapshot)
{
	size_t n = arrays[_i].n;
	struct run_new *rows = arena_array(arena, struct run_new, n);
	char last[ID_TEXT_MAX];
	struct slice text;

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct run_new){ .kind = KIND_SCHEDULE,
					    .id = id_new(SEC * (usec_t)i),
					    .url = SLICE_LIT("https://a.example/?token=" CANARY) };
	id_print("task", rows[n - 1].id, last);
	text = snapshot_runs_new(rows, n, arena);
	ck_assert(holds(text, arena_printf(arena, "{\"kind\":\"schedule\",\"count\":%zu,", n)));
	ck_assert(holds(text, last));
	ck_assert(!holds(text, CANARY));
	ck_assert_int_eq(holds(text, "https://a.example/?token=***"), arrays[_i].has_urls);
	ck_assert_uint_lt(text.n, SNAPSHOT_IDS_MAX);
	ck_assert_int_eq(snapshot_kind(text), KIND_SCHEDULE);
}
END_TEST

START_TEST(a_jobs_work_keeps_its_secrets)
{
	struct work w = { .agent = SLICE_LIT("a"),
			  .goal = SLICE_LIT("g"),
			  .source = SLICE_LIT("https://u:" CANARY "@a.example"),
			  .channel = SLICE_LIT("webhook:https://b.example/?key=" CANARY) };
	struct schedule s = sample();
	struct slice text;

	s.kind = KIND_JOB;
	s.url = SLICE_LIT("agent:a");
	s.payload = work_print(&w, arena);
	text = snapshot_schedule(&s, arena);
	ck_assert_msg(!holds(text, CANARY), "%.*s", SLICE_ARG(text));
	ck_assert(holds(text, "webhook:https://b.example/?key=***"));
	ck_assert(holds(text, "https://***@a.example"));
	ck_assert(holds(text, "\"goal\":\"g\""));
}
END_TEST

START_TEST(channels_keep_their_secrets)
{
	struct json_pair url = { SLICE_LIT("alerts"), SLICE_LIT("https://x/" CANARY) };
	struct credentials c = { .token = SLICE_LIT("xoxb-" CANARY),
				 .webhook_url = SLICE_LIT("https://x/" CANARY),
				 .webhook_urls = { &url, 1 },
				 .secret = SLICE_LIT(CANARY),
				 .smtp_url = SLICE_LIT("smtp://u:" CANARY "@mail"),
				 .api_base = SLICE_LIT("https://u:" CANARY "@x") };
	struct slice text = snapshot_channel(&c, arena);

	ck_assert_msg(!holds(text, CANARY), "%.*s", SLICE_ARG(text));
	ck_assert(holds(text, "\"webhook_urls\":{\"alerts\":\"***\"}"));
	ck_assert(holds(text, "smtp://***@mail"));
	ck_assert(slice_is(snapshot_channel(NULL, arena), "{\"is_sealed\":true}"));
}
END_TEST

/* What cannot be read is not shown as it is either. */
START_TEST(damaged_options_and_work_say_nothing)
{
	struct schedule s = sample();

	s.options = SLICE_LIT("{\"secrets\":\"" CANARY "\"}");
	ck_assert(!holds(snapshot_schedule(&s, arena), CANARY));
	s.url = SLICE_LIT("agent:a");
	s.payload = SLICE_LIT("{\"sources\":\"" CANARY "\"}");
	ck_assert(!holds(snapshot_schedule(&s, arena), CANARY));
}
END_TEST

/* --- the others --- */

START_TEST(the_others_are_said_in_full)
{
	struct slice id = SLICE_LIT("run_x"), text;
	struct snapshot_key k = { .name = SLICE_LIT("ci"),
				  .prefix = SLICE_LIT("crl_abcdefgh"),
				  .role = ROLE_EDITOR,
				  .actions = SLICE_LIT("a,b.*,"),
				  .expires_at = 1900000000 * SEC,
				  .revoked_at = USEC_NEVER };
	struct limits l = { .requests = -1, .schedules = 0, .min_interval = 5, .payload_max = 9 };

	ck_assert(slice_is(snapshot_key(&k, arena),
			   "{\"name\":\"ci\",\"prefix\":\"crl_abcdefgh\",\"role\":\"editor\","
			   "\"actions\":[\"a\",\"b.*\"],\"expires_at\":\"2030-03-17T17:46:40Z\"}"));
	ck_assert(slice_is(
		snapshot_limits(&l, arena),
		"{\"request_rate\":null,\"schedules\":0,\"min_interval_us\":5,\"payload_bytes\":9}"));
	ck_assert(slice_is(snapshot_calendar(SLICE_LIT("{\"weekend\":[]}"), arena),
			   "{\"definition\":{\"weekend\":[]}}"));
	ck_assert(slice_is(snapshot_chain(SLICE_LIT("c"), SLICE_LIT("{}"), arena),
			   "{\"name\":\"c\",\"definition\":{}}"));
	ck_assert(holds(snapshot_calendar(filled('1', SNAPSHOT_DEFINITION_MAX + 1), arena),
			"\"definition_digest\":{\"bytes\":16385,"));
	text = snapshot_chain_run((struct uuid){ { 1 } }, "manual", (struct json_list){ &id, 1 },
				  arena);
	ck_assert(holds(text, "\"trigger\":\"manual\",\"runs\":[\"run_x\"]}"));
	ck_assert(holds(text, "{\"chain\":\"chain_0"));
}
END_TEST

Suite *suite_snapshot(void)
{
	Suite *s = suite_create("snapshot");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_kept_of_a_schedule_is_read_again);
	tcase_add_test(t, what_the_server_changed_is_a_state_alone);
	tcase_add_test(t, a_long_payload_is_told_by_its_digest);
	tcase_add_test(t, what_is_no_snapshot_is_refused);
	tcase_add_loop_test(t, urls_keep_their_secrets, 0, sizeof(urls) / sizeof(urls[0]));
	tcase_add_loop_test(t, headers_keep_their_secrets, 0, sizeof(headers) / sizeof(headers[0]));
	tcase_add_loop_test(t, an_array_is_one_snapshot, 0, sizeof(arrays) / sizeof(arrays[0]));
	tcase_add_test(t, a_jobs_work_keeps_its_secrets);
	tcase_add_test(t, channels_keep_their_secrets);
	tcase_add_test(t, damaged_options_and_work_say_nothing);
	tcase_add_test(t, the_others_are_said_in_full);
	suite_add_tcase(s, t);
	return s;
}
