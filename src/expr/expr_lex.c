/* Text to tokens: CEL's, without bytes and unsigned integers (cel-spec, langdef.md, "Syntax"). */
#include "expr_int.h"

#include <errno.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static char peek(const struct lexer *l, unsigned ahead)
{
	return l->at + ahead < l->text.n ? l->text.p[l->at + ahead] : '\0';
}

static struct token make(const struct lexer *l, enum token_kind kind, unsigned from)
{
	return (struct token){
		kind, { from, l->at - from }, { l->text.p + from, l->at - from }, { NULL, 0 }
	};
}

static struct token bad(const struct lexer *l, const char *code, struct span where,
			const char *message)
{
	expr_fault(l->maker, code, where, "%s", message);
	return make(l, TOKEN_BAD, where.at);
}

static void skip_blank(struct lexer *l)
{
	for (;;) {
		char c = peek(l, 0);

		if (c == '/' && peek(l, 1) == '/') {
			while (l->at < l->text.n && peek(l, 0) != '\n' && peek(l, 0) != '\r')
				l->at++;
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
			l->at++;
		} else {
			return;
		}
	}
}

/* ---- names and numbers ---- */

static const struct {
	const char *word;
	enum token_kind kind;
} words[] = {
	{ "in", TOKEN_IN },
	{ "true", TOKEN_TRUE },
	{ "false", TOKEN_FALSE },
	{ "null", TOKEN_NULL },
	{ "as", TOKEN_RESERVED },
	{ "break", TOKEN_RESERVED },
	{ "const", TOKEN_RESERVED },
	{ "continue", TOKEN_RESERVED },
	{ "else", TOKEN_RESERVED },
	{ "for", TOKEN_RESERVED },
	{ "function", TOKEN_RESERVED },
	{ "if", TOKEN_RESERVED },
	{ "import", TOKEN_RESERVED },
	{ "let", TOKEN_RESERVED },
	{ "loop", TOKEN_RESERVED },
	{ "package", TOKEN_RESERVED },
	{ "namespace", TOKEN_RESERVED },
	{ "return", TOKEN_RESERVED },
	{ "var", TOKEN_RESERVED },
	{ "void", TOKEN_RESERVED },
	{ "while", TOKEN_RESERVED },
};

static struct token lex_name(struct lexer *l)
{
	unsigned from = l->at;
	struct token t;

	while (is_letter(peek(l, 0)) || is_digit(peek(l, 0)))
		l->at++;
	t = make(l, TOKEN_NAME, from);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_is(t.text, words[i].word))
			t.kind = words[i].kind;
	return t;
}

static unsigned skip_digits(struct lexer *l, bool is_hex)
{
	unsigned from = l->at;

	while (is_digit(peek(l, 0)) || (is_hex && hex_digit(peek(l, 0)) >= 0))
		l->at++;
	return l->at - from;
}

/* Behind the digits before the point: is it a double, and whole? */
static enum token_kind lex_fraction(struct lexer *l)
{
	enum token_kind kind = TOKEN_INT;
	unsigned sign;

	if (peek(l, 0) == '.' && is_digit(peek(l, 1))) {
		l->at++;
		(void)skip_digits(l, false);
		kind = TOKEN_DOUBLE;
	}
	if ((peek(l, 0) | 0x20) != 'e')
		return kind;
	sign = peek(l, 1) == '+' || peek(l, 1) == '-';
	if (!is_digit(peek(l, 1 + sign)))
		return TOKEN_BAD;
	l->at += 1 + sign;
	(void)skip_digits(l, false);
	return TOKEN_DOUBLE;
}

static struct token lex_number(struct lexer *l)
{
	unsigned from = l->at;
	enum token_kind kind;

	if (peek(l, 0) == '0' && (peek(l, 1) | 0x20) == 'x') {
		l->at += 2;
		kind = skip_digits(l, true) ? TOKEN_INT : TOKEN_BAD;
	} else {
		(void)skip_digits(l, false);
		kind = lex_fraction(l);
	}
	if (kind != TOKEN_BAD && !is_letter(peek(l, 0)))
		return make(l, kind, from);
	while (is_letter(peek(l, 0)) || is_digit(peek(l, 0)))
		l->at++;
	return bad(l, "bad_number", (struct span){ from, l->at - from },
		   (l->text.p[l->at - 1] | 0x20) == 'u'
			   ? "Unsigned integers (7u) are not part of this language; write 7."
			   : "This is not a number.");
}

/* ---- strings ---- */

struct string {
	unsigned from; /* of the whole token */
	char quote;
	bool is_raw, is_long; /* three quotes */
	char *out;
	size_t n;
};

static bool at_close(const struct lexer *l, const struct string *s)
{
	if (peek(l, 0) != s->quote || l->at >= l->text.n)
		return false;
	return !s->is_long || (peek(l, 1) == s->quote && peek(l, 2) == s->quote);
}

/* `digits` digits of the base at l->at + ahead, or -1. */
static int64_t escape_digits(const struct lexer *l, unsigned ahead, unsigned digits, int base)
{
	int64_t v = 0;

	for (unsigned i = 0; i < digits; i++) {
		int digit = hex_digit(peek(l, ahead + i));

		if (digit < 0 || digit >= base)
			return -1;
		v = v * base + digit;
	}
	return v;
}

