#include "base/fault.h"

#ifdef CARILLON_TEST

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define ARMED_MAX 32
#define NAME_MAX_BYTES 48

enum action { ACT_KILL = 1, ACT_ERROR = 2, ACT_EITHER = 3 };

/* left: passes until it acts; 0 = done or unused. */
static struct {
	char name[NAME_MAX_BYTES];
	enum action action;
	int left;
} armed[ARMED_MAX];
static int armed_n;

static void arm(const char *name, size_t n, enum action action, int after)
{
	if (armed_n == ARMED_MAX || n == 0 || n >= NAME_MAX_BYTES || after < 1)
		die("cannot arm the failpoint %.*s", (int)n, name);
	memcpy(armed[armed_n].name, name, n);
	armed[armed_n].name[n] = '\0';
	armed[armed_n].action = action;
	armed[armed_n++].left = after;
}

void fault_arm(const char *name, int after)
{
	/* A test that arms and fires over and over uses the slots again. */
	while (armed_n > 0 && armed[armed_n - 1].left == 0)
		armed_n--;
	arm(name, strlen(name), ACT_EITHER, after);
}

static bool acts(const char *name, enum action action)
{
	bool found = false; /* this pass counts for all that are armed */

	for (int i = 0; i < armed_n; i++)
		if ((armed[i].action & action) && armed[i].left > 0
		    && strcmp(armed[i].name, name) == 0)
			found |= --armed[i].left == 0;
	return found;
}

void fault_hit(const char *name)
{
	if (acts(name, ACT_KILL))
		(void)raise(SIGKILL);
}

bool fault_error(const char *name)
{
	return acts(name, ACT_ERROR);
}

/* One of the list's items: name=kill@2 or name=error@1. */
static void setup_one(const char *item, size_t n)
{
	const char *equals = memchr(item, '=', n);
	const char *at = memchr(item, '@', n);
	enum action action = ACT_KILL;
	long after;

	if (!equals || !at || at < equals)
		die("CARILLON_TEST_FAULTS: name=kill@1 or name=error@1, not %.*s", (int)n, item);
	if (at - equals == 6 && memcmp(equals, "=error", 6) == 0)
		action = ACT_ERROR;
	else if (at - equals != 5 || memcmp(equals, "=kill", 5) != 0)
		die("CARILLON_TEST_FAULTS: kill or error, not %.*s", (int)(at - equals), equals);
	after = strtol(at + 1, NULL, 10);
	arm(item, (size_t)(equals - item), action, after > 1000000 ? 0 : (int)after);
}

void fault_setup(const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, ",");

		setup_one(text, n);
		text += n + (text[n] == ',');
	}
}

#endif
