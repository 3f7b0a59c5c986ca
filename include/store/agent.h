/* Agents in PostgreSQL: a name, and a definition as JSON text that nothing here looks into. */
#ifndef STORE_AGENT_H
#define STORE_AGENT_H

#include "io/db.h"

struct agent_key {
	int16_t bucket;
	struct uuid tenant;
	struct slice name;
};
struct agent_row {
	struct slice name, definition;
	int16_t kind;
	usec_t created_at, updated_at;
};

/* Is there one? */
void store_agent_find(struct db_unit *u, const struct agent_key *key);
bool store_agent_found(const struct db_unit *u, int stmt);
void store_agent_get(struct db_unit *u, const struct agent_key *key);
bool store_agent_got(const struct db_unit *u, int stmt, struct agent_row *out);

/* Two statements: a page, newest first, and how many there are. */
void store_agent_page(struct db_unit *u, const struct agent_key *of, int32_t skip, int32_t most);
size_t store_agents(const struct db_unit *u, int stmt, struct agent_row **out, int64_t *out_total);

enum agent_end { AGENT_MADE, AGENT_EXISTS, AGENTS_FULL };
void store_agent_insert(struct db_unit *u, const struct agent_key *key, const struct agent_row *row, int32_t most);
enum agent_end store_agent_inserted(const struct db_unit *u, int stmt);

/* In the place of what was read; false: it is another by now, or gone. */
void store_agent_update(struct db_unit *u, const struct agent_key *key, const struct agent_row *row,
			const struct agent_row *was);
bool store_agent_updated(const struct db_unit *u, int stmt, usec_t *out_created);

/* What was read. Of the others nothing was done: there is none, a schedule names it, it is another by now. */
enum agent_gone { AGENT_GONE, AGENT_UNKNOWN, AGENT_USED, AGENT_OTHER };
void store_agent_delete(struct db_unit *u, const struct agent_key *key, const struct agent_row *was);
enum agent_gone store_agent_deleted(const struct db_unit *u, int stmt);

#endif
