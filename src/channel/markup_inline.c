/* Marks inside a block, after CommonMark's delimiter stack, made flat: what opens is text until
 * something closes it. Linear: stacks are bounded, and so is how often a search can be in vain. */
#include "channel/channel_int.h"

enum { TICKS_MAX = 16, BRACKETS_MAX = 16 };

/* A run that may open: where its piece is. */
struct opener {
	enum mark mark;
	size_t piece;
};
struct bracket {
	size_t piece;
	int openers; /* how many there were */
	bool is_image;
};
struct inlines {
	const char *begin, *p, *end, *text; /* text: begin of what is not in a piece yet */
	struct pieces *out;
	struct opener openers[MARK_DEPTH];
	int openers_n;
	struct bracket brackets[BRACKETS_MAX];
	int brackets_n;
	bool is_plain;
};

static struct piece *add(struct pieces *out, struct piece piece)
{
	if (out->n == out->cap) {
		size_t cap = out->cap ? 2 * out->cap : 64;
		struct piece *list = arena_array(out->arena, struct piece, cap);

		if (out->n)
			memcpy(list, out->list, out->n * sizeof(*list));
		out->list = list;
		out->cap = cap;
	}
	out->list[out->n] = piece;
	return &out->list[out->n++];
}

static void add_text(struct inlines *r, const char *p, const char *end)
{
	if (p < end)
		add(r->out, (struct piece){ .kind = PIECE_TEXT, .text = { p, (size_t)(end - p) } });
}

/* Text up to p becomes a piece; the next begins at `next`. */
static void cut(struct inlines *r, const char *next)
{
	add_text(r, r->text, r->p);
	r->p = r->text = next;
}

/* --- escapes, entities, code --- */

static bool escape(struct inlines *r)
{
	if (r->p + 1 == r->end || !rune_is_sign(r->p[1]))
		return false;
	cut(r, r->p + 1);
	r->p++;
	return true;
}

static bool entity(struct inlines *r)
{
	static const struct {
		const char *name, *text;
	} rows[] = { { "&amp;", "&" },        { "&lt;", "<" },   { "&gt;", ">" },
		     { "&quot;", "\"" },      { "&apos;", "'" }, { "&#39;", "'" },
		     { "&nbsp;", "\xc2\xa0" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].name);

		if ((size_t)(r->end - r->p) < n || memcmp(r->p, rows[i].name, n) != 0)
			continue;
		cut(r, r->p + n);
		add_text(r, rows[i].text, rows[i].text + strlen(rows[i].text));
		return true;
	}
	return false;
}

static size_t run_at(const char *p, const char *end)
{
	const char *at = p;

	while (at < end && *at == *p)
		at++;
	return (size_t)(at - p);
}

static struct slice code_text(const char *p, const char *end)
{
	/* One blank on both sides is for content that begins or ends with a tick. */
	if (end - p > 2 && *p == ' ' && end[-1] == ' ') {
		p++;
		end--;
	}
	return (struct slice){ p, (size_t)(end - p) };
}

/* A search in vain happens once for each length: two runs of one length would have found each other. */
static bool code(struct inlines *r)
{
	size_t n = run_at(r->p, r->end), m;
	const char *at = r->p + n, *content = at;

	if (n > TICKS_MAX) {
		r->p += n;
		return true;
	}
	for (; at < r->end; at += m) {
		m = 1;
		if (*at != '`')
			continue;
		m = run_at(at, r->end);
		if (m != n)
			continue;
		cut(r, at + m);
		add(r->out, (struct piece){ .kind = PIECE_CODE, .text = code_text(content, at) });
		return true;
	}
	r->p += n;
	return true;
}

/* --- URLs --- */

