/* One delivery: body, headers, signature, transfer, and what its end means (CONTRACT.md 7).
 *
 * 2xx is success. Anything else is a failed attempt; it is tried again by the run's own policy,
 * later if a 429 or 503 asked for it (Retry-After), never after a 410, and not when the run
 * would have expired by then. */
#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "core/retry.h"
#include "core/run.h"
#include "engine/engine_int.h"
#include "store/engine.h"
#include "when/stamp.h"

#define BUSY_AGAIN (20 * MSEC)
#define HEADERS_OWN 12

struct delivery {
	struct held *held;
	struct arena *arena;
	struct call call;
	struct fetch_header *headers;
	int headers_n;
	bool has_content_type;
	bool is_plain;  /* with the caller's headers only */
	usec_t started; /* clock_now() */
};

static void start_transfer(struct delivery *d);

static void add(struct delivery *d, const char *name, struct slice value)
{
	d->headers[d->headers_n++] = (struct fetch_header){ slice_of(name), value };
}

static void add_number(struct delivery *d, const char *name, int64_t value)
{
	add(d, name, slice_of(arena_printf(d->held->arena, "%" PRId64, value)));
}

static struct slice id_text(struct arena *a, const char *prefix, struct uuid id)
{
	char *text = arena_alloc(a, ID_TEXT_MAX);
	size_t n = id_print(prefix, id, text);

	return (struct slice){ text, n };
}

/* W3C trace context: the run is the trace, the attempt a span. */
static struct slice traceparent(const struct held *h)
{
	char run[33], span[17];
	uint64_t token = (uint64_t)h->c.token;
	unsigned char bytes[8];

	memcpy(bytes, h->c.key.claim.b + 8, sizeof bytes);
	for (int i = 0; i < 8; i++)
		bytes[i] ^= (unsigned char)(token >> (8 * i));
	crypto_hex(h->c.key.id.b, 16, run);
	crypto_hex(bytes, sizeof bytes, span);
	return slice_of(arena_printf(h->arena, "00-%s-%s-01", run, span));
}

static void add_signatures(struct delivery *d, struct slice id)
{
	struct slice own = d->call.body_signature;
	struct arena *a = d->held->arena;

	add(d, "webhook-signature", sign_webhook(&d->call, id, d->started / SEC, a));
	if (own.p)
		add(d, arena_dup(a, own.p, own.n), sign_body(&d->call, a));
}

static void build_headers(struct delivery *d)
{
	struct held *h = d->held;
	const struct json_pair *own = d->call.headers.items;
	struct slice id = id_text(h->arena, run_prefix((enum kind)h->c.kind), h->c.key.id);
	char stamp[STAMP_MAX];

	d->headers = arena_array(h->arena, struct fetch_header, d->call.headers.n + HEADERS_OWN);
	for (size_t i = 0; i < d->call.headers.n; i++) {
		d->headers[d->headers_n++] = (struct fetch_header){ own[i].name, own[i].value };
		if (own[i].name.n == 12 && strncasecmp(own[i].name.p, "Content-Type", 12) == 0)
			d->has_content_type = true;
	}
	if (!d->has_content_type && !(d->is_plain && !d->call.payload.n))
		add(d, "Content-Type", SLICE_LIT("application/json"));
	if (d->is_plain)
		return;
	add(d, "webhook-id", id);
	add_number(d, "webhook-timestamp", d->started / SEC);
	if (d->call.secret.p)
		add_signatures(d, id);
	if (!id_is_nil(h->c.schedule))
		add(d, "Carillon-Schedule-Id",
		    id_text(h->arena, schedule_prefix((enum kind)h->c.kind), h->c.schedule));
	add(d, "Carillon-Scheduled-For",
	    (struct slice){ stamp, stamp_print(h->c.scheduled_for, stamp) });
	d->headers[d->headers_n - 1].value = arena_slice(h->arena,
							 d->headers[d->headers_n - 1].value);
	if (h->c.action.p) {
		add(d, "Carillon-Tenant", h->c.tenant_name);
		add(d, "Carillon-Organization", h->c.organization);
	}
	add_number(d, "Carillon-Attempt", h->c.attempt);
	add_number(d, "Carillon-Fencing-Token", h->c.token);
	add(d, "traceparent", traceparent(h));
}

