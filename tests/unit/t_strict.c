#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "http/http_int.h"

#define GET "GET /a HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /a HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

static size_t asked_n;
static char asked[128];

static size_t ceiling(void *ctx, struct slice target)
{
	asked_n = target.n;
	memcpy(asked, target.p, target.n);
	return *(size_t *)ctx;
}

static size_t most = BODY_MAX;

static const struct row {
	int line;
	const char *in;
	size_t n;
	enum strict_fault fault;
	unsigned requests;
} rows[] = {
#define R(text, fault, requests)                                           \
	{                                                                  \
		__LINE__, text, sizeof(text) - 1, STRICT_##fault, requests \
	}
	R("", FINE, 0),
	R("GET ", FINE, 0),
	R(GET "\r\n", FINE, 1),
	R(GET "\r\n" GET "\r\n" GET, FINE, 2),
	R(POST "Content-Length: 3\r\n\r\nabc" GET "\r\n", FINE, 2),
	R(POST "Content-Length: 3\r\n\r\nab", FINE, 0),
	R(CHUNKED "3\r\nabc\r\n0\r\n\r\n" GET "\r\n", FINE, 2),
	R(CHUNKED "3;x=y\r\nabc\r\n0;z\r\nT: x\r\n\r\n" GET "\r\n", FINE, 2),
	R(CHUNKED "3\r\nabc\r\n0\r\nT: x\r\n", FINE, 0),
	R("GET /a HTTP/1.0\r\n\r\n", FINE, 1),
	R("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", FINE, 1),
	R("PATCH / HTTP/1.1\r\nHost: a\r\n\r\n", FINE, 1),
	R("\r\n", BARE_CR, 0),
	R("\n", BARE_LF, 0),
	R(" ", METHOD_NAME, 0),
	R("FOO ", METHOD, 0),
	R("abcdefghijabcdefghijabcdefghijabcdefghij", METHOD, 0),
	R("GET a ", TARGET, 0),
	R("GET * ", TARGET, 0),
	R("GET //a ", TARGET, 0),
	R("GET  ", TARGET, 0),
	R("GET /#", TARGET_BYTE, 0),
	R("GET / HTTP/1.2\r", VERSION_OTHER, 0),
	R("GET / HTTP/3\r", VERSION, 0),
	R("GET / HTTP/1.1\n", BARE_LF, 0),
	R("GET / HTTP/1.1\ra", BARE_CR, 0),
	R(GET "\n", BARE_LF, 0),
	R(GET " x", FOLD, 0),
	R(GET ":", NAME, 0),
	R(GET "a b", NAME, 0),
	R(GET "a:\x01", VALUE, 0),
	R(GET "a:\x00", NUL, 0),
	R(GET "a:b\rc", BARE_CR, 0),
	R("GET / HTTP/1.1\r\n\r\n", HOST_MISSING, 0),
	R(GET "Host: a\r", HOST_TWICE, 0),
	R("GET / HTTP/1.1\r\nHost: a b", HOST, 0),
	R(POST "Content-Length: 1x", FINE, 0),
	R(POST "Content-Length: 1x\r", LENGTH, 0),
	R(POST "Content-Length: 1 1", LENGTH, 0),
	R(POST "Content-Length: 1\r\nContent-Length: 1\r", LENGTH_TWICE, 0),
	R(POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", LENGTH_AND_CODING, 0),
	R(POST "Transfer-Encoding: gzip\r", CODING, 0),
	R(POST "Expect: more\r", EXPECT, 0),
	R(GET "Content-Length: 1\r\n\r\n", NO_BODY, 0),
	R(POST "Content-Length: 1048577\r\n\r\n", BODY_LARGE, 0),
	R(CHUNKED "100001\r\n", BODY_LARGE, 0),
	R(CHUNKED "x", CHUNK_SIZE, 0),
	R(CHUNKED "1 ", CHUNK_SIZE, 0),
	R(CHUNKED "1\r\nab", CHUNK_END, 0),
	R(CHUNKED "1\r\na\n", BARE_LF, 0),
};

static void feed(struct strict *s, const char *in, size_t from, size_t to)
{
	size_t n = to - from, good;
	char *copy = malloc(n + 1);

	memcpy(copy, in + from, n);
	good = strict_feed(s, copy, n);
	ck_assert_uint_le(good, n);
	if (!s->fault)
		ck_assert_uint_eq(good, n);
	free(copy);
}

/* Whole, in every two parts, and byte by byte: the verdict is the same. */
START_TEST(rows_agree)
{
	const struct row *row = &rows[_i];
	struct strict s;

	most = BODY_MAX;
	for (size_t cut = 0; cut <= row->n; cut++) {
		strict_init(&s, ceiling, &most);
		feed(&s, row->in, 0, cut);
		feed(&s, row->in, cut, row->n);
		ck_assert_msg(s.fault == row->fault, "line %d cut at %zu: %s", row->line, cut,
			      strict_text((enum strict_fault)s.fault));
		ck_assert_msg(s.requests == row->requests, "line %d cut at %zu", row->line, cut);
	}
	strict_init(&s, ceiling, &most);
	for (size_t i = 0; i < row->n; i++)
		feed(&s, row->in, i, i + 1);
	ck_assert_msg(s.fault == row->fault && s.requests == row->requests, "line %d byte by byte",
		      row->line);
}
END_TEST

/* evhttp may not see the end of a line that was refused. */
START_TEST(a_bad_line_does_not_pass)
{
	char text[] = GET "Content-Length: 5\r\n\r\nhello";
	struct strict s;
	size_t good;

	strict_init(&s, ceiling, &most);
	good = strict_feed(&s, text, strlen(text));
	ck_assert_int_eq(s.fault, STRICT_NO_BODY);
	ck_assert_uint_eq(good, strlen(text) - strlen("\nhello"));
	ck_assert_uint_eq(strict_feed(&s, text, strlen(text)), 0);
}
END_TEST

START_TEST(chunk_extensions_are_blanked)
{
	char text[] = CHUNKED "3;a=\"b\"\r\na;b\r\n0;c\r\n\r\n";
	struct strict s;

	strict_init(&s, ceiling, &most);
	ck_assert_uint_eq(strict_feed(&s, text, strlen(text)), strlen(text));
	ck_assert_str_eq(text, CHUNKED "3      \r\na;b\r\n0  \r\n\r\n");
}
END_TEST

START_TEST(ceiling_is_asked_when_it_matters)
{
	char small[] = POST "Content-Length: 1048576\r\n\r\n";
	char large[] = "POST /list?x HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n";
	struct strict s;

	most = BODY_LIST_MAX;
	asked_n = 0;
	strict_init(&s, ceiling, &most);
	strict_feed(&s, small, strlen(small));
	ck_assert_int_eq(s.fault, STRICT_FINE);
	ck_assert_uint_eq(asked_n, 0);
	strict_init(&s, ceiling, &most);
	strict_feed(&s, large, strlen(large));
	ck_assert_int_eq(s.fault, STRICT_FINE);
	ck_assert_uint_eq(asked_n, strlen("/list?x"));
	ck_assert_int_eq(memcmp(asked, "/list?x", asked_n), 0);
	most = BODY_MAX;
	strict_init(&s, ceiling, &most);
	strict_feed(&s, large, strlen(large));
	ck_assert_int_eq(s.fault, STRICT_BODY_LARGE);
}
END_TEST

START_TEST(chunks_are_added_up)
{
	char head[] = CHUNKED, size[] = "80000\r\n", end[] = "\r\n";
	char *chunk = calloc(1, 0x80000);
	struct strict s;

	most = BODY_MAX;
	strict_init(&s, ceiling, &most);
	strict_feed(&s, head, strlen(head));
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(s.fault, STRICT_FINE);
		strict_feed(&s, size, strlen(size));
		strict_feed(&s, chunk, 0x80000);
		strict_feed(&s, end, 2);
	}
	ck_assert_int_eq(s.fault, STRICT_BODY_LARGE);
	free(chunk);
}
END_TEST

