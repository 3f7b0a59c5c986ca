#include "core/etag.h"

#include <stdio.h>

static void skip_blanks(struct slice *rest)
{
	while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t'))
		rest->p++, rest->n--;
}

/* etagc: visible characters but the quote, and bytes beyond ASCII. */
static bool is_tag_char(char c)
{
	unsigned char u = (unsigned char)c;

	return u == 0x21 || (u >= 0x23 && u != 0x7f);
}

/* One entity tag off the front, with its quotes. False: that is none. */
static bool take_tag(struct slice *rest, bool *out_weak, struct slice *out_tag)
{
	size_t n = 1;

	*out_weak = rest->n >= 2 && rest->p[0] == 'W' && rest->p[1] == '/';
	if (*out_weak)
		rest->p += 2, rest->n -= 2;
	if (!rest->n || rest->p[0] != '"')
		return false;
	while (n < rest->n && is_tag_char(rest->p[n]))
		n++;
	if (n == rest->n || rest->p[n] != '"')
		return false;
	*out_tag = (struct slice){ rest->p, ++n };
	rest->p += n;
	rest->n -= n;
	return true;
}

/* All of the list is read, so that what is none does not match by its beginning. Empty elements are
 * none (RFC 9110 5.6.1). */
static bool list_has(struct slice rest, const char *wanted)
{
	bool found = false, weak, is_first = true;
	struct slice tag;

	for (skip_blanks(&rest); rest.n; skip_blanks(&rest)) {
		if (rest.p[0] == ',') {
			rest.p++, rest.n--;
			is_first = true;
			continue;
		}
		if (!is_first || !take_tag(&rest, &weak, &tag))
			return false;
		found |= !weak && slice_is(tag, wanted);
		is_first = false;
	}
	return found;
}

bool etag_matches(struct slice if_match, int64_t revision)
{
	char wanted[32];

	if (!if_match.p || slice_is(if_match, "*"))
		return true;
	(void)snprintf(wanted, sizeof wanted, "\"%lld\"", (long long)revision);
	return list_has(if_match, wanted);
}
