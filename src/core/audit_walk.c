/* One chain, entry by entry. */
#include "core/audit_verify.h"

#include <string.h>

#include "base/crypto.h"

#define DIGESTS_MAX (16 << 20) /* half a million entries in one transaction */

void audit_walk_begin(struct audit_walk *w, int64_t floor, struct slice floor_hash)
{
	*w = (struct audit_walk){ .block = floor };
	if (floor_hash.n == sizeof(w->before))
		memcpy(w->before, floor_hash.p, sizeof(w->before));
	strbuf_init(&w->digests, DIGESTS_MAX);
}

void audit_walk_release(struct audit_walk *w)
{
	strbuf_release(&w->digests);
}

static bool complain(struct audit_walk *w, const char *fault, int64_t block, int32_t position)
{
	w->fault = fault;
	w->fault_block = block;
	w->fault_position = position;
	return false;
}

/* The block's entries have all been seen. */
static bool close_block(struct audit_walk *w)
{
	uint8_t both[2 * SHA256_BYTES];

	if (!w->position)
		return true;
	crypto_sha256(strbuf_slice(&w->digests), w->digest);
	memcpy(both, w->before, SHA256_BYTES);
	memcpy(both + SHA256_BYTES, w->digest, SHA256_BYTES);
	crypto_sha256((struct slice){ (const char *)both, sizeof(both) }, w->before);
	if (w->digests.failed || memcmp(w->before, w->hash, SHA256_BYTES) != 0)
		return complain(w, "is not as it was written", w->block, 0);
	w->position = 0;
	return true;
}

static bool open_block(struct audit_walk *w, const struct audit_entry *e)
{
	if (!close_block(w))
		return false;
	if (e->block != w->block + 1)
		return complain(w, "is missing", w->block + 1, 0);
	memcpy(w->hash, e->hash.p, sizeof(w->hash));
	strbuf_clear(&w->digests);
	w->block = e->block;
	w->blocks++;
	return true;
}

bool audit_walk_entry(struct audit_walk *w, const struct audit_entry *e)
{
	uint8_t digest[SHA256_BYTES];

	if (e->hash.n != sizeof(w->hash))
		return complain(w, "has no hash", e->block, e->position);
	if ((e->block != w->block || !w->position) && !open_block(w, e))
		return false;
	if (e->position != w->position + 1)
		return complain(w, "is missing", w->block, w->position + 1);
	if (memcmp(e->hash.p, w->hash, sizeof(w->hash)) != 0)
		return complain(w, "has another hash than its block", e->block, e->position);
	w->position = e->position;
	w->entries++;
	audit_digest(e, digest);
	strbuf_add(&w->digests, digest, sizeof(digest));
	return true;
}

static bool is_same(struct slice a, const uint8_t b[SHA256_BYTES])
{
	return a.n == SHA256_BYTES && memcmp(a.p, b, SHA256_BYTES) == 0;
}

bool audit_walk_end(struct audit_walk *w, int64_t block, struct slice hash, struct slice digest)
{
	if (!close_block(w))
		return false;
	if (!block && !w->block)
		return true;
	if (!block)
		return complain(w, "is the last one, but the head is missing", w->block, 0);
	if (block > w->block)
		return complain(w, "is missing", w->block + 1, 0);
	if (block < w->block || !is_same(hash, w->before)
	    || (w->blocks && !is_same(digest, w->digest)))
		return complain(w, "is not what the head says", w->block, 0);
	return true;
}
