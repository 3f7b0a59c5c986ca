/* The kinds of requests that ask about time: schedules at their bounds, calendars, validate, phrases, previews. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "hostile.h"

#define CALENDAR_NAMES 12 /* that come and go */
#define PARAM_LONG 7900   /* bytes of a target that are let through */

/* --- schedules --- */

#define AFAR "\"timezone\":\"UTC\",\"start_at\":\"2040-01-01T00:00:00Z\","
#define LONG_64 "a123456789b123456789c123456789d123456789e123456789f123456789g123"

static const struct {
	const char *members;
	int status;
} bounds[] = {
	{ "\"every\":1," AFAR, 201 },
	{ "\"every\":0," AFAR, 422 },
	{ "\"every\":-1," AFAR, 422 },
	{ "\"every\":0.5," AFAR, 422 },
	{ "\"every\":315619200," AFAR, 201 },
	{ "\"every\":315619201," AFAR, 422 },
	{ "\"every\":99999999999999999999999999," AFAR, 422 },
	{ "\"every\":\"P3653D\"," AFAR, 201 },
	{ "\"every\":\"P3653DT1S\"," AFAR, 422 },
	{ "\"every\":\"every 0 minutes\"," AFAR, 422 },
	{ "\"every\":\"P1M\"," AFAR, 422 },
	{ "\"every\":\"\"," AFAR, 422 },
	{ "\"every\":null," AFAR, 422 },
	{ "\"every\":60,\"jitter\":86400," AFAR, 201 },
	{ "\"every\":60,\"jitter\":86400.001," AFAR, 422 },
	{ "\"every\":60,\"jitter\":-0.001," AFAR, 422 },
	{ "\"every\":60,\"jitter\":\"PT24H\"," AFAR, 201 },
	{ "\"every\":60,\"jitter\":\"soon\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"stays-0\"," AFAR, 201 },
	{ "\"every\":60,\"calendar\":\"" LONG_64 "\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"" LONG_64 "4\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"a/b c\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"stays-0 \"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"STAYS-0\"," AFAR, 422 },
	{ "\"every\":60,\"calendar\":\"stays-0\",\"adjust\":\"sideways\"," AFAR, 422 },
	{ "\"every\":60,\"dst\":{\"gap\":\"none\"}," AFAR, 422 },
	{ "\"every\":60,\"dst\":{\"gap\":\"fire\",\"overlap\":\"both\"}," AFAR, 201 },
	{ "\"every\":60,\"cron\":\"* * * * *\"," AFAR, 422 },
	{ "\"every\":60,\"rrule\":\"FREQ=DAILY\"," AFAR, 422 },
	{ AFAR, 422 },
	{ "\"cron\":\"0 9 * * *\",", 422 },
	{ "\"rrule\":\"FREQ=DAILY\",", 201 },
	{ "\"rrule\":\"\"," AFAR, 422 },
	{ "\"rrule\":{}," AFAR, 422 },
	{ "\"rrule\":[]," AFAR, 422 },
	{ "\"rrule\":\"FREQ=HOURLY;COUNT=100000\"," AFAR, 201 },
	{ "\"rrule\":\"FREQ=HOURLY;COUNT=100001\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=HOURLY;COUNT=0\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=SECONDLY;INTERVAL=1000000\"," AFAR, 201 },
	{ "\"rrule\":\"FREQ=SECONDLY;INTERVAL=1000001\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU;COUNT=100000\"," AFAR, 201 },
	{ "\"rrule\":\"FREQ=SECONDLY;INTERVAL=999983;BYSECOND=59;BYMONTHDAY=31;COUNT=99999\"," AFAR,
	  201 },
	{ "\"rrule\":\"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH;BYSETPOS=2\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=DAILY;COUNT=2;UNTIL=20300101\"," AFAR, 422 },
	{ "\"rrule\":\"FREQ=DAILY;FREQ=DAILY\"," AFAR, 422 },
	{ "\"rrule\":\"DTSTART:19000101T000000\\nRRULE:FREQ=YEARLY\"," AFAR, 201 },
	{ "\"rrule\":\"DTSTART:18991231T000000\\nRRULE:FREQ=YEARLY\"," AFAR, 422 },
	{ "\"rrule\":\"DTSTART:21991231T000000\\nRRULE:FREQ=YEARLY\"," AFAR, 201 },
	{ "\"rrule\":\"DTSTART:22000101T000000\\nRRULE:FREQ=YEARLY\"," AFAR, 422 },
	{ "\"rrule\":\"DTSTART;TZID=Asia/Tokyo:20260101T000000\\nRRULE:FREQ=DAILY\"," AFAR, 422 },
	{ "\"rrule\":\"DTSTART;TZID=Mars/Base:20260101T000000\\nRRULE:FREQ=DAILY\",", 422 },
	{ "\"rrule\":{\"rule\":\"FREQ=DAILY\",\"dtstart\":\"20260101\\nRRULE:FREQ=HOURLY\"}," AFAR,
	  422 },
	{ "\"rrule\":{\"rule\":\"FREQ=DAILY\",\"exdate\":[\"\"]}," AFAR, 422 },
	{ "\"rrule\":{\"rule\":\"FREQ=DAILY\",\"exdate\":[\"2026-01-01,2026-01-02\"]}," AFAR, 422 },
	{ "\"rrule\":{\"rule\":\"FREQ=DAILY\",\"rdate\":[\"20260229\"]}," AFAR, 422 },
};

