/* The keys that all APIs are asked with. Paths below /api/auth. */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "core/key.h"
#include "http/route.h"

extern const struct dialect auth;

extern const char *const key_roles[]; /* by enum role, less one */
/* Of what auth_show_key() makes of a key_view; the command line prints it too. */
extern const struct shape out_key_shape;
const void *auth_show_key(const struct key_view *v, struct arena *a);

#endif
