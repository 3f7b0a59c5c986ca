/* The first key: without one nobody could ask for anything. With a private PostgreSQL it is made
 * here once and kept beside the data, so that `make run` is ready to use. */
#include "wire_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cluster.h"
#include "app/wire.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "core/key_own.h"
#include "core/key_text.h"
#include "core/op.h"
#include "store/agent_run.h"
#include "store/tenant.h"

#define TENANT "default"

/* --- making and keeping it --- */

/* 1 read, 0 there is none, -1 with the reason. */
static int read_key(struct app *app, char *why, size_t why_max)
{
	int fd = open(app->key_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return 0;
	n = fd < 0 ? -1 : read(fd, app->key, KEY_MAX);
	if (fd >= 0)
		(void)close(fd);
	while (n > 0 && strchr(" \t\r\n", app->key[n - 1]))
		n--;
	if (n < 16) {
		(void)snprintf(why, why_max, "%s cannot be read or holds no key.", app->key_path);
		return -1;
	}
	app->key[n] = '\0';
	return 1;
}

/* Made aside and renamed: there is never half a key. */
static bool write_key(const struct app *app, char *why, size_t why_max)
{
	char path[sizeof(app->key_path) + 4];
	size_t n = strlen(app->key);
	bool is_written;
	int fd;

	(void)snprintf(path, sizeof(path), "%s.tmp", app->key_path);
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	is_written = fd >= 0 && write(fd, app->key, n) == (ssize_t)n && write(fd, "\n", 1) == 1
		  && fsync(fd) == 0;
	if (fd >= 0)
		is_written &= close(fd) == 0;
	if (is_written && rename(path, app->key_path) == 0)
		return true;
	(void)snprintf(why, why_max, "The API key cannot be kept in %s: %s.", app->key_path,
		       strerror(errno));
	return false;
}

bool boot_find_key(struct app *app, char *why, size_t why_max)
{
	int found;

	if (app->config->api_key) {
		if (strlen(app->config->api_key) > KEY_MAX) {
			(void)snprintf(why, why_max,
				       "CARILLON_API_KEY has more than %d characters.", KEY_MAX);
			return false;
		}
		if (key_text_check(slice_of(app->config->api_key)) == KEY_TEXT_BAD) {
			(void)snprintf(
				why, why_max,
				"CARILLON_API_KEY begins with " KEY_PREFIX
				" but is not a key that Carillon made: its last %d characters "
				"do not fit the others.",
				KEY_CHECK);
			return false;
		}
		memcpy(app->key, app->config->api_key, strlen(app->config->api_key) + 1);
		return true;
	}
	if (!app->cluster)
		return true;
	(void)snprintf(app->key_path, sizeof(app->key_path), "%s/api_key",
		       cluster_data_dir(app->cluster));
	found = read_key(app, why, why_max);
	if (found)
		return found > 0;
	key_text_make(app->key);
	return write_key(app, why, why_max);
}

/* --- storing it --- */

struct boot {
	struct op op;
	struct app *app;
	void (*done)(struct app *app, bool is_stored);
};

static flow store_key(struct op *op)
{
	const struct boot *b = op->finish_ctx;
	struct slice *key = arena_make(op->arena, struct slice);

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_INTERNAL);
	op->who.tenant = store_tenant_ensured(op->unit, 0);
	op->who.bucket = id_bucket(op->who.tenant);
	*key = slice_of(b->app->key);
	op->in = key;
	return key_own_ensure(op);
}

static op_step store_tenant;

/* The key of the agents' addresses: the first process on a database makes it. */
static flow instance_read(struct op *op)
{
	struct core *core = op->core;
	struct slice key;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_INTERNAL);
	key = store_instance_got(op->unit, 0);
	if (key.n != sizeof core->callback_key)
		return op_fail(op, ERR_INTERNAL, "The instance row is damaged.");
	memcpy(core->callback_key, key.p, key.n);
	core->has_callback_key = true;
	return store_tenant(op);
}

static flow store_instance_key(struct op *op)
{
	char *key = arena_alloc(op->arena, sizeof op->core->callback_key);

	crypto_random(key, sizeof op->core->callback_key);
	store_instance(op_unit(op, LANE_WRITE),
		       (struct slice){ key, sizeof op->core->callback_key }, op->now);
	return op_db(op, instance_read);
}

static flow store_tenant(struct op *op)
{
	const struct boot *b = op->finish_ctx;

	if (!b->app->key[0])
		return op_ok(op, NULL);
	store_tenant_ensure(op_unit(op, LANE_WRITE), TENANT, op->now);
	return op_db(op, store_key);
}

static void finish(struct op *op)
{
	struct boot *b = op->finish_ctx;
	struct app *app = b->app;
	void (*done)(struct app *, bool) = b->done;
	bool is_stored = op->err == ERR_NONE;

	if (!is_stored)
		log_event(LOG_WARN, "boot.keys_not_stored", LOG_STR("code", err_code(op->err)),
			  LOG_STR("why", op->detail ? op->detail : err_text(op->err)));
	arena_free(op->arena);
	done(app, is_stored);
}

void boot_store_key(struct app *app, void (*done)(struct app *app, bool is_stored))
{
	struct arena *arena = arena_new();
	struct boot *b = arena_make(arena, struct boot);

	b->app = app;
	b->done = done;
	op_init(&b->op, &app->core, arena);
	b->op.finish = finish;
	b->op.finish_ctx = b;
	op_run(&b->op, store_instance_key);
}

/* --- the welcome --- */

void boot_welcome(const struct app *app)
{
	char secret[sizeof(app->key_path) + 16];
	bool is_terminal = isatty(STDERR_FILENO);

	if (!app->cluster)
		return;
	if (app->key_path[0])
		(void)snprintf(secret, sizeof(secret), "$(cat '%s')", app->key_path);
	else
		(void)snprintf(secret, sizeof(secret), "$CARILLON_API_KEY");
	log_flush();
	(void)fprintf(stderr, "\nCarillon %s, ready in %.1f s\n", CARILLON_VERSION,
		      (double)(clock_boot() - app->began) / SEC);
	(void)fprintf(stderr, "  database  private PostgreSQL %d in %s%s\n",
		      cluster_version(app->cluster), cluster_data_dir(app->cluster),
		      cluster_is_new(app->cluster) ? " (new)" : "");
	(void)fprintf(stderr, "  API       %s/v1, described by %s/openapi.json\n", app->address,
		      app->address);
	if (app->key_path[0] && is_terminal)
		(void)fprintf(stderr, "  API key   %s (kept in %s)\n", app->key, app->key_path);
	else if (app->key_path[0])
		(void)fprintf(stderr, "  API key   in %s\n", app->key_path);
	if (!app->config->allow_private) {
		(void)fprintf(
			stderr,
			"  (CARILLON_ALLOW_PRIVATE_TARGETS=1, as `make run` sets it, lets you try deliveries "
			"to this machine)\n\n");
		return;
	}
	(void)fprintf(
		stderr,
		"\nTry it: this calls the built-in echo every 10 seconds, and each delivery shows up here.\n"
		"  curl -sS %s/v1/schedules -H \"Authorization: Bearer %s\" -H 'Content-Type: application/json' "
		"-d '{\"cron\":\"*/10 * * * * *\",\"timezone\":\"UTC\",\"task_template\":{\"target\":"
		"\"%s/echo/demo\",\"payload\":{\"hello\":\"world\"}}}'\n\n",
		app->address, secret, app->address);
}
