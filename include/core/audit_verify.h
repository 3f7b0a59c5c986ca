/* Is the audit trail as it was written? Each tenant's chain is walked from its first entry to its head: every digest
 * and hash is made again, blocks and entries are without gaps, and the head is that of the last block
 * (sql/README.md). What is changed, removed or put in by hand breaks the chain there. Whoever can write to the
 * database can make a whole chain anew: keep the head's hash somewhere else to notice that too. */
#ifndef CORE_AUDIT_VERIFY_H
#define CORE_AUDIT_VERIFY_H

#include "base/strbuf.h"
#include "core/audit.h"

/* --- one chain, pure --- */

struct audit_walk {
	int64_t block;       /* the last one seen; at first the floor */
	int32_t position;    /* the last one of it; 0: none of it is left */
	int64_t entries, blocks;
	uint8_t before[32];  /* the hash of the block before; once it is closed, its own */
	uint8_t hash[32];    /* of the block, as its entries say */
	uint8_t digest[32];  /* of the block, once it is closed */
	struct strbuf digests; /* of its entries so far */
	/* what is wrong; NULL: nothing */
	const char *fault;
	int64_t fault_block;
	int32_t fault_position; /* 0: all of the block */
};
/* floor: the last block that retention removed, and its hash; 0: none. audit_walk_release() comes after it. */
void audit_walk_begin(struct audit_walk *w, int64_t floor, struct slice floor_hash);
/* False: w->fault is set. */
bool audit_walk_entry(struct audit_walk *w, const struct audit_entry *e);
/* All have been seen; the head was read after them. block 0: there is none. */
bool audit_walk_end(struct audit_walk *w, int64_t block, struct slice hash, struct slice digest);
void audit_walk_release(struct audit_walk *w);

/* --- of the database --- */

struct audit_verdict {
	struct slice organization, tenant;
	int64_t first, last; /* blocks; last 0: there are none */
	const struct audit_walk *walk;
};
struct audit_verify_ask {
	struct slice organization, tenant; /* absent: all of them */
	void (*report)(const struct audit_verdict *v); /* one by one; what it gets is gone after the call */
};
struct audit_sum {
	int64_t tenants, faults;
};
/* in: struct audit_verify_ask; out: audit_sum. For commands: it reads the entries of all tenants, page by page, in
 * constant memory, while others write. */
op_step audit_verify;

#endif
