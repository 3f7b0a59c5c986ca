/* HTTP requests out: libcurl multi on the loop, our own name lookup (evdns), the address policy,
 * bounds on everything a hostile target can send. Nothing blocks; nothing follows a redirect; no
 * proxy, no cookies.
 *
 * Easy handles and connections are kept and reused per host (PERFORMANCE.md 4.9). */
#ifndef IO_FETCH_H
#define IO_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/usec.h"

struct loop;
struct fetcher;
struct fetch;

#define FETCH_BODY_MAX 16384   /* kept of a response body, unless more is asked for; the rest is read and dropped */
#define FETCH_READ_MAX 1048576 /* a longer body ends the transfer; the status already decided success */
#define FETCH_LARGE_MAX 1048576 /* the most that may be asked for */
#define FETCH_LARGE_TOTAL (64 << 20) /* of all requests together, beyond the first FETCH_BODY_MAX bytes of each */
#define FETCH_HEADERS_MAX 8192 /* kept of the response headers, without Set-Cookie */

/* Why there was no response. Wire names (for the attempt's `error`) in fetch_fault_name(). */
enum fetch_fault {
	FETCH_FINE,          /* a response came; status says what */
	FETCH_TIMEOUT,       /* "timeout" */
	FETCH_DNS,           /* "dns_error" */
	FETCH_CONNECT,       /* "connect_error" */
	FETCH_TLS,           /* "tls_error" */
	FETCH_RESET,         /* "connection_closed" */
	FETCH_PROTOCOL,      /* "protocol_error": not HTTP, too many headers, ... */
	FETCH_FORBIDDEN,     /* "target_forbidden": the address policy */
	FETCH_ABORTED,       /* "aborted": fetch_abort() */
	FETCH_BUSY           /* "overloaded": the fetcher's own ceiling */
};

struct fetch_header {
	struct slice name, value; /* checked with fetch_header_allowed() when they were accepted from a user */
};

struct fetch_request {
	const char *url;    /* http or https; checked with fetch_url_check() before it was stored */
	const char *method; /* "POST" ... */
	const struct fetch_header *headers;
	int headers_count;
	struct slice body;  /* borrowed: must stay until done() */
	usec_t timeout;     /* in all, from start; > 0 */
	/* With mail_to the request is a mail: url is smtp or smtps (port 25 or 465), checked with
	 * fetch_mail_url_check(); the body is the message, lines ending in CRLF, dots not stuffed; method and
	 * headers do not count. The result's status is the server's last reply code, the body its text. A connection
	 * of its own: TLS when the server offers it, and always before a password goes to a public address. */
	const char *mail_from, *mail_to; /* addresses alone */
	size_t body_max;    /* kept of the response's body; 0: FETCH_BODY_MAX. Less when large_bytes_max is reached */
};

struct fetch_result {
	enum fetch_fault fault;
	int status;              /* 100..599, 0 when fault */
	usec_t retry_after;      /* from now, 0 .. a day, of a 429 or 503 (RFC 9110 10.2.3); else USEC_NEVER */
	struct slice headers;    /* "Name: value\r\n"...; borrowed until done() returns */
	struct slice body;       /* its first bytes, up to body_max; borrowed until done() returns */
	int64_t body_bytes;      /* what was sent, or announced if that is more; more than body.n: it was cut */
	const char *detail;      /* human words on a fault; borrowed */
	char address[48];        /* the peer's address, "" when never connected */
	/* microseconds from the start; 0 = not reached, or not needed on a kept connection */
	uint32_t dns_us, connect_us, tls_us, first_byte_us, total_us;
};

typedef void fetch_done(void *ctx, const struct fetch_result *result);

struct fetcher_limits {
	int in_flight_max;     /* all together */
	size_t large_bytes_max; /* 0: FETCH_LARGE_TOTAL */
	bool allow_private;    /* let loopback, private and link-local addresses be targets */
	/* NULL: the system's. Names as in resolver_new(); a file of CA certificates in PEM.
	 * Kept, not copied. */
	const char *nameservers, *ca_file;
};

struct fetcher *fetcher_new(struct loop *loop, const struct fetcher_limits *limits);
/* Aborts what is under way: done(FETCH_ABORTED) for each, before this returns. Not from within a
 * done(), and these done()s start nothing. */
void fetcher_free(struct fetcher *f);
int fetcher_in_flight(const struct fetcher *f);
int fetcher_room(const struct fetcher *f); /* so many more may begin */

/* Requests go out when the loop comes to it; what was started so far goes out now. Calls done() of those that end
 * meanwhile; not from within a done(). */
void fetcher_push(struct fetcher *f);

/* Starts a request; done() runs exactly once, never before this returns. Beyond in_flight_max
 * the result is FETCH_BUSY. The returned handle is valid until done() is called. All of `r` but
 * the body is copied.
 *
 * The request may reach the target twice: when a kept connection is closed by the target before
 * the first byte of an answer, it is sent once more, never a third time. HTTP cannot tell
 * whether the first was read (RFC 9112 9.3.1), so this is the one extra delivery an attempt may
 * make; it carries the same identity. */
struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *r, fetch_done *done, void *ctx);
/* Ends it: done(FETCH_ABORTED) is deferred. Calling it twice is fine. */
void fetch_abort(struct fetch *t);

const char *fetch_fault_name(enum fetch_fault fault);

/* Is this a URL we will call? http/https, a host, no userinfo, at most 2,048 bytes, parsed by
 * libcurl's own parser (so that check and dial agree). NULL when fine, else one sentence for
 * people. Does not look names up; a literal private address is refused here already unless
 * allow_private. Fragments are refused. */
const char *fetch_url_check(struct slice url, bool allow_private);
/* The same for the URL of a mail server: smtp://[user[:password]@]host[:port], or smtps. */
const char *fetch_mail_url_check(struct slice url, bool allow_private);
/* scheme://host:port of a checked URL in canonical lower case, into out (at most max bytes with
 * NUL). */
void fetch_url_origin(const char *url, char *out, size_t max);
/* Header names and values a user may set: RFC 9110 token, no CR/LF/NUL/control bytes, none of
 * ours or of the connection's (RELIABILITY.md 3). NULL when fine, else one sentence. */
const char *fetch_header_check(struct slice name, struct slice value);

#endif
