/* The closed vocabulary of the grammar, and which of its words a misspelt one must be. */
#include "nl_int.h"

struct entry {
	const char *word;
	enum nl_type type;
	int value, more;
};

static const struct entry vocabulary[] = {
	{ "every", NT_EVERY, 0, 0 },
	{ "each", NT_EVERY, 0, 0 },
	{ "all", NT_EVERY, 0, 0 },
	{ "other", NT_OTHER, 0, 0 },
	{ "alternate", NT_OTHER, 0, 0 },
	{ "second", NT_UNIT, NU_SECOND, 0 },
	{ "seconds", NT_UNIT, NU_SECOND, 1 },
	{ "sec", NT_UNIT, NU_SECOND, 0 },
	{ "secs", NT_UNIT, NU_SECOND, 1 },
	{ "s", NT_UNIT, NU_SECOND, 1 },
	{ "minute", NT_UNIT, NU_MINUTE, 0 },
	{ "minutes", NT_UNIT, NU_MINUTE, 1 },
	{ "min", NT_UNIT, NU_MINUTE, 0 },
	{ "mins", NT_UNIT, NU_MINUTE, 1 },
	{ "m", NT_UNIT, NU_MINUTE, 1 },
	{ "hour", NT_UNIT, NU_HOUR, 0 },
	{ "hours", NT_UNIT, NU_HOUR, 1 },
	{ "hr", NT_UNIT, NU_HOUR, 0 },
	{ "hrs", NT_UNIT, NU_HOUR, 1 },
	{ "h", NT_UNIT, NU_HOUR, 1 },
	{ "day", NT_UNIT, NU_DAY, 0 },
	{ "days", NT_UNIT, NU_DAY, 1 },
	{ "d", NT_UNIT, NU_DAY, 1 },
	{ "week", NT_UNIT, NU_WEEK, 0 },
	{ "weeks", NT_UNIT, NU_WEEK, 1 },
	{ "wk", NT_UNIT, NU_WEEK, 0 },
	{ "wks", NT_UNIT, NU_WEEK, 1 },
	{ "w", NT_UNIT, NU_WEEK, 1 },
	{ "month", NT_UNIT, NU_MONTH, 0 },
	{ "months", NT_UNIT, NU_MONTH, 1 },
	{ "quarters", NT_UNIT, NU_QUARTER, 1 },
	{ "year", NT_UNIT, NU_YEAR, 0 },
	{ "years", NT_UNIT, NU_YEAR, 1 },
	{ "yr", NT_UNIT, NU_YEAR, 0 },
	{ "sunday", NT_WEEKDAY, 0, 0 },
	{ "sundays", NT_WEEKDAY, 0, 1 },
	{ "sun", NT_WEEKDAY, 0, 0 },
	{ "monday", NT_WEEKDAY, 1, 0 },
	{ "mondays", NT_WEEKDAY, 1, 1 },
	{ "mon", NT_WEEKDAY, 1, 0 },
	{ "tuesday", NT_WEEKDAY, 2, 0 },
	{ "tuesdays", NT_WEEKDAY, 2, 1 },
	{ "tue", NT_WEEKDAY, 2, 0 },
	{ "tues", NT_WEEKDAY, 2, 0 },
	{ "wednesday", NT_WEEKDAY, 3, 0 },
	{ "wednesdays", NT_WEEKDAY, 3, 1 },
	{ "wed", NT_WEEKDAY, 3, 0 },
	{ "weds", NT_WEEKDAY, 3, 0 },
	{ "thursday", NT_WEEKDAY, 4, 0 },
	{ "thursdays", NT_WEEKDAY, 4, 1 },
	{ "thu", NT_WEEKDAY, 4, 0 },
	{ "thur", NT_WEEKDAY, 4, 0 },
	{ "thurs", NT_WEEKDAY, 4, 0 },
	{ "friday", NT_WEEKDAY, 5, 0 },
	{ "fridays", NT_WEEKDAY, 5, 1 },
	{ "fri", NT_WEEKDAY, 5, 0 },
	{ "saturday", NT_WEEKDAY, 6, 0 },
	{ "saturdays", NT_WEEKDAY, 6, 1 },
	{ "sat", NT_WEEKDAY, 6, 0 },
	{ "weekday", NT_WORKDAY, 0, 0 },
	{ "weekdays", NT_WORKDAY, 0, 1 },
	{ "workday", NT_WORKDAY, 0, 0 },
	{ "workdays", NT_WORKDAY, 0, 1 },
	{ "weekend", NT_WEEKEND, 0, 0 },
	{ "weekends", NT_WEEKEND, 0, 1 },
	{ "january", NT_MONTH, 1, 0 },
	{ "jan", NT_MONTH, 1, 0 },
	{ "february", NT_MONTH, 2, 0 },
	{ "feb", NT_MONTH, 2, 0 },
	{ "march", NT_MONTH, 3, 0 },
	{ "mar", NT_MONTH, 3, 0 },
	{ "april", NT_MONTH, 4, 0 },
	{ "apr", NT_MONTH, 4, 0 },
	{ "may", NT_MONTH, 5, 0 },
	{ "june", NT_MONTH, 6, 0 },
	{ "jun", NT_MONTH, 6, 0 },
	{ "july", NT_MONTH, 7, 0 },
	{ "jul", NT_MONTH, 7, 0 },
	{ "august", NT_MONTH, 8, 0 },
	{ "aug", NT_MONTH, 8, 0 },
	{ "september", NT_MONTH, 9, 0 },
	{ "sep", NT_MONTH, 9, 0 },
	{ "sept", NT_MONTH, 9, 0 },
	{ "october", NT_MONTH, 10, 0 },
	{ "oct", NT_MONTH, 10, 0 },
	{ "november", NT_MONTH, 11, 0 },
	{ "nov", NT_MONTH, 11, 0 },
	{ "december", NT_MONTH, 12, 0 },
	{ "dec", NT_MONTH, 12, 0 },
	{ "hourly", NT_ADVERB, NA_HOURLY, 0 },
	{ "minutely", NT_ADVERB, NA_MINUTELY, 0 },
	{ "daily", NT_ADVERB, NA_DAILY, 0 },
	{ "everyday", NT_ADVERB, NA_DAILY, 0 },
	{ "weekly", NT_ADVERB, NA_WEEKLY, 0 },
	{ "monthly", NT_ADVERB, NA_MONTHLY, 0 },
	{ "quarterly", NT_ADVERB, NA_QUARTERLY, 0 },
	{ "yearly", NT_ADVERB, NA_YEARLY, 0 },
	{ "annually", NT_ADVERB, NA_YEARLY, 0 },
	{ "annual", NT_ADVERB, NA_YEARLY, 0 },
	{ "nightly", NT_ADVERB, NA_NIGHTLY, 0 },
	{ "biweekly", NT_ADVERB, NA_BIWEEKLY, 0 },
	{ "fortnightly", NT_ADVERB, NA_FORTNIGHTLY, 0 },
	{ "fortnight", NT_UNIT, NU_WEEK, 2 },
	{ "bimonthly", NT_ADVERB, NA_BIMONTHLY, 0 },
	{ "semimonthly", NT_ADVERB, NA_SEMIMONTHLY, 0 },
	{ "semiweekly", NT_ADVERB, NA_SEMIWEEKLY, 0 },
	{ "semiannually", NT_ADVERB, NA_SEMIYEARLY, 0 },
	{ "biannually", NT_ADVERB, NA_SEMIYEARLY, 0 },
	{ "biennially", NT_ADVERB, NA_BIYEARLY, 0 },
	{ "once", NT_COUNT, 1, 0 },
	{ "twice", NT_COUNT, 2, 0 },
	{ "thrice", NT_COUNT, 3, 0 },
	{ "times", NT_TIMES, 0, 0 },
	{ "per", NT_PER, 0, 0 },
	{ "a", NT_A, 0, 0 },
	{ "an", NT_A, 0, 0 },
	{ "the", NT_THE, 0, 0 },
	{ "at", NT_AT, 0, 0 },
	{ "@", NT_AT, 0, 0 },
	{ "on", NT_ON, 0, 0 },
	{ "in", NT_IN, 0, 0 },
	{ "of", NT_OF, 0, 0 },
	{ "and", NT_AND, 0, 0 },
	{ "&", NT_AND, 0, 0 },
	{ "to", NT_TO, 0, 0 },
	{ "through", NT_THROUGH, 0, 0 },
	{ "thru", NT_THROUGH, 0, 0 },
	{ "until", NT_UNTIL, 0, 0 },
	{ "till", NT_UNTIL, 0, 0 },
	{ "til", NT_UNTIL, 0, 0 },
	{ "ending", NT_UNTIL, 0, 0 },
	{ "from", NT_FROM, 0, 0 },
	{ "between", NT_BETWEEN, 0, 0 },
	{ "starting", NT_STARTING, 0, 0 },
	{ "beginning", NT_STARTING, 0, 0 },
	{ "except", NT_EXCEPT, 0, 0 },
	{ "excluding", NT_EXCEPT, 0, 0 },
	{ "but", NT_EXCEPT, 0, 0 },
	{ "now", NT_NOW, 0, 0 },
	{ "today", NT_TODAY, 0, 0 },
	{ "tonight", NT_TONIGHT, 0, 0 },
	{ "tomorrow", NT_TOMORROW, 0, 0 },
	{ "after", NT_AFTER, 0, 0 },
	{ "before", NT_BEFORE, 0, 0 },
	{ "next", NT_NEXT, 0, 0 },
	{ "coming", NT_THIS, 0, 0 },
	{ "this", NT_THIS, 0, 0 },
	{ "noon", NT_NOON, 0, 0 },
	{ "midday", NT_NOON, 0, 0 },
	{ "midnight", NT_MIDNIGHT, 0, 0 },
	{ "morning", NT_DAYPART, 9, 0 },
	{ "mornings", NT_DAYPART, 9, 1 },
	{ "afternoon", NT_DAYPART, 12, 0 },
	{ "afternoons", NT_DAYPART, 12, 1 },
	{ "evening", NT_DAYPART, 19, 0 },
	{ "evenings", NT_DAYPART, 19, 1 },
	{ "night", NT_DAYPART, 22, 0 },
	{ "nights", NT_DAYPART, 22, 1 },
	{ "half", NT_HALF, 0, 0 },
	{ "quarter", NT_QUARTER, 0, 0 },
	{ "past", NT_PAST, 0, 0 },
	{ "am", NT_MERIDIEM, 0, 0 },
	{ "pm", NT_MERIDIEM, 12, 0 },
	{ "oclock", NT_OCLOCK, 0, 0 },
	{ "business", NT_BUSINESS, 0, 0 },
	{ "working", NT_BUSINESS, 0, 0 },
	{ "work", NT_BUSINESS, 0, 0 },
	{ "office", NT_BUSINESS, 0, 0 },
	{ "overnight", NT_OVERNIGHT, 0, 0 },
	{ "during", NT_DURING, 0, 0 },
	{ "nearest", NT_NEAREST, 0, 0 },
	{ "closest", NT_NEAREST, 0, 0 },
	{ "end", NT_ENDOF, 0, 0 },
	{ "only", NT_ONLY, 0, 0 },
	{ "time", NT_TIME, 0, 0 },
	{ "timezone", NT_TIME, 0, 0 },
	{ "standard", NT_STANDARD, 0, 0 },
	{ "daylight", NT_STANDARD, 0, 0 },
	{ "top", NT_TOP, 0, 0 },
	{ "occurrence", NT_OCCURRENCE, 0, 0 },
	{ "last", NT_ORDINAL, -1, 0 },
	{ "final", NT_ORDINAL, -1, 0 },
	{ "first", NT_ORDINAL, 1, 0 },
	{ "third", NT_ORDINAL, 3, 0 },
	{ "fourth", NT_ORDINAL, 4, 0 },
	{ "fifth", NT_ORDINAL, 5, 0 },
	{ "sixth", NT_ORDINAL, 6, 0 },
	{ "seventh", NT_ORDINAL, 7, 0 },
	{ "eighth", NT_ORDINAL, 8, 0 },
	{ "ninth", NT_ORDINAL, 9, 0 },
	{ "tenth", NT_ORDINAL, 10, 0 },
	{ "eleventh", NT_ORDINAL, 11, 0 },
	{ "twelfth", NT_ORDINAL, 12, 0 },
	{ "thirteenth", NT_ORDINAL, 13, 0 },
	{ "fourteenth", NT_ORDINAL, 14, 0 },
	{ "fifteenth", NT_ORDINAL, 15, 0 },
	{ "twentieth", NT_ORDINAL, 20, 0 },
	{ "thirtieth", NT_ORDINAL, 30, 0 },
	{ "zero", NT_NUMBER, 0, 0 },
	{ "one", NT_NUMBER, 1, 0 },
	{ "two", NT_NUMBER, 2, 0 },
	{ "three", NT_NUMBER, 3, 0 },
	{ "four", NT_NUMBER, 4, 0 },
	{ "five", NT_NUMBER, 5, 0 },
	{ "six", NT_NUMBER, 6, 0 },
	{ "seven", NT_NUMBER, 7, 0 },
	{ "eight", NT_NUMBER, 8, 0 },
	{ "nine", NT_NUMBER, 9, 0 },
	{ "ten", NT_NUMBER, 10, 0 },
	{ "eleven", NT_NUMBER, 11, 0 },
	{ "twelve", NT_NUMBER, 12, 0 },
	{ "fifteen", NT_NUMBER, 15, 0 },
	{ "eighteen", NT_NUMBER, 18, 0 },
	{ "twenty", NT_NUMBER, 20, 0 },
	{ "thirty", NT_NUMBER, 30, 0 },
	{ "forty", NT_NUMBER, 40, 0 },
	{ "fifty", NT_NUMBER, 50, 0 },
	{ "sixty", NT_NUMBER, 60, 0 },
	{ "ninety", NT_NUMBER, 90, 0 },
	{ "please", NT_FILLER, 0, 0 },
	{ "run", NT_FILLER, 0, 0 },
	{ "runs", NT_FILLER, 0, 0 },
	{ "execute", NT_FILLER, 0, 0 },
	{ "trigger", NT_FILLER, 0, 0 },
	{ "fire", NT_FILLER, 0, 0 },
	{ "schedule", NT_FILLER, 0, 0 },
	{ "repeat", NT_FILLER, 0, 0 },
	{ "job", NT_FILLER, 0, 0 },
	{ "task", NT_FILLER, 0, 0 },
	{ "it", NT_FILLER, 0, 0 },
	{ "do", NT_FILLER, 0, 0 },
	{ "remind", NT_FILLER, 0, 0 },
	{ "me", NT_FILLER, 0, 0 },
	{ "exactly", NT_FILLER, 0, 0 },
	{ "for", NT_FOR, 0, 0 },
	{ "mwf", NT_DAYSET, 0x2a, 0 },
	{ "tth", NT_DAYSET, 0x14, 0 },
	{ "mf", NT_DAYSET, 0x3e, 0 },
	{ "random", NT_UNSUPPORTED, 0, 0 },
	{ "randomly", NT_UNSUPPORTED, 0, 0 },
	{ "sunrise", NT_UNSUPPORTED, 0, 0 },
	{ "sunset", NT_UNSUPPORTED, 0, 0 },
	{ "dawn", NT_UNSUPPORTED, 0, 0 },
	{ "dusk", NT_UNSUPPORTED, 0, 0 },
	{ "holiday", NT_UNSUPPORTED, 0, 0 },
	{ "holidays", NT_UNSUPPORTED, 0, 0 },
	{ "easter", NT_UNSUPPORTED, 0, 0 },
	{ "christmas", NT_UNSUPPORTED, 0, 0 },
	{ "sometimes", NT_UNSUPPORTED, 0, 0 },
	{ "never", NT_UNSUPPORTED, 0, 0 },
	{ "unless", NT_UNSUPPORTED, 0, 0 },
	{ "if", NT_UNSUPPORTED, 0, 0 },
	{ "when", NT_UNSUPPORTED, 0, 0 },
	{ "reboot", NT_UNSUPPORTED, 0, 0 },
	{ "millisecond", NT_UNSUPPORTED, 0, 0 },
	{ "milliseconds", NT_UNSUPPORTED, 0, 0 },
	{ "ms", NT_UNSUPPORTED, 0, 0 },
};

