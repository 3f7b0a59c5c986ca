/* The digest of an entry is kept for years: it must stay what it is. The values were made by Python's hashlib. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/audit.h"

static struct uuid id(uint8_t last)
{
	struct uuid id = { { 0 } };

	id.b[15] = last;
	return id;
}

static void print(const struct audit_entry *e, char out[65])
{
	uint8_t digest[32];

	audit_digest(e, digest);
	crypto_hex(digest, sizeof digest, out);
}

static struct audit_entry full(void)
{
	return (struct audit_entry){ .id = id(1),
				     .at = INT64_C(1900000000) * SEC,
				     .actor = ACTOR_KEY,
				     .key = id(2),
				     .actor_name = SLICE_LIT("ann"),
				     .request_id = SLICE_LIT("req_1"),
				     .object = OBJECT_AGENT,
				     .ref = SLICE_LIT("robot"),
				     .version = 7,
				     .what = SLICE_LIT("changed"),
				     .before = SLICE_LIT("{\"a\":1}"),
				     .after = SLICE_LIT("{\"a\":2}") };
}

START_TEST(test_values)
{
	struct audit_entry e = full(), bare = { .id = id(1),
						.at = INT64_C(1900000000) * SEC,
						.actor = ACTOR_SERVER,
						.actor_name = SLICE_LIT(""),
						.object = OBJECT_SCHEDULE,
						.ref = SLICE_LIT("x"),
						.what = SLICE_LIT("completed"),
						.after = SLICE_LIT("") };
	char text[65];

	print(&e, text);
	ck_assert_str_eq(text, "018a97f38975bb04942f6044fca23a01433f6c18d9ec3dd17c0f02ee91a6cf80");
	print(&bare, text);
	ck_assert_str_eq(text, "96f2404c941246b3843e382890413fc7cf1be1e6a0f102f3ffccb9ff2cbbc49a");
}
END_TEST

/* Each member counts, and where one ends and the next begins. */
START_TEST(test_members)
{
	struct audit_entry e[14];
	char texts[14][65];

	for (int i = 0; i < 14; i++)
		e[i] = full();
	e[1].id = id(3);
	e[2].at++;
	e[3].actor = ACTOR_SERVER;
	e[4].key = id(0);
	e[5].actor_name = SLICE_LIT("anne");
	e[6].request_id = (struct slice){ NULL, 0 };
	e[7].object = OBJECT_ACTION;
	e[8].ref = SLICE_LIT("robo");
	e[8].what = SLICE_LIT("tchanged");
	e[9].version = 8;
	e[10].what = SLICE_LIT("deleted");
	e[11].before = (struct slice){ NULL, 0 };
	e[12].before = SLICE_LIT("");
	e[13].after = SLICE_LIT("{\"a\":3}");
	for (int i = 0; i < 14; i++) {
		print(&e[i], texts[i]);
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(texts[i], texts[k]);
	}
}
END_TEST

Suite *suite_audit_digest(void)
{
	Suite *s = suite_create("audit_digest");
	TCase *t = tcase_create("digest");

	tcase_add_test(t, test_values);
	tcase_add_test(t, test_members);
	suite_add_tcase(s, t);
	return s;
}
