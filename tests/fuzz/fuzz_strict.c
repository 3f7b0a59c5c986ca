/* Any bytes through the raw gate: the verdict may not depend on how they are cut into reads.
 * Byte 0 is the length of the pieces. */
#include "base/check.h"
#include "http/http_int.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t ceiling(void *ctx, struct slice target)
{
	(void)ctx;
	ASSERT(target.n > 0 && target.n <= 128);
	return BODY_MAX;
}

static void feed(struct strict *s, const uint8_t *data, size_t size, size_t piece)
{
	for (size_t at = 0; at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece, good;
		char *copy = malloc(n);

		ASSERT(copy);
		memcpy(copy, data + at, n);
		good = strict_feed(s, copy, n);
		ASSERT(good <= n && (s->fault || good == n));
		/* Nothing is changed but chunk extensions. */
		for (size_t i = 0; i < good; i++)
			ASSERT((uint8_t)copy[i] == data[at + i] || copy[i] == ' ');
		free(copy);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strict whole, cut;

	if (size < 2)
		return 0;
	strict_init(&whole, ceiling, NULL);
	strict_init(&cut, ceiling, NULL);
	feed(&whole, data + 1, size - 1, size - 1);
	feed(&cut, data + 1, size - 1, (size_t)data[0] % 64 + 1);
	ASSERT(whole.requests == cut.requests);
	ASSERT(!whole.fault == !cut.fault);
	ASSERT(strict_phase(&whole) == strict_phase(&cut) || whole.fault);
	return 0;
}
