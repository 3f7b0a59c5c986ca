/* Which URLs and headers are taken, and what Retry-After says. */
#include <check.h>
#include <string.h>

#include "io/fetch_int.h"

enum want { OK, NO, PRIVATE }; /* PRIVATE: only when private targets are allowed */

static const struct url_row {
	int line;
	const char *url;
	enum want want;
} urls[] = {
#define R(u, w)                \
	{                      \
		__LINE__, u, w \
	}
	R("http://example.com", OK),
	R("https://example.com", OK),
	R("HTTPS://Example.COM/x", OK),
	R("http://example.com/", OK),
	R("http://example.com/a/b?c=d&e=%20", OK),
	R("http://example.com?x=1", OK),
	R("https://example.com:443/", OK),
	R("http://example.com:80/", OK),
	R("https://example.com:8443/h", OK),
	R("http://example.com:65535/", OK),
	R("http://example.com:1024/", OK),
	R("http://a.b-c.d_e.example/", OK),
	R("http://xn--bcher-kva.example/", OK),
	R("http://8.8.8.8/", OK),
	R("http://1.1.1.1:8080/", OK),
	R("http://[2606:4700:4700::1111]/", OK),
	R("http://[2606:4700:4700:0:0:0:0:1111]:8080/x", OK),
	R("https://[2A00:1450::1]/", OK),
	R("http://example.com/%0d%0a", OK),
	R("http://example.com/a/../b", OK),
	R("http://example.com//x", OK),
	R("http://example.com/@me", OK),
	R("http://example.com/?u=http://10.0.0.1/", OK),
	R("http://3com.example/", OK),
	R("http://123.example/", OK),
	R("", NO),
	R("http", NO),
	R("http:", NO),
	R("http:/example.com", NO),
	R("http:example.com", NO),
	R("http://", NO),
	R("http:///path", NO),
	R("https://?x", NO),
	R("ftp://example.com/", NO),
	R("file:///etc/passwd", NO),
	R("gopher://example.com/", NO),
	R("dict://example.com/", NO),
	R("javascript:alert(1)", NO),
	R("//example.com/", NO),
	R("example.com", NO),
	R("unix:///tmp/x", NO),
	R("httpx://example.com", NO),
	R(" http://example.com", NO),
	R("http://example.com ", NO),
	R("http://exa mple.com/", NO),
	R("http://example.com/a b", NO),
	R("http://example.com/\ta", NO),
	R("http://example.com/\r\nX: y", NO),
	R("http://example.com/\001", NO),
	R("http://example.com/\177", NO),
	R("http://example.com/\303\251", NO),
	R("http://b\303\274cher.example/", NO),
	/* Who is the host? */
	R("http://user@example.com/", NO),
	R("http://user:pw@example.com/", NO),
	R("http://@example.com/", NO),
	R("http://example.com@10.0.0.1/", NO),
	R("http://10.0.0.1#@example.com/", NO),
	R("http://example.com\\@10.0.0.1/", NO),
	R("http://example.com\\.evil.com/", NO),
	R("http:\\\\example.com/", NO),
	R("http://example.com/#frag", NO),
	R("http://example.com#", NO),
	R("http://example.com/x#y", NO),
	R("http://example.com:/", NO),
	R("http://example.com:0/", NO),
	R("http://example.com:080/", NO),
	R("http://example.com:65536/", NO),
	R("http://example.com:99999999/", NO),
	R("http://example.com:-1/", NO),
	R("http://example.com:+80/", NO),
	R("http://example.com:8o/", NO),
	R("http://example.com:80:80/", NO),
	R("http://:80/", NO),
	R("http://example.com./", NO),
	R("http://.example.com/", NO),
	R("http://a..b/", NO),
	R("http://exam%70le.com/", NO),
	R("http://%31%32%37.0.0.1/", NO),
	R("http://ex*mple.com/", NO),
	R("http://ex!mple.com/", NO),
	R("http://example.com,b.com/", NO),
	/* 127.0.0.1 in other words, and numbers that are no address. */
	R("http://2130706433/", NO),
	R("http://0x7f000001/", NO),
	R("http://0x7f.1/", NO),
	R("http://0177.0.0.1/", NO),
	R("http://127.1/", NO),
	R("http://127.0.1/", NO),
	R("http://0/", NO),
	R("http://127.0.0.1./", NO),
	R("http://127.0.0.01/", NO),
	R("http://1.2.3.4.5/", NO),
	R("http://256.1.1.1/", NO),
	R("http://1.1.1/", NO),
	R("http://134744072/", NO),
	R("http://example.1/", NO),
	R("http://example.0x1/", NO),
	R("http://[::1/", NO),
	R("http://::1/", NO),
	R("http://[]/", NO),
	R("http://[", NO),
	R("http://[fe80::1%25eth0]/", NO),
	R("http://[fe80::1%eth0]/", NO),
	R("http://[v1.x]/", NO),
	R("http://[1.2.3.4]/", NO),
	R("http://[::1]x/", NO),
	R("http://[::1]:/", NO),
	/* Literal addresses that nobody may call. */
	R("http://0.0.0.0/", NO),
	R("http://255.255.255.255/", NO),
	R("http://224.0.0.1/", NO),
	R("http://192.0.2.1/", NO),
	R("http://168.63.129.16/", NO),
	R("http://[::]/", NO),
	R("http://[::ffff:127.0.0.1]/", NO),
	R("http://[::ffff:7f00:1]/", NO),
	R("http://[::ffff:8.8.8.8]/", NO),
	R("http://[64:ff9b::7f00:1]/", NO),
	R("http://[2002:7f00:1::]/", NO),
	R("http://[ff02::1]/", NO),
	/* And those that only the owner of the network may. */
	R("http://127.0.0.1/", PRIVATE),
	R("http://127.255.0.1:8080/", PRIVATE),
	R("http://10.1.2.3/", PRIVATE),
	R("http://172.16.0.1/", PRIVATE),
	R("http://192.168.1.1/", PRIVATE),
	R("http://169.254.169.254/latest/meta-data/", PRIVATE),
	R("http://100.100.100.200/", PRIVATE),
	R("http://[::1]:8080/", PRIVATE),
	R("http://[fd00:ec2::254]/", PRIVATE),
	R("http://[fe80::1]/", PRIVATE),
	R("http://localhost/", PRIVATE),
	R("http://LOCALHOST:9000/x", PRIVATE),
	R("http://a.localhost/", PRIVATE),
	R("http://example.com:22/", PRIVATE),
	R("http://example.com:25/", PRIVATE),
	R("http://example.com:1/", PRIVATE),
	R("http://example.com:1023/", PRIVATE),
};

