/* Private to src/http: the raw gate, the connection, the request, and what its files give each
 * other. */
#ifndef HTTP_HTTP_INT_H
#define HTTP_HTTP_INT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/usec.h"
#include "core/op.h"
#include "http/listen.h"
#include "http/route.h"
#include "io/loop.h"

struct bufferevent;
struct evbuffer;
struct evbuffer_cb_info;
struct evconnlistener;
struct evhttp;
struct evhttp_bound_socket;
struct evhttp_connection;
struct evhttp_request;

enum {
	HEAD_MAX = 16 * 1024, /* request line and header lines */
	HEADERS_MAX = 64,
	TARGET_MAX = 8 * 1024, /* RFC 9112 3: at least 8000 */
	CHUNK_EXT_MAX = 256,   /* of one chunk */
	TRAILERS_MAX = 4 * 1024,
	BODY_MAX = 1024 * 1024,
	BODY_LIST_MAX = 16 * 1024 * 1024,
	REPLY_MAX = 64 * 1024 * 1024,
	HELD_MAX = 128 * 1024 * 1024, /* of all requests that are arriving or with us: nobody has shown a key yet */
	KEPT_REQUESTS_MAX = 1000, /* on one connection */
	PARAM_MAX = 256 /* bytes of a {parameter} with escapes; a longer one is cut, and is no id and no name then */
};

/* --- strict.c: what the bytes of a connection must look like before evhttp may read them --- */

enum strict_fault {
	STRICT_FINE,
#define X(name, status, err, text) STRICT_##name,
#include "strict.def"
#undef X
	STRICT_FAULT_COUNT
};

/* The methods, as the request line spells them. */
enum verb { VERB_GET, VERB_HEAD, VERB_POST, VERB_PUT, VERB_PATCH, VERB_DELETE, VERB_OPTIONS, VERB_COUNT };

/* How large may the body of a request to this path (query and all) be? Asked only beyond
 * BODY_MAX. */
typedef size_t strict_ceiling(void *ctx, struct slice target);

enum strict_phase { STRICT_IDLE, STRICT_HEAD, STRICT_BODY };

struct strict {
	unsigned char state, fault, verb, header;
	bool http10, has_host, has_length, is_chunked, blank_seen;
	unsigned headers;       /* lines of this head */
	unsigned head_bytes;    /* so far; in trailers and chunk extensions: theirs */
	unsigned n;             /* bytes of the present token */
	unsigned target_n;
	uint64_t left;          /* bytes to come of the body or the chunk */
	uint64_t body_bytes;    /* promised or seen so far */
	uint64_t body_max;      /* 0: not asked yet */
	uint64_t requests;      /* complete ones since strict_init() */
	strict_ceiling *ceiling;
	void *ctx;
	char word[32];          /* the present token, in lower case, as far as it matters */
	char target[128];       /* its beginning, for the ceiling */
};

void strict_init(struct strict *s, strict_ceiling *ceiling, void *ctx);
/* Looks at n more raw bytes. Returns how many of them evhttp may see: all of them, or fewer when
 * s->fault is set; after that nothing may pass any more. Never lets the last byte of a bad head,
 * chunk size or trailer pass, so a request with a fault never becomes complete. Chunk extensions
 * are blanked in place, because evhttp refuses them although RFC 9112 7.1.1 says that they are
 * to be ignored. */
size_t strict_feed(struct strict *s, char *bytes, size_t n);
enum strict_phase strict_phase(const struct strict *s);
int strict_status(enum strict_fault f);
enum err strict_err(enum strict_fault f);
const char *strict_text(enum strict_fault f);

/* --- route.c: path -> row --- */

struct route_tree;

struct route_match {
	const struct dialect *dialect; /* with route; also when only the base matched: its errors are shaped so */
	const struct route *route;
	const struct page *page;
	bool is_known;                 /* the path exists, perhaps with other methods */
	bool is_malformed;             /* a bad escape in the path */
	unsigned methods;              /* bits 1 << METHOD_X that the path answers; a page: GET */
	int count;
	struct slice params[2];        /* decoded; point into the path, or into `text` */
	char text[2][PARAM_MAX];
};

