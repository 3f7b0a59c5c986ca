/* Schedules, runs and actions as the audit trail keeps them: everything that has a call. */
#include "snapshot_int.h"

#include "core/call.h"
#include "core/run.h"
#include "core/work.h"
#include "when/calendar.h"
#include "when/spec.h"

/* By the database's numbers; what is none has no word. */
static const char *const kinds[] = { "", "schedule", "job", "plan", NULL };
static const char *const states[] = { "",          "active", "paused",    "deleted",
				      "completed", "failed", "cancelled", NULL };
static const char *const spec_kinds[] = { "", "cron", "every", "once", "rrule", NULL };
static const char *const gaps[] = { "rule", "skip", "shift", "fire", NULL };
static const char *const folds[] = { "rule", "first", "second", "both", NULL };
static const char *const overlaps[] = { "", "skip", "allow", "queue_one", NULL };
static const char *const catchups[] = { "", "all", "latest", "none", NULL };
static const char *const adjusts[] = { "none", "skip", "next", "previous", "nearest", NULL };
static const char *const run_states[] = { "",        "pending",   "executing", "completed",
					  "failed",  "cancelled", "expired",   "skipped",
					  "awaited", NULL };
static const char *const triggers[] = { "once",    "schedule", "manual", "chain",
					"catchup", "backfill", NULL };

/* --- a call: url, options, payload --- */

/* A target's, masked; an options text that cannot be read says nothing. */
static struct slice shown_options(struct slice options, struct arena *a)
{
	struct call c, shown;

	if (!options.p || !call_parse((struct slice){ NULL, 0 }, options, options, a, &c))
		return (struct slice){ NULL, 0 };
	/* By name: what options will have some day is not shown by itself. */
	shown = (struct call){ .method = c.method,
			       .headers = hide_headers(c.headers, a),
			       .secret = hide_secret(c.secret),
			       .body_signature = c.body_signature,
			       .timeout = c.timeout,
			       .retry = c.retry,
			       .expires_after = c.expires_after,
			       .tags = c.tags,
			       .is_object = c.is_object };
	return call_print(&shown, a);
}

/* What a job does names URLs too. */
static struct slice shown_payload(struct slice url, struct slice payload, struct arena *a)
{
	static const char to_url[] = "webhook:";
	const size_t n = sizeof(to_url) - 1;
	struct work w;

	if (!work_is(url) || !payload.p)
		return payload;
	if (!work_parse(url, payload, a, &w))
		return (struct slice){ NULL, 0 };
	w.source = hide_url(w.source, a);
	if (w.channel.n > n && memcmp(w.channel.p, to_url, n) == 0)
		w.channel = hide_url(w.channel, a);
	return work_print(&w, a);
}

struct shown_call {
	struct slice url, options, options_digest, payload, payload_digest;
};

static struct shown_call show_call(struct slice url, struct slice options, struct slice payload,
				   struct arena *a)
{
	struct shown_call c = { .url = hide_url(url, a),
				.options = shown_options(options, a),
				.payload = shown_payload(url, payload, a) };

	c.options_digest = snapshot_shorten(&c.options, SNAPSHOT_DEFINITION_MAX, a);
	c.payload_digest = snapshot_shorten(&c.payload, SNAPSHOT_PART_MAX, a);
	return c;
}

#define MAYBE .flags = FIELD_OPTIONAL
#define CALL_ROWS(T)                                                                \
	F_STR(T, call.url, "url", MAYBE), F_RAW(T, call.options, "options", MAYBE), \
		F_RAW(T, call.options_digest, "options_digest", MAYBE),             \
		F_RAW(T, call.payload, "payload", MAYBE),                           \
		F_RAW(T, call.payload_digest, "payload_digest", MAYBE)

/* --- schedules --- */

struct shown_schedule {
	int kind, state, spec_kind, dst_gap, dst_overlap, overlap, catchup, adjust;
	struct slice name, details, spec, zone, calendar, agent;
	usec_t start_at, end_at, created_at;
	int64_t jitter_us, lookahead_us, expires_us;
	struct shown_call call;
	uint64_t present;
};

static const struct field schedule_rows[] = {
	F_ENUM(shown_schedule, kind, "kind", kinds),
	F_ENUM(shown_schedule, state, "state", states),
	F_STR(shown_schedule, name, "name", MAYBE),
	F_STR(shown_schedule, details, "details", MAYBE),
	F_ENUM(shown_schedule, spec_kind, "spec_kind", spec_kinds),
	F_STR(shown_schedule, spec, "spec"),
	F_STR(shown_schedule, zone, "zone"),
	F_TYPE(shown_schedule, start_at, "start_at", snapshot_instant, MAYBE),
	F_TYPE(shown_schedule, end_at, "end_at", snapshot_instant, MAYBE),
	F_ENUM(shown_schedule, dst_gap, "dst_gap", gaps),
	F_ENUM(shown_schedule, dst_overlap, "dst_overlap", folds),
	F_ENUM(shown_schedule, overlap, "overlap", overlaps),
	F_ENUM(shown_schedule, catchup, "catchup", catchups),
	F_STR(shown_schedule, calendar, "calendar", MAYBE),
	F_ENUM(shown_schedule, adjust, "adjust", adjusts),
	F_INT(shown_schedule, jitter_us, "jitter_us"),
	F_INT(shown_schedule, lookahead_us, "lookahead_us"),
	F_INT(shown_schedule, expires_us, "expires_us"),
	F_STR(shown_schedule, agent, "agent", MAYBE),
	CALL_ROWS(shown_schedule),
	F_TYPE(shown_schedule, created_at, "created_at", snapshot_instant, MAYBE),
};

