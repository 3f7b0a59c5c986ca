/* Cron in words, cronstrue's: the time of day, then day of month, day of week, month and year, each
 * a phrase behind a comma. What differs from field to field is one table. */
#include "describe_int.h"

static const struct voice {
	const char *step_one, *step_many; /* behind "every N"; step_one: of 1, NULL: not said */
	const char *range_head, *range_middle, *range_tail;
	const char *at_head, *at_one, *at_tail; /* at_one: the tail of the value 1 by itself */
	const char *star;                       /* for explain */
} voices[] = {
	[CRON_SECOND] = { "every 1 second", " seconds", "seconds ", " through ", " past the minute",
			  "at ", " second past the minute", " seconds past the minute",
			  "every second" },
	[CRON_MINUTE] = { "every 1 minute", " minutes", "minutes ", " through ", " past the hour",
			  "at ", " minute past the hour", " minutes past the hour",
			  "every minute" },
	[CRON_HOUR] = { "every 1 hour", " hours", "between ", " and ", "", "at ", "", "",
			"every hour" },
	[CRON_DAY_OF_MONTH] = { NULL, " days in a month", "between day ", " and ", " of the month",
				"on day ", " of the month", " of the month", "every day" },
	[CRON_MONTH] = { NULL, " months", "", " through ", "", "only in ", "", "", "every month" },
	[CRON_DAY_OF_WEEK] = { NULL, " days of the week", "", " through ", "", "only on ", "", "",
			       "every day of the week" },
	[CRON_YEAR] = { "every 1 year", " years", "", " through ", "", "only in ", "", "",
			"every year" },
};

_Static_assert(sizeof voices / sizeof voices[0] == CRON_FIELDS, "a row for every field");

/* A field while it is said. */
struct say {
	const struct cron_text *t;
	const struct cron_said *f;
	struct strbuf *out;
	enum cron_field field;
};

static struct say say_of(const struct cron_text *t, enum cron_field field, struct strbuf *out)
{
	return (struct say){ t, &t->field[field], out, field };
}

static bool is_alone(const struct cron_said *f, enum cron_item_kind kind)
{
	return f->n == 1 && f->item[0].kind == kind;
}

static bool is_zero(const struct cron_said *f)
{
	return is_alone(f, ITEM_VALUE) && f->item[0].a == 0;
}

static bool has_step(const struct cron_item *item)
{
	return item->kind == ITEM_STEP || item->kind == ITEM_OPEN || item->kind == ITEM_RANGE_STEP;
}

static bool any_step(const struct cron_said *f, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (has_step(&f->item[i]))
			return true;
	return false;
}

/* How many items before the specials. */
static unsigned plain_count(const struct cron_said *f)
{
	unsigned n = 0;

	while (n < f->n && f->item[n].kind < ITEM_HASH)
		n++;
	return n;
}

static void say_value(const struct say *s, int v, bool is_end)
{
	switch (s->field) {
	case CRON_HOUR: /* 9-17 with minutes lasts until 05:59 PM */
		say_clock(s->out, (unsigned)v,
			  is_end && !is_zero(&s->t->field[CRON_MINUTE]) ? 59 : 0);
		return;
	case CRON_MONTH:
		strbuf_adds(s->out, say_months[v - 1]);
		return;
	case CRON_DAY_OF_WEEK:
		strbuf_adds(s->out, say_weekdays[v]);
		return;
	default:
		strbuf_addi(s->out, v);
	}
}

static void say_through(const struct say *s, const struct cron_item *item, const char *middle)
{
	say_value(s, item->a, false);
	strbuf_adds(s->out, middle);
	say_value(s, item->b, true);
}

static void say_range(const struct say *s, const struct cron_item *item)
{
	const struct voice *v = &voices[s->field];

	strbuf_adds(s->out, v->range_head);
	say_through(s, item, v->range_middle);
	strbuf_adds(s->out, v->range_tail);
}

