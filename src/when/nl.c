/* The pass over a phrase: clause by clause, in any order; then raw cron, other readings, and the
 * check of an answer against its own description. */
#include "base/strbuf.h"
#include "nl_int.h"
#include "when/describe.h"
#include "when/stamp.h"
#include "when_int.h"

enum { CHECK_RUNS = 10, CRON_LEAST = 5, CRON_MOST = 7 };

/* In this order at each place: what begins with the same word and needs more words goes first. */
static enum nl_read (*const clauses[])(struct nl_pass *) = {
	nl_positions, nl_window, nl_limits,   nl_minutes, nl_count, nl_every, nl_adverb, nl_once,
	nl_monthdays, nl_months, nl_weekdays, nl_except,  nl_of,    nl_times, nl_zone,
};

static bool skip_neutral(struct nl_pass *p)
{
	bool has_article = (NL_ANY(nl_ahead(p, 0), NT_THE, NT_THIS))
			&& (nl_ahead(p, 1) == NT_FILLER
			    || (p->i > 0 && p->tokens[p->i - 1].type == NT_FILLER));

	p->i += has_article; /* "run the job", "run this every day" */
	if (nl_take(p, NT_FILLER) || has_article) {
		p->plan.fillers++;
		nl_note(p, NN_FILLER);
		return true;
	}
	if (nl_take(p, NT_COMMA))
		return true;
	/* "and" between clauses, "only" before one; never the last word. */
	bool is_joint = NL_ANY(nl_ahead(p, 0), NT_AND, NT_ONLY, NT_ON)
		     || (nl_ahead(p, 0) == NT_DASH && !nl_now(p)->is_glued);
	if (p->i > 0 && p->i + 1 < p->n && is_joint) {
		p->i++;
		return true;
	}
	return false;
}

static enum when_err not_understood(struct nl_pass *p)
{
	bool is_behind = NL_ANY(nl_ahead(p, 1), NT_UNKNOWN, NT_UNSUPPORTED);
	bool is_lead = nl_ahead(p, 0) == NT_EVERY
		    || (nl_ahead(p, 0) >= NT_AT && nl_ahead(p, 0) <= NT_OF);
	unsigned first = p->i + (is_behind && is_lead); /* "at sunrise": the sunrise */

	p->i = first + 1;
	if (p->tokens[first].type == NT_UNSUPPORTED)
		return nl_blame(p, WHEN_NL_UNSUPPORTED, first, "Say it with days and times.");
	return nl_blame(p, WHEN_NL_UNRECOGNIZED, first,
			"Say how often, on which days and at what time.");
}

/* Business hours bring their own days, and positions turn days into others. */
static enum nl_read read_clause(struct nl_pass *p)
{
	unsigned first = p->i;
	struct nl_plan *before = &p->before;
	enum nl_read r = NL_NOT;

	p->plan.named = 0;
	p->plan.has_named = false;
	*before = p->plan;
	for (unsigned k = 0; k < sizeof clauses / sizeof clauses[0] && r == NL_NOT; k++) {
		r = clauses[k](p);
		if (r == NL_READ && clauses[k] != nl_window && clauses[k] != nl_positions)
			nl_pair_add(p, before, first);
	}
	return r;
}

static enum when_err read_clauses(struct nl_pass *p)
{
	while (p->i < p->n) {
		enum nl_read r = read_clause(p);

		if (r == NL_FAULT)
			return p->fault.err;
		if (r == NL_NOT && !skip_neutral(p))
			return not_understood(p);
	}
	for (unsigned i = 0; i < p->n; i++)
		if (p->tokens[i].is_typo) {
			p->plan.typos++;
			nl_note(p, NN_TYPO);
		}
	return WHEN_OK;
}

/* ---- raw cron ---- */

static struct slice word_at(struct slice text, size_t *at)
{
	size_t i = *at, begin;

	while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
		i++;
	for (begin = i; i < text.n && text.p[i] != ' ' && text.p[i] != '\t';)
		i++;
	*at = i;
	return (struct slice){ text.p + begin, i - begin };
}

/* A field of a cron expression: signs and digits, or three-letter names among them. */
static bool is_field(struct slice w)
{
	bool has_sign = false;
	unsigned letters = 0;

	for (size_t i = 0; i < w.n; i++) {
		bool is_letter = is_alpha(w.p[i]);

		if (!is_letter && !is_digit(w.p[i]) && !strchr("*,/-?#+()", w.p[i]))
			return false;
		has_sign |= !is_letter;
		letters += is_letter;
	}
	return w.n > 0
	    && (has_sign || letters == 3
		|| (letters == 1 && (lower(*w.p) == 'l' || lower(*w.p) == 'h')));
}

/* A field, and if it is a word, the name of a day or month: "utc" has three letters too. */
static bool is_named_field(struct slice w)
{
	struct nl_token t;

	if (!is_field(w) || w.n != 3 || !is_alpha(*w.p))
		return is_field(w);
	char small[3] = { lower(w.p[0]), lower(w.p[1]), lower(w.p[2]) };

	return nl_word((struct slice){ small, 3 }, &t) && NL_ANY(t.type, NT_WEEKDAY, NT_MONTH);
}

