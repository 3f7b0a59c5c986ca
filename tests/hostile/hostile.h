/* Between the files of the hostile generator.
 *
 * Every request is made from SEED and its number alone, but for the ids of objects that exist: make_request(). The
 * wire sends it and gathers the answer, the judge decides. A kind of request is one test. Those that ask about time are
 * sent again, each by itself: nothing they ask may hold up the event loop. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/usec.h"

/* --- draft.c, make.c, make_time.c, make_jobs.c, make_planner.c, body.c: what is sent --- */

#define RAW_MOST (40u << 20)

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
	size_t value_n; /* of validate: bytes of its longest parameter */
};

typedef void make_fn(struct rng *rng, struct request *out);
struct kind {
	const char *name;
	unsigned weight;
	make_fn *make;
	bool is_time; /* must be quick by itself */
};
extern const struct kind kinds[];
extern const int kinds_count; /* at most KINDS_MAX */
#define KINDS_MAX 128
/* make_time.c */
extern make_fn timed_bounds, timed_dates, calendar_stays, calendar_put, calendar_fields, calendar_big, calendar_paths,
	calendar_read, calendar_delete, full_lists, validate, validate_broken, phrases, phrase_bytes, previews,
	preview_fields;
/* make_jobs.c */
extern make_fn agent_stays, job_create, job_fields, job_bytes, job_change, job_act, job_read, job_paths, conditions,
	condition_values, channel_texts, agent_put, agent_fields, agent_names, chain_create, chain_fields, chain_act,
	chain_big, credentials_put, credentials_fields, channel_tests, callbacks, statistics;
/* make_planner.c */
extern make_fn action_put, action_act, action_fields, action_names, action_lists;
/* make_plans.c */
extern make_fn plan_create, plan_fields, plan_bytes, plan_patches, plan_acts, plan_lists;

/* make_keys.c */
extern make_fn key_create, key_fields, key_act, key_lists;

extern uint64_t make_seed;
void make_setup(uint64_t seed, const char *key);
void make_request(int number, struct request *out);
/* The first requests make calendars and agents that others name. */
enum { CALENDARS_STAY = 3, STAYING = 5 };
/* An id that the server has given. */
enum known {
	KNOWN_SCHEDULE, KNOWN_TASK, KNOWN_JOB, KNOWN_CHAIN, KNOWN_RUN /* JOB/runs/RUN */, KNOWN_PLAN,
	KNOWN_COUNT
};
void make_knows(enum known which, const char *id);

struct draft {
	const char *method, *version, *type, *auth;
	struct strbuf target, lines, body;
	bool has_body, is_chunked;
};
void draft_init(struct draft *d, const char *method, const char *target);
void finish(struct rng *rng, struct draft *d, struct request *out);
void wants(struct request *out, int a, int b, int c);
const char *an_id(struct rng *rng, enum known which);
bool has_ids(enum known which);

/* JSON from tables: rows of the objects of this API, each with good values; nasty is the percentage of the others. */
enum object {
	OBJECT_SCHEDULE, /* of any kind */
	OBJECT_CHANGE,
	OBJECT_TASK,
	OBJECT_CALENDAR,
	OBJECT_PREVIEW,
	OBJECT_PHRASE,
	OBJECT_JOB,
	OBJECT_JOB_CHANGE,
	OBJECT_AGENT,
	OBJECT_CHAIN,
	OBJECT_CREDENTIALS,
	OBJECT_REPORT,
	OBJECT_ACTION,
	OBJECT_PLAN,
	OBJECT_PLAN_ONCE,
	OBJECT_KEY
};
struct writer {
	struct rng *rng;
	struct strbuf *out;
	unsigned nasty;
	int number;
};
void write_object(const struct writer *w, enum object which);
void write_body(struct rng *rng, const struct request *out, struct draft *d, enum object which, unsigned nasty);
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
	usec_t took;
};
/* What the answers say has been stored. */
struct stored {
	long long schedules, tasks, keys, templates, calendars, jobs, agents, chains, actions, plans, api_keys;
};
extern struct stored stored;
extern int by_status[600];
#define SEEN_MOST 128
extern const char *seen_codes[SEEN_MOST]; /* of fields; NULL behind the last */

/* NULL when the answer is as it should be, else what is wrong. */
const char *judge(const struct request *q, const struct reply *r);
/* The same of a good answer about time: judge_time.c. */
struct cJSON;
const char *judge_time(const struct request *q, const struct cJSON *body);
/* The value of a header, copied; "" when there is none. */
const char *header_of(const struct reply *r, const char *name, char *out, size_t max);

/* --- wire.c --- */

/* Sends `count` requests over `width` kept connections; false when the server has gone. report() is told about each. */
typedef void report_fn(const struct request *q, const struct reply *r, const char *wrong);
bool wire_run(int port, int first, int count, report_fn *report);
/* Request `number` by itself. */
void wire_one(int port, int number, report_fn *report);
/* A GET by itself; the status, 0 without an answer. */
int wire_get(int port, const char *path);

/* --- server.c: the process under test --- */

struct server {
	int pid, port;
	long rss_kb;      /* when it was last asked */
	bool is_sanitized; /* freed memory stays for a while: no bound on its size */
};
bool server_start(struct server *s);
void server_measure(struct server *s);
usec_t server_cpu(const struct server *s); /* that it has used */
/* Ends it; its wait status, -1 when it did not end. */
int server_stop(struct server *s);

#endif
