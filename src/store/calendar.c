/* Business calendars: rows in and out. */
#include "store/calendar.h"

#include "sql.h"

void store_calendar_find(struct db_unit *u, const struct calendar_key *key)
{
	q_calendar_find(u, &(struct q_calendar_find){ .bucket = key->bucket,
						      .tenant = key->tenant,
						      .name = key->name });
}

bool store_calendar_found(const struct db_unit *u, int stmt, struct slice *out_definition)
{
	struct q_calendar_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_calendar_find_read(db_rows(u, stmt), 0, &r);
	*out_definition = r.definition;
	return true;
}

void store_calendar_get(struct db_unit *u, const struct calendar_key *key)
{
	q_calendar_get(u, &(struct q_calendar_get){ .bucket = key->bucket,
						    .tenant = key->tenant,
						    .name = key->name });
}

/* The columns that get and list share. */
#define CALENDAR_OF(r)                                                                \
	.name = (r).name, .definition = (r).definition, .created_at = (r).created_at, \
	.updated_at = (r).updated_at

bool store_calendar_got(const struct db_unit *u, int stmt, struct calendar_row *out)
{
	struct q_calendar_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_calendar_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct calendar_row){ CALENDAR_OF(r), .schedules = r.schedules };
	return true;
}

void store_calendar_list(struct db_unit *u, const struct calendar_key *of, int32_t most,
			 int32_t definition_max)
{
	q_calendar_list(u, &(struct q_calendar_list){ .bucket = of->bucket,
						      .tenant = of->tenant,
						      .most = most,
						      .definition_max = definition_max });
}

size_t store_calendars(const struct db_unit *u, int stmt, struct calendar_row **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct calendar_row *list = arena_array(u->arena, struct calendar_row, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_calendar_list_row r;

		q_calendar_list_read(rows, i, &r);
		list[i] = (struct calendar_row){ CALENDAR_OF(r), .schedules = r.schedules };
	}
	*out = list;
	return (size_t)n;
}

void store_calendar_put(struct db_unit *u, const struct calendar_key *key,
			const struct calendar_change *change, int32_t most, usec_t now)
{
	q_calendar_put(u, &(struct q_calendar_put){ .bucket = key->bucket,
						    .tenant = key->tenant,
						    .name = key->name,
						    .definition = change->definition,
						    .was = change->was,
						    .most = most,
						    .job = id_new(now),
						    .now = now });
}

enum calendar_end store_calendar_was_put(const struct db_unit *u, int stmt)
{
	struct q_calendar_put_row r;

	q_calendar_put_read(db_rows(u, stmt), 0, &r);
	if (r.is_put)
		return CALENDAR_DONE;
	return r.is_full ? CALENDARS_FULL : CALENDAR_OTHER;
}

void store_calendar_delete(struct db_unit *u, const struct calendar_key *key, struct slice was,
			   usec_t now)
{
	q_calendar_delete(u, &(struct q_calendar_delete){ .bucket = key->bucket,
							  .tenant = key->tenant,
							  .name = key->name,
							  .was = was,
							  .now = now });
}

enum calendar_end store_calendar_deleted(const struct db_unit *u, int stmt)
{
	struct q_calendar_delete_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return CALENDAR_UNKNOWN;
	q_calendar_delete_read(db_rows(u, stmt), 0, &r);
	if (r.is_gone)
		return CALENDAR_DONE;
	return r.used ? CALENDAR_USED : CALENDAR_OTHER;
}