static void timed_target(struct rng *rng, struct draft *d, int *status)
{
	draft_init(d, chance(rng, 80) ? "POST" : "PATCH", "/v1/schedules");
	d->has_body = true;
	if (d->method[1] == 'O')
		return;
	strbuf_addf(&d->target, "/%s", an_id(rng, KNOWN_SCHEDULE));
	*status = 0;
}

void timed_bounds(struct rng *rng, struct request *out)
{
	unsigned i = below(rng, sizeof(bounds) / sizeof(bounds[0]));
	int status = bounds[i].status;
	struct draft d;

	timed_target(rng, &d, &status);
	strbuf_addf(&d.body, "{%s\"task_template\":{\"target\":\"http://[::1]:9/bounds\"}}",
		    bounds[i].members);
	if (status)
		wants(out, status, 0, 0);
	finish(rng, &d, out);
}

/* So many dates, from different days. */
static void add_dates(struct strbuf *b, const char *name, unsigned n)
{
	strbuf_addf(b, ",\"%s\":[", name);
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(b, "%s\"%04u%02u%02u\"", i ? "," : "", 2190 - i % 150, 1 + i % 12,
			    1 + i % 28);
	strbuf_addc(b, ']');
}

void timed_dates(struct rng *rng, struct request *out)
{
	static const struct {
		unsigned exdates, rdates;
		int status;
	} rows[] = { { 1000, 0, 201 }, { 0, 1000, 201 }, { 1000, 1000, 201 },
		     { 1001, 0, 422 }, { 0, 1001, 422 }, { 20000, 20000, 422 } };
	static const char *const rules[] = { "FREQ=DAILY;COUNT=100000", "FREQ=SECONDLY",
					     "FREQ=MINUTELY;BYHOUR=3;COUNT=100000",
					     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", NULL };
	unsigned i = below(rng, sizeof(rows) / sizeof(rows[0]));
	int status = rows[i].status;
	struct draft d;

	timed_target(rng, &d, &status);
	strbuf_addf(&d.body, "{\"rrule\":{\"rule\":\"%s\"", one_of(rng, rules));
	add_dates(&d.body, "exdate", rows[i].exdates);
	add_dates(&d.body, "rdate", rows[i].rdates);
	strbuf_adds(&d.body, "}," AFAR "\"task_template\":{\"target\":\"http://[::1]:9/dates\"}}");
	if (status)
		wants(out, status, 0, 0);
	finish(rng, &d, out);
}

/* --- calendars --- */

static void some_calendar(struct rng *rng, struct draft *d, const char *method)
{
	draft_init(d, method, "/v1/calendars/");
	strbuf_addf(&d->target, "goes-%u", below(rng, CALENDAR_NAMES));
}

/* Nothing changes in those that schedules name but what the day of the week is called. */
void calendar_stays(struct rng *rng, struct request *out)
{
	static const char *const bodies[CALENDARS_STAY][2] = {
		{ "{\"holidays\":[{\"date\":\"12-25\",\"observed\":\"next\"}]}",
		  "{\"holidays\":[{\"date\":\"12-25\",\"observed\":\"next\",\"name\":\"x\"}]}" },
		{ "{\"weekend\":[\"fri\"],\"holidays\":[{\"easter\":-2}]}",
		  "{\"weekend\":[\"friday\"],\"holidays\":[{\"easter\":-2}]}" },
		{ "{\"weekend\":[\"sat\",\"mon\",\"wed\"],\"holidays\":[]}",
		  "{\"weekend\":[\"wed\",\"mon\",\"sat\"],\"holidays\":[]}" },
	};
	int which = out->number % CALENDARS_STAY;
	struct draft d;

	draft_init(&d, "PUT", "/v1/calendars/");
	strbuf_addf(&d.target, "stays-%d", which);
	d.has_body = true;
	strbuf_adds(&d.body, bodies[which][chance(rng, 50)]);
	wants(out, 200, 201, 409); /* 409: two at once */
	finish(rng, &d, out);
}

void calendar_put(struct rng *rng, struct request *out)
{
	struct draft d;

	some_calendar(rng, &d, "PUT");
	write_body(rng, out, &d, OBJECT_CALENDAR, 0);
	wants(out, 200, 201, 409);
	finish(rng, &d, out);
}

void calendar_fields(struct rng *rng, struct request *out)
{
	static const unsigned nasty[] = { 10, 30, 90 };
	struct draft d;

	some_calendar(rng, &d, "PUT");
	write_body(rng, out, &d, OBJECT_CALENDAR, chance(rng, 60) ? nasty[below(rng, 3)] : 0);
	if (chance(rng, 40))
		mutate(rng, &d.body);
	finish(rng, &d, out);
}

/* Many holidays, each of which is moved over as many others as there can be. */
static void add_holiday(struct strbuf *b, unsigned how, unsigned i)
{
	static const char *const days[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

	if (how == 0)
		strbuf_addf(b, "{\"easter\":%d,\"observed\":\"next\"}", (int)(i % 201) - 100);
	else if (how == 1)
		strbuf_addf(b,
			    "{\"month\":%u,\"weekday\":\"%s\",\"nth\":%d,\"observed\":\"nearest\"}",
			    1 + i % 12, days[i % 7], (int)(i % 5) - 5);
	else if (how == 2)
		strbuf_addf(b, "{\"date\":\"%02u-%02u\",\"observed\":\"next\"}", 1 + i % 11,
			    1 + i / 11 % 28);
	else
		strbuf_addf(b, "{\"date\":\"%u-12-%02u\",\"observed\":\"next\"}", 1970 + i % 230,
			    1 + i / 230);
}

void calendar_big(struct rng *rng, struct request *out)
{
	static const char *const weekends[] = {
		"", "\"weekend\":[],", "\"weekend\":[\"mon\",\"wed\",\"fri\",\"sun\"],",
		"\"weekend\":[\"sun\",\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],", NULL
	};
	unsigned n = 999 + below(rng, 3), how = below(rng, 5);
	struct draft d;

	some_calendar(rng, &d, "PUT");
	d.has_body = true;
	strbuf_addf(&d.body, "{%s\"holidays\":[", one_of(rng, weekends));
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strbuf_addc(&d.body, ',');
		add_holiday(&d.body, how < 4 ? how : i % 4, i);
	}
	strbuf_adds(&d.body, "]}");
	wants(out, 422, n > 1000 ? 422 : 200, n > 1000 ? 422 : 201);
	if (n <= 1000)
		out->status[3] = 409;
	finish(rng, &d, out);
}

void calendar_paths(struct rng *rng, struct request *out)
{
	static const char *const names[] = { "%20",       "a%20b",
					     "a%2Fb",     "a+b",
					     "%00",       "a%00",
					     "%ff",       "%C3%A9",
					     "a%0Ab",     "'",
					     "a;b",       "a=b",
					     "%",         "%zz",
					     "a%2",       "*",
					     "{name}",    "a:b",
					     "a@b",       "~",
					     LONG_64 "4", LONG_64 LONG_64 LONG_64 LONG_64 LONG_64,
					     "x/y",       "%2e%2e%2f",
					     "\"",        ".",
					     "..",        NULL };
	static const char *const methods[] = { "GET", "PUT", "DELETE", "POST", "PATCH", NULL };
	const char *name = one_of(rng, names);
	struct draft d;

	draft_init(&d, one_of(rng, methods), "/v1/calendars/");
	strbuf_adds(&d.target, name);
	d.has_body = d.method[0] == 'P';
	if (d.has_body)
		strbuf_adds(&d.body, "{\"holidays\":[]}");
	out->want = WANT_REFUSAL;
	finish(rng, &d, out);
}

void calendar_read(struct rng *rng, struct request *out)
{
	static const struct {
		const char *end;
		int status;
	} rows[] = { { "", 200 },
		     { "/stays-0", 200 },
		     { "/stays-1?year=1970", 200 },
		     { "/stays-2?year=2199", 200 },
		     { "/stays-0?year=2000", 200 },
		     { "/stays-0?year=1969", 422 },
		     { "/stays-0?year=2200", 422 },
		     { "/stays-0?year=", 422 },
		     { "/stays-0?year=9223372036854775808", 422 },
		     { "/stays-0?year=2030&year=2031", 422 },
		     { "/stays-0?year=MMXX", 422 },
		     { "/stays-0?month=1", 422 },
		     { "/stays-9?year=2030", 404 },
		     { "?limit=1", 0 } };
	unsigned i = below(rng, sizeof(rows) / sizeof(rows[0]));
	struct draft d;

	draft_init(&d, "GET", "/v1/calendars");
	if (chance(rng, 30)) {
		strbuf_addf(&d.target, "/goes-%u?year=%u", below(rng, CALENDAR_NAMES),
			    1970 + below(rng, 230));
		wants(out, 200, 404, 0);
	} else {
		strbuf_adds(&d.target, rows[i].end);
		if (rows[i].status)
			wants(out, rows[i].status, 0, 0);
	}
	finish(rng, &d, out);
}

void calendar_delete(struct rng *rng, struct request *out)
{
	struct draft d;

	some_calendar(rng, &d, "DELETE");
	wants(out, 200, 404, 409); /* 409: a random schedule may name it */
	finish(rng, &d, out);
}

void full_lists(struct rng *rng, struct request *out)
{
	static const char *const paths[] = { "/v1/schedules?limit=500", "/v1/calendars",
					     "/v1/schedules?limit=500&offset=400",
					     "/v1/tasks?limit=500", NULL };
	struct draft d;

	draft_init(&d, "GET", one_of(rng, paths));
	wants(out, 200, 0, 0);
	finish(rng, &d, out);
}

/* --- validate --- */

static const char *const types[] = { "cron", "every", "at", "rrule", NULL };
static const char *const odd_types[] = { "",         "CRON", "interval", "cron ", "once",
					 "\xc3\xa9", "cron", "2",        "rrul",  NULL };
static const char *const crons[] = { "* * * * *",
				     "* * * * * *",
				     "*/7 */5 */3 */2 */2",
				     "0 0 29 2 MON#5",
				     "59 23 31 12 * 2199",
				     "0 0 29 2 1 2100-2199",
				     "H H(0-7) H * H",
				     "TZ=Asia/Tokyo 0 9 LW * *",
				     "CRON_TZ=Europe/Berlin 30 2 * * SUN",
				     "0 0 L-30 2 *",
				     "0 0 13 * FRI",
				     "@every 1s",
				     "@every 87672h",
				     "0-59/1,0-59/2,0-59/3,0-59/4,0-59/5 0-23 1-31 1-12 0-7",
				     "61 * * * *",
				     "* * 31 2 *",
				     "",
				     " ",
				     "* * * *",
				     "@reboot",
				     "30 2 * 3,10,11 0",
				     "0 0 1 1 ? 1970-2199/7",
				     NULL };
static const char *const everies[] = { "1",         "0",
				       "PT1S",      "P3653D",
				       "P3653DT1S", "every other day",
				       "90m",       "every 1 week, 2 days and 3 hours",
				       "-5",        "1.5",
				       "P1Y",       "9223372036854775807",
				       "1s1s",      "PT0.000001S",
				       "",          NULL };
static const char *const instants[] = { "2199-12-31T23:59:59Z",
					"2027-03-14T02:30:00",
					"2027-11-07T01:30:00",
					"1970-01-01T00:00:00Z",
					"9999-12-31T23:59:59-23:59",
					"2026-02-29T00:00:00",
					"2030-01-01",
					"soon",
					"",
					NULL };
static const char *const rules[] = {
	"FREQ=SECONDLY",
	"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU;BYHOUR=3",
	"FREQ=SECONDLY;INTERVAL=999983;BYSECOND=59;BYMINUTE=59;BYHOUR=23;BYMONTHDAY=31",
	"FREQ=MINUTELY;INTERVAL=999999;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
	"FREQ=HOURLY;INTERVAL=8760;BYMONTHDAY=29;BYMONTH=2;COUNT=100000",
	"FREQ=YEARLY;INTERVAL=1000000",
	"FREQ=YEARLY;INTERVAL=199;BYMONTH=2;BYMONTHDAY=29",
	"FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;BYSETPOS=-1",
	"FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=1;BYHOUR=0,1,2,3,4,5;BYMINUTE=1,2,3",
	"FREQ=YEARLY;BYYEARDAY=366;BYDAY=FR;COUNT=100000",
	"FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR;UNTIL=21991231",
	"RRULE:FREQ=DAILY;COUNT=0",
	"FREQ=WEEKLY;INTERVAL=5000;BYDAY=SU;WKST=SA",
	"FREQ=NEVERLY",
	"FREQ=DAILY;BYDAY=1MO",
	"FREQ=YEARLY;BYMONTH=13",
	"",
	"FREQ=",
	";",
	"DTSTART:20260101T000000\r\nRRULE:FREQ=DAILY\r\nEXDATE:20260102",
	"DTSTART;TZID=Pacific/Apia:20111230T000000\nRRULE:FREQ=DAILY;COUNT=3",
	NULL
};
static const char *const zones[] = { "UTC",           "America/New_York",  "Australia/Lord_Howe",
				     "Pacific/Apia",  "Mars/Base",         "",
				     "../etc/passwd", "Africa/Casablanca", NULL };
static const char *const froms[] = { "2026-03-08T07:30:00Z",
				     "2199-12-31T23:59:59Z",
				     "1970-01-01T00:00:00Z",
				     "1969-12-31T00:00:00Z",
				     "0001-01-01T00:00:00Z",
				     "9999-12-31T23:59:59Z",
				     "tomorrow",
				     "2026-03-08",
				     NULL };
static const char *const limits[] = { "1", "100", "100", "0", "101", "-1", "1e2", "", "5", NULL };
static const char *const dates[] = { "20260309T023000",
				     "19000101T000000",
				     "20260101,20270101",
				     "2026-02-30",
				     "22000101",
				     "20260101T000000\n",
				     "",
				     ",",
				     "19971030T090000Z",
				     NULL };
static const char *const calendars[] = { "stays-0", "stays-1", "stays-2", "goes-1",
					 "nobody",  "",        "a b",     NULL };
static const char *const adjusts[] = { "skip", "next", "previous", "nearest", "none", "", NULL };
static const char *const policies[] = { "default", "skip", "shift", "fire", "first",
					"second",  "both", "",      NULL };

static const struct {
	const char *name;
	const char *const *values;
} params[] = { { "timezone", zones },      { "dtstart", dates },  { "exdate", dates },
	       { "rdate", dates },         { "from", froms },     { "limit", limits },
	       { "calendar", calendars },  { "adjust", adjusts }, { "dst_gap", policies },
	       { "dst_overlap", policies } };

struct asking {
	struct rng *rng;
	struct request *out;
	struct draft d;
};

static void add_param(struct asking *k, const char *name, struct slice value)
{
	struct draft *d = &k->d;

	strbuf_addf(&d->target, "%c%s=", memchr(d->target.p, '?', d->target.n) ? '&' : '?', name);
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (isalnum(c) || (c && strchr("-._~*,:;=/@", c)))
			strbuf_addc(&d->target, (char)c);
		else if (c == ' ' && chance(k->rng, 50))
			strbuf_addc(&d->target, '+');
		else
			strbuf_addf(&d->target, chance(k->rng, 50) ? "%%%02x" : "%%%02X", c);
	}
	if (value.n > k->out->value_n)
		k->out->value_n = value.n;
}