/* Day of week beside a restricted day of month: either is enough. */
static bool is_or(const struct say *s)
{
	return s->field == CRON_DAY_OF_WEEK && !s->t->is_dom_free && !s->t->is_and;
}

static const char *at_head(const struct say *s)
{
	return is_or(s) ? "and on " : voices[s->field].at_head;
}

static void say_at(const struct say *s, const char *head, int v)
{
	const struct cron_said *hours = &s->t->field[CRON_HOUR];

	if (s->field == CRON_MINUTE && v == 0) {
		bool is_hourly = !any_step(hours, hours->n) && is_zero(&s->t->field[CRON_SECOND]);

		strbuf_adds(s->out, is_hourly ? "every hour" : "on the hour");
		return;
	}
	strbuf_adds(s->out, head);
	say_value(s, v, false);
	strbuf_adds(s->out, v == 1 ? voices[s->field].at_one : voices[s->field].at_tail);
}

static bool say_every(const struct say *s, int step)
{
	const struct voice *v = &voices[s->field];

	if (step == 1 && !v->step_one)
		return false;
	if (step == 1)
		strbuf_adds(s->out, v->step_one);
	else
		strbuf_addf(s->out, "every %d%s", step, v->step_many);
	return true;
}

/* One item as a phrase of its own; i: where it stands. */
static void say_item(const struct say *s, const struct cron_item *item, unsigned i)
{
	bool is_more = false;

	switch (item->kind) {
	case ITEM_STEP:
		(void)say_every(s, item->step);
		return;
	case ITEM_OPEN:
		is_more = say_every(s, item->step);
		strbuf_adds(s->out, is_more ? ", starting " : "starting ");
		say_at(s, voices[s->field].at_head, item->a);
		return;
	case ITEM_RANGE_STEP:
		is_more = say_every(s, item->step);
		strbuf_adds(s->out, is_more ? ", " : "");
		say_range(s, item);
		return;
	case ITEM_RANGE:
		if (s->f->n == 1)
			say_range(s, item);
		else
			say_through(s, item, " through ");
		return;
	default:
		say_at(s,
		       i > 0 && s->field == CRON_DAY_OF_WEEK && at_head(s)[0] == 'a' ? "on "
										     : at_head(s),
		       item->a);
	}
}

static void say_values(const struct say *s, unsigned from, unsigned n, unsigned of)
{
	for (unsigned i = 0; i < n; i++) {
		const struct cron_item *item = &s->f->item[from + i];

		say_comma(s->out, i, of);
		if (item->kind == ITEM_RANGE)
			say_through(s, item, " through ");
		else
			say_value(s, item->a, false);
	}
}

/* The items before the specials. */
static void say_plain(const struct say *s, unsigned n)
{
	if (n > 1 && !any_step(s->f, n)) {
		strbuf_adds(s->out, at_head(s));
		say_values(s, 0, n, n);
		strbuf_adds(s->out, voices[s->field].at_tail);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		say_comma(s->out, i, n);
		say_item(s, &s->f->item[i], i);
	}
}

/* ---- days of the month ---- */

static void say_special_day(struct strbuf *out, const struct cron_item *item, bool has_article)
{
	const char *the = has_article ? "the " : "";

	if (item->kind == ITEM_NEAR && item->a == 1)
		strbuf_addf(out, "%sfirst weekday", the);
	else if (item->kind == ITEM_NEAR)
		strbuf_addf(out, "%sweekday nearest day %d", the, item->a);
	else if (item->kind == ITEM_LAST_NEAR && item->a == 0)
		strbuf_addf(out, "%slast weekday", the);
	else {
		if (item->kind == ITEM_LAST_NEAR)
			strbuf_addf(out, "%sweekday nearest ", the);
		if (item->a > 0)
			strbuf_addf(out, "%d day%s before ", item->a, item->a == 1 ? "" : "s");
		strbuf_adds(out, "the last day");
	}
}

