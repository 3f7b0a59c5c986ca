/* Text: growing buffers, words and items of a line, durations and instants. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "story/story.h"

void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
	if (buf->len + len + 1 > buf->room) {
		buf->room = (buf->len + len + 64) * 2;
		buf->at = must(realloc(buf->at, buf->room));
	}
	if (len)
		memcpy(buf->at + buf->len, data, len);
	buf->len += len;
	buf->at[buf->len] = '\0';
}

void buf_print(struct buf *buf, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		abort();
	buf_add(buf, text, (size_t)len);
	free(text);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf_add(buf, "", 0);
}

char *copy_of(const char *text, size_t len)
{
	char *copy = must(malloc(len + 1));
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *take_word(char **text)
{
	char *word = *text + strspn(*text, " \t\n");
	char *end = word + strcspn(word, " \t\n");
	*text = end + strspn(end, " \t\n");
	*end = '\0';
	return word;
}

/* Where the item at `text` ends. */
static char *item_end(char *text)
{
	if (strncmp(text, "body ", 5) == 0)
		return text + strcspn(text, "\n");
	while (*text && *text != '\n' && *text != '\t' && !(text[0] == ' ' && text[1] == ' '))
		text++;
	return text;
}

int split_items(char *text, char **items)
{
	int count = 0;
	for (;;) {
		text += strspn(text, " \t\n");
		if (!*text || count == ITEMS_MAX)
			return count;
		char *end = item_end(text);
		bool last = !*end;
		*end = '\0';
		if (text[0] == '#' && text[1] == ' ')
			return count; /* a remark */
		items[count++] = text;
		if (last)
			return count;
		text = end + 1;
	}
}

size_t unescape(char *text)
{
	char *to = text;
	for (char *from = text; *from; from++) {
		static const char names[] = "nrt\\", bytes[] = "\n\r\t\\";
		const char *name = from[0] == '\\' && from[1] ? strchr(names, from[1]) : NULL;
		unsigned value;
		if (name) {
			*to++ = bytes[name - names];
			from++;
		} else if (sscanf(from, "\\x%2x", &value) == 1) {
			*to++ = (char)value;
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

long long parse_duration_ms(const char *text)
{
	static const struct {
		const char *name;
		long long ms;
	} units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 }
	};
	long long sum = 0;
	if (!isdigit((unsigned char)*text))
		return -1;
	while (*text) {
		char *end;
		double number = strtod(text, &end);
		size_t len = strspn(end, "mshd");
		long long ms = 0;
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			if (strlen(units[i].name) == len && memcmp(units[i].name, end, len) == 0)
				ms = units[i].ms;
		if (end == text || !ms)
			return -1;
		sum += (long long)(number * (double)ms);
		text = end + len;
	}
	return sum;
}

bool parse_instant(const char *text, long long *out_ms)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!rest)
		return false;
	long long ms = (long long)timegm(&tm) * 1000;
	if (*rest == '.') {
		char *end;
		ms += (long long)(strtod(rest, &end) * 1000 + 0.5);
		rest = end;
	}
	if (strcmp(rest, "Z") != 0)
		return false;
	*out_ms = ms;
	return true;
}

char *print_instant(long long ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	struct buf out = { 0 };
	char text[40];
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (ms % 1000)
		buf_print(&out, "%s.%03dZ", text, (int)(ms % 1000));
	else
		buf_print(&out, "%sZ", text);
	return out.at;
}

long long boot_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void nap(int ms)
{
	struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };
	nanosleep(&time, NULL);
}