struct route_tree *route_tree_new(void);
void route_tree_free(struct route_tree *t);
/* A table that contradicts itself is a bug and ends the process. */
void route_tree_add(struct route_tree *t, const struct dialect *d);
void route_tree_add_page(struct route_tree *t, const struct page *page);
/* The path without its query. */
void route_find(const struct route_tree *t, enum method method, struct slice path, struct route_match *out_match);
/* Whose faults look like those below this target; NULL: nobody's. */
const struct dialect *route_dialect(const struct route_tree *t, struct slice target);
/* BODY_LIST_MAX where a route with ROUTE_LIST answers, else BODY_MAX. A strict_ceiling; ctx is
 * the tree. */
size_t route_ceiling(void *ctx, struct slice target);
/* "GET, HEAD, OPTIONS" into out. */
void route_allow(unsigned methods, struct strbuf *out);

/* --- conn.c, peers.c: connections --- */

struct peers;
struct peers *peers_new(int per_address_max);
void peers_free(struct peers *p);
/* One more connection from there; false when that is one too many (it is not counted then). */
bool peers_enter(struct peers *p, const struct in6_addr *address);
void peers_leave(struct peers *p, const struct in6_addr *address);
/* What addresses are counted by: an IPv4 one, or an IPv6 one's /64. */
struct in6_addr peer_whole(const struct in6_addr *address);

enum conn_state {
	CONN_NEW,     /* accepted in this turn of the loop: evhttp has not told us its socket yet */
	CONN_READING, /* evhttp waits for a request, or for the rest of one */
	CONN_PENDING, /* a request is with us */
	CONN_WRITING, /* its answer is on the way */
	CONN_LINGER   /* refused: what still comes is thrown away, until the peer closes or LINGER is over */
};

struct http_req;

struct conn {
	unsigned magic;
	struct http *http;
	struct bufferevent *bev;
	struct evhttp_connection *ev; /* NULL while CONN_NEW */
	int fd;
	enum conn_state state;
	bool is_counted;         /* with the peers */
	bool is_cutting;         /* conn.c itself moves bytes in the input */
	bool is_closing;         /* the present answer is the last one */
	bool refuse_later;       /* strict has a fault, but earlier requests are not answered yet */
	usec_t since;            /* when the present phase began, clock_boot() */
	uint64_t taken, answered; /* requests that evhttp handed to us */
	size_t held;             /* bytes that came since the last answer */
	struct http_req *req;    /* in CONN_PENDING */
	struct strict strict;
	struct in6_addr address;
	struct conn *prev, *next;
};

struct bufferevent *conn_accepted(struct http *h); /* evhttp asks for a bufferevent */
/* Those that were accepted in this turn get their sockets. */
void conn_settle(struct http *h);
struct conn *conn_of(struct http *h, struct evhttp_request *ev);
/* The gate: an evbuffer callback on the input. */
void conn_saw_bytes(struct evbuffer *in, const struct evbuffer_cb_info *info, void *ctx);
/* Answers on the socket itself that there will be no answer, and stops listening. Only in
 * CONN_READING. */
void conn_refuse(struct conn *c, enum strict_fault fault);
/* All of them, for their deadlines. */
void conn_sweep(struct http *h, usec_t now);
/* Sends an answer; c->is_closing says whether the connection ends with it. Ends the evhttp
 * request. */
void conn_answer(struct conn *c, struct evhttp_request *ev, struct slice head, struct slice body);

/* --- guard.c: one look at what evhttp made of a request --- */

struct heads {
	struct slice authorization, content_type, if_match, idempotency_key;
	int hosts, lengths, encodings;
	int64_t length;
	bool wants_close, wants_keep;
};