static void say_days_of_month(const struct say *s)
{
	unsigned plain = plain_count(s->f), all = s->f->n;
	bool is_joined = plain > 0 && any_step(s->f, plain);
	const struct cron_item *first = &s->f->item[0];

	if (plain == all) {
		say_plain(s, all);
		return;
	}
	if (all > 1 || first->kind != ITEM_LAST || first->a == 0)
		strbuf_adds(s->out, is_joined ? "" : "on ");
	if (is_joined) {
		say_plain(s, plain);
		strbuf_adds(s->out, " and on ");
	} else if (plain > 0) {
		strbuf_adds(s->out, "day ");
		say_values(s, 0, plain, all);
	}
	for (unsigned i = plain; i < all; i++) {
		say_comma(s->out, is_joined ? i - plain : i, is_joined ? all - plain : all);
		say_special_day(s->out, &s->f->item[i], true);
	}
	strbuf_adds(s->out, " of the month");
}

/* ---- days of the week ---- */

/* "on the first Monday and third Friday of the month" */
static void say_nth(const struct say *s, unsigned from, unsigned n)
{
	bool is_last = s->f->item[from].kind == ITEM_NTH_LAST;

	strbuf_adds(s->out, is_last ? "on the last " : "on the ");
	for (unsigned i = 0; i < n; i++) {
		const struct cron_item *item = &s->f->item[from + i];

		say_comma(s->out, i, n);
		if (!is_last)
			strbuf_addf(s->out, "%s ", say_ordinals[item->b - 1]);
		say_value(s, item->a, false);
	}
	strbuf_adds(s->out, " of the month");
}

/* Do the plain items begin with "only on" by themselves? */
static bool begins_with_only(const struct say *s, unsigned plain)
{
	return plain > 0
	    && (s->f->item[0].kind == ITEM_VALUE || (plain > 1 && !any_step(s->f, plain)));
}

static void say_days_of_week(const struct say *s)
{
	unsigned plain = plain_count(s->f), nth = plain;

	if (s->t->is_and && !s->t->is_dom_free && !begins_with_only(s, plain))
		strbuf_adds(s->out, "only ");
	say_plain(s, plain);
	while (nth < s->f->n && s->f->item[nth].kind == ITEM_NTH)
		nth++;
	if (nth > plain) {
		strbuf_adds(s->out, plain > 0 ? " and " : "");
		say_nth(s, plain, nth - plain);
	}
	if (s->f->n > nth) {
		strbuf_adds(s->out, nth > 0 ? " and " : "");
		say_nth(s, nth, s->f->n - nth);
	}
}

/* ---- the time of day ---- */

/* cronstrue turns an hour beside running minutes into the range of itself. */
static void say_hours(const struct say *s)
{
	const struct cron_said *second = &s->t->field[CRON_SECOND],
			       *minute = &s->t->field[CRON_MINUTE];
	bool is_running = any_step(second, second->n) || any_step(minute, minute->n)
		       || is_alone(second, ITEM_STAR) || is_alone(minute, ITEM_STAR);

	if (is_alone(s->f, ITEM_VALUE) && is_running) {
		struct cron_item whole = s->f->item[0];

		whole.b = whole.a;
		say_range(s, &whole);
	} else
		say_plain(s, s->f->n);
}

static bool is_list_of_values(const struct cron_said *f)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->item[i].kind != ITEM_VALUE)
			return false;
	return f->n > 0;
}

static void say_parts_of_day(const struct cron_text *t, struct strbuf *out)
{
	size_t start = out->n;
	bool has_seconds = !is_zero(&t->field[CRON_SECOND]);

	for (unsigned i = CRON_SECOND; i <= CRON_HOUR; i++) {
		struct say s = say_of(t, i, out);
		bool is_star = is_alone(s.f, ITEM_STAR);

		if ((i == CRON_SECOND && !has_seconds)
		    || (i == CRON_MINUTE && is_star && has_seconds) || (i == CRON_HOUR && is_star))
			continue;
		strbuf_adds(out, out->n > start ? ", " : "");
		if (is_star)
			strbuf_adds(out, voices[i].star);
		else if (i == CRON_HOUR)
			say_hours(&s);
		else
			say_plain(&s, s.f->n);
	}
}

