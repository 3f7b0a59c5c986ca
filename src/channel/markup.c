/* Markdown's blocks: line by line, each line once. What stands in front of a line (">", "#", "-",
 * "1.", fences) decides; what no rule wants is text. */
#include "channel/channel_int.h"

enum { LIST_DEPTH = 8, QUOTE_DEPTH = 8, NUMBER_DIGITS = 9 };

struct reader {
	const char *p, *end; /* what is still to be read */
	struct blocks *out;
	char *text; /* where lines of blocks are put one behind the other */
	size_t n;
	struct block *open; /* takes more lines; NULL: none */
	bool in_quote;
	char fence; /* '`' or '~' inside one, '|' in a table, ' ' in an indented block; 0 */
	size_t fence_n, fence_indent;
	size_t indents[LIST_DEPTH]; /* of the items that are open */
	int items;
};

struct block *blocks_add(struct blocks *b, enum block_kind kind, struct slice text)
{
	if (b->n == b->cap) {
		size_t cap = b->cap ? 2 * b->cap : 32;
		struct block *list = arena_array(b->arena, struct block, cap);

		if (b->n)
			memcpy(list, b->list, b->n * sizeof(*list));
		b->list = list;
		b->cap = cap;
	}
	b->list[b->n] = (struct block){ .kind = kind, .number = -1, .text = text };
	return &b->list[b->n++];
}

static void begin(struct reader *r, enum block_kind kind)
{
	r->open = blocks_add(r->out, kind, (struct slice){ r->text + r->n, 0 });
	r->open->in_quote = r->in_quote;
}

static void flush(struct reader *r)
{
	r->open = NULL;
	r->fence = 0;
}

static void add_line(struct reader *r, struct slice line)
{
	struct slice *text = &r->open->text;

	if (text->n) {
		r->text[r->n++] = '\n';
		text->n++;
	}
	memcpy(r->text + r->n, line.p, line.n);
	r->n += line.n;
	text->n += line.n;
}

/* --- lines --- */

static struct slice take_line(struct reader *r)
{
	const char *eol = memchr(r->p, '\n', (size_t)(r->end - r->p));
	struct slice line = { r->p, (size_t)((eol ? eol : r->end) - r->p) };

	r->p = eol ? eol + 1 : r->end;
	return line;
}

static struct slice from(struct slice s, size_t i)
{
	return (struct slice){ s.p + i, s.n - i };
}

/* Columns of white space in front; a tab goes to the next multiple of 4. *out_bytes of it. */
static size_t indent_of(struct slice line, size_t *out_bytes)
{
	size_t i = 0, columns = 0;

	for (; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
		columns += line.p[i] == ' ' ? 1 : 4 - columns % 4;
	*out_bytes = i;
	return columns;
}

static struct slice trim_end(struct slice s)
{
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static struct slice trim(struct slice s)
{
	size_t bytes;

	indent_of(s, &bytes);
	return trim_end(from(s, bytes));
}

static size_t run_of(struct slice s, char c)
{
	size_t n = 0;

	while (n < s.n && s.p[n] == c)
		n++;
	return n;
}

static struct slice strip_quote(struct slice line, bool *out_is_quote)
{
	size_t bytes;

	*out_is_quote = false;
	for (int i = 0; i < QUOTE_DEPTH && indent_of(line, &bytes) < 4; i++) {
		if (bytes == line.n || line.p[bytes] != '>')
			break;
		line = from(line, bytes + 1);
		if (line.n && line.p[0] == ' ')
			line = from(line, 1);
		*out_is_quote = true;
	}
	return line;
}

/* --- what a line may be --- */

/* Only `c`, at least `least` of them, blanks between. */
static bool is_only(struct slice line, char c, size_t least)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == c)
			n++;
		else if (line.p[i] != ' ' && line.p[i] != '\t')
			return false;
	return n >= least;
}

