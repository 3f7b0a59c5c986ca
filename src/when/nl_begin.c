/* Beginnings: the words of a request before its schedule ("remind me to call mom tomorrow"), and what
 * the date behind "starting" says about the runs. */
#include "nl_int.h"
#include "when/civil.h"

/* ---- requests ---- */

/* One of the words, which stand between blanks. */
static bool is_among(struct slice word, const char *words)
{
	for (const char *at = words; (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, word.p, word.n) == 0 && at[1 + word.n] == ' ')
			return true;
	return false;
}

/* What a request begins with; only behind these words is what they are about skipped. */
static bool is_lead(const struct nl_token *t)
{
	static const char words[] =
		" remind send schedule run execute trigger call post email ping notify check start "
		"launch generate make create can could please i want need id ";

	/* "post" is no misspelt "past" here */
	return (t->is_typo || NL_ANY(t->type, NT_UNKNOWN, NT_FILLER)) && is_among(t->word, words);
}

/* Words that change what a schedule means; behind them nothing is skipped. */
static bool is_telling(struct slice word)
{
	static const char words[] =
		" not no dont cannot cant wont stop cancel skip without nothing pause delete "
		"disable remove avoid prevent ignore shouldnt doesnt didnt isnt never instead "
		"rather or about around roughly almost approximately nearly maybe sometimes "
		"often usually occasionally early late most some several few many any odd even "
		"bi semi tri alternating half within by less more least ever yesterday previous since ";

	return is_among(word, words);
}

static bool is_skippable(const struct nl_pass *p, unsigned i)
{
	const struct nl_token *t = &p->tokens[i];

	if (t->type == NT_UNKNOWN)
		return !is_telling(t->word);
	if (t->type == NT_THIS) /* "this job", but "this friday" says when */
		return i + 1 < p->n && NL_ANY(p->tokens[i + 1].type, NT_UNKNOWN, NT_FILLER);
	return !t->is_typo && NL_ANY(t->type, NT_FILLER, NT_A, NT_THE, NT_TO);
}

/* "can you run this job every hour?": from a leading verb up to the first word that says when.
 * Nothing is skipped if all of it is known, or nothing would be left. */
void nl_skip_request(struct nl_pass *p)
{
	struct nl_token *lead = &p->tokens[0];
	unsigned i = 1, words = 1, unknown = lead->type != NT_FILLER;

	if (p->n == 0 || !is_lead(lead))
		return;
	for (; i < p->n && is_skippable(p, i); i++) {
		words += NL_ANY(p->tokens[i].type, NT_UNKNOWN, NT_FILLER);
		unknown += p->tokens[i].type == NT_UNKNOWN;
	}
	bool has_article = NL_ANY(p->tokens[i - 1].type, NT_A, NT_THE, NT_TO);
	if (i == p->n || unknown == 0 || has_article)
		return; /* "call me a second": the article belongs to what follows */
	lead->is_typo = 0;
	p->i = i;
	p->plan.fillers += words;
	nl_note(p, NN_FILLER);
}

/* ---- what the start says ---- */

static bool has_days(const struct nl_plan *plan)
{
	bool has_nth = plan->back != 0;

	for (unsigned d = 0; d < 7; d++)
		has_nth |= plan->nth[d] != 0;
	return has_nth || plan->weekdays || plan->dom || plan->last || plan->near || plan->last_near
	    || plan->workday || plan->dates_n;
}

/* The time of day, if neither times nor a finer step were named. */
static bool take_time(struct nl_plan *plan, int32_t second)
{
	if (plan->times_n || plan->past)
		return false;
	bool has_clock = plan->start.has_clock || plan->start.day.kind == ND_STAMP;

	if (!has_clock)
		return false;
	plan->times_n = 1;
	plan->times[0] = plan->start.clock;
	plan->times[0].s = second;
	return true;
}

/* The day of the week, month or year. */
static bool take_day(struct nl_plan *plan, int32_t day)
{
	struct civil c = civil_from_days(day);

	if (plan->unit < NU_WEEK || has_days(plan))
		return false;
	if (plan->unit == NU_WEEK) {
		plan->weekdays = (uint8_t)(1u << civil_weekday(day));
		return true;
	}
	plan->dom = 1u << c.day;
	if (plan->unit == NU_YEAR && !plan->months)
		plan->months = (uint16_t)(1u << c.month);
	return true;
}

/* Days that some months do not have. */
static bool is_rare(const struct nl_plan *plan, int32_t day)
{
	struct civil c = civil_from_days(day);

	return c.day > 28 && (plan->unit == NU_MONTH || (plan->unit == NU_YEAR && c.month == 2));
}

static bool is_open(const struct nl_plan *plan)
{
	return plan->start.is_set && !plan->every && !plan->count && plan->day.kind == ND_NONE;
}

/* "every 3 months starting february 15 at 9am": the 15th, at 9:00, counted from February. */
enum when_err nl_settle_start(struct nl_pass *p)
{
	struct nl_plan *plan = &p->plan;
	usec_t at = USEC_NEVER;
	enum when_err e;

	if (!is_open(plan))
		return WHEN_OK;
	if ((e = nl_limit_at(p, &plan->start, false, &at)))
		return e;
	int64_t wall = at / SEC + tz_offset(nl_zone_of(p), at / SEC, NULL);
	int32_t day = (int32_t)(wall / DAY_S);
	bool is_day = plan->start.day.kind != ND_NONE,
	     has_time = take_time(plan, (int32_t)(wall % DAY_S)),
	     has_day = is_day && take_day(plan, day);

	if (has_day && is_rare(plan, day))
		return p->i = p->n,
		       nl_blame(p, WHEN_NL_INEXPRESSIBLE, 0,
				"Not every month has that day; say the last day of the month.");
	plan->is_from_start |= is_day && plan->n > 1;
	if (has_time || has_day)
		nl_note(p, NN_START);
	return WHEN_OK;
}
