/* Tasks: what was sent becomes what the core asks for, and its answer what is shown. */
#include "taskhook_int.h"

#include <strings.h>

static const enum kind kind_task = KIND_SCHEDULE;

/* --- in --- */

/* Instants that would overflow are as good as never. */
static usec_t later(usec_t at, usec_t span)
{
	return span > USEC_NEVER - 1 - at ? USEC_NEVER - 1 : at + span;
}

/* When it is to be executed, and when it expires; USEC_NEVER as in struct run_ask_new. */
static void instants(const struct in_task *in, usec_t now, usec_t *out_due, usec_t *out_expires)
{
	const struct moment *after = &in->execute_after, *expires = &in->expires_after;
	usec_t due = USEC_NEVER;

	if (after->value != USEC_NEVER)
		due = after->is_span ? later(now, after->value) : after->value;
	*out_due = due;
	*out_expires = expires->value;
	if (expires->value != USEC_NEVER && expires->is_span)
		*out_expires = later(due != USEC_NEVER && due > now ? due : now, expires->value);
}

static void check_one(struct op *op, const struct in_task *in, const char *prefix)
{
	usec_t due, expires;

	call_check(op, &in->call, prefix);
	instants(in, op->now, &due, &expires);
	if (due == USEC_NEVER || due < op->now)
		due = op->now;
	if (expires <= due)
		fault_at(op, prefix, "expires_after", "expires_before_execution",
			 "This must be later than the time of execution.");
}

void check_task(struct op *op)
{
	const struct in_task *in;
	char prefix[32];

	if (!op->in_list) {
		check_one(op, op->in, "");
		return;
	}
	in = op->in_list->items;
	for (size_t i = 0; i < op->in_list->n; i++) {
		(void)snprintf(prefix, sizeof(prefix), "[%zu].", i);
		check_one(op, &in[i], prefix);
	}
}

static void take_task(struct op *op, const struct in_task *in, struct run_ask_new *out)
{
	*out = (struct run_ask_new){ .kind = KIND_SCHEDULE, .unique_key = in->unique_id };
	instants(in, op->now, &out->due, &out->expires_at);
	call_take(op->arena, &in->call, &out->call);
}

flow th_task_create(struct op *op)
{
	struct run_ask_new *asks;
	struct json_list *list;

	if (!op->in_list) {
		asks = arena_make(op->arena, struct run_ask_new);
		take_task(op, op->in, asks);
		op->in = asks;
		return run_create(op);
	}
	asks = arena_array(op->arena, struct run_ask_new, op->in_list->n);
	for (size_t i = 0; i < op->in_list->n; i++)
		take_task(op, (const struct in_task *)op->in_list->items + i, &asks[i]);
	list = arena_make(op->arena, struct json_list);
	*list = (struct json_list){ asks, op->in_list->n };
	op->in_list = list;
	return run_create_many(op);
}

flow th_task_get(struct op *op)
{
	op->in = &kind_task;
	return run_get(op);
}

flow th_task_cancel(struct op *op)
{
	op->in = &kind_task;
	return run_cancel(op);
}

flow th_task_retry(struct op *op)
{
	op->in = &kind_task;
	return run_retry(op);
}

static flow list(struct op *op, struct uuid schedule)
{
	const struct in_task_list *in = op->in;
	struct run_list_ask *ask = arena_make(op->arena, struct run_list_ask);

	*ask = (struct run_list_ask){ .kind = KIND_SCHEDULE,
				      .schedule = schedule,
				      .status = in->status == VIEW_COUNT ? VIEW_FAILED : in->status,
				      .limit = in->limit,
				      .offset = in->offset };
	op->in = ask;
	return run_list(op);
}

flow th_task_list(struct op *op)
{
	return list(op, (struct uuid){ { 0 } });
}

flow th_schedule_tasks(struct op *op)
{
	return list(op, op->ids[0]);
}

/* --- out --- */

static bool is_same(struct slice a, struct slice b)
{
	return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* Lines of one name become one member, as RFC 9110 5.3 allows: names in an object are unique. */
static struct json_list join_headers(struct arena *a, const struct json_list *list)
{
	const struct json_pair *in = list->items;
	struct json_pair *out = arena_array(a, struct json_pair, list->n + 1);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		size_t k = 0;

		while (k < n && !is_same(out[k].name, in[i].name))
			k++;
		if (k == n)
			out[n++] = in[i];
		else
			out[k].value = slice_of(arena_printf(
				a, "%.*s, %.*s", SLICE_ARG(out[k].value), SLICE_ARG(in[i].value)));
	}
	return (struct json_list){ out, n };
}

static void show_attempt(struct arena *a, const struct attempt_view *v, struct out_attempt *out)
{
	*out = (struct out_attempt){
		.number = v->a.number,
		.status = v->status,
		.started_at = v->a.started_at,
		.duration_ms = v->duration_ms,
		.http_status = v->a.http_status,
		.error = v->a.error,
		.detail = v->a.detail,
		.body = v->has_response ? v->body : (struct slice){ NULL, 0 },
		.timings = { v->a.dns_us, v->a.connect_us, v->a.tls_us, v->a.first_byte_us },
	};
	if (v->has_response)
		out->headers = join_headers(a, &v->header_list);
}

static void show_one(struct arena *a, const struct run_view_full *v, struct out_task *out)
{
	const struct attempt_view *attempts = v->attempts.items;
	struct out_attempt *shown;

	*out = (struct out_task){
		.id = v->r.id,
		.schedule = v->r.schedule,
		.scheduled_for = v->r.scheduled_for,
		.status = v->status,
		.created_at = v->r.created_at,
		.started_at = v->r.started_at,
		.finished_at = v->r.finished_at,
		.expires_at = v->r.expires_at,
		.attempts_made = v->r.attempt,
		.next_attempt_at = v->next_attempt_at,
		.caught_up = v->caught_up,
		.reason = v->r.reason,
		.unique_id = v->r.unique_key,
	};
	call_show(&v->call, v->payload_omitted, &out->call);
	if (!out->call.timeout)
		out->call.timeout = CALL_TIMEOUT_DEFAULT;
	shown = arena_array(a, struct out_attempt, v->attempts.n + 1);
	for (size_t i = 0; i < v->attempts.n; i++)
		show_attempt(a, &attempts[i], &shown[i]);
	out->attempts = (struct json_list){ shown, v->attempts.n };
}

static struct out_task *show_many(struct arena *a, const struct json_list *views)
{
	const struct run_view_full *v = views->items;
	struct out_task *out = arena_array(a, struct out_task, views->n + 1);

	for (size_t i = 0; i < views->n; i++)
		show_one(a, &v[i], &out[i]);
	return out;
}

void show_task(struct op *op)
{
	struct out_task *out;
	struct json_list *list_out;

	if (op->out_is_list) {
		const struct json_list *views = op->out;

		list_out = arena_make(op->arena, struct json_list);
		*list_out = (struct json_list){ show_many(op->arena, views), views->n };
		op->out = list_out;
		return;
	}
	out = arena_make(op->arena, struct out_task);
	show_one(op->arena, op->out, out);
	op->out = out;
}

void show_tasks(struct op *op)
{
	const struct run_page_view *page = op->out;
	struct out_list *out = arena_make(op->arena, struct out_list);

	*out = (struct out_list){ page->total,
				  { show_many(op->arena, &page->items), page->items.n } };
	op->out = out;
}