static bool bare_url(struct inlines *r)
{
	size_t scheme = url_scheme(r->p, r->end);
	const char *stop;

	if (scheme < 7 || r->p[4] == 't'
	    || (r->p > r->text && rune_is_word((unsigned char)r->p[-1])))
		return false;
	stop = url_bare_end(r->p, r->end);
	if (stop <= r->p + scheme)
		return false;
	struct slice url = url_safe(r->p, stop, r->out->arena);

	cut(r, stop);
	add(r->out, (struct piece){ .kind = PIECE_URL, .mark = MARK_LINK, .text = url });
	return true;
}

/* <https://...> */
static bool angle_url(struct inlines *r)
{
	const char *p = r->p + 1, *at = p;

	if (!url_scheme(p, r->end))
		return false;
	while (at < r->end && at - p < LINK_URL_MAX && (unsigned char)*at > ' ' && *at != '<'
	       && *at != '>')
		at++;
	if (at == r->end || *at != '>')
		return false;
	struct slice url = url_safe(p, at, r->out->arena);

	cut(r, at + 1);
	add(r->out, (struct piece){ .kind = PIECE_URL, .mark = MARK_LINK, .text = url });
	return true;
}

/* --- emphasis --- */

struct run {
	char c;
	size_t n;
	bool opens, closes;
};

static uint32_t rune_before(const struct inlines *r)
{
	const char *p = r->p;
	uint32_t c = 0;

	if (p == r->begin)
		return 0;
	do
		p--;
	while (p > r->begin && ((unsigned char)*p & 0xc0) == 0x80);
	rune_read(p, r->p, &c);
	return c;
}

static bool is_sign_rune(uint32_t c)
{
	return !rune_is_blank(c) && !rune_is_word(c);
}

/* Does a run lean on what is on its one side, seen from the other? CommonMark's "flanking". */
static bool leans(uint32_t on, uint32_t other)
{
	return !rune_is_blank(on) && (!is_sign_rune(on) || !rune_is_word(other));
}

static struct run run_here(const struct inlines *r)
{
	struct run run = { .c = *r->p, .n = run_at(r->p, r->end) };
	const char *next = r->p + run.n;
	uint32_t before = rune_before(r), after = 0;
	bool left, right;

	if (next < r->end)
		rune_read(next, r->end, &after);
	left = leans(after, before);
	right = leans(before, after);
	run.opens = left && (run.c != '_' || !right || is_sign_rune(before));
	run.closes = right && (run.c != '_' || !left || is_sign_rune(after));
	return run;
}

/* The innermost opener of this mark, or -1. */
static int find_opener(const struct inlines *r, enum mark mark, char c)
{
	for (int i = r->openers_n - 1; i >= 0; i--)
		if (r->openers[i].mark == mark && *r->out->list[r->openers[i].piece].text.p == c)
			return i;
	return -1;
}

static void close_at(struct inlines *r, int i)
{
	struct opener *o = &r->openers[i];
	struct piece *opening = &r->out->list[o->piece];

	*opening = (struct piece){ .kind = PIECE_OPEN, .mark = o->mark };
	add(r->out, (struct piece){ .kind = PIECE_CLOSE, .mark = o->mark });
	r->openers_n = i;
	/* A bracket that this pair crosses is text. */
	while (r->brackets_n && r->brackets[r->brackets_n - 1].openers > i)
		r->brackets_n--;
}

/* What a run with so many characters left closes: the inner one of what is open, an exact fit first. */
static int find_closed(const struct inlines *r, char c, size_t left)
{
	int one = c == '~' ? -1 : find_opener(r, MARK_ITALIC, c);
	int two = left < 2 ? -1 : find_opener(r, c == '~' ? MARK_STRIKE : MARK_BOLD, c);

	if (left == 2 && two >= 0)
		return two;
	return one > two ? one : two;
}

/* Says how many characters are left over. */
static size_t close_run(struct inlines *r, const struct run *run)
{
	size_t left = run->n;
	int i;

	while (left && (i = find_closed(r, run->c, left)) >= 0) {
		left -= r->openers[i].mark == MARK_ITALIC ? 1 : 2;
		close_at(r, i);
	}
	return left;
}

