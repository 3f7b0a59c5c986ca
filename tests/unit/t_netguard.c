/* The border of every range on both sides: the last address before it, its first, its last, the
 * one after. */
#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "io/netguard.h"
#include "io/resolve.h"

static const struct row {
	int line;
	const char *address;
	enum netguard_class class;
} rows[] = {
#define R(a, c)                           \
	{                                 \
		__LINE__, a, NETGUARD_##c \
	}
	R("0.0.0.0", NEVER),
	R("0.0.0.1", NEVER),
	R("0.255.255.255", NEVER),
	R("1.0.0.0", PUBLIC),
	R("1.1.1.1", PUBLIC),
	R("8.8.8.8", PUBLIC),
	R("9.255.255.255", PUBLIC),
	R("10.0.0.0", PRIVATE),
	R("10.0.0.1", PRIVATE),
	R("10.255.255.255", PRIVATE),
	R("11.0.0.0", PUBLIC),
	R("100.63.255.255", PUBLIC),
	R("100.64.0.0", PRIVATE),
	R("100.100.100.200", PRIVATE),
	R("100.127.255.255", PRIVATE),
	R("100.128.0.0", PUBLIC),
	R("126.255.255.255", PUBLIC),
	R("127.0.0.0", PRIVATE),
	R("127.0.0.1", PRIVATE),
	R("127.1.2.3", PRIVATE),
	R("127.255.255.255", PRIVATE),
	R("128.0.0.0", PUBLIC),
	R("168.63.129.15", PUBLIC),
	R("168.63.129.16", NEVER),
	R("168.63.129.17", PUBLIC),
	R("169.253.255.255", PUBLIC),
	R("169.254.0.0", PRIVATE),
	R("169.254.169.254", PRIVATE),
	R("169.254.255.255", PRIVATE),
	R("169.255.0.0", PUBLIC),
	R("172.15.255.255", PUBLIC),
	R("172.16.0.0", PRIVATE),
	R("172.20.1.1", PRIVATE),
	R("172.31.255.255", PRIVATE),
	R("172.32.0.0", PUBLIC),
	R("191.255.255.255", PUBLIC),
	R("192.0.0.0", NEVER),
	R("192.0.0.170", NEVER),
	R("192.0.0.255", NEVER),
	R("192.0.1.0", PUBLIC),
	R("192.0.1.255", PUBLIC),
	R("192.0.2.0", NEVER),
	R("192.0.2.255", NEVER),
	R("192.0.3.0", PUBLIC),
	R("192.88.98.255", PUBLIC),
	R("192.88.99.0", NEVER),
	R("192.88.99.255", NEVER),
	R("192.88.100.0", PUBLIC),
	R("192.167.255.255", PUBLIC),
	R("192.168.0.0", PRIVATE),
	R("192.168.255.255", PRIVATE),
	R("192.169.0.0", PUBLIC),
	R("198.17.255.255", PUBLIC),
	R("198.18.0.0", NEVER),
	R("198.19.255.255", NEVER),
	R("198.20.0.0", PUBLIC),
	R("198.51.99.255", PUBLIC),
	R("198.51.100.0", NEVER),
	R("198.51.100.255", NEVER),
	R("198.51.101.0", PUBLIC),
	R("203.0.112.255", PUBLIC),
	R("203.0.113.0", NEVER),
	R("203.0.113.255", NEVER),
	R("203.0.114.0", PUBLIC),
	R("223.255.255.255", PUBLIC),
	R("224.0.0.0", NEVER),
	R("224.0.0.1", NEVER),
	R("239.255.255.255", NEVER),
	R("240.0.0.0", NEVER),
	R("254.1.1.1", NEVER),
	R("255.255.255.255", NEVER),
	R("::", NEVER),
	R("::1", PRIVATE),
	R("::2", NEVER),
	R("::7f00:1", NEVER),
	R("::ffff:0:0", NEVER),
	R("::ffff:127.0.0.1", NEVER),
	R("::ffff:10.0.0.1", NEVER),
	R("::ffff:8.8.8.8", NEVER),
	R("::ffff:0:127.0.0.1", NEVER),
	R("64:ff9b::7f00:1", NEVER),
	R("64:ff9b::808:808", NEVER),
	R("64:ff9b:1::1", NEVER),
	R("100::1", NEVER),
	R("1fff:ffff::1", NEVER),
	R("2000::", PUBLIC),
	R("2000::1", PUBLIC),
	R("2001::1", NEVER),
	R("2001:0:4136:e378:8000:63bf:3fff:fdd2", NEVER),
	R("2001:10::1", NEVER),
	R("2001:20::1", NEVER),
	R("2001:1ff:ffff::1", NEVER),
	R("2001:200::1", PUBLIC),
	R("2001:470::1", PUBLIC),
	R("2001:4860:4860::8888", PUBLIC),
	R("2001:db7:ffff::1", PUBLIC),
	R("2001:db8::", NEVER),
	R("2001:db8:ffff::1", NEVER),
	R("2001:db9::1", PUBLIC),
	R("2002::1", NEVER),
	R("2002:7f00:1::", NEVER),
	R("2002:ffff::1", NEVER),
	R("2003::1", PUBLIC),
	R("2606:4700:4700::1111", PUBLIC),
	R("2a00:1450::1", PUBLIC),
	R("3ffe::1", PUBLIC),
	R("3fff::1", NEVER),
	R("3fff:fff:ffff::1", NEVER),
	R("3fff:1000::1", PUBLIC),
	R("3fff:ffff::1", PUBLIC),
	R("4000::1", NEVER),
	R("5f00::1", NEVER),
	R("8000::1", NEVER),
	R("fbff::1", NEVER),
	R("fc00::", PRIVATE),
	R("fd00:ec2::254", PRIVATE),
	R("fdff:ffff::1", PRIVATE),
	R("fe00::1", NEVER),
	R("fe7f::1", NEVER),
	R("fe80::1", PRIVATE),
	R("fe80::a9fe:a9fe", PRIVATE),
	R("febf:ffff::1", PRIVATE),
	R("fec0::1", NEVER),
	R("feff::1", NEVER),
	R("ff00::1", NEVER),
	R("ff02::1", NEVER),
	R("ff0e::1", NEVER),
	R("ffff::1", NEVER),
};

