/* Any bytes as a phrase. Byte 0 picks the zone, the next 4 the instant; then the text. */
#include "base/check.h"
#include "when/nl.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTC", "America/New_York", "Pacific/Apia",
					     "Asia/Kolkata" };
	static struct tz_db *zones;
	static struct arena *arena;
	struct nl_answer a;
	struct when_fault f;
	uint32_t at;

	if (!zones) {
		zones = tz_db_new(NULL);
		arena = arena_new();
	}
	if (size < 5)
		return 0;
	memcpy(&at, data + 1, sizeof at);
	struct slice text = { (const char *)data + 5, size - 5 };
	const struct tz *zone = tz_find(zones, slice_of(names[data[0] & 3]));
	struct nl_ask ask = { zones, zone ? zone : tz_utc(), at * SEC, arena };

	if (nl_parse(&ask, text, &a, &f)) {
		ASSERT(f.err >= WHEN_NL_EMPTY);
		ASSERT(f.at <= text.n && f.len <= text.n - f.at);
	} else {
		ASSERT(spec_next(&a.first.spec, ask.now, NULL) != USEC_NEVER);
		ASSERT(a.confidence >= 0 && a.confidence <= 97);
		ASSERT(a.assumptions_n <= NL_NOTES_MAX && a.others_n <= NL_OTHERS_MAX);
	}
	arena_reset(arena);
	return 0;
}
