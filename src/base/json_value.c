/* What both readers share, that of bodies (json_decode.c) and that of query strings
 * (json_pairs.c): faults with their paths and sentences, and scalars. */
#include "json_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "base/check.h"

#define PATH_BYTES 512
#define PATH_STEPS 80
#define NAME_SHOWN 100 /* bytes of a name that are worth showing */
#define SENTENCE_BYTES 512
#define SUGGEST_BYTES 40 /* longer names are not compared */
#define SUGGEST_SHORT 5  /* shorter ones may differ by one letter only */

/* --- faults ----------------------------------------------------------------------------------- */

void json_fault(struct json_faults *faults, const char *field, const char *code,
		const char *message)
{
	if (faults->n < JSON_FAULTS_MAX)
		faults->list[faults->n++] = (struct json_fault){ .field = field,
								 .code = code,
								 .message = message };
	faults->total++;
}

/* The client's own names are shown, but not at any length, and not cut inside a character. */
static size_t shown(struct slice name)
{
	size_t n = name.n;

	if (n <= NAME_SHOWN)
		return n;
	n = NAME_SHOWN;
	while (n > 0 && ((unsigned char)name.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static const char *path_text(struct arena *a, const struct json_path *path)
{
	const struct json_path *steps[PATH_STEPS];
	struct strbuf out;
	char *text;
	int n = 0;

	for (; path && n < PATH_STEPS; path = path->up)
		steps[n++] = path;
	strbuf_init(&out, PATH_BYTES);
	while (n-- > 0) {
		if (!steps[n]->name.p) {
			strbuf_addf(&out, "[%zu]", steps[n]->index);
			continue;
		}
		if (out.n)
			strbuf_addc(&out, '.');
		strbuf_add(&out, steps[n]->name.p, shown(steps[n]->name));
	}
	text = arena_dup(a, out.p, out.n);
	strbuf_release(&out);
	return text;
}

void json_complain(const struct reading *r, const struct json_path *path, const char *code,
		   const char *fmt, ...)
{
	char sentence[SENTENCE_BYTES];
	va_list args;

	if (r->faults->n == JSON_FAULTS_MAX) {
		r->faults->total++;
		return;
	}
	va_start(args, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, args);
	va_end(args);
	json_fault(r->faults, path_text(r->arena, path), code,
		   arena_dup(r->arena, sentence, strlen(sentence)));
}

/* Levenshtein's distance of two names, which are not longer than SUGGEST_BYTES. */
static int distance(struct slice a, struct slice b)
{
	int row[SUGGEST_BYTES + 1];

	for (int j = 0; j <= (int)b.n; j++)
		row[j] = j;
	for (int i = 1; i <= (int)a.n; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= (int)b.n; j++) {
			int best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b.n];
}

/* The field that was probably meant, or NULL. */
static const char *suggest(const struct shape *shape, struct slice name)
{
	const char *found = NULL;
	int least = 3; /* one more than may differ */

	for (int i = 0; i < shape->count && name.n <= SUGGEST_BYTES; i++) {
		struct slice other = slice_of(shape->fields[i].name);
		int d;

		if (shape->fields[i].kind == FIELD_NONE || other.n > SUGGEST_BYTES)
			continue;
		d = distance(name, other);
		if (d >= least || (d > 1 && (name.n < SUGGEST_SHORT || other.n < SUGGEST_SHORT))
		    || (size_t)d >= other.n)
			continue;
		least = d;
		found = shape->fields[i].name;
	}
	return found;
}

void json_unknown(const struct reading *r, const struct shape *shape, const struct json_path *path)
{
	/* A body of nothing but unknown names must not cost more than its length. */
	const char *meant = r->faults->n < JSON_FAULTS_MAX ? suggest(shape, path->name) : NULL;

	if (meant)
		json_complain(r, path, "unknown_field", "There is no such field; did you mean %s?",
			      meant);
	else
		json_complain(r, path, "unknown_field", "There is no such field.");
}

static const char *kind_text(const struct field *f)
{
	static const char *const texts[] = {
		[FIELD_STR] = "a string",
		[FIELD_INT] = "an integer",
		[FIELD_BOOL] = "true or false",
		[FIELD_RAW] = "a value",
		[FIELD_OBJ] = "an object",
		[FIELD_LIST] = "an array of objects",
		[FIELD_STRS] = "an array of strings",
		[FIELD_MAP] = "an object of strings",
	};

	return f->kind == FIELD_TYPE ? f->type->what : texts[f->kind];
}

void json_wrong_type(const struct reading *r, const struct shape *shape,
		     const struct json_path *path, bool is_null)
{
	struct strbuf kinds;
	const char *between = "";

	strbuf_init(&kinds, SENTENCE_BYTES / 2);
	for (int i = 0; i < shape->count; i++) {
		const struct field *f = &shape->fields[i];

		if (f->kind == FIELD_NONE || !slice_is(path->name, f->name))
			continue;
		strbuf_adds(&kinds, between);
		strbuf_adds(&kinds, kind_text(f));
		between = " or ";
	}
	json_complain(r, path, "wrong_type", "This must be %s%s.", kinds.p,
		      is_null ? ", not null" : "");
	strbuf_release(&kinds);
}

/* --- scalars ---------------------------------------------------------------------------------- */

/* A JSON number taken apart: value = digits * 10^power, the last digit not 0 unless digits is. */
struct decimal {
	bool is_negative, is_long; /* more digits than fit */
	uint64_t digits;
	int64_t power;
};

#define POWER_MAX 1000000000

static int64_t exponent(const char *p, const char *end)
{
	bool is_negative = p < end && *p == '-';
	int64_t v = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && v < POWER_MAX; p++)
		v = v * 10 + (*p - '0');
	return is_negative ? -v : v;
}

/* Appends `zeros` noughts and the digit, which is not 0. */
static void add_digit(struct decimal *d, int64_t zeros, int digit)
{
	for (; zeros > 0 && d->digits && !d->is_long; zeros--)
		if (__builtin_mul_overflow(d->digits, 10, &d->digits))
			d->is_long = true;
	if (__builtin_mul_overflow(d->digits, 10, &d->digits)
	    || __builtin_add_overflow(d->digits, (uint64_t)digit, &d->digits))
		d->is_long = true;
}

static struct decimal take_apart(struct slice text)
{
	struct decimal d = { .is_negative = *text.p == '-' };
	const char *p = text.p + d.is_negative, *end = text.p + text.n;
	int64_t zeros = 0, behind_point = 0;
	bool after_point = false;

	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			after_point = true;
			continue;
		}
		behind_point += after_point;
		if (*p == '0') {
			zeros++;
			continue;
		}
		add_digit(&d, zeros, *p - '0');
		zeros = 0;
	}
	d.power = zeros - behind_point + (p < end ? exponent(p + 1, end) : 0);
	return d;
}

