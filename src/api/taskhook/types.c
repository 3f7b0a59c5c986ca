/* The scalars of this API that have rules of their own. */
#include "taskhook_types.h"

#include <stdio.h>

#include "base/usec.h"
#include "http/types.h"
#include "io/fetch.h"
#include "taskhook_int.h"
#include "when/duration.h"
#include "when/stamp.h"

/* --- in --- */

const char *sentence(struct arena *a, const char *words)
{
	size_t n = strlen(words);
	bool is_whole = n == 0 || words[n - 1] == '.';
	char *out = arena_printf(a, is_whole ? "%s" : "%s.", words);

	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	return out;
}

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
		*out_message = sentence(a, message);
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

/* --- out --- */

static bool print_int32(const struct field *f, const void *member, struct strbuf *out)
{
	(void)f;
	strbuf_addi(out, *(const int32_t *)member);
	return true;
}

static bool print_positive(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v > 0)
		strbuf_addi(out, v);
	return v > 0;
}

static bool print_true(const struct field *f, const void *member, struct strbuf *out)
{
	bool v = *(const bool *)member;

	(void)f;
	if (v)
		strbuf_adds(out, "true");
	return v;
}

/* v / unit with up to three digits behind the point, none of them a last nought. */
static void add_thousandths(struct strbuf *out, int64_t v, int64_t unit)
{
	int64_t parts = v % unit / (unit / 1000);
	char text[8];
	int n = snprintf(text, sizeof(text), ".%03d", (int)parts);

	strbuf_addi(out, v / unit);
	while (n > 1 && text[n - 1] == '0')
		n--;
	if (n > 1)
		strbuf_add(out, text, (size_t)n);
}

static bool print_millis(const struct field *f, const void *member, struct strbuf *out)
{
	int64_t v = *(const int64_t *)member;

	(void)f;
	if (v > 0)
		add_thousandths(out, v, MSEC);
	return v > 0;
}

static bool print_span(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t v = *(const usec_t *)member;

	(void)f;
	if (v > 0)
		add_thousandths(out, v, SEC);
	return v > 0;
}

static bool print_period(const struct field *f, const void *member, struct strbuf *out)
{
	char text[DURATION_MAX];
	usec_t v = *(const usec_t *)member;

	(void)f;
	if (v <= 0)
		return false;
	strbuf_addc(out, '"');
	strbuf_add(out, text, duration_print(v, text));
	strbuf_addc(out, '"');
	return true;
}

const struct field_type type_int32 = { "an integer", field_read_only, print_int32, false };
const struct field_type type_positive = { "an integer", field_read_only, print_positive, false };
const struct field_type type_true = { "true", field_read_only, print_true, false };
const struct field_type type_millis = { "a number", field_read_only, print_millis, false };
const struct field_type type_span = { "a number", field_read_only, print_span, false };
const struct field_type type_period = { "an ISO 8601 duration", field_read_only, print_period,
					false };
