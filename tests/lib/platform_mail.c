/* A received message against RFC 5322 (format, line lengths), 2045 (quoted-printable, base64), 2046
 * (multipart/alternative) and 2047 (encoded words). */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/platform.h"
#include "lib/platform_text.h"

enum { LINE_MAX_5322 = 998 };

static char said[256];

static const char *no(const char *kind, const char *name, const char *how)
{
	snprintf(said, sizeof said, "the %s %s %s", kind, name, how);
	return said;
}

static bool matches(const char *text, const char *pattern)
{
	regex_t re;
	bool yes;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

/* --- decoding --- */

static int digit64(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void decode64(FILE *to, const char *p, size_t n)
{
	unsigned bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		int d = digit64(p[i]);

		if (d < 0)
			continue;
		bits = bits << 6 | (unsigned)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			fputc((int)(bits >> have & 0xff), to);
		}
	}
}

static int hex2(const char *p)
{
	unsigned value;
	char two[3] = { p[0], p[0] ? p[1] : 0, 0 };

	return strspn(two, "0123456789ABCDEF") == 2 && sscanf(two, "%x", &value) == 1 ? (int)value
										      : -1;
}

/* False: an '=' that is neither =XX nor a soft break. */
static bool decode_quoted(FILE *to, const char *p, size_t n, bool is_word)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '=' && n - i > 2 && p[i + 1] == '\r') {
			i += 2;
		} else if (p[i] == '=') {
			int c = n - i > 2 ? hex2(p + i + 1) : -1;

			if (c < 0)
				return false;
			fputc(c, to);
			i += 2;
		} else if (p[i] != '\r') {
			fputc(is_word && p[i] == '_' ? ' ' : p[i], to);
		}
	}
	return true;
}

/* --- headers --- */

static size_t head_n(const char *m, size_t n)
{
	const char *end = memmem(m, n, "\r\n\r\n", 4);

	return end ? (size_t)(end - m) + 2 : n;
}

/* The nth header of this name, as it stands; NULL: there is none. */
static const char *raw_header(const char *head, size_t n, const char *name, size_t *out_n)
{
	size_t length = strlen(name);

	for (const char *p = head, *end = head + n; p < end;) {
		const char *eol = p;

		do {
			eol = memmem(eol, (size_t)(end - eol), "\r\n", 2);
			eol = eol ? eol + 2 : end;
		} while (eol < end && (*eol == ' ' || *eol == '\t'));
		if ((size_t)(eol - p) > length && p[length] == ':'
		    && strncasecmp(p, name, length) == 0) {
			*out_n = (size_t)(eol - p) - length - 1;
			return p + length + 1;
		}
		p = eol;
	}
	return NULL;
}

static const char *encoded_word(FILE *to, const char *p, const char *end)
{
	const char *mode = p + 10, *stop;

	if (end - p < 12 || strncasecmp(p, "=?UTF-8?", 8) != 0 || mode[-1] != '?')
		return NULL;
	stop = memmem(mode, (size_t)(end - mode), "?=", 2);
	if (!stop || stop - p + 2 > 75)
		return NULL;
	if ((p[8] | 0x20) == 'b')
		decode64(to, mode, (size_t)(stop - mode));
	else if (!decode_quoted(to, mode, (size_t)(stop - mode), true))
		return NULL;
	return stop + 2;
}

static char *decoded_header(const char *p, size_t n)
{
	const char *end = p + n;
	char *value = NULL;
	size_t value_n;
	FILE *to = open_memstream(&value, &value_n);
	bool was_word = false;

	while (p < end) {
		const char *next = *p == '=' ? encoded_word(to, p, end) : NULL;
		size_t blanks = strspn(p, " \t\r\n");

		if (next) {
			p = next;
			was_word = true;
			continue;
		}
		if (blanks && p + blanks < end && was_word && p[blanks] == '=') {
			p += blanks; /* between encoded words they do not count */
			continue;
		}
		was_word = false;
		if (*p != '\r' && *p != '\n')
			fputc(*p, to);
		p++;
	}
	fclose(to);
	value_n = strspn(value, " ");
	memmove(value, value + value_n, strlen(value + value_n) + 1);
	for (value_n = strlen(value); value_n && value[value_n - 1] == ' '; value_n--)
		value[value_n - 1] = '\0';
	return value;
}

char *mail_header(const char *message, size_t n, const char *name)
{
	size_t raw_n;
	const char *raw = raw_header(message, head_n(message, n), name, &raw_n);

	return raw ? decoded_header(raw, raw_n) : NULL;
}

/* --- parts --- */

static bool boundary_of(const char *message, size_t n, char out[80])
{
	char *type = mail_header(message, n, "Content-Type");
	const char *at = type ? strstr(type, "boundary=\"") : NULL;
	bool ok = at && sscanf(at + 10, "%70[^\"]", out) == 1;

	free(type);
	return ok;
}

/* The part with this index, headers and all. */
static const char *part_at(const char *m, size_t n, int index, size_t *out_n)
{
	char boundary[80], line[90];
	const char *p = m + head_n(m, n) - 2, *end = m + n, *next;
	size_t length;

	if (!boundary_of(m, n, boundary))
		return NULL;
	length = (size_t)snprintf(line, sizeof line, "\r\n--%s", boundary);
	for (; (p = memmem(p, (size_t)(end - p), line, length)); index--) {
		p += length;
		if (end - p < 2 || memcmp(p, "\r\n", 2) != 0)
			return NULL;
		next = memmem(p, (size_t)(end - p), line, length);
		if (!next)
			return NULL;
		if (index == 0) {
			*out_n = (size_t)(next - p) - 2;
			return p + 2;
		}
	}
	return NULL;
}

