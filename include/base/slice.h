/* Borrowed bytes: pointer and length, not NUL-terminated. p == NULL means absent (SQL null, a
 * JSON field that was not sent), which differs from empty. The owner is whatever the function
 * that fills it says. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *p;
	size_t n;
};

/* For format strings: printf("%.*s", SLICE_ARG(s)) */
#define SLICE_ARG(s) (int)(s).n, (s).p ? (s).p : ""
#define SLICE_LIT(text) ((struct slice){ (text), sizeof(text) - 1 })

static inline struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

/* The same bytes; an absent one is like an absent one only. */
static inline bool slice_same(struct slice a, struct slice b)
{
	if (!a.p || !b.p)
		return !a.p && !b.p;
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static inline bool slice_is(struct slice s, const char *text)
{
	size_t n = strlen(text);

	return s.p && s.n == n && memcmp(s.p, text, n) == 0;
}

/* Copies the bytes to `to` and lets the slice be those; an absent one stays absent. Returns where
 * they end. */
static inline char *slice_move(char *to, struct slice *s)
{
	if (!s->p)
		return to;
	if (s->n)
		memcpy(to, s->p, s->n);
	s->p = to;
	return to + s->n;
}

/* What a hexadecimal digit stands for, or -1. */
static inline int hex_digit(char c)
{
	int small = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

#endif
