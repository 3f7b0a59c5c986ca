/* Blocks and pieces to a platform's text, by its row of marks, within its limit.
 *
 * Marks are opened when a character needs them and closed when one does not: no empty pairs, and a
 * cut leaves nothing open. What it costs to close all that is open is set aside at every step. A text
 * that does not fit is written a second time, with room for the sentence at its end. */
#include <stdio.h>

#include "channel/markup_int.h"

#define ELLIPSIS "\xe2\x80\xa6"
#define NOTHING "(nothing)"
enum { TAIL_ROOM = 64, TITLE_CHARACTERS = 256, OUT_MAX = 4 << 20 };

static void put_newline(struct out *o)
{
	size_t cost = out_mark_cost(o->d, o->d->newline) + out_mark_cost(o->d, o->d->quote);

	if (o->block->kind == BLOCK_CODE && !o->d->json)
		cost = 1 + (o->d->unit == UNIT_BYTES);
	if (!out_fits(o, cost + 1)) {
		o->is_full = true;
		o->skipped++;
		return;
	}
	/* Of a link nothing goes over a line's end. */
	out_close_to(o, 0);
	if (o->block->kind == BLOCK_CODE && !o->d->json)
		out_put_mark(o, "\n");
	else
		out_put_mark(o, o->d->newline);
	if (o->block->in_quote && o->block->kind != BLOCK_CODE)
		out_put_mark(o, o->d->quote);
	o->last = 0;
	o->digits = true;
	o->was_closed = false;
}

/* False: it did not fit, and nothing was written. */
static bool put_glyph(struct out *o, struct slice rest, size_t n, uint32_t c)
{
	struct plan plan;
	char to[GLYPH];
	size_t made, cost;

	plan_marks(o, c, false, &plan);
	made = out_glyph(o, rest, n, to);
	cost = o->d->tags_free ? (size_t)(c > 0xffff ? 2 : 1) : out_units(o->d, to, made);
	if (!out_fits(o, cost + plan_cost(o, &plan)))
		return false;
	plan_open(o, &plan);
	strbuf_add(&o->b, to, made);
	o->used += cost;
	return true;
}

/* Inside a code span and a link's text a line's end is a blank. */
static bool is_one_line(const struct out *o)
{
	return o->block->kind != BLOCK_CODE && (o->in_code || out_wants(o, MARK_LINK));
}

static void put_rune(struct out *o, struct slice rest, size_t n, uint32_t c)
{
	if (c == '\n' && !is_one_line(o)) {
		put_newline(o);
		return;
	}
	if (!put_glyph(o, c == '\n' ? SLICE_LIT(" ") : rest, n, c)) {
		o->is_full = true;
		o->skipped++;
		return;
	}
	o->ticks = c == '`' ? o->ticks + 1 : 0;
	o->digits = (o->digits || o->last == 0) && c >= '0' && c <= '9';
	o->last = c;
	o->shown += !rune_is_blank(c);
}

static void put_text(struct out *o, struct slice text)
{
	size_t n;
	uint32_t c;

	for (size_t i = 0; i < text.n; i += n) {
		struct slice rest = { text.p + i, text.n - i };

		n = rune_read(rest.p, rest.p + rest.n, &c);
		if (o->is_full)
			o->skipped++;
		else
			put_rune(o, rest, n, c);
	}
}

/* --- pieces --- */

static void want(struct out *o, enum mark mark, struct slice url)
{
	if (o->want_n < STACK)
		o->want[o->want_n++] = (struct wanted){ mark, out_url_written(o, url) };
}

static void put_bare(struct out *o, struct slice url)
{
	struct slice written = out_url_written(o, url);

	if (out_wants(o, MARK_LINK)) {
		put_text(o, url);
		return;
	}
	if (!o->d->bare.open) {
		want(o, MARK_LINK, url);
		put_text(o, url);
		o->want_n--;
		return;
	}
	out_close_to(o, 0);
	if (o->is_full
	    || !out_fits(o, out_mark_cost(o->d, o->d->bare.open)
				    + out_mark_cost(o->d, o->d->bare.close)
				    + out_units(o->d, written.p, written.n))) {
		o->is_full = true;
		o->skipped += rune_count(url);
		return;
	}
	out_put_mark(o, o->d->bare.open);
	strbuf_add(&o->b, written.p, written.n);
	o->used += out_units(o->d, written.p, written.n);
	out_put_mark(o, o->d->bare.close);
	o->last = '/';
	o->shown++;
}