static void after_failure(const struct delivery *d, const struct fetch_result *f, struct result *r)
{
	const struct held *h = d->held;
	struct failure failure = { .retry = &d->call.retry,
				   .count = h->c.attempt - h->c.excused,
				   .retry_after = f->retry_after,
				   .expires_at = h->c.expires_at,
				   .is_gone = f->status == 410 };

	retry_decide(&failure, r);
}

static void judge(const struct delivery *d, const struct fetch_result *f, struct result *r)
{
	*r = (struct result){
		.ready_at = USEC_NEVER,
		.started_at = d->started,
		.finished_at = d->started + f->total_us,
		.http_status = (int16_t)f->status,
		.address = slice_of(f->address[0] ? f->address : NULL),
		.headers = f->headers,
		.body = f->body,
		.dns_us = (int32_t)f->dns_us,
		.connect_us = (int32_t)f->connect_us,
		.tls_us = (int32_t)f->tls_us,
		.first_byte_us = (int32_t)f->first_byte_us,
		.total_us = (int32_t)f->total_us,
	};
	if (f->fault != FETCH_FINE) {
		r->error = slice_of(fetch_fault_name(f->fault));
		r->detail = slice_of(f->detail);
	} else if (f->status / 100 != 2) {
		r->error = SLICE_LIT("http_status");
	}
	if (r->error.p) {
		after_failure(d, f, r);
	} else {
		r->outcome = OUTCOME_SUCCESS;
		r->end = RUN_COMPLETED;
	}
	if (d->held->agent && !agent_asks_source(d->held))
		agent_judge(d->held, f, d->arena, r);
}

static void log_end(const struct held *h, const struct result *r)
{
	static const char *const words[] = { [RUN_PENDING] = "retrying",
					     [RUN_COMPLETED] = "completed",
					     [RUN_FAILED] = "failed",
					     [RUN_EXPIRED] = "expired",
					     [RUN_AWAITED] = "awaited" };

	log_event(r->outcome == OUTCOME_FAILURE ? LOG_INFO : LOG_DEBUG, "run.attempt",
		  LOG_ID("run", run_prefix((enum kind)h->c.kind), h->c.key.id),
		  LOG_INT("attempt", h->c.attempt), LOG_STR("status", words[r->end]),
		  LOG_INT("http_status", r->http_status), LOG_SLICE("error", r->error),
		  LOG_INT("ms", r->total_us / 1000));
}

/* For the target's sake: did it answer? */
static enum ended ended_how(const struct fetch_result *f)
{
	if (f->fault == FETCH_BUSY || f->fault == FETCH_ABORTED)
		return ENDED_UNBEGUN;
	return f->fault == FETCH_FINE ? ENDED_WELL : ENDED_BADLY;
}

/* By us: the lease is over, or a drain took too long. It may have arrived: the attempt stays, as
 * lost, and is excused. */
static void broken_off(const struct delivery *d, const struct fetch_result *f)
{
	struct result r;

	judge(d, f, &r);
	r.outcome = OUTCOME_LOST;
	r.end = RUN_PENDING;
	r.ready_at = clock_now();
	r.reason = (struct slice){ NULL, 0 };
	result_end(d->held, &r);
}

static void settled(struct delivery *d, const struct fetch_result *f)
{
	struct held *h = d->held;
	struct result r;

	judge(d, f, &r);
	metric_time(METRIC_DELIVERY_TIME, f->total_us);
	if (r.outcome == OUTCOME_FAILURE)
		metric_add(METRIC_ATTEMPTS_FAILED, 1);
	if (agent_asks_source(h)) {
		agent_source_landed(h, f, &r, d->arena);
		return;
	}
	if (r.end == RUN_AWAITED)
		FAILPOINT("cp9");
	log_end(h, &r);
	result_end(h, &r);
}

