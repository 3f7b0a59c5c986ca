/* Embedded, numbered, checksummed migrations. Safe when several processes start at once: each
 * migration and its row in schema_migration commit together, and a process that loses the race
 * waits and looks again. */
#ifndef IO_MIGRATE_H
#define IO_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

struct loop;

struct migration {
	int number;       /* 1, 2, 3 ... without a gap */
	const char *name; /* file name without number and ending */
	const char *text; /* SQL, several statements */
};
extern const struct migration migrations[]; /* generated from sql/migrations */
extern const int migrations_count;

/* Brings the database up to date on a connection of its own, driving it by poll(2): called once,
 * before the loop runs. Waits up to `patience` for the server to come up. Also checks: server >=
 * 13; a checksum that differs from what was applied refuses the start; warns (through log) when
 * fsync, full_page_writes or synchronous_commit is off. False with a sentence in why. */
bool migrate_up(const char *url, int patience_s, int *out_applied, char *why, size_t why_max);

#endif
