#include "store/schedule.h"

#include "model/turn.h"
#include "sql.h"

#define SCHEDULE(member) COL(rows, n, struct schedule, member)

/* The tenants among them that have a quota. */
static size_t with_quota(const struct schedule *const *rows, size_t n, const void **out)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (rows[i]->quota)
			out[found++] = rows[i];
	return found;
}

void store_schedule_insert(struct db_unit *u, const struct schedule *const *rows, size_t n)
{
	const void **limited = arena_array(u->arena, const void *, n);
	size_t limited_n = with_quota(rows, n, limited);

	if (limited_n)
		q_quota_lock(u, &(struct q_quota_lock){ .tenants = COL(limited, limited_n,
								       struct schedule, tenant) });
	q_schedule_insert(u, &(struct q_schedule_insert){
				     .buckets = SCHEDULE(bucket),
				     .ids = SCHEDULE(id),
				     .tenants = SCHEDULE(tenant),
				     .kinds = SCHEDULE(kind),
				     .states = SCHEDULE(state),
				     .names = SCHEDULE(name),
				     .details = SCHEDULE(details),
				     .spec_kinds = SCHEDULE(spec_kind),
				     .specs = SCHEDULE(spec),
				     .zones = SCHEDULE(zone),
				     .starts = SCHEDULE(start_at),
				     .ends = SCHEDULE(end_at),
				     .gaps = SCHEDULE(dst_gap),
				     .overlaps_dst = SCHEDULE(dst_overlap),
				     .overlaps = SCHEDULE(overlap),
				     .catchups = SCHEDULE(catchup),
				     .lookaheads = SCHEDULE(lookahead_us),
				     .expires = SCHEDULE(expires_us),
				     .templates = SCHEDULE(template_id),
				     .nexts = SCHEDULE(next_at),
				     .wakes = SCHEDULE(wake_at),
				     .pauses = SCHEDULE(paused_at),
				     .urls = SCHEDULE(url),
				     .options = SCHEDULE(options),
				     .payloads = SCHEDULE(payload),
				     .created = SCHEDULE(created_at),
				     .calendars = SCHEDULE(calendar),
				     .adjusts = SCHEDULE(adjust),
				     .jitters = SCHEDULE(jitter_us),
				     .count_ends = SCHEDULE(count_end),
				     .agents = SCHEDULE(agent),
				     .quotas = SCHEDULE(quota),
			     });
}

static struct uuid inserted(const struct db_unit *u, int stmt, int i)
{
	struct q_schedule_insert_row r;

	q_schedule_insert_read(db_rows(u, stmt), i, &r);
	return r.id;
}

bool store_schedule_inserted(const struct db_unit *u, const struct schedule *row, int *cursor)
{
	/* A lock that went ahead answers rows without ids. */
	int stmt = db_rows_count(db_rows(u, 0)) > 0 && id_is_nil(inserted(u, 0, 0));

	if (*cursor >= db_rows_count(db_rows(u, stmt))
	    || id_compare(inserted(u, stmt, *cursor), row->id) != 0)
		return false;
	(*cursor)++;
	return true;
}

void store_schedule_get(struct db_unit *u, const struct run_ref *ref, usec_t now)
{
	q_schedule_get(u, &(struct q_schedule_get){ .bucket = ref->bucket,
						    .tenant = ref->tenant,
						    .id = ref->id,
						    .kind = ref->kind,
						    .now = now });
}