static void landed(void *ctx, const struct fetch_result *f)
{
	struct delivery *d = ctx;
	struct held *h = d->held;
	struct engine *e = h->engine;
	struct arena *arena = h->arena;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state == HELD_FLYING);
	loop_enter(e->loop, "deliver.landed");
	h->fetch = NULL;
	h->arena = NULL;
	h->state = HELD_WAITING;
	if (f->fault == FETCH_FINE && f->status / 100 == 2)
		FAILPOINT("cp5");
	target_leave(h, ended_how(f));
	metric_set(METRIC_IN_FLIGHT, fetcher_in_flight(e->fetcher));
	if (h->dropped) {
		overlap_ended(h);
		held_free(h);
	} else if (f->fault == FETCH_BUSY) {
		held_wait(h, clock_now() + BUSY_AGAIN);
	} else if (f->fault == FETCH_ABORTED) {
		broken_off(d, f);
	} else {
		settled(d, f);
	}
	arena_free(arena);
}

static void start_transfer(struct delivery *d)
{
	struct held *h = d->held;
	struct fetch_request request;

	d->started = clock_now();
	if (h->c.action.p)
		d->call.payload = action_body(h, d->call.payload, h->arena);
	build_headers(d);
	request = (struct fetch_request){
		.url = arena_dup(h->arena, d->call.url.p, d->call.url.n),
		.method = d->call.method.p ? arena_dup(h->arena, d->call.method.p, d->call.method.n)
					   : "POST",
		.headers = d->headers,
		.headers_count = d->headers_n,
		.body = d->call.payload,
		.timeout = d->call.timeout > 0 ? d->call.timeout : CALL_TIMEOUT_DEFAULT,
		.body_max = h->agent ? FETCH_LARGE_MAX : 0,
	};
	FAILPOINT("cp3");
	if (h->c.attempt - h->c.excused == 1)
		metric_time(METRIC_LATENESS, d->started - h->c.ready_at);
	metric_add(METRIC_ATTEMPTS, !agent_asks_source(h));
	h->fetch = fetch_start(h->agent ? agent_fetcher(h) : h->engine->fetcher, &request, landed,
			       d);
	metric_set(METRIC_IN_FLIGHT, fetcher_in_flight(h->engine->fetcher));
}

/* It did not come to a transfer: out of its place, and another look soon. */
static void not_started(struct delivery *d)
{
	struct held *h = d->held;
	struct arena *arena = h->arena;

	h->arena = NULL;
	h->state = HELD_WAITING;
	target_leave(h, ENDED_UNBEGUN);
	if (h->dropped)
		held_free(h);
	else
		held_wait(h, clock_now() + BUSY_AGAIN);
	arena_free(arena);
}

/* A body that was too large to wait in memory. */
static void loaded(struct db_unit *u, void *ctx)
{
	struct delivery *d = ctx;
	struct held *h = d->held;

	CHECK_MAGIC(h, HELD_MAGIC);
	ASSERT(h->state == HELD_LOADING);
	h->state = HELD_FLYING;
	if (!h->dropped && u->outcome == DB_OK && store_run_payload_got(u, &d->call.payload)
	    && node_may_start(h->engine))
		start_transfer(d);
	else
		not_started(d);
}

static void load(struct delivery *d)
{
	struct held *h = d->held;
	struct db_unit *u = db_unit_new(h->engine->db, h->arena, LANE_READ);

	h->state = HELD_LOADING;
	store_run_payload(u, &h->c.key);
	db_submit(u, loaded, d);
}

/* It cannot be made. */
static void refuse(struct held *h, const char *reason)
{
	struct arena *arena = h->arena;

	h->arena = NULL;
	h->state = HELD_WAITING;
	target_leave(h, ENDED_UNBEGUN);
	result_end(h, &(struct result){ .end = RUN_FAILED,
					.reason = slice_of(reason),
					.started_at = USEC_NEVER,
					.finished_at = clock_now() });
	arena_free(arena);
}

void deliver_start(struct held *h)
{
	struct delivery *d;
	struct arena *arena = arena_new();

	h->arena = arena;
	h->state = HELD_FLYING;
	d = arena_make(arena, struct delivery);
	d->held = h;
	d->arena = arena;
	if (h->agent) {
		d->is_plain = agent_fill(h, &d->call);
		if (d->call.payload.p)
			start_transfer(d);
		else
			refuse(h, "request_too_large");
	} else if (!call_parse(h->c.url, h->c.options, h->c.payload, arena, &d->call)) {
		refuse(h, "damaged_options");
	} else if (!h->c.payload.p && h->c.payload_bytes > 0) {
		load(d);
	} else {
		start_transfer(d);
	}
}