START_TEST(phases)
{
	static const struct {
		const char *in;
		enum strict_phase phase;
	} steps[] = {
		{ "", STRICT_IDLE },
		{ "P", STRICT_HEAD },
		{ "OST / HTTP/1.1\r\nHost: a\r\n", STRICT_HEAD },
		{ "Content-Length: 2\r\n\r", STRICT_HEAD },
		{ "\n", STRICT_BODY },
		{ "a", STRICT_BODY },
		{ "b", STRICT_IDLE },
		{ "G", STRICT_HEAD },
	};
	struct strict s;

	strict_init(&s, ceiling, &most);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		feed(&s, steps[i].in, 0, strlen(steps[i].in));
		ck_assert_int_eq(strict_phase(&s), steps[i].phase);
	}
}
END_TEST

START_TEST(every_fault_has_an_answer)
{
	for (int f = STRICT_FINE + 1; f < STRICT_FAULT_COUNT; f++) {
		ck_assert_int_ge(strict_status((enum strict_fault)f), 400);
		ck_assert_int_ne(strict_err((enum strict_fault)f), ERR_NONE);
		ck_assert_uint_gt(strlen(strict_text((enum strict_fault)f)), 10);
		ck_assert_str_ne(reply_title(strict_status((enum strict_fault)f)), "Other");
	}
	for (int e = 0; e < ERR_COUNT; e++)
		ck_assert_str_ne(reply_title(reply_status((enum err)e)), "Other");
}
END_TEST

Suite *suite_strict(void)
{
	Suite *s = suite_create("strict");
	TCase *t = tcase_create("strict");

	tcase_add_loop_test(t, rows_agree, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(t, a_bad_line_does_not_pass);
	tcase_add_test(t, chunk_extensions_are_blanked);
	tcase_add_test(t, ceiling_is_asked_when_it_matters);
	tcase_add_test(t, chunks_are_added_up);
	tcase_add_test(t, phases);
	tcase_add_test(t, every_fault_has_an_answer);
	suite_add_tcase(s, t);
	return s;
}
