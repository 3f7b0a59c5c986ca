/* For whom to ask the table while there is a backlog. Who is new gets a small question and
 * goes first; who has had all it asked for (it is hungry) shares what is left with the other
 * hungry ones, round about. When there are many, whoever has had its turn makes place for others and is found again
 * by a later round: nobody has to wait until one of them has no more. */
#include "engine/fair_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "model/turn.h"

static struct turn *find(struct turns *t, struct uuid tenant)
{
	struct turn *x = NULL;

	HASH_FIND(hh, t->known, &tenant, sizeof tenant, x);
	return x;
}

static void drop(struct turns *t, struct turn *x)
{
	ASSERT(t->known);
	HASH_DEL(t->known, x);
	free(x);
}

/* The one whose turn is farthest away of those that may go; what is in a plan is pointed at. */
static bool make_place(struct turns *t)
{
	struct turn *x, *next, *last = NULL;

	HASH_ITER(hh, t->known, x, next)
		if ((x->is_hungry || x->is_kept) && !x->is_asked)
			last = x;
	if (last)
		drop(t, last);
	return last;
}

void turns_add(struct turns *t, struct uuid tenant, usec_t at, bool is_served)
{
	bool is_full = HASH_COUNT(t->known) >= TURNS_MAX;
	struct turn *x = id_is_nil(tenant) ? NULL : find(t, tenant);

	if (x && at < x->at)
		x->at = at;
	if (x || id_is_nil(tenant) || (is_full && !make_place(t)))
		return;
	x = mem_new(sizeof *x);
	x->tenant = tenant;
	x->at = at;
	x->is_hungry = is_full && is_served;
	HASH_ADD(hh, t->known, tenant, sizeof x->tenant, x);
}

void turns_forget(struct turns *t)
{
	struct turn *x, *next;

	HASH_ITER(hh, t->known, x, next)
		drop(t, x);
	*t = (struct turns){ 0 };
}

/* The hash keeps the order in which its members came. */
static void to_the_end(struct turns *t, struct turn *x)
{
	HASH_DEL(t->known, x);
	HASH_ADD(hh, t->known, tenant, sizeof x->tenant, x);
}

int turns_room(void *ctx, struct uuid tenant)
{
	(void)ctx;
	(void)tenant;
	return INT32_MAX;
}

void turns_plan(struct turns *t, int most, int (*room)(void *ctx, struct uuid tenant), void *ctx,
		struct turns_plan *out)
{
	struct turn *x, *next;
	usec_t now = clock_now();
	int hungry = 0;

	out->n = 0;
	HASH_ITER(hh, t->known, x, next) {
		hungry += x->is_hungry;
		x->is_asked = x->is_kept = false;
	}
	for (int pass = 0; pass < 2; pass++) {
		HASH_ITER(hh, t->known, x, next) {
			bool is_turn = x->is_hungry == (pass == 1) && x->at <= now;
			int want = x->is_hungry && most / hungry > TURNS_FIRST ? most / hungry
									       : TURNS_FIRST;
			int may = is_turn ? room(ctx, x->tenant) : 0;

			x->got = 0;
			x->is_kept |= is_turn && may <= 0;
			if (may <= 0)
				continue;
			x->is_asked = true;
			x->quota = want < may ? want : may;
			out->turns[out->n++] = x;
		}
	}
}

const struct turn_quota *const *turns_quotas(const struct turns_plan *plan, struct arena *a)
{
	size_t n = (size_t)plan->n;
	struct turn_quota *quotas = arena_array(a, struct turn_quota, n);
	const struct turn_quota **list = arena_array(a, const struct turn_quota *, n);

	for (size_t i = 0; i < n; i++) {
		quotas[i] = (struct turn_quota){ plan->turns[i]->tenant, plan->turns[i]->quota };
		list[i] = &quotas[i];
	}
	return list;
}

void turns_begin(struct turns *t)
{
	struct turn *x, *next;

	HASH_ITER(hh, t->known, x, next)
		x->is_hungry = x->got >= TURNS_FIRST;
}

void turns_got(struct turns *t, struct uuid tenant)
{
	struct turn *x = find(t, tenant);

	if (x)
		x->got++;
}

void turns_done(struct turns *t, const struct turns_plan *plan, bool is_full)
{
	for (int i = 0; i < plan->n; i++) {
		struct turn *x = plan->turns[i];

		x->is_asked = false;
		if (x->got >= x->quota) {
			x->is_hungry = true;
			to_the_end(t, x);
		} else if (!is_full) {
			drop(t, x);
		}
	}
}

bool turns_looks(const struct turns *t)
{
	return !id_is_nil(t->after) || clock_boot() >= t->round_at;
}

bool turns_looked(struct turns *t, struct uuid tenant, usec_t at, bool is_served)
{
	turns_add(t, tenant, at, is_served);
	if (!find(t, tenant))
		return false;
	t->after = tenant;
	return true;
}

void turns_passed(struct turns *t, struct uuid tenant)
{
	t->after = tenant;
}

void turns_look_done(struct turns *t, size_t n)
{
	if (n >= TURNS_LOOK)
		return;
	t->after = (struct uuid){ 0 };
	t->round_at = clock_boot() + TURNS_EVERY;
}
