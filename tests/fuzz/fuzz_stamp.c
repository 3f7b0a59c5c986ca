/* Any bytes as a stamp; what is read is printed and read again, in UTC and in a zone with odd
 * offsets. */
#include "base/check.h"
#include "when/stamp.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tz_db *zones;
	struct slice text = { (const char *)data, size };
	char out[STAMP_MAX];
	usec_t at = 0, again = -1;

	if (!zones)
		zones = tz_db_new(NULL);
	const struct tz *z = tz_find(zones, SLICE_LIT("Africa/Monrovia"));

	if (!z)
		z = tz_utc();
	if (stamp_parse_in(text, z, &at) != WHEN_OK)
		return 0;
	ASSERT(at >= 0 && at <= STAMP_LAST);
	if (stamp_parse(text, &again) == WHEN_OK)
		ASSERT(again == at);
	ASSERT(stamp_print(at, out) < STAMP_MAX);
	ASSERT(stamp_parse(slice_of(out), &again) == WHEN_OK && again == at - at % MSEC);
	ASSERT(stamp_print_local(at, z, out) < STAMP_MAX);
	ASSERT(stamp_parse(slice_of(out), &again) == WHEN_OK && again == at - at % MSEC);
	return 0;
}
