/* Business calendars in PostgreSQL: a name, and a definition as JSON text that nothing here looks into. */
#ifndef STORE_CALENDAR_H
#define STORE_CALENDAR_H

#include "io/db.h"

struct calendar_row {
	struct slice name, definition; /* definition absent: a list left a long one out */
	usec_t created_at, updated_at;
	int64_t schedules; /* that name it, counted up to a ceiling */
};
struct calendar_key {
	int16_t bucket;
	struct uuid tenant;
	struct slice name;
};

/* The definition alone, for a schedule that is to name it. */
void store_calendar_find(struct db_unit *u, const struct calendar_key *key);
bool store_calendar_found(const struct db_unit *u, int stmt, struct slice *out_definition);

void store_calendar_get(struct db_unit *u, const struct calendar_key *key);
bool store_calendar_got(const struct db_unit *u, int stmt, struct calendar_row *out);

/* By name; definitions of more than definition_max bytes are left out. */
void store_calendar_list(struct db_unit *u, const struct calendar_key *of, int32_t most, int32_t definition_max);
size_t store_calendars(const struct db_unit *u, int stmt, struct calendar_row **out);

struct calendar_stored {
	bool is_full; /* nothing was written: the tenant has `most` of them */
	bool was_new;
	bool changed;
	usec_t created_at, updated_at;
	int64_t schedules;
};
/* With a changed definition the job for its schedules (store/recompute.h). */
void store_calendar_put(struct db_unit *u, const struct calendar_key *key, struct slice definition, int32_t most,
			usec_t now);
void store_calendar_was_put(const struct db_unit *u, int stmt, struct calendar_stored *out);

void store_calendar_delete(struct db_unit *u, const struct calendar_key *key, usec_t now);
/* False: there is none. *out_used: a schedule names it, and nothing was done. */
bool store_calendar_deleted(const struct db_unit *u, int stmt, struct calendar_row *out, bool *out_used);

#endif
