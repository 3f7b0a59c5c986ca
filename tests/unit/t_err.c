/* The table of errors: its codes are promises. */
#include <check.h>
#include <string.h>

#include "base/err.h"
#include "http/http_int.h"

START_TEST(codes_are_words_of_their_own)
{
	for (int e = ERR_NONE + 1; e < ERR_COUNT; e++) {
		const char *code = err_code((enum err)e);

		ck_assert_msg(code[0] >= 'a' && code[0] <= 'z', "%s", code);
		ck_assert_msg(code[strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0',
			      "%s is not lower snake case", code);
		ck_assert_msg(!strstr(code, "__") && code[strlen(code) - 1] != '_', "%s", code);
		for (int other = ERR_NONE; other < e; other++)
			ck_assert_str_ne(code, err_code((enum err)other));
	}
}
END_TEST

START_TEST(texts_are_sentences)
{
	for (int e = ERR_NONE; e < ERR_COUNT; e++) {
		const char *text = err_text((enum err)e);
		size_t n = strlen(text);

		ck_assert_uint_gt(n, 1);
		ck_assert_msg(text[0] >= 'A' && text[0] <= 'Z' && text[n - 1] == '.', "%s", text);
	}
}
END_TEST

/* As include/base/err.h says beside each class. */
static const struct {
	enum err_class class;
	int status;
} statuses[] = {
	{ CLASS_OK, 200 },         { CLASS_MALFORMED, 400 },   { CLASS_UNAUTHORIZED, 401 },
	{ CLASS_FORBIDDEN, 403 },  { CLASS_NOT_FOUND, 404 },   { CLASS_METHOD, 405 },
	{ CLASS_CONFLICT, 409 },   { CLASS_GONE, 410 },        { CLASS_TOO_LARGE, 413 },
	{ CLASS_MEDIA_TYPE, 415 }, { CLASS_INVALID, 422 },     { CLASS_LIMITED, 429 },
	{ CLASS_INTERNAL, 500 },   { CLASS_UNAVAILABLE, 503 }, { CLASS_PRECONDITION, 412 },
};

START_TEST(every_class_has_its_status)
{
	size_t rows = sizeof(statuses) / sizeof(statuses[0]);

	for (int e = ERR_NONE; e < ERR_COUNT; e++) {
		size_t i = 0;

		while (i < rows && statuses[i].class != err_class((enum err)e))
			i++;
		ck_assert_msg(i < rows, "%s has a class without a status", err_code((enum err)e));
		ck_assert_int_eq(reply_status((enum err)e), statuses[i].status);
		ck_assert_str_ne(reply_title(reply_status((enum err)e)), "Other");
	}
}
END_TEST

/* What the gate of raw bytes says is told in the same way. */
START_TEST(strict_faults_are_errors_too)
{
	for (int f = STRICT_FINE + 1; f < STRICT_FAULT_COUNT; f++) {
		enum strict_fault fault = (enum strict_fault)f;
		const char *text = strict_text(fault);

		ck_assert_int_ge(strict_status(fault), 400);
		ck_assert_str_ne(reply_title(strict_status(fault)), "Other");
		ck_assert_int_ne(strict_err(fault), ERR_NONE);
		ck_assert_int_eq(text[strlen(text) - 1], '.');
		if (strict_err(fault) != ERR_BAD_REQUEST)
			ck_assert_int_eq(reply_status(strict_err(fault)), strict_status(fault));
	}
}
END_TEST

START_TEST(some_by_name)
{
	ck_assert_str_eq(err_code(ERR_INVALID), "validation_error");
	ck_assert_str_eq(err_code(ERR_MALFORMED_JSON), "malformed_json");
	ck_assert_str_eq(err_code(ERR_DUPLICATE), "duplicate_unique_id");
	ck_assert_int_eq(reply_status(ERR_UNKNOWN_OUTCOME), 503);
	ck_assert_int_eq(reply_status(ERR_NO_ROUTE), 404);
}
END_TEST

Suite *suite_err(void)
{
	Suite *s = suite_create("err");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, codes_are_words_of_their_own);
	tcase_add_test(tc, texts_are_sentences);
	tcase_add_test(tc, every_class_has_its_status);
	tcase_add_test(tc, strict_faults_are_errors_too);
	tcase_add_test(tc, some_by_name);
	suite_add_tcase(s, tc);
	return s;
}
