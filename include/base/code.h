/* The table of stable words that are not codes of whole requests (base/err.h) or of the time engine
 * (when/when_err.h): code.def. Sources say them as literals; scripts/check_codes.sh sees to it that each
 * has a row, and `carillon errors` prints all three tables. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include <stddef.h>

enum code_kind {
	CODE_FIELD = 1,
	CODE_WARNING = 2,
	CODE_RUN = 4,
	CODE_RANGE = 8,
	CODE_ATTEMPT = 16,
	CODE_MESSAGE = 32
};

struct code {
	unsigned kinds; /* bits of enum code_kind */
	const char *word, *meaning, *where, *todo;
};

const struct code *code_at(size_t i); /* NULL behind the last */

#endif
