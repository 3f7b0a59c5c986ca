/* What a write means, said before it is sent: the audit trail's entry and the answer for a repeated request
 * are written in the same transaction, or not at all (RELIABILITY.md P12, P13).
 *
 *	op_changes(op, &(struct change){ .object = OBJECT_AGENT, .name = name, .what = "changed",
 *					 .before = old, .after = new }, 1, view);
 *	return op_db(op, written);
 *
 * op_db() adds one statement for the entries, and one more when the request has an Idempotency-Key
 * (op->idem). They take effect only if the write did: a statement that changes an object ends in a row that
 * has set_config('carillon.wrote', REF, true), REF being the object's id as a uuid's text, or its name; the
 * entries of that REF are written, or with '*' all of them. (Several are joined by commas; REF:what is that
 * change of it alone.) An operation that is tried again says it again. Rows of op_batch() are theirs to
 * check: the entry is written if the row is there. */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/op.h"

/* The database's numbers (sql/README.md). A run made by its schedule is nobody's change; one made, cancelled
 * or retried by hand is. */
enum object {
	OBJECT_SCHEDULE = 1, /* of any kind: `kind` says whose */
	OBJECT_RUN = 2,
	OBJECT_CALENDAR = 3,
	OBJECT_AGENT = 4,
	OBJECT_ACTION = 5,
	OBJECT_CHANNEL = 6,
	OBJECT_CHAIN = 7,
	OBJECT_CHAIN_RUN = 8,
	OBJECT_KEY = 9,
	OBJECT_TENANT = 10,
	OBJECT_COUNT
};

struct change {
	enum object object;
	struct uuid id;             /* nil: it goes by its name */
	struct slice name;
	const char *what;           /* created, changed, deleted, cancelled, paused, resumed, triggered, retried,
				     * rotated, revoked, restored, completed, failed; static */
	int64_t version;            /* its revision after this; 0: it has none */
	struct slice before, after; /* JSON of core/snapshot.h, secrets masked; absent: it was not there, it is gone */
	bool is_sure;               /* the write is all or nothing and fails as a whole: no REF is waited for */
};

/* Of the unit or row that op submits next. The entries are copied; what they point to lives in op->arena. `out` is
 * what op_ok() will be given; it, is_made and out_is_list stand as they will then. */
void op_changes(struct op *op, const struct change *changes, size_t n, const void *out);
/* Its second half alone, for a write that is no change of an object. */
void op_answers(struct op *op, const void *out);

/* For units that are no operation's (the engine, commands): adds one statement with the entries of one
 * tenant, behind all others of the unit. who->actor says who did it; key and name are his. */
struct who;
void change_add(struct db_unit *u, const struct who *tenant, const struct change *changes, size_t n, usec_t now);
/* The same of several tenants: each change with whose it is. */
struct change_of {
	const struct who *who; /* tenant, bucket, actor, key, name */
	struct change change;
};
void change_add_many(struct db_unit *u, const struct change_of *changes, size_t n, usec_t now);

#endif
