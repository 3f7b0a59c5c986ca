/* A phrase as typed tokens. */
#include "nl_int.h"
#include "when/civil.h"
#include "when/stamp.h"
#include "when_int.h"

struct scan {
	struct nl_pass *p;
	const char *s;
	const uint16_t *from;
	unsigned n, i;
	unsigned start; /* of the token that is read */
};

static char peek(const struct scan *c, unsigned k)
{
	return c->i + k < c->n ? c->s[c->i + k] : '\0';
}

/* The token that ends here. False: too many. */
static struct nl_token *emit(struct scan *c, enum nl_type type, int value, int more)
{
	struct nl_pass *p = c->p;
	struct nl_token *t = &p->tokens[p->n];

	if (p->n == NL_TOKENS_MAX)
		return NULL;
	*t = (struct nl_token){ .type = type, .value = value, .more = more };
	t->at = c->from[c->start];
	t->len = c->from[c->i] - t->at;
	t->word = (struct slice){ c->s + c->start, c->i - c->start };
	t->is_glued = c->start > 0 && c->s[c->start - 1] != ' ';
	p->n++;
	return t;
}

/* ---- numbers ---- */

static bool digits_at(const struct scan *c, unsigned k, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!is_digit(peek(c, k + i)))
			return false;
	return !is_digit(peek(c, k + n));
}

static int two(const struct scan *c, unsigned k)
{
	return (peek(c, k) - '0') * 10 + peek(c, k + 1) - '0';
}

/* 2026-04-01, and the rest of a stamp behind a T. */
static bool scan_date(struct scan *c)
{
	static const char stamp[] = "0123456789:.tz+-";

	if (!digits_at(c, 0, 4) || peek(c, 4) != '-' || !digits_at(c, 5, 2) || peek(c, 7) != '-'
	    || !digits_at(c, 8, 2))
		return false;
	struct civil d = { two(c, 0) * 100 + two(c, 2), (unsigned)two(c, 5), (unsigned)two(c, 8) };
	c->i += 10;
	if (peek(c, 0) == 't' && is_digit(peek(c, 1))) {
		while (c->i < c->n && strchr(stamp, c->s[c->i]))
			c->i++;
		return emit(c, NT_STAMP, 0, 0) != NULL;
	}
	bool is_good = civil_is_valid(d);
	return emit(c, NT_DATE, is_good ? civil_to_days(d) : 0, is_good ? 0 : 1) != NULL;
}

/* "9.30" only before am or pm; "1h30" not before m. */
static bool is_clock(const struct scan *c)
{
	char mark = peek(c, 0), behind = peek(c, 3) == ' ' ? peek(c, 4) : peek(c, 3);

	if (!digits_at(c, 1, 2))
		return false;
	if (mark == '.')
		return behind == 'a' || behind == 'p';
	return mark == ':' || (mark == 'h' && !is_alpha(peek(c, 3)));
}

/* Behind the hour: ":30", ":30:15", "h30", ".30". */
static bool scan_clock(struct scan *c, int hour)
{
	bool is_colon = peek(c, 0) == ':';
	int second = 0;

	if (!is_clock(c))
		return false;
	int minute = two(c, 1);
	c->i += 3;
	if (is_colon && peek(c, 0) == ':' && digits_at(c, 1, 2)) {
		second = two(c, 1);
		c->i += 3;
	}
	bool is_good = hour < 24 && minute < 60 && second < 60;
	emit(c, NT_CLOCK, is_good ? hour * 3600 + minute * 60 + second : -1, 0);
	return true;
}

static bool scan_ordinal(struct scan *c, int value)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };

	for (unsigned i = 0; i < 4; i++)
		if (peek(c, 0) == ends[i][0] && peek(c, 1) == ends[i][1] && !is_alpha(peek(c, 2))) {
			c->i += 2;
			emit(c, NT_ORDINAL, value, 1);
			return true;
		}
	return false;
}

static void scan_number(struct scan *c)
{
	int value = 0, digits = 0;

	if (scan_date(c))
		return;
	for (; is_digit(peek(c, 0)); c->i++, digits++)
		if (value <= 100000000)
			value = value * 10 + (peek(c, 0) - '0');
	if ((digits <= 2 && scan_clock(c, value)) || scan_ordinal(c, value))
		return;
	if (peek(c, 0) == '.' && is_digit(peek(c, 1)) && digits <= 5) {
		int unit = 100;

		value *= 1000;
		for (c->i++; is_digit(peek(c, 0)); c->i++, unit /= 10)
			value += unit * (peek(c, 0) - '0');
		emit(c, NT_DECIMAL, value, 0);
		return;
	}
	emit(c, NT_NUMBER, value, digits);
}

/* ---- words ---- */

static bool is_name_letter(char c)
{
	return c != '\0' && (is_alpha(c) || is_digit(c) || strchr("_/+-", c));
}

/* America/New_York, Etc/GMT+5. */
static bool scan_zone(struct scan *c)
{
	unsigned n = 0;
	bool has_slash = false;

	for (; is_name_letter(peek(c, n)); n++)
		has_slash |= peek(c, n) == '/';
	for (; n > 0 && has_slash; n--) { /* "Europe/Berlin-time", "Asia/Tokyo/" */
		struct slice name = { c->s + c->i, n };
		const struct tz *z = NULL;

		if (name.n <= TZ_NAME_MAX && memchr(name.p, '/', name.n)
		    && !is_name_letter(peek(c, n)))
			z = tz_find(c->p->ask->zones, name);
		if (z) {
			c->i += n;
			struct nl_token *t = emit(c, NT_IANA, 0, 0);

			if (t)
				t->zone = z;
			return true;
		}
		if (peek(c, n - 1) != '-' && peek(c, n - 1) != '/')
			return false;
	}
	return false;
}