static void add_text(struct asking *k, const char *name, const char *const *list, unsigned spoiled)
{
	struct strbuf text;

	strbuf_init(&text, RAW_MOST);
	strbuf_adds(&text, one_of(k->rng, list));
	if (chance(k->rng, spoiled) && text.n)
		mutate(k->rng, &text);
	add_param(k, name, text.n ? strbuf_slice(&text) : SLICE_LIT(""));
	strbuf_release(&text);
}

void validate(struct rng *rng, struct request *out)
{
	struct asking of = { .rng = rng, .out = out }, *k = &of;
	static const char *const *const values[] = { crons, everies, instants, rules };
	unsigned type = below(k->rng, 4), said = chance(k->rng, 90) ? type : below(k->rng, 4);

	draft_init(&k->d, "GET", "/api/scheduler/validate");
	add_param(k, "type", slice_of(types[said]));
	add_text(k, "value", values[type], 35);
	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		bool is_rule = params[i].values == dates;

		if (chance(k->rng, is_rule ? (type == 3 ? 15 : 2) : 20))
			add_text(k, params[i].name, params[i].values, 8);
	}
	wants(out, 200, 0, 0);
	finish(rng, &k->d, out);
}

static void add_broken(struct asking *k)
{
	struct draft *d = &k->d;
	static const char *const pieces[] = { "&",
					      "&&&=",
					      "&=",
					      "&value",
					      "&value=%zz",
					      "&value=%",
					      "&%zz=1",
					      "&%00=1",
					      "&%ff=1",
					      "&value=%ff%fe",
					      "&value=%00",
					      "&%22=1",
					      "&a%22b=%22",
					      "&%0a=%0d",
					      "&type=cron",
					      "&type=at",
					      "&value=1",
					      "&value[]=1",
					      "&Value=1",
					      "&limit=1&limit=2",
					      "&from=&from=",
					      "&valid=true",
					      "&api_key=x",
					      "&%C3%A9=1",
					      "&a.b=1",
					      "&timezone=UTC&timezone=UTC",
					      "&%5c%75=1",
					      "&code=%3Cb%3E",
					      NULL };
	unsigned how = below(k->rng, 10);

	if (how < 7) {
		k->out->value_n += 2; /* a piece may be the value */
		for (unsigned n = 1 + below(k->rng, 4); n > 0; n--)
			strbuf_adds(&d->target, one_of(k->rng, pieces));
	} else if (how == 7) {
		for (unsigned n = 10 + below(k->rng, 700); n > 0 && d->target.n < PARAM_LONG; n--)
			strbuf_addf(&d->target, chance(k->rng, 50) ? "&p%u=1" : "&limit=%u", n);
	} else {
		strbuf_addf(&d->target, "&%s=", params[below(k->rng, 10)].name);
		write_filler(&d->target, how == 8 ? '9' : ',', PARAM_LONG - d->target.n);
		k->out->value_n = PARAM_LONG;
	}
}

