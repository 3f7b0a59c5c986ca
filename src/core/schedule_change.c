/* Changing and deleting: read, decide, write if nobody was quicker; else once more from the
 * start. */
#include "base/check.h"
#include "base/id.h"
#include "core/auth.h"
#include "core/calendar.h"
#include "core/change.h"
#include "core/core_int.h"
#include "core/etag.h"
#include "core/fire.h"
#include "core/quota.h"
#include "core/schedule_int.h"
#include "core/snapshot.h"
#include "store/after.h"
#include "store/calendar.h"

struct changing {
	struct schedule *s, was; /* as it is to be, as it was read */
	const struct schedule_view *view;
	enum kind kind;
	int tries, stmt;       /* stmt: the update, in its unit */
	bool forgives;         /* its failures so far count no more */
	struct slice calendar; /* the one it is to have from now on; absent: as it was */
	op_step *decide;
};

static op_step change_read, change_written;

static flow change_read_row(struct op *op)
{
	struct changing *c = op->state;
	struct run_ref ref = schedule_ref(op, c->kind);
	struct db_unit *u = op_unit(op, LANE_WRITE);

	schedule_ask_timed(u, &ref, op->now);
	if (c->calendar.p)
		schedule_find_calendar(op, u, c->calendar);
	return op_db(op, change_read);
}

static flow change_start(struct op *op, const struct changing *what)
{
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	*c = *what;
	return change_read_row(op);
}

static flow change_read(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->s = schedule_take_timed(op, c->kind);
	if (!c->s)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (c->kind == KIND_PLAN && !authorize_action(&op->who, c->s->agent))
		return op_fail(op, ERR_ACTION_FORBIDDEN, NULL);
	if (!etag_matches(op->if_match, c->s->rev))
		return op_fail(op, ERR_PRECONDITION, NULL);
	c->was = *c->s;
	return c->decide(op);
}

static const char *what_happens(const struct changing *c)
{
	int16_t was = c->was.state, is = c->s->state;

	if (is == SCHEDULE_DELETED)
		return "deleted";
	if (is == SCHEDULE_CANCELLED)
		return "cancelled";
	if (was == SCHEDULE_ACTIVE && is == SCHEDULE_PAUSED)
		return "paused";
	return was == SCHEDULE_PAUSED && is == SCHEDULE_ACTIVE ? "resumed" : "changed";
}

/* The row as it will be when the update has gone through: its entry, and the answer. */
static flow change_submit(struct op *op)
{
	struct changing *c = op->state;

	c->s->rev++;
	c->view = schedule_view_of(op, c->s);
	if (!c->view)
		return op_fail(op, ERR_INTERNAL,
			       "The stored options of this schedule cannot be read.");
	op->revision = c->s->rev;
	op_changes(op,
		   &(struct change){ .object = OBJECT_SCHEDULE,
				     .id = c->s->id,
				     .what = what_happens(c),
				     .version = c->s->rev,
				     .before = snapshot_schedule(&c->was, op->arena),
				     .after = snapshot_schedule(c->s, op->arena) },
		   1, c->view);
	return op_db(op, change_written);
}

static flow change_write(struct op *op, bool new_call, const struct skip_range *passed)
{
	struct changing *c = op->state;
	struct db_unit *u = op_unit(op, LANE_WRITE);

	c->s->updated_at = op->now;
	if (new_call)
		store_template_insert(u, c->s, op->now);
	if (c->forgives) {
		c->s->failures = 0;
		store_standing_reset(u, c->s->bucket, c->s->tenant, c->s->id, op->now);
	}
	c->stmt = u->count;
	store_schedule_update(u, c->s, c->was.state, passed, op->now);
	return change_submit(op);
}

static flow change_written(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (!store_schedule_updated(op->unit, c->stmt)) {
		if (++c->tries < OP_AGAIN_MAX)
			return op_again(op, c->tries, change_read_row);
		return op_fail(op, ERR_CHANGED, NULL);
	}
	schedule_wake(op, c->s);
	return op_ok(op, c->view);
}

/* The calendar's definition of change_read_row(): absent when there is none of this name. */
static void take_calendar(struct op *op, struct schedule *s, struct slice name)
{
	s->calendar = name;
	s->calendar_def = (struct slice){ NULL, 0 };
	if (name.p && calendar_name_ok(name))
		(void)store_calendar_found(op->unit, 2, &s->calendar_def);
}

