/* Any bytes as a duration; what is read is printed and read again. */
#include "base/check.h"
#include "when/duration.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	usec_t d, again = -1;
	char text[DURATION_MAX];

	if (duration_parse((struct slice){ (const char *)data, size }, &d) != WHEN_OK)
		return 0;
	ASSERT(d >= 0 && d <= DURATION_CEILING);
	ASSERT(duration_print(d, text) < DURATION_MAX);
	ASSERT(duration_parse(slice_of(text), &again) == WHEN_OK && again == d);
	ASSERT(duration_print_short(d, text) < DURATION_MAX);
	ASSERT(duration_parse(slice_of(text), &again) == WHEN_OK && again == d);
	return 0;
}
