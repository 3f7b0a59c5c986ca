/* Messages to channels, and the credentials they are sent with, in PostgreSQL. */
#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H

#include "io/db.h"

enum message_state {
	MESSAGE_WAITS = 1, MESSAGE_GOING = 2, MESSAGE_DELIVERED = 3, MESSAGE_FAILED = 4, MESSAGE_LEFT_OUT = 5
};

/* --- the sender's --- */

struct message_row {
	int16_t bucket, format; /* enum channel_format */
	struct uuid tenant, id, run, schedule;
	struct slice channel;
	int32_t attempt;        /* this one counted */
	int32_t output_bytes;   /* kept of the run's output */
};
struct message_places {
	struct slice platform;
	int32_t places;
};
struct message_busy {
	struct slice platform;
	struct uuid tenant;
};
struct message_claim {
	const struct message_places *const *places;
	const struct message_busy *const *busy; /* get no more for now */
	size_t places_n, busy_n;
	struct uuid claim;
	usec_t now, until; /* until: theirs who claimed them */
};
void store_message_claim(struct db_unit *u, const struct message_claim *c);
size_t store_messages_claimed(const struct db_unit *u, int stmt, struct message_row **out);

/* What a message is made of. */
struct message_matter {
	int16_t state; /* of the run, enum run_state */
	usec_t scheduled_for, finished_at;
	struct slice url, payload; /* of its template */
	struct slice name, zone;   /* of its schedule */
	struct slice output;       /* absent: none */
	bool is_json;
	int32_t output_bytes;      /* in all */
	struct slice error, detail; /* of a failed run's last attempt, else why it failed */
	int16_t http_status;
	struct slice sealed;       /* credentials; absent: the tenant has none */
};
void store_message_load(struct db_unit *u, const struct message_row *m, struct slice platform);
/* False: the run is gone. */
bool store_message_loaded(const struct db_unit *u, int stmt, struct message_matter *out);

struct message_end {
	const struct message_row *m;
	struct uuid claim;
	int16_t state;        /* enum message_state; MESSAGE_WAITS: again at `ready` */
	bool is_uncounted;    /* the attempt was none */
	struct slice reason, detail;
	usec_t ready, finished; /* ready: always an instant */
};
void store_message_settle(struct db_unit *u, const struct message_end *end);

/* --- credentials --- */

struct credential_key {
	int16_t bucket;
	struct uuid tenant;
	struct slice platform;
};
struct credential_row {
	struct slice platform, sealed;
	usec_t updated_at;
};
void store_credential_list(struct db_unit *u, const struct credential_key *of); /* all platforms' */
void store_credential_get(struct db_unit *u, const struct credential_key *key);
size_t store_credentials(const struct db_unit *u, int stmt, struct credential_row **out); /* of list */
bool store_credential_got(const struct db_unit *u, int stmt, struct credential_row *out);
/* In the place of what was read; absent: there were none. */
void store_credential_put(struct db_unit *u, const struct credential_key *key, struct slice sealed, struct slice was,
			  usec_t now);
void store_credential_delete(struct db_unit *u, const struct credential_key *key, struct slice was);
/* Of either; false: they are others by now, and nothing was done. */
bool store_credential_changed(const struct db_unit *u, int stmt);

#endif
