#include "scalars.h"

#include <stdio.h>

#include "base/usec.h"
#include "core/signing.h"
#include "http/types.h"
#include "when/duration.h"

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

static bool print_elapsed(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t v = *(const usec_t *)member;

	(void)f;
	if (v >= 0)
		add_thousandths(out, v, SEC);
	return v >= 0;
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
const struct field_type type_elapsed = { "a number", field_read_only, print_elapsed, false };
const struct field_type type_period = { "an ISO 8601 duration", field_read_only, print_period,
					false };

static const struct field secret_made_rows[] = {
	F_STR(secret_made, secret, "secret"),
	F_INSTANT(secret_made, previous_until, "previous_valid_until"),
};
const struct shape secret_made_shape = SHAPE(secret_made, "NewSecret", secret_made_rows,
					     .present = NO_PRESENT);
