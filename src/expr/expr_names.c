/* Names: what somebody may have meant by one that does not exist; words for types. */
#include "expr_int.h"

#include "base/check.h"

enum { WORD_MAX = 40 };

static const struct {
	const char *name, *words;
} types[TYPES_N] = {
	[EXPR_DYN] = { "dyn", "anything" },       [EXPR_NULL] = { "null_type", "null" },
	[EXPR_BOOL] = { "bool", "a boolean" },    [EXPR_INT] = { "int", "an integer" },
	[EXPR_DOUBLE] = { "double", "a double" }, [EXPR_STRING] = { "string", "a string" },
	[EXPR_LIST] = { "list", "a list" },       [EXPR_MAP] = { "map", "a map" },
	[EXPR_TYPE] = { "type", "a type" },
};

const char *type_words(unsigned type)
{
	return types[type].words;
}

const char *type_name(unsigned type)
{
	return types[type].name;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to insert, delete or replace (Levenshtein), without regard to upper case. */
static unsigned distance(struct slice a, struct slice b)
{
	unsigned row[WORD_MAX + 1];

	for (unsigned j = 0; j <= b.n; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool is_same = (a.p[i - 1] | 0x20) == (b.p[j - 1] | 0x20);
			unsigned changed = corner + !is_same;

			corner = row[j];
			row[j] = least(changed, 1 + least(row[j], row[j - 1]));
		}
	}
	return row[b.n];
}

struct suggest suggest_open(struct slice word)
{
	/* A third of the letters may be wrong. */
	return (struct suggest){ word, NULL, least(3, (unsigned)word.n / 3 + 1) };
}

void suggest_try(struct suggest *s, const char *name)
{
	struct slice other = slice_of(name);
	unsigned d;

	if (s->word.n > WORD_MAX || other.n > WORD_MAX || other.n == 0)
		return;
	d = distance(s->word, other);
	if (d < s->distance + (s->best == NULL) && d < other.n) {
		s->distance = d;
		s->best = name;
	}
}

const char *suggest_words(const struct suggest *s, struct arena *a)
{
	return s->best ? arena_printf(a, " Did you mean \"%s\"?", s->best) : "";
}
