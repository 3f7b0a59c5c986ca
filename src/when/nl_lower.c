/* A settled plan as the text of a spec: an instant, a cron expression, or on to nl_step.c and
 * nl_rule.c. Exact, or refused. */
#include "nl_int.h"
#include "when/civil.h"
#include "when/duration.h"
#include "when/stamp.h"

#include <stdio.h>

/* ---- printing fields ---- */

/* "1,15", "9-17"; a star for all of 0 .. size - 1 (or 1 .. size). */
void nl_print_mask(uint64_t mask, unsigned size, char *out, size_t room)
{
	size_t n = 0;

	out[0] = '\0';
	if ((unsigned)__builtin_popcountll(mask) == size) {
		(void)snprintf(out, room, "*");
		return;
	}
	for (unsigned v = 0; v < 64 && n < room; v++) {
		unsigned last = v;

		if (!(mask >> v & 1))
			continue;
		while (last < 63 && mask >> (last + 1) & 1)
			last++;
		const char *comma = n ? "," : "";
		if (last >= v + 2)
			n += (size_t)snprintf(out + n, room - n, "%s%u-%u", comma, v, last);
		else
			n += (size_t)snprintf(out + n, room - n, "%s%u", comma, v);
		v = last >= v + 2 ? last : v;
	}
}

/* One more member of a list. */
static void add(char *out, size_t room, const char *item)
{
	size_t n = strlen(out), length = strlen(item);

	if (n + length + 2 > room)
		return;
	if (n)
		out[n++] = ',';
	memcpy(out + n, item, length + 1);
}

static void print_dom(const struct nl_plan *plan, struct nl_fields *out)
{
	char item[16], back[8];

	if (plan->dom)
		nl_print_mask(plan->dom, 32, out->dom, sizeof out->dom);
	for (unsigned n = 0; n < 32; n++) {
		(void)snprintf(back, sizeof back, n ? "L-%u" : "L", n);
		if (plan->last >> n & 1)
			add(out->dom, sizeof out->dom, back);
		(void)snprintf(item, sizeof item, "%sW", back);
		if (plan->last_near >> n & 1)
			add(out->dom, sizeof out->dom, item);
		(void)snprintf(item, sizeof item, "%uW", n);
		if (plan->near >> n & 1)
			add(out->dom, sizeof out->dom, item);
	}
	if (!out->dom[0])
		add(out->dom, sizeof out->dom, "*");
}

static void print_dow(const struct nl_plan *plan, struct nl_fields *out)
{
	char item[16];

	if (plan->weekdays) {
		out->dow[0] = plan->is_both ? '+' : '\0';
		nl_print_mask(plan->weekdays, 7, out->dow + plan->is_both, sizeof out->dow - 1);
	}
	for (unsigned d = 0; d < 7; d++)
		for (unsigned n = 1; n <= 6; n++) {
			if (n == 6)
				(void)snprintf(item, sizeof item, "%uL", d);
			else
				(void)snprintf(item, sizeof item, "%u#%u", d, n);
			if (plan->nth[d] >> (n - 1) & 1)
				add(out->dow, sizeof out->dow, item);
		}
	if (!out->dow[0])
		add(out->dow, sizeof out->dow, "*");
}

void nl_fields_days(const struct nl_plan *plan, struct nl_fields *out)
{
	out->dom[0] = out->dow[0] = out->months[0] = '\0';
	print_dom(plan, out);
	print_dow(plan, out);
	if (plan->months)
		nl_print_mask(plan->months, 12, out->months, sizeof out->months);
	else
		(void)snprintf(out->months, sizeof out->months, "*");
}

/* ---- compiling ---- */

static enum when_err as_nl(enum when_err e)
{
	switch (e) {
	case WHEN_OK:
		return WHEN_OK;
	case WHEN_CRON_NEVER:
	case WHEN_RRULE_NEVER:
		return WHEN_NL_NEVER;
	case WHEN_INTERVAL_RANGE:
	case WHEN_DURATION_RANGE:
		return WHEN_NL_OUT_OF_RANGE;
	default:
		return WHEN_NL_INEXPRESSIBLE;
	}
}

