/* Field types that need src/when, and the plain ones that also come as text. */
#include "http/types.h"

#include "base/id.h"
#include "when/duration.h"
#include "when/stamp.h"

/* --- instants --- */

static const char *instant_parse(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	usec_t at;

	if (stamp_parse(text, &at) != WHEN_OK) {
		*out_message = "This must be an RFC 3339 date and time with an offset, "
			       "like 2026-03-09T07:30:00Z.";
		return "invalid_time";
	}
	if ((f->min || f->max) && (at < f->min || at > f->max)) {
		char least[STAMP_MAX], most[STAMP_MAX];

		stamp_print(f->min, least);
		stamp_print(f->max, most);
		*out_message = arena_printf(a, "This must be from %s to %s.", least, most);
		return "out_of_range";
	}
	*(usec_t *)member = at;
	return NULL;
}

static void add_quoted(struct strbuf *out, const char *text, size_t n)
{
	strbuf_addc(out, '"');
	strbuf_add(out, text, n);
	strbuf_addc(out, '"');
}

static bool instant_print(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t at = *(const usec_t *)member;
	char text[STAMP_MAX];

	(void)f;
	if (at == USEC_NEVER)
		return false;
	add_quoted(out, text, stamp_print(at, text));
	return true;
}

const struct field_type type_instant = {
	.what = "an RFC 3339 date and time",
	.parse = instant_parse,
	.print = instant_print,
};

/* --- durations --- */

static const char *within(const struct field *f, usec_t span, void *member, struct arena *a,
			  const char **out_message)
{
	char least[DURATION_MAX], most[DURATION_MAX];

	if (!(f->min || f->max) || (span >= f->min && span <= f->max)) {
		*(usec_t *)member = span;
		return NULL;
	}
	duration_print_short(f->min, least);
	duration_print_short(f->max, most);
	*out_message = arena_printf(a, "This must be from %s to %s.", least, most);
	return "out_of_range";
}

static const char *not_a_duration(enum when_err err, struct arena *a, const char **out_message)
{
	if (err == WHEN_DURATION_RANGE) {
		*out_message = "This is longer than 10 years.";
		return "out_of_range";
	}
	*out_message = arena_printf(a, "This must be a duration like PT30S or 30s: %s.",
				    when_err_text(err));
	return "invalid_duration";
}

static const char *duration_text(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	usec_t span;
	enum when_err err = duration_parse(text, &span);

	return err ? not_a_duration(err, a, out_message) : within(f, span, member, a, out_message);
}

static bool duration_text_print(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t span = *(const usec_t *)member;
	char text[DURATION_MAX];

	(void)f;
	if (span == USEC_NEVER)
		return false;
	add_quoted(out, text, duration_print(span, text));
	return true;
}

const struct field_type type_duration = {
	.what = "a duration like PT30S or 30s",
	.parse = duration_text,
	.print = duration_text_print,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits after the point; nothing finer than a millisecond. */
static bool fraction(struct slice digits, usec_t *out_span)
{
	usec_t span = 0, unit = SEC;

	for (size_t i = 0; i < digits.n; i++) {
		if (!is_digit(digits.p[i]) || (unit == MSEC && digits.p[i] != '0'))
			return false;
		if (unit > MSEC)
			unit /= 10;
		span += unit * (digits.p[i] - '0');
	}
	*out_span = span;
	return digits.n > 0;
}

/* "90", "1.5", "0.250" into microseconds; at most 10 digits before the point. */
static bool plain_seconds(struct slice text, usec_t *out_span)
{
	usec_t whole_part = 0, rest = 0;
	size_t i = 0;

	for (; i < text.n && i < 10 && is_digit(text.p[i]); i++)
		whole_part = whole_part * 10 + (text.p[i] - '0');
	if (i == 0)
		return false;
	if (i < text.n
	    && (text.p[i] != '.'
		|| !fraction((struct slice){ text.p + i + 1, text.n - i - 1 }, &rest)))
		return false;
	*out_span = whole_part * SEC + rest;
	return true;
}

/* A minus sign makes a number that is out of range rather than none. */
static bool is_negative(struct slice text)
{
	return text.n > 1 && text.p[0] == '-' && is_digit(text.p[1]);
}

static const char *seconds_parse(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	usec_t span;

	if (is_negative(text)) {
		*out_message = "This must not be negative.";
		return "out_of_range";
	}
	if (!plain_seconds(text, &span))
		return duration_text(f, text, member, a, out_message);
	if (span > DURATION_CEILING)
		return not_a_duration(WHEN_DURATION_RANGE, a, out_message);
	return within(f, span, member, a, out_message);
}

static bool seconds_print(const struct field *f, const void *member, struct strbuf *out)
{
	usec_t span = *(const usec_t *)member;
	int ms;

	(void)f;
	if (span == USEC_NEVER)
		return false;
	strbuf_addi(out, span / SEC);
	ms = (int)(span % SEC / MSEC);
	if (ms) {
		char digits[5] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
				   (char)('0' + ms % 10) };
		size_t n = 4;

		while (digits[n - 1] == '0')
			n--;
		strbuf_add(out, digits, n);
	}
	return true;
}

