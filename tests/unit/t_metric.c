#include <check.h>

#include "base/metric.h"

static struct strbuf text;

static void print(void)
{
	strbuf_init(&text, 1 << 20);
	metric_print(&text);
	ck_assert(!text.failed);
}

static int times(const char *piece)
{
	int n = 0;

	for (const char *at = text.p; (at = strstr(at, piece)); at += strlen(piece))
		n++;
	return n;
}

#define HAS(line) ck_assert_msg(times("\n" line "\n") == 1, "%s", line)

START_TEST(numbers)
{
	metric_add(METRIC_RUNS_FAILED, 2);
	metric_add(METRIC_RUNS_FAILED, 3);
	metric_set(METRIC_HELD, 7);
	metric_set(METRIC_HELD, 4);
	ck_assert_int_eq(metric_get(METRIC_RUNS_FAILED), 5);
	ck_assert_int_eq(metric_get(METRIC_HELD), 4);
	print();
	HAS("carillon_runs_total{status=\"failed\"} 5");
	HAS("carillon_runs_held 4");
	HAS("# TYPE carillon_runs_held gauge");
	ck_assert_int_eq(times("# HELP carillon_runs_total "), 1);
	ck_assert_int_eq(times("# TYPE carillon_runs_total counter\n"), 1);
	ck_assert_int_eq(times("# TYPE carillon_db_seconds histogram\n"), 1);
	strbuf_release(&text);
}
END_TEST

START_TEST(histograms)
{
	metric_time(METRIC_TICK_TIME, 100);
	metric_time(METRIC_TICK_TIME, 101);
	metric_time(METRIC_TICK_TIME, -5);
	metric_time(METRIC_TICK_TIME, 61 * SEC);
	metric_time(METRIC_DB_READ_TIME, 1500);
	ck_assert_int_eq(metric_get(METRIC_TICK_TIME), 4);
	print();
	HAS("carillon_tick_seconds_bucket{le=\"0.0001\"} 2");
	HAS("carillon_tick_seconds_bucket{le=\"0.00025\"} 3");
	HAS("carillon_tick_seconds_bucket{le=\"60\"} 3");
	HAS("carillon_tick_seconds_bucket{le=\"+Inf\"} 4");
	HAS("carillon_tick_seconds_sum 61.000201");
	HAS("carillon_tick_seconds_count 4");
	HAS("carillon_db_seconds_bucket{lane=\"read\",le=\"0.0025\"} 1");
	HAS("carillon_db_seconds_sum{lane=\"read\"} 0.0015");
	HAS("carillon_db_seconds_count{lane=\"read\"} 1");
	HAS("carillon_db_seconds_sum{lane=\"slow\"} 0");
	strbuf_release(&text);
}
END_TEST

START_TEST(infos)
{
	print();
	ck_assert_int_eq(times("carillon_tzdata_info{"), 0);
	strbuf_release(&text);
	metric_info(METRIC_TZDATA, "2025b");
	metric_info(METRIC_TZDATA, "2026a");
	print();
	HAS("# TYPE carillon_tzdata_info gauge");
	HAS("carillon_tzdata_info{version=\"2026a\"} 1");
	ck_assert_int_eq(times("2025b"), 0);
	strbuf_release(&text);
}
END_TEST

Suite *suite_metric(void)
{
	Suite *s = suite_create("metric");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, metric_clear, NULL);
	tcase_add_test(tc, numbers);
	tcase_add_test(tc, histograms);
	tcase_add_test(tc, infos);
	suite_add_tcase(s, tc);
	return s;
}
