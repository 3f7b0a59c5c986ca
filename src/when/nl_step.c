/* Steps of less than a day: cron where the step divides the hour or the day or a stretch of the day
 * says where it begins, an interval elsewhere. */
#include "nl_int.h"
#include "when/duration.h"

#include <stdio.h>

enum { HOUR_S = 3600, NOT_A_STEP = 0 };

static enum when_err no(struct nl_pass *p, const char *hint)
{
	p->i = p->n;
	return nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, hint);
}

static bool is_any_day(const struct nl_fields *f)
{
	return f->dom[0] == '*' && f->months[0] == '*' && f->dow[0] == '*';
}

static void star_step(char *out, size_t room, int step)
{
	if (step == 1)
		(void)snprintf(out, room, "*");
	else
		(void)snprintf(out, room, "*/%d", step);
}

/* A step below the hour, in seconds. */
static void print_step(struct nl_fields *f, int32_t step)
{
	bool is_minutes = step % 60 == 0;

	star_step(f->time[is_minutes], sizeof f->time[0], is_minutes ? step / 60 : step);
	if (!is_minutes)
		(void)snprintf(f->time[1], sizeof f->time[1], "*");
}

/* The step in whole seconds of less than a day, else NOT_A_STEP. */
static int32_t step_of(const struct nl_plan *plan)
{
	return plan->every < DAY && plan->every % SEC == 0 ? (int32_t)(plan->every / SEC)
							   : NOT_A_STEP;
}

/* The hours of "0 1-23/2": a step that begins at another hour than midnight. */
static void hours_from(char *out, size_t room, int step, int phase)
{
	if (phase == 0)
		star_step(out, room, step);
	else
		(void)snprintf(out, room, "%d-%d/%d", phase, phase + (23 - phase) / step * step,
			       step);
}

/* The second of the day that a start with a time names, else 0. */
static int32_t phase_of(const struct nl_pass *p)
{
	return p->plan.start.has_clock ? p->plan.start.clock.s : 0;
}

/* ---- the whole day ---- */

static enum when_err whole_hours(struct nl_pass *p, struct nl_fields *f, int step,
				 struct nl_reading *out)
{
	int32_t phase = phase_of(p);
	uint64_t minutes = p->plan.past ? p->plan.past : (uint64_t)1 << phase / 60 % 60;

	nl_print_mask(minutes, 60, f->time[1], sizeof f->time[1]);
	hours_from(f->time[2], sizeof f->time[2], step, step == 1 ? 0 : phase / HOUR_S % step);
	return nl_compile_fields(p, f, out);
}

static enum when_err interval(struct nl_pass *p, const struct nl_fields *f, struct nl_reading *out)
{
	char text[DURATION_MAX];

	if (!is_any_day(f))
		return no(p, "This step does not divide the day; say from when to when.");
	if (p->plan.past)
		return no(p, "Minutes past the hour go with steps that divide the day.");
	(void)duration_print(p->plan.every, text);
	return nl_compile(p, SPEC_EVERY, text, out);
}

/* "every 10 minutes starting at 9:05" */
static enum when_err minutes_from(struct nl_pass *p, struct nl_fields *f, int step, int phase,
				  struct nl_reading *out)
{
	uint64_t minutes = 0;

	for (int m = phase; m < 60; m += step)
		minutes |= (uint64_t)1 << m;
	nl_print_mask(minutes, 60, f->time[1], sizeof f->time[1]);
	(void)snprintf(f->time[2], sizeof f->time[2], "*");
	return nl_compile_fields(p, f, out);
}

static enum when_err whole_day(struct nl_pass *p, struct nl_fields *f, struct nl_reading *out)
{
	int32_t phase = phase_of(p), step = step_of(&p->plan);

	if (step == NOT_A_STEP || (phase % 60 && step % 60 == 0))
		return interval(p, f, out);
	if (step % HOUR_S == 0)
		return DAY_S % step ? interval(p, f, out) : whole_hours(p, f, step / HOUR_S, out);
	int32_t whole = step % 60 == 0 ? HOUR_S : 60;
	if (p->plan.past || whole % step)
		return interval(p, f, out);
	if (phase % step) {
		if (step % 60)
			return interval(p, f, out);
		return minutes_from(p, f, step / 60, phase / 60 % (step / 60), out);
	}
	print_step(f, step);
	(void)snprintf(f->time[2], sizeof f->time[2], "*");
	return nl_compile_fields(p, f, out);
}

/* ---- a stretch of the day ---- */

