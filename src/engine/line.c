/* A line in which tenants take turns. What waits of one tenant is in its order; who has just
 * come stands behind the others' next, however many they have. */
#include <stdlib.h>
#include <utlist.h>

#include "base/check.h"
#include "engine/engine_int.h"

struct line_part *line_part(const struct line *l, const struct share *s)
{
	struct line_part *p = NULL;

	HASH_FIND_PTR(l->parts, &s, p);
	return p;
}

static struct line_part *part_of(struct line *l, struct share *s)
{
	struct line_part *p = line_part(l, s);

	if (p)
		return p;
	p = mem_new(sizeof *p);
	p->share = s;
	HASH_ADD_PTR(l->parts, share, p);
	return p;
}

static void forget_if_idle(struct line *l, struct line_part *p)
{
	if (p->n || p->flying)
		return;
	HASH_DEL(l->parts, p);
	free(p);
}

void line_add(struct line *l, struct held *h)
{
	struct line_part *p = part_of(l, h->share);

	DL_APPEND2(p->first, h, line_prev, line_next);
	if (p->n++ == 0) {
		DL_APPEND(l->ring, p);
		l->waiting++;
	}
	l->n++;
}

void line_remove(struct line *l, struct held *h)
{
	struct line_part *p = line_part(l, h->share);

	ASSERT(p && p->n > 0);
	DL_DELETE2(p->first, h, line_prev, line_next);
	l->n--;
	if (--p->n == 0) {
		DL_DELETE(l->ring, p);
		l->waiting--;
	}
	forget_if_idle(l, p);
}

void line_turn(struct line *l)
{
	struct line_part *p = l->ring;

	if (!p || !p->next)
		return;
	DL_DELETE(l->ring, p);
	DL_APPEND(l->ring, p);
}

void line_fly(struct line *l, struct share *s, int n)
{
	struct line_part *p = part_of(l, s);

	p->flying += n;
	ASSERT(p->flying >= 0);
	forget_if_idle(l, p);
}

void line_free(struct line *l)
{
	struct line_part *p, *next;

	ASSERT(!l->ring);
	HASH_ITER(hh, l->parts, p, next) {
		HASH_DEL(l->parts, p);
		free(p);
	}
}
