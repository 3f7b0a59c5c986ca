/* Commands on the database: one operation, run to its end by a process that serves nothing.
 *
 * The database is that of the settings: DATABASE_URL, or the private cluster of CARILLON_DATA_DIR, which is that of the
 * server that runs there, or is started for the moment. What is missing of the schema is made first. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/op.h"

struct command {
	op_step *run; /* who: ACTOR_COMMAND, admin and operator of no tenant yet (tenant_enter() of core/tenant.h) */
	const void *in;
	int (*show)(struct op *op); /* prints op->out on stdout; the exit status. NULL: there is nothing to print */
};

/* The exit status: 0 fine, 1 failed, 2 a setting is wrong; a failure is said on stderr, with its faults by field. */
int command_run(const struct command *c);

struct command_option {
	const char *name;    /* "--role" */
	const char **value;  /* what follows it; NULL: nothing does */
	bool *is_given;      /* may be NULL */
};
/* The arguments behind a command's words: options in any order ("--role admin", "--role=admin"), and between them at
 * most one that is none, into *out_subject (NULL: none is taken). False, said on stderr: exit status 2. */
bool command_arguments(const struct command_option *options, size_t n, int argc, char **argv,
		       const char **out_subject);

/* A text from the database on a terminal: what could be taken for a command to it becomes a point. Cut to `max` bytes,
 * NUL-terminated (max + 1 bytes). */
void command_plain(struct slice text, char *out, size_t max);

#endif
