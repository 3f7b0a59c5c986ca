/* The writer of marked up text: what its three files share. */
#ifndef CHANNEL_MARKUP_INT_H
#define CHANNEL_MARKUP_INT_H

#include "channel/channel_int.h"

#define ZWSP "\xe2\x80\x8b"
enum { STACK = MARK_DEPTH + 2, GLYPH = 32 };

struct wanted {
	enum mark mark;
	struct slice url; /* as it is written */
};
struct out {
	const struct dialect *d;
	struct arena *arena;
	struct pieces pieces; /* of the block at hand */
	struct strbuf b;
	size_t used, budget, closing; /* closing: units that ending now would cost */
	size_t skipped, shown;        /* characters left out; characters that can be seen */
	bool is_full;
	struct wanted want[STACK], open[STACK];
	int want_n, open_n;
	const struct block *block; /* NULL: between blocks */
	size_t start[2];           /* of the block: bytes before it, bytes before its text */
	size_t start_used;
	enum block_kind before;   /* the one before it; BLOCK_KINDS: it is the first */
	bool in_code, was_closed; /* a mark was closed behind the last character */
	bool digits;              /* the line is digits so far */
	int ticks;                /* in a row, inside a code block */
	uint32_t last;            /* the character before; 0 at a line's begin */
	uint32_t next;            /* the one behind the piece at hand; 0 at a block's end */
};

/* --- markup_marks.c --- */

size_t out_units(const struct dialect *d, const char *p, size_t n);
size_t out_mark_cost(const struct dialect *d, const char *mark); /* of a mark or other text of ours; NULL: 0 */
void out_put_mark(struct out *o, const char *mark);              /* NULL: nothing */
bool out_fits(const struct out *o, size_t cost);
struct slice out_url_written(const struct out *o, struct slice url);
bool out_wants(const struct out *o, enum mark mark);
void out_close_to(struct out *o, int n); /* but the outermost n */

/* The marks that the next character is to have; the first `same` are open already. */
struct plan {
	struct wanted list[STACK];
	int count, same;
	bool apart; /* marks that cannot be escaped work beside a blank only */
};
/* Closes what is not to be around the next character, and says what is to be opened. */
void plan_marks(struct out *o, uint32_t next, bool is_code, struct plan *out);
size_t plan_cost(const struct out *o, const struct plan *p);
void plan_open(struct out *o, const struct plan *p);

/* --- markup_glyph.c --- */

/* The character at the begin of rest (n bytes) as it is written here. */
size_t out_glyph(const struct out *o, struct slice rest, size_t n, char to[GLYPH]);

#endif