static char *decoded_part(const char *part, size_t n)
{
	size_t head = head_n(part, n), text_n;
	char *encoding = mail_header(part, n, "Content-Transfer-Encoding"), *text = NULL;
	FILE *to = open_memstream(&text, &text_n);
	bool ok = encoding != NULL && n >= head + 2;

	if (ok && strcasecmp(encoding, "base64") == 0)
		decode64(to, part + head + 2, n - head - 2);
	else if (ok && strcasecmp(encoding, "quoted-printable") == 0)
		ok = decode_quoted(to, part + head + 2, n - head - 2, false);
	else
		ok = false;
	fclose(to);
	free(encoding);
	if (ok && text_is_utf8(text, text_n) && strlen(text) == text_n)
		return text;
	free(text);
	return NULL;
}

static bool is_of_type(const char *part, size_t n, const char *type)
{
	char *value = mail_header(part, n, "Content-Type");
	size_t length = strlen(type);
	bool yes = value && strncasecmp(value, type, length) == 0
		&& strcasestr(value, "charset=utf-8");

	free(value);
	return yes;
}

char *mail_part(const char *message, size_t n, const char *type)
{
	size_t part_n;
	const char *part;

	for (int i = 0; (part = part_at(message, n, i, &part_n)); i++)
		if (is_of_type(part, part_n, type))
			return decoded_part(part, part_n);
	return NULL;
}

/* --- the check --- */

/* A CR has an LF behind it and no blank before it (2045, 6.7: it might get lost), an LF a CR before it. */
static bool is_line_end_wrong(const char *m, size_t n, size_t i)
{
	if (m[i] == '\r' && i > 0 && (m[i - 1] == ' ' || m[i - 1] == '\t'))
		return true;
	if (m[i] == '\n')
		return i == 0 || m[i - 1] != '\r';
	return m[i] == '\r' && (i + 1 == n || m[i + 1] != '\n');
}

static const char *check_lines(const char *m, size_t n)
{
	size_t column = 0;

	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)m[i] >= 0x80 || m[i] == 0)
			return "there is a byte that is not 7-bit";
		if (is_line_end_wrong(m, n, i))
			return "a line does not end with CRLF, or has blanks before it";
		column = m[i] == '\n' ? 0 : column + (m[i] != '\r');
		if (column > LINE_MAX_5322)
			return "a line is longer than 998";
	}
	return n > 2 && m[n - 1] == '\n' ? NULL : "the last line does not end";
}

/* Whatever else begins a line there was injected. */
static const char *check_names(const char *m, size_t n)
{
	static const char *const known[] = { "From:",
					     "To:",
					     "Subject:",
					     "Date:",
					     "Message-ID:",
					     "MIME-Version:",
					     "Content-Type:",
					     "Auto-Submitted:",
					     "Received:",
					     "Return-Path:",
					     NULL };
	const char *end = m + head_n(m, n);
	int i;

	for (const char *p = m; p < end;
	     p = (const char *)memmem(p, (size_t)(m + n - p), "\r\n", 2) + 2) {
		if (*p == ' ' || *p == '\t')
			continue;
		for (i = 0; known[i] && strncasecmp(p, known[i], strlen(known[i])) != 0; i++)
			;
		if (!known[i])
			return "there is an unknown header";
	}
	return NULL;
}

static const char *check_head(const char *m, size_t n)
{
	static const struct {
		const char *name, *pattern;
	} rows[] = {
		{ "From", "^(\"([^\"\\]|\\\\.)*\" |[^<>]* ?)?<[^<>@ ]+@[^<>@ ]+>$" },
		{ "To", "^<?[^<>@ ,]+@[^<>@ ,]+>?$" },
		{ "Subject", "." },
		{ "Date",
		  "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|O"
		  "ct|Nov|Dec) [0-9]{4} "
		  "[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}$" },
		{ "Message-ID", "^<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>$" },
		{ "MIME-Version", "^1\\.0$" },
		{ "Content-Type", "^multipart/alternative; boundary=\"[^\"]{1,70}\"$" },
	};
	size_t head = head_n(m, n), raw_n;
	const char *raw;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *value = mail_header(m, n, rows[i].name);
		bool ok = value && matches(value, rows[i].pattern)
		       && text_is_utf8(value, strlen(value));

		free(value);
		if (!ok)
			return no("header", rows[i].name, "is missing or wrong");
		raw = raw_header(m, head, rows[i].name, &raw_n);
		if (raw_header(raw + raw_n, head - (size_t)(raw + raw_n - m), rows[i].name, &raw_n))
			return no("header", rows[i].name, "is there twice");
	}
	return check_names(m, n);
}

static const char *check_parts(const char *m, size_t n)
{
	static const char *const types[] = { "text/plain", "text/html" };
	char boundary[80], last[90], *text;
	const char *part;
	size_t part_n;

	for (int i = 0; i < 2; i++) {
		part = part_at(m, n, i, &part_n);
		if (!part || !is_of_type(part, part_n, types[i]))
			return no("part", types[i], "is missing or not in its place");
		text = decoded_part(part, part_n);
		if (!text)
			return no("part", types[i], "cannot be decoded");
		free(text);
	}
	boundary_of(m, n, boundary);
	snprintf(last, sizeof last, "\r\n--%s--\r\n", boundary);
	if (part_at(m, n, 2, &part_n) || n < strlen(last)
	    || memcmp(m + n - strlen(last), last, strlen(last)) != 0)
		return "the parts do not end as they should";
	return NULL;
}

const char *mail_check(const char *message, size_t n)
{
	const char *fault = check_lines(message, n);

	if (!fault)
		fault = check_head(message, n);
	return fault ? fault : check_parts(message, n);
}
