/* What answers mean: the platforms' documented ones (tests/lib/platform.h), and the odd ones. */
#include <check.h>
#include <stdio.h>

#include "channel/channel_int.h"
#include "lib/platform.h"

#define COUNT(list) (int)(sizeof(list) / sizeof((list)[0]))

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

static const char *c_string(struct slice s)
{
	return s.p ? arena_dup(a, s.p, s.n) : "";
}

static void expect(const char *what, const struct post_meaning *m, enum post_end end,
		   const char *error)
{
	ck_assert_msg(m->end == end, "%s: end %d, not %d (%s)", what, (int)m->end, (int)end,
		      c_string(m->error));
	ck_assert_msg(strcmp(c_string(m->error), error) == 0, "%s: \"%s\" is not \"%s\"", what,
		      c_string(m->error), error);
	ck_assert_msg((end == POST_DELIVERED) == !m->error.p, "%s: an error, or none", what);
}

/* The documented answers: errors in the order of enum platform_fault. */
static const struct documented {
	enum platform platform;
	bool is_webhook;
	const char *errors[PLATFORM_FAULTS];
	usec_t wait; /* when the rate is limited */
} documented[] = {
	{ PLATFORM_SLACK,
	  false,
	  { "ratelimited", "channel_not_found", "invalid_auth", "internal_error" },
	  3 * SEC },
	{ PLATFORM_SLACK,
	  true,
	  { "rate_limited", "no_service", "invalid_token", "rollup_error" },
	  3 * SEC },
	{ PLATFORM_DISCORD, false, { "http_429", "10003", "http_401", "http_502" }, 2570 * MSEC },
	{ PLATFORM_DISCORD, true, { "http_429", "10015", "50027", "http_503" }, 2570 * MSEC },
	{ PLATFORM_TELEGRAM, false, { "http_429", "http_400", "http_401", "http_502" }, 3 * SEC },
	{ PLATFORM_TEAMS,
	  true,
	  { "TooManyRequests", "WorkflowNotFound", "DirectApiAuthorizationRequired", "NoResponse" },
	  3 * SEC },
	{ PLATFORM_GOOGLE_CHAT,
	  true,
	  { "RESOURCE_EXHAUSTED", "NOT_FOUND", "UNAUTHENTICATED", "UNAVAILABLE" },
	  USEC_NEVER },
	{ PLATFORM_WHATSAPP, false, { "130429", "131030", "190", "131000" }, USEC_NEVER },
	{ PLATFORM_WEBHOOK, true, { "http_429", "http_404", "http_401", "http_500" }, 3 * SEC },
};

static void judge(enum platform p, const struct platform_answer *answer, struct post_meaning *out)
{
	struct post_answer in = { answer->status, slice_of(answer->body), USEC_NEVER };

	if (strstr(answer->headers, "Retry-After: 3"))
		in.retry_after = 3 * SEC;
	channel_judge(p, &in, a, out);
}

START_TEST(documented_answers)
{
	static const enum post_end ends[] = { POST_RETRY, POST_REFUSED, POST_REFUSED, POST_RETRY };
	const struct documented *d = &documented[_i];
	const char *name = platform_names[d->platform];
	struct platform_answer answer = platform_ok(name, d->is_webhook);
	struct post_meaning m;

	judge(d->platform, &answer, &m);
	expect(name, &m, POST_DELIVERED, "");
	for (int f = 0; f < PLATFORM_FAULTS; f++) {
		answer = platform_error(name, d->is_webhook, (enum platform_fault)f);
		judge(d->platform, &answer, &m);
		expect(name, &m, ends[f], d->errors[f]);
		ck_assert_msg(m.retry_after == (f == FAULT_RATE_LIMITED ? d->wait : USEC_NEVER),
			      "%s, %d: %lld", name, f, (long long)m.retry_after);
	}
}
END_TEST

