/* What can be wrong with a text that names a time: stable codes, and where in the text the fault
 * lies (TIME.md 1g). Every parser of when/ returns one of these, 0 = WHEN_OK when the text was
 * good. */
#ifndef WHEN_WHEN_ERR_H
#define WHEN_WHEN_ERR_H

#include "base/slice.h"
#include "base/strbuf.h"

enum when_err {
	WHEN_OK,
#define X(name, wire, text, hint) WHEN_##name,
#include "when/when_err.def"
#undef X
	WHEN_ERR_COUNT
};

/* Filled on failure only; NULL is accepted wherever one is asked for. `at` and `len` are bytes of
 * the text as it was given; len is 0 where something is missing. `field` ("minute", "day_of_week"
 * ...) and `hint` (a sentence that says what to do instead) are static texts or NULL. */
struct when_fault {
	enum when_err err;
	unsigned at, len;
	const char *field;
	const char *hint;
};

const char *when_err_name(enum when_err e); /* "cron_syntax"; "ok" for WHEN_OK */
/* One sentence with a capital and a full stop, the part concerned and what to do instead: "The value
 * is outside the range of its field (minute, character 4: \"61\"). ..." `text` is what was parsed. */
void when_fault_print(const struct when_fault *fault, struct slice text, struct strbuf *out);
/* What to do instead, as a sentence of its own; nothing where there is nothing to say. */
void when_hint_print(const struct when_fault *fault, struct strbuf *out);
const char *when_err_text(enum when_err e); /* a sentence without capital and full stop */
const char *when_err_hint(enum when_err e); /* what to do instead, NULL for WHEN_OK */

#endif
