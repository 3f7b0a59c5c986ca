/* Any bytes as a schedule of every kind, put into words: described, explained, warned about. Byte 0 picks zone and
 * policy, byte 1 the calendar and the window, the next 4 the instant; then the text. What is asked of a schedule
 * holds up the event loop, so each question has a ceiling of processor time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "when/describe.h"

enum { HEAD = 6, WORDS_MAX = 65536 };
#define QUESTION_MOST (400 * MSEC) /* with sanitizers; a release build is ten times as fast */

static usec_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * SEC + t.tv_nsec / 1000;
}

/* Nothing but characters for people: no control bytes, no halves of characters. */
static void check_words(struct slice words)
{
	size_t more = 0;

	ASSERT(words.n > 0);
	for (size_t i = 0; i < words.n; i++) {
		unsigned char c = (unsigned char)words.p[i];

		if (more) {
			ASSERT((c & 0xc0) == 0x80);
			more--;
			continue;
		}
		ASSERT(c >= ' ' && c != 0x7f && (c < 0x80 || (c >= 0xc2 && c < 0xf5)));
		more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	}
	ASSERT(more == 0);
}

static bool is_within(struct slice part, const char *p, size_t n)
{
	return part.p >= p && part.p <= p + n && part.n <= (size_t)(p + n - part.p);
}

static void check_describe(const struct spec *s, struct slice text, bool with_zone)
{
	usec_t began = cpu_now();
	struct strbuf words;

	strbuf_init(&words, DESCRIBE_MAX);
	describe(s, text, with_zone, &words);
	ASSERT(!words.failed);
	check_words(strbuf_slice(&words));
	strbuf_release(&words);
	ASSERT(cpu_now() - began < QUESTION_MOST);
}

static void check_explain(const struct spec *s, struct slice text)
{
	struct explained lines[EXPLAIN_MAX];
	usec_t began = cpu_now();
	struct strbuf words;
	unsigned n;

	strbuf_init(&words, WORDS_MAX);
	n = explain(s, text, lines, &words);
	ASSERT(n >= 1 && n <= EXPLAIN_MAX && !words.failed);
	for (unsigned i = 0; i < n; i++) {
		ASSERT(lines[i].name && *lines[i].name);
		ASSERT(is_within(lines[i].text, text.p, text.n));
		ASSERT(is_within(lines[i].words, words.p, words.n));
		check_words(lines[i].words);
	}
	strbuf_release(&words);
	ASSERT(cpu_now() - began < QUESTION_MOST);
}

static void check_warning(const struct spec *s, const struct spec_warning *w, usec_t from)
{
	bool is_dst = w->what == ODD_DST_GAP || w->what == ODD_DST_OVERLAP;
	struct strbuf words;

	ASSERT(w->what < ODD_COUNT && w->code && *w->code);
	ASSERT(is_dst == (w->at != USEC_NEVER));
	ASSERT(!is_dst || (w->at >= from && w->at < from + 32 * 366 * DAY));
	strbuf_init(&words, DESCRIBE_MAX);
	spec_warning_print(s, w, &words);
	check_words(strbuf_slice(&words));
	ASSERT(words.p[words.n - 1] == '.' && !words.failed);
	strbuf_release(&words);
}

static void check_warnings(const struct spec *s, struct slice text, usec_t from)
{
	struct spec_warning found[ODD_COUNT];
	usec_t began = cpu_now();
	unsigned n = spec_warnings(s, text, from, found);

	ASSERT(n <= ODD_COUNT);
	for (unsigned i = 0; i < n; i++)
		check_warning(s, &found[i], from);
	ASSERT(cpu_now() - began < QUESTION_MOST);
}

/* As many as a preview shows. */
static void check_next(const struct spec *s, usec_t from)
{
	struct tz_hint hint = { 0 };
	usec_t began = cpu_now(), at = spec_first(s, from, &hint);

	for (int i = 0; i < 100 && at != USEC_NEVER; i++) {
		usec_t next = spec_next(s, at, &hint);

		ASSERT(next > at && spec_touch(s, at) <= DST_SECOND);
		at = next;
	}
	ASSERT(cpu_now() - began < 5 * QUESTION_MOST);
}

static const struct calendar *a_calendar(void)
{
	static const struct holiday list[] = {
		{ .kind = HOLIDAY_FIXED, .month = 12, .day = 25, .observed = OBSERVED_NEXT },
		{ .kind = HOLIDAY_EASTER, .easter = -2 },
		{ .kind = HOLIDAY_NTH, .month = 11, .weekday = 4, .nth = 4 },
	};
	static struct calendar built;
	static bool is_built;
	int at;

	if (!is_built)
		ASSERT(!calendar_build(1 | 1 << 6, list, 3, &built, &at));
	is_built = true;
	return &built;
}

static void narrow(struct spec *s, uint8_t how, usec_t at)
{
	if (how & 7)
		s->calendar = a_calendar();
	s->adjust = (how & 7) <= ADJUST_NEAREST ? (enum calendar_adjust)(how & 7) : ADJUST_SKIP;
	if (how & 8)
		s->start_at = at;
	if (how & 16)
		s->end_at = at + (how >> 5) * 400 * DAY;
}

static void look(struct spec *s, struct slice text, uint8_t how, usec_t at)
{
	check_describe(s, text, true);
	check_explain(s, text);
	narrow(s, how, at);
	check_describe(s, text, how & 1);
	check_warnings(s, text, at);
	check_next(s, at);
}

static void follow(const struct spec_ask *ask, enum spec_kind kind, struct slice text, uint8_t how)
{
	struct when_fault f = { 0 };
	usec_t began = cpu_now();
	struct spec s;
	enum when_err e = spec_parse(ask, kind, text, &s, &f);

	ASSERT(cpu_now() - began < QUESTION_MOST);
	if (e) {
		struct strbuf words;

		strbuf_init(&words, WORDS_MAX);
		when_fault_print(&f, text, &words);
		ASSERT(f.err == e && !words.failed && words.n > 0);
		strbuf_release(&words);
		return;
	}
	look(&s, text, how, ask->anchor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTC", "America/New_York", "Pacific/Apia",
					     "Australia/Lord_Howe" };
	static struct tz_db *zones;
	uint32_t at;

	if (!zones)
		zones = tz_db_new(NULL);
	if (size < HEAD)
		return 0;
	memcpy(&at, data + 2, sizeof at);
	/* A copy, so that a byte too many is seen. */
	char *copy = malloc(size - HEAD ? size - HEAD : 1);

	ASSERT(copy != NULL);
	memcpy(copy, data + HEAD, size - HEAD);
	struct slice text = { copy, size - HEAD };
	struct spec_ask ask = { .zones = zones,
				.timezone = slice_of(names[data[0] & 3]),
				.seed = at,
				.anchor = at * SEC,
				.dst = { data[0] >> 2 & 3, data[0] >> 4 & 3 },
				.last = USEC_NEVER,
				.arena = arena_new() };

	if (data[0] & 64)
		ask.timezone = (struct slice){ NULL, 0 };
	ASSERT(spec_guess(text) < SPEC_KINDS);
	for (int kind = 0; kind < SPEC_KINDS; kind++)
		follow(&ask, (enum spec_kind)kind, text, data[1]);
	arena_free(ask.arena);
	free(copy);
	return 0;
}
