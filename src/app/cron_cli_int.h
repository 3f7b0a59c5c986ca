/* Between cron_cli.c (arguments) and cron_cli_show.c (the commands). */
#ifndef APP_CRON_CLI_INT_H
#define APP_CRON_CLI_INT_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/core.h"
#include "core/timing.h"
#include "io/loop.h"

struct cron_cli {
	struct slice text, zone;
	int kind; /* enum spec_kind; -1: guess */
	int64_t limit;
	const char *from_text, *calendar_path;
	usec_t from; /* USEC_NEVER: now */
	bool json;
	struct slice definition; /* of the calendar */
	struct arena *arena;
	struct core core; /* a loop and the zones */
	usec_t now;
};

/* Reads the calendar's file, if one is named. False, and it was said why. */
bool cron_cli_calendar(struct cron_cli *c);

/* The commands; they return the exit status. */
int cron_cli_next(struct cron_cli *c);
int cron_cli_explain(struct cron_cli *c);
int cron_cli_validate(struct cron_cli *c);
int cron_cli_parse(struct cron_cli *c);

#endif
