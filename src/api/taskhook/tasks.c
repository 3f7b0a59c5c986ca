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

static void take_task(struct op *op, const struct in_task *in, const char *prefix, struct run_ask_new *out)
{
	const struct moment *after = &in->execute_after, *expires = &in->expires_after;
	usec_t due = op->now;

	*out = (struct run_ask_new){ .kind = KIND_SCHEDULE,
				     .due = USEC_NEVER,
				     .expires_at = USEC_NEVER,
				     .unique_key = in->unique_id };
	call_take(op, &in->call, prefix, &out->call);
	if (after->value != USEC_NEVER)
		out->due = after->is_span ? later(op->now, after->value) : after->value;
	if (out->due != USEC_NEVER && out->due > op->now)
		due = out->due;
	if (expires->value == USEC_NEVER)
		return;
	out->expires_at = expires->is_span ? later(due, expires->value) : expires->value;
	if (out->expires_at <= due)
		fault_at(op, prefix, "expires_after", "expires_before_execution",
			 "This must be later than the time of execution.");
}

static flow create_many(struct op *op)
{
	const struct in_task *in = op->in_list->items;
	size_t n = op->in_list->n;
	struct run_ask_new *asks = arena_array(op->arena, struct run_ask_new, n);
	struct json_list *list = arena_make(op->arena, struct json_list);
	char prefix[32];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(prefix, sizeof(prefix), "[%zu].", i);
		take_task(op, &in[i], prefix, &asks[i]);
	}
	if (op->faults.total)
		return op_invalid(op);
	*list = (struct json_list){ asks, n };
	op->in_list = list;
	return run_create_many(op);
}

flow th_task_create(struct op *op)
{
	struct run_ask_new *ask;

	if (op->in_list)
		return create_many(op);
	ask = arena_make(op->arena, struct run_ask_new);
	take_task(op, op->in, "", ask);
	if (op->faults.total)
		return op_invalid(op);
	op->in = ask;
	return run_create(op);
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
			out[k].value = slice_of(arena_printf(a, "%.*s, %.*s", SLICE_ARG(out[k].value),
							     SLICE_ARG(in[i].value)));
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

	*out = (struct out_list){ page->total, { show_many(op->arena, &page->items), page->items.n } };
	op->out = out;
}
