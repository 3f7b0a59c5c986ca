#include "core/quota.h"

#include "core/core.h"
#include "store/quota.h"
#include "when/duration.h"
#include "when/stamp.h"

/* How many distances are looked at. Those of an interval are all the same, but for its calendar. */
static int gaps_of(const struct spec *s)
{
	if (s->calendar && s->adjust != ADJUST_SKIP)
		return QUOTA_GAPS_MOVED_MAX;
	return s->kind == SPEC_EVERY && !s->calendar ? 1 : QUOTA_GAPS_MAX;
}

/* The first of two occurrences that are too close; USEC_NEVER: there are none. */
static usec_t too_close(const struct spec *s, usec_t after, usec_t least, usec_t *out_next)
{
	struct tz_hint hint = { 0 };
	usec_t at = spec_next(s, after, &hint), first = at;
	int most = gaps_of(s);

	for (int i = 0; i < most && at != USEC_NEVER && at - first <= QUOTA_GAPS_SPAN; i++) {
		usec_t next = spec_next(s, at, &hint);

		*out_next = next;
		if (next != USEC_NEVER && next - at < least)
			return at;
		at = next;
	}
	return USEC_NEVER;
}

static const char *field_of(const struct spec *s, const struct timing_names *names)
{
	if (!names->spec) /* it was not sent, but its zone, its calendar ... */
		return names->zone;
	return s->kind == SPEC_RRULE && names->rrule[0] ? names->rrule[0] : names->spec;
}

void quota_interval(struct op *op, const struct spec *spec, const struct timing_names *names)
{
	usec_t least = op->who.limits.min_interval, at, next;
	char from[STAMP_MAX], to[STAMP_MAX];

	if (least <= 0)
		return;
	at = too_close(spec, op->now, least, &next);
	if (at == USEC_NEVER)
		return;
	stamp_print(at, from);
	stamp_print(next, to);
	json_fault(&op->faults, field_of(spec, names), "quota_min_interval",
		   arena_printf(op->arena,
				"Occurrences must be %lld s apart; those at %s and %s are not.",
				(long long)(least / SEC), from, to));
}

const char *quota_payload_fault(struct op *op, struct slice payload)
{
	int32_t most = op->who.limits.payload_max;

	if (most <= 0 || !payload.p || payload.n <= (size_t)most)
		return NULL;
	return arena_printf(op->arena, "This may have %d bytes, and has %zu.", most, payload.n);
}

static op_step used;

flow usage_get(struct op *op)
{
	store_quota_used(op_unit(op, LANE_READ), op->who.bucket, op->who.tenant);
	return op_db(op, used);
}

static flow used(struct op *op)
{
	struct usage_view *view = arena_make(op->arena, struct usage_view);

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	view->limits = op->who.limits;
	if (op->who.limits.requests > 0)
		view->requests = limit_look(op->core, &op->who);
	view->schedules = store_quota_used_got(op->unit, 0);
	return op_ok(op, view);
}
