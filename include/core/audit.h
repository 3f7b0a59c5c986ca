/* The audit trail: reading and verifying it. Writing is core/change.h's. */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "core/change.h"
#include "core/op.h"

struct audit_entry {
	int64_t block;
	int32_t position;
	struct uuid id;
	usec_t at;
	enum actor actor;
	struct uuid key;         /* nil: none */
	struct slice actor_name, request_id;
	enum object object;
	struct slice ref;
	int64_t version;
	struct slice what, before, after;
	struct slice hash;       /* of its block; 32 bytes */
};

/* SHA-256 over every member but block, position and hash, each with its length, so that nothing can move from one into
 * another. */
void audit_digest(const struct audit_entry *e, uint8_t out[32]);

/* --- names of objects --- */

extern const char *const audit_objects[]; /* "schedule" ..., by enum object, NULL-terminated; 0 has no word */
/* As an entry has it: a uuid's text. */
struct slice audit_ref(struct uuid id, struct arena *a);
/* From what callers write: an id with its prefix, which says the object too, or the name of a *object that goes by
 * one. False: it is neither, or another object's. */
bool audit_ref_parse(struct slice text, struct arena *a, enum object *object, struct slice *out_ref);
/* Back; the prefix of a schedule or run is that of its kind. */
struct slice audit_ref_print(const struct audit_entry *e, struct arena *a);

/* --- the list --- */

#define AUDIT_PAGE_MAX 100
struct audit_ask {
	enum object object;      /* 0: any */
	struct slice ref;        /* audit_ref(), or a name; with an object; absent: any */
	usec_t from, to;         /* from <= at < to; USEC_NEVER: open */
	struct slice cursor;
	int64_t limit;           /* 1 .. AUDIT_PAGE_MAX */
};
struct audit_page {
	struct json_list items;  /* of struct audit_entry; may be short of the limit before the end is reached */
	struct slice next_cursor; /* absent: this was the last page */
};
op_step audit_list; /* in: struct audit_ask; out: audit_page, newest first */

#endif
