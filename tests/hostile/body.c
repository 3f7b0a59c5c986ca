/* Bodies: the objects of the APIs as rows of good values, and everything that is none. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

struct row {
	const char *name;
	bool is_needed;
	const char *good[8]; /* JSON, or @ and the name of a list of rows, or @any, @unique */
};

/* Nothing leaves this machine: loopback's discard port, and names that cannot exist. */
#define HOOK "\"http://[::1]:9/hook\""
static const struct row target_rows[] = {
	{ "url", true, { HOOK, "\"http://[::1]:9/a?b=c&d=%20\"", "\"https://x.invalid/\"" } },
	{ "method", false, { "\"POST\"", "\"PUT\"", "\"GET\"" } },
	{ "headers", false, { "{}", "{\"X-A\":\"1\"}", "{\"x-b\":\"a b\\tc\",\"x-c\":\"\"}" } },
	{ "secret",
	  false,
	  { "\"0123456789abcdef\"", "\"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row retry_rows[] = {
	{ "max_attempts", false, { "1", "2", "24", "1000" } },
	{ "strategy", false, { "\"taskhook\"", "\"fixed\"", "\"linear\"", "\"exponential\"" } },
	{ "base_delay", false, { "1", "0.25", "\"PT5S\"", "30.000" } },
	{ "max_delay", false, { "60", "\"PT1H\"", "\"2m\"" } },
	{ NULL, false, { NULL } },
};
static const struct row dst_rows[] = {
	{ "gap", false, { "\"fire\"", "\"skip\"", "\"shift\"" } },
	{ "overlap", false, { "\"default\"", "\"first\"", "\"second\"", "\"both\"" } },
	{ NULL, false, { NULL } },
};
#define CALL_ROWS                                                                                \
	{ "target", true, { HOOK, HOOK, "@target" } }, { "payload", false, { "@any", "@any" } }, \
		{ "retry", false, { "@retry", "@retry", "null" } },                              \
		{ "timeout", false, { "1", "5", "\"PT30S\"", "null", "900" } },                  \
	{                                                                                        \
		"tags", false,                                                                   \
		{                                                                                \
			"\"one\"", "[]", "[\"a\",\"b\"]", "[\"\xc3\xa9\"]", "null"               \
		}                                                                                \
	}
static const struct row template_rows[] = {
	CALL_ROWS,
	{ "expires_after", false, { "\"PT30M\"", "\"1h\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row task_rows[] = {
	CALL_ROWS,
	{ "execute_after",
	  true,
	  { "\"PT2H\"", "\"2035-01-31T09:00:00+01:00\"", "\"1d\"", "\"PT1H\"",
	    "\"2030-01-01t00:00:00z\"", "null", "\"PT40M\"", "\"PT1S\"" } },
	{ "expires_after", false, { "\"PT30M\"", "null", "\"2036-01-01T00:00:00Z\"" } },
	{ "unique_id", false, { "@unique", "@unique", "null" } },
	{ NULL, false, { NULL } },
};
/* These calendars are there from the beginning, and stay. Without one there is no adjust. */
#define CALENDARS                                                                            \
	"\"stays-0\"", "\"stays-0\",\"adjust\":\"skip\"", "\"stays-1\",\"adjust\":\"next\"", \
		"\"stays-2\",\"adjust\":\"previous\"", "\"stays-1\",\"adjust\":\"nearest\""
#define COMMON_ROWS(needed)                                                                 \
	{ "task_template", needed, { "@template" } },                                       \
		{ "start_at", false, { "\"2025-01-01T00:00:00Z\"", "null" } },              \
		{ "end_at", false, { "\"2045-06-30T23:59:59.999+14:00\"", "null" } },       \
		{ "enabled", false, { "true", "false", "true" } },                          \
		{ "overlap", false, { "\"skip\"", "\"allow\"", "\"queue_one\"" } },         \
		{ "catchup", false, { "\"all\"", "\"latest\"", "\"none\"" } },              \
		{ "dst", false, { "@dst" } }, { "calendar", false, { "null", CALENDARS } }, \
		{ "jitter", false, { "0", "1.5", "3600", "\"PT10M\"", "86400", "null" } },  \
	{                                                                                   \
		NULL, false,                                                                \
		{                                                                           \
			NULL                                                                \
		}                                                                           \
	}
#define ZONES                                                                 \
	{                                                                     \
		"\"UTC\"", "\"America/New_York\"", "\"Australia/Lord_Howe\"", \
			"\"Asia/Kathmandu\"", "\"Pacific/Apia\""              \
	}
#define CRONS                                                                                  \
	{                                                                                      \
		"\"0 9 1 1 *\"", "\"0 9 * * MON-FRI\"", "\"*/15 9-17 L * ?\"", "\"@monthly\"", \
			"\"30 0 9 LW * *\"", "\"0 0 29 2 *\"", "\"* * * * *\""                 \
	}
static const struct row cron_rows[] = { { "cron", true, CRONS },
					{ "timezone", true, ZONES },
					COMMON_ROWS(true) };
static const struct row every_rows[] = {
	{ "every",
	  true,
	  { "3600", "86400", "\"PT90M\"", "\"every 2 hours\"", "\"1 hour and 30 min\"", "\"P1W\"",
	    "315619200", "\"7d\"" } },
	{ "timezone", false, ZONES },
	COMMON_ROWS(true),
};
#define RULES                                                                              \
	{                                                                                  \
		"\"FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0\"",           \
			"\"RRULE:FREQ=MONTHLY;BYDAY=-1FR,2TU;BYSETPOS=-1\"",               \
			"\"FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO;WKST=SU\"",                 \
			"\"FREQ=HOURLY;INTERVAL=5;COUNT=100000\"",                         \
			"\"freq=daily;until=20991231T235959Z\"",                           \
			"\"FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29\"",              \
			"\"FREQ=YEARLY;BYYEARDAY=1,100,-1;BYHOUR=2;BYMINUTE=30\"",         \
			"\"DTSTART:20260101T023000\\nRRULE:FREQ=DAILY\\nEXDATE:20260102\"" \
	}
static const struct row rule_rows[] = { { "rrule", true, RULES },
					{ "timezone", false, ZONES },
					COMMON_ROWS(true) };
static const struct row pieces_rows[] = { { "rrule", true, { "@pieces" } },
					  { "timezone", false, ZONES },
					  COMMON_ROWS(true) };
static const struct row change_rows[] = { { "cron", false, CRONS },
					  { "timezone", false, ZONES },
					  COMMON_ROWS(false) };
static const struct row piece_rows[] = {
	{ "rule",
	  true,
	  { "\"FREQ=DAILY\"", "\"RRULE:FREQ=MONTHLY;BYMONTHDAY=-1\"",
	    "\"FREQ=HOURLY;INTERVAL=7;BYDAY=SA,SU\"", "\"FREQ=WEEKLY;COUNT=500;BYDAY=TU\"" } },
	{ "dtstart",
	  false,
	  { "\"20260309T023000\"", "\"2026-03-08\"", "\"19000102T000000Z\"", "null",
	    "\"2026-07-01T09:00:00+02:00\"" } },
	{ "exdate",
	  false,
	  { "[]", "[\"20260310T023000\"]", "[\"20260311\",\"20260312T023000Z\"]" } },
	{ "rdate", false, { "[]", "[\"20400229T120000\"]", "[\"2031-01-01\"]" } },
	{ NULL, false, { NULL } },
};

/* What every calendar may have; names are in the path. */
static const struct row calendar_rows[] = {
	{ "description", false, { "\"Banks\"", "\"\"", "\"\\u00e9\xc3\xa9\"" } },
	{ "weekend",
	  false,
	  { "[\"saturday\",\"sunday\"]", "[]", "[\"fri\",\"SAT\"]",
	    "[\"sun\",\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]" } },
	{ "holidays",
	  false,
	  { "[]", "[@holiday]", "[@holiday,@holiday]", "[@holiday,@holiday,@holiday,@holiday]" } },
	{ NULL, false, { NULL } },
};
static const char *const holidays[] = {
	"{\"date\":\"12-25\",\"observed\":\"next\",\"name\":\"Christmas\"}",
	"{\"date\":\"02-29\"}",
	"{\"date\":\"2199-12-31\",\"observed\":\"next\"}",
	"{\"date\":\"1970-01-01\",\"observed\":\"nearest\"}",
	"{\"month\":11,\"weekday\":\"thursday\",\"nth\":4}",
	"{\"month\":2,\"weekday\":\"mon\",\"nth\":-5,\"since\":1970,\"until\":2199}",
	"{\"easter\":-2,\"since\":2020}",
	"{\"easter\":100}",
	"{\"easter\":-100,\"observed\":\"none\"}",
	NULL
};

static const struct row recurrence_rows[] = { { "type", true, { "\"cron\"" } },
					      { "expression", true, CRONS },
					      { NULL, false, { NULL } } };
static const struct row interval_rows[] = { { "type", true, { "\"interval\"" } },
					    { "every", true, { "60", "\"PT90M\"", "\"2 days\"" } },
					    { NULL, false, { NULL } } };
static const struct row monthly_rows[] = {
	{ "type", true, { "\"calendar\"" } },
	{ "rule", true, RULES },
	{ "exdates", false, { "[]", "[\"20260331T180000\"]" } },
	{ "rdates", false, { "[]", "[\"20260315\",\"20300101T000000Z\"]" } },
	{ NULL, false, { NULL } },
};
static const struct row preview_rows[] = {
	{ "recurrence",
	  true,
	  { "\"0 9 * * MON-FRI\"", "\"30 2 * * *\"", "@recurrence", "@interval", "@monthly" } },
	{ "timezone", false, ZONES },
	{ "start_at", false, { "\"2025-01-01T00:00:00Z\"", "null" } },
	{ "end_at", false, { "\"2045-06-30T23:59:59.999+14:00\"", "null" } },
	{ "calendar", false, { "null", CALENDARS } },
	{ "dst", false, { "@dst" } },
	{ "from", false, { "\"2026-01-01T00:00:00Z\"", "\"2150-06-01T00:00:00Z\"" } },
	{ "limit", false, { "1", "10", "100" } },
	{ NULL, false, { NULL } },
};
static const struct row phrase_rows[] = {
	{ "text", true, { "\"every weekday at 9am\"", "\"on the last friday of the month\"" } },
	{ "timezone", false, ZONES },
	{ "now", false, { "\"2026-03-02T15:00:00Z\"", "null", "\"2198-12-31T23:59:59.999999Z\"" } },
	{ NULL, false, { NULL } },
};

/* --- jobs and what goes with them --- */

static const struct row job_timing_rows[] = {
	{ "type",
	  true,
	  { "\"cron\",\"expression\":\"0 9 * * 1-5\"", "\"every\",\"interval\":86400",
	    "\"every\",\"interval\":\"every 2 hours\"",
	    "\"at\",\"datetime\":\"2090-01-01T00:00:00Z\"",
	    "\"rrule\",\"rrule\":\"FREQ=MONTHLY;BYDAY=-1FR\"",
	    "\"rrule\",\"rrule\":\"FREQ=YEARLY\",\"dtstart\":\"20270101T000000\",\"exdate\":[\"20280101T000000\"]" } },
	{ "timezone", true, ZONES },
	{ NULL, false, { NULL } },
};
static const struct row job_retry_rows[] = {
	{ "max_attempts", true, { "1", "3", "1000" } },
	{ "strategy", false, { "\"fixed\"", "\"linear\"", "\"exponential\"" } },
	{ "base_delay", false, { "1", "0.5", "\"PT30S\"" } },
	{ "max_delay", false, { "60", "\"PT1H\"" } },
	{ NULL, false, { NULL } },
};
static const struct row quiet_rows[] = {
	{ "start", true, { "\"22:00\"", "\"00:00\"" } },
	{ "end", true, { "\"07:00\"", "\"23:59\"" } },
	{ "days", false, { "[]", "[\"mon\",\"TUESDAY\"]" } },
	{ "timezone", false, { "null", "\"Europe/Berlin\"" } },
	{ NULL, false, { NULL } },
};
/* Slack has no credentials here: nothing leaves this machine. */
static const struct row delivery_rows[] = {
	{ "channel",
	  true,
	  { "\"slack:#alerts\"", "\"slack:C0123ABC456\"", "\"webhook:http://[::1]:9/said\"",
	    "\"slack:#a-b_c.d\"" } },
	{ "format", false, { "\"text\"", "\"markdown\"", "\"json\"" } },
	{ "on", false, { "\"completed\"", "\"failed\"", "\"always\"" } },
	{ "quiet_hours", false, { "@quiet", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row condition_rows[] = {
	{ "type", true, { "\"expression\"" } },
	{ "expression",
	  true,
	  { "\"price_change_pct > 0.05\"", "\"status in ['ok', 'warn'] && size(items) > 0\"",
	    "\"a.b.c.matches('^[a-z]+$')\"", "\"items.exists(i, i.price < 10.0)\"",
	    "\"has(x.y) ? x.y : false\"" } },
	{ "source", false, { "null", "\"http://[::1]:9/prices\"" } },
	{ NULL, false, { NULL } },
};
#define JOB_ROWS(needed)                                                                          \
	{ "name", needed, { "\"Report\"", "\"\xc3\xa9 \\ud83d\\ude00\"" } },                      \
		{ "agent_id", needed, { "\"stays-0\"", "\"stays-1\"" } },                         \
		{ "schedule", needed, { "@timing" } },                                            \
		{ "goal", false, { "\"Say it\"", "\"\"", "null" } },                              \
		{ "description", false, { "\"\"", "null" } },                                     \
		{ "delivery", false, { "@delivery", "@delivery", "null" } },                      \
		{ "condition", false, { "@condition", "@condition", "null" } },                   \
		{ "only_if",                                                                      \
		  false,                                                                          \
		  { "\"run.manual || now.hour < 12\"", "\"last.status != 'failed'\"", "null" } }, \
		{ "retry", false, { "@job_retry", "null" } },                                     \
		{ "timeout", false, { "1", "900", "\"PT30S\"", "null" } },                        \
		{ "context", false, { "{}", "{\"a\":[1.10,null]}", "null" } },                    \
		{ "overlap", false, { "\"skip\"", "\"allow\"", "\"queue_one\"" } },               \
		{ "catchup", false, { "\"all\"", "\"latest\"", "\"none\"" } },                    \
		{ "dst", false, { "@dst" } }, { "jitter", false, { "0", "1.5", "null" } },        \
		{ "max_consecutive_failures", false, { "0", "5", "1000000" } },                   \
		{ "completion_timeout", false, { "600", "\"PT2H\"", "2592000" } },                \
		{ "heartbeat_timeout", false, { "1", "60", "null" } },                            \
	{                                                                                         \
		NULL, false,                                                                      \
		{                                                                                 \
			NULL                                                                      \
		}                                                                                 \
	}
static const struct row job_rows[] = { JOB_ROWS(true) };
static const struct row job_change_rows[] = { JOB_ROWS(false) };
static const struct row endpoint_rows[] = {
	{ "url", true, { "\"http://[::1]:9/agent\"", "\"https://agent.invalid/x?y\"" } },
	{ "method", false, { "\"POST\"", "\"PUT\"" } },
	{ "headers", false, { "{}", "{\"X-Key\":\"secret-0123456789\"}" } },
	{ NULL, false, { NULL } },
};
static const struct row agent_rows[] = {
	{ "kind",
	  true,
	  { "\"webhook\"", "\"llm\"", "\"llm\",\"model\":\"tiny\",\"system\":\"Be brief\"" } },
	{ "endpoint", true, { "@endpoint" } },
	{ "name", false, { "\"An agent\"", "null" } },
	{ "timeout", false, { "1", "\"PT15M\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row action_target_rows[] = {
	{ "url", true, { "\"http://[::1]:9/action\"", "\"https://action.invalid/x?y\"" } },
	{ "method", false, { "\"POST\"", "\"PUT\"", "\"PATCH\"" } },
	{ "headers", false, { "{}", "{\"X-Key\":\"secret-0123456789\",\"X-Team\":\"\"}" } },
	{ "secret",
	  false,
	  { "\"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\"", "\"sixteen letters!\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row action_rows[] = {
	{ "target", true, { "@action_target", "@action_target", "\"http://[::1]:9/action\"" } },
	{ "retry", false, { "@job_retry", "{\"strategy\":\"polynomial\"}", "{}", "null" } },
	{ "timeout", false, { "1", "\"PT15M\"", "null" } },
	{ NULL, false, { NULL } },
};
#define PLAN_ROWS                                                                                 \
	{ "action", true, { "\"goes.1\"", "\"goes.2\"", "\"goes.3\"", "\"goes.4\"" } },           \
		{ "payload", false, { "@any" } },                                                 \
		{ "timezone", false, { "\"Europe/Berlin\"", "\"UTC\"", "null" } },                \
		{ "active", false, { "true", "false" } }, { "name", false, { "\"n\"", "null" } }, \
		{ "jitter", false, { "0", "60", "null" } },                                       \
		{ "overlap", false, { "\"skip\"", "\"allow\"", "\"queue_one\"" } },               \
		{ "catchup", false, { "\"all\"", "\"latest\"", "null" } },                        \
		{ "expires_after", false, { "\"PT1H\"", "\"30s\"" } },                            \
		{ "dst", false, { "{}", "{\"gap\":\"skip\"}", "null" } },                         \
	{                                                                                         \
		NULL, false,                                                                      \
		{                                                                                 \
			NULL                                                                      \
		}                                                                                 \
	}
static const struct row plan_rows[] = {
	{ "recurrence",
	  true,
	  { "\"0 0 1 1 *\"", "{\"type\":\"cron\",\"expression\":\"@yearly\"}",
	    "{\"type\":\"interval\",\"every\":\"P300D\"}",
	    "{\"type\":\"calendar\",\"rule\":\"FREQ=YEARLY\"}" } },
	{ "start_at", false, { "\"2090-01-01T00:00:00Z\"", "null" } },
	PLAN_ROWS,
};
static const struct row plan_once_rows[] = {
	{ "execute_at", true, { "\"2099-01-01T00:00:00Z\"", "\"2098-06-01T12:00:00.5+14:00\"" } },
	PLAN_ROWS,
};
static const struct row key_rows[] = {
	{ "name", true, { "\"ci\"", "\"\\u00e9 \\n\"" } },
	{ "role", true, { "\"viewer\"", "\"operator\"", "\"editor\"", "\"admin\"" } },
	{ "actions", false, { "[]", "[\"*\"]", "[\"content.*\",\"mail\"]", "null" } },
	{ "expires_at", false, { "\"2099-01-01T00:00:00+14:00\"", "null" } },
	{ "tenant", false, { "\"one\"", "\"two\"", "null" } },
	{ NULL, false, { NULL } },
};
/* api_base and the URLs lead nowhere. */
static const struct row credential_rows[] = {
	{ "token", false, { "\"123456:ABCDEFGHIJabcdefghij0123456789xyz\"", "\"xoxb-1-2-abc\"" } },
	{ "webhook_url", false, { "\"http://[::1]:9/hook\"" } },
	{ "webhook_urls", false, { "{}", "{\"ops\":\"http://[::1]:9/ops\"}" } },
	{ "phone_number_id", false, { "\"106540352242922\"" } },
	{ "secret", false, { "\"whsec_MTIzNDU2Nzg5MDEyMzQ1Ng==\"" } },
	{ "smtp_url", false, { "\"smtp://[::1]:9\"", "\"smtps://u:p@[::1]:9\"" } },
	{ "from", false, { "\"Carillon <c@example.invalid>\"" } },
	{ "api_base", false, { "\"http://[::1]:9\"", "\"http://[::1]:9/base\"" } },
	{ NULL, false, { NULL } },
};
static const struct row report_rows[] = {
	{ "status", true, { "\"completed\"", "\"failed\"", "\"running\"" } },
	{ "output", false, { "@any", "null" } },
	{ "error", false, { "\"It broke\"", "null" } },
	{ NULL, false, { NULL } },
};
static const struct row chain_rows[] = {
	{ "name", true, { "\"Chain\"" } },
	{ "jobs", true, { "[\"job_00000000000000000000000000\"]", "[]" } },
	{ "edges",
	  false,
	  { "[]",
	    "[{\"from\":\"job_00000000000000000000000000\",\"to\":\"job_x\",\"type\":\"on_success\"}]" } },
	{ NULL, false, { NULL } },
};

static const struct {
	const char *name;
	const struct row *rows;
} lists[] = { { "@target", target_rows },
	      { "@retry", retry_rows },
	      { "@template", template_rows },
	      { "@dst", dst_rows },
	      { "@pieces", piece_rows },
	      { "@recurrence", recurrence_rows },
	      { "@interval", interval_rows },
	      { "@monthly", monthly_rows },
	      { "@timing", job_timing_rows },
	      { "@job_retry", job_retry_rows },
	      { "@quiet", quiet_rows },
	      { "@delivery", delivery_rows },
	      { "@condition", condition_rows },
	      { "@endpoint", endpoint_rows },
	      { "@action_target", action_target_rows },
	      { NULL, NULL } };

/* Values that belong nowhere, or elsewhere. Some of them are no JSON at all. */
static const char *const odd[] = {
	"null",
	"true",
	"false",
	"0",
	"-1",
	"1",
	"-0",
	"1.5",
	"1e3",
	"1e999",
	"-1e-999",
	"1E+2",
	"2147483648",
	"9223372036854775807",
	"9223372036854775808",
	"-9223372036854775809",
	"99999999999999999999999999",
	"0.0000000000000000000000001",
	"\"\"",
	"\"a\"",
	"\" \"",
	"\"\\t\"",
	"\"\\u0001\"",
	"\"\\u0000\"",
	"\"\\ud83d\\ude00\"",
	"\"\\ud800\"",
	"\"\\udc00x\"",
	"\"\xf0\x9f\x92\xa5\"",
	"\"\xff\xfe\"",
	"\"\xc0\x80\"",
	"\"\xed\xa0\x80\"",
	"\"\xe2\x80\xa8\"",
	"[]",
	"{}",
	"[[]]",
	"[null]",
	"[1,\"a\",{}]",
	"{\"\":{}}",
	"{\"a\":1}",
	"[\"a\",\"a\"]",
	"{\"a\":{\"b\":[{\"c\":null}]}}",
	"\"2026-02-30T00:00:00Z\"",
	"\"9999-12-31T23:59:59Z\"",
	"\"0000-01-01T00:00:00Z\"",
	"\"1969-12-31T23:59:59Z\"",
	"\"10000-01-01T00:00:00Z\"",
	"\"2030-01-01T00:00:60Z\"",
	"\"2030-01-01\"",
	"\"2030-01-01T00:00:00\"",
	"\"2030-01-01T00:00:00+25:00\"",
	"\"9999-12-31T23:59:59-23:59\"",
	"\"0001-01-01T00:00:00+23:59\"",
	"\"PT0S\"",
	"\"PT1S\"",
	"\"P1Y\"",
	"\"P1M\"",
	"\"PT-1S\"",
	"\"P9999999999D\"",
	"\"PT0.0000001S\"",
	"\"PT1H30M5.5S\"",
	"\"P\"",
	"\"PT\"",
	"\"3650d\"",
	"\"1s1s\"",
	"\"* * * * *\"",
	"\"* * * * * *\"",
	"\"0 0 31 2 *\"",
	"\"@every 1s\"",
	"\"@every 0s\"",
	"\"@every 9999999h\"",
	"\"60 * * * *\"",
	"\"*/0 * * * *\"",
	"\"@reboot\"",
	"\"0 0 29 2 * 2027\"",
	"\"* * * * * * 2199\"",
	"\"0 0 * * MON#6\"",
	"\"0 0 32W * *\"",
	"\"-1 * * * *\"",
	"\"1-2-3 * * * *\"",
	"\"*,* * * * *\"",
	"\"FREQ=SECONDLY\"",
	"\"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\"",
	"\"FREQ=DAILY;COUNT=100001\"",
	"\"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=3;COUNT=9\"",
	"\"FREQ=DAILY;COUNT=2;UNTIL=20300101\"",
	"\"RRULE:\"",
	"\"DTSTART;TZID=Asia/Tokyo:20260101T090000\\r\\nRRULE:FREQ=DAILY\"",
	"\"EXDATE:20260101\\n\"",
	"\"20260230T000000\"",
	"\"22000101T000000\"",
	"\"every fortnight\"",
	"\"1 hour and 1 hour\"",
	"{\"rule\":\"FREQ=DAILY\"}",
	"{\"rule\":\"FREQ=DAILY\",\"dtstart\":\"20260101\\nRRULE:FREQ=HOURLY\"}",
	"{\"rule\":\"FREQ=DAILY\",\"exdate\":[\"\",\",\"]}",
	"{\"type\":\"cron\"}",
	"{\"type\":\"calendar\",\"rule\":\"FREQ=DAILY\",\"every\":1}",
	"[\"sat\",\"sun\",\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]",
	"[\"sat\",\"noday\",\"SATURDAY\"]",
	"[{\"date\":\"02-30\"}]",
	"[{\"date\":\"2026-02-29\"},{\"date\":\"1969-12-31\"}]",
	"[{\"date\":\"12-25\",\"easter\":1}]",
	"[{\"easter\":101},{},{\"nth\":1}]",
	"[{\"month\":2,\"weekday\":\"mon\",\"nth\":0}]",
	"[{\"date\":\"12-25\",\"since\":2030,\"until\":2029}]",
	"\"stays-0\"",
	"\"skip\"",
	"86400.001",
	"\"UTC\"",
	"\"Mars/Olympus\"",
	"\"../../etc/passwd\"",
	"\"/etc/localtime\"",
	"\"America\"",
	"\"America/New_York/\"",
	"\"utc\"",
	"\"http://x.invalid/\"",
	"\"http://[::1]:9/x\"",
	"\"http://[::1]:99999/\"",
	"\"http://[::1]:0/\"",
	"\"http://\"",
	"\"http:///\"",
	"\"file:///etc/passwd\"",
	"\"http://a b.invalid/\"",
	"\"http://[::1]:9/\\r\\nX: y\"",
	"\"gopher://x.invalid/\"",
	"\"http://%00.invalid/\"",
	"\"javascript:alert(1)\"",
	"\"http://u:p@x.invalid/\"",
	"\"http://x.invalid/#f\"",
	"\"//x.invalid\"",
	"\"HTTP://X.INVALID\"",
	"\"http://[::1\"",
	"\"http://[fe80::1%25lo]/\"",
	"\"http://\xc3\xa9.invalid/\"",
	"\"http://x..invalid/\"",
	"\"slack:\"",
	"\"slack:general\"",
	"\"SLACK:#a\"",
	"\"email:a@\"",
	"\"webhook:ftp://x\"",
	"\"a.b.c > \"",
	"\"'a' + 1\"",
	"\"stays-0/../x\"",
	"\"24:00\"",
	"{\"type\":\"expression\"}",
	"{\"type\":\"every\"}",
	"[{\"from\":\"a\",\"to\":\"a\",\"type\":\"on_success\"}]",
	"\"'; drop table run; --\"",
	"\"%s%s%n%n\"",
	"\"${jndi:ldap://x.invalid}\"",
	"\"\\\\\\\"\"",
	"\"whsec_\"",
	"\"whsec_####\"",
	"\"whsec_AAAA\"",
	"\"get\"",
	"\"CONNECT\"",
	"\"TRACE\"",
	"{\"Host\":\"x\"}",
	"{\"X\":\"a\\r\\nb\"}",
	"{\"Content-Length\":\"1\"}",
	"{\"\":\"\"}",
	"{\"a b\":\"c\"}",
	"{\"X\":1}",
	"{\"X\":\"\xc3\xa9\"}",
	"{\"webhook-id\":\"x\"}",
	"{\"x\":\"1\",\"X\":\"2\"}",
	"{\"Transfer-Encoding\":\"chunked\"}",
	NULL
};
static const char *const broken[] = {
	"NaN",       "Infinity", "-Infinity", "01",        "+1",     ".5",  "1.",          "0x10",
	"1e",        "'single'", "\"\\x\"",   "\"\\u12\"", "\"open", "tru", "{\"a\":1,}",  "[1,]",
	"undefined", "/**/1",    "\"\x01\"",  "[1 2]",     "{1:2}",  "-",   "\"a\" \"b\"", NULL
};

void write_filler(struct strbuf *out, char c, size_t n)
{
	char *room = strbuf_room(out, n);

	memset(room, c, n);
	strbuf_grew(out, n);
}

void write_deep(struct strbuf *out, unsigned depth, bool is_object)
{
	for (unsigned i = 0; i < depth; i++)
		strbuf_adds(out, is_object ? "{\"a\":" : "[");
	strbuf_adds(out, "1");
	write_filler(out, is_object ? '}' : ']', depth);
}

void write_value(const struct writer *w)
{
	static const char *const values[] = { "null",
					      "true",
					      "0",
					      "1.10",
					      "9007199254740993",
					      "\"text\"",
					      "\"\xf0\x9f\x92\xa5 \\u00e9\"",
					      "[]",
					      "{}",
					      "{ \"b\" : 1 , \"a\" : [1.0, 2e5, null] }",
					      "[[[[[{\"deep\":true}]]]]]",
					      "\"\\\\ \\\" \\/ \\b\\f\\n\\r\\t\"",
					      "{\"\":\"\"}",
					      "-0.0",
					      "1E400",
					      NULL };

	if (!chance(w->rng, 5)) {
		strbuf_adds(w->out, one_of(w->rng, values));
		return;
	}
	strbuf_addc(w->out, '"');
	write_filler(w->out, 'p', below(w->rng, 20000));
	strbuf_addc(w->out, '"');
}

static void write_odd(const struct writer *w)
{
	static const unsigned lengths[] = { 63, 64, 65, 255, 256, 300, 2048, 5000, 40000 };
	unsigned what = below(w->rng, 100);

	if (what < 84) {
		strbuf_adds(w->out, one_of(w->rng, odd));
	} else if (what < 88) {
		strbuf_adds(w->out, one_of(w->rng, broken));
	} else if (what < 94) {
		strbuf_addc(w->out, '"');
		write_filler(w->out, 'L', lengths[below(w->rng, what == 93 ? 9 : 8)]);
		strbuf_addc(w->out, '"');
	} else if (what < 98) {
		unsigned n = 15 + below(w->rng, 25);

		strbuf_addc(w->out, '[');
		for (unsigned i = 0; i < n; i++)
			strbuf_addf(w->out, "%s\"t%u\"", i ? "," : "", i);
		strbuf_addc(w->out, ']');
	} else {
		write_deep(w->out, 1 + below(w->rng, 70), what == 98);
	}
}

static void write_rows(const struct writer *w, const struct row *rows);

/* With a holiday for each place of one. */
static void write_text(const struct writer *w, const char *good)
{
	static const char place[] = "@holiday";

	for (const char *at; (at = strstr(good, place)) != NULL; good = at + sizeof(place) - 1) {
		strbuf_add(w->out, good, (size_t)(at - good));
		strbuf_adds(w->out, one_of(w->rng, holidays));
	}
	strbuf_adds(w->out, good);
}

static void write_good(const struct writer *w, const char *good)
{
	if (good[0] != '@') {
		write_text(w, good);
		return;
	}
	if (strcmp(good, "@any") == 0)
		write_value(w);
	else if (strcmp(good, "@unique") == 0 && chance(w->rng, 95))
		strbuf_addf(w->out, "\"u-%d-%u\"", w->number, below(w->rng, 1000000));
	else if (strcmp(good, "@unique") == 0)
		strbuf_addf(w->out, "\"again-%u\"", below(w->rng, 40));
	for (int i = 0; lists[i].name; i++)
		if (strcmp(lists[i].name, good) == 0)
			write_rows(w, lists[i].rows);
}

static void write_unknown(const struct writer *w, bool *is_first)
{
	static const char *const names[] = { "Cron",      "TARGET",    "id",  "status",
					     "__proto__", "",          "a b", "\\u0063ron ",
					     "name",      "tenant_id", "url", NULL };

	strbuf_addf(w->out, "%s\"%s\":", *is_first ? "" : ",", one_of(w->rng, names));
	write_odd(w);
	*is_first = false;
}

static bool is_left_out(const struct writer *w, const struct row *row)
{
	if (row->is_needed)
		return w->nasty && chance(w->rng, w->nasty / 3);
	return chance(w->rng, 60);
}

static void write_rows(const struct writer *w, const struct row *rows)
{
	bool is_first = true;

	strbuf_addc(w->out, '{');
	for (; rows->name; rows++) {
		unsigned n = 0;

		if (is_left_out(w, rows))
			continue;
		strbuf_addf(w->out, "%s\"%s\":", is_first ? "" : ", ", rows->name);
		is_first = false;
		while (n < 8 && rows->good[n])
			n++;
		if (w->nasty && chance(w->rng, w->nasty))
			write_odd(w);
		else
			write_good(w, rows->good[below(w->rng, n)]);
	}
	if (w->nasty && chance(w->rng, w->nasty / 2))
		write_unknown(w, &is_first);
	strbuf_addc(w->out, '}');
}

void write_object(const struct writer *w, enum object which)
{
	static const struct row *const schedules[] = { cron_rows, cron_rows, every_rows, rule_rows,
						       pieces_rows };
	static const struct row *const rows[] = { [OBJECT_CHANGE] = change_rows,
						  [OBJECT_TASK] = task_rows,
						  [OBJECT_CALENDAR] = calendar_rows,
						  [OBJECT_PREVIEW] = preview_rows,
						  [OBJECT_PHRASE] = phrase_rows,
						  [OBJECT_JOB] = job_rows,
						  [OBJECT_JOB_CHANGE] = job_change_rows,
						  [OBJECT_AGENT] = agent_rows,
						  [OBJECT_CHAIN] = chain_rows,
						  [OBJECT_CREDENTIALS] = credential_rows,
						  [OBJECT_REPORT] = report_rows,
						  [OBJECT_ACTION] = action_rows,
						  [OBJECT_PLAN] = plan_rows,
						  [OBJECT_PLAN_ONCE] = plan_once_rows,
						  [OBJECT_KEY] = key_rows };

	write_rows(w, which == OBJECT_SCHEDULE ? schedules[below(w->rng, 5)] : rows[which]);
}

/* --- byte by byte --- */

static void insert(struct strbuf *b, size_t at, char c)
{
	strbuf_addc(b, c);
	memmove(b->p + at + 1, b->p + at, b->n - 1 - at);
	b->p[at] = c;
}

static void erase(struct strbuf *b, size_t at, size_t n)
{
	if (n > b->n - at)
		n = b->n - at;
	memmove(b->p + at, b->p + at + n, b->n - at - n);
	b->n -= n;
}

static void mutate_once(struct rng *rng, struct strbuf *b)
{
	static const char likely[] = "\"\\{}[]:,0-+.eE\0\n \xff\x80/";
	size_t at = below(rng, (unsigned)b->n), to = below(rng, (unsigned)b->n);
	char c;

	switch (below(rng, 8)) {
	case 0:
		b->p[at] = (char)(b->p[at] ^ (1 << below(rng, 8)));
		break;
	case 1:
		b->p[at] = (char)below(rng, 256);
		break;
	case 2:
		b->p[at] = likely[below(rng, sizeof(likely) - 1)];
		break;
	case 3:
		insert(b, at, likely[below(rng, sizeof(likely) - 1)]);
		break;
	case 4:
		insert(b, at, b->p[to]);
		break;
	case 5:
		erase(b, at, 1 + below(rng, 12));
		break;
	case 6:
		erase(b, at, chance(rng, 70) ? 1 : b->n);
		break;
	default:
		c = b->p[at];
		b->p[at] = b->p[to];
		b->p[to] = c;
		break;
	}
}

void mutate(struct rng *rng, struct strbuf *body)
{
	for (unsigned n = 1 + below(rng, chance(rng, 80) ? 2 : 12); n > 0 && body->n > 0; n--)
		mutate_once(rng, body);
}