/* The length of the cron expression or macro that the text begins with; 0: none. */
static size_t raw_length(struct slice text)
{
	size_t at = 0, end = 0;
	unsigned n = 0;
	struct slice w = word_at(text, &at);

	if (w.n > 1 && w.p[0] == '@' && is_alpha(w.p[1])) {
		if (w.n == 6 && lower(w.p[2]) == 'v') /* "@every 5m" */
			(void)word_at(text, &at);
		return at;
	}
	if (w.n == 0 || !strchr("*?0123456789hH", *w.p))
		return 0;
	for (; n < CRON_MOST && is_named_field(w); n++) {
		end = at;
		w = word_at(text, &at);
	}
	return n >= CRON_LEAST ? end : 0;
}

static enum when_err raw_error(enum when_err e)
{
	switch (e) {
	case WHEN_CRON_NEVER:
		return WHEN_NL_NEVER;
	case WHEN_CRON_VALUE_RANGE:
	case WHEN_CRON_STEP_ZERO:
	case WHEN_CRON_STEP_RANGE:
	case WHEN_INTERVAL_RANGE:
		return WHEN_NL_OUT_OF_RANGE;
	case WHEN_CRON_REBOOT:
		return WHEN_NL_UNSUPPORTED;
	default:
		return WHEN_NL_UNRECOGNIZED;
	}
}

/* What stands behind the expression: a zone and limits, nothing else. */
static bool is_bare(const struct nl_plan *plan)
{
	return !plan->is_recurring && !plan->is_once && plan->unit == NU_NONE && !plan->every
	    && !plan->times_n && !plan->past && !plan->weekdays && !plan->dom && !plan->months
	    && plan->day.kind == ND_NONE && !plan->dates_n && !plan->has_window;
}

static enum when_err raw(struct nl_pass *p, size_t n, struct nl_reading *out)
{
	struct slice text = { p->text.p, n };
	struct spec_ask ask = { .zones = p->ask->zones };
	struct when_fault fault = { 0 };
	enum when_err e = spec_parse_cron(&ask, text, &out->spec, &fault);

	if (e) {
		p->fault = (struct when_fault){ raw_error(e), fault.at, fault.len, "text",
						fault.hint };
		return p->fault.err;
	}
	for (p->i = 0; p->i < p->n && p->tokens[p->i].at < n;)
		p->i++;
	unsigned first = p->i;
	if ((e = read_clauses(p)))
		return e;
	if (!is_bare(&p->plan))
		return nl_blame(p, WHEN_NL_UNSUPPORTED, first,
				"A cron expression already says when.");
	p->plan.raw = text;
	return nl_lower(p, out);
}

/* ---- the check ---- */

static bool is_same_time(const struct spec *a, const struct spec *b, usec_t now)
{
	for (unsigned i = 0; i < CHECK_RUNS; i++) {
		usec_t t = spec_next(a, now, NULL);

		if (t != spec_next(b, now, NULL))
			return false;
		if (t == USEC_NEVER)
			return true;
		now = t;
	}
	return true;
}

static enum when_err read_text(struct nl_pass *p, struct nl_reading *out)
{
	enum when_err e;

	if (nl_tokens(p) == NL_FAULT)
		return p->fault.err;
	size_t n = raw_length(p->text);
	if (n)
		return raw(p, n, out);
	nl_skip_request(p);
	if ((e = read_clauses(p)) || (e = nl_pair_check(p)))
		return e;
	return (e = nl_settle(p)) ? e : nl_lower(p, out);
}

/* The answer's description, read again, must be the same schedule. Limits are left aside: they were
 * taken from dates as they stand. Never checks itself again. */
static bool describes_itself(const struct nl_pass *p, const struct nl_reading *r)
{
	struct nl_pass *again = arena_make(p->ask->arena, struct nl_pass);
	struct nl_ask *ask = arena_make(p->ask->arena, struct nl_ask);
	struct spec plain = r->spec;
	struct nl_reading back = { .kind = SPEC_CRON };
	struct strbuf words;

	plain.start_at = SPEC_NO_START;
	plain.end_at = USEC_NEVER;
	*ask = *p->ask;
	ask->zone = plain.tz;
	bool is_counted = p->plan.is_from_start;
	if (r->start_at != USEC_NEVER && (r->start_at > ask->now || is_counted))
		ask->now = r->start_at - 1;
	again->plan.is_from_start = is_counted;
	strbuf_init(&words, DESCRIBE_MAX);
	describe(&plain, r->text, false, &words);
	again->ask = ask;
	again->text = arena_slice(ask->arena, strbuf_slice(&words));
	again->is_elapsed = r->kind == SPEC_EVERY;
	strbuf_release(&words);
	if (again->text.n == 0 || read_text(again, &back) != WHEN_OK)
		return false;
	if (r->kind == SPEC_EVERY) /* the anchor is not said */
		return back.kind == SPEC_EVERY && back.spec.every == plain.every;
	return is_same_time(&plain, &back.spec, ask->now);
}