/* The columns that schedule_get and schedule_page share, by the same names. */
#define SCHEDULE_OF(r)                                                                            \
	.state = (r).state, .id = (r).id, .name = (r).name, .details = (r).details,               \
	.spec_kind = (r).spec_kind, .spec = (r).spec, .zone = (r).zone, .start_at = (r).start_at, \
	.end_at = (r).end_at, .anchor_at = (r).anchor_at, .dst_gap = (r).dst_gap,                 \
	.dst_overlap = (r).dst_overlap, .overlap = (r).overlap, .catchup = (r).catchup,           \
	.lookahead_us = (r).lookahead_us, .expires_us = (r).expires_us,                           \
	.template_id = (r).template_id, .rev = (r).rev, .next_at = (r).next_at,                   \
	.paused_at = (r).paused_at, .created_at = (r).created_at, .updated_at = (r).updated_at,   \
	.url = (r).url, .options = (r).options, .payload = (r).payload, .executed = (r).executed, \
	.last_at = (r).last_at, .skipped = (r).skipped, .upcoming = (r).upcoming,                 \
	.calendar = (r).calendar, .adjust = (r).adjust, .jitter_us = (r).jitter_us,               \
	.count_end = (r).count_end, .agent = (r).agent, .failures = (r).failures,                 \
	.last_state = (r).last_state

bool store_schedule_got(const struct db_unit *u, int stmt, struct schedule *out)
{
	struct q_schedule_get_row r;

	if (db_rows_count(db_rows(u, stmt)) == 0)
		return false;
	q_schedule_get_read(db_rows(u, stmt), 0, &r);
	*out = (struct schedule){ SCHEDULE_OF(r) };
	return true;
}

void store_schedule_calendar(struct db_unit *u, const struct run_ref *ref)
{
	q_schedule_calendar(u, &(struct q_schedule_calendar){ .bucket = ref->bucket,
							      .tenant = ref->tenant,
							      .id = ref->id });
}

struct slice store_schedule_calendar_got(const struct db_unit *u, int stmt)
{
	struct q_schedule_calendar_row r = { .definition = { NULL, 0 } };

	if (db_rows_count(db_rows(u, stmt)) > 0)
		q_schedule_calendar_read(db_rows(u, stmt), 0, &r);
	return r.definition;
}

void store_schedule_page(struct db_unit *u, const struct schedule_page *p)
{
	q_schedule_page(u, &(struct q_schedule_page){ .bucket = p->bucket,
						      .tenant = p->tenant,
						      .kind = p->kind,
						      .state = p->state,
						      .now = p->now,
						      .skip = p->skip,
						      .most = p->most,
						      .payload_max = p->payload_max });
}

size_t store_schedule_paged(const struct db_unit *u, int stmt, struct schedule **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct schedule *list = arena_array(u->arena, struct schedule, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_schedule_page_row r;

		q_schedule_page_read(rows, i, &r);
		list[i] = (struct schedule){ SCHEDULE_OF(r), .payload_omitted = r.payload_omitted };
	}
	*out = list;
	return (size_t)n;
}

void store_schedule_count(struct db_unit *u, const struct schedule_page *p)
{
	q_schedule_count(u, &(struct q_schedule_count){ .bucket = p->bucket,
							.tenant = p->tenant,
							.kind = p->kind,
							.state = p->state });
}

int64_t store_schedule_counted(const struct db_unit *u, int stmt)
{
	struct q_schedule_count_row row;

	q_schedule_count_read(db_rows(u, stmt), 0, &row);
	return row.total;
}

void store_plan_page(struct db_unit *u, const struct plan_page *p)
{
	q_plan_page(u, &(struct q_plan_page){
			       .bucket = p->bucket,
			       .tenant = p->tenant,
			       .states = { (const void *const *)p->states, p->states_n, 0 },
			       .action = p->action,
			       .from = p->from,
			       .to = p->to,
			       .before = p->before,
			       .before_id = p->before_id,
			       .scan = p->scan,
			       .most = p->most,
			       .payload_max = p->payload_max,
		       });
}

int64_t store_plans(const struct db_unit *u, int stmt, struct schedule **out, size_t *out_n,
		    struct schedule *out_end)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct schedule *list = arena_array(u->arena, struct schedule, (size_t)n);
	int64_t scanned = 0;

	*out = list;
	*out_n = 0;
	for (int i = 0; i < n; i++) {
		struct q_plan_page_row r;

		q_plan_page_read(rows, i, &r);
		scanned = r.scanned;
		*(r.fits ? &list[(*out_n)++]
			 : out_end) = (struct schedule){ SCHEDULE_OF(r), .kind = KIND_PLAN,
							 .payload_omitted = r.payload_omitted };
	}
	return scanned;
}