static enum netguard_class classify(const char *text)
{
	union resolve_address a;

	memset(&a, 0, sizeof(a));
	if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) {
		a.v4.sin_family = AF_INET;
		return netguard_classify(&a.any, sizeof(a.v4));
	}
	ck_assert_msg(inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1, "%s", text);
	a.v6.sin6_family = AF_INET6;
	return netguard_classify(&a.any, sizeof(a.v6));
}

START_TEST(class_of_an_address)
{
	const struct row *r = &rows[_i];
	enum netguard_class got = classify(r->address);

	ck_assert_msg(got == r->class, "line %d: %s is %d, not %d", r->line, r->address, (int)got,
		      (int)r->class);
}
END_TEST

START_TEST(what_is_not_an_internet_address)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x08080808) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	ck_assert_int_eq(netguard_classify((const struct sockaddr *)&local, sizeof(local)),
			 NETGUARD_NEVER);
	/* Too short to be read. */
	ck_assert_int_eq(netguard_classify((const struct sockaddr *)&v4, sizeof(v4) - 1),
			 NETGUARD_NEVER);
	ck_assert_int_eq(netguard_classify((const struct sockaddr *)&v6, sizeof(v4)),
			 NETGUARD_NEVER);
	/* A zone. */
	ck_assert_int_eq(inet_pton(AF_INET6, "2a00:1450::1", &v6.sin6_addr), 1);
	ck_assert_int_eq(netguard_classify((const struct sockaddr *)&v6, sizeof(v6)),
			 NETGUARD_PUBLIC);
	v6.sin6_scope_id = 2;
	ck_assert_int_eq(netguard_classify((const struct sockaddr *)&v6, sizeof(v6)),
			 NETGUARD_NEVER);
}
END_TEST

START_TEST(allow_private_opens_only_the_private)
{
	ck_assert(netguard_allows(NETGUARD_PUBLIC, false));
	ck_assert(netguard_allows(NETGUARD_PUBLIC, true));
	ck_assert(!netguard_allows(NETGUARD_PRIVATE, false));
	ck_assert(netguard_allows(NETGUARD_PRIVATE, true));
	ck_assert(!netguard_allows(NETGUARD_NEVER, false));
	ck_assert(!netguard_allows(NETGUARD_NEVER, true));
}
END_TEST

Suite *suite_netguard(void)
{
	Suite *s = suite_create("netguard");
	TCase *tc = tcase_create("netguard");

	tcase_add_loop_test(tc, class_of_an_address, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, what_is_not_an_internet_address);
	tcase_add_test(tc, allow_private_opens_only_the_private);
	suite_add_tcase(s, tc);
	return s;
}