START_TEST(urls_we_call)
{
	const struct url_row *r = &urls[_i];
	const char *open = fetch_url_check(slice_of(r->url), false);
	const char *own = fetch_url_check(slice_of(r->url), true);

	ck_assert_msg(!open == (r->want == OK), "line %d: %s: %s", r->line, r->url,
		      open ? open : "taken");
	ck_assert_msg(!own == (r->want != NO), "line %d: %s, private: %s", r->line, r->url,
		      own ? own : "taken");
}
END_TEST

START_TEST(urls_of_any_length)
{
	static char url[2100] = "http://example.com/", host[400] = "http://";

	memset(url + 19, 'a', 2048 - 19);
	ck_assert_ptr_null(fetch_url_check(slice_of(url), false));
	url[2048] = 'a';
	ck_assert_ptr_nonnull(fetch_url_check(slice_of(url), false));
	ck_assert_ptr_nonnull(fetch_url_check((struct slice){ NULL, 0 }, false));
	ck_assert_ptr_nonnull(fetch_url_check((struct slice){ "http://a.example/\0x", 19 }, true));
	/* Four labels of 62 and one of 1: 253 bytes; then 254. */
	for (int i = 0; i < 4; i++) {
		memset(host + 7 + i * 63, 'a', 62);
		host[7 + i * 63 + 62] = '.';
	}
	host[7 + 252] = 'a';
	ck_assert_ptr_null(fetch_url_check(slice_of(host), false));
	host[7 + 253] = 'a';
	ck_assert_ptr_nonnull(fetch_url_check(slice_of(host), false));
	memset(host + 7, 'a', 64);
	host[7 + 64] = '\0';
	ck_assert_ptr_nonnull(fetch_url_check(slice_of(host), false));
}
END_TEST