static void open_mark(struct inlines *r, enum mark mark, const char *p, size_t n)
{
	add_text(r, p, p + n);
	if (r->openers_n < MARK_DEPTH)
		r->openers[r->openers_n++] = (struct opener){ mark, r->out->n - 1 };
}

/* More than three, and a single '~', are no marks. */
static bool is_run(const struct run *run)
{
	return (run->opens || run->closes) && (run->c == '~' ? run->n == 2 : run->n <= 3);
}

static bool emphasis(struct inlines *r)
{
	struct run run = run_here(r);
	const char *p = r->p;
	size_t left = run.n;

	if (!is_run(&run)) {
		r->p += run.n;
		return true;
	}
	cut(r, p + run.n);
	if (run.closes)
		left = close_run(r, &run);
	if (!run.opens || left < run.n) {
		add_text(r, p, p + left);
		return true;
	}
	if (left >= 2)
		open_mark(r, run.c == '~' ? MARK_STRIKE : MARK_BOLD, p, 2);
	if (left % 2)
		open_mark(r, MARK_ITALIC, p, 1);
	return true;
}

/* --- links --- */

static bool open_bracket(struct inlines *r)
{
	bool is_image = *r->p == '!';
	const char *p = r->p;

	if ((is_image && (p + 1 == r->end || p[1] != '[')) || r->brackets_n == BRACKETS_MAX)
		return false;
	cut(r, p + 1 + is_image);
	add_text(r, p, r->p);
	r->brackets[r->brackets_n++] = (struct bracket){ r->out->n - 1, r->openers_n, is_image };
	return true;
}

static bool close_bracket(struct inlines *r)
{
	struct bracket *b = r->brackets_n ? &r->brackets[r->brackets_n - 1] : NULL;
	struct slice url;
	const char *stop;

	if (!b)
		return false;
	r->brackets_n--;
	if (r->p + 1 >= r->end || r->p[1] != '(' || !(stop = url_link_end(r->p + 2, r->end, &url)))
		return false;
	url = url_safe(url.p, url.p + url.n, r->out->arena);
	cut(r, stop);
	r->openers_n = b->openers;
	if (b->is_image && r->brackets_n) {
		/* An image inside what may become a link: its words. */
		r->out->list[b->piece].text.n = 0;
		return true;
	}
	if (b->piece + 1 == r->out->n) {
		r->out->list[b->piece] = (struct piece){ .kind = PIECE_URL,
							 .mark = MARK_LINK,
							 .text = url };
		return true;
	}
	r->out->list[b->piece] = (struct piece){ .kind = PIECE_OPEN,
						 .mark = MARK_LINK,
						 .text = url };
	add(r->out, (struct piece){ .kind = PIECE_CLOSE, .mark = MARK_LINK });
	r->brackets_n = 0; /* a link holds no link */
	return true;
}

/* --- */

/* What a character may begin. False: nothing, it is text. */
static bool (*const steps[128])(struct inlines *r) = {
	['h'] = bare_url,     ['\\'] = escape,      ['&'] = entity,        ['`'] = code,
	['<'] = angle_url,    ['*'] = emphasis,     ['_'] = emphasis,      ['~'] = emphasis,
	['!'] = open_bracket, ['['] = open_bracket, [']'] = close_bracket,
};

static bool step(struct inlines *r)
{
	unsigned char c = (unsigned char)*r->p;

	return c < 128 && steps[c] && (!r->is_plain || c == 'h') && steps[c](r);
}

void inline_read(const struct block *block, struct pieces *out)
{
	const char *p = block->text.p;
	struct inlines r = { .begin = p,
			     .p = p,
			     .end = p + block->text.n,
			     .text = p,
			     .out = out,
			     .is_plain = block->is_plain };

	out->n = 0;
	while (r.p < r.end)
		if (!step(&r))
			r.p++;
	add_text(&r, r.text, r.end);
}