/* The number exactly, or why not: "wrong_type" (not whole), "out_of_range" (not an int64_t). */
static const char *whole_number(struct slice text, int64_t *out)
{
	struct decimal d = take_apart(text);
	uint64_t most = (uint64_t)INT64_MAX + d.is_negative;

	if (d.digits == 0 && !d.is_long) {
		*out = 0;
		return NULL;
	}
	if (d.power < 0)
		return "wrong_type";
	for (; d.power > 0 && !d.is_long; d.power--)
		d.is_long = __builtin_mul_overflow(d.digits, 10, &d.digits);
	if (d.is_long || d.digits > most)
		return "out_of_range";
	*out = d.is_negative ? (int64_t)(0 - d.digits) : (int64_t)d.digits;
	return NULL;
}

void json_read_int(const struct reading *r, const struct field *f, struct slice text, void *member,
		   const struct json_path *path)
{
	int64_t least = f->min || f->max ? f->min : INT64_MIN;
	int64_t most = f->min || f->max ? f->max : INT64_MAX;
	const char *code;
	int64_t v = 0;

	code = whole_number(text, &v);
	if (!code && v >= least && v <= most)
		*(int64_t *)member = v;
	else if (code && *code == 'w')
		json_complain(r, path, code, "This must be a whole number.");
	else
		json_complain(r, path, "out_of_range", "This must be from %lld to %lld.",
			      (long long)least, (long long)most);
}

static void read_str(const struct reading *r, const struct field *f, struct slice text,
		     void *member, const struct json_path *path)
{
	if (f->min > 0 && text.n < (uint64_t)f->min && f->min == 1)
		json_complain(r, path, "too_short", "This must not be empty.");
	else if (f->min > 0 && text.n < (uint64_t)f->min)
		json_complain(r, path, "too_short", "This must have at least %lld bytes.",
			      (long long)f->min);
	else if (f->max > 0 && text.n > (uint64_t)f->max)
		json_complain(r, path, "too_long", "This has %zu bytes; at most %lld are accepted.",
			      text.n, (long long)f->max);
	else
		*(struct slice *)member = text;
}

void json_read_text(const struct reading *r, const struct field *f, struct slice text, void *member,
		    const struct json_path *path)
{
	const char *message = NULL, *code;

	if (f->kind == FIELD_STR) {
		read_str(r, f, text, member, path);
		return;
	}
	code = f->type->parse(f, text, member, r->arena, &message);
	if (code)
		json_complain(r, path, code, "%s",
			      message ? message : "This value is not acceptable.");
}

/* --- enums ------------------------------------------------------------------------------------ */

static bool is_word(struct slice text, const char *word)
{
	return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

static const char *parse_enum(const struct field *f, struct slice text, void *member,
			      struct arena *a, const char **out_message)
{
	bool any_case = f->type == &field_enum_any_case;
	struct strbuf words;

	for (int i = 0; f->words[i]; i++)
		if (any_case ? is_word(text, f->words[i]) : slice_is(text, f->words[i])) {
			*(int *)member = i;
			return NULL;
		}
	strbuf_init(&words, SENTENCE_BYTES / 2);
	for (int i = 0; f->words[i]; i++)
		strbuf_addf(&words, "%s%s", i ? ", " : "", f->words[i]);
	*out_message = arena_printf(a, "This must be one of %s.", words.p);
	strbuf_release(&words);
	return "invalid_value";
}

static bool print_enum(const struct field *f, const void *member, struct strbuf *out)
{
	int value = *(const int *)member;

	for (int i = 0; f->words[i]; i++)
		if (i == value) {
			strbuf_addc(out, '"');
			strbuf_adds(out, f->words[i]);
			strbuf_addc(out, '"');
			return true;
		}
	return false;
}

const struct field_type field_enum = { .what = "a string",
				       .parse = parse_enum,
				       .print = print_enum };
const struct field_type field_enum_any_case = { .what = "a string",
						.parse = parse_enum,
						.print = print_enum };
