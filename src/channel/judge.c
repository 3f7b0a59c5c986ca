/* What every platform's answers have in common. */
#include <stdio.h>

#include "channel/channel_int.h"

enum { WORD_MAX = 64, SENTENCE_MAX = 300, SECRET_MIN = 20 };

void judge_status(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	int s = answer->status;
	bool again = s == 0 || s == 408 || s == 425 || s == 429 || s >= 500;

	*out = (struct post_meaning){ .retry_after = answer->retry_after };
	if (s >= 200 && s < 300)
		return;
	out->end = again ? POST_RETRY : POST_REFUSED;
	out->error = slice_of(s ? arena_printf(a, "http_%d", s) : "no_answer");
}

/* A long run of letters and digits may be a token: platforms repeat those in their sentences
 * ("Malformed access token EAAB..."). */
static bool is_secret_like(struct slice word)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < word.n; i++) {
		digit |= word.p[i] >= '0' && word.p[i] <= '9';
		letter |= (word.p[i] | 0x20) >= 'a' && (word.p[i] | 0x20) <= 'z';
	}
	return word.n >= SECRET_MIN && digit && letter;
}

static bool is_word_byte(char c)
{
	return c && (rune_is_word((unsigned char)c) || strchr("_-.:/+=?&%~@", c));
}

static struct slice sentence_of(struct slice text, struct arena *a)
{
	struct slice line = text_line(text, SENTENCE_MAX, a), word;
	struct strbuf b;
	size_t i = 0, from;

	strbuf_init(&b, line.n + 1);
	while (i < line.n) {
		for (from = i;
		     i < line.n && is_word_byte(line.p[i]) && (unsigned char)line.p[i] < 0x80; i++)
			;
		word = (struct slice){ line.p + from, i - from };
		if (is_secret_like(word))
			strbuf_adds(&b, "\xe2\x80\xa6");
		else
			strbuf_add(&b, word.p, word.n);
		if (i < line.n)
			strbuf_addc(&b, line.p[i++]);
	}
	return text_take(&b, a);
}

void judge_words(struct slice word, struct slice sentence, struct arena *a,
		 struct post_meaning *out)
{
	if (word.n && word.n <= WORD_MAX && text_is_of(word, "_.-") && !is_secret_like(word))
		out->error = arena_slice(a, word);
	if (sentence.n)
		out->detail = sentence_of(sentence, a);
}

bool judge_read(const struct shape *shape, struct slice body, struct arena *a, void *out)
{
	/* Members that we do not know are no fault of theirs. */
	struct json_faults faults = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader reader = { a, &faults, &syntax };

	return body.n && json_decode(shape, body, &reader, out);
}

bool judge_is_listed(struct slice word, const char *const *list)
{
	for (; *list; list++)
		if (slice_is(word, *list))
			return true;
	return false;
}

usec_t judge_seconds(struct slice number)
{
	usec_t at = 0, unit = SEC;
	size_t i = 0;

	for (; i < number.n && number.p[i] >= '0' && number.p[i] <= '9'; i++)
		if ((at = at * 10 + (number.p[i] - '0') * SEC) > DAY)
			return DAY;
	if (i == 0)
		return USEC_NEVER;
	if (i < number.n && number.p[i] == '.')
		for (i++; i < number.n && number.p[i] >= '0' && number.p[i] <= '9'; i++)
			at += (number.p[i] - '0') * (unit /= 10);
	return at < DAY ? at : DAY;
}