static void put_code(struct out *o, struct slice text)
{
	const struct pair *code = &o->d->code;
	size_t both = out_mark_cost(o->d, code->open) + out_mark_cost(o->d, code->close);
	struct plan plan;

	/* Where a link takes no marks, or code none around it, code in a link is text. */
	if (out_wants(o, MARK_LINK) && (o->d->flat_links || o->d->bare_code)) {
		put_text(o, text);
		return;
	}
	o->in_code = true;
	plan_marks(o, 0, true, &plan);
	if (o->is_full || text.n == 0 || !out_fits(o, both + plan_cost(o, &plan) + 3)) {
		o->is_full |= text.n != 0;
		o->skipped += rune_count(text);
		o->in_code = false;
		return;
	}
	plan_open(o, &plan);
	out_put_mark(o, code->open);
	o->closing += out_mark_cost(o->d, code->close);
	put_text(o, text);
	o->closing -= out_mark_cost(o->d, code->close);
	out_put_mark(o, code->close);
	o->was_closed = true;
	o->in_code = false;
}

static void put_piece(struct out *o, const struct piece *p)
{
	switch (p->kind) {
	case PIECE_TEXT:
		put_text(o, p->text);
		break;
	case PIECE_CODE:
		put_code(o, p->text);
		break;
	case PIECE_URL:
		put_bare(o, p->text);
		break;
	case PIECE_OPEN:
		want(o, p->mark, p->text);
		break;
	case PIECE_CLOSE:
		o->want_n--;
		break;
	}
}

static void put_pieces(struct out *o, const struct block *b)
{
	inline_read(b, &o->pieces);
	for (size_t i = 0; o->pieces.list && i < o->pieces.n; i++) {
		const struct piece *p = &o->pieces.list[i],
				   *next = i + 1 < o->pieces.n ? p + 1 : NULL;

		/* Marks and code begin with a sign. */
		o->next = next ? '*' : 0;
		if (next && next->kind == PIECE_TEXT && next->text.n)
			rune_read(next->text.p, next->text.p + next->text.n, &o->next);
		put_piece(o, p);
	}
}

/* --- blocks --- */

static void lead(const struct out *o, const struct block *b, char to[GLYPH])
{
	const struct dialect *d = o->d;

	to[0] = '\0';
	if (b->kind == BLOCK_ITEM && b->number >= 0)
		snprintf(to, GLYPH, "%d%s", b->number, d->number);
	else if (b->kind == BLOCK_ITEM)
		snprintf(to, GLYPH, "%s", d->bullet);
	else if (b->kind == BLOCK_HEADING && d->native_levels && b->level <= 3)
		snprintf(to, GLYPH, "%.*s", b->level + 1, &"### "[3 - b->level]);
}

static const char *gap_before(const struct out *o, const struct block *b)
{
	if (o->before == BLOCK_KINDS)
		return NULL;
	return b->kind == BLOCK_ITEM && o->before == BLOCK_ITEM ? o->d->tight : o->d->gap;
}

static bool begin_block(struct out *o, const struct block *b)
{
	const struct pair *pair = &o->d->blocks[b->kind];
	const char *gap = gap_before(o, b),
		   *quote = b->in_quote && b->kind != BLOCK_CODE ? o->d->quote : NULL;
	char first[GLYPH];
	int level = b->kind == BLOCK_ITEM ? b->level : 0;

	lead(o, b, first);
	if (!out_fits(o, out_mark_cost(o->d, gap) + out_mark_cost(o->d, quote)
				 + out_mark_cost(o->d, pair->open)
				 + out_mark_cost(o->d, pair->close) + out_mark_cost(o->d, first)
				 + (size_t)level * out_mark_cost(o->d, o->d->indent) + 4))
		return false;
	o->start[0] = o->b.n;
	o->start_used = o->used;
	out_put_mark(o, gap);
	out_put_mark(o, quote);
	out_put_mark(o, pair->open);
	for (int i = 0; i < level; i++)
		out_put_mark(o, o->d->indent);
	out_put_mark(o, first);
	o->start[1] = o->b.n;
	o->closing = out_mark_cost(o->d, pair->close);
	o->block = b;
	o->last = first[0] ? ' ' : 0;
	o->digits = !first[0];
	o->in_code = b->kind == BLOCK_CODE;
	o->was_closed = false;
	o->ticks = o->want_n = 0;
	o->next = 0;
	if (!pair->open && !first[0] && (b->kind == BLOCK_HEADING || b->kind == BLOCK_TITLE))
		want(o, MARK_BOLD, SLICE_LIT(""));
	return true;
}