enum {
	WORDS = sizeof vocabulary / sizeof vocabulary[0],
	TYPO_MIN = 4,
	TYPO_TWO = 8,
	WORD_MAX = 16
};

static void set(struct nl_token *t, const struct entry *e)
{
	t->type = e->type;
	t->value = e->value;
	t->more = e->more;
}

bool nl_word(struct slice word, struct nl_token *t)
{
	for (unsigned i = 0; i < WORDS; i++)
		if (slice_is(word, vocabulary[i].word)) {
			set(t, &vocabulary[i]);
			return true;
		}
	return false;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Damerau's distance (optimal string alignment); both at most WORD_MAX letters. */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned d[WORD_MAX + 1][WORD_MAX + 1];

	for (unsigned i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (unsigned k = 0; k <= b.n; k++)
		d[0][k] = k;
	for (unsigned i = 1; i <= a.n; i++)
		for (unsigned k = 1; k <= b.n; k++) {
			unsigned same = a.p[i - 1] == b.p[k - 1] ? 0 : 1;

			d[i][k] = least(least(d[i - 1][k], d[i][k - 1]) + 1,
					d[i - 1][k - 1] + same);
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[a.n][b.n];
}

/* Numbers are never corrected into, fillers and refused words need no correcting. */
static bool is_correctable(const struct entry *e)
{
	return e->type != NT_NUMBER && e->type != NT_ORDINAL && e->type != NT_FILLER
	    && e->type != NT_UNSUPPORTED && strlen(e->word) >= TYPO_MIN;
}

/* The first letter is seldom the wrong one, and "your" is not "hour"; letters may be swapped. */
static bool is_alike(struct slice word, const char *other)
{
	return word.p[0] == other[0] || (word.p[0] == other[1] && word.p[1] == other[0]);
}

static bool is_synonym(const struct entry *a, const struct entry *b)
{
	return a->type == b->type && a->value == b->value;
}

/* The letters to correct; WORD_MAX: not this word. */
static unsigned reach(struct slice word, const struct entry *e)
{
	struct slice other = slice_of(e->word);

	if (!is_correctable(e) || !is_alike(word, e->word))
		return WORD_MAX;
	unsigned d = distance(word, other);
	return d <= (other.n >= TYPO_TWO ? 2 : 1) ? d : WORD_MAX;
}

bool nl_word_near(struct slice word, struct nl_token *t)
{
	unsigned best = 3; /* farther than any that is taken */
	const struct entry *found = NULL;
	bool is_tie = false; /* two words are as near */

	for (unsigned i = 0; i < WORDS && word.n >= TYPO_MIN && word.n <= WORD_MAX; i++) {
		const struct entry *e = &vocabulary[i];
		unsigned d = reach(word, e);

		if (d > best)
			continue;
		is_tie = d == best && (is_tie || !is_synonym(found, e));
		found = e;
		best = d;
	}
	if (!found || is_tie)
		return false;
	set(t, found);
	t->is_typo = best;
	return true;
}