enum when_err nl_compile(struct nl_pass *p, enum spec_kind kind, const char *text,
			 struct nl_reading *out)
{
	const struct nl_ask *ask = p->ask;
	bool has_start = out->start_at != USEC_NEVER;
	struct spec_ask more = { .zones = ask->zones, .arena = ask->arena };

	out->kind = kind;
	out->text = arena_slice(ask->arena, slice_of(text));
	out->zone = slice_of(tz_name(nl_zone_of(p)));
	more.timezone = out->zone;
	more.anchor = has_start ? out->start_at : ask->now;
	enum when_err e = as_nl(spec_parse(&more, kind, out->text, &out->spec, NULL));
	if (e)
		return p->i = p->n, nl_blame(p, e, 0, NULL);
	if (out->spec.kind != kind) { /* @every */
		char duration[DURATION_MAX];

		(void)duration_print(out->spec.every, duration);
		out->kind = out->spec.kind;
		out->text = arena_slice(ask->arena, slice_of(duration));
	}
	out->spec.start_at = has_start ? out->start_at : SPEC_NO_START;
	out->spec.end_at = out->end_at;
	if (spec_next(&out->spec, ask->now, NULL) == USEC_NEVER)
		return p->i = p->n, nl_blame(p, WHEN_NL_NEVER, 0, NULL);
	return WHEN_OK;
}

/* The seconds are left out where they are 0. */
enum when_err nl_compile_fields(struct nl_pass *p, const struct nl_fields *f,
				struct nl_reading *out)
{
	char text[900];
	bool has_seconds = strcmp(f->time[0], "0") != 0;

	(void)snprintf(text, sizeof text, "%s%s%s %s %s %s %s", has_seconds ? f->time[0] : "",
		       has_seconds ? " " : "", f->time[1], f->time[2], f->dom, f->months, f->dow);
	return nl_compile(p, SPEC_CRON, text, out);
}

/* ---- one instant ---- */

/* A stamp to the minute, as date pickers send it, gets its seconds. */
static struct slice with_seconds(const struct nl_pass *p, const struct nl_token *t)
{
	struct slice text = { p->text.p + t->at, t->len };
	static const int minutes = sizeof "2027-04-01T09:00" - 1;

	if ((int)text.n < minutes || text.p[13] != ':'
	    || ((int)text.n > minutes && text.p[minutes] == ':'))
		return text;
	return slice_of(arena_printf(p->ask->arena, "%.*s:00%.*s", minutes, text.p,
				     (int)text.n - minutes, text.p + minutes));
}

/* Says so where the clock skips or repeats the time. */
static usec_t instant_on(struct nl_pass *p, int32_t day, int32_t second)
{
	enum tz_kind kind = tz_from_local(nl_zone_of(p), (int64_t)day * DAY_S + second).kind;

	if (kind != TZ_UNIQUE)
		nl_note(p, kind == TZ_GAP ? NN_GAP : NN_FOLD);
	return nl_instant(p, day, second);
}

static enum when_err instant_of(struct nl_pass *p, struct nl_day *day, usec_t *out)
{
	const struct nl_plan *plan = &p->plan;
	usec_t now = p->ask->now / SEC * SEC;
	int32_t d, second = plan->times_n ? plan->times[0].s : 0;
	enum when_err e;

	if (day->kind == ND_STAMP) {
		const struct nl_token *t = &p->tokens[day->n];

		e = stamp_parse_in(with_seconds(p, t), nl_zone_of(p), out);
		return e ? nl_blame(p, WHEN_NL_OUT_OF_RANGE, (unsigned)day->n,
				    "Write it as YYYY-MM-DDThh:mm:ss.")
			 : WHEN_OK;
	}
	if ((e = nl_day_find(p, day, &d)))
		return p->i = p->n, nl_blame(p, e, 0, NULL);
	if (day->kind == ND_IN && !plan->times_n) {
		int64_t wall = now / SEC + tz_offset(nl_zone_of(p), now / SEC, NULL);

		*out = day->at
		     + (day->n + day->days > 0 ? nl_instant(p, d, (int32_t)(wall % DAY_S)) : now);
		return WHEN_OK;
	}
	*out = nl_instant(p, d, second);
	if (*out <= p->ask->now && day->kind == ND_DATE && day->year == 0) {
		day->year = civil_from_days(d).year + 1; /* today, but the time is over */
		if ((e = nl_day_find(p, day, &d)))
			return p->i = p->n, nl_blame(p, e, 0, NULL);
	}
	*out = instant_on(p, d, second);
	return WHEN_OK;
}