/* A block without any text leaves nothing behind. */
static void end_block(struct out *o)
{
	out_close_to(o, 0);
	if (o->b.n == o->start[1] && o->block->kind != BLOCK_RULE) {
		o->b.n = o->start[0];
		o->b.p[o->b.n] = '\0';
		o->used = o->start_used;
	} else {
		out_put_mark(o, o->d->blocks[o->block->kind].close);
		o->before = o->block->kind;
	}
	o->closing = 0;
	o->in_code = false;
	o->block = NULL;
}

static void put_block(struct out *o, const struct block *b)
{
	struct slice text = b->text;

	while (text.n && text.p[text.n - 1] == '\n')
		text.n--;
	if (o->is_full || !begin_block(o, b)) {
		o->is_full = true;
		o->skipped += rune_count(text);
		return;
	}
	if (b->kind == BLOCK_RULE) {
		out_put_mark(o, o->d->rule);
		o->shown++;
	} else if (b->kind == BLOCK_CODE) {
		put_text(o, text);
	} else {
		put_pieces(o, b);
	}
}

/* "… (N more characters)", behind the last word, or below code and blocks that are complete. */
static void put_tail(struct out *o)
{
	static const struct block below = { .kind = BLOCK_PARAGRAPH };
	char tail[TAIL_ROOM];

	snprintf(tail, sizeof(tail), ELLIPSIS " (%zu more character%s)", o->skipped,
		 o->skipped == 1 ? "" : "s");
	o->budget = SIZE_MAX / 2;
	if (o->block && o->block->kind != BLOCK_CODE) {
		out_close_to(o, 0);
	} else {
		if (o->block)
			end_block(o);
		begin_block(o, &below);
	}
	out_put_mark(o, tail);
	end_block(o);
}

static void write_blocks(struct out *o, const struct blocks *blocks, size_t budget)
{
	strbuf_clear(&o->b);
	o->used = o->closing = o->skipped = o->shown = 0;
	o->budget = budget;
	o->is_full = o->in_code = false;
	o->open_n = o->want_n = 0;
	o->before = BLOCK_KINDS;
	o->block = NULL;
	for (size_t i = 0; i < blocks->n; i++) {
		put_block(o, &blocks->list[i]);
		if (o->block && !o->is_full)
			end_block(o);
	}
}

/* --- the content --- */

static size_t read_content(const struct dialect *d, const struct content *content,
			   struct blocks *out)
{
	size_t most = 3 * d->limit + 4096, rest; /* no character has more bytes for what it costs */
	struct slice text, title = text_line(content->title, TITLE_CHARACTERS, out->arena);
	struct json_syntax why;

	if (title.n)
		blocks_add(out, BLOCK_TITLE, title)->is_plain = true;
	if (content->format == FORMAT_JSON) {
		text = content->is_json || json_scan(content->text, &why)
			     ? text_pretty_json(content->text, most, out->arena, &rest)
			     : text_clean(content->text, most, out->arena, &rest);
		blocks_add(out, BLOCK_CODE, text);
		return rest;
	}
	text = text_clean(content->text, most, out->arena, &rest);
	if (content->format == FORMAT_MARKDOWN)
		markup_read(text, out);
	else if (text.n)
		blocks_add(out, BLOCK_PARAGRAPH, text)->is_plain = true;
	return rest;
}

struct slice markup_write(const struct dialect *d, const struct content *content, struct arena *a,
			  bool *out_was_cut)
{
	struct blocks blocks = { .arena = a };
	struct out o = { .d = d, .arena = a, .pieces = { .arena = a } };
	size_t rest = read_content(d, content, &blocks);
	size_t frame = out_mark_cost(d, d->blocks[BLOCK_PARAGRAPH].open)
		     + out_mark_cost(d, d->blocks[BLOCK_PARAGRAPH].close);

	strbuf_init(&o.b, OUT_MAX);
	o.is_full = rest > 0; /* then it is cut in any case */
	if (!o.is_full)
		write_blocks(&o, &blocks, d->limit);
	*out_was_cut = o.is_full;
	if (*out_was_cut) {
		write_blocks(&o, &blocks, d->limit - TAIL_ROOM - frame);
		o.skipped += rest;
		put_tail(&o);
	}
	if (o.shown == 0) {
		/* A message without a visible character is refused everywhere. */
		blocks.n = 0;
		blocks_add(&blocks, BLOCK_PARAGRAPH, SLICE_LIT(NOTHING))->is_plain = true;
		write_blocks(&o, &blocks, d->limit);
	}
	return text_take(&o.b, a);
}
