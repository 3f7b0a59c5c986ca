/* A job's work as it is stored, and when its messages may go. */
#include "core/work.h"

#include "when/civil.h"
#include "when/tz.h"

#define WORK_TEXT_MAX (1 << 20)

/* The names of this text are ours and stay: rows of every age are read through them. */
struct stored {
	struct work w;
	int64_t quiet_start, quiet_end, quiet_days;
	uint64_t present;
};

static const char *const on_words[] = { "completed", "failed", "always", NULL };

enum { ROW_QUIET = 9 };

#define BARE .flags = FIELD_OPTIONAL
static const struct field rows[] = {
	F_STR(stored, w.goal, "goal", BARE),
	F_RAW(stored, w.context, "context", BARE),
	F_STR(stored, w.only_if, "only_if", BARE),
	F_STR(stored, w.source, "source", BARE),
	F_STR(stored, w.condition, "condition", BARE),
	F_STR(stored, w.channel, "channel", BARE),
	F_ENUM(stored, w.format, "format", channel_formats),
	F_ENUM(stored, w.deliver_on, "on", on_words),
	F_STR(stored, w.quiet.zone, "quiet_zone", BARE),
	[ROW_QUIET] = F_INT(stored, quiet_start, "quiet_start", .flags = FIELD_PRESENT),
	F_INT(stored, quiet_end, "quiet_end", .flags = FIELD_PRESENT),
	F_INT(stored, quiet_days, "quiet_days", .flags = FIELD_PRESENT),
	F_INT(stored, w.max_failures, "max_failures"),
	F_INT(stored, w.completion, "completion_us"),
	F_INT(stored, w.heartbeat, "heartbeat_us"),
};
static const struct shape stored_shape = SHAPE(stored, "Work", rows,
					       .present = offsetof(struct stored, present));

struct slice work_print(const struct work *w, struct arena *a)
{
	struct stored s = { .w = *w,
			    .quiet_start = w->quiet.start,
			    .quiet_end = w->quiet.end,
			    .quiet_days = w->quiet.days,
			    .present = w->has_quiet ? (uint64_t)7 << ROW_QUIET : 0 };
	struct strbuf text;
	struct slice out;

