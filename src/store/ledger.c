#include "store/ledger.h"

#include <string.h>

#include "base/crypto.h"
#include "sql.h"

/* The entries of one tenant. */
struct block {
	int16_t bucket;
	struct uuid tenant;
	size_t n;
	char *digests; /* of the entries, in their order */
	uint8_t hashed[SHA256_BYTES];
	struct slice digest;
};

/* They are few, and neighbours are of one tenant mostly. */
static size_t find_block(struct block *const *blocks, size_t n, const struct ledger_entry *e)
{
	size_t i = n;

	while (i > 0 && id_compare(blocks[i - 1]->tenant, e->tenant) != 0)
		i--;
	return i ? i - 1 : n;
}

/* Numbers the entries. Returns how many blocks they make. */
static size_t make_blocks(struct arena *a, struct ledger_entry *const *entries, size_t n,
			  struct block **blocks)
{
	size_t *of = arena_array(a, size_t, n), count = 0;

	for (size_t i = 0; i < n; i++) {
		of[i] = find_block(blocks, count, entries[i]);
		if (of[i] == count) {
			blocks[count] = arena_make(a, struct block);
			blocks[count]->bucket = entries[i]->bucket;
			blocks[count++]->tenant = entries[i]->tenant;
		}
		entries[i]->position = (int32_t)++blocks[of[i]]->n;
	}
	for (size_t i = 0; i < count; i++)
		blocks[i]->digests = arena_alloc(a, blocks[i]->n * SHA256_BYTES);
	for (size_t i = 0; i < n; i++)
		memcpy(blocks[of[i]]->digests + (size_t)(entries[i]->position - 1) * SHA256_BYTES,
		       entries[i]->digest.p, SHA256_BYTES);
	for (size_t i = 0; i < count; i++) {
		struct block *b = blocks[i];

		crypto_sha256((struct slice){ b->digests, b->n * SHA256_BYTES }, b->hashed);
		b->digest = (struct slice){ (const char *)b->hashed, SHA256_BYTES };
	}
	return count;
}

static void append_sure(struct db_unit *u, struct ledger_entry *const *entries, size_t n)
{
	struct block **blocks = arena_array(u->arena, struct block *, n);
	size_t count = make_blocks(u->arena, entries, n, blocks);

	q_audit_append_sure(u,
			    &(struct q_audit_append_sure){
				    .head_buckets = COL(blocks, count, struct block, bucket),
				    .head_tenants = COL(blocks, count, struct block, tenant),
				    .head_digests = COL(blocks, count, struct block, digest),
				    .buckets = COL(entries, n, struct ledger_entry, bucket),
				    .tenants = COL(entries, n, struct ledger_entry, tenant),
				    .positions = COL(entries, n, struct ledger_entry, position),
				    .ids = COL(entries, n, struct ledger_entry, id),
				    .ats = COL(entries, n, struct ledger_entry, at),
				    .actors = COL(entries, n, struct ledger_entry, actor),
				    .keys = COL(entries, n, struct ledger_entry, key),
				    .actor_names = COL(entries, n, struct ledger_entry, actor_name),
				    .requests = COL(entries, n, struct ledger_entry, request_id),
				    .objects = COL(entries, n, struct ledger_entry, object),
				    .refs = COL(entries, n, struct ledger_entry, ref),
				    .versions = COL(entries, n, struct ledger_entry, version),
				    .changes = COL(entries, n, struct ledger_entry, change),
				    .befores = COL(entries, n, struct ledger_entry, before),
				    .afters = COL(entries, n, struct ledger_entry, after),
			    });
}

static bool are_sure(struct ledger_entry *const *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i]->need != LEDGER_ALWAYS)
			return false;
	return true;
}

