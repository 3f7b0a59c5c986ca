/* Any bytes as a cron expression. Byte 0 picks zone and policy, the next 4 the instant; then the
 * text. */
#include "base/check.h"
#include "when/cron.h"

#include <stdint.h>
#include <string.h>

static void walk(const struct cron *c, const struct tz *z, struct dst_policy dst, usec_t t)
{
	struct tz_hint hint = { 0 };

	for (int i = 0; i < 4 && t != USEC_NEVER; i++) {
		usec_t next = cron_next(c, z, dst, t, &hint);

		ASSERT(next > t);
		ASSERT(next == cron_next(c, z, dst, t, NULL));
		if (next != USEC_NEVER) {
			ASSERT(next == cron_next(c, z, dst, next - 1, NULL));
			(void)cron_touch(c, z, dst, next);
		}
		t = next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTC", "America/New_York", "Pacific/Apia",
					     "Australia/Lord_Howe" };
	static struct tz_db *zones;
	struct cron_parsed p;
	struct when_fault f;
	uint32_t at;

	if (!zones)
		zones = tz_db_new(NULL);
	if (size < 5)
		return 0;
	memcpy(&at, data + 1, sizeof at);
	struct slice text = { (const char *)data + 5, size - 5 };
	struct dst_policy dst = { (data[0] >> 2 & 3) % 3, data[0] >> 4 & 3 };
	const struct tz *z = tz_find(zones, slice_of(names[data[0] & 3]));

	if (!z)
		z = tz_utc();
	if (cron_parse(text, at, &p, &f) != WHEN_OK) {
		ASSERT(f.at <= text.n && f.len <= text.n - f.at);
		return 0;
	}
	if (p.every > 0)
		return 0;
	ASSERT(p.cron.min != 0);
	ASSERT(p.cron.hour != 0);
	ASSERT(p.cron.sec != 0);
	ASSERT(p.cron.mon != 0);
	walk(&p.cron, z, dst, at * SEC);
	return 0;
}
