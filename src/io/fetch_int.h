/* What the files of the fetcher share. */
#ifndef IO_FETCH_INT_H
#define IO_FETCH_INT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "base/usec.h"
#include "io/fetch.h"
#include "io/loop.h"
#include "io/netguard.h"
#include "io/resolve.h"

#define FETCHER_MAGIC 0x66636872u
#define FETCH_MAGIC 0x66746368u
#define PIN_KEY_MAX (RESOLVE_HOST_MAX + 8) /* "host:65535" */

/* fetch_url.c: the parts of a URL that decide whom we talk to. */
struct url_parts {
	struct slice host; /* borrowed, as written; without the brackets of an IPv6 address */
	struct slice path; /* what follows the authority, likewise: "", "/..." or "?..." */
	int port;
	bool is_tls;
	bool is_literal; /* the host is an address, and `class` is its class */
	enum netguard_class class;
};

/* Reads the authority by a strict grammar of its own: what it takes, every URL parser reads the
 * same way. NULL when fine, else one sentence. */
const char *url_split(struct slice url, struct url_parts *out);
/* Retry-After at the instant `now` of clock_now(): 0 .. a day, or USEC_NEVER when it cannot be
 * read. */
usec_t retry_after_parse(struct slice value, usec_t now);

enum fetch_state {
	FETCH_LOOKUP,  /* waits for the addresses */
	FETCH_RUNNING, /* curl has it */
	FETCH_ENDING   /* the result is known, done() is to be called */
};

enum fetch_method_kind { METHOD_UNSET, METHOD_PLAIN, METHOD_BODY, METHOD_HEAD };

/* One request with its easy handle and its buffers; kept and used again. */
#define REQUEST_LINES_MAX 80

struct fetch {
	unsigned magic;
	enum fetch_state state;
	struct fetcher *fetcher;
	struct fetch *prev, *next; /* in fetcher.live, .ending or .idle */
	fetch_done *done;
	void *ctx;
	usec_t started, deadline; /* of clock_boot() */
	bool is_counted;          /* in fetcher.in_flight */

	/* the request */
	CURL *easy;
	struct mail *mail;          /* fetch_mail.c; NULL: it is HTTP */
	struct fetch_glue *glue;    /* whose curl it is given to: the fetcher's, or a mail's own */
	char method[24];            /* what the easy handle is set to */
	enum fetch_method_kind method_kind; /* likewise */
	long timeout_ms, dns_life;  /* likewise */
	struct strbuf head;         /* add_headers(): the header lines */
	struct curl_slist lines[REQUEST_LINES_MAX]; /* into head */
	int lines_n;
	struct alarm alarm;         /* ends the lookup */
	struct resolve_wait wait;
	struct pin *pin;            /* NULL: the host is a literal address */
	uint64_t pin_generation;    /* of the addresses in pin_line */
	struct curl_slist pin_nodes[2];
	bool has_pin_nodes;         /* the easy handle holds them */
	char pin_line[PIN_KEY_MAX + RESOLVE_ADDRESSES_MAX * 48];
	char unpin_line[PIN_KEY_MAX + 1];
	char host[RESOLVE_HOST_MAX + 1];
	int port;

	size_t request_bytes;       /* of its body */

	/* the response */
	int sends;                  /* how often the request was sent, or was about to be */
	int interim;                /* 1xx responses */
	size_t header_bytes, body_bytes;
	size_t body_max;            /* kept of the body; beyond FETCH_BODY_MAX in the fetcher's large_bytes */
	bool in_head, is_interim;   /* between a status line and its empty line; of a 1xx */
	bool headers_done;          /* of the response proper: what follows are trailers */
	bool is_cut;                /* ended by us, and the response counts: there is more than we want */
	int64_t expected;           /* Content-Length, -1: not known */
	const char *refusal;        /* ended by us: why */
	enum fetch_fault refusal_fault;
	struct strbuf headers, body;
	char error[CURL_ERROR_SIZE];
	struct fetch_result result;
};

struct fetch_list {
	struct fetch *first, *last;
	int count;
};

struct fetcher {
	unsigned magic;
	struct loop *loop;
	struct fetcher_limits limits;
	struct resolver *resolver;
	struct fetch_glue *glue;
	struct fetch_list live;    /* in lookup or running */
	struct fetch_list ending;  /* done() is to be called */
	struct fetch *idle;        /* kept for the next request, linked by next */
	int idle_count;
	struct event *deferred;    /* calls done() for `ending` */
	int in_flight;
	size_t large_bytes;
	bool is_collecting; /* the glue flushes when it is through, no event is needed */
	bool is_closing;
};

/* fetch.c */
void fetch_list_push(struct fetch_list *list, struct fetch *t);
void fetch_list_remove(struct fetch_list *list, struct fetch *t);
/* The result is known: queues done(). With FETCH_FINE the status is in t->result already. */
void fetch_finish(struct fetch *t, enum fetch_fault fault, const char *detail);
/* Calls done() of all that ended. Not from within curl. */
void fetch_flush(struct fetcher *f);

/* fetch_response.c: curl's callbacks; ctx is the struct fetch. */
void fetch_forget_body(struct fetch *t);
size_t fetch_on_header(char *bytes, size_t size, size_t n, void *ctx);
size_t fetch_on_body(char *bytes, size_t size, size_t n, void *ctx);

/* fetch_easy.c */
CURL *easy_new(struct fetch *t); /* with all that never changes */
/* Sets t->easy (made when there is none) to the request; t->lines are made. */
void easy_prepare(struct fetch *t, const struct fetch_request *r);

/* fetch_mail.c */
/* Makes t->mail, t->glue and t->easy of it. NULL, or why we do not even try. */
const char *mail_prepare(struct fetch *t, const struct fetch_request *r, struct url_parts *u);
void mail_found(struct fetch *t, enum netguard_class class); /* whom it will talk to; before glue_run() */
void mail_connected(struct fetch *t); /* curl has greeted, secured and logged in: the rest is ours */
void mail_stop(struct fetch *t);      /* lets go of the connection, before curl does */
void mail_free(struct fetch *t);      /* after t->easy */

/* fetch_pin.c */
struct pins *pins_new(void);
void pins_free(struct pins *g); /* no transfer may hold a pin */
/* Makes sure that curl has these addresses for t->host and t->port when it starts t. */
void pins_attach(struct pins *g, struct fetch *t, const struct resolve_answer *a);
void pins_arrived(struct fetch *t); /* curl is known to have them */
void pins_detach(struct pins *g, struct fetch *t);

/* fetch_curl.c */
/* A curl of its own: handles given to one glue share connections. */
struct fetch_glue *glue_new(struct fetcher *f);
void glue_free(struct fetch_glue *g);
/* To curl, with the addresses (NULL: a literal). */
void glue_run(struct fetch *t, const struct resolve_answer *answer);
void glue_push(struct fetch_glue *g); /* what was begun goes out now; not from within curl, nor from a done() */
void glue_stop(struct fetch *t);              /* takes it from curl; closes its connection if it was under way */
int glue_close(void *ctx, curl_socket_t fd);  /* curl's CLOSESOCKETFUNCTION; ctx is the glue */

#endif