/* What is not in it is open. */
static void open_times(void *object)
{
	struct shown_schedule *s = object;

	s->start_at = s->end_at = s->created_at = USEC_NEVER;
}

static const struct shape schedule_shape = SHAPE(
	shown_schedule, "StoredSchedule", schedule_rows,
	.present = offsetof(struct shown_schedule, present), .init = open_times);

struct slice snapshot_schedule(const struct schedule *s, struct arena *a)
{
	struct shown_schedule shown = {
		.kind = s->kind,
		.state = s->state,
		.name = s->name,
		.details = s->details,
		.spec_kind = s->spec_kind,
		.spec = s->spec,
		.zone = s->zone,
		.start_at = s->start_at,
		.end_at = s->end_at,
		.dst_gap = s->dst_gap,
		.dst_overlap = s->dst_overlap,
		.overlap = s->overlap,
		.catchup = s->catchup,
		.calendar = s->calendar,
		.adjust = s->adjust,
		.jitter_us = s->jitter_us,
		.lookahead_us = s->lookahead_us,
		.expires_us = s->expires_us,
		.agent = s->agent,
		.call = show_call(s->url, s->options, s->payload, a),
		.created_at = s->created_at,
	};

	return snapshot_print(&schedule_shape, &shown, a);
}

enum { STATE_ROWS = 2 }; /* kind and state come first */

struct slice snapshot_state(enum kind kind, int schedule_state, struct arena *a)
{
	static const struct shape shape = { .name = "State",
					    .size = sizeof(struct shown_schedule),
					    .fields = schedule_rows,
					    .count = STATE_ROWS };
	struct shown_schedule shown = { .kind = (int)kind, .state = schedule_state };

	return snapshot_print(&shape, &shown, a);
}

static void take_schedule(const struct shown_schedule *from, struct schedule *out)
{
	*out = (struct schedule){
		.kind = (int16_t)from->kind,
		.state = (int16_t)from->state,
		.name = from->name,
		.details = from->details,
		.spec_kind = (int16_t)from->spec_kind,
		.spec = from->spec,
		.zone = from->zone,
		.start_at = from->start_at,
		.end_at = from->end_at,
		.anchor_at = from->created_at,
		.dst_gap = (int16_t)from->dst_gap,
		.dst_overlap = (int16_t)from->dst_overlap,
		.overlap = (int16_t)from->overlap,
		.catchup = (int16_t)from->catchup,
		.calendar = from->calendar,
		.adjust = (int16_t)from->adjust,
		.jitter_us = from->jitter_us,
		.lookahead_us = from->lookahead_us,
		.expires_us = from->expires_us,
		.agent = from->agent,
		.count_end = USEC_NEVER,
		.url = from->call.url,
		.options = from->call.options,
		.payload = from->call.payload,
		.payload_omitted = from->call.payload_digest.p != NULL,
		.next_at = USEC_NEVER,
		.wake_at = USEC_NEVER,
		.paused_at = USEC_NEVER,
		.created_at = from->created_at,
		.updated_at = USEC_NEVER,
		.last_at = USEC_NEVER,
		.upcoming = USEC_NEVER,
	};
}

bool snapshot_schedule_read(struct slice text, struct arena *a, struct schedule *out,
			    bool *out_is_partial)
{
	struct shown_schedule *from = arena_make(a, struct shown_schedule);
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };

	if (!text.p || !json_decode(&schedule_shape, text, &to, from) || faults->total > 0)
		return false;
	take_schedule(from, out);
	*out_is_partial = from->present >> STATE_ROWS == 0;
	return true;
}

/* --- runs --- */

struct shown_run {
	int kind, state, trigger;
	struct slice schedule, reason, unique_key;
	usec_t scheduled_for, expires_at, created_at;
	int64_t attempt;
	struct shown_call call;
};

static const struct field run_rows[] = {
	F_ENUM(shown_run, kind, "kind", kinds),
	F_ENUM(shown_run, state, "state", run_states),
	F_STR(shown_run, reason, "reason", MAYBE),
	F_STR(shown_run, schedule, "schedule", MAYBE),
	F_ENUM(shown_run, trigger, "trigger", triggers),
	F_TYPE(shown_run, scheduled_for, "scheduled_for", snapshot_instant),
	F_TYPE(shown_run, expires_at, "expires_at", snapshot_instant, MAYBE),
	F_INT(shown_run, attempt, "attempt"),
	F_STR(shown_run, unique_key, "unique_key", MAYBE),
	CALL_ROWS(shown_run),
	F_TYPE(shown_run, created_at, "created_at", snapshot_instant, MAYBE),
};
static const struct shape run_shape = SHAPE(shown_run, "StoredRun", run_rows);

