#include "base/code.h"

/* As code.def has them. */
enum {
	FIELD = CODE_FIELD,
	WARNING = CODE_WARNING,
	RUN = CODE_RUN,
	RANGE = CODE_RANGE,
	ATTEMPT = CODE_ATTEMPT,
	MESSAGE = CODE_MESSAGE
};

static const struct code codes[] = {
#define X(kinds, word, meaning, where, todo) { kinds, word, meaning, where, todo },
#include "base/code.def"
#undef X
};

const struct code *code_at(size_t i)
{
	return i < sizeof(codes) / sizeof(codes[0]) ? &codes[i] : NULL;
}
