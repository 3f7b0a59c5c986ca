/* The HTTP server: libevent's evhttp, made strict (ARCHITECTURE.md amendment 5, RELIABILITY.md
 * 0.2-0.7 and 4). One object for the process. Every request gets exactly one answer. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <stdbool.h>

#include "base/usec.h"
#include "http/route.h"

struct loop;
struct core;
struct http;

struct http_settings {
	const char *address; /* "127.0.0.1" or "::1" or "0.0.0.0" ... */
	int port;            /* 0 picks one */
	int connections_max, connections_per_address_max;
	usec_t header_deadline, body_deadline, idle_timeout; /* 10 s, 30 s, 60 s */
};

/* A plain page outside the dialects: health, metrics, the API document. Answers at once. */
struct page {
	const char *path;
	/* Writes the body; returns the status. `verbose` when the query has it. */
	int (*print)(void *ctx, bool verbose, struct strbuf *out);
	const char *content_type;
	void *ctx;
};

/* The tables are borrowed for ever. */
struct http *http_new(struct loop *loop, struct core *core, const struct dialect *const *dialects, int count);
void http_add_page(struct http *h, const struct page *page);
/* False with a sentence when the port cannot be had. */
bool http_listen(struct http *h, const struct http_settings *s, char *why, unsigned long why_max);
int http_port(const struct http *h);
/* Takes no new connections; answers what is under way; new requests on kept connections get 503
 * and a close. */
void http_drain(struct http *h);
int http_pending(const struct http *h); /* requests not yet answered */
void http_free(struct http *h);         /* only when nothing is pending */

#endif