static enum when_err lower_once(struct nl_pass *p, struct nl_reading *out)
{
	char text[STAMP_MAX];
	usec_t at;
	bool has_extra = p->plan.start.is_set || p->plan.end.is_set || p->plan.span.kind != ND_NONE
		      || p->plan.times_n > 1;

	if (has_extra || (p->plan.times_n && (p->plan.day.kind == ND_STAMP || p->plan.day.at)))
		return p->i = p->n,
		       nl_blame(p, WHEN_NL_UNSUPPORTED, 0,
				"One day has one time here; make one schedule for each.");
	enum when_err e = instant_of(p, &p->plan.day, &at);
	if (e)
		return e;
	if (at <= p->ask->now)
		return p->i = p->n, nl_blame(p, WHEN_NL_PAST, 0, "Name a time in the future.");
	(void)stamp_print_local(at, nl_zone_of(p), text);
	return nl_compile(p, SPEC_ONCE, text, out);
}

/* ---- limits ---- */

enum when_err nl_limit_at(struct nl_pass *p, struct nl_limit *l, bool is_end, usec_t *out)
{
	int32_t d;
	enum when_err e;

	if (!l->is_set)
		return WHEN_OK;
	if (l->day.kind == ND_STAMP)
		return instant_of(p, &l->day, out);
	if ((e = nl_day_find(p, &l->day, &d)))
		return p->i = p->n, nl_blame(p, e, 0, NULL);
	*out = nl_instant(p, d, l->has_clock ? l->clock.s : is_end ? DAY_S - 1 : 0);
	if (l->day.kind == ND_NONE && *out < p->ask->now) /* "starting at 9am": the next one */
		*out = nl_instant(p, d + 1, l->clock.s);
	if (l->clock.is_bare)
		nl_note(p, NN_BARE_HOUR);
	return WHEN_OK;
}

/* "for 2 weeks": from the start, or from now. */
static usec_t span_end(const struct nl_pass *p, usec_t start)
{
	const struct nl_day *span = &p->plan.span;
	usec_t from = start == USEC_NEVER ? p->ask->now / SEC * SEC : start;

	if (span->n + span->days == 0)
		return from + span->at;
	int64_t wall = from / SEC + tz_offset(nl_zone_of(p), from / SEC, NULL);
	int32_t day = nl_months_later((int32_t)(wall / DAY_S), span->n) + span->days;
	return nl_instant(p, day, (int32_t)(wall % DAY_S)) + span->at;
}

static enum when_err find_limits(struct nl_pass *p, struct nl_reading *out)
{
	struct nl_plan *plan = &p->plan;
	enum when_err e;

	if ((e = nl_limit_at(p, &plan->start, false, &out->start_at)))
		return e;
	if ((e = nl_limit_at(p, &plan->end, true, &out->end_at)))
		return e;
	if (plan->span.kind == ND_IN) {
		out->end_at = span_end(p, out->start_at);
		nl_note(p, NN_FOR);
		return WHEN_OK;
	}
	if (plan->end.is_set && plan->start.is_set && out->end_at < out->start_at) {
		if (plan->end.day.kind != ND_DATE || plan->end.day.year)
			return p->i = p->n,
			       nl_blame(p, WHEN_NL_NEVER, 0, "It ends before it begins.");
		plan->end.day.year = civil_from_days((int32_t)(out->start_at / DAY)).year + 1;
		return nl_limit_at(p, &plan->end, true, &out->end_at);
	}
	if (out->end_at <= p->ask->now)
		return p->i = p->n, nl_blame(p, WHEN_NL_PAST, 0, "Name an end in the future.");
	return WHEN_OK;
}

/* ---- the times of a day ---- */

static void sort(struct nl_set *set)
{
	for (unsigned i = 1; i < set->n; i++) {
		int32_t v = set->s[i];
		unsigned k = i;

		for (; k > 0 && set->s[k - 1] > v; k--)
			set->s[k] = set->s[k - 1];
		set->s[k] = v;
	}
}