/* "at 09:00 AM, 12:00 PM and 05:00 PM" */
static void say_hour_list(const struct cron_said *hour, unsigned minute, struct strbuf *out)
{
	strbuf_adds(out, "at ");
	for (unsigned i = 0; i < hour->n; i++) {
		strbuf_adds(out, i == 0 ? "" : i + 1 < hour->n ? ", " : " and ");
		say_clock(out, (unsigned)hour->item[i].a, minute);
	}
}

static void say_time_of_day(const struct cron_text *t, struct strbuf *out)
{
	const struct cron_said *second = &t->field[CRON_SECOND], *minute = &t->field[CRON_MINUTE];
	const struct cron_said *hour = &t->field[CRON_HOUR];
	unsigned m = (unsigned)minute->item[0].a, h = (unsigned)hour->item[0].a;
	bool one_minute = is_alone(minute, ITEM_VALUE), one_hour = is_alone(hour, ITEM_VALUE);

	if (one_minute && one_hour && is_alone(second, ITEM_VALUE) && !is_zero(second)) {
		strbuf_adds(out, "at ");
		say_time(out, h, m, (unsigned)second->item[0].a);
	} else if (is_zero(second) && one_minute && is_list_of_values(hour)) {
		say_hour_list(hour, m, out);
	} else if (is_zero(second) && one_hour && is_alone(minute, ITEM_RANGE)) {
		strbuf_adds(out, "every minute between ");
		say_clock(out, h, m);
		strbuf_adds(out, " and ");
		say_clock(out, h, (unsigned)minute->item[0].b);
	} else
		say_parts_of_day(t, out);
}

static void say_field(const struct say *s)
{
	if (s->field == CRON_DAY_OF_MONTH)
		say_days_of_month(s);
	else if (s->field == CRON_DAY_OF_WEEK)
		say_days_of_week(s);
	else
		say_plain(s, s->f->n);
}

/* cronstrue says "and on Friday", but plain "Monday through Friday" and "on the first Monday of the
 * month", which reads as if both days were needed. */
static void say_or(const struct say *s, size_t from)
{
	static const char word[] = "and ";
	size_t n = sizeof word - 1;

	if (!is_or(s) || strncmp(s->out->p + from, word, n) == 0)
		return;
	strbuf_adds(s->out, word);
	if (s->out->failed)
		return;
	memmove(s->out->p + from + n, s->out->p + from, s->out->n - n - from);
	memcpy(s->out->p + from, word, n);
}

void describe_cron(const struct cron *c, struct slice text, struct strbuf *out)
{
	static const enum cron_field order[] = { CRON_DAY_OF_MONTH, CRON_DAY_OF_WEEK, CRON_MONTH,
						 CRON_YEAR };
	struct cron_text t;
	size_t start = out->n;

	cron_text_read(c, text, &t);
	say_time_of_day(&t, out);
	for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
		struct say s = say_of(&t, order[i], out);

		if (s.f->n == 0 || is_alone(s.f, ITEM_STAR))
			continue;
		strbuf_adds(out, ", ");
		size_t from = out->n;
		say_field(&s);
		say_or(&s, from);
	}
	say_capital(out, start);
}

void describe_cron_field(const struct cron_text *t, enum cron_field field, struct strbuf *out)
{
	struct say s = say_of(t, field, out);

	if (is_alone(s.f, ITEM_STAR))
		strbuf_adds(out, voices[field].star);
	else if (field == CRON_MINUTE && is_zero(s.f))
		strbuf_adds(out, "on the hour");
	else
		say_field(&s);
}
