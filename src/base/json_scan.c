/* The strict scanner: one pass, no recursion, a stack of at most JSON_DEPTH_MAX open arrays and
 * objects.
 *
 * When a shape is given it walks along: for each value it knows which row it is for (`want`),
 * and so which values cJSON need not see. Those are replaced on the way; see struct skeleton. */
#include "base/json.h"

#include <stdint.h>

#include "base/check.h"
#include "json_int.h"

#define NOT_OPAQUE (-1)

/* What a value is for. FIELD_NONE: for nothing, it is only checked. */
struct want {
	enum field_kind kind;
	const struct shape *shape;
};

struct frame {
	bool is_object;
	struct want want;
	struct json_object keys;
};

struct scan {
	const char *start, *at, *end;
	struct json_syntax wrong;
	struct frame stack[JSON_DEPTH_MAX];
	int depth, deepest;
	struct json_keys *keys;
	bool has_escape;  /* the string just read */
	struct want want; /* for the value to come */
	struct skeleton *skeleton;
	int opaque; /* the depth at which the value began that is to be replaced whole */
	const char *opaque_start;
	const char *copied; /* the skeleton's text has what is before this */
};

/* What to read next. */
enum step { STEP_VALUE, STEP_KEY, STEP_REST, STEP_DONE, STEP_FAIL };

