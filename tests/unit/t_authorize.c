/* Who may do what: roles, and patterns of actions. */
#include <check.h>
#include <stdio.h>

#include "core/auth.h"
#include "core/key_int.h"

START_TEST(roles)
{
	for (int has = ROLE_NONE; has <= ROLE_ADMIN; has++)
		for (int needs = ROLE_NONE; needs <= ROLE_ADMIN; needs++) {
			struct who who = { .role = (enum role)has };
			enum err no = has == ROLE_NONE ? ERR_UNAUTHORIZED : ERR_FORBIDDEN;

			ck_assert_int_eq(authorize(&who, (enum role)needs),
					 has >= needs ? ERR_NONE : no);
		}
}
END_TEST

static const struct {
	const char *patterns; /* NULL: all */
	const char *action;
	bool may;
} uses[] = {
	{ NULL, "content.publish", true },
	{ "", "content.publish", false },
	{ "*,", "content.publish", true },
	{ "*,", "x", true },
	{ "content.*,", "content.publish", true },
	{ "content.*,", "content.a.b", true },
	{ "content.*,", "content", false },
	{ "content.*,", "contents.publish", false },
	{ "content.*,", "Content.publish", false },
	{ "content.*,", "my.content.publish", false },
	{ "content.publish,", "content.publish", true },
	{ "content.publish,", "content.publish.now", false },
	{ "content.publish,", "content.publis", false },
	{ "a,content.publish,b.*,", "content.publish", true },
	{ "a,content.publish,b.*,", "b.c", true },
	{ "a,content.publish,b.*,", "c", false },
	{ "a,", "", false },
	{ "*,", "", false },
};

static struct who who_of(const char *patterns)
{
	struct who who = { .role = ROLE_EDITOR, .has_actions = patterns != NULL };

	(void)snprintf(who.actions, sizeof who.actions, "%s", patterns ? patterns : "");
	return who;
}

START_TEST(actions)
{
	struct who who = who_of(uses[_i].patterns);

	ck_assert_int_eq(authorize_action(&who, slice_of(uses[_i].action)), uses[_i].may);
}
END_TEST

/* What may be handed on: never more than one has. */
static const struct {
	const char *has, *gives; /* NULL: all */
	bool may;
} gifts[] = {
	{ NULL, NULL, true },
	{ NULL, "*,", true },
	{ NULL, "", true },
	{ "content.*,", NULL, false },
	{ "content.*,", "*,", false },
	{ "content.*,", "content.*,", true },
	{ "content.*,", "content.x.*,content.y,", true },
	{ "content.*,", "content.x.*,y,", false },
	{ "content.*,", "con.*,", false },
	{ "content.x,", "content.*,", false },
	{ "content.x,", "content.x,", true },
	{ "content.x,", "", true },
	{ "*,", "*,", true },
	{ "*,", "a.*,b,", true },
	{ "*,", NULL, false },
	{ "", "", true },
	{ "", "a,", false },
};

START_TEST(handing_on)
{
	struct who who = who_of(gifts[_i].has);

	ck_assert_int_eq(key_actions_within(&who, slice_of(gifts[_i].gives)), gifts[_i].may);
}
END_TEST

Suite *suite_authorize(void)
{
	Suite *s = suite_create("authorize");
	TCase *tc = tcase_create("authorize");

	tcase_add_test(tc, roles);
	tcase_add_loop_test(tc, actions, 0, (int)(sizeof(uses) / sizeof(uses[0])));
	tcase_add_loop_test(tc, handing_on, 0, (int)(sizeof(gifts) / sizeof(gifts[0])));
	suite_add_tcase(s, tc);
	return s;
}