void store_audit_append(struct db_unit *u, struct ledger_entry *const *entries, size_t n)
{
	if (are_sure(entries, n)) {
		append_sure(u, entries, n);
		return;
	}
	q_audit_append(u, &(struct q_audit_append){
				  .buckets = COL(entries, n, struct ledger_entry, bucket),
				  .tenants = COL(entries, n, struct ledger_entry, tenant),
				  .ids = COL(entries, n, struct ledger_entry, id),
				  .ats = COL(entries, n, struct ledger_entry, at),
				  .actors = COL(entries, n, struct ledger_entry, actor),
				  .keys = COL(entries, n, struct ledger_entry, key),
				  .actor_names = COL(entries, n, struct ledger_entry, actor_name),
				  .requests = COL(entries, n, struct ledger_entry, request_id),
				  .objects = COL(entries, n, struct ledger_entry, object),
				  .refs = COL(entries, n, struct ledger_entry, ref),
				  .versions = COL(entries, n, struct ledger_entry, version),
				  .changes = COL(entries, n, struct ledger_entry, change),
				  .befores = COL(entries, n, struct ledger_entry, before),
				  .afters = COL(entries, n, struct ledger_entry, after),
				  .digests = COL(entries, n, struct ledger_entry, digest),
				  .needs = COL(entries, n, struct ledger_entry, need),
			  });
}

void store_answers_keep(struct db_unit *u, const struct ledger_answer *const *answers, size_t n,
			const struct ledger_ages *ages)
{
	q_idempotency_keep(
		u, &(struct q_idempotency_keep){
			   .buckets = COL(answers, n, struct ledger_answer, bucket),
			   .tenants = COL(answers, n, struct ledger_answer, tenant),
			   .key_hashes = COL(answers, n, struct ledger_answer, key_hash),
			   .askers = COL(answers, n, struct ledger_answer, asker),
			   .fingerprints = COL(answers, n, struct ledger_answer, fingerprint),
			   .statuses = COL(answers, n, struct ledger_answer, status),
			   .heads = COL(answers, n, struct ledger_answer, head),
			   .bodies = COL(answers, n, struct ledger_answer, body),
			   .sealed = COL(answers, n, struct ledger_answer, sealed),
			   .created = COL(answers, n, struct ledger_answer, created),
			   .refs = COL(answers, n, struct ledger_answer, ref),
			   .needs = COL(answers, n, struct ledger_answer, need),
			   .since = ages->since,
			   .running_since = ages->running_since,
		   });
}

int store_answers_kept(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_answer_find(struct db_unit *u, const struct ledger_answer *key,
		       const struct ledger_ages *ages)
{
	q_idempotency_find(u, &(struct q_idempotency_find){
				      .bucket = key->bucket,
				      .tenant = key->tenant,
				      .key_hash = key->key_hash,
				      .since = ages->since,
				      .running_since = ages->running_since,
			      });
}

bool store_answer_found(const struct db_unit *u, int stmt, struct ledger_answer *out)
{
	struct q_idempotency_find_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_idempotency_find_read(db_rows(u, stmt), 0, &r);
	out->asker = r.key_id;
	out->fingerprint = r.fingerprint;
	out->status = r.status;
	out->head = r.head;
	out->body = r.body;
	out->sealed = r.sealed;
	return true;
}

void store_answer_drop(struct db_unit *u, const struct ledger_answer *key)
{
	q_idempotency_drop(u, &(struct q_idempotency_drop){
				      .bucket = key->bucket,
				      .tenant = key->tenant,
				      .key_hash = key->key_hash,
				      .created = key->created,
			      });
}

void store_answers_forget(struct db_unit *u, usec_t before, int32_t most)
{
	q_idempotency_forget(u, &(struct q_idempotency_forget){ .before = before, .most = most });
}

int64_t store_answers_forgot(const struct db_unit *u, int stmt)
{
	struct q_idempotency_forget_row r;

	q_idempotency_forget_read(db_rows(u, stmt), 0, &r);
	return r.gone;
}

void store_audit_forget(struct db_unit *u, usec_t before)
{
	q_audit_forget(u, &(struct q_audit_forget){ .before = before });
}

int64_t store_audit_forgot(const struct db_unit *u, int stmt)
{
	struct q_audit_forget_row r;

	q_audit_forget_read(db_rows(u, stmt), 0, &r);
	return r.gone;
}
