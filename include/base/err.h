/* Every error an operation can end with: err.def is the one table (wire code, class, text). The
 * class says what kind of no it is; HTTP turns it into a status. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/slice.h"

enum err_class {
	CLASS_OK,
	CLASS_MALFORMED,    /* 400 */
	CLASS_UNAUTHORIZED, /* 401 */
	CLASS_FORBIDDEN,    /* 403 */
	CLASS_NOT_FOUND,    /* 404 */
	CLASS_METHOD,       /* 405 */
	CLASS_CONFLICT,     /* 409 */
	CLASS_GONE,         /* 410 */
	CLASS_PRECONDITION, /* 412 */
	CLASS_TOO_LARGE,    /* 413 */
	CLASS_MEDIA_TYPE,   /* 415 */
	CLASS_INVALID,      /* 422 */
	CLASS_LIMITED,      /* 429 */
	CLASS_INTERNAL,     /* 500 */
	CLASS_UNAVAILABLE   /* 503 */
};

enum err {
	ERR_NONE = 0,
#define X(name, class, code, text, ...) ERR_##name,
#include "base/err.def"
#undef X
	ERR_COUNT
};

enum err_class err_class(enum err e);
const char *err_code(enum err e); /* stable, e.g. "not_found" */
const char *err_text(enum err e); /* one sentence, the default detail */

#endif