static bool is_word_letter(char c)
{
	return is_alpha(c) || c == '_' || c == '\x7f';
}

/* Apostrophes go (o'clock, monday's), and the hyphen of a word that has one (bi-weekly). */
static struct slice word_read(struct scan *c, bool with_hyphen)
{
	char *out = arena_alloc(c->p->ask->arena, c->n - c->i + 1);
	unsigned n = 0;

	for (;; c->i++) {
		char a = peek(c, 0);

		if (is_word_letter(a))
			out[n++] = a;
		else if (!(a == '\'' || (with_hyphen && a == '-')) || !is_word_letter(peek(c, 1)))
			return (struct slice){ out, n };
	}
}

static bool is_dotted(const struct scan *c)
{
	return (peek(c, 0) == 'a' || peek(c, 0) == 'p') && peek(c, 1) == '.' && peek(c, 2) == 'm'
	    && !is_alpha(peek(c, 3));
}

static void scan_word(struct scan *c)
{
	struct nl_token t = { 0 };

	if (is_dotted(c)) { /* "a.m." */
		int half = peek(c, 0) == 'p' ? 12 : 0;

		c->i += peek(c, 3) == '.' ? 4 : 3;
		emit(c, NT_MERIDIEM, half, 0);
		return;
	}
	if (scan_zone(c))
		return;
	unsigned begin = c->i;
	struct slice word = word_read(c, true);
	if (!nl_word(word, &t)) {
		c->i = begin;
		word = word_read(c, false);
	}
	struct nl_token *to = emit(c, NT_UNKNOWN, 0, 0);
	if (!to)
		return;
	to->word = word;
	if (nl_word(word, &t) || (!nl_zone_has_word(c->p, word) && nl_word_near(word, &t))) {
		to->type = t.type;
		to->value = t.value;
		to->more = t.more;
		to->is_typo = t.is_typo;
	}
}

/* ---- the rest ---- */

static void scan_sign(struct scan *c)
{
	static const struct {
		char sign;
		enum nl_type type;
	} signs[] = {
		{ ',', NT_COMMA }, { ';', NT_COMMA }, { '-', NT_DASH }, { '+', NT_PLUS },
		{ '/', NT_SLASH }, { '@', NT_AT },    { '&', NT_AND },
	};
	char a = peek(c, 0);

	if (a == ':' && digits_at(c, 1, 2)) {
		int minute = two(c, 1);

		c->i += 3;
		emit(c, NT_MINUTE_MARK, minute, 2);
		return;
	}
	c->i++;
	for (unsigned i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (a == signs[i].sign) {
			emit(c, signs[i].type, 0, 0);
			return;
		}
	if (!strchr(" .!?:()\"'", a))
		emit(c, NT_BAD, 0, 0);
}

/* "twenty" before "five" or "fifth", all in words. */
static bool is_tens(const struct nl_token *t, const struct nl_token *ones)
{
	bool is_ones = NL_ANY(ones->type, NT_NUMBER, NT_ORDINAL) && ones->more == 0
		    && ones->value > 0 && ones->value < 10;

	return is_ones && t->type == NT_NUMBER && t->more == 0 && t->value >= 20
	    && t->value % 10 == 0;
}

/* "twenty five" and "twenty-five" are one number, "thirty first" one ordinal. */
static void join_numbers(struct nl_pass *p)
{
	unsigned to = 0;

	for (unsigned i = 0; i < p->n; i++) {
		struct nl_token *t = &p->tokens[to++];

		*t = p->tokens[i];
		unsigned k = i + 1 < p->n && p->tokens[i + 1].type == NT_DASH ? i + 2 : i + 1;
		if (k >= p->n || !is_tens(t, &p->tokens[k]))
			continue;
		const struct nl_token *ones = &p->tokens[k];
		t->type = ones->type;
		t->value += ones->value;
		t->len = ones->at + ones->len - t->at;
		i = k;
	}
	p->n = to;
	p->tokens[to] = (struct nl_token){ .type = NT_END, .at = (unsigned)p->text.n };
}

enum nl_read nl_tokens(struct nl_pass *p)
{
	char *folded = arena_alloc(p->ask->arena, p->text.n + 1);
	uint16_t *from = arena_array(p->ask->arena, uint16_t, p->text.n + 1);
	struct scan c = { .p = p, .s = folded, .from = from };
	bool is_text = nl_fold(p->text, folded, from, &c.n);

	if (!is_text) {
		p->fault = (struct when_fault){ WHEN_NL_UNRECOGNIZED, c.n, c.n < p->text.n ? 1 : 0,
						"text", "Send printable UTF-8 text." };
		return NL_FAULT;
	}
	while (c.i < c.n && p->n < NL_TOKENS_MAX) {
		c.start = c.i;
		if (is_digit(peek(&c, 0)))
			scan_number(&c);
		else if (is_word_letter(peek(&c, 0)))
			scan_word(&c);
		else
			scan_sign(&c);
	}
	join_numbers(p);
	if (c.i < c.n) {
		p->i = p->n;
		return nl_fault(p, WHEN_NL_UNRECOGNIZED, p->n - 1, "Say it in fewer words.");
	}
	return NL_READ;
}