static bool is_table_rule(struct slice line)
{
	bool bar = false, dash = false;

	for (size_t i = 0; i < line.n; i++) {
		if (!strchr("|:- \t", line.p[i]))
			return false;
		bar |= line.p[i] == '|';
		dash |= line.p[i] == '-';
	}
	return bar && dash;
}

static bool has_bar(struct slice line)
{
	return line.n && memchr(line.p, '|', line.n);
}

static bool next_is_table_rule(const struct reader *r)
{
	struct reader ahead = *r;
	bool is_quote;

	return r->p < r->end && is_table_rule(trim(strip_quote(take_line(&ahead), &is_quote)));
}

/* Does a code block end before this line? A fence does not, it ends with one. */
static bool is_behind_code(const struct reader *r, struct slice line, struct slice bare)
{
	size_t bytes;

	if (r->fence == '|')
		return bare.n == 0 || !has_bar(line);
	return r->fence == ' ' && bare.n && indent_of(line, &bytes) < 4;
}

static bool ends_fence(const struct reader *r, struct slice bare)
{
	return (r->fence == '`' || r->fence == '~') && run_of(bare, r->fence) >= r->fence_n
	    && is_only(bare, r->fence, 3);
}

/* Inside a code block. False: it ended before this line. */
static bool code_line(struct reader *r, struct slice line, struct slice bare)
{
	size_t cut = 0;

	if (is_behind_code(r, line, bare)) {
		flush(r);
		return false;
	}
	if (ends_fence(r, bare)) {
		flush(r);
		return true;
	}
	while (cut < line.n && cut < r->fence_indent && line.p[cut] == ' ')
		cut++;
	add_line(r, from(line, cut));
	return true;
}

static bool fence_line(struct reader *r, struct slice line, struct slice bare)
{
	char c = bare.n ? bare.p[0] : 0;
	size_t n = c == '`' || c == '~' ? run_of(bare, c) : 0;

	if (n < 3 || (c == '`' && memchr(bare.p + n, '`', bare.n - n)))
		return false;
	flush(r);
	begin(r, BLOCK_CODE);
	r->fence = c;
	r->fence_n = n;
	indent_of(line, &r->fence_indent);
	return true;
}

static bool heading_line(struct reader *r, struct slice bare)
{
	size_t n = run_of(bare, '#'), end;

	if (n < 1 || n > 6 || (n < bare.n && bare.p[n] != ' ' && bare.p[n] != '\t'))
		return false;
	flush(r);
	bare = trim(from(bare, n));
	for (end = bare.n; end && bare.p[end - 1] == '#'; end--)
		;
	if (end == 0 || bare.p[end - 1] == ' ')
		bare = trim_end((struct slice){ bare.p, end });
	begin(r, BLOCK_HEADING);
	r->open->level = (int)n;
	add_line(r, bare);
	flush(r);
	return true;
}

static bool rule_line(struct reader *r, struct slice bare)
{
	bool was_text = r->open && r->open->kind == BLOCK_PARAGRAPH;

	if (was_text && (run_of(bare, '=') == bare.n || run_of(bare, '-') == bare.n)) {
		r->open->kind = BLOCK_HEADING;
		r->open->level = bare.p[0] == '=' ? 1 : 2;
		flush(r);
		return true;
	}
	if (!is_only(bare, '-', 3) && !is_only(bare, '*', 3) && !is_only(bare, '_', 3))
		return false;
	flush(r);
	begin(r, BLOCK_RULE);
	flush(r);
	return true;
}

/* Bytes of "12." or "12)"; 0: none. */
static size_t number_of(struct slice bare, int *out_number)
{
	size_t n = 0;
	int number = 0;

	for (; n < bare.n && n < NUMBER_DIGITS && bare.p[n] >= '0' && bare.p[n] <= '9'; n++)
		number = number * 10 + (bare.p[n] - '0');
	if (n == 0 || n == bare.n || (bare.p[n] != '.' && bare.p[n] != ')'))
		return 0;
	*out_number = number;
	return n + 1;
}