/* ---- other readings ---- */

static void add_other(struct nl_answer *out, const struct nl_reading *r)
{
	if (out->others_n < NL_OTHERS_MAX)
		out->others[out->others_n++] = *r;
}

/* The same plan, changed by `change`. */
static void other_plan(const struct nl_pass *p, const struct nl_plan *plan, struct nl_answer *out)
{
	struct nl_pass *q = arena_make(p->ask->arena, struct nl_pass);
	struct nl_reading r;

	*q = *p;
	q->plan = *plan;
	if (nl_lower(q, &r) == WHEN_OK)
		add_other(out, &r);
}

/* The week after next "friday". */
static void after_next(const struct nl_pass *p, struct nl_plan *plan)
{
	const struct nl_day today = { .kind = ND_AFTER };
	int32_t next = 0, day = 0;

	(void)nl_day_find(p, &plan->day, &next);
	(void)nl_day_find(p, &today, &day);
	plan->day = (struct nl_day){ .kind = ND_AFTER, .n = next - day + 7 };
}

static void twice_weekly(const struct nl_pass *p, struct nl_plan *plan)
{
	plan->n = 1;
	if (nl_noted(p, NN_NO_DAY))
		plan->weekdays = 0x12;
}

static void twice_monthly(const struct nl_pass *p, struct nl_plan *plan)
{
	(void)p;
	plan->months = 0;
	plan->dom = 1u << 1 | 1u << 15;
	plan->n = 1;
}

/* Every other tuesday, in place of the second one of the month. */
static void every_other(const struct nl_pass *p, struct nl_plan *plan)
{
	(void)p;
	for (unsigned d = 0; d < 7; d++)
		plan->weekdays |= (uint8_t)((plan->nth[d] != 0) << d);
	memset(plan->nth, 0, sizeof plan->nth);
	plan->unit = NU_WEEK;
	plan->n = 2;
}

static void only_once(const struct nl_pass *p, struct nl_plan *plan)
{
	(void)p;
	plan->is_once = true;
}

static const struct {
	enum nl_note note;
	void (*change)(const struct nl_pass *, struct nl_plan *);
} changes[] = {
	{ NN_UNCLEAR, only_once },       { NN_NEXT, after_next },    { NN_BIWEEKLY, twice_weekly },
	{ NN_BIMONTHLY, twice_monthly }, { NN_SECOND, every_other },
};

static void find_others(const struct nl_pass *p, struct nl_answer *out)
{
	struct nl_plan plan;

	for (unsigned i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		bool is_day = changes[i].note != NN_NEXT || p->plan.day.kind == ND_WEEKDAY;

		if (!nl_noted(p, changes[i].note) || !is_day)
			continue;
		plan = p->plan;
		changes[i].change(p, &plan);
		other_plan(p, &plan, out);
	}
	for (unsigned i = 0; i < NL_OTHERS_MAX && p->plan.zone_others[i]; i++) {
		plan = p->plan;
		plan.zone = tz_find(p->ask->zones, slice_of(p->plan.zone_others[i]));
		if (plan.zone)
			other_plan(p, &plan, out);
	}
}

/* ---- */

static enum when_err fail(const struct nl_pass *p, struct when_fault *out_fault)
{
	if (out_fault)
		*out_fault = p->fault;
	return p->fault.err;
}

static enum when_err begin(struct nl_pass *p)
{
	size_t blank = 0;

	while (blank < p->text.n && (p->text.p[blank] == ' ' || p->text.p[blank] == '\t'))
		blank++;
	if (blank == p->text.n)
		p->fault = (struct when_fault){ WHEN_NL_EMPTY, 0, 0, "text", NULL };
	else if (p->text.n > NL_TEXT_MAX)
		p->fault = (struct when_fault){ WHEN_NL_TOO_LONG, NL_TEXT_MAX,
						(unsigned)p->text.n - NL_TEXT_MAX, "text",
						"Send at most 500 bytes." };
	return p->fault.err;
}

enum when_err nl_parse(const struct nl_ask *ask, struct slice text, struct nl_answer *out,
		       struct when_fault *out_fault)
{
	struct nl_pass *p = arena_make(ask->arena, struct nl_pass);
	struct nl_answer answer = { .confidence = 0 };

	p->ask = ask;
	p->text = text;
	if (begin(p) || read_text(p, &answer.first))
		return fail(p, out_fault);
	if (!p->plan.raw.p && !describes_itself(p, &answer.first)) {
		p->i = p->n;
		(void)nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0, "Say it in a simpler way.");
		return fail(p, out_fault);
	}
	nl_score(p, &answer);
	find_others(p, &answer);
	*out = answer;
	return WHEN_OK;
}
