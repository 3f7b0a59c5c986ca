/* Secrets at rest: AES-256-GCM under the server's key (OpenSSL). The key is 32 bytes, from the file that
 * CARILLON_SECRET_KEY_FILE names (64 hexadecimal digits, or base64), else from secret.key in the data
 * directory, which is made there at the first start (mode 600). Every process on a database must have
 * the same one; sealed text names its key, so that another one is told apart from damage. */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

enum { SECRET_KEY_BYTES = 32 };

struct secret_key {
	unsigned char bytes[SECRET_KEY_BYTES];
	unsigned char id[4]; /* of its SHA-256: which key sealed something */
	bool is_set;
};
void secret_key_init(struct secret_key *key, const unsigned char bytes[SECRET_KEY_BYTES]);

enum secret_end { SECRET_FINE, SECRET_OTHER_KEY, SECRET_DAMAGED };
/* version, key id, nonce, ciphertext, tag. `bound` is authenticated with it (whose it is, what for): it opens only for
 * the same. */
struct slice secret_seal(const struct secret_key *key, struct slice text, struct slice bound, struct arena *a);
enum secret_end secret_open(const struct secret_key *key, struct slice sealed, struct slice bound, struct arena *a,
			    struct slice *out);

#endif