static const struct odd {
	enum platform platform;
	int status;
	const char *body;
	enum post_end end;
	const char *error, *detail;
} odds[] = {
	/* everywhere */
	{ PLATFORM_WEBHOOK, 0, "", POST_RETRY, "no_answer", "" },
	{ PLATFORM_WEBHOOK, 302, "", POST_REFUSED, "http_302", "" },
	{ PLATFORM_WEBHOOK, 408, "", POST_RETRY, "http_408", "" },
	{ PLATFORM_WEBHOOK, 410, "", POST_REFUSED, "http_410", "" },
	{ PLATFORM_WEBHOOK, 599, "", POST_RETRY, "http_599", "" },
	{ PLATFORM_WEBHOOK, 200, "anything", POST_DELIVERED, "", "" },
	/* Slack: what is cut off after 16 KiB still says ok; a page of a proxy does not */
	{ PLATFORM_SLACK, 200, "{\"ok\":true,\"channel\":\"C1\",\"message\":{\"text\":\"cut of",
	  POST_DELIVERED, "", "" },
	{ PLATFORM_SLACK, 200, "{ \"ok\" : true }", POST_DELIVERED, "", "" },
	{ PLATFORM_SLACK, 200, "<html>Sign in</html>", POST_RETRY, "unexpected_answer", "" },
	{ PLATFORM_SLACK, 200, "", POST_RETRY, "unexpected_answer", "" },
	{ PLATFORM_SLACK, 200, "{\"ok\":false}", POST_REFUSED, "unexpected_answer", "" },
	{ PLATFORM_SLACK, 200, "{\"ok\":\"true\"}", POST_REFUSED, "unexpected_answer", "" },
	{ PLATFORM_SLACK, 200, "{\"ok\":false,\"error\":\"msg_too_long\"}", POST_REFUSED,
	  "msg_too_long", "" },
	{ PLATFORM_SLACK, 200, "{\"ok\":false,\"error\":\"service_unavailable\"}", POST_RETRY,
	  "service_unavailable", "" },
	{ PLATFORM_SLACK, 200, "{\"ok\":false,\"error\":\"bad word\\r\\nX: y\"}", POST_REFUSED,
	  "unexpected_answer", "" },
	{ PLATFORM_SLACK, 410, "channel_is_archived", POST_REFUSED, "channel_is_archived", "" },
	{ PLATFORM_SLACK, 503, "<html>", POST_RETRY, "http_503", "" },
	/* Discord */
	{ PLATFORM_DISCORD, 204, "", POST_DELIVERED, "", "" },
	{ PLATFORM_DISCORD, 403, "{\"message\": \"Missing Access\", \"code\": 50001}", POST_REFUSED,
	  "50001", "Missing Access" },
	{ PLATFORM_DISCORD, 400, "{\"code\":[],\"message\":7}", POST_REFUSED, "http_400", "" },
	/* Telegram */
	{ PLATFORM_TELEGRAM, 400,
	  "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}",
	  POST_REFUSED, "http_400", "Bad Request: chat not found" },
	{ PLATFORM_TELEGRAM, 400,
	  "{\"ok\":false,\"description\":\"group upgraded\",\"parameters\":{\"migrate_to_chat_id\":-1001}}",
	  POST_REFUSED, "http_400", "group upgraded" },
	{ PLATFORM_TELEGRAM, 404,
	  "{\"ok\":false,\"description\":\"no bot123456:AAE-abcdefghijklmnopqrstuvwxyz012345\"}",
	  POST_REFUSED, "http_404", "no …" },
	/* Teams' connectors say no under 200 */
	{ PLATFORM_TEAMS, 200, "1", POST_DELIVERED, "", "" },
	{ PLATFORM_TEAMS, 200,
	  "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error "
	  "429 with ContextId tcid=0",
	  POST_RETRY, "http_429",
	  "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error "
	  "429 with ContextId tcid=0" },
	{ PLATFORM_TEAMS, 200, "returned HTTP error 413", POST_REFUSED, "http_413",
	  "returned HTTP error 413" },
	{ PLATFORM_TEAMS, 200, "HTTP error 4", POST_DELIVERED, "", "" },
	/* WhatsApp */
	{ PLATFORM_WHATSAPP, 400,
	  "{\"error\":{\"message\":\"Malformed access token EAABsbCS1iHgBAKZC0123456789\","
	  "\"type\":\"OAuthException\",\"code\":190}}",
	  POST_REFUSED, "190", "Malformed access token …" },
	{ PLATFORM_WHATSAPP, 400,
	  "{\"error\":{\"message\":\"m\",\"code\":131056,\"error_data\":{\"details\":\"Too fast\"}}}",
	  POST_RETRY, "131056", "Too fast" },
	{ PLATFORM_WHATSAPP, 400, "[]", POST_REFUSED, "http_400", "" },
	/* mail */
	{ PLATFORM_EMAIL, 250, "2.0.0 OK", POST_DELIVERED, "", "" },
	{ PLATFORM_EMAIL, 421, "4.7.0 Try again later\r\nX", POST_RETRY, "smtp_421",
	  "4.7.0 Try again later X" },
	{ PLATFORM_EMAIL, 550, "5.1.1 No such user", POST_REFUSED, "smtp_550",
	  "5.1.1 No such user" },
	{ PLATFORM_EMAIL, 535, "", POST_REFUSED, "smtp_535", "" },
	{ PLATFORM_EMAIL, 0, "", POST_RETRY, "no_answer", "" },
};

