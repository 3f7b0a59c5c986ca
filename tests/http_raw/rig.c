/* A tiny dialect. Only the database and the key table are missing: auth_check() is replaced
 * here. */
#include "http_raw.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "core/auth.h"
#include "core/core.h"
#include "core/core_int.h"
#include "http/types.h"
#include "io/loop.h"

flow auth_check(struct op *op, struct slice key, op_step *next)
{
	op->who.role = slice_is(key, "editor-key") ? ROLE_EDITOR
		     : slice_is(key, "viewer-key") ? ROLE_VIEWER
						   : ROLE_NONE;
	return op->who.role == ROLE_NONE ? op_fail(op, ERR_UNAUTHORIZED, NULL) : next(op);
}

/* --- the dialect --- */

struct item {
	struct slice name;
	int64_t count;
	struct uuid id;
	usec_t at;
};
static const char *const item_prefix[] = { "item", NULL };
static const struct field item_rows[] = {
	F_STR(item, name, "name", .flags = FIELD_NEEDED, .max = 20000000),
	F_INT(item, count, "count", .min = 0, .max = 100),
	F_INSTANT(item, at, "at", .flags = FIELD_OPTIONAL),
};
static const struct field shown_rows[] = {
	F_STR(item, name, "name"),
	F_INT(item, count, "count"),
	F_ID(item, id, "id", item_prefix, .flags = FIELD_OPTIONAL),
};

struct query {
	int64_t limit;
	bool full;
	struct slice name;
};
static const struct field query_rows[] = {
	F_INT(query, limit, "limit", .min = 1, .max = 2000000),
	F_BOOL(query, full, "full"),
	F_STR(query, name, "name"),
};
static const struct shape item_in = SHAPE(item, "ItemNew", item_rows, .present = NO_PRESENT);
static const struct shape item_out = SHAPE(item, "Item", shown_rows, .present = NO_PRESENT);
static const struct shape query_in = SHAPE(query, "Query", query_rows, .present = NO_PRESENT);

static flow show(struct op *op, struct slice name, int64_t count)
{
	struct item *i = arena_make(op->arena, struct item);

	i->name = name;
	i->count = count;
	i->id = op->ids[0];
	return op_ok(op, i);
}

static flow items_list(struct op *op)
{
	const struct query *q = op->in;
	struct json_list *list = arena_make(op->arena, struct json_list);
	struct item *items = arena_array(op->arena, struct item, 2);

	items[0].name = q->name.p ? q->name : SLICE_LIT("first");
	items[1].name = SLICE_LIT("second");
	items[1].count = q->limit;
	*list = (struct json_list){ items, 2 };
	op->out_is_list = true;
	return op_ok(op, list);
}

static flow item_new(struct op *op)
{
	const struct item *in = op->in;

	if (op->in_list)
		return show(op, SLICE_LIT("list"), (int64_t)op->in_list->n);
	if (slice_is(in->name, "taken")) {
		op->existing = "item_existing";
		return op_fail(op, ERR_DUPLICATE, NULL);
	}
	return show(op, in->name.n > 100 ? SLICE_LIT("long") : in->name, in->count);
}

static flow item_get(struct op *op)
{
	return show(op, SLICE_LIT("got"), 1);
}

static flow item_drop(struct op *op)
{
	return op_ok(op, NULL);
}

/* Between the operation and its answer. */
static void view(struct op *op)
{
	struct item *i = arena_make(op->arena, struct item);

	i->name = SLICE_LIT("viewed");
	op->out = i;
}

/* What no single parameter shows. */
static void check_query(struct op *op)
{
	const struct query *q = op->in;

	if (q->full && q->limit > 10)
		json_fault(&op->faults, "full", "too_much", "This many cannot be had in full.");
}

static flow raw(struct op *op)
{
	const struct route_raw *in = op->in;

	return show(op, in->params[0], (int64_t)in->body.n);
}

static flow fails(struct op *op)
{
	return op_fail(op, ERR_INTERNAL, NULL);
}

static flow busy(struct op *op)
{
	return op_fail(op, ERR_BUSY, NULL);
}

static flow large(struct op *op)
{
	const struct query *q = op->in;
	size_t n = (size_t)q->limit;
	char *text = arena_alloc(op->arena, n + 1);

	memset(text, 'x', n);
	return show(op, (struct slice){ text, n }, 0);
}

