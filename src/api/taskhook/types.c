/* The scalars of this API that have rules of their own. */
#include "taskhook_types.h"

#include "core/call.h"
#include "io/fetch.h"
#include "taskhook_int.h"
#include "when/duration.h"
#include "when/stamp.h"

/* --- in --- */

/* Whether private addresses are let through is the server's setting, which a table cannot see:
 * call_take() looks again. */
static const char *parse_target(const struct field *f, struct slice text, void *member,
				struct arena *a, const char **out_message)
{
	const char *message;

	(void)f;
	if (text.n >= 6 && memcmp(text.p, "group:", 6) == 0) {
		*out_message = "URL groups are not available in this version.";
		return "not_supported";
	}
	message = fetch_url_check(text, true);
	if (message) {
		*out_message = call_sentence(a, message);
		return "target_invalid";
	}
	*(struct slice *)member = text;
	return NULL;
}

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", NULL };

static const char *parse_method(const struct field *f, struct slice text, void *member,
				struct arena *a, const char **out_message)
{
	(void)f;
	(void)a;
	for (int i = 0; methods[i]; i++)
		if (slice_is(text, methods[i])) {
			*(struct slice *)member = text;
			return NULL;
		}
	*out_message = "This must be one of GET, POST, PUT, PATCH, DELETE, HEAD.";
	return "invalid_value";
}

/* A duration begins with P, or ends in a letter and is none of the instants. */
static const char *parse_moment(const struct field *f, struct slice text, void *member,
				struct arena *a, const char **out_message)
{
	struct moment *out = member;

	(void)f;
	(void)a;
	if (!stamp_parse(text, &out->value)) {
		out->is_span = false;
		return NULL;
	}
	if (!duration_parse(text, &out->value)) {
		out->is_span = true;
		return NULL;
	}
	out->value = USEC_NEVER;
	*out_message =
		"This must be an RFC 3339 instant (2030-01-31T09:00:00Z) or a duration (PT15M).";
	return "invalid_value";
}

static bool print_nothing(const struct field *f, const void *member, struct strbuf *out)
{
	(void)f;
	(void)member;
	(void)out;
	return false;
}

const struct field_type type_target = { "an http or https URL", parse_target, print_nothing,
					false };
const struct field_type type_method = { "an HTTP method", parse_method, print_nothing, false };
const struct field_type type_moment = { "an RFC 3339 instant or a duration", parse_moment,
					print_nothing, false };