/* Some of it is longer than any target may be: that is the gate's to say. */
void validate_broken(struct rng *rng, struct request *out)
{
	struct asking of = { .rng = rng, .out = out }, *k = &of;

	draft_init(&k->d, chance(k->rng, 95) ? "GET" : "HEAD", "/api/scheduler/validate");
	strbuf_addc(&k->d.target, '?');
	if (chance(k->rng, 60))
		add_text(k, "type", chance(k->rng, 50) ? types : odd_types, 5);
	if (chance(k->rng, 60))
		add_text(k, "value", chance(k->rng, 50) ? crons : rules, 20);
	if (chance(k->rng, 80))
		add_broken(k);
	wants(out, 200, 0, 0);
	if (k->d.method[0] == 'G' && chance(k->rng, 2)) {
		write_filler(&k->d.target, 'q', 9000);
		wants(out, 414, 0, 0);
	}
	finish(rng, &k->d, out);
}

/* --- phrases --- */

static const char *const words[] = {
	"every",      "each",       "other",    "second",   "third",     "last",     "first",
	"day",        "days",       "week",     "weekday",  "month",     "months",   "quarter",
	"year",       "hour",       "hours",    "minute",   "minutes",   "seconds",  "monday",
	"tuesdays",   "wed",        "thursday", "fri",      "sat",       "sunday",   "january",
	"feb",        "june",       "december", "at",       "on",        "in",       "of",
	"the",        "and",        "or",       "but",      "except",    "between",  "from",
	"to",         "until",      "through",  "starting", "noon",      "midnight", "morning",
	"9am",        "5:30pm",     "17:00",    "25:00",    "0",         "1",        "2",
	"12",         "29",         "30th",     "31st",     "1st",       "99",       "10000",
	"half",       "past",       "to",       "Pacific",  "EST",       "IST",      "UTC",
	"Berlin",     "time",       "twice",    "a",        "once",      "daily",    "hourly",
	"fortnight",  "biweekly",   "business", "holidays", "tomorrow",  "tonight",  "next",
	"2027-03-14", "03/04/2027", "easter",   "sunset",   "never",     "always",   "-",
	",",          ".",          "5",        "*/5",      "0 9 * * *", "@daily",   "evry",
	"mondey",     "not",        "after",    "before",   "for",       "times",    "end",
	"beginning",  "leap",       "easter",   NULL
};

