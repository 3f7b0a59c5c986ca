/* URL and header policy, Retry-After. What is taken must be plain: splitting it again gives the
 * same host, the origin parses again to itself, and the strict answer is never laxer than the
 * one with private targets. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "io/fetch_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_url(struct slice s)
{
	const char *strict = fetch_url_check(s, false), *lax = fetch_url_check(s, true);
	char origin[400], again[400], text[2049];
	struct url_parts u;

	if (!strict)
		ASSERT(!lax);
	if (lax)
		return;
	ASSERT(!url_split(s, &u));
	ASSERT(u.port > 0 && u.port < 65536);
	ASSERT(!u.is_literal || netguard_allows(u.class, strict != NULL));
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	fetch_url_origin(text, origin, sizeof(origin));
	fetch_url_origin(origin, again, sizeof(again));
	ASSERT(origin[0] != '\0');
	ASSERT(strcmp(origin, again) == 0);
	ASSERT(!fetch_url_check(slice_of(origin), true));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct slice s, name, value;
	const char *colon;
	usec_t wait;

	if (!copy)
		abort();
	/* An exact allocation behind the slice lets the sanitizer see a byte read too far. */
	memcpy(copy, data, size);
	copy[size] = 'x';
	s = (struct slice){ copy, size };
	try_url(s);
	colon = size ? memchr(copy, ':', size) : NULL;
	name = (struct slice){ copy, colon ? (size_t)(colon - copy) : size };
	value = (struct slice){ colon ? colon + 1 : "", colon ? size - name.n - 1 : 0 };
	if (!fetch_header_check(name, value))
		ASSERT(!memchr(copy, '\n', size) && !memchr(copy, '\r', size)
		       && !memchr(copy, '\0', size));
	wait = retry_after_parse(s, (usec_t)784111777 * SEC);
	ASSERT(wait == USEC_NEVER || (wait >= 0 && wait <= DAY));
	free(copy);
	return 0;
}
