/* Changing a secret: which former one is left and how long; new secrets; what is shown of secrets and comes back. */
#include <check.h>

#include "channel/channel.h"
#include "core/call.h"
#include "core/mask.h"
#include "core/signing.h"

#define NOW (1893456000 * SEC)

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

static const struct {
	const char *what, *secret, *was, *before;
	usec_t before_until;
	const char *want;
	usec_t want_until;
} rows[] = {
	{ "the first one", "new", NULL, NULL, 0, NULL, 0 },
	{ "none at all", NULL, NULL, NULL, 0, NULL, 0 },
	{ "changed", "new", "old", NULL, 0, "old", NOW + DAY },
	{ "changed while another is valid: the latest of them", "new", "old", "older", NOW + 1,
	  "old", NOW + DAY },
	{ "sent again", "new", "new", "old", NOW + 1, "old", NOW + 1 },
	{ "sent again when it is over", "new", "new", "old", NOW, NULL, 0 },
	{ "sent again, never changed", "new", "new", NULL, 0, NULL, 0 },
	{ "dropped: both at once", NULL, "old", "older", NOW + 1, NULL, 0 },
	{ "a longer one that begins so", "new1", "new", NULL, 0, "new", NOW + DAY },
};

START_TEST(change)
{
	const struct former before = { slice_of(rows[_i].before), rows[_i].before_until };
	struct former got = signing_former(slice_of(rows[_i].secret), slice_of(rows[_i].was),
					   &before, NOW);

	if (rows[_i].want)
		ck_assert_msg(slice_is(got.secret, rows[_i].want), "%s", rows[_i].what);
	else
		ck_assert_msg(!got.secret.p, "%s", rows[_i].what);
	ck_assert_msg(got.until == rows[_i].want_until, "%s", rows[_i].what);
}
END_TEST

START_TEST(new_secrets_differ)
{
	struct slice one = signing_secret_new(a), two = signing_secret_new(a);

	ck_assert_uint_eq(one.n, 6 + 44);
	ck_assert(memcmp(one.p, "whsec_", 6) == 0);
	ck_assert(call_secret_ok(one));
	ck_assert(memcmp(one.p, two.p, one.n) != 0);
}
END_TEST

/* --- what is shown --- */

static const struct {
	const char *header;
	bool hides;
} headers[] = {
	{ "Authorization", true }, { "X-Api-Key", true }, { "x-auth-token", true },
	{ "Cookie", true },        { "X-SECRET", true },  { "Content-Type", false },
	{ "X-Team", false },       { "Accept", false },
};

START_TEST(hidden_headers)
{
	ck_assert(mask_hides(slice_of(headers[_i].header)) == headers[_i].hides);
}
END_TEST

#define TOKEN "Bearer 0123456789abcdef"

START_TEST(what_was_shown_comes_back)
{
	struct json_pair stored[] = { { SLICE_LIT("Authorization"), SLICE_LIT(TOKEN) },
				      { SLICE_LIT("X-Team"), SLICE_LIT("blue") } };
	struct json_list old = { stored, 2 }, shown = mask_headers(&old, a), sent;
	struct mask_target was = { SLICE_LIT("https://a.test/x"), old };
	struct op op = { .arena = a };
	struct json_pair *pairs = shown.items;

	ck_assert(!memmem(pairs[0].value.p, pairs[0].value.n, "0123", 4));
	ck_assert(slice_is(pairs[1].value, "blue"));
	pairs[0].name = SLICE_LIT("AUTHORIZATION");
	sent = mask_keep_headers(&op, "h", &(struct mask_target){ was.url, shown }, &was);
	ck_assert(slice_is(((struct json_pair *)sent.items)[0].value, TOKEN));
	/* Under another name it is what it says. */
	sent = mask_headers(&old, a);
	((struct json_pair *)sent.items)[0].name = SLICE_LIT("X-Other-Key");
	sent = mask_keep_headers(&op, "h", &(struct mask_target){ was.url, sent }, &was);
	ck_assert(!slice_is(((struct json_pair *)sent.items)[0].value, TOKEN));
	ck_assert_uint_eq(op.faults.total, 0);
}
END_TEST

static const struct {
	const char *was, *now;
	bool stays;
} moves[] = {
	{ "https://a.test/x", "https://a.test/y?z=1", true },
	{ "https://a.test/x", "HTTPS://A.Test:443/", true },
	{ "http://[::1]:80/", "http://[::1]/", true },
	{ NULL, NULL, true },
	{ "https://a.test/x", "http://a.test/x", false },
	{ "https://a.test/x", "http://a.test:443/x", false },
	{ "https://a.test/x", "https://a.test:8443/x", false },
	{ "https://a.test/x", "https://b.test/x", false },
	{ "https://a.test/x", "https://a.test.evil.test/x", false },
	{ "https://a.test/x", "https://a.test@evil.test/x", false },
	{ "https://a.test/x", NULL, false },
	{ NULL, "https://a.test/x", false },
	{ "nonsense", "nonsense", false },
};

START_TEST(masked_values_stay_at_their_target)
{
	struct json_pair stored[] = { { SLICE_LIT("X-Key"), SLICE_LIT(TOKEN) } };
	struct mask_target was = { slice_of(moves[_i].was), { stored, 1 } };
	struct mask_target now = { slice_of(moves[_i].now), mask_headers(&was.headers, a) };
	struct op op = { .arena = a };

	(void)mask_keep_headers(&op, "h", &now, &was);
	ck_assert_uint_eq(op.faults.total, moves[_i].stays ? 0 : 1);
	/* What is sent itself may go anywhere. */
	op.faults = (struct json_faults){ .n = 0 };
	(void)mask_keep_headers(&op, "h", &(struct mask_target){ now.url, was.headers }, &was);
	ck_assert_uint_eq(op.faults.total, 0);
}
END_TEST

/* Nor could a masked secret be taken for one. */
START_TEST(masked_secrets)
{
	struct slice old = SLICE_LIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
	struct slice now = credential_mask(old, a),
		     other = credential_mask(SLICE_LIT("some other secret"), a);

	ck_assert(!call_secret_ok(now));
	mask_keep(&now, old, a);
	ck_assert(now.p == old.p);
	mask_keep(&other, old, a);
	ck_assert(other.p != old.p && !call_secret_ok(other));
	now = (struct slice){ NULL, 0 };
	mask_keep(&now, old, a);
	ck_assert_ptr_null(now.p);
}
END_TEST

Suite *suite_signing(void)
{
	Suite *s = suite_create("signing");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, change, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tc, new_secrets_differ);
	tcase_add_loop_test(tc, hidden_headers, 0, sizeof headers / sizeof headers[0]);
	tcase_add_test(tc, what_was_shown_comes_back);
	tcase_add_loop_test(tc, masked_values_stay_at_their_target, 0,
			    sizeof moves / sizeof moves[0]);
	tcase_add_test(tc, masked_secrets);
	suite_add_tcase(s, tc);
	return s;
}
