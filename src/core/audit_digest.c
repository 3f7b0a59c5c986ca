#include <endian.h>

#include "base/crypto.h"
#include "core/audit.h"

enum { PIECES = 12, NUMBERS = 4 };

static struct slice number(int64_t value, uint64_t *room)
{
	*room = htobe64((uint64_t)value);
	return (struct slice){ (const char *)room, sizeof *room };
}

static struct slice id(const struct uuid *of)
{
	return (struct slice){ (const char *)of->b, sizeof of->b };
}

/* The order is part of what is kept for years: never changed. */
void audit_digest(const struct audit_entry *e, uint8_t out[32])
{
	uint64_t room[NUMBERS];
	const struct slice pieces[PIECES] = {
		id(&e->id),
		number(e->at, &room[0]),
		number(e->actor, &room[1]),
		id(&e->key),
		e->actor_name,
		e->request_id,
		number(e->object, &room[2]),
		e->ref,
		number(e->version, &room[3]),
		e->what,
		e->before,
		e->after,
	};

	crypto_sha256_of(pieces, PIECES, out);
}
