/* What the cases of this driver share: one target, one loop, requests whose results are copied,
 * and a count of what was expected and found. */
#ifndef TESTS_FETCH_RIG_H
#define TESTS_FETCH_RIG_H

#include <stdbool.h>

#include "io/fetch.h"
#include "io/loop.h"
#include "target.h"

struct rig {
	struct loop *loop;
	struct target target;
	int waiting; /* requests under way */
	usec_t worst_gap; /* between two ticks of the loop, since rig_watch_gaps() */
	int passed, failed;
};

/* One request and, when it is done, a copy of its result. */
struct asked {
	struct fetch *handle;
	int calls;         /* of done() */
	bool early;        /* done() ran before fetch_start() had returned */
	bool is_starting;
	usec_t began, took;
	struct fetch_result r;
	char headers[FETCH_HEADERS_MAX + 1], body[FETCH_BODY_MAX + 1], detail[300];
	char url[300];
};

struct ask {
	const char *url;    /* a path: of the target's HTTP server */
	const char *method; /* NULL: POST */
	const char *body;   /* NULL: a few bytes */
	usec_t timeout;     /* 0: 5 s */
	const struct fetch_header *headers;
	int headers_count;
	const char *mail_to; /* NULL: it is no mail */
};

extern struct rig rig;

struct fetcher *rig_fetcher(int in_flight_max, bool allow_private);
void rig_ask(struct fetcher *f, const struct ask *a, struct asked *out);
/* Runs the loop until everything that was asked is done; false after `limit`. */
bool rig_wait(usec_t limit);
void rig_run(usec_t span);
void rig_watch_gaps(void);
/* Both of the above, for one request. */
void rig_get(struct fetcher *f, const char *url, struct asked *out);

void rig_check(bool fine, const char *what, const char *file, int line);
#define CHECK(fine) rig_check((fine), #fine, __FILE__, __LINE__)
#define CHECK_SAID(fine, what) rig_check((fine), (what), __FILE__, __LINE__)

void cases_responses(void);
void cases_large(void);
void cases_requests(void);
void cases_life(void);
void cases_names(void);
void cases_tls(void);
void cases_mail(void);

#endif