/* Bytes of "-" or "12.", a blank or the end behind it; 0: none. *out_number -1 for bullets. */
static size_t marker(struct slice bare, int *out_number)
{
	size_t n;

	*out_number = -1;
	n = bare.n && strchr("-*+", bare.p[0]) ? 1 : number_of(bare, out_number);
	return n && (n == bare.n || bare.p[n] == ' ' || bare.p[n] == '\t') ? n : 0;
}

/* "[ ] " and "[x] " are boxes. */
static void add_item_text(struct reader *r, struct slice text)
{
	bool open = text.n > 3 && memcmp(text.p, "[ ] ", 4) == 0;
	bool done = text.n > 3 && text.p[0] == '[' && (text.p[1] | 0x20) == 'x'
		 && memcmp(text.p + 2, "] ", 2) == 0;

	add_line(r, text);
	if (open || done)
		memcpy(r->text + r->n - text.n, open ? "\xe2\x98\x90" : "\xe2\x98\x91", 3);
}

static bool item_line(struct reader *r, struct slice line, struct slice bare)
{
	bool in_text = r->open && r->open->kind != BLOCK_ITEM;
	size_t bytes, indent = indent_of(line, &bytes), n;
	int number;

	n = marker(bare, &number);
	/* "It was in\n1986. A year" is no list. */
	if (n == 0 || (in_text && (number > 1 || n == bare.n)))
		return false;
	while (r->items && r->indents[r->items - 1] >= indent)
		r->items--;
	flush(r);
	begin(r, BLOCK_ITEM);
	r->open->level = r->items;
	r->open->number = number;
	if (r->items < LIST_DEPTH - 1)
		r->indents[r->items++] = indent;
	add_item_text(r, trim(from(bare, n)));
	return true;
}

static bool indented_line(struct reader *r, struct slice line)
{
	size_t bytes;

	if (r->open || r->items || indent_of(line, &bytes) < 4)
		return false;
	begin(r, BLOCK_CODE);
	r->fence = ' ';
	r->fence_indent = 4;
	return code_line(r, line, trim(line));
}

static bool table_line(struct reader *r, struct slice line)
{
	if (r->open || !has_bar(line) || !next_is_table_rule(r))
		return false;
	begin(r, BLOCK_CODE);
	r->fence = '|';
	r->fence_indent = 0;
	add_line(r, line);
	return true;
}

static void plain_line(struct reader *r, struct slice line, struct slice bare)
{
	size_t bytes;

	if (!r->open) {
		if (indent_of(line, &bytes) == 0)
			r->items = 0;
		begin(r, r->in_quote ? BLOCK_QUOTE : BLOCK_PARAGRAPH);
	}
	add_line(r, bare);
}

static bool special_line(struct reader *r, struct slice line, struct slice bare)
{
	return indented_line(r, line) || fence_line(r, line, bare) || heading_line(r, bare)
	    || rule_line(r, bare) || item_line(r, line, bare) || table_line(r, line);
}

static void read_line(struct reader *r, struct slice line)
{
	bool is_quote;
	struct slice inner = strip_quote(line, &is_quote), bare;

	/* A fence that began outside a quote keeps its ">". */
	if (r->fence && !r->in_quote) {
		inner = line;
	} else if (is_quote != r->in_quote) {
		flush(r);
		r->items = 0;
		r->in_quote = is_quote;
	}
	bare = trim(inner);
	if (r->fence && code_line(r, inner, bare))
		return;
	if (bare.n == 0)
		flush(r);
	else if (!special_line(r, inner, bare))
		plain_line(r, inner, bare);
}

void markup_read(struct slice text, struct blocks *out)
{
	struct reader r = { .p = text.p, .end = text.p + text.n, .out = out };

	/* Each line is written at most once, with a line feed before it. */
	r.text = arena_alloc(out->arena, text.n + 2);
	while (r.p < r.end)
		read_line(&r, take_line(&r));
}
