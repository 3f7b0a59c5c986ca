/* An id as the audit trail and carillon.wrote have it. */
#include "core/audit.h"

#define UUID_TEXT 36

struct slice audit_ref(struct uuid id, struct arena *a)
{
	char *text = arena_alloc(a, UUID_TEXT + 1), *to = text;

	for (size_t i = 0; i < sizeof(id.b); i++) {
		static const char digits[] = "0123456789abcdef";

		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[id.b[i] >> 4];
		*to++ = digits[id.b[i] & 15];
	}
	return (struct slice){ text, UUID_TEXT };
}
