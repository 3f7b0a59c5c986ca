/* Lists of numbers in words: "day 1, 15, and the last day"; runs of neighbours as ranges, what is too
 * long cut and counted. */
#include "describe_int.h"

void word_number(struct strbuf *out, int v)
{
	strbuf_addi(out, v);
}

void word_month(struct strbuf *out, int v)
{
	strbuf_adds(out, say_months[v - 1]);
}

void word_weekday(struct strbuf *out, int v)
{
	strbuf_adds(out, say_weekdays[v]);
}

void word_hour(struct strbuf *out, int v)
{
	say_clock(out, (unsigned)v, 0);
}

static void word_nth(struct strbuf *out, unsigned n)
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	unsigned unit = n % 10, ten = n / 10 % 10;

	if (n <= 5)
		strbuf_adds(out, say_ordinals[n - 1]);
	else
		strbuf_addf(out, "%u%s", n, ten == 1 || unit > 3 ? "th" : ends[unit]);
}

/* 1 first, 20 20th, -1 last, -2 second-to-last */
void word_ordinal(struct strbuf *out, int v)
{
	if (v > 0)
		word_nth(out, (unsigned)v);
	if (v < -1) {
		word_nth(out, (unsigned)-v);
		strbuf_adds(out, "-to-");
	}
	if (v < 0)
		strbuf_adds(out, "last");
}

static void word_item(struct strbuf *out, const struct say_list *l, int v, bool is_first)
{
	if (v < 0 && l->noun) {
		strbuf_adds(out, "the ");
		word_ordinal(out, v);
		strbuf_adds(out, l->noun);
		return;
	}
	strbuf_adds(out, is_first ? l->head : "");
	l->word(out, v);
}

/* The runs of v in the order they are said: from where counting begins at the start, round to those
 * that count from the end. */
struct run {
	int from, to;
};

static unsigned runs_of(const int16_t *v, unsigned n, struct run *out_runs)
{
	unsigned first = 0, count = 0;

	while (first < n && v[first] < 0)
		first++;
	for (unsigned i = 0; i < n && count <= SAY_LIST_MAX; count++) {
		unsigned at = (first + i) % n, length = 1;

		while (i + length < n && (first + i + length) % n != 0
		       && v[at + length] == v[at] + (int)length)
			length++;
		if (length < SAY_RUN_MIN)
			length = 1;
		out_runs[count] = (struct run){ v[at], v[at] + (int)length - 1 };
		i += length;
	}
	return count;
}

void say_list(struct strbuf *out, const int16_t *v, unsigned n, const struct say_list *l)
{
	struct run runs[SAY_LIST_MAX + 1];
	unsigned count = n > 0 ? runs_of(v, n, runs) : 0, said = 0;
	bool is_cut = count > SAY_LIST_MAX;
	unsigned shown = is_cut ? SAY_LIST_MAX : count;

	for (unsigned i = 0; i < shown; i++) {
		say_comma(out, i, is_cut ? shown + 1 : shown);
		word_item(out, l, runs[i].from, i == 0);
		if (runs[i].to > runs[i].from) {
			strbuf_adds(out, " through ");
			word_item(out, l, runs[i].to, false);
		}
		said += (unsigned)(runs[i].to - runs[i].from) + 1;
	}
	if (is_cut)
		strbuf_addf(out, ", and %u more", n - said);
}

void say_numbers(struct strbuf *out, struct rrule_list list, say_word *word)
{
	say_list(out, list.v, list.n, &(struct say_list){ "", NULL, word });
}