/* True: the occurrences may be others now. */
static bool apply_times(struct op *op, struct schedule *s, const struct schedule_change *in)
{
	const struct timing *t = &in->timing;

	if (in->timed & TIMED_SPEC) {
		s->spec = t->spec;
		s->spec_kind = t->spec_kind;
	}
	if (in->timed & TIMED_ZONE)
		s->zone = t->zone;
	if (in->timed & TIMED_START)
		s->start_at = t->start_at;
	if (in->timed & TIMED_END)
		s->end_at = t->end_at;
	if (in->timed & TIMED_DST) {
		s->dst_gap = t->dst_gap;
		s->dst_overlap = t->dst_overlap;
	}
	if (in->timed & TIMED_CALENDAR)
		take_calendar(op, s, t->calendar);
	if (in->timed & TIMED_ADJUST)
		s->adjust = t->adjust;
	else if (!s->calendar.p)
		s->adjust = ADJUST_NONE;
	if (in->timed & TIMED_JITTER)
		s->jitter_us = t->jitter;
	return in->timed & ~(unsigned)TIMED_JITTER;
}

/* The occurrences between the cursor and now that get no run: they went by during a pause, or
 * just before an edit. NULL: there are none. */
static struct skip_range *passed_by(struct op *op, const struct schedule *s,
				    const struct spec *spec)
{
	struct skip_range *range = arena_make(op->arena, struct skip_range);

	if (s->next_at == USEC_NEVER || s->next_at > op->now)
		return NULL;
	*range = (struct skip_range){
		.from_at = s->next_at,
		.to_at = op->now,
		.count = (int32_t)spec_count(spec, s->next_at, op->now, SKIP_COUNT_MAX),
		.reason = s->state == SCHEDULE_ACTIVE ? SLICE_LIT("edited") : SLICE_LIT("disabled"),
	};
	return range;
}

static void apply_rules(struct op *op, struct schedule *s, const struct schedule_change *in)
{
	if (in->overlap)
		s->overlap = in->overlap;
	if (in->catchup)
		s->catchup = in->catchup;
	if (in->has_call)
		schedule_set_call(s, &in->call, op);
}

/* True: it goes on now after a pause. Only what is active can be paused. */
static bool apply_enabled(struct schedule *s, const struct schedule_change *in, usec_t now)
{
	if (!in->has_enabled || in->enabled == (s->state == SCHEDULE_ACTIVE))
		return false;
	s->state = in->enabled ? SCHEDULE_ACTIVE : SCHEDULE_PAUSED;
	s->paused_at = in->enabled ? USEC_NEVER : now;
	return in->enabled;
}

/* The cursor stays where it is unless the times changed or a pause ended; paused, it wakes
 * nobody. */
static void set_cursor(struct schedule *s, const struct spec *spec, bool anew, usec_t after)
{
	if (anew)
		fire_start(s, spec, after);
	else if (s->state != SCHEDULE_ACTIVE || s->next_at == USEC_NEVER)
		s->wake_at = USEC_NEVER;
	else
		s->wake_at = s->next_at - s->lookahead_us;
}

/* Has what decides its occurrences stayed as it was? Both are compiled, so what was left to its default compares. */
static bool same_times(const struct schedule *a, const struct schedule *b)
{
	return a->spec_kind == b->spec_kind && slice_same(a->spec, b->spec)
	    && slice_same(a->zone, b->zone) && a->start_at == b->start_at && a->end_at == b->end_at
	    && a->dst_gap == b->dst_gap && a->dst_overlap == b->dst_overlap
	    && slice_same(a->calendar, b->calendar) && a->adjust == b->adjust;
}

/* The cursor of a job whose times changed or which goes on: of what nothing comes any more has completed, and what had
 * completed has not when it got new times. */
static void restart_job(struct schedule *s, const struct spec *spec, usec_t after)
{
	bool goes_on = s->state == SCHEDULE_ACTIVE || s->state == SCHEDULE_COMPLETED;

	if (goes_on)
		s->state = SCHEDULE_ACTIVE;
	fire_start(s, spec, after);
	if (goes_on && s->next_at == USEC_NEVER)
		s->state = SCHEDULE_COMPLETED;
}

/* A plan is sent as a whole: what it says again is no change, and may have passed. */
static bool is_set_anew(const struct schedule_change *in, const struct schedule *was,
			const struct schedule *s)
{
	if (s->kind != KIND_PLAN)
		return in->timed & (TIMED_SPEC | TIMED_ZONE);
	return !same_times(was, s) || (s->state == SCHEDULE_ACTIVE && was->state != s->state);
}

