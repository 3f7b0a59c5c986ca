/* Settings: values, origins, refusals. */
#include "app/config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static struct config config;
static char why[512];

START_TEST(the_defaults)
{
	const char *const none[] = { "HOME=/root", NULL };

	ck_assert(config_load(none, &config, why, sizeof(why)));
	ck_assert_ptr_null(config.database_url);
	ck_assert_str_eq(config.data_dir, "./.carillon");
	ck_assert_str_eq(config.address, "127.0.0.1");
	ck_assert_int_eq(config.port, 8080);
	ck_assert_int_eq(config.lookahead, 300);
	ck_assert_int_eq(config.catchup_window, 3600);
	ck_assert_int_eq(config.retention_days, 90);
	ck_assert_int_eq(config.request_rate, 6000);
	ck_assert_int_eq(config.auth_failures, 20);
	ck_assert_int_eq(config.quota_schedules, 0);
	ck_assert_int_eq(config.quota_min_interval, 0);
	ck_assert_int_eq(config.quota_payload, 1048576);
	ck_assert(!config.allow_private);
	ck_assert_int_eq(config.log, CONFIG_LOG_AUTO);
	ck_assert_int_eq(config.log_level, LOG_INFO);
}
END_TEST

static const struct bad {
	int line;
	const char *set, *says; /* says: part of the sentence */
} bad[] = {
	{ __LINE__, "CARILLON_LOOKAHED=1", "did you mean CARILLON_LOOKAHEAD?" },
	{ __LINE__, "CARILLON_PORT=1", "There is no setting CARILLON_PORT" },
	{ __LINE__, "CARILLON_LISTEN_FILE=/x", "There is no setting CARILLON_LISTEN_FILE" },
	{ __LINE__, "CARILLON_LOOKAHEAD=5m",
	  "CARILLON_LOOKAHEAD must be a whole number from 0 to 86400" },
	{ __LINE__, "CARILLON_LOOKAHEAD=86401", "from 0 to 86400" },
	{ __LINE__, "CARILLON_LOOKAHEAD=-1", "from 0 to 86400" },
	{ __LINE__, "CARILLON_RETENTION_DAYS=0", "from 1 to 3650" },
	{ __LINE__, "CARILLON_REQUEST_RATE=99999999999999999999", "CARILLON_REQUEST_RATE" },
	{ __LINE__, "CARILLON_REQUEST_RATE=100000001", "from 0 to 100000000" },
	{ __LINE__, "CARILLON_AUTH_FAILURES=100000001", "from 0 to 100000000" },
	{ __LINE__, "CARILLON_QUOTA_SCHEDULES=-1", "from 0 to 1000000000" },
	{ __LINE__, "CARILLON_QUOTA_MIN_INTERVAL=31536001", "from 0 to 31536000" },
	{ __LINE__, "CARILLON_QUOTA_PAYLOAD=1048577", "from 0 to 1048576" },
	{ __LINE__, "CARILLON_ALLOW_PRIVATE_TARGETS=maybe", "must be 1 or 0" },
	{ __LINE__, "CARILLON_LOG=xml", "must be one of auto, text, json" },
	{ __LINE__, "CARILLON_LOG_LEVEL=loud", "debug, info, warn, error" },
	{ __LINE__, "CARILLON_LISTEN=8080", "must be address:port" },
	{ __LINE__, "CARILLON_LISTEN=127.0.0.1:http", "from 0 to 65535" },
	{ __LINE__, "CARILLON_LISTEN=127.0.0.1:65536", "from 0 to 65535" },
	{ __LINE__, "CARILLON_API_KEY=short", "at least 16 characters" },
	{ __LINE__, "CARILLON_API_KEY_FILE=/does/not/exist", "cannot be read" },
	{ __LINE__, "DATABASE_URL_FILE=/dev/null", "holds no value" },
};

START_TEST(what_is_refused)
{
	const char *const environment[] = { bad[_i].set, NULL };

	ck_assert_msg(!config_load(environment, &config, why, sizeof(why)), "line %d was accepted",
		      bad[_i].line);
	ck_assert_msg(strstr(why, bad[_i].says) != NULL, "line %d: %s", bad[_i].line, why);
}
END_TEST

static const struct listen {
	const char *text, *address;
	int port;
} listens[] = {
	{ "CARILLON_LISTEN=0.0.0.0:80", "0.0.0.0", 80 },
	{ "CARILLON_LISTEN=[::1]:0", "::1", 0 },
	{ "CARILLON_LISTEN=:8081", "0.0.0.0", 8081 },
	{ "CARILLON_LISTEN=localhost:1", "127.0.0.1", 1 },
	{ "CARILLON_LISTEN=", "127.0.0.1", 8080 },
};

START_TEST(addresses)
{
	const char *const environment[] = { listens[_i].text, NULL };

	ck_assert(config_load(environment, &config, why, sizeof(why)));
	ck_assert_str_eq(config.address, listens[_i].address);
	ck_assert_int_eq(config.port, listens[_i].port);
}
END_TEST

START_TEST(secrets_from_files_are_trimmed_and_masked)
{
	char path[] = "/tmp/t_config_XXXXXX", setting[64];
	const char *environment[] = { setting, "DATABASE_URL=postgresql://u:pass@h/d",
				      "CARILLON_LOG=json", NULL };
	struct strbuf out;
	int fd = mkstemp(path);

	ck_assert(fd >= 0);
	ck_assert(write(fd, "0123456789abcdef\n", 17) == 17);
	close(fd);
	snprintf(setting, sizeof(setting), "CARILLON_API_KEY_FILE=%s", path);
	ck_assert_msg(config_load(environment, &config, why, sizeof(why)), "%s", why);
	unlink(path);
	ck_assert_str_eq(config.api_key, "0123456789abcdef");
	strbuf_init(&out, 65536);
	config_print(&config, &out);
	ck_assert_ptr_nonnull(strstr(out.p, "CARILLON_API_KEY=********\n    from: file\n"));
	ck_assert_ptr_nonnull(strstr(out.p, "CARILLON_LOG=json\n    from: environment\n"));
	ck_assert_ptr_nonnull(strstr(out.p, "CARILLON_LOOKAHEAD=300\n    from: default\n"));
	ck_assert_ptr_null(strstr(out.p, "pass"));
	ck_assert_ptr_null(strstr(out.p, "0123456789abcdef"));
	strbuf_release(&out);
}
END_TEST

START_TEST(a_value_and_its_file_exclude_each_other)
{
	const char *const environment[] = { "DATABASE_URL=x", "DATABASE_URL_FILE=/y", NULL };

	ck_assert(!config_load(environment, &config, why, sizeof(why)));
	ck_assert_ptr_nonnull(strstr(why, "both set"));
}
END_TEST

Suite *suite_config(void)
{
	Suite *s = suite_create("config");
	TCase *tc = tcase_create("config");

	tcase_add_test(tc, the_defaults);
	tcase_add_loop_test(tc, what_is_refused, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_loop_test(tc, addresses, 0, sizeof(listens) / sizeof(listens[0]));
	tcase_add_test(tc, secrets_from_files_are_trimmed_and_masked);
	tcase_add_test(tc, a_value_and_its_file_exclude_each_other);
	suite_add_tcase(s, tc);
	return s;
}