void store_template_insert(struct db_unit *u, const struct schedule *s, usec_t now)
{
	q_template_insert(u, &(struct q_template_insert){ .bucket = s->bucket,
							  .id = s->template_id,
							  .tenant = s->tenant,
							  .url = s->url,
							  .options = s->options,
							  .payload = s->payload,
							  .schedule = s->id,
							  .rev = s->rev,
							  .now = now });
}

void store_schedule_update(struct db_unit *u, const struct schedule *s, int16_t was,
			   const struct skip_range *passed, usec_t now)
{
	struct q_schedule_update q = {
		.bucket = s->bucket,
		.tenant = s->tenant,
		.id = s->id,
		.kind = s->kind,
		.rev = s->rev,
		.was = was,
		.state = s->state,
		.name = s->name,
		.details = s->details,
		.spec_kind = s->spec_kind,
		.spec = s->spec,
		.zone = s->zone,
		.start = s->start_at,
		.end = s->end_at,
		.anchor = s->anchor_at,
		.gap = s->dst_gap,
		.fold = s->dst_overlap,
		.overlap = s->overlap,
		.catchup = s->catchup,
		.lookahead = s->lookahead_us,
		.expires = s->expires_us,
		.template = s->template_id,
		.next = s->next_at,
		.wake = s->wake_at,
		.paused = s->paused_at,
		.skip_from = USEC_NEVER,
		.skip_to = USEC_NEVER,
		.now = now,
		.calendar = s->calendar,
		.adjust = s->adjust,
		.jitter = s->jitter_us,
		.count_end = s->count_end,
		.agent = s->agent,
	};

	if (passed) {
		q.skip_id = id_new(now);
		q.skip_from = passed->from_at;
		q.skip_to = passed->to_at;
		q.skip_count = passed->count;
		q.skip_reason = passed->reason;
	}
	q_schedule_update(u, &q);
}

bool store_schedule_updated(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt)) > 0;
}

void store_skip_list(struct db_unit *u, const struct schedule_page *p, struct uuid schedule)
{
	q_skip_list(u, &(struct q_skip_list){ .bucket = p->bucket,
					      .tenant = p->tenant,
					      .schedule = schedule,
					      .skip = p->skip,
					      .most = p->most });
}

size_t store_skips(const struct db_unit *u, int stmt, struct skip_range **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct skip_range *list = arena_array(u->arena, struct skip_range, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_skip_list_row r;

		q_skip_list_read(rows, i, &r);
		list[i] = (struct skip_range){ r.from_at, r.to_at, r.created_at, r.count,
					       r.reason };
	}
	*out = list;
	return (size_t)n;
}

void store_schedule_due(struct db_unit *u, const struct due_request *r)
{
	q_schedule_due(u, &(struct q_schedule_due){
				  .now = r->now,
				  .most = r->most,
				  .tenants = COL(r->turns, r->turns_n, struct turn_quota, tenant),
				  .quotas = COL(r->turns, r->turns_n, struct turn_quota, quota) });
}

void store_schedule_tenants(struct db_unit *u, struct uuid after, int32_t most)
{
	q_schedule_tenants(u, &(struct q_schedule_tenants){ .after = after, .most = most });
}

int store_schedule_tenants_count(const struct db_unit *u, int stmt)
{
	return db_rows_count(db_rows(u, stmt));
}

void store_schedule_tenants_got(const struct db_unit *u, int stmt, int i, struct uuid *out_tenant,
				usec_t *out_wake)
{
	struct q_schedule_tenants_row r;

	q_schedule_tenants_read(db_rows(u, stmt), i, &r);
	*out_tenant = r.tenant;
	*out_wake = r.wake_at;
}

