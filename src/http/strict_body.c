/* The raw gate: what follows the head. */
#include "strict_int.h"

/* Is there room for a body of so many bytes in all? */
static bool fits(struct strict *s, uint64_t bytes)
{
	if (bytes <= BODY_MAX)
		return true;
	if (!s->body_max)
		s->body_max = s->ceiling(s->ctx, (struct slice){ s->target, s->target_n });
	return bytes <= s->body_max;
}

static enum strict_fault judge_head(struct strict *s)
{
	bool may_have_body = s->verb != VERB_GET && s->verb != VERB_HEAD && s->verb != VERB_OPTIONS;

	if (!s->has_host && !s->http10)
		return STRICT_HOST_MISSING;
	if (s->is_chunked && s->has_length)
		return STRICT_LENGTH_AND_CODING;
	if (!may_have_body && (s->is_chunked || s->left))
		return STRICT_NO_BODY;
	return fits(s, s->left) ? STRICT_FINE : STRICT_BODY_LARGE;
}

size_t strict_at_head_lf(struct strict *s, char *p, size_t n)
{
	enum strict_fault fault;

	(void)n;
	if (!is_lf(s, *p))
		return 0;
	if ((fault = judge_head(s))) {
		fail(s, fault);
		return 0;
	}
	s->head_bytes = 0;
	if (s->is_chunked)
		go(s, AT_CHUNK_SIZE);
	else if (s->left)
		go(s, AT_BODY);
	else
		strict_next(s, true);
	return 1;
}

size_t strict_at_body(struct strict *s, char *p, size_t n)
{
	size_t some = n < s->left ? n : (size_t)s->left;

	(void)p;
	s->left -= some;
	if (!s->left)
		strict_next(s, true);
	return some;
}

size_t strict_at_chunk_size(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], HEX) && s->n < 9; i++, s->n++)
		s->left = (s->n ? s->left * 16 : 0) + (unsigned)hex_digit(p[i]);
	if (i == n)
		return n;
	if (s->n == 0 || s->n > 8 || (p[i] != '\r' && p[i] != ';')) {
		fail(s, name_byte(p[i], STRICT_CHUNK_SIZE));
		return i;
	}
	if (!fits(s, s->body_bytes + s->left)) {
		fail(s, STRICT_BODY_LARGE);
		return i;
	}
	if (p[i] == '\r') {
		go(s, AT_CHUNK_SIZE_LF);
		return i + 1;
	}
	go(s, AT_CHUNK_EXT);
	return i;
}

size_t strict_at_chunk_ext(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], VALUE) && s->n < CHUNK_EXT_MAX; i++, s->n++)
		p[i] = ' ';
	if (i == n)
		return n;
	if (p[i] != '\r') {
		fail(s, name_byte(p[i], STRICT_CHUNK_SIZE));
		return i;
	}
	go(s, AT_CHUNK_SIZE_LF);
	return i + 1;
}

size_t strict_at_chunk_size_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	s->body_bytes += s->left;
	s->head_bytes = 0;
	go(s, s->left ? AT_CHUNK : AT_TRAILER);
	return 1;
}

size_t strict_at_chunk(struct strict *s, char *p, size_t n)
{
	size_t some = n < s->left ? n : (size_t)s->left;

	(void)p;
	s->left -= some;
	if (!s->left)
		go(s, AT_CHUNK_CR);
	return some;
}

size_t strict_at_chunk_cr(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (*p != '\r') {
		fail(s, *p == '\n' ? STRICT_BARE_LF : STRICT_CHUNK_END);
		return 0;
	}
	go(s, AT_CHUNK_LF);
	return 1;
}

size_t strict_at_chunk_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_CHUNK_SIZE);
	return 1;
}

/* --- trailers: judged like headers, and then dropped by evhttp --- */

size_t strict_at_trailer(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (*p == '\r') {
		go(s, AT_LAST_LF);
		return 1;
	}
	if (*p == ' ' || *p == '\t')
		fail(s, STRICT_FOLD);
	else
		go(s, AT_TRAILER_NAME);
	return 0;
}

size_t strict_at_trailer_name(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], TOKEN); i++)
		keep(s, p[i]);
	if (i == n)
		return n;
	if (p[i] != ':' || s->n == 0) {
		fail(s, name_byte(p[i], STRICT_NAME));
		return i;
	}
	go(s, AT_TRAILER_VALUE);
	return i + 1;
}

size_t strict_at_trailer_value(struct strict *s, char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is(p[i], VALUE); i++)
		;
	if (i == n)
		return n;
	if (p[i] != '\r') {
		fail(s, name_byte(p[i], STRICT_VALUE));
		return i;
	}
	go(s, AT_TRAILER_LF);
	return i + 1;
}

size_t strict_at_trailer_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	go(s, AT_TRAILER);
	return 1;
}

size_t strict_at_last_lf(struct strict *s, char *p, size_t n)
{
	(void)n;
	if (!is_lf(s, *p))
		return 0;
	strict_next(s, true);
	return 1;
}