static const struct {
	const char *url, *origin;
} origins[] = {
	{ "http://Example.COM", "http://example.com:80" },
	{ "HTTPS://example.com/x?y", "https://example.com:443" },
	{ "https://example.com:8443?x", "https://example.com:8443" },
	{ "http://[2A00:1450::1]/", "http://[2a00:1450::1]:80" },
	{ "http://8.8.8.8:81/", "http://8.8.8.8:81" },
	{ "nonsense", "" },
};

START_TEST(origin_of_a_url)
{
	char out[64], small[10];

	fetch_url_origin(origins[_i].url, out, sizeof(out));
	ck_assert_str_eq(out, origins[_i].origin);
	fetch_url_origin(origins[_i].url, small, sizeof(small));
	ck_assert_str_eq(small, "");
}
END_TEST

static const struct {
	int line;
	const char *name, *value;
	enum want want;
} headers[] = {
#define H(n, v, w)                \
	{                         \
		__LINE__, n, v, w \
	}
	H("X-Custom", "a value", OK),
	H("x", "", OK),
	H("Authorization", "Bearer abc.def", OK),
	H("Content-Type", "text/plain", OK),
	H("Cookie", "a=b", OK),
	H("User-Agent", "x/1", OK),
	H("X_y.z~1", "\ttabs and spaces ", OK),
	H("Hosts", "x", OK),
	H("TEA", "x", OK),
	H("Proxy", "x", OK),
	H("Accept-Encoding", "gzip", OK),
	H("", "x", NO),
	H("a b", "x", NO),
	H("a:", "x", NO),
	H("a\r\nb", "x", NO),
	H("\303\251", "x", NO),
	H("(x)", "x", NO),
	H("x\"", "x", NO),
	H("X", "a\r\nY: b", NO),
	H("X", "a\nb", NO),
	H("X", "a\rb", NO),
	H("X", "a\001", NO),
	H("X", "a\177", NO),
	H("X", "caf\303\251", NO),
	H("X", "\033[0m", NO),
	H("Host", "x", NO),
	H("hOsT", "x", NO),
	H("Content-Length", "0", NO),
	H("Transfer-Encoding", "chunked", NO),
	H("Connection", "close", NO),
	H("Keep-Alive", "1", NO),
	H("TE", "trailers", NO),
	H("Upgrade", "h2c", NO),
	H("Expect", "100-continue", NO),
	H("Trailer", "x", NO),
	H("Proxy-Authorization", "x", NO),
	H("Proxy-", "x", NO),
	H("webhook-id", "x", NO),
	H("Webhook-Signature", "x", NO),
	H("Carillon-Attempt", "1", NO),
	H("traceparent", "x", NO),
	H("X-Taskhook-Signature", "x", NO),
	H("HTTP2-Settings", "x", NO),
};

START_TEST(headers_a_user_may_set)
{
	const char *why = fetch_header_check(slice_of(headers[_i].name),
					     slice_of(headers[_i].value));

	ck_assert_msg(!why == (headers[_i].want == OK), "line %d: %s: %s", headers[_i].line,
		      headers[_i].name, why ? why : "taken");
}
END_TEST

