/* The http layer from outside, byte by byte. */
#include "http_raw.h"

#include <stdarg.h>
#include <stdio.h>

int passed, failed;

void check_that(bool claim, int line, const char *fmt, ...)
{
	va_list args;

	if (claim) {
		passed++;
		return;
	}
	failed++;
	printf("line %d: ", line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	framing_tests();
	routes_tests();
	life_tests();
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