/* Hours first to last, perhaps through midnight. */
static void print_hours(char *out, size_t room, int first, int last, int step)
{
	if (first == last)
		(void)snprintf(out, room, "%d", first);
	else if (step == 1)
		(void)snprintf(out, room, "%d-%d", first, last);
	else
		(void)snprintf(out, room, "%d-%d/%d", first, last, step);
}

/* Hourly: the end is inclusive. */
static enum when_err hours_between(struct nl_pass *p, struct nl_fields *f, int step,
				   struct nl_reading *out)
{
	int32_t from = p->plan.from.s, to = p->plan.to.s;
	int first = from / HOUR_S, span = ((to - from + DAY_S) % DAY_S) / HOUR_S;
	bool is_behind = to % HOUR_S == 0
		      && (p->plan.past & ~(uint64_t)1); /* 17:15 is after 17:00 */
	uint64_t minutes = p->plan.past ? p->plan.past : (uint64_t)1 << from / 60 % 60;

	if (p->plan.past && (from % HOUR_S || (to % HOUR_S && to / 60 % 60 != 59)))
		return no(p, "Name full hours.");
	if (from % 60)
		return no(p, "Name full minutes.");
	nl_print_mask(minutes, 60, f->time[1], sizeof f->time[1]);
	span -= is_behind;
	int last = first + span / step * step;
	if (last == first || span < step)
		(void)snprintf(f->time[2], sizeof f->time[2], "%d", first);
	else
		print_hours(f->time[2], sizeof f->time[2], first, last % 24, step);
	return nl_compile_fields(p, f, out);
}

/* Where a stretch ends: "04:59" as descriptions say it is the end of that hour. */
static int32_t end_of(const struct nl_plan *plan)
{
	return plan->to.s / 60 % 60 == 59 ? (plan->to.s / HOUR_S + 1) * HOUR_S % DAY_S : plan->to.s;
}

/* Each single time of the day, by a rule that chooses among hours and minutes. */
static enum when_err each_time(struct nl_pass *p, int32_t step, struct nl_reading *out)
{
	struct nl_set *set = arena_make(p->ask->arena, struct nl_set);
	int32_t from = p->plan.from.s, span = (end_of(&p->plan) - from + DAY_S - 1) % DAY_S + 1;

	for (int32_t t = 0; t < span && set->n < NL_MINUTES_MAX; t += step)
		set->s[set->n++] = (from + t) % DAY_S;
	nl_set_close(set);
	if (HOUR_S % step)
		nl_note(p, NN_STEPS);
	if (!set->is_product)
		return nl_lower_rule(p, set, out);
	struct nl_fields f = { .time = { "0" } };
	nl_fields_days(&p->plan, &f);
	nl_print_mask(set->minutes, 60, f.time[1], sizeof f.time[1]);
	nl_print_mask(set->hours, 24, f.time[2], sizeof f.time[2]);
	return nl_compile_fields(p, &f, out);
}

/* Below the hour: the end is exclusive. */
static enum when_err between(struct nl_pass *p, struct nl_fields *f, struct nl_reading *out)
{
	const struct nl_plan *plan = &p->plan;
	int32_t from = plan->from.s, to = end_of(plan);
	int32_t step = step_of(plan);
	bool is_minutes = step % 60 == 0;

	if (step == NOT_A_STEP || plan->start.has_clock)
		return no(p, "Name a step of less than a day.");
	if (step % HOUR_S == 0)
		return hours_between(p, f, step / HOUR_S, out);
	bool is_even = (is_minutes ? HOUR_S : 60) % step == 0 && from % HOUR_S + to % HOUR_S == 0;
	if (plan->past || (!is_even && (!is_minutes || from % 60)))
		return no(p, "Name full hours.");
	if (!is_even)
		return each_time(p, step, out);
	print_step(f, step);
	print_hours(f->time[2], sizeof f->time[2], from / HOUR_S,
		    (to + DAY_S - HOUR_S) % DAY_S / HOUR_S, 1);
	return nl_compile_fields(p, f, out);
}

enum when_err nl_lower_steps(struct nl_pass *p, struct nl_reading *out)
{
	struct nl_fields f = { .time = { "0" } };

	if (p->plan.workday || p->plan.back)
		return no(p, "Name times of day.");
	nl_fields_days(&p->plan, &f);
	if (p->plan.past && p->plan.every % HOUR) {
		p->i = p->n;
		return nl_blame(p, WHEN_NL_UNSUPPORTED, 0, "Say once how often.");
	}
	return p->plan.has_window ? between(p, &f, out) : whole_day(p, &f, out);
}
