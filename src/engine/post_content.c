/* What a message says: of a completed run its output, of a failed one why. A webhook of the user's own gets the facts
 * besides. */
#include <stdio.h>

#include "core/run.h"
#include "engine/engine_int.h"
#include "store/message.h"
#include "when/stamp.h"

struct facts {
	struct slice event, run_id, job_id, job_name, status, scheduled_for, finished_at;
	struct slice error, detail;
};

static const struct field facts_rows[] = {
	F_STR(facts, event, "event"),
	F_STR(facts, run_id, "run_id"),
	F_STR(facts, job_id, "job_id"),
	F_STR(facts, job_name, "job_name"),
	F_STR(facts, status, "status"),
	F_STR(facts, scheduled_for, "scheduled_for"),
	F_STR(facts, finished_at, "finished_at"),
	F_STR(facts, error, "error"),
	F_STR(facts, detail, "detail"),
};
#define FACTS_ROOM 1024 /* all of them but name, error and detail */
static const struct shape facts_shape = SHAPE(facts, "Facts", facts_rows, .present = NO_PRESENT);

static struct slice id_text(const char *prefix, struct uuid id, struct arena *a)
{
	char text[ID_TEXT_MAX];
	size_t n = id_print(prefix, id, text);

	return (struct slice){ arena_dup(a, text, n), n };
}

static struct slice stamp_text(usec_t at, struct arena *a)
{
	char text[STAMP_MAX];
	size_t n = stamp_print(at, text);

	return (struct slice){ arena_dup(a, text, n), n };
}

static bool is_cut(const struct message_matter *x)
{
	return (size_t)x->output_bytes > x->output.n;
}

static struct slice failure(const struct message_matter *x, struct arena *a)
{
	const char *status = x->http_status ? arena_printf(a, " %d", x->http_status) : "";

	if (!x->error.p)
		return SLICE_LIT("The run failed.");
	return slice_of(arena_printf(a, "The run failed: %.*s%s.%s%.*s", SLICE_ARG(x->error),
				     status, x->detail.n ? " " : "", SLICE_ARG(x->detail)));
}

static struct slice facts(const struct message_row *m, const struct message_matter *x,
			  struct arena *a)
{
	bool completed = x->state == RUN_COMPLETED;
	struct facts f = {
		.event = slice_of(completed ? "run.completed" : "run.failed"),
		.run_id = id_text(run_prefix(KIND_JOB), m->run, a),
		.job_id = id_text(schedule_prefix(KIND_JOB), m->schedule, a),
		.job_name = x->name,
		.status = slice_of(completed ? "completed" : "failed"),
		.scheduled_for = stamp_text(x->scheduled_for, a),
		.finished_at = stamp_text(x->finished_at, a),
	};
	struct strbuf b;
	struct slice out;

	if (!completed) {
		f.error = x->error;
		f.detail = x->detail;
	}
	strbuf_init(&b, FACTS_ROOM + 6 * (x->name.n + x->error.n + x->detail.n));
	json_encode(&facts_shape, &f, &b);
	out = arena_slice(a, strbuf_slice(&b));
	strbuf_release(&b);
	return out;
}

static struct slice with_size(const struct message_matter *x, struct arena *a)
{
	const char *tail = arena_printf(a, "\n\n… (%d bytes in all)", x->output_bytes);
	size_t n = strlen(tail);
	char *text = arena_alloc(a, x->output.n + n);

	memcpy(text, x->output.p, x->output.n); /* which may have NULs in it */
	memcpy(text + x->output.n, tail, n);
	return (struct slice){ text, x->output.n + n };
}

/* People read an output that is JSON as a block of code, whatever format was asked for. */
static void for_people(const struct message_matter *x, struct arena *a, struct content *out)
{
	out->is_json = x->is_json && !is_cut(x);
	if (out->is_json)
		out->format = FORMAT_JSON;
	else if (out->format == FORMAT_JSON)
		out->format = FORMAT_TEXT;
	out->text = x->output;
	if (!x->output.n)
		out->text = SLICE_LIT("The run completed without an output.");
	else if (is_cut(x))
		out->text = with_size(x, a);
}

/* The output is quoted once, into the body; what was cut is JSON no more. */
static void for_webhook(const struct message_row *m, const struct message_matter *x,
			struct arena *a, struct content *out)
{
	out->output = x->output.p ? x->output : SLICE_LIT("null");
	out->is_json = !x->output.p || (x->is_json && !is_cut(x));
	out->fields = facts(m, x, a);
	if (out->format != FORMAT_JSON)
		out->text = SLICE_LIT("The run completed.");
}

void post_content(const struct message_row *m, const struct message_matter *x, enum platform p,
		  struct arena *a, struct content *out)
{
	bool completed = x->state == RUN_COMPLETED;

	*out = (struct content){ .format = (enum channel_format)m->format,
				 .title = x->name.n ? x->name : SLICE_LIT("Job"),
				 .message_id = id_text("msg", m->id, a) };
	if (p == PLATFORM_WEBHOOK)
		for_webhook(m, x, a, out);
	else if (completed)
		for_people(x, a, out);
	if (!completed) {
		out->format = FORMAT_TEXT;
		out->text = failure(x, a);
	}
}
