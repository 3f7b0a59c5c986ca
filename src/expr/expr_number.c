/* Numbers: their text, their order. */
#include "expr_int.h"

#include <errno.h>
#include <math.h>

/* Digits with a minus or none, within int64? */
static bool read_int(struct slice text, int64_t *out)
{
	bool is_negative = text.n > 0 && text.p[0] == '-';
	int64_t v = 0;

	for (size_t i = is_negative; i < text.n; i++) {
		int digit = text.p[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(v, 10, &v)
		    || __builtin_sub_overflow(v, digit, &v))
			return false;
	}
	/* Built downwards, as there is one more below zero. */
	if (!is_negative && __builtin_sub_overflow(0, v, &v))
		return false;
	*out = v;
	return true;
}

bool number_read(struct slice text, struct value *out)
{
	char copy[NUMBER_MAX + 2]; /* for its NUL; 2: our own literals come with a sign */
	int64_t i;
	double d;

	if (text.n == 0 || text.n >= sizeof(copy))
		return false;
	if (read_int(text, &i)) {
		*out = value_int(i);
		return true;
	}
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	d = strtod(copy, NULL);
	if (!isfinite(d))
		return false;
	*out = value_double(d);
	return true;
}

/* Exactly, on the line of numbers: the double nearest to an int may be another number. */
static int int_with_double(int64_t i, double d)
{
	double whole = floor(d);

	if (d < -0x1p63)
		return 1;
	if (d >= 0x1p63)
		return -1;
	if (i != (int64_t)whole)
		return i < (int64_t)whole ? -1 : 1;
	return d > whole ? -1 : 0;
}

int number_compare(const struct value *a, const struct value *b)
{
	if (a->kind == EXPR_INT && b->kind == EXPR_INT)
		return (a->i > b->i) - (a->i < b->i);
	if (a->kind == EXPR_DOUBLE && b->kind == EXPR_DOUBLE)
		return (a->d > b->d) - (a->d < b->d);
	return a->kind == EXPR_INT ? int_with_double(a->i, b->d) : -int_with_double(b->i, a->d);
}