struct guarded {
	enum verb verb;
	bool is_head;
	bool must_close;      /* the connection ends with this answer */
	bool say_keep_alive;  /* HTTP/1.0 asked for it */
	struct slice path, query; /* raw; query.p NULL when there is none */
	struct slice authorization, content_type, if_match, idempotency_key; /* absent: not sent */
	size_t body_bytes;
};

/* False when evhttp's view of the request contradicts what the gate lets pass: then nothing in
 * it can be trusted. */
bool guard_check(struct evhttp_request *ev, struct guarded *out_request);

/* --- req.c --- */

struct http_req {
	unsigned magic;
	struct http *http;
	struct conn *conn;
	struct evhttp_request *ev;
	struct arena *arena;
	struct guarded in;
	struct route_match match;
	struct json_pair *query; /* decoded, and their number */
	size_t query_n;
	struct slice key;
	struct in6_addr peer;    /* peer_whole() */
	usec_t began;            /* clock_boot() */
	char id[ID_TEXT_MAX];
	int status;              /* of the answer */
	struct op op;
};

void req_arrived(struct evhttp_request *ev, void *ctx); /* evhttp's general callback; ctx is the struct http */
const char *verb_name(enum verb verb);
/* Hands the answer over; r is gone after this. */
void req_finish(struct http_req *r, struct slice head, struct slice body);

/* --- body.c --- */

/* Splits and decodes the query into r->query; what cannot be read is a fault in r->op.faults. */
void query_split(struct http_req *r);
/* Fills r->op.in or in_list. Complaints are in r->op.faults; what is wrong with the whole is
 * returned, with a sentence in *out_detail or NULL for the usual one. */
enum err body_read(struct http_req *r, const char **out_detail);
/* The body in one piece; it stays where it is until the answer. */
struct slice body_whole(struct http_req *r);

/* --- gate.c --- */

/* Runs the operation behind its gates: key, role, limits, ids, body. */
void gate_run(struct http_req *r);

/* --- repeat.c --- */

/* Goes on with `next`, or ends the operation as a repeated one. */
flow repeat_begin(struct http_req *r, op_step *next);
/* The key that this value of Idempotency-Key means: "..." or bare. False: it is none. */
bool repeat_key(struct slice value, struct arena *a, struct slice *out_key);

/* --- reply.c --- */

void reply_op(struct http_req *r); /* as r->op ended */
/* What op->out will be answered with, for struct idem. */
struct answer;
bool reply_render(struct op *op, struct answer *to);
void reply_err(struct http_req *r, enum err err);
void reply_page(struct http_req *r, const struct page *page);
void reply_options(struct http_req *r);
/* The head lines that belong to what is answered, not to this request: they are kept with an answer (core/idem.h). */
void head_lines(const struct op *op, struct strbuf *out);
/* The whole answer to bytes that never became a request: status line, head and body. A body that is too large is
 * refused as below its target. */
struct refusal {
	enum strict_fault fault;
	struct slice target;
	const char *request_id;
};
void reply_refusal(struct http *h, const struct refusal *refusal, struct strbuf *out);
const char *reply_title(int status);

/* --- listen.c --- */

/* conn_settle(), unless the server (ctx) has gone since this was deferred. */
void http_settle(void *ctx);

struct http {
	unsigned magic;
	struct loop *loop;
	struct core *core;
	struct evhttp *ev;
	struct evhttp_bound_socket *bound;
	struct evconnlistener *listener;
	struct http_settings settings;
	struct route_tree *routes;
	struct peers *peers;
	struct conn *conns, *new_conns; /* new: linked by next only */
	struct conn **by_fd;
	int by_fd_n;
	int conn_count;
	int pending;
	size_t held; /* by all connections */
	int port;
	int spare_fd;
	bool is_draining;
	struct alarm sweep, reopen;
	struct strbuf head, body; /* of the answer that is being made */
	usec_t date_for;          /* the second that `date` names */
	char date[40];
};

#define HTTP_MAGIC 0x68747470u
#define CONN_MAGIC 0x636f6e6eu
#define REQ_MAGIC 0x72657175u

#endif
