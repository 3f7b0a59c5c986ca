#include "base/err.h"

#include "base/check.h"

static const struct {
	enum err_class class;
	const char *code, *text;
} table[] = {
	[ERR_NONE] = { CLASS_OK, "ok", "Fine." },
#define X(name, class, code, text, ...) [ERR_##name] = { CLASS_##class, code, text },
#include "base/err.def"
#undef X
};
_Static_assert(sizeof(table) / sizeof(table[0]) == ERR_COUNT, "one row for each error");

enum err_class err_class(enum err e)
{
	ASSERT((unsigned)e < ERR_COUNT);
	return table[e].class;
}

const char *err_code(enum err e)
{
	ASSERT((unsigned)e < ERR_COUNT);
	return table[e].code;
}

const char *err_text(enum err e)
{
	ASSERT((unsigned)e < ERR_COUNT);
	return table[e].text;
}
