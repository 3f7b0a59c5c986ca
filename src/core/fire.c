/* Materialisation, by example. A schedule every minute with a lookahead of 300 s, cursor at
 * 12:05:00:
 *
 *	now 12:00:00   runs: 12:05         cursor 12:06, wake 12:01:00
 *	now 12:03:30 (it slept)            runs: 12:05 12:06 12:07 12:08, cursor 12:09, wake 12:04
 *	now 14:00:00 (down for two hours; window 1 h)
 *	               skipped: 12:05-12:59, catchup_exceeded
 *	               runs: 13:00 .. 14:00 caught up (oldest first), then 14:01 .. 14:05
 *	               cursor 14:06, wake 14:01
 *
 * A schedule every second would have 300 runs ahead; it keeps at most FIRE_AHEAD_MAX and fills
 * up when half have passed, so a tick serves 32 of them. Nothing here steps through what is
 * skipped except to count it, and that is bounded. */
#include "core/fire.h"

#include "base/check.h"

uint64_t fire_seed(const struct schedule *s)
{
	return cron_seed((struct slice){ (const char *)s->id.b, sizeof s->id.b });
}

/* Jitter, but always before the occurrence that follows: spread over what room there is. */
static usec_t ready_for(const struct schedule *s, usec_t at, usec_t next)
{
	usec_t room = next == USEC_NEVER ? USEC_NEVER : next - at - MSEC;

	if (s->jitter_us <= 0 || room <= 0)
		return at;
	return at + spec_jitter(fire_seed(s), s->jitter_us < room ? s->jitter_us : room, at);
}

static bool is_missed(usec_t ready, usec_t now)
{
	return ready < now - FIRE_LATE;
}

static usec_t wake_for(const struct schedule *s, usec_t next)
{
	return next == USEC_NEVER ? USEC_NEVER : next - s->lookahead_us;
}

/* The first occurrence that is still worth a run, given that the cursor's own is missed. */
static usec_t first_wanted(const struct schedule *s, const struct spec *spec,
			   const struct fire_rules *rules, usec_t now)
{
	usec_t window = s->catchup == CATCHUP_NONE ? FIRE_LATE : rules->catchup_window;

	if (window < FIRE_LATE)
		window = FIRE_LATE;
	if (s->next_at >= now - window)
		return s->next_at;
	return spec_first(spec, now - window, NULL);
}

/* Of several missed ones, the last that is not in the future. */
static usec_t latest_missed(const struct spec *spec, usec_t first, usec_t now)
{
	usec_t latest = first;

	for (int i = 0; i < SKIP_COUNT_MAX; i++) {
		usec_t next = spec_next(spec, latest, NULL);

		if (next == USEC_NEVER || next > now)
			break;
		latest = next;
	}
	return latest;
}

static void note_skip(struct fire_plan *out, const struct spec *spec, usec_t from, usec_t until,
		      const char *reason)
{
	usec_t last = until == USEC_NEVER ? spec->end_at : until - 1;

	out->skip_from = from;
	out->skip_to = last == USEC_NEVER ? from : last;
	out->skip_count = (int32_t)spec_count(spec, from, out->skip_to, SKIP_COUNT_MAX);
	out->skip_reason = reason;
}

/* Decides what becomes of the missed ones; returns the first occurrence to make a run of. */
static usec_t catch_up(const struct schedule *s, const struct spec *spec,
		       const struct fire_rules *rules, usec_t now, struct fire_plan *out)
{
	usec_t first = first_wanted(s, spec, rules, now);

	if (first != s->next_at)
		note_skip(out, spec, s->next_at, first < now ? first : now,
			  s->catchup == CATCHUP_NONE ? "catchup_none" : "catchup_exceeded");
	if (s->catchup == CATCHUP_LATEST && first < now - FIRE_LATE) {
		usec_t latest = latest_missed(spec, first, now);

		if (latest != first) {
			note_skip(out, spec, s->next_at, latest, "catchup_latest");
			first = latest;
		}
	}
	return first;
}

/* Filled up again when half of what is ahead has passed: then as many are left. Counted from now,
 * as all of it may have been made before. */
static usec_t wake_when_full(const struct spec *spec, usec_t now)
{
	struct tz_hint hint = { 0 };
	usec_t at = now;

	for (int i = 0; i < FIRE_AHEAD_MAX / 2 && at != USEC_NEVER; i++)
		at = spec_next(spec, at, &hint);
	return at;
}

void fire_plan(const struct schedule *s, const struct spec *spec, const struct fire_rules *rules,
	       usec_t now, struct fire_plan *out)
{
	struct tz_hint hint = { 0 };
	usec_t horizon = now + s->lookahead_us;
	size_t ahead = 0;
	usec_t at, next;

	out->n = 0;
	out->skip_count = 0;
	out->skip_reason = NULL;
	ASSERT(s->next_at != USEC_NEVER);
	next = spec_next(spec, s->next_at, &hint);
	at = s->next_at;
	if (is_missed(ready_for(s, at, next), now)) {
		at = catch_up(s, spec, rules, now, out);
		next = at == USEC_NEVER ? USEC_NEVER : spec_next(spec, at, &hint);
	}
	if (s->next_at > now && s->lookahead_us > 0)
		ahead = spec_count(spec, now + 1, s->next_at - 1, FIRE_AHEAD_MAX);
	while (at <= horizon && out->n < FIRE_BATCH_MAX && ahead < FIRE_AHEAD_MAX) {
		usec_t ready = ready_for(s, at, next);

		out->runs[out->n].at = at;
		out->runs[out->n].ready = ready;
		out->runs[out->n].caught_up = is_missed(ready, now);
		out->n++;
		ahead += at > now;
		at = next;
		next = at == USEC_NEVER ? USEC_NEVER : spec_next(spec, at, &hint);
	}
	out->next = at;
	out->wake = wake_for(s, at);
	if (at != USEC_NEVER && at <= horizon && ahead == FIRE_AHEAD_MAX)
		out->wake = wake_when_full(spec, now);
}

void fire_start(struct schedule *s, const struct spec *spec, usec_t after)
{
	s->next_at = spec_next(spec, after, NULL);
	s->wake_at = s->state == SCHEDULE_ACTIVE ? wake_for(s, s->next_at) : USEC_NEVER;
}