/* c, or with the \uXXXX behind it the character of which it is the first half. */
static int64_t whole_char(const struct lexer *l, int64_t c, unsigned *out_bytes)
{
	int64_t low = peek(l, 6) == '\\' && peek(l, 7) == 'u' ? escape_digits(l, 8, 4, 16) : -1;

	if (*out_bytes != 6 || c < 0xd800 || c > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return c;
	*out_bytes = 12;
	return 0x10000 + (c - 0xd800) * 0x400 + low - 0xdc00;
}

/* The code point of the escape at l->at, or -1; *out_bytes is its length. */
static int64_t escape_code(const struct lexer *l, unsigned *out_bytes)
{
	static const char named[] = "a\ab\bf\fn\nr\rt\tv\v\\\\??\"\"''``";
	static const struct {
		char letter;
		unsigned digits;
	} coded[] = { { 'x', 2 }, { 'X', 2 }, { 'u', 4 }, { 'U', 8 } };
	char c = peek(l, 1);

	*out_bytes = 2;
	for (const char *n = named; *n && c; n += 2)
		if (*n == c)
			return n[1];
	for (size_t i = 0; i < sizeof(coded) / sizeof(coded[0]); i++)
		if (coded[i].letter == c) {
			*out_bytes = 2 + coded[i].digits;
			return whole_char(l, escape_digits(l, 2, coded[i].digits, 16), out_bytes);
		}
	*out_bytes = 4;
	return c >= '0' && c <= '3' ? escape_digits(l, 1, 3, 8) : -1;
}

static bool lex_escape(struct lexer *l, struct string *s)
{
	unsigned bytes, left = (unsigned)l->text.n - l->at;
	int64_t c = escape_code(l, &bytes);

	/* No text here holds a NUL: JSON's cannot either. */
	if (c <= 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		bytes = peek(l, 1) && (unsigned char)peek(l, 1) < 0x80 ? 2 : 1;
		(void)bad(l, "bad_escape", (struct span){ l->at, bytes < left ? bytes : left },
			  c == 0 ? "The character NUL is not accepted."
				 : "This escape does not exist.");
		return false;
	}
	s->n += utf8_put((unsigned char *)s->out + s->n, (unsigned)c);
	l->at += bytes;
	return true;
}

static struct token lex_string(struct lexer *l)
{
	struct string s = { .from = l->at, .is_raw = (peek(l, 0) | 0x20) == 'r' };
	struct token t;

	l->at += s.is_raw;
	s.quote = peek(l, 0);
	s.is_long = peek(l, 1) == s.quote && peek(l, 2) == s.quote;
	l->at += s.is_long ? 3 : 1;
	/* No escape is shorter than what it stands for. */
	s.out = arena_alloc(l->maker->arena, l->text.n - l->at + 1);
	while (!at_close(l, &s)) {
		char c = peek(l, 0);

		if (l->at >= l->text.n || (!s.is_long && (c == '\n' || c == '\r')))
			return bad(l, "unterminated_string",
				   (struct span){ s.from, l->at - s.from },
				   "This string is not closed.");
		if (c == '\\' && !s.is_raw) {
			if (!lex_escape(l, &s))
				return make(l, TOKEN_BAD, s.from);
		} else {
			s.out[s.n++] = c;
			l->at++;
		}
	}
	l->at += s.is_long ? 3 : 1;
	t = make(l, TOKEN_STRING, s.from);
	t.value = (struct slice){ s.out, s.n };
	return t;
}

/* ---- the rest ---- */

static const struct {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{ "||", TOKEN_OR },       { "&&", TOKEN_AND },       { "==", TOKEN_EQ },
	{ "!=", TOKEN_NE },       { "<=", TOKEN_LE },        { ">=", TOKEN_GE },
	{ "<", TOKEN_LT },        { ">", TOKEN_GT },         { "+", TOKEN_ADD },
	{ "-", TOKEN_SUB },       { "*", TOKEN_MUL },        { "/", TOKEN_DIV },
	{ "%", TOKEN_MOD },       { "!", TOKEN_NOT },        { "?", TOKEN_ASK },
	{ ":", TOKEN_COLON },     { "(", TOKEN_OPEN },       { ")", TOKEN_CLOSE },
	{ "[", TOKEN_OPEN_LIST }, { "]", TOKEN_CLOSE_LIST }, { "{", TOKEN_OPEN_MAP },
	{ "}", TOKEN_CLOSE_MAP }, { ",", TOKEN_COMMA },      { ".", TOKEN_DOT },
};

static struct token lex_sign(struct lexer *l)
{
	unsigned from = l->at, bytes;
	char c = peek(l, 0);

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (c == signs[i].text[0]
		    && (!signs[i].text[1] || peek(l, 1) == signs[i].text[1])) {
			l->at += signs[i].text[1] ? 2 : 1;
			return make(l, signs[i].kind, from);
		}
	bytes = utf8_length(l->text.p + from, l->text.p + l->text.n);
	return bad(l, "unexpected_character", (struct span){ from, bytes },
		   c == '='   ? "A single \"=\" means nothing here; \"==\" compares."
		   : c == '&' ? "A single \"&\" means nothing here; \"&&\" is and."
		   : c == '|' ? "A single \"|\" means nothing here; \"||\" is or."
			      : "This character means nothing here.");
}

struct token lex_next(struct lexer *l)
{
	char c, next;

	skip_blank(l);
	c = peek(l, 0);
	next = peek(l, 1);
	if (l->at >= l->text.n)
		return make(l, TOKEN_END, l->at);
	if (c == '"' || c == '\'' || ((c | 0x20) == 'r' && (next == '"' || next == '\'')))
		return lex_string(l);
	if (is_digit(c) || (c == '.' && is_digit(next)))
		return lex_number(l);
	return is_letter(c) ? lex_name(l) : lex_sign(l);
}
