/* The ledger: entries of the audit trail, and answers kept for repeated requests. Both are written behind a
 * change, in its transaction (core/change.h). */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include <stdint.h>

#include "io/db.h"

/* What must be so for a line to be written. */
enum ledger_need {
	LEDGER_ALWAYS,
	LEDGER_WROTE,    /* carillon.wrote is its ref, or "*" */
	LEDGER_RUN,      /* a live run has its ref as its id */
	LEDGER_SCHEDULE  /* likewise a schedule */
};

struct ledger_entry {
	int16_t bucket;
	int16_t actor, object; /* as sql/README.md has them */
	int16_t need;          /* enum ledger_need */
	struct uuid tenant, id, key;
	usec_t at;
	int64_t version;
	struct slice actor_name, request_id, ref, change, before, after;
	struct slice digest;   /* audit_digest() */
	int32_t position;      /* in its block; filled in by store_audit_append() when it knows */
};

struct ledger_answer {
	int16_t bucket;
	int16_t need;
	int16_t status;        /* 0: it is under way, and reaches beyond the database */
	bool sealed;
	struct uuid tenant;
	struct uuid asker;     /* the API key that asked */
	struct slice key_hash, fingerprint, head, body;
	struct slice ref;      /* with need */
	usec_t created;
};

/* Kept answers older than `since`, and what is under way since before `running_since`, are void. */
struct ledger_ages {
	usec_t since, running_since;
};

/* Of any tenants; the entries of one become a block, in this order. */
void store_audit_append(struct db_unit *u, struct ledger_entry *const *entries, size_t n);
/* A live row of a key fails the unit: DB_CONFLICT, constraint idempotency_taken. No two of one key in a unit. */
void store_answers_keep(struct db_unit *u, const struct ledger_answer *const *answers, size_t n,
			const struct ledger_ages *ages);
int store_answers_kept(const struct db_unit *u, int stmt); /* how many were written */
/* Reads bucket, tenant and key_hash of `key`. */
void store_answer_find(struct db_unit *u, const struct ledger_answer *key, const struct ledger_ages *ages);
/* Fills in asker, fingerprint, status, head, body and sealed. False: there is none that counts. */
bool store_answer_found(const struct db_unit *u, int stmt, struct ledger_answer *out);
/* The row of status 0 that was made at key->created. */
void store_answer_drop(struct db_unit *u, const struct ledger_answer *key);

/* Remove what is older: at most `most` answers; some blocks of the trail. Each in a unit of its own, on a lane that is
 * read committed: a tenant that writes meanwhile has changed the chain's head. */
void store_answers_forget(struct db_unit *u, usec_t before, int32_t most);
void store_audit_forget(struct db_unit *u, usec_t before);
/* How many rows went; fewer answers than `most`, or no entry: that was all. */
int64_t store_answers_forgot(const struct db_unit *u, int stmt);
int64_t store_audit_forgot(const struct db_unit *u, int stmt);

#endif
