/* Any bytes as the text of a recurrence rule. Byte 0 picks zone and policy, the next 4 the instant
 * from which it is followed; then the text. Work must be bounded: libFuzzer's -timeout finds a
 * search that is not. */
#include "base/check.h"
#include "when/civil.h"
#include "when/rrule.h"

#include <stdint.h>
#include <string.h>

enum { STEPS = 50 };

static void check_one(const struct rrule *r, const struct tz *z, usec_t at)
{
	int64_t wall = at / SEC + tz_offset(z, at / SEC, NULL);

	ASSERT(at >= 0 && at % SEC == 0);
	ASSERT(civil_from_days((int32_t)(wall / CIVIL_DAY_SECONDS)).year <= 2199);
	ASSERT(rrule_next(r, at - SEC, NULL) == at);
	ASSERT(rrule_next(r, at - 1, NULL) == at);
	ASSERT(rrule_touch(r, at) <= DST_SECOND);
}

static void walk(const struct rrule *r, const struct tz *z, usec_t t)
{
	struct tz_hint hint = { 0 };

	for (int i = 0; i < STEPS && t != USEC_NEVER; i++) {
		usec_t next = rrule_next(r, t, &hint);

		ASSERT(next > t);
		if (next != USEC_NEVER)
			check_one(r, z, next);
		t = next;
	}
}

/* What rrule_parts tells is inside its bounds. */
static void check_parts(const struct rrule *r)
{
	struct rrule_parts p;

	rrule_parts(r, &p);
	ASSERT(p.freq <= RRULE_SECONDLY && p.wkst >= 0 && p.wkst <= 6);
	ASSERT(p.interval >= 1 && p.interval <= RRULE_INTERVAL_MAX && p.count <= RRULE_COUNT_MAX);
	ASSERT(p.exdates <= RRULE_DATES_MAX && p.rdates <= RRULE_DATES_MAX);
	ASSERT(p.count == 0 || p.until == USEC_NEVER);
	for (unsigned i = 1; i < p.by_monthday.n; i++)
		ASSERT(p.by_monthday.v[i - 1] <= p.by_monthday.v[i]);
}

/* The same text with what rrule_last() said gives the same rule. */
static void check_again(struct rrule_ask ask, struct slice text, const struct rrule *r, usec_t t)
{
	const struct rrule *again;

	ask.last = rrule_last(r);
	if (ask.last == USEC_NEVER)
		return;
	ASSERT(rrule_parse(&ask, text, &again, NULL) == WHEN_OK);
	ASSERT(rrule_last(again) == ask.last);
	for (int i = 0; i < STEPS / 5 && t != USEC_NEVER; i++) {
		ASSERT(rrule_next(again, t, NULL) == rrule_next(r, t, NULL));
		t = rrule_next(r, t, NULL);
	}
}

static void follow(struct rrule_ask ask, struct slice text, usec_t from)
{
	const struct rrule *r;
	struct when_fault f;
	enum when_err e = rrule_parse(&ask, text, &r, &f);

	if (e != WHEN_OK) {
		ASSERT(f.err == e && f.at <= text.n && f.len <= text.n - f.at);
		return;
	}
	(void)rrule_warnings(r);
	check_parts(r);
	walk(r, ask.zone, -1);
	walk(r, ask.zone, from);
	check_again(ask, text, r, from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTC", "America/New_York", "Pacific/Apia",
					     "Australia/Lord_Howe" };
	static struct tz_db *zones;
	uint32_t at;

	if (!zones)
		zones = tz_db_new(NULL);
	if (size < 5)
		return 0;
	memcpy(&at, data + 1, sizeof at);
	struct slice text = { (const char *)data + 5, size - 5 };
	const struct tz *z = tz_find(zones, slice_of(names[data[0] & 3]));
	struct rrule_ask ask = { .zone = z ? z : tz_utc(),
				 .anchor = at * SEC,
				 .last = USEC_NEVER,
				 .dst = { data[0] >> 2 & 3, data[0] >> 4 & 3 },
				 .arena = arena_new() };

	ASSERT(rrule_zone(text).n <= text.n);
	follow(ask, text, at * SEC);
	arena_free(ask.arena);
	return 0;
}