/* Waits until somebody asks for /t/release. */
static struct op *held[16];
static int held_n;

static flow hold(struct op *op)
{
	ASSERT(held_n < 16);
	held[held_n++] = op;
	return op_wait(op, item_get);
}

static void resume_one(void *ctx)
{
	op_resume(ctx);
}

static flow release(struct op *op)
{
	int n = held_n;

	while (held_n)
		loop_defer(op->core->loop, resume_one, held[--held_n]);
	return show(op, SLICE_LIT("released"), n);
}

static flow count_held(struct op *op)
{
	return show(op, SLICE_LIT("held"), held_n);
}

#define ROW(method, path, role, in, run, out, status, flags, id)                                 \
	{                                                                                        \
		METHOD_##method, path, role, in, run, out, status, flags, { id }, "", NULL, NULL \
	}
#define OPEN(path, in, run) ROW(GET, path, ROLE_NONE, in, run, &item_out, 200, ROUTE_OPEN, NULL)
static const struct route tiny_routes[] = {
	ROW(GET, "/t/items", ROLE_VIEWER, &query_in, items_list, &item_out, 200, 0, NULL),
	ROW(POST, "/t/items", ROLE_EDITOR, &item_in, item_new, &item_out, 201, ROUTE_LIST, NULL),
	ROW(GET, "/t/items/special", ROLE_VIEWER, NULL, item_get, &item_out, 200, 0, NULL),
	ROW(GET, "/t/items/{id}", ROLE_VIEWER, NULL, item_get, &item_out, 200, 0, "item"),
	ROW(PATCH, "/t/items/{id}", ROLE_EDITOR, &item_in, item_new, &item_out, 200, 0, "item"),
	ROW(PUT, "/t/items/{id}", ROLE_EDITOR, &item_in, item_new, &item_out, 200, 0, "item"),
	ROW(DELETE, "/t/items/{id}", ROLE_EDITOR, NULL, item_drop, NULL, 204, 0, "item"),
	ROW(POST, "/t/small", ROLE_EDITOR, &item_in, item_new, &item_out, 201, 0, NULL),
	ROW(POST, "/t/poke", ROLE_EDITOR, NULL, item_get, &item_out, 200, 0, NULL),
	OPEN("/t/open", NULL, item_get),
	OPEN("/t/fail", NULL, fails),
	OPEN("/t/busy", NULL, busy),
	OPEN("/t/large", &query_in, large),
	OPEN("/t/hold", NULL, hold),
	OPEN("/t/held", NULL, count_held),
	OPEN("/t/release", NULL, release),
	{ .path = "/t/viewed",
	  .run = item_get,
	  .out = &item_out,
	  .status = 200,
	  .flags = ROUTE_OPEN,
	  .view = view },
	{ .path = "/t/checked",
	  .in = &query_in,
	  .run = items_list,
	  .out = &item_out,
	  .status = 200,
	  .flags = ROUTE_OPEN,
	  .check = check_query },
	{ .method = METHOD_POST,
	  .path = "/t/raw/{any}",
	  .run = raw,
	  .out = &item_out,
	  .status = 200,
	  .flags = ROUTE_OPEN | ROUTE_RAW,
	  .ids = { "any" } },
};
static const struct dialect tiny = {
	.name = "tiny",
	.base = "/t",
	.routes = tiny_routes,
	.count = sizeof(tiny_routes) / sizeof(tiny_routes[0]),
	.fault_type = "application/problem+json",
	.fault = problem_print,
};

/* Another one, whose error bodies look different, and which takes keys in the query. */
static void other_fault(const struct problem *p, struct strbuf *out)
{
	strbuf_addf(out, "{\"error\":\"%s\",\"status\":%d}", err_code(p->err), p->status);
}

static const struct route other_routes[] = {
	ROW(GET, "/other/items", ROLE_VIEWER, &query_in, items_list, &item_out, 200, 0, NULL),
};
static const struct dialect other = {
	.name = "other",
	.base = "/other",
	.routes = other_routes,
	.count = 1,
	.flags = ROUTE_QUERY_KEY,
	.fault_type = "application/json",
	.fault = other_fault,
};

