/* Between the files of the hostile generator.
 *
 * Every request is made from SEED and its number alone, but for the ids of objects that exist: make_request(). The
 * wire sends it and gathers the answer, the judge decides. A kind of request is one test. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* --- make.c, body.c: what is sent --- */

struct rng {
	uint64_t state;
};
unsigned below(struct rng *r, unsigned n);
bool chance(struct rng *r, unsigned percent);
const char *one_of(struct rng *r, const char *const *list); /* NULL-terminated */

/* What may come back. The raw gate's faults end the connection and have statuses of their own. */
enum want {
	WANT_ANSWER,  /* anything that is no 5xx */
	WANT_REFUSAL, /* 4xx */
	WANT_STATUS,  /* one of request.status */
	WANT_FRAMING, /* 4xx, 501, 505, and the end of the connection */
	WANT_NOTHING  /* we close it half way */
};

struct request {
	int number, kind;
	struct strbuf raw;
	bool is_head;
	enum want want;
	int status[4];
};

struct kind {
	const char *name;
	unsigned weight;
	void (*make)(struct rng *rng, struct request *out);
};
extern const struct kind kinds[];
extern const int kinds_count;

void make_setup(uint64_t seed, const char *key);
void make_request(int number, struct request *out);
/* An id that the server has given. */
void make_knows(const char *id);

/* JSON from tables: rows of the objects of this API, each with good values; nasty is the percentage of the others. */
enum object { OBJECT_SCHEDULE, OBJECT_CHANGE, OBJECT_TASK };
struct writer {
	struct rng *rng;
	struct strbuf *out;
	unsigned nasty;
	int number;
};
void write_object(const struct writer *w, enum object which);
void write_value(const struct writer *w); /* any JSON value, a good one */
void write_deep(struct strbuf *out, unsigned depth, bool is_object);
void write_filler(struct strbuf *out, char c, size_t n);
/* Changes a few bytes. */
void mutate(struct rng *rng, struct strbuf *body);

/* --- judge.c: what came back --- */

struct reply {
	int status;
	struct strbuf raw;
	size_t head_n;      /* with the empty line */
	long long length;   /* -1: none was said */
	bool says_close;
};
/* What the answers say has been stored. */
struct stored {
	long long schedules, tasks, keys, templates;
};
extern struct stored stored;
extern int by_status[600];
#define SEEN_MOST 128
extern const char *seen_codes[SEEN_MOST]; /* of fields; NULL behind the last */

/* NULL when the answer is as it should be, else what is wrong. */
const char *judge(const struct request *q, const struct reply *r);
/* The value of a header, copied; "" when there is none. */
const char *header_of(const struct reply *r, const char *name, char *out, size_t max);

/* --- wire.c --- */

/* Sends `count` requests over `width` kept connections; false when the server has gone. report() is told about each. */
typedef void report_fn(const struct request *q, const struct reply *r, const char *wrong);
bool wire_run(int port, int first, int count, report_fn *report);
/* One request by itself; the status, 0 without an answer. */
int wire_get(int port, const char *path);

/* --- server.c: the process under test --- */

struct server {
	int pid, port;
	long rss_kb;      /* when it was last asked */
	bool is_sanitized; /* freed memory stays for a while: no bound on its size */
};
bool server_start(struct server *s);
void server_measure(struct server *s);
/* Ends it; its wait status, -1 when it did not end. */
int server_stop(struct server *s);

#endif
