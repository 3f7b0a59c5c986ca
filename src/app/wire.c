/* Everything that serves, made in order and taken down in the opposite one. */
#include "app/wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "api/auth.h"
#include "api/echo.h"
#include "api/ops.h"
#include "api/planner.h"
#include "api/scheduler.h"
#include "api/taskhook.h"
#include "app/cluster.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "core/activity.h"
#include "core/key_use.h"
#include "engine/engine.h"
#include "http/listen.h"
#include "io/fetch.h"
#include "io/migrate.h"
#include "sql.h"
#include "when/tz.h"
#include "wire_int.h"

#define DATABASE_PATIENCE 30 /* seconds to wait for PostgreSQL at the start */
#define DRAIN_PATIENCE (25 * SEC)
#define ANSWER_PATIENCE (2 * SEC) /* for requests that are under way when the engine has drained */
#define TICK SEC
#define START_POLL (10 * MSEC)
#define START_AGAIN (500 * MSEC)
#define DELIVERIES_MAX 4096
#define LLM_REQUESTS_MAX 32
#define MAILS_MAX 64
#define CONNECTIONS_MAX 8192
#define WHY_BYTES 512

/* The last one is only there with the private database. */
static const struct dialect *const dialects[] = {
	&taskhook, &scheduler, &scheduler_agents, &scheduler_channels, &planner, &auth, &echo
};
#define DIALECTS (int)(sizeof(dialects) / sizeof(dialects[0]))

/* --- the process --- */

/* Descriptors are connections: as many as the system lets us have. Returns how many. */
static int raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1u << 20)
		return 1 << 20;
	return (int)limit.rlim_cur;
}