/* What the row says after the change, compiled. False: op->faults says what is wrong with it; if they do not, what is
 * stored is damaged. */
static bool change_compile(struct op *op, struct schedule *s, const struct schedule *was,
			   struct spec *out_spec)
{
	const struct schedule_change *in = op->in;

	if (schedule_compile(op, s, &in->names, s->calendar_def, out_spec)) {
		if (is_set_anew(in, was, s))
			schedule_refuse_past(op, s, &in->names, out_spec);
		if (s->spec_kind && !same_times(was, s))
			quota_interval(op, out_spec, &in->names);
	}
	if (in->merge && !in->merge(op, s))
		return false;
	return op->faults.total == 0;
}

static void restart(struct op *op, struct schedule *s, const struct spec *spec, bool anew)
{
	/* Its anchor is a moment later when several were made at once; an interval does not begin with it. */
	usec_t after = s->anchor_at > op->now ? s->anchor_at : op->now;

	if (s->kind == KIND_JOB && anew)
		restart_job(s, spec, after);
	else
		set_cursor(s, spec, anew, after);
}

static bool plan_ended(const struct schedule *s)
{
	return s->kind == KIND_PLAN
	    && (s->state == SCHEDULE_COMPLETED || s->state == SCHEDULE_CANCELLED);
}

/* The row as the change makes it. False: as change_compile(). */
static bool change_row(struct op *op, struct changing *c, struct skip_range **out_passed)
{
	const struct schedule_change *in = op->in;
	const struct schedule *was = &c->was;
	struct schedule *s = c->s;
	struct spec before, spec;
	bool resumed = apply_enabled(s, in, op->now), anew = apply_times(op, s, in);

	if (!change_compile(op, s, was, &spec))
		return false;
	/* A plan that is about to be executed is not put off by being sent again. */
	anew = resumed || (anew && !(s->kind == KIND_PLAN && same_times(was, s)));
	if (anew && schedule_spec(was, op->core->zones, op->arena, &before))
		*out_passed = passed_by(op, was, &before);
	apply_rules(op, s, in);
	restart(op, s, &spec, anew);
	if (anew)
		schedule_refuse_idle(op, s, &in->names);
	c->forgives = resumed && s->kind == KIND_JOB;
	return op->faults.total == 0;
}

static flow change_decide(struct op *op)
{
	struct changing *c = op->state;
	const struct schedule_change *in = op->in;
	struct skip_range *passed = NULL;

	if (plan_ended(c->s))
		return op_fail(op, ERR_PLAN_NOT_EDITABLE, NULL);
	if (c->s->state == SCHEDULE_DELETED)
		return op_fail(op, ERR_DELETED, NULL);
	if (in->only && c->s->rev != in->only)
		return op_again(op, ++c->tries, in->stale);
	if (!change_row(op, c, &passed))
		return op->faults.total
			     ? op_invalid(op)
			     : op_fail(op, ERR_INTERNAL, "What is stored of it cannot be read.");
	return change_write(op, id_compare(c->s->template_id, c->was.template_id) != 0, passed);
}

flow schedule_change(struct op *op)
{
	const struct schedule_change *in = op->in;
	struct slice calendar = in->timing.calendar;
	bool names_one = (in->timed & TIMED_CALENDAR) && calendar.p && calendar_name_ok(calendar);

	return change_start(
		op,
		&(struct changing){ .kind = in->kind,
				    .calendar = names_one ? calendar : (struct slice){ NULL, 0 },
				    .decide = change_decide });
}

static flow delete_decide(struct op *op)
{
	struct changing *c = op->state;
	int16_t gone = c->kind == KIND_PLAN ? SCHEDULE_CANCELLED : SCHEDULE_DELETED;

	if (c->s->state == gone)
		return schedule_answer(op, c->s);
	if (plan_ended(c->s))
		return op_fail(op, ERR_PLAN_NOT_EDITABLE,
			       "The plan is completed: there is nothing left to cancel.");
	c->s->state = gone;
	c->s->next_at = c->s->wake_at = USEC_NEVER;
	return change_write(op, false, NULL);
}

flow schedule_delete(struct op *op)
{
	return change_start(op, &(struct changing){ .kind = *(const enum kind *)op->in,
						    .decide = delete_decide });
}
