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

/* What became of a change. Of the others nothing was written: the tenant has `most` of them; there is none; a schedule
 * names it; it is not what was read. */
enum calendar_end { CALENDAR_DONE, CALENDARS_FULL, CALENDAR_UNKNOWN, CALENDAR_USED, CALENDAR_OTHER };
struct calendar_change {
	struct slice definition;
	struct slice was; /* what was read; absent: there was none */
};
/* With the job for its schedules (store/recompute.h). */
void store_calendar_put(struct db_unit *u, const struct calendar_key *key, const struct calendar_change *change,
			int32_t most, usec_t now);
enum calendar_end store_calendar_was_put(const struct db_unit *u, int stmt);
void store_calendar_delete(struct db_unit *u, const struct calendar_key *key, struct slice was, usec_t now);
enum calendar_end store_calendar_deleted(const struct db_unit *u, int stmt);

#endif