static void settle_process(const struct config *c, bool test_clock)
{
	bool json = c->log == CONFIG_LOG_JSON
		 || (c->log == CONFIG_LOG_AUTO && !isatty(STDERR_FILENO));

	log_setup(json, (enum log_level)c->log_level);
	(void)signal(SIGPIPE, SIG_IGN);
#ifdef CARILLON_TEST
	if (getenv("CARILLON_TEST_FAULTS"))
		fault_setup(getenv("CARILLON_TEST_FAULTS"));
	if (test_clock)
		clock_set(clock_real());
#else
	(void)test_clock;
	/* Keys and secrets are in memory: no core files, no tracing by others of the same user. */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static bool refuse(const char *why)
{
	log_flush();
	(void)fprintf(stderr, "carillon: %s\n", why);
	return false;
}

/* --- readiness --- */

static bool has_started(void *ctx, char *detail, size_t detail_max)
{
	const struct app *app = ctx;

	(void)detail;
	(void)detail_max;
	return app->is_ready;
}

static bool has_database(void *ctx, char *detail, size_t detail_max)
{
	const struct app *app = ctx;

	if (db_ready(app->core.db))
		return true;
	(void)snprintf(detail, detail_max, "not every connection is up");
	return false;
}

static bool has_lease(void *ctx, char *detail, size_t detail_max)
{
	const struct app *app = ctx;

	if (engine_is_ready(app->engine))
		return true;
	(void)snprintf(detail, detail_max, "this process has no confirmed lease");
	return false;
}

static bool has_zones(void *ctx, char *detail, size_t detail_max)
{
	const struct app *app = ctx;
	const char *version = tz_db_version(app->core.zones);

	(void)snprintf(detail, detail_max, "%s", version);
	return strcmp(version, "unknown") != 0
	    || tz_find(app->core.zones, SLICE_LIT("Europe/London"));
}

static bool is_staying(void *ctx, char *detail, size_t detail_max)
{
	const struct app *app = ctx;

	if (app->is_draining)
		(void)snprintf(detail, detail_max, "shutting down");
	return !app->is_draining;
}

static struct ops_check checks[] = {
	{ "started", has_started, NULL },     { "database", has_database, NULL },
	{ "engine", has_lease, NULL },        { "time_zones", has_zones, NULL },
	{ "not_draining", is_staying, NULL },
};
#define CHECKS (int)(sizeof(checks) / sizeof(checks[0]))

/* --- the start --- */

static void tick(void *ctx)
{
	struct app *app = ctx;
	const char *warning;

	CHECK_MAGIC(app, APP_MAGIC);
	loop_enter(app->core.loop, "app.tick");
	log_pump();
	warning = app->cluster ? cluster_check(app->cluster) : NULL;
	if (warning)
		log_event(LOG_WARN, "cluster", LOG_STR("what", warning));
	alarm_in(&app->tick, TICK);
}

static void on_child(void *ctx, int signo)
{
	struct app *app = ctx;
	const char *warning;

	(void)signo;
	CHECK_MAGIC(app, APP_MAGIC);
	warning = app->cluster ? cluster_check(app->cluster) : NULL;
	if (warning)
		log_event(LOG_WARN, "cluster", LOG_STR("what", warning));
}

static void ready(struct app *app, bool is_stored)
{
	CHECK_MAGIC(app, APP_MAGIC);
	app->is_booting = false;
	if (!is_stored) {
		alarm_in(&app->start, START_AGAIN);
		return;
	}
	app->is_ready = true;
	(void)printf("carillon ready on %s\n", app->address);
	(void)fflush(stdout);
	log_event(LOG_INFO, "ready", LOG_STR("address", app->address));
	boot_welcome(app);
}

/* Looks until the database is there and the engine has its lease, then stores the key. */
static void start(void *ctx)
{
	struct app *app = ctx;

	CHECK_MAGIC(app, APP_MAGIC);
	if (app->is_draining || app->is_booting)
		return;
	if (!db_ready(app->core.db) || !engine_is_ready(app->engine)) {
		alarm_in(&app->start, START_POLL);
		return;
	}
	app->is_booting = true;
	boot_store_key(app, ready);
}

static bool start_database(struct app *app, const char **out_url)
{
	char why[WHY_BYTES];
	int applied = 0;

	*out_url = app->config->database_url;
	if (!*out_url) {
		app->cluster = cluster_start(app->config->data_dir, why, sizeof(why));
		if (!app->cluster)
			return refuse(why);
		*out_url = cluster_url(app->cluster);
	}
	if (!migrate_up(*out_url, DATABASE_PATIENCE, &applied, why, sizeof(why)))
		return refuse(why);
	if (applied)
		log_event(LOG_INFO, "migrated", LOG_INT("migrations", applied));
	return (boot_find_key(app, why, sizeof(why)) && boot_find_secret_key(app, why, sizeof(why)))
	    || refuse(why);
}

static bool is_every_address(const char *address)
{
	return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

static bool start_http(struct app *app, int descriptors)
{
	struct http_settings s = {
		.address = app->config->address,
		.port = app->config->port,
		.connections_max = descriptors / 2 < CONNECTIONS_MAX ? descriptors / 2
								     : CONNECTIONS_MAX,
		.header_deadline = 10 * SEC,
		.body_deadline = 30 * SEC,
		.idle_timeout = 60 * SEC,
	};
	const char *shown = app->config->address;
	int count = app->cluster ? DIALECTS : DIALECTS - 1;
	char why[WHY_BYTES];

	s.connections_per_address_max = s.connections_max;
	app->http = http_new(app->core.loop, &app->core, dialects, count);
	for (int i = 0; i < CHECKS; i++)
		checks[i].ctx = app;
	ops_add_pages(app->http, checks, CHECKS, dialects, count);
	if (!http_listen(app->http, &s, why, sizeof(why)))
		return refuse(why);
	if (is_every_address(shown))
		shown = "127.0.0.1";
	(void)snprintf(app->address, sizeof(app->address),
		       strchr(shown, ':') ? "http://[%s]:%d" : "http://%s:%d", shown,
		       http_port(app->http));
	return true;
}

/* A setting that is not set is fine. */
static bool is_url(const char *setting, const char *url)
{
	const char *fault = url ? fetch_url_check(slice_of(url), true) : NULL;
	char why[WHY_BYTES];

	if (fault)
		(void)snprintf(why, sizeof(why), "%s: %s", setting, fault);
	return !fault || refuse(why);
}

/* A fetcher of its own: the model may be on this machine, and must not take deliveries' places. */
static bool find_llm(struct app *app)
{
	const struct config *c = app->config;
	struct fetcher_limits limits = { .in_flight_max = LLM_REQUESTS_MAX, .allow_private = true };

	if (!c->llm_url)
		return true;
	if (!is_url("CARILLON_LLM_URL", c->llm_url))
		return false;
	app->llm = fetcher_new(app->core.loop, &limits);
	app->core.llm = app->llm;
	app->core.llm_url = c->llm_url;
	app->core.llm_model = c->llm_model;
	app->core.llm_key = c->llm_key;
	return true;
}

/* Likewise for the mail server, which may be on this machine too. */
static bool find_mailer(struct app *app)
{
	const struct config *c = app->config;
	struct fetcher_limits limits = { .in_flight_max = MAILS_MAX, .allow_private = true };
	char why[WHY_BYTES];
	const char *fault;

	app->core.targets = app->fetcher;
	if (!c->smtp_url)
		return true;
	fault = fetch_mail_url_check(slice_of(c->smtp_url), true);
	if (!fault && !c->smtp_from)
		fault = "CARILLON_SMTP_FROM must say who the sender is";
	if (fault) {
		(void)snprintf(why, sizeof(why), "CARILLON_SMTP_URL: %s", fault);
		return refuse(why);
	}
	app->mailer = fetcher_new(app->core.loop, &limits);
	app->core.mailer = app->mailer;
	app->core.smtp_url = c->smtp_url;
	app->core.smtp_from = c->smtp_from;
	return true;
}

/* Its own address, unless that is every address: which one agents see is not known. */
static void find_public_url(struct app *app)
{
	app->core.public_url = app->address;
	if (is_every_address(app->config->address))
		log_event(LOG_WARN, "public_url.guessed", LOG_STR("callbacks_go_to", app->address),
			  LOG_STR("advice",
				  "set CARILLON_PUBLIC_URL to where agents reach this server; "
				  "agents on other machines cannot report to this one"));
}

static bool build(struct app *app)
{
	const struct config *c = app->config;
	int descriptors = raise_descriptors();
	struct fetcher_limits limits = { .in_flight_max = DELIVERIES_MAX,
					 .allow_private = c->allow_private };
	const char *url;

	if (!is_url("CARILLON_PUBLIC_URL", c->public_url)
	    || !is_url("CARILLON_DEFAULT_AGENT_URL", c->default_agent_url))
		return false;
	if (descriptors / 4 < DELIVERIES_MAX)
		limits.in_flight_max = descriptors / 4;
	if (!start_database(app, &url))
		return false;
	app->core.zones_dir = getenv("TZDIR");
	app->core.zones = tz_db_new(app->core.zones_dir);
	app->core.loop = loop_new();
	app->core.db = db_new(app->core.loop, url, db_stmts, SQL_COUNT);
	app->core.lookahead = c->lookahead * SEC;
	app->core.catchup_window = c->catchup_window * SEC;
	app->core.retention_days = (int)c->retention_days;
	app->core.audit_days = (int)c->audit_days;
	app->core.auth_failures_max = (int32_t)c->auth_failures;
	app->core.limits = (struct limits){ .requests = (int32_t)c->request_rate,
					    .schedules = c->quota_schedules,
					    .min_interval = c->quota_min_interval * SEC,
					    .payload_max = (int32_t)c->quota_payload };
	app->core.allow_private = c->allow_private;
	app->core.default_agent_url = c->default_agent_url;
	app->core.public_url = c->public_url;
	core_init(&app->core);
	app->fetcher = fetcher_new(app->core.loop, &limits);
	app->engine = engine_new(&app->core, app->fetcher);
	if (!find_llm(app) || !find_mailer(app) || !start_http(app, descriptors))
		return false;
	if (!app->core.public_url)
		find_public_url(app);
	return true;
}

/* --- the end --- */

static void look_for_end(void *ctx)
{
	struct app *app = ctx;

	CHECK_MAGIC(app, APP_MAGIC);
	activity_flush(&app->core);
	key_use_flush(&app->core);
	if ((http_pending(app->http) > 0 || activity_pending(&app->core) > 0
	     || key_use_pending(&app->core) > 0)
	    && clock_boot() < app->drain_until) {
		alarm_in(&app->stop, START_POLL);
		return;
	}
	loop_stop(app->core.loop);
}

static void engine_drained(void *ctx)
{
	struct app *app = ctx;

	CHECK_MAGIC(app, APP_MAGIC);
	app->drain_until = clock_boot() + ANSWER_PATIENCE;
	http_drain(app->http);
	look_for_end(app);
}

static void on_signal(void *ctx, int signo)
{
	struct app *app = ctx;

	CHECK_MAGIC(app, APP_MAGIC);
	if (app->is_draining) {
		log_event(LOG_WARN, "stopped_at_once", LOG_STR("signal", strsignal(signo)));
		app->status = 1;
		loop_stop(app->core.loop);
		return;
	}
	log_event(LOG_INFO, "shutting_down", LOG_STR("signal", strsignal(signo)));
	app->is_draining = true;
	app->core.draining = true;
	engine_drain(app->engine, DRAIN_PATIENCE, engine_drained, app);
}

/* Only an orderly end frees: what is still under way would come back to what is gone. Else the
 * process just ends, as it may at any time. */
static bool is_idle(const struct app *app)
{
	return app->status == 0 && !app->is_booting && http_pending(app->http) == 0
	    && fetcher_in_flight(app->fetcher) == 0
	    && (!app->llm || fetcher_in_flight(app->llm) == 0);
}

static void take_down(struct app *app)
{
	if (is_idle(app)) {
		console_free();
		http_free(app->http);
		engine_free(app->engine);
		fetcher_free(app->fetcher);
		if (app->llm)
			fetcher_free(app->llm);
		if (app->mailer)
			fetcher_free(app->mailer);
		db_free(app->core.db);
		core_release(&app->core);
		alarm_release(&app->tick);
		alarm_release(&app->start);
		alarm_release(&app->stop);
		loop_free(app->core.loop);
		tz_db_free(app->core.zones);
	}
	cluster_stop(app->cluster);
	log_flush();
}

int serve_run(const struct config *c, bool test_clock)
{
	static struct app app;

	app = (struct app){
		.magic = APP_MAGIC, .config = c, .test_clock = test_clock, .began = clock_boot()
	};
	settle_process(c, test_clock);
	if (!build(&app)) {
		cluster_stop(app.cluster);
		return 1;
	}
	alarm_init(&app.tick, app.core.loop, tick, &app);
	alarm_init(&app.start, app.core.loop, start, &app);
	alarm_init(&app.stop, app.core.loop, look_for_end, &app);
	loop_on_signal(app.core.loop, SIGTERM, on_signal, &app);
	loop_on_signal(app.core.loop, SIGINT, on_signal, &app);
	if (app.cluster)
		loop_on_signal(app.core.loop, SIGCHLD, on_child, &app);
	if (test_clock)
		console_start(&app);
	engine_start(app.engine);
	tick(&app);
	start(&app);
	loop_run(app.core.loop);
	take_down(&app);
	return app.status;
}
