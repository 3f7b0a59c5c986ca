/* Why there is no answer, in words. */
#include "expr_int.h"

#include <stdio.h>

#include "base/utf8.h"

static const char *const codes[] = {
	[FAIL_NONE] = "",
	[FAIL_NO_SUCH_KEY] = "no_such_key",
	[FAIL_WRONG_TYPE] = "wrong_type",
	[FAIL_NOT_BOOL] = "not_bool",
	[FAIL_OVERFLOW] = "overflow",
	[FAIL_DIVISION] = "division_by_zero",
	[FAIL_RANGE] = "out_of_range",
	[FAIL_NUMBER] = "out_of_range",
	[FAIL_OVERLOAD] = "no_overload",
	[FAIL_STEPS] = "too_many_steps",
	[FAIL_LARGE] = "too_large",
	[FAIL_CONVERSION] = "bad_conversion",
};

enum { SHOWN_MAX = 60 };

struct slice expr_shown(struct slice s)
{
	return utf8_cut(s, SHOWN_MAX);
}

static void say_value(char *out, const struct expr *e, const struct failure *f)
{
	struct slice text = expr_shown(span_text(e, f->where));

	switch (f->code) {
	case FAIL_NO_SUCH_KEY:
		text = expr_shown(f->name);
		(void)snprintf(out, EXPR_MESSAGE_MAX, "The data has no %s%.*s%s.",
			       text.p[0] == '"' ? "" : "\"", SLICE_ARG(text),
			       text.p[0] == '"' ? "" : "\"");
		return;
	case FAIL_WRONG_TYPE:
		(void)snprintf(out, EXPR_MESSAGE_MAX, "%s, but there is %s.", f->need,
			       type_words(f->a));
		return;
	case FAIL_NOT_BOOL:
		(void)snprintf(out, EXPR_MESSAGE_MAX, "%.*s is %s, neither true nor false.",
			       SLICE_ARG(text), type_words(f->a));
		return;
	case FAIL_RANGE:
		(void)snprintf(out, EXPR_MESSAGE_MAX, "There is no element %lld in a list of %u.",
			       (long long)f->index, f->size);
		return;
	case FAIL_OVERLOAD:
		(void)snprintf(out, EXPR_MESSAGE_MAX, "\"%.*s\" does not go with %s and %s.",
			       SLICE_ARG(f->name), type_words(f->a), type_words(f->b));
		return;
	default:
		(void)snprintf(out, EXPR_MESSAGE_MAX, "%.*s: this %s is not to be read as %s.",
			       SLICE_ARG(text), type_name(f->a), f->need);
	}
}

void failure_say(const struct expr *e, const struct failure *f, struct expr_error *out)
{
	struct slice text = expr_shown(span_text(e, f->where));

	*out = (struct expr_error){ .code = codes[f->code],
				    .at = f->where.at,
				    .len = f->where.len };
	switch (f->code) {
	case FAIL_OVERFLOW:
		(void)snprintf(out->message, EXPR_MESSAGE_MAX, "%.*s is too large a number.",
			       SLICE_ARG(text));
		return;
	case FAIL_DIVISION:
		(void)snprintf(out->message, EXPR_MESSAGE_MAX, "%.*s divides by zero.",
			       SLICE_ARG(text));
		return;
	case FAIL_NUMBER:
		(void)snprintf(out->message, EXPR_MESSAGE_MAX,
			       "A number of the data is beyond what a double can hold.");
		return;
	case FAIL_STEPS:
		out->len = (unsigned)e->text.n;
		(void)snprintf(out->message, EXPR_MESSAGE_MAX,
			       "With these data it takes more than %d steps.", EXPR_STEPS_MAX);
		return;
	case FAIL_LARGE:
		(void)snprintf(out->message, EXPR_MESSAGE_MAX,
			       "The strings it makes are longer than %d bytes.", EXPR_SCRATCH_MAX);
		return;
	default:
		say_value(out->message, e, f);
	}
}