const struct field_type type_seconds = {
	.what = "a number of seconds or a duration",
	.parse = seconds_parse,
	.print = seconds_print,
	.from_number = true,
};

/* --- ids --- */

static const char *id_text_parse(const struct field *f, struct slice text, void *member,
				 struct arena *a, const char **out_message)
{
	struct uuid id;

	if (id_parse(f->words[0], text, &id)) {
		*(struct uuid *)member = id;
		return NULL;
	}
	*out_message = arena_printf(a, "This must be an id that begins with %s_.", f->words[0]);
	return "invalid_id";
}

static bool id_text_print(const struct field *f, const void *member, struct strbuf *out)
{
	const struct uuid *id = member;
	char text[ID_TEXT_MAX];

	if (id_is_nil(*id))
		return false;
	add_quoted(out, text, id_print(f->words[0], *id, text));
	return true;
}

const struct field_type type_id = {
	.what = "an id",
	.parse = id_text_parse,
	.print = id_text_print,
};

/* --- numbers and flags --- */

static bool whole(struct slice text, int64_t *out_n)
{
	bool is_minus = text.n && text.p[0] == '-';
	int64_t n = 0;

	if (text.n == is_minus)
		return false;
	for (size_t i = is_minus; i < text.n; i++) {
		int digit = text.p[i] - '0';

		if (!is_digit(text.p[i]) || __builtin_mul_overflow(n, 10, &n)
		    || __builtin_sub_overflow(n, digit, &n))
			return false;
	}
	/* Gathered below zero, where there is room for one more. */
	if (!is_minus && n == INT64_MIN)
		return false;
	*out_n = is_minus ? n : -n;
	return true;
}

static const char *number_parse(const struct field *f, struct slice text, void *member,
				struct arena *a, const char **out_message)
{
	int64_t n;

	if (!whole(text, &n)) {
		*out_message = "This must be a whole number.";
		return "wrong_type";
	}
	if ((f->min || f->max) && (n < f->min || n > f->max)) {
		*out_message = arena_printf(a, "This must be from %lld to %lld.", (long long)f->min,
					    (long long)f->max);
		return "out_of_range";
	}
	*(int64_t *)member = n;
	return NULL;
}

static bool number_print(const struct field *f, const void *member, struct strbuf *out)
{
	(void)f;
	strbuf_addi(out, *(const int64_t *)member);
	return true;
}

const struct field_type type_number = {
	.what = "a whole number",
	.parse = number_parse,
	.print = number_print,
	.from_number = true,
};

static const char *flag_parse(const struct field *f, struct slice text, void *member,
			      struct arena *a, const char **out_message)
{
	(void)f;
	(void)a;
	if (slice_is(text, "true") || slice_is(text, "false")) {
		*(bool *)member = text.n == 4;
		return NULL;
	}
	*out_message = "This must be true or false.";
	return "wrong_type";
}

static bool flag_print(const struct field *f, const void *member, struct strbuf *out)
{
	(void)f;
	strbuf_adds(out, *(const bool *)member ? "true" : "false");
	return true;
}

const struct field_type type_flag = {
	.what = "true or false",
	.parse = flag_parse,
	.print = flag_print,
};

/* --- of answers only --- */

const char *field_read_only(const struct field *f, struct slice text, void *member, struct arena *a,
			    const char **out_message)
{
	(void)f;
	(void)text;
	(void)member;
	(void)a;
	*out_message = "This cannot be set.";
	return "unknown_field";
}

static bool word_print(const struct field *f, const void *member, struct strbuf *out)
{
	const char *word = *(const char *const *)member;

	(void)f;
	if (word)
		strbuf_add_json(out, slice_of(word));
	return word != NULL;
}

const struct field_type type_word = {
	.what = "a word",
	.parse = field_read_only,
	.print = word_print,
};
