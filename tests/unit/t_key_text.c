/* Key texts. The rows were made by Python 3.11: zlib.crc32() of what stands before the last six, in base 62. */
#include <check.h>
#include <string.h>

#include "core/key_text.h"

static const char *const ours[] = {
	"crl_00000000000000000000000000000000000000000003uL2qu",
	"crl_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz3KhDDF",
	"crl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA2wsd8T",
	"crl_Ky9Pf34qY6Nb3wWD25RQ4F5ZR3qa7yEeeby3abP3E2Z28WQqH",
	"crl_s8IQ9Y7aJZqhB6baeCN6Zj4a3dDVhYRnKTbxTNJFoBi0tUeBH",
	"crl_nF5aJXVuLkSIc47WQAmL9xVQ2zg4mZaouqKLiMcVbpT3zQnh9",
	"crl_4r5yHUig43kiJfahqSIjOugM1yTMAd7V3DnI8lFPPwt0hAlQi",
	"crl_V5ASPZHu8qRtZHjQMhuOzE95B9EgE0VrbBGI09QYNda4b4TI7",
	"crl_Ky8isWydfhl3TvtnythpZPPPP6UeP3C4DSA7Lc360a91sYY9N",
	"crl_Y6yNd14tDdO9eGzMcNU77sVTUUJ596lLlGUriAX1Dyy3zV4ov",
	"crl_XN9iYw1mXJft5isGXNwAMnEYYnWLeEdpomsCpFqPlpE2A5NyQ",
	"crl_CXVMk11oHUGCiczMSpxkMzN5E6EUCLDUdvdr0UwfMpf18Lj5u",
};
#define OURS (sizeof(ours) / sizeof(ours[0]))

START_TEST(those_of_python_are_ours)
{
	ck_assert_int_eq(key_text_check(slice_of(ours[_i])), KEY_TEXT_OURS);
}
END_TEST

/* Each digit of each row as another one: the sum or a digit does not fit any more. */
START_TEST(a_changed_digit_is_noticed)
{
	static const char digits[] = "09AZaz_-%+. ";
	char text[KEY_TEXT_BYTES + 1];

	for (size_t at = sizeof(KEY_PREFIX) - 1; at < KEY_TEXT_BYTES; at++)
		for (const char *d = digits; *d; d++) {
			memcpy(text, ours[_i], sizeof text);
			text[at] = *d;
			ck_assert_int_eq(key_text_check(slice_of(text)),
					 *d == ours[_i][at] ? KEY_TEXT_OURS : KEY_TEXT_BAD);
		}
}
END_TEST

static const struct {
	const char *text;
	enum key_text is;
} rows[] = {
	{ "", KEY_TEXT_OTHER },
	{ "crl", KEY_TEXT_OTHER },
	{ "Crl_00000000000000000000000000000000000000000003uL2qu", KEY_TEXT_OTHER },
	{ "an-operators-own-key", KEY_TEXT_OTHER },
	{ "crl_", KEY_TEXT_BAD },
	{ "crl_0000000000000000000000000000000000000000000", KEY_TEXT_BAD },
	{ "crl_00000000000000000000000000000000000000000003uL2q", KEY_TEXT_BAD },
	{ "crl_00000000000000000000000000000000000000000003uL2qu0", KEY_TEXT_BAD },
	/* the sum's digits the other way round, in hexadecimal, none */
	{ "crl_0000000000000000000000000000000000000000000uq2Lu3", KEY_TEXT_BAD },
	{ "crl_0000000000000000000000000000000000000000000aba8cc", KEY_TEXT_BAD },
	{ "crl_0000000000000000000000000000000000000000000000000", KEY_TEXT_BAD },
};

START_TEST(what_is_none)
{
	ck_assert_int_eq(key_text_check(slice_of(rows[_i].text)), rows[_i].is);
}
END_TEST

START_TEST(a_byte_that_is_no_text)
{
	char text[KEY_TEXT_BYTES];

	memcpy(text, ours[0], sizeof text);
	text[20] = '\0';
	ck_assert_int_eq(key_text_check((struct slice){ text, sizeof text }), KEY_TEXT_BAD);
	ck_assert_int_eq(key_text_check((struct slice){ NULL, 0 }), KEY_TEXT_OTHER);
}
END_TEST

/* 2,000 keys: all ours, no two alike, and every digit at every place (each is missed at one of 43 with a chance
 * of 43 * 62 * (61/62)^2000, 2e-11). */
START_TEST(made_ones_are_ours)
{
	enum { MANY = 2000 };
	static char made[MANY][KEY_TEXT_BYTES + 1];
	bool seen[KEY_RANDOM][128] = { { false } };
	int alike = 0;

	for (size_t i = 0; i < MANY; i++) {
		key_text_make(made[i]);
		ck_assert_int_eq(key_text_check(slice_of(made[i])), KEY_TEXT_OURS);
		for (size_t k = 0; k < i; k++)
			alike += strcmp(made[i], made[k]) == 0;
		for (size_t k = 0; k < KEY_RANDOM; k++)
			seen[k][(unsigned char)made[i][4 + k]] = true;
	}
	ck_assert_int_eq(alike, 0);
	for (size_t k = 0; k < KEY_RANDOM; k++)
		for (int c = 0; c < 128; c++)
			ck_assert_int_eq(seen[k][c], (c >= '0' && c <= '9')
							     || (c >= 'A' && c <= 'Z')
							     || (c >= 'a' && c <= 'z'));
}
END_TEST

Suite *suite_key_text(void)
{
	Suite *s = suite_create("key_text");
	TCase *tc = tcase_create("key_text");

	tcase_add_loop_test(tc, those_of_python_are_ours, 0, (int)OURS);
	tcase_add_loop_test(tc, a_changed_digit_is_noticed, 0, (int)OURS);
	tcase_add_loop_test(tc, what_is_none, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, a_byte_that_is_no_text);
	tcase_add_test(tc, made_ones_are_ours);
	suite_add_tcase(s, tc);
	return s;
}