void nl_set_close(struct nl_set *set)
{
	unsigned n = 0;

	sort(set);
	for (unsigned i = 0; i < set->n; i++) {
		int32_t v = set->s[i];

		if (i > 0 && v == set->s[n - 1])
			continue;
		set->s[n++] = v;
		set->hours |= 1u << v / 3600;
		set->minutes |= (uint64_t)1 << v / 60 % 60;
		set->seconds |= (uint64_t)1 << v % 60;
	}
	set->n = n;
	set->is_product = (unsigned)(__builtin_popcount(set->hours)
				     * __builtin_popcountll(set->minutes)
				     * __builtin_popcountll(set->seconds))
		       == n;
}

static enum when_err collect(struct nl_pass *p, struct nl_set *set)
{
	const struct nl_plan *plan = &p->plan;

	*set = (struct nl_set){ .n = 0 };
	for (unsigned i = 0; i < plan->times_n; i++) {
		int32_t s = plan->times[i].s;

		if (!plan->past) {
			set->s[set->n++] = s;
			continue;
		}
		if (s % 3600)
			return p->i = p->n, nl_blame(p, WHEN_NL_UNSUPPORTED, 0,
						     "Name times, or minutes past the hour.");
		for (int32_t m = 0; m < 60 && set->n < NL_MINUTES_MAX; m++)
			if (plan->past >> m & 1)
				set->s[set->n++] = s + m * 60;
	}
	nl_set_close(set);
	if (plan->positions_n) {
		unsigned n = 0;

		for (unsigned i = 0; i < plan->positions_n; i++)
			if (plan->positions[i] <= set->n)
				set->s[n++] = set->s[plan->positions[i] - 1];
		set->n = n;
		set->hours = 0;
		set->minutes = set->seconds = 0;
		nl_set_close(set);
	}
	return WHEN_OK;
}

/* ---- cron ---- */

static bool needs_rule(const struct nl_plan *plan, const struct nl_set *set)
{
	bool is_skipping = plan->n > 1 && plan->unit != NU_NONE
			&& (plan->is_from_start || plan->unit != NU_MONTH || 12 % plan->n);

	return is_skipping || plan->workday || plan->back || !set->is_product;
}

static enum when_err lower_times(struct nl_pass *p, struct nl_reading *out)
{
	struct nl_set *set = arena_make(p->ask->arena, struct nl_set);
	struct nl_fields f;
	enum when_err e = collect(p, set);

	if (e)
		return e;
	if (needs_rule(&p->plan, set))
		return nl_lower_rule(p, set, out);
	nl_print_mask(set->seconds, 60, f.time[0], sizeof f.time[0]);
	nl_print_mask(set->minutes, 60, f.time[1], sizeof f.time[1]);
	nl_print_mask(set->hours, 24, f.time[2], sizeof f.time[2]);
	nl_fields_days(&p->plan, &f);
	return nl_compile_fields(p, &f, out);
}

enum when_err nl_lower(struct nl_pass *p, struct nl_reading *out)
{
	struct nl_plan *plan = &p->plan;
	enum when_err e;

	*out = (struct nl_reading){ .start_at = USEC_NEVER, .end_at = USEC_NEVER };
	if (plan->day.kind != ND_NONE)
		return lower_once(p, out);
	if ((e = find_limits(p, out)))
		return e;
	if (plan->raw.p)
		return nl_compile(p, SPEC_CRON, arena_dup(p->ask->arena, plan->raw.p, plan->raw.n),
				  out);
	if (plan->past && !plan->every && !plan->times_n)
		plan->every = HOUR;
	e = plan->every ? nl_lower_steps(p, out) : lower_times(p, out);
	if (e || !plan->is_once)
		return e;
	/* "once at 5pm": the first of them. */
	char text[STAMP_MAX];
	usec_t first = spec_next(&out->spec, p->ask->now, NULL);
	(void)stamp_print_local(first, nl_zone_of(p), text);
	out->start_at = out->end_at = USEC_NEVER;
	return nl_compile(p, SPEC_ONCE, text, out);
}
