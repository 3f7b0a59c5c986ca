/* The two ways for the process to end itself. Both write straight to stderr: whatever is broken,
 * the log's buffer may be part of it. */
#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EXIT_BROKEN 70 /* EX_SOFTWARE of sysexits.h */

_Noreturn void check_failed(const char *claim, const char *file, int line)
{
	dprintf(STDERR_FILENO, "carillon: %s:%d: this must hold: %s\n", file, line, claim);
	abort();
}

_Noreturn void die(const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	dprintf(STDERR_FILENO, "carillon: %s\n", text);
	/* Not exit(): its handlers would run in the middle of whatever failed. */
	_exit(EXIT_BROKEN);
}

void *mem_new(unsigned long bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		die("out of memory (%lu bytes)", bytes);
	return p;
}

void *mem_grow(void *old, unsigned long bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);

	if (!p)
		die("out of memory (%lu bytes)", bytes);
	return p;
}
