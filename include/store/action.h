/* Actions in PostgreSQL: url and options as a template's. */
#ifndef STORE_ACTION_H
#define STORE_ACTION_H

#include "io/db.h"

struct action_key {
	int16_t bucket;
	struct uuid tenant;
	struct slice name;
};
struct action_row {
	struct slice name, url, options;
	int64_t rev;
	usec_t created_at, updated_at;
};

/* Is there one? */
void store_action_find(struct db_unit *u, const struct action_key *key);
bool store_action_found(const struct db_unit *u, int stmt);
void store_action_get(struct db_unit *u, const struct action_key *key);
bool store_action_got(const struct db_unit *u, int stmt, struct action_row *out);

/* By name, those behind key->name (absent: all). */
void store_action_page(struct db_unit *u, const struct action_key *behind, int32_t most);
size_t store_actions(const struct db_unit *u, int stmt, struct action_row **out);

/* ACTION_EXISTS: somebody was quicker. */
enum action_end { ACTION_MADE, ACTION_EXISTS, ACTIONS_FULL };
void store_action_insert(struct db_unit *u, const struct action_key *key, const struct action_row *row, int32_t most);
enum action_end store_action_inserted(const struct db_unit *u, int stmt);

/* In the place of revision row->rev - 1; false: it is another by now, or gone. */
void store_action_update(struct db_unit *u, const struct action_key *key, const struct action_row *row);
bool store_action_updated(const struct db_unit *u, int stmt);

/* Revision `rev`. */
enum action_gone { ACTION_GONE, ACTION_CHANGED, ACTION_USED };
void store_action_delete(struct db_unit *u, const struct action_key *key, int64_t rev);
enum action_gone store_action_deleted(const struct db_unit *u, int stmt);

#endif
