/* Token buckets by key, in the memory of this process: each holds a minute's worth of tokens and gets them back evenly.
 * The arithmetic is in whole numbers and exact: after a minute left alone a bucket is full, and never more than that.
 *
 * At most BUCKETS_MAX are remembered, in sets of BUCKETS_SET by a hash of the key. In a full set the fullest makes room
 * for a new one: what is forgotten is what matters least, as a key that is not remembered has a full bucket. */
#ifndef CORE_BUCKET_H
#define CORE_BUCKET_H

#include <stdint.h>

#include "base/usec.h"

#define BUCKETS_MAX 65536
#define BUCKETS_SET 8
#define BUCKET_WINDOW MIN
#define BUCKET_LIMIT_MAX 100000000 /* tokens */

struct bucket {
	uint8_t key[16];
	usec_t at;       /* `spent` is as of then */
	int64_t spent;   /* missing tokens, in parts of 1/BUCKET_WINDOW: a microsecond brings `limit` parts back */
	int32_t limit;   /* tokens it can hold; 0: nobody has been here */
	int32_t pending; /* tokens taken that may be given back (core/auth_failures.h) */
};

struct bucket_table;
struct bucket_table *bucket_table_new(void);
void bucket_table_free(struct bucket_table *t); /* NULL accepted */

/* The bucket of these 16 bytes at `now` (clock_boot()), holding at most `limit` (1 .. BUCKET_LIMIT_MAX) from now on.
 * Good until the next call. */
struct bucket *bucket_find(struct bucket_table *t, const uint8_t key[16], int32_t limit, usec_t now);
int32_t bucket_left(const struct bucket *b); /* whole tokens */
void bucket_take(struct bucket *b);          /* one of those that are left */
void bucket_give(struct bucket *b);          /* back; a full one stays full */
/* Whole seconds, rounded up, until there is one token more than bucket_left(); 0: it is full. */
int32_t bucket_wait(const struct bucket *b);

#endif