static int print_live(void *ctx, bool verbose, struct strbuf *out)
{
	(void)ctx;
	strbuf_adds(out, verbose ? "alive, and more" : "alive");
	return 200;
}

static const struct page live = { "/livez", print_live, "text/plain; charset=utf-8", NULL };
static const struct page home = { "/", print_live, "text/html; charset=utf-8", NULL };

/* --- the child --- */

struct rig {
	struct loop *loop;
	struct core core;
	struct http *http;
	struct alarm poll;
	int told; /* the pipe to the parent */
};

static void end_when_idle(void *ctx)
{
	struct rig *rig = ctx;

	if (http_pending(rig->http) == 0)
		loop_stop(rig->loop);
	else
		alarm_in(&rig->poll, 5 * MSEC);
}

static void got_signal(void *ctx, int signo)
{
	struct rig *rig = ctx;

	http_drain(rig->http);
	if (signo == SIGHUP)
		ASSERT(write(rig->told, "d", 1) == 1);
	else
		end_when_idle(rig);
}

static int open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	ASSERT(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 3;
}

static void serve(const struct http_settings *s, int files_max, int told)
{
	static const struct dialect *const dialects[] = { &tiny, &other };
	struct rig rig = { .told = told };
	char why[200] = "", port[16];

	log_setup(false, LOG_ERROR);
	rig.loop = loop_new();
	rig.core.loop = rig.loop;
	rig.http = http_new(rig.loop, &rig.core, dialects, 2);
	http_add_page(rig.http, &live);
	http_add_page(rig.http, &home);
	alarm_init(&rig.poll, rig.loop, end_when_idle, &rig);
	if (!http_listen(rig.http, s, why, sizeof(why)))
		die("%s", why);
	loop_on_signal(rig.loop, SIGTERM, got_signal, &rig);
	loop_on_signal(rig.loop, SIGHUP, got_signal, &rig);
	if (files_max) {
		struct rlimit limit = { 0 };

		limit.rlim_cur = limit.rlim_max = (rlim_t)(open_files() + files_max);
		ASSERT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	}
	snprintf(port, sizeof(port), "%d\n", http_port(rig.http));
	ASSERT(write(told, port, strlen(port)) > 0);
	loop_run(rig.loop);
	http_free(rig.http);
	alarm_release(&rig.poll);
	loop_free(rig.loop);
	log_flush();
	exit(0);
}

/* --- the parent's side --- */

static int told_by_child = -1;

struct http_settings rig_settings(void)
{
	return (struct http_settings){
		.address = "127.0.0.1",
		.port = 0,
		.connections_max = 500,
		.connections_per_address_max = 400,
		.header_deadline = 10 * SEC,
		.body_deadline = 10 * SEC,
		.idle_timeout = 30 * SEC,
	};
}

struct server rig_start(const struct http_settings *s, int files_max)
{
	struct server server = { 0 };
	char text[16] = "";
	int pipes[2];

	ASSERT(pipe(pipes) == 0);
	fflush(stdout);
	server.pid = fork();
	ASSERT(server.pid >= 0);
	if (server.pid == 0) {
		close(pipes[0]);
		serve(s, files_max, pipes[1]);
	}
	close(pipes[1]);
	if (told_by_child >= 0)
		close(told_by_child);
	told_by_child = pipes[0];
	ASSERT(read(told_by_child, text, sizeof(text) - 1) > 0);
	server.port = (int)strtol(text, NULL, 10);
	return server;
}

void rig_drain(const struct server *s)
{
	char c;

	ASSERT(kill(s->pid, SIGHUP) == 0);
	ASSERT(read(told_by_child, &c, 1) == 1);
}

bool rig_stop(struct server *s)
{
	int status = -1;

	ASSERT(kill(s->pid, SIGTERM) == 0);
	ASSERT(waitpid(s->pid, &status, 0) == s->pid);
	s->pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

double rig_cpu_seconds(const struct server *s)
{
	char path[64], text[512] = "";
	unsigned long user = 0, system = 0;
	const char *at;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)s->pid);
	f = fopen(path, "r");
	ASSERT(f);
	ASSERT(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	at = strrchr(text, ')');
	ASSERT(at);
	ASSERT(sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		      &system)
	       == 2);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}
