/* Identities. Inside: 16 bytes, UUIDv7 (RFC 9562 5.7), minted here and never by SQL, rising
 * within one process. Outside: a prefix that names the noun, '_' and 26 characters of lower-case
 * Crockford base32, which sort as the bytes do: task_06c8y2m1z8x4k7w0a3d5f9h2jr. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/usec.h"

struct uuid {
	uint8_t b[16];
};

#define ID_TEXT_MAX 48 /* prefix (at most 20), '_', 26 digits, NUL */

/* A new identity. now is the instant it carries (milliseconds); later calls give greater ids
 * even when now stands still or goes back. */
struct uuid id_new(usec_t now);
/* The instant an id was minted with, to the millisecond. */
usec_t id_instant(struct uuid id);
bool id_is_nil(struct uuid id);
int id_compare(struct uuid a, struct uuid b);
/* "prefix_xxxxxxxxxxxxxxxxxxxxxxxxxx" into out; returns the length. */
size_t id_print(const char *prefix, struct uuid id, char out[ID_TEXT_MAX]);
/* True only for exactly what id_print makes with this prefix. The nil id is none: refused. */
bool id_parse(const char *prefix, struct slice text, struct uuid *out_id);

/* The bucket (0..255) of everything that belongs to this tenant: the first column of every
 * primary key, so that a distributed PostgreSQL can keep a tenant on one shard (ARCHITECTURE.md,
 * amendment 3). */
int16_t id_bucket(struct uuid tenant);

#endif
