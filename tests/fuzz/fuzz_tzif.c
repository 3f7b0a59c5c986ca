/* Any bytes as a zone file: refused, or a zone whose rows are in order and answer every
 * question. */
#include "base/check.h"
#include "when/cron.h"
#include "when/tz.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t instants[] = { INT64_MIN,  -5000000000, 0,
					    1741503600, 7258118400,  INT64_MAX - 1 };
	static const struct dst_policy shift = { DST_GAP_SHIFT, DST_OVERLAP_BOTH };
	struct tz *z = tz_read(SLICE_LIT("Fuzz"), data, size);
	struct cron_parsed p;

	if (!z)
		return 0;
	for (unsigned i = 0; i < tz_span_count(z); i++) {
		struct tz_span s = tz_span_nth(z, i);

		ASSERT(s.from < s.until);
		ASSERT(s.offset >= -TZ_OFFSET_MAX && s.offset <= TZ_OFFSET_MAX);
		ASSERT(i == 0 || s.offset != s.before);
		if (i > 0)
			(void)tz_from_local(z, s.from + s.offset);
	}
	for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
		struct tz_hint hint = { size > 60 ? data[60] : 0 };
		int32_t offset = tz_offset(z, instants[i], &hint);

		ASSERT(offset == tz_offset(z, instants[i], NULL));
	}
	if (cron_parse(SLICE_LIT("30 0-3 * * *"), 0, &p, NULL) == WHEN_OK) {
		usec_t t = 0;

		for (int i = 0; i < 20 && t != USEC_NEVER; i++) {
			usec_t next = cron_next(&p.cron, z, shift, t, NULL);

			ASSERT(next > t);
			t = next;
		}
	}
	tz_free(z);
	return 0;
}
