#include "core/report.h"

#include <endian.h>
#include <string.h>

#include "base/check.h"
#include "base/crypto.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/utf8.h"
#include "core/call.h"
#include "core/core.h"
#include "core/retry.h"
#include "core/run.h"
#include "core/work.h"
#include "store/agent_run.h"
#include "store/engine.h"

/* --- the token: tenant, bucket, fencing token, MAC --- */

enum { NAME_BYTES = 16 + 2 + 8, MAC_BYTES = 16, TOKEN_BYTES = NAME_BYTES + MAC_BYTES };
_Static_assert(TOKEN_BYTES % 3 == 0 && TOKEN_BYTES / 3 * 4 + 1 == REPORT_TOKEN_MAX, "no padding");

static void sign(const unsigned char *key, struct uuid run, const unsigned char name[NAME_BYTES],
		 unsigned char out[MAC_BYTES])
{
	struct slice pieces[] = { { (const char *)run.b, sizeof run.b },
				  { (const char *)name, NAME_BYTES } };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac_sha256((struct slice){ (const char *)key, 32 }, pieces, 2, mac);
	memcpy(out, mac, MAC_BYTES);
}

static void swap(char *text, const char *from, const char *to)
{
	for (char *at; (text = strpbrk(text, from)); text++)
		if ((at = strchr(from, *text)))
			*text = to[at - from];
}

void report_token(const unsigned char key[32], struct uuid run, const struct report_attempt *of,
		  char out[REPORT_TOKEN_MAX])
{
	unsigned char bytes[TOKEN_BYTES];
	uint16_t bucket = htobe16((uint16_t)of->bucket);
	uint64_t token = htobe64((uint64_t)of->token);

	memcpy(bytes, of->tenant.b, 16);
	memcpy(bytes + 16, &bucket, sizeof bucket);
	memcpy(bytes + 18, &token, sizeof token);
	sign(key, run, bytes, bytes + NAME_BYTES);
	(void)crypto_base64(bytes, sizeof bytes, out);
	swap(out, "+/", "-_");
}

bool report_token_read(const unsigned char key[32], struct uuid run, struct slice text,
		       struct report_attempt *out)
{
	unsigned char bytes[TOKEN_BYTES], mac[MAC_BYTES];
	char plain[REPORT_TOKEN_MAX];
	uint16_t bucket;
	uint64_t token;
	size_t n;

	if (!text.p || text.n != REPORT_TOKEN_MAX - 1 || memchr(text.p, '\0', text.n)
	    || memchr(text.p, '+', text.n) || memchr(text.p, '/', text.n))
		return false;
	memcpy(plain, text.p, text.n);
	plain[text.n] = '\0';
	swap(plain, "-_", "+/");
	if (!crypto_unbase64(slice_of(plain), bytes, sizeof bytes, &n) || n != TOKEN_BYTES)
		return false;
	sign(key, run, bytes, mac);
	if (!crypto_equal(mac, bytes + NAME_BYTES, MAC_BYTES))
		return false;
	memcpy(out->tenant.b, bytes, 16);
	memcpy(&bucket, bytes + 16, sizeof bucket);
	memcpy(&token, bytes + 18, sizeof token);
	out->bucket = (int16_t)be16toh(bucket);
	out->token = (int64_t)be64toh(token);
	return true;
}

/* --- the operation: read, decide, store --- */

#define TRIES_MAX \
	3 /* what was read is ended by somebody else before our write, and then it is read anew */

struct reporting {
	struct report_attempt of;
	struct run_key key;
	struct result result;
	int tries;
};
static op_step find, decide, signed_of_life, stored;

static flow refuse(struct op *op, enum err err)
{
	metric_add(METRIC_REPORTS_REFUSED, 1);
	return op_fail(op, err, NULL);
}

static flow answer(struct op *op, const char *status)
{
	struct report_view *v = arena_make(op->arena, struct report_view);

	*v = (struct report_view){ op->ids[0], status };
	return op_ok(op, v);
}

flow report_run(struct op *op)
{
	struct reporting *s = arena_make(op->arena, struct reporting);

	if (!op->core->has_callback_key)
		return op_fail(op, ERR_BUSY, "The server is starting; try again shortly.");
	if (!report_token_read(op->core->callback_key, op->ids[0], op->token, &s->of))
		return refuse(op, ERR_CALLBACK_TOKEN);
	s->key = (struct run_key){ .tenant = s->of.tenant,
				   .id = op->ids[0],
				   .bucket = s->of.bucket };
	op->state = s;
	return find(op);
}

bool report_is_for(struct op *op)
{
	struct report_attempt of;

	return !op->core->has_callback_key
	    || report_token_read(op->core->callback_key, op->ids[0], op->token, &of);
}

static flow find(struct op *op)
{
	struct reporting *s = op->state;

	store_report_read(op_unit(op, LANE_READ), &s->key, s->of.token);
	return op_db(op, decide);
}

