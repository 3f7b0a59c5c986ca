/* The pages for those who run the server: /livez, /readyz, /metrics, /openapi.json. No key. */
#ifndef API_OPS_H
#define API_OPS_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "http/listen.h"

/* One thing that must be so before this process should be sent requests. */
struct ops_check {
	const char *name; /* "database" */
	/* True when it is so; may write some words about it into detail. */
	bool (*is_fine)(void *ctx, char *detail, size_t detail_max);
	void *ctx;
};

/* The checks and dialects are borrowed for ever. Once in a process. */
void ops_add_pages(struct http *h, const struct ops_check *checks, int count, const struct dialect *const *dialects,
		   int dialects_count);

/* OpenAPI 3.1 of these dialects and of the pages above, from their tables. */
void openapi_print(const struct dialect *const *dialects, int count, struct strbuf *out);

#endif
