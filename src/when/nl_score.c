/* Confidence (TIME.md 6), and in words what was understood without being said. */
#include "nl_int.h"
#include "when/stamp.h"
#include "when_int.h"

enum { CONFIDENCE = 97, WARN_BELOW = 70, TYPO = 8, FILLER = 5, FILLER_WORD = 2, FILLER_MOST = 20 };

/* %s is the detail that detail_of() gives; NULL: nothing to say. */
static const struct {
	int cost;
	const char *text;
} notes[NN_NOTES] = {
	[NN_ZONE_NICK] = { 2, "\"%s\" was read as the time zone %s." },
	[NN_ZONE_AMBIGUOUS] = { 15, "\"%s\" names several time zones; it was read as %s." },
	[NN_NO_TIME] = { 10, "No time of day was named: midnight (00:00)." },
	[NN_NO_DAY] = { 10, "No day was named: %s was taken." },
	[NN_BARE_HOUR] = { 10, "An hour without am or pm was read on the 24-hour clock." },
	[NN_DAYPART] = { 15, "Morning is 09:00, afternoon 12:00, evening 19:00, night 22:00." },
	[NN_NEXT] = { 15, "\"Next\" was read as the first such day after today." },
	[NN_BIWEEKLY] = { 15, "\"Biweekly\" was read as every two weeks." },
	[NN_BIMONTHLY] = { 15, "\"Bimonthly\" was read as every two months." },
	[NN_UNCLEAR] = { 20, "Nothing says whether this happens once or repeats: it repeats." },
	[NN_COUNT] = { 25, "The runs were spread evenly, as their times or days were not named." },
	[NN_TYPO] = { 0, "A misspelt word was corrected." },
	[NN_FILLER] = { 0, NULL },
	[NN_JANUARY] = { 0, "The months are counted from January." },
	[NN_BUSINESS] = { 0,
			  "Business hours are 09:00 to 17:00, Monday to Friday unless days are named." },
	[NN_BEGINS] = { 0, "The interval is counted from the first run, %s." },
	[NN_STEPS] = { 0, "The steps begin anew each day at the start of the period." },
	[NN_WINDOW_END] = { 0, "The end of the period was read as an afternoon hour." },
	[NN_NIGHT] = { 0, NULL },
	[NN_SECOND] = { 15, "\"Every second\" was read as the second one of each month." },
	[NN_LAST] = { 15, "\"Last\" was read as the last one of each month." },
	[NN_START] = { 0, "What was not named is taken from the start: the first run is %s." },
	[NN_FOR] = { 0, "The time named ends %s." },
	[NN_GAP] = { 0, "The clock skips that time on that day: %s was taken." },
	[NN_FOLD] = { 0, "That time comes twice on that day: the first, %s, was taken." },
	[NN_YEAR] = { 0, "No year was named: the next such date." },
};

static int cost_of(const struct nl_plan *plan)
{
	unsigned words = plan->fillers * FILLER_WORD + FILLER;
	int cost = 0;

	for (unsigned i = 0; i < NN_NOTES; i++)
		if (plan->notes >> i & 1)
			cost += notes[i].cost;
	cost += (int)plan->typos * TYPO;
	if (plan->fillers)
		cost += (int)(words < FILLER_MOST ? words : FILLER_MOST);
	return cost;
}

/* What settle_days() took. */
static const char *day_taken(const struct nl_plan *plan)
{
	if (plan->weekdays)
		return "Sunday";
	return plan->unit == NU_YEAR && plan->months == 1u << 1 ? "the 1st of January" : "the 1st";
}

static const char *text_of(const struct nl_pass *p, unsigned note, const struct nl_answer *out)
{
	struct arena *a = p->ask->arena;
	char stamp[STAMP_MAX];

	switch ((enum nl_note)note) {
	case NN_ZONE_NICK:
		return arena_printf(a, "\"%s\" was read as the time zone %s.", p->plan.zone_word,
				    tz_name(nl_zone_of(p)));
	case NN_ZONE_AMBIGUOUS:
		return arena_printf(a, "\"%s\" names several time zones; it was read as %s.",
				    p->plan.zone_word, tz_name(nl_zone_of(p)));
	case NN_NO_DAY:
		return arena_printf(a, "No day was named: %s was taken.", day_taken(&p->plan));
	case NN_BEGINS:
	case NN_START:
		(void)stamp_print_local(spec_next(&out->first.spec, p->ask->now, NULL),
					nl_zone_of(p), stamp);
		return note == NN_BEGINS
			     ? arena_printf(a, "The interval is counted from the first run, %s.",
					    stamp)
			     : arena_printf(a,
					    "What was not named is taken from the start: the first "
					    "run is %s.",
					    stamp);
	case NN_GAP:
	case NN_FOLD:
		return arena_printf(
			a,
			note == NN_GAP ? "The clock skips that time on that day: %.*s was taken."
				       : "That time comes twice on that day: the first, %.*s, was "
					 "taken.",
			SLICE_ARG(out->first.text));
	case NN_FOR:
		(void)stamp_print_local(out->first.end_at, nl_zone_of(p), stamp);
		return arena_printf(a, "The time named ends %s.", stamp);
	default:
		return notes[note].text;
	}
}

void nl_score(const struct nl_pass *p, struct nl_answer *out)
{
	int confidence = CONFIDENCE - cost_of(&p->plan);

	for (unsigned i = 0; i < NN_NOTES && out->assumptions_n < NL_NOTES_MAX; i++)
		if (p->plan.notes >> i & 1 && notes[i].text)
			out->assumptions[out->assumptions_n++] = slice_of(text_of(p, i, out));
	out->confidence = confidence > 0 ? confidence : 0;
	if (confidence < WARN_BELOW)
		out->warnings[out->warnings_n++] = SLICE_LIT(
			"This reading is uncertain; check the assumptions before you use it.");
}