static void add_phrase(struct rng *rng, struct strbuf *b)
{
	unsigned n = chance(rng, 85) ? 1 + below(rng, 10) : 10 + below(rng, 80);

	for (unsigned i = 0; i < n; i++) {
		size_t at = b->n;

		strbuf_adds(b, i && chance(rng, 95) ? " " : "");
		strbuf_adds(b, one_of(rng, words));
		if (chance(rng, 10))
			for (; at < b->n; at++)
				b->p[at] = (char)toupper((unsigned char)b->p[at]);
	}
}

static void add_context(struct rng *rng, struct draft *d)
{
	if (chance(rng, 30))
		strbuf_addf(&d->body, ",\"timezone\":\"%s\"", one_of(rng, zones));
	if (chance(rng, 30))
		strbuf_addf(&d->body, ",\"now\":\"%s\"", one_of(rng, froms));
	strbuf_addc(&d->body, '}');
}

void phrases(struct rng *rng, struct request *out)
{
	struct strbuf text;
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/parse-nl");
	d.has_body = true;
	strbuf_init(&text, RAW_MOST);
	add_phrase(rng, &text);
	strbuf_adds(&d.body, "{\"text\":");
	strbuf_add_json(&d.body, strbuf_slice(&text));
	strbuf_release(&text);
	add_context(rng, &d);
	wants(out, 200, 422, 0);
	finish(rng, &d, out);
}