struct slice snapshot_run(enum kind kind, const struct run *r, struct arena *a)
{
	struct shown_run shown = {
		.kind = (int)kind,
		.state = (int)r->state,
		.trigger = (int)r->trigger,
		.reason = r->reason,
		.unique_key = r->unique_key,
		.scheduled_for = r->scheduled_for,
		.expires_at = r->expires_at,
		.created_at = r->created_at,
		.attempt = r->attempt,
		.call = show_call(r->url, r->options, r->payload, a),
	};
	char text[ID_TEXT_MAX];

	if (!id_is_nil(r->schedule))
		shown.schedule = (struct slice){ text, id_print(schedule_prefix(kind), r->schedule,
								text) };
	return snapshot_print(&run_shape, &shown, a);
}

struct slice snapshot_run_new(const struct run_new *r, struct arena *a)
{
	struct run as_read = {
		.id = r->id,
		.trigger = TRIGGER_ONCE,
		.state = RUN_PENDING,
		.scheduled_for = r->due,
		.ready_at = r->ready,
		.expires_at = r->expires,
		.created_at = r->created,
		.unique_key = r->unique_key,
		.url = r->url,
		.options = r->options,
		.payload = r->payload,
	};

	return snapshot_run((enum kind)r->kind, &as_read, a);
}

struct shown_item {
	struct slice id, url, unique_key;
	usec_t scheduled_for;
};
static const struct field item_rows[] = {
	F_STR(shown_item, id, "id"),
	F_TYPE(shown_item, scheduled_for, "scheduled_for", snapshot_instant, MAYBE),
	F_STR(shown_item, url, "url", MAYBE),
	F_STR(shown_item, unique_key, "unique_key", MAYBE),
};
static const struct shape item_shape = SHAPE(shown_item, "StoredItem", item_rows);

struct shown_many {
	int kind;
	int64_t count;
	struct json_list runs;
};
static const struct field many_rows[] = {
	F_ENUM(shown_many, kind, "kind", kinds),
	F_INT(shown_many, count, "count"),
	F_LIST(shown_many, runs, "runs", item_shape),
};
static const struct shape many_shape = SHAPE(shown_many, "StoredRuns", many_rows);

static struct shown_item *show_ids(const struct run_new *rows, size_t n, struct arena *a)
{
	struct shown_item *items = arena_array(a, struct shown_item, n);
	const char *prefix = run_prefix((enum kind)rows[0].kind);

	for (size_t i = 0; i < n; i++) {
		char *text = arena_alloc(a, ID_TEXT_MAX);

		items[i] = (struct shown_item){ .id = { text, id_print(prefix, rows[i].id, text) },
						.scheduled_for = USEC_NEVER };
	}
	return items;
}

struct slice snapshot_runs_new(const struct run_new *rows, size_t n, struct arena *a)
{
	struct shown_item *ids = show_ids(rows, n, a);
	struct shown_item *items = arena_array(a, struct shown_item, n);
	struct shown_many shown = { rows[0].kind, (int64_t)n, { items, n } };
	size_t least = 0; /* bytes, of what is certain */

	for (size_t i = 0; i < n && least < SNAPSHOT_MAX; i++) {
		items[i] = ids[i];
		items[i].scheduled_for = rows[i].due;
		items[i].url = hide_url(rows[i].url, a);
		items[i].unique_key = rows[i].unique_key;
		least += ids[i].id.n + items[i].url.n + rows[i].unique_key.n;
	}
	if (least < SNAPSHOT_MAX) {
		struct slice all = snapshot_print_in(&many_shape, &shown, SNAPSHOT_MAX, a);

		if (all.p)
			return all;
	}
	shown.runs.items = ids;
	return snapshot_print_in(&many_shape, &shown, SNAPSHOT_IDS_MAX, a);
}

enum kind snapshot_kind(struct slice text)
{
	static const char begin[] = "{\"kind\":\"";
	const size_t n = sizeof(begin) - 1;

	if (!text.p || text.n < n || memcmp(text.p, begin, n) != 0)
		return 0;
	for (int k = KIND_SCHEDULE; kinds[k]; k++) {
		size_t len = strlen(kinds[k]);

		if (text.n > n + len && memcmp(text.p + n, kinds[k], len) == 0
		    && text.p[n + len] == '"')
			return (enum kind)k;
	}
	return 0;
}

/* --- actions --- */

struct shown_action {
	struct shown_call call;
};
static const struct field action_rows[] = { CALL_ROWS(shown_action) };
static const struct shape action_shape = SHAPE(shown_action, "StoredAction", action_rows);

struct slice snapshot_action(struct slice url, struct slice options, struct arena *a)
{
	struct shown_action shown = { show_call(url, options, (struct slice){ NULL, 0 }, a) };

	return snapshot_print(&action_shape, &shown, a);
}