/* A text stays a text: as JSON it would only gain quotes. */
static void take_output(struct op *op, const struct report *in, struct result *r)
{
	struct slice output = in->text.p ? in->text : in->json;

	if (!output.p)
		return;
	r->output = utf8_cut(output, WORK_OUTPUT_MAX);
	r->output_bytes = (int32_t)output.n;
	r->output_is_json = !in->text.p && r->output.n == output.n && work_output_is_json(output);
	r->output = arena_slice(op->arena, r->output);
}

static bool take_failure(struct op *op, const struct awaited *a, struct result *r)
{
	const struct report *in = op->in;
	struct slice error = in->error.p ? in->error : SLICE_LIT("The agent said that it failed.");
	struct call call;
	struct failure f = { .retry = &call.retry,
			     .count = a->attempt - a->excused,
			     .retry_after = USEC_NEVER,
			     .expires_at = a->expires_at };

	if (!call_parse(SLICE_LIT(""), a->options, SLICE_LIT(""), op->arena, &call))
		return false;
	retry_of_job(&call.retry);
	r->error = SLICE_LIT("agent_error");
	r->detail = arena_slice(op->arena, utf8_cut(error, REPORT_ERROR_MAX));
	retry_decide(&f, r);
	return true;
}

static flow store(struct op *op, const struct awaited *a)
{
	struct reporting *s = op->state;
	const struct report *in = op->in;
	struct result *r = &s->result;
	const struct result *const rows[] = { r };
	struct db_unit *u;

	*r = (struct result){ .key = a->key,
			      .outcome = OUTCOME_SUCCESS,
			      .end = RUN_COMPLETED,
			      .ready_at = USEC_NEVER,
			      .started_at = a->began_at,
			      .finished_at = op->now,
			      .http_status = 202 };
	take_output(op, in, r);
	if (in->status == REPORT_FAILED && !take_failure(op, a, r))
		return op_fail(op, ERR_INTERNAL, "The stored options of this run cannot be read.");
	u = op_unit(op, LANE_WRITE);
	if (r->end == RUN_PENDING)
		store_again(u, rows, 1);
	else
		store_finish(u, rows, 1);
	return op_db(op, stored);
}

static flow decide(struct op *op)
{
	struct reporting *s = op->state;
	const struct report *in = op->in;
	struct report_target t;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	store_report_got(op->unit, 0, &s->key, &t);
	if (!t.is_live)
		return refuse(op, t.is_reported ? ERR_REPORTED : ERR_CALLBACK_GONE);
	if (in->status != REPORT_RUNNING)
		return store(op, &t.a);
	store_await_alive(op_unit(op, LANE_WRITE), &t.a.key, op->now);
	return op_db(op, signed_of_life);
}

/* No row: its 202 is not written yet, or no sign of life was asked for; or it has just ended. */
static flow signed_of_life(struct op *op)
{
	struct reporting *s = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_await_alive_got(op->unit, 0) && s->tries++ == 0)
		return find(op);
	metric_add(METRIC_REPORTS_ALIVE, 1);
	return answer(op, "running");
}

static void count(const struct result *r)
{
	metric_add(r->outcome == OUTCOME_SUCCESS ? METRIC_REPORTS_COMPLETED : METRIC_REPORTS_FAILED,
		   1);
	metric_add(METRIC_OUTPUT_BYTES, (int64_t)r->output.n);
	if (r->outcome != OUTCOME_SUCCESS)
		metric_add(METRIC_ATTEMPTS_FAILED, 1);
	if (r->end == RUN_COMPLETED)
		metric_add(METRIC_RUNS_COMPLETED, 1);
	else if (r->end == RUN_FAILED)
		metric_add(METRIC_RUNS_FAILED, 1);
	else if (r->end == RUN_EXPIRED)
		metric_add(METRIC_RUNS_EXPIRED, 1);
}

static flow stored(struct op *op)
{
	struct reporting *s = op->state;
	const struct result *r = &s->result;
	struct core *c = op->core;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (store_finished(op->unit, 0) == 0) {
		if (++s->tries < TRIES_MAX)
			return find(op);
		return op_fail(op, ERR_BUSY, NULL);
	}
	FAILPOINT("cp14");
	count(r);
	log_event(r->end == RUN_COMPLETED ? LOG_DEBUG : LOG_INFO, "run.reported",
		  LOG_ID("run", run_prefix(KIND_JOB), op->ids[0]),
		  LOG_STR("outcome", r->outcome == OUTCOME_SUCCESS ? "completed" : "failed"));
	if (r->end != RUN_PENDING && c->on_after)
		c->on_after(c->engine);
	if (c->on_run) /* it is tried again; or it has ended, and the one behind it may begin */
		c->on_run(c->engine, s->key.tenant, r->end == RUN_PENDING ? r->ready_at : op->now);
	if (r->end == RUN_PENDING)
		return answer(op, "retrying");
	return answer(op, r->end == RUN_COMPLETED ? "completed" : "failed");
}
