/* One character in a dialect: escaped, or kept from being a mark. */
#include <stdio.h>

#include "channel/markup_int.h"

#define TICK_LIKE "\xcb\x8b" /* U+02CB, for ` inside code */

static bool is_in(const char *set, uint32_t c)
{
	return set && c && c < 0x80 && strchr(set, (int)c);
}

static bool ticks_code(const struct dialect *d)
{
	return d->blocks[BLOCK_CODE].open && d->blocks[BLOCK_CODE].open[0] == '`';
}

static const char *entity_of(const struct dialect *d, uint32_t c)
{
	if (!d->entities)
		return NULL;
	return c == '&'                 ? "&amp;"
	     : c == '<'                 ? "&lt;"
	     : c == '>'                 ? "&gt;"
	     : c == '"' && d->tags_free ? "&quot;"
					: NULL;
}

/* Words that notify somebody are broken behind their first character. */
static bool is_ping(const struct out *o, struct slice rest)
{
	for (const char *const *ping = o->d->pings; ping && *ping; ping++)
		if (rest.n >= strlen(*ping) && memcmp(rest.p, *ping, strlen(*ping)) == 0)
			return true;
	return false;
}

/* Marks that cannot be escaped do nothing between two blanks or two letters; else they are put there. */
static bool is_lonely(const struct out *o, uint32_t c, uint32_t next)
{
	if (!is_in(o->d->lonely, c))
		return false;
	if (c == '<')
		return !rune_is_blank(next);
	return !(rune_is_blank(o->last) && rune_is_blank(next))
	    && !(rune_is_word(o->last) && rune_is_word(next));
}

static bool is_slashed(const struct out *o, uint32_t c, uint32_t next)
{
	if (is_in(o->d->slashed, c))
		return true;
	if (o->last == 0 && is_in(o->d->slashed_first, c))
		return true;
	return o->d->slashed_first && o->digits && (c == '.' || c == ')') && rune_is_blank(next);
}

/* Inside code nothing is escaped but what would end it. */
static size_t glyph_code(const struct out *o, uint32_t c, char to[GLYPH])
{
	if (c != '`')
		return 0;
	if (o->block->kind != BLOCK_CODE)
		return (size_t)snprintf(to, GLYPH, TICK_LIKE);
	/* Never three in a row. */
	return o->ticks && o->ticks % 2 == 0 ? (size_t)snprintf(to, GLYPH, ZWSP "`") : 0;
}

static size_t glyph_slashed(const struct dialect *d, uint32_t c, char to[GLYPH])
{
	if (!d->json)
		return (size_t)snprintf(to, GLYPH, "\\%c", (int)c);
	return (size_t)snprintf(to, GLYPH, c == '\\' ? "\\\\\\%c" : "\\\\%c", (int)c);
}

/* What JSON, and Teams in it, need; 0: nothing. */
static size_t glyph_json(const struct out *o, uint32_t c, char to[GLYPH])
{
	if (!o->d->json)
		return 0;
	if (c == '\t' || (c == ' ' && o->in_code))
		return (size_t)snprintf(to, GLYPH, "%s", o->in_code ? "\xc2\xa0" : " ");
	return c == '"' ? (size_t)snprintf(to, GLYPH, "\\\"") : 0;
}

static size_t glyph_text(const struct out *o, uint32_t c, uint32_t next, char to[GLYPH])
{
	if (is_lonely(o, c, next))
		return (size_t)snprintf(to, GLYPH, ZWSP "%c" ZWSP, (int)c);
	if (is_slashed(o, c, next))
		return glyph_slashed(o->d, c, to);
	return glyph_json(o, c, to);
}

size_t out_glyph(const struct out *o, struct slice rest, size_t n, char to[GLYPH])
{
	const char *entity;
	uint32_t c, next = o->next;
	size_t made;

	rune_read(rest.p, rest.p + rest.n, &c);
	if (n < rest.n)
		rune_read(rest.p + n, rest.p + rest.n, &next);
	entity = entity_of(o->d, c);
	if (entity)
		return (size_t)snprintf(to, GLYPH, "%s", entity);
	if (is_ping(o, rest))
		return (size_t)snprintf(to, GLYPH, "%c" ZWSP, (int)c);
	made = o->in_code && ticks_code(o->d) ? glyph_code(o, c, to) : glyph_text(o, c, next, to);
	if (made)
		return made;
	memcpy(to, rest.p, n);
	return n;
}