/* One text again and again, to a length. */
static void add_repeated(struct rng *rng, struct strbuf *b)
{
	static const size_t lengths[] = { 1, 100, 480, 499, 500, 501, 502, 600, 5000, 100000 };
	static const char *const units[] = { "a",
					     "9",
					     "every ",
					     "1 ",
					     "monday ",
					     "and ",
					     "9am and ",
					     "\xc3\xa9",
					     "\xf0\x9f\x92\xa5",
					     " ",
					     ",",
					     "every day at 9 ",
					     "1st ",
					     "to 5 ",
					     "january ",
					     "9:00 ",
					     "2nd and 3rd ",
					     "other ",
					     "-",
					     "12/12/2030 ",
					     "except monday ",
					     "mondya ",
					     NULL };
	const char *unit = one_of(rng, units);
	size_t n = lengths[below(rng, sizeof(lengths) / sizeof(lengths[0]))], one = strlen(unit);

	if (chance(rng, 60))
		strbuf_adds(b, "every ");
	while (b->n < n)
		strbuf_add(b, unit, one);
}

void phrase_bytes(struct rng *rng, struct request *out)
{
	static const char *const pieces[] = { "\xff",
					      "\xc0\x80",
					      "\xed\xa0\x80",
					      "\xf4\x90\x80\x80",
					      "\xe2\x80",
					      "\xc3",
					      "\\ud800",
					      "\\udc00",
					      "\\ud83d\\ude00",
					      "\\u0000",
					      "\\u0001",
					      "\x01",
					      "\xc2\xa0",
					      "\xe2\x80\x8f",
					      "\xe2\x80\x8b",
					      "\xef\xbb\xbf",
					      "e\xcc\x81",
					      "\xef\xbc\x99",
					      "\xd9\xa9",
					      "\\n",
					      "\\t",
					      "\\\"",
					      "\\\\",
					      "\xe2\x84\xaa",
					      "\xc4\xb0",
					      "\xe2\x80\x93",
					      "\xe2\x80\x99",
					      "\x7f",
					      "\\u2028",
					      "\xef\xbf\xbf",
					      NULL };
	struct draft d;

	draft_init(&d, "POST", "/api/scheduler/parse-nl");
	if (chance(rng, 20)) {
		write_body(rng, out, &d, OBJECT_PHRASE, 40);
		finish(rng, &d, out);
		return;
	}
	d.has_body = true;
	strbuf_adds(&d.body, "{\"text\":\"");
	if (chance(rng, 50)) {
		add_repeated(rng, &d.body);
		wants(out, 200, 422, 0);
	} else {
		for (unsigned n = 1 + below(rng, 4); n > 0; n--) {
			add_phrase(rng, &d.body);
			strbuf_adds(&d.body, one_of(rng, pieces));
		}
	}
	strbuf_addc(&d.body, '"');
	add_context(rng, &d);
	finish(rng, &d, out);
}

/* --- previews --- */

void previews(struct rng *rng, struct request *out)
{
	struct draft d;

	draft_init(&d, "POST", "/api/v1/plans/preview");
	write_body(rng, out, &d, OBJECT_PREVIEW, 0);
	wants(out, 200, 0, 0);
	finish(rng, &d, out);
}

void preview_fields(struct rng *rng, struct request *out)
{
	static const unsigned nasty[] = { 5, 15, 40, 90 };
	struct draft d;

	draft_init(&d, "POST", "/api/v1/plans/preview");
	if (chance(rng, 25)) {
		d.has_body = true;
		strbuf_addf(&d.body, "{\"execute_at\":\"%s\",\"timezone\":\"%s\"}",
			    one_of(rng, instants), one_of(rng, zones));
	} else {
		write_body(rng, out, &d, OBJECT_PREVIEW, nasty[below(rng, 4)]);
	}
	if (chance(rng, 30))
		mutate(rng, &d.body);
	finish(rng, &d, out);
}
