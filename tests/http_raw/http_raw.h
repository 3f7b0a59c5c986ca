/* The server under test in a child process, and a client that speaks bytes. */
#ifndef HTTP_RAW_H
#define HTTP_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "http/listen.h"

/* --- rig.c: a tiny dialect behind the real http layer --- */

#define KEY_VIEWER "Authorization: Bearer viewer-key\r\n"
#define KEY_EDITOR "Authorization: Bearer editor-key\r\n"

struct server {
	pid_t pid;
	int port;
};

/* The settings that tests start from: short deadlines, so that nothing takes long. */
struct http_settings rig_settings(void);
/* files_max: RLIMIT_NOFILE of the child beyond what it has open, 0: as it is. */
struct server rig_start(const struct http_settings *s, int files_max);
void rig_drain(const struct server *s); /* http_drain(); returns when it has been called */
/* Ends it in order: drained, nothing pending, all freed. False when it did not go well. */
bool rig_stop(struct server *s);
double rig_cpu_seconds(const struct server *s);

/* --- wire.c: the client --- */

struct reply {
	int status;          /* 0: the connection ended without one; -1: what came is no answer */
	char head[4096];
	char *body;          /* free() */
	size_t body_bytes;
	bool closes;         /* it says Connection: close */
};

int wire_open(const struct server *s);
bool wire_send(int fd, const void *bytes, size_t n);
/* One answer, waiting at most `ms`. */
struct reply wire_read(int fd, bool is_head, int ms);
/* Nothing but the end of the connection comes. */
bool wire_ends(int fd, int ms);
/* The value of a header, or NULL; in a static buffer. */
const char *wire_header(const struct reply *r, const char *name);
/* open, send, one answer, close */
struct reply wire_ask(const struct server *s, const char *text);

/* --- checks, counted --- */

extern int passed, failed;
void check_that(bool claim, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
#define CHECK(claim, ...) check_that((claim), __LINE__, __VA_ARGS__)

void framing_tests(void); /* framing.c: the table */
void routes_tests(void);  /* routes.c: keys, methods, bodies, queries */
void life_tests(void);    /* life.c: connections, deadlines, drain */

#endif
