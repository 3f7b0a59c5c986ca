/* The table of codes, made from the same list as the enum. */
#include "when/when_err.h"

static const struct {
	const char *name, *text;
} codes[] = {
	{ "ok", "nothing is wrong" },
#define X(name, wire, text) { wire, text },
#include "when/when_err.def"
#undef X
};

_Static_assert(sizeof codes / sizeof codes[0] == WHEN_ERR_COUNT, "a row for every code");

const char *when_err_name(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].name : "unknown";
}

const char *when_err_text(enum when_err e)
{
	return (unsigned)e < WHEN_ERR_COUNT ? codes[e].text : "unknown";
}

void when_fault_print(const struct when_fault *fault, struct slice text, struct strbuf *out)
{
	(void)text;
	strbuf_adds(out, when_err_text(fault->err));
}