	strbuf_init(&text, WORK_TEXT_MAX);
	json_encode(&stored_shape, &s, &text);
	out = arena_slice(a, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

bool work_is(struct slice url)
{
	size_t n = sizeof(WORK_SCHEME) - 1;

	return url.p && url.n > n && memcmp(url.p, WORK_SCHEME, n) == 0;
}

bool work_output_is_json(struct slice output)
{
	struct json_syntax syntax;

	return json_scan(output, &syntax) && syntax.depth <= WORK_OUTPUT_DEPTH_MAX;
}

bool work_parse(struct slice url, struct slice payload, struct arena *a, struct work *out)
{
	struct json_faults *faults = arena_make(a, struct json_faults);
	struct stored *s = arena_make(a, struct stored);
	struct json_syntax syntax;
	struct json_reader to = { a, faults, &syntax };
	size_t n = sizeof(WORK_SCHEME) - 1;

	if (!work_is(url) || !payload.p || !json_decode(&stored_shape, payload, &to, s)
	    || faults->total > 0)
		return false;
	*out = s->w;
	out->agent = (struct slice){ url.p + n, url.n - n };
	out->has_quiet = s->present >> ROW_QUIET & 1;
	out->quiet.start = (int)s->quiet_start;
	out->quiet.end = (int)s->quiet_end;
	out->quiet.days = (unsigned)s->quiet_days;
	return true;
}

/* --- what expressions may speak of --- */

/* What is null before there was a run is of no type that could be known. */
static const struct expr_name run_names[] = { { "id", EXPR_STRING, NULL },
					      { "trigger", EXPR_STRING, NULL },
					      { "scheduled_for", EXPR_STRING, NULL },
					      { "attempt", EXPR_INT, NULL },
					      { "manual", EXPR_BOOL, NULL },
					      { NULL, EXPR_DYN, NULL } };
static const struct expr_name job_names[] = { { "id", EXPR_STRING, NULL },
					      { "name", EXPR_STRING, NULL },
					      { "agent_id", EXPR_STRING, NULL },
					      { "run_count", EXPR_INT, NULL },
					      { NULL, EXPR_DYN, NULL } };
static const struct expr_name last_names[] = {
	{ "status", EXPR_DYN, NULL },      { "output", EXPR_DYN, NULL },
	{ "error", EXPR_DYN, NULL },       { "failures", EXPR_INT, NULL },
	{ "finished_at", EXPR_DYN, NULL }, { NULL, EXPR_DYN, NULL }
};
static const struct expr_name context_names[] = { { "job", EXPR_DYN, NULL },
						  { "chain", EXPR_DYN, NULL },
						  { "parents", EXPR_DYN, NULL },
						  { NULL, EXPR_DYN, NULL } };
static const struct expr_name now_names[] = {
	{ "iso", EXPR_STRING, NULL },     { "date", EXPR_STRING, NULL },
	{ "time", EXPR_STRING, NULL },    { "year", EXPR_INT, NULL },
	{ "month", EXPR_INT, NULL },      { "day", EXPR_INT, NULL },
	{ "hour", EXPR_INT, NULL },       { "minute", EXPR_INT, NULL },
	{ "weekday", EXPR_STRING, NULL }, { "weekday_number", EXPR_INT, NULL },
	{ NULL, EXPR_DYN, NULL }
};
static const struct expr_name gate_names[] = {
	{ "run", EXPR_MAP, run_names },   { "job", EXPR_MAP, job_names },
	{ "last", EXPR_MAP, last_names }, { "context", EXPR_MAP, context_names },
	{ "now", EXPR_MAP, now_names },   { NULL, EXPR_DYN, NULL },
};
static const struct expr_name source_names[] = { { "source", EXPR_DYN, NULL },
						 { NULL, EXPR_DYN, NULL } };
static const struct expr_name output_names[] = { { "output", EXPR_DYN, NULL },
						 { NULL, EXPR_DYN, NULL } };

const struct expr_env work_gate_env = { gate_names, false };
const struct expr_env work_source_env = { source_names, true };
const struct expr_env work_output_env = { output_names, true };

/* --- quiet hours --- */

#define DAY_S 86400

/* A reading of the clock as an instant: one that is skipped is the end of the gap; of two the
 * earlier as a start and the later as an end, so that nothing goes while the clock says quiet. */
static usec_t instant_of(const struct tz *z, int64_t day, int minutes, bool is_end)
{
	struct tz_local l = tz_from_local(z, day * DAY_S + minutes * 60);

	if (l.kind == TZ_GAP)
		return l.at * SEC;
	return (is_end ? l.second : l.first) * SEC;
}

/* The end of the quiet hours that `at` lies in, of those that begin on this day; else `at`. */
static usec_t end_of(const struct quiet_hours *q, const struct tz *z, int64_t day, usec_t at)
{
	unsigned weekday = civil_weekday((int32_t)day);
	usec_t end;

	if (q->days && !(q->days >> weekday & 1))
		return at;
	end = instant_of(z, q->end > q->start ? day : day + 1, q->end, true);
	return at >= instant_of(z, day, q->start, false) && at < end ? end : at;
}

usec_t work_not_quiet(const struct work *w, struct slice schedule_zone, struct tz_db *zones,
		      usec_t at)
{
	const struct quiet_hours *q = &w->quiet;
	const struct tz *z = tz_find(zones, q->zone.p ? q->zone : schedule_zone);
	int64_t utc = at / SEC, day;

	if (!w->has_quiet || q->start == q->end)
		return at;
	if (!z)
		z = tz_utc();
	day = (utc + tz_offset(z, utc, NULL)) / DAY_S;
	/* Where the one of yesterday ends, that of today may begin. */
	at = end_of(q, z, day - 1, at);
	at = end_of(q, z, day, at);
	return at;
}