START_TEST(odd_answers)
{
	const struct odd *o = &odds[_i];
	struct post_answer answer = { o->status, slice_of(o->body), USEC_NEVER };
	struct post_meaning m;

	channel_judge(o->platform, &answer, a, &m);
	expect(o->body, &m, o->end, o->error);
	ck_assert_str_eq(c_string(m.detail), o->detail);
}
END_TEST

/* Any bytes are an answer, and words and sentences are clean. */
START_TEST(any_bytes)
{
	static const char *const bodies[] = {
		"\xff\xfe", "{",      "{\"error\":", "{\"error\":{\"code\":",
		"\"ok",     "[[[[[[", "{\"ok\":tru", "{\"description\":\"\\u0000\\u001b[31m\"}"
	};

	for (int p = 0; p < PLATFORM_COUNT; p++)
		for (int b = 0; b < COUNT(bodies); b++) {
			struct post_answer answer = { 400, slice_of(bodies[b]), USEC_NEVER };
			struct post_meaning m;

			channel_judge((enum platform)p, &answer, a, &m);
			ck_assert(m.error.p && m.error.n <= 64);
			for (size_t i = 0; i < m.detail.n; i++)
				ck_assert((unsigned char)m.detail.p[i] >= ' ');
		}
}
END_TEST

START_TEST(seconds)
{
	static const struct {
		const char *text;
		usec_t want;
	} rows[] = { { "64.57", 64570 * MSEC },
		     { "3", 3 * SEC },
		     { "0.0000001", 0 },
		     { "", USEC_NEVER },
		     { "-1", USEC_NEVER },
		     { "\"3\"", USEC_NEVER },
		     { "99999999999999999999", DAY },
		     { "86400.5", DAY } };

	ck_assert_int_eq(judge_seconds(slice_of(rows[_i].text)), rows[_i].want);
}
END_TEST

Suite *suite_channel_judge(void)
{
	Suite *s = suite_create("channel_judge");
	TCase *tc = tcase_create("judge");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, documented_answers, 0, COUNT(documented));
	tcase_add_loop_test(tc, odd_answers, 0, COUNT(odds));
	tcase_add_test(tc, any_bytes);
	tcase_add_loop_test(tc, seconds, 0, 8);
	suite_add_tcase(s, tc);
	return s;
}
