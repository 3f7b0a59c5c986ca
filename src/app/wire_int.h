/* Private to wire.c, boot.c and console.c: the program's parts in one struct. */
#ifndef APP_WIRE_INT_H
#define APP_WIRE_INT_H

#include <stdbool.h>

#include "app/config.h"
#include "core/core.h"
#include "io/loop.h"

struct cluster;
struct engine;
struct fetcher;
struct http;

#define APP_MAGIC 0x61707020u
#define KEY_MAX 128

struct app {
	unsigned magic;
	const struct config *config;
	struct cluster *cluster; /* NULL: the database is somebody else's */
	struct fetcher *fetcher;
	struct fetcher *llm; /* NULL: there is no language model */
	struct fetcher *mailer; /* NULL: there is no mail server */
	struct engine *engine;
	struct http *http;
	struct core core;
	struct alarm tick, start, stop;
	char key[KEY_MAX + 1];   /* the first API key: given, or made and kept in a file; "" when there is none */
	char key_path[4200];     /* that file; "" when the key was given */
	char address[96];        /* "http://127.0.0.1:8080" */
	usec_t began, drain_until; /* clock_boot() */
	bool is_booting, is_ready, is_draining, test_clock;
	int status;
};

/* --- boot.c --- */

/* The key that is to be stored, into app->key: CARILLON_API_KEY, or with a private cluster one
 * of its own. False with a sentence. */
bool boot_find_key(struct app *app, char *why, size_t why_max);
/* Stores the key; done(app, true) when it is stored (or there is none), done(app, false) when it
 * was not possible. */
void boot_store_key(struct app *app, void (*done)(struct app *app, bool is_stored));
/* What to try now: for people, on stderr. */
void boot_welcome(const struct app *app);

/* --- secret_key.c --- */

/* CARILLON_SECRET_KEY_FILE's key into app->core.secret_key, else secret.key of the data directory, made when there is
 * none. False with a sentence when the named file is no good; one of our own that cannot be had is logged, and
 * channels go without credentials. */
bool boot_find_secret_key(struct app *app, char *why, size_t why_max);

/* --- console.c, test builds only --- */

/* Lines on stdin: "clock 2030-01-31T09:00:00Z", "advance PT1M", "fail cp3=kill@1"; each is
 * answered on stdout, with "clock ok" or "clock error: ...". The end of stdin ends nothing. */
void console_start(struct app *app);
void console_free(void);

#endif