size_t store_schedules_due(const struct db_unit *u, int stmt, struct schedule **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct schedule *list = arena_array(u->arena, struct schedule, (size_t)n);

	for (int i = 0; i < n; i++) {
		struct q_schedule_due_row r;

		q_schedule_due_read(rows, i, &r);
		list[i] = (struct schedule){
			.bucket = r.bucket,
			.tenant = r.tenant,
			.id = r.id,
			.kind = r.kind,
			.state = SCHEDULE_ACTIVE,
			.spec_kind = r.spec_kind,
			.spec = r.spec,
			.zone = r.zone,
			.start_at = r.start_at,
			.end_at = r.end_at,
			.anchor_at = r.anchor_at,
			.dst_gap = r.dst_gap,
			.dst_overlap = r.dst_overlap,
			.overlap = r.overlap,
			.catchup = r.catchup,
			.lookahead_us = r.lookahead_us,
			.expires_us = r.expires_us,
			.rev = r.rev,
			.next_at = r.next_at,
			.calendar = r.calendar,
			.adjust = r.adjust,
			.jitter_us = r.jitter_us,
			.count_end = r.count_end,
			.calendar_def = r.calendar_def,
		};
	}
	*out = list;
	return (size_t)n;
}

void store_schedule_wake(struct db_unit *u, usec_t after)
{
	q_schedule_wake(u, &(struct q_schedule_wake){ .after = after });
}

usec_t store_schedule_woken(const struct db_unit *u, int stmt)
{
	struct q_schedule_wake_row row;

	q_schedule_wake_read(db_rows(u, stmt), 0, &row);
	return row.at;
}

void store_schedule_advance(struct db_unit *u, const struct advance *a)
{
	q_schedule_advance(
		u, &(struct q_schedule_advance){
			   .buckets = COL(a->moves, a->moves_n, struct move, bucket),
			   .ids = COL(a->moves, a->moves_n, struct move, id),
			   .revs = COL(a->moves, a->moves_n, struct move, rev),
			   .was = COL(a->moves, a->moves_n, struct move, was),
			   .nexts = COL(a->moves, a->moves_n, struct move, next),
			   .wakes = COL(a->moves, a->moves_n, struct move, wake),
			   .run_buckets = COL(a->slots, a->slots_n, struct slot, bucket),
			   .run_schedules = COL(a->slots, a->slots_n, struct slot, schedule),
			   .run_ids = COL(a->slots, a->slots_n, struct slot, run),
			   .slots = COL(a->slots, a->slots_n, struct slot, at),
			   .readies = COL(a->slots, a->slots_n, struct slot, ready),
			   .jitters = COL(a->slots, a->slots_n, struct slot, jitter),
			   .expires = COL(a->slots, a->slots_n, struct slot, expires),
			   .triggers = COL(a->slots, a->slots_n, struct slot, trigger),
			   .created = COL(a->slots, a->slots_n, struct slot, created),
			   .skip_buckets = COL(a->skips, a->skips_n, struct slot_skip, bucket),
			   .skip_schedules = COL(a->skips, a->skips_n, struct slot_skip, schedule),
			   .skip_ids = COL(a->skips, a->skips_n, struct slot_skip, id),
			   .skip_from = COL(a->skips, a->skips_n, struct slot_skip, from_at),
			   .skip_to = COL(a->skips, a->skips_n, struct slot_skip, to_at),
			   .skip_counts = COL(a->skips, a->skips_n, struct slot_skip, count),
			   .skip_reasons = COL(a->skips, a->skips_n, struct slot_skip, reason),
			   .now = a->now,
		   });
}

size_t store_schedule_advanced(const struct db_unit *u, int stmt, size_t *out_skipped)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	size_t skipped = 0;

	for (int i = 0; i < n; i++) {
		struct q_schedule_advance_row r;

		q_schedule_advance_read(rows, i, &r);
		skipped += r.skipped;
	}
	*out_skipped = skipped;
	return (size_t)n - skipped;
}