START_TEST(headers_with_nul_or_too_long)
{
	static char big[8200];

	memset(big, 'a', sizeof(big));
	ck_assert_ptr_nonnull(fetch_header_check(SLICE_LIT("X"), (struct slice){ "a\0b", 3 }));
	ck_assert_ptr_nonnull(fetch_header_check((struct slice){ "X\0y", 3 }, SLICE_LIT("a")));
	ck_assert_ptr_nonnull(fetch_header_check((struct slice){ NULL, 0 }, SLICE_LIT("a")));
	ck_assert_ptr_null(fetch_header_check(SLICE_LIT("X"), (struct slice){ big, 8192 }));
	ck_assert_ptr_nonnull(fetch_header_check(SLICE_LIT("X"), (struct slice){ big, 8193 }));
	ck_assert_ptr_null(fetch_header_check((struct slice){ big, 128 }, SLICE_LIT("")));
	ck_assert_ptr_nonnull(fetch_header_check((struct slice){ big, 129 }, SLICE_LIT("")));
}
END_TEST

#define THEN ((usec_t)784111777 * SEC) /* Sun, 06 Nov 1994 08:49:37 GMT */

static const struct {
	int line;
	const char *text;
	usec_t want;
} waits[] = {
#define W(t, w)                \
	{                      \
		__LINE__, t, w \
	}
	W("0", 0),
	W("1", 1 * SEC),
	W("120", 120 * SEC),
	W("007", 7 * SEC),
	W("86400", DAY),
	W("86401", DAY),
	W("1000000000", DAY),
	W("99999999999999999999999999", DAY),
	W("", USEC_NEVER),
	W("-5", USEC_NEVER),
	W("+5", USEC_NEVER),
	W("1.5", USEC_NEVER),
	W("5 s", USEC_NEVER),
	W("soon", USEC_NEVER),
	W(" 5", USEC_NEVER),
	W("Sun, 06 Nov 1994 08:49:37 GMT", 0),
	W("Sun, 06 Nov 1994 08:50:37 GMT", 60 * SEC),
	W("Sun, 06 Nov 1994 08:49:36 GMT", 0),
	W("Mon, 07 Nov 1994 08:49:37 GMT", DAY),
	W("Tue, 08 Nov 1994 08:49:37 GMT", DAY),
	W("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
	W("Thu, 01 Jan 1970 00:00:00 GMT", 0),
	W("Sun, 06 Nov 1994 08:49:37 UTC", USEC_NEVER),
	W("Sun, 06 Nov 1994 08:49:37 +01", USEC_NEVER),
	W("Sunday, 06-Nov-94 08:49:37 GMT", USEC_NEVER),
	W("Sun Nov  6 08:49:37 1994", USEC_NEVER),
	W("Sun, 06 Xxx 1994 08:49:37 GMT", USEC_NEVER),
	W("12:00", USEC_NEVER),
};

START_TEST(retry_after)
{
	usec_t got = retry_after_parse(slice_of(waits[_i].text), THEN);

	ck_assert_msg(got == waits[_i].want, "line %d: %s: %lld", waits[_i].line, waits[_i].text,
		      (long long)got);
}
END_TEST

Suite *suite_fetch_url(void)
{
	Suite *s = suite_create("fetch_url");
	TCase *tc = tcase_create("fetch_url");

	tcase_add_loop_test(tc, urls_we_call, 0, sizeof(urls) / sizeof(urls[0]));
	tcase_add_test(tc, urls_of_any_length);
	tcase_add_loop_test(tc, origin_of_a_url, 0, sizeof(origins) / sizeof(origins[0]));
	tcase_add_loop_test(tc, headers_a_user_may_set, 0, sizeof(headers) / sizeof(headers[0]));
	tcase_add_test(tc, headers_with_nul_or_too_long);
	tcase_add_loop_test(tc, retry_after, 0, sizeof(waits) / sizeof(waits[0]));
	suite_add_tcase(s, tc);
	return s;
}