static enum step fail(struct scan *s, const char *at, const char *message)
{
	s->wrong = (struct json_syntax){ .message = message, .at = (size_t)(at - s->start) };
	return STEP_FAIL;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end
	       && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

/* --- strings ---------------------------------------------------------------------------------- */

/* Four hexadecimal digits at p, or -1. */
static int hex4(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* The value of a \uXXXX at p, or -1 when that is not what stands there. */
static int escaped_unit(const char *p, const char *end)
{
	return end - p >= 2 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
}

/* The escape at s->at, which is a backslash. */
static bool scan_escape(struct scan *s)
{
	static const char half[] = "Half of a surrogate pair is not a character.";
	const char *p = s->at;
	int c = escaped_unit(p, s->end), low;

	s->has_escape = true;
	if (c < 0) {
		s->at += 2;
		if (s->end - p >= 2 && p[1] && strchr("\"\\/bfnrt", p[1]))
			return true;
		return fail(s, p, "This escape does not exist.") != STEP_FAIL;
	}
	/* C strings and PostgreSQL's text end at it. */
	if (c == 0)
		return fail(s, p, "\\u0000 is not accepted.") != STEP_FAIL;
	s->at += 6;
	if (c < 0xd800 || c > 0xdfff)
		return true;
	low = escaped_unit(s->at, s->end);
	s->at += 6;
	if (c >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
		return fail(s, p, half) != STEP_FAIL;
	return true;
}

static bool scan_utf8(struct scan *s)
{
	while (s->at < s->end && (unsigned char)*s->at >= 0x80) {
		size_t n = utf8_bytes((const unsigned char *)s->at, (size_t)(s->end - s->at));

		if (n == 0)
			return fail(s, s->at, "The text is not UTF-8.") != STEP_FAIL;
		s->at += n;
	}
	return true;
}

/* s->at is at the opening quote, and then behind the closing one. */
static bool scan_string(struct scan *s)
{
	const char *open = s->at++;
	bool ok = true;

	s->has_escape = false;
	while (ok) {
		s->at = json_plain_end(s->at, s->end);
		if (s->at == s->end)
			return fail(s, open, "This string is not closed.") != STEP_FAIL;
		if (*s->at == '"') {
			s->at++;
			return true;
		}
		if (*s->at == '\\')
			ok = scan_escape(s);
		else if ((unsigned char)*s->at >= 0x80)
			ok = scan_utf8(s);
		else
			ok = fail(s, s->at, "A control character in a string must be escaped.")
			  != STEP_FAIL;
	}
	return false;
}

/* --- the skeleton ----------------------------------------------------------------------------- */

/* From here to s->at becomes an index. */
static void replace(struct scan *s, const char *from)
{
	struct skeleton *sk = s->skeleton;

	if (sk->n == sk->cap) {
		struct slice *old = sk->tokens;

		sk->cap = sk->cap ? sk->cap * 2 : 32;
		sk->tokens = arena_array(sk->arena, struct slice, sk->cap);
		if (sk->n)
			memcpy(sk->tokens, old, sk->n * sizeof(*old));
	}
	strbuf_add(&sk->text, s->copied, (size_t)(from - s->copied));
	strbuf_addi(&sk->text, (long long)sk->n);
	sk->tokens[sk->n++] = (struct slice){ from, (size_t)(s->at - from) };
	s->copied = s->at;
}

static bool looks_into(struct want want, char first)
{
	if (first == '{')
		return want.kind == FIELD_OBJ || want.kind == FIELD_MAP;
	return want.kind == FIELD_LIST || want.kind == FIELD_STRS;
}

/* A value begins at s->at: is it one to replace? */
static void value_starts(struct scan *s)
{
	char c = *s->at;

	if (!s->skeleton || s->opaque != NOT_OPAQUE)
		return;
	if (s->want.kind == FIELD_RAW || c == '-' || (c >= '0' && c <= '9')
	    || ((c == '{' || c == '[') && !looks_into(s->want, c))) {
		s->opaque = s->depth;
		s->opaque_start = s->at;
	}
}

static enum step value_ended(struct scan *s)
{
	if (s->opaque == s->depth) {
		s->opaque = NOT_OPAQUE;
		replace(s, s->opaque_start);
	}
	return STEP_REST;
}

/* What the array's items are for. */
static struct want item_want(struct want list)
{
	if (list.kind == FIELD_LIST)
		return (struct want){ FIELD_OBJ, list.shape };
	return (struct want){ list.kind == FIELD_STRS ? FIELD_STR : FIELD_NONE, NULL };
}

/* What the member's value, which begins at s->at, is for. */
static struct want member_want(struct scan *s, const struct frame *f, struct slice key)
{
	const struct field *row;
	struct strbuf plain;

	if (s->opaque != NOT_OPAQUE || f->want.kind != FIELD_OBJ || s->at == s->end)
		return (struct want){ FIELD_NONE, NULL };
	if (!s->has_escape) {
		row = json_pick(f->want.shape, key, *s->at);
	} else {
		strbuf_init(&plain, SIZE_MAX / 2);
		json_unescape(&plain, key);
		row = json_pick(f->want.shape, strbuf_slice(&plain), *s->at);
		strbuf_release(&plain);
	}
	return row ? (struct want){ row->kind, row->shape } : (struct want){ FIELD_NONE, NULL };
}

/* --- the grammar ------------------------------------------------------------------------------ */

/* Steps over one of the two characters, if it comes next. */
static bool take_either(struct scan *s, char a, char b)
{
	if (s->at == s->end || (*s->at != a && *s->at != b))
		return false;
	s->at++;
	return true;
}

/* Steps over digits; how many there were. */
static size_t take_digits(struct scan *s)
{
	const char *first = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (size_t)(s->at - first);
}

static enum step scan_number(struct scan *s)
{
	const char *start = s->at;
	bool starts_with_zero, ok;
	size_t n;

	(void)take_either(s, '-', '-');
	starts_with_zero = s->at < s->end && *s->at == '0';
	n = take_digits(s);
	ok = starts_with_zero ? n == 1 : n > 0;
	if (ok && take_either(s, '.', '.'))
		ok = take_digits(s) > 0;
	if (ok && take_either(s, 'e', 'E')) {
		(void)take_either(s, '+', '-');
		ok = take_digits(s) > 0;
	}
	return ok ? value_ended(s) : fail(s, start, "This is not a number.");
}

static enum step scan_word(struct scan *s)
{
	static const struct slice words[] = { SLICE_LIT("true"), SLICE_LIT("false"),
					      SLICE_LIT("null") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if ((size_t)(s->end - s->at) >= words[i].n
		    && memcmp(s->at, words[i].p, words[i].n) == 0) {
			s->at += words[i].n;
			return value_ended(s);
		}
	return fail(s, s->at, "A value is expected here.");
}

static enum step close_frame(struct scan *s)
{
	struct frame *f = &s->stack[--s->depth];

	s->at++;
	if (f->is_object)
		s->keys->n = f->keys.first;
	return value_ended(s);
}

static enum step open_frame(struct scan *s)
{
	struct frame *f = &s->stack[s->depth];
	char close = *s->at == '{' ? '}' : ']';

	if (s->depth == JSON_DEPTH_MAX)
		return fail(s, s->at, "Arrays and objects are nested too deeply.");
	f->is_object = close == '}';
	f->want = s->opaque == NOT_OPAQUE ? s->want : (struct want){ FIELD_NONE, NULL };
	f->keys = (struct json_object){ s->keys->n, 0 };
	s->depth++;
	if (s->depth > s->deepest)
		s->deepest = s->depth;
	s->at++;
	skip_space(s);
	if (s->at < s->end && *s->at == close)
		return close_frame(s);
	s->want = item_want(f->want);
	return f->is_object ? STEP_KEY : STEP_VALUE;
}

static enum step scan_value(struct scan *s)
{
	skip_space(s);
	if (s->at == s->end)
		return fail(s, s->at, "The text ends where a value is expected.");
	value_starts(s);
	switch (*s->at) {
	case '{':
	case '[':
		return open_frame(s);
	case '"':
		return scan_string(s) ? value_ended(s) : STEP_FAIL;
	case '-':
		return scan_number(s);
	default:
		return *s->at >= '0' && *s->at <= '9' ? scan_number(s) : scan_word(s);
	}
}

static enum step scan_key(struct scan *s)
{
	struct frame *f = &s->stack[s->depth - 1];
	struct slice key;
	const char *open;

	skip_space(s);
	open = s->at;
	if (s->at == s->end || *s->at != '"')
		return fail(s, s->at, "A member's name is expected here.");
	if (!scan_string(s))
		return STEP_FAIL;
	key = (struct slice){ open + 1, (size_t)(s->at - open) - 2 };
	if (!json_keys_add(s->keys, &f->keys, key, s->has_escape))
		return fail(s, open, "This object has two members of this name.");
	skip_space(s);
	if (s->at == s->end || *s->at != ':')
		return fail(s, s->at, "A colon is expected here.");
	s->at++;
	skip_space(s);
	s->want = member_want(s, f, key);
	return STEP_VALUE;
}

/* Behind a value: the next one, the end of what it stands in, or of everything. */
static enum step scan_rest(struct scan *s)
{
	const struct frame *f;

	skip_space(s);
	if (s->depth == 0 && s->at == s->end)
		return STEP_DONE;
	if (s->depth == 0)
		return fail(s, s->at, "There is something behind the end of the value.");
	f = &s->stack[s->depth - 1];
	if (s->at < s->end && *s->at == ',') {
		s->at++;
		s->want = item_want(f->want);
		return f->is_object ? STEP_KEY : STEP_VALUE;
	}
	if (s->at < s->end && *s->at == (f->is_object ? '}' : ']'))
		return close_frame(s);
	return fail(s, s->at,
		    f->is_object ? "A comma or } is expected here."
				 : "A comma or ] is expected here.");
}

bool json_scan_into(struct slice text, struct skeleton *skeleton, struct json_syntax *out_syntax)
{
	static struct json_keys keys;
	struct scan s;
	enum step step = STEP_VALUE;

	s.start = s.at = s.copied = text.p ? text.p : "";
	s.end = s.start + text.n;
	s.keys = &keys;
	s.depth = s.deepest = 0;
	s.skeleton = skeleton;
	s.opaque = NOT_OPAQUE;
	s.want = (struct want){ FIELD_NONE, NULL };
	if (skeleton)
		s.want = (struct want){ skeleton->is_list ? FIELD_LIST : FIELD_OBJ,
					skeleton->shape };
	json_keys_start(&keys, s.start);
	if (text.n > UINT32_MAX)
		step = fail(&s, s.start, "The text is too long.");
	while (step < STEP_DONE)
		switch (step) {
		case STEP_KEY:
			step = scan_key(&s);
			break;
		case STEP_REST:
			step = scan_rest(&s);
			break;
		default:
			step = scan_value(&s);
			break;
		}
	json_keys_end(&keys);
	if (step == STEP_FAIL) {
		*out_syntax = s.wrong;
		return false;
	}
	if (skeleton)
		strbuf_add(&skeleton->text, s.copied, (size_t)(s.end - s.copied));
	out_syntax->depth = s.deepest;
	return true;
}

bool json_scan(struct slice text, struct json_syntax *out_syntax)
{
	return json_scan_into(text, NULL, out_syntax);
}
