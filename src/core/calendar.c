/* Operations on business calendars. */
#include "core/calendar.h"

#include "base/check.h"
#include "core/calendar_int.h"
#include "core/change.h"
#include "core/core.h"
#include "core/core_int.h"
#include "core/snapshot.h"
#include "store/calendar.h"

#define DEFINITION_MAX 65536 /* bytes as stored */
#define LIST_DEFINITION_MAX 2048

bool calendar_name_ok(struct slice name)
{
	return core_name_ok(name, "._-", CALENDAR_NAME_MAX);
}

static struct calendar_key key_of(const struct op *op, struct slice name)
{
	return (struct calendar_key){ op->who.bucket, op->who.tenant, name };
}

/* NULL: the stored definition cannot be read. */
static struct calendar_view *view_of(struct op *op, const struct calendar_row *row)
{
	struct calendar_view *v = arena_make(op->arena, struct calendar_view);

	*v = (struct calendar_view){ .name = row->name,
				     .created_at = row->created_at,
				     .updated_at = row->updated_at,
				     .schedules = row->schedules };
	if (row->definition.p && !calendar_read(row->definition, op->arena, &v->def))
		return NULL;
	return v;
}

static flow answer(struct op *op, const struct calendar_view *v)
{
	return v ? op_ok(op, v)
		 : op_fail(op, ERR_INTERNAL, "The stored definition of a calendar cannot be read.");
}

/* --- change: read, write if nobody was quicker --- */

static struct slice printed(struct op *op, const struct calendar_def *def)
{
	struct strbuf text;
	struct slice out = { NULL, 0 };

	strbuf_init(&text, DEFINITION_MAX);
	json_encode(&calendar_shape, def, &text);
	if (text.failed)
		json_fault(&op->faults, "holidays", "too_long",
			   "A calendar's definition takes at most 64 KiB.");
	else
		out = arena_slice(op->arena, strbuf_slice(&text));
	strbuf_release(&text);
	return out;
}

struct changing {
	op_step *decide; /* once it has been read */
	struct calendar_key key;
	struct calendar_row old; /* name absent: there is none */
	struct slice definition; /* that is put */
	struct calendar_view *v; /* the answer */
	int tries;
};
static op_step old_read, put_decide, was_put, delete_decide, deleted;

static flow read_old(struct op *op)
{
	const struct changing *c = op->state;

	store_calendar_get(op_unit(op, LANE_READ), &c->key);
	return op_db(op, old_read);
}

static flow begin(struct op *op, struct slice name, op_step *decide, struct slice definition)
{
	struct changing *c = op->state = arena_make(op->arena, struct changing);

	*c = (struct changing){ .decide = decide,
				.key = key_of(op, name),
				.definition = definition };
	return read_old(op);
}

static flow old_read(struct op *op)
{
	struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	c->old = (struct calendar_row){ .definition = { NULL, 0 } };
	(void)store_calendar_got(op->unit, 0, &c->old);
	return c->decide(op);
}

static flow once_more(struct op *op)
{
	struct changing *c = op->state;

	return ++c->tries < OP_AGAIN_MAX ? op_again(op, c->tries, read_old)
					 : op_fail(op, ERR_CHANGED, NULL);
}

static struct slice kept(const struct op *op, struct slice definition)
{
	return definition.p ? snapshot_calendar(definition, op->arena) : definition;
}

flow calendar_put(struct op *op)
{
	const struct calendar_put *in = op->in;
	struct calendar *built = arena_make(op->arena, struct calendar);
	struct slice definition = { NULL, 0 };

	if (!calendar_name_ok(in->name))
		json_fault(&op->faults, "name", "invalid_name",
			   "A name has 1 to 64 letters, digits, points, underscores and hyphens, "
			   "and is neither . nor .. alone.");
	if (calendar_compile(in->def, "", op->arena, &op->faults, built))
		definition = printed(op, in->def);
	if (op->faults.total)
		return op_invalid(op);
	return begin(op, in->name, put_decide, definition);
}

static bool is_same(struct slice a, struct slice b)
{
	return a.p && b.p && a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static flow put_decide(struct op *op)
{
	const struct calendar_put *in = op->in;
	struct changing *c = op->state;
	bool is_new = !c->old.definition.p;

	c->v = arena_make(op->arena, struct calendar_view);
	*c->v = (struct calendar_view){ .name = in->name,
					.def = *in->def,
					.created_at = is_new ? op->now : c->old.created_at,
					.updated_at = op->now,
					.schedules = c->old.schedules,
					.was_new = is_new };
	op->is_made = is_new;
	if (is_same(c->definition, c->old.definition)) {
		c->v->updated_at = c->old.updated_at;
		return op_ok(op, c->v);
	}
	store_calendar_put(op_unit(op, LANE_WRITE), &c->key,
			   &(struct calendar_change){ c->definition, c->old.definition },
			   CALENDARS_MAX, op->now);
	op_changes(op,
		   &(struct change){ .object = OBJECT_CALENDAR,
				     .name = in->name,
				     .what = is_new ? "created" : "changed",
				     .before = kept(op, c->old.definition),
				     .after = kept(op, c->definition) },
		   1, c->v);
	return op_db(op, was_put);
}

static flow was_put(struct op *op)
{
	const struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_calendar_was_put(op->unit, 0)) {
	case CALENDARS_FULL:
		return op_fail(op, ERR_CALENDAR_LIMIT, NULL);
	case CALENDAR_DONE:
		break;
	default:
		return once_more(op);
	}
	if (op->core->on_recompute)
		op->core->on_recompute(op->core->engine);
	return op_ok(op, c->v);
}

/* --- get --- */

static op_step got;

flow calendar_get(struct op *op)
{
	const struct calendar_get *in = op->in;
	struct calendar_key key = key_of(op, in->name);

	if (in->year && (in->year < CALENDAR_YEAR_MIN || in->year > CALENDAR_YEAR_MAX)) {
		json_fault(&op->faults, "year", "out_of_range", "This must be from 1970 to 2199.");
		return op_invalid(op);
	}
	/* Such a one cannot be there; and not every name is text to the database. */
	if (!calendar_name_ok(in->name))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	store_calendar_get(op_unit(op, LANE_READ), &key);
	return op_db(op, got);
}

/* The days of a year that the weekend does not close. */
static struct json_list closed_days(const struct calendar *c, unsigned weekend, int year,
				    struct arena *a)
{
	int32_t day = civil_to_days((struct civil){ year, 1, 1 });
	int32_t end = civil_to_days((struct civil){ year + 1, 1, 1 });
	struct slice *days = arena_array(a, struct slice, (size_t)(end - day));
	struct json_list out = { days, 0 };

	for (; day < end; day++) {
		struct civil at = civil_from_days(day);

		if (calendar_is_open(c, day) || weekend >> civil_weekday(day) & 1)
			continue;
		days[out.n++] = slice_of(
			arena_printf(a, "%04d-%02u-%02u", at.year, at.month, at.day));
	}
	return out;
}

static flow got(struct op *op)
{
	const struct calendar_get *in = op->in;
	const struct calendar *c = NULL;
	struct calendar_row row;
	struct calendar_view *v;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	if (!store_calendar_got(op->unit, 0, &row))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	v = view_of(op, &row);
	if (v && in->year)
		c = calendar_load(row.definition, op->arena);
	if (c)
		v->days = closed_days(c, calendar_weekend(&v->def), (int)in->year, op->arena);
	return answer(op, in->year && !c ? NULL : v);
}

/* --- list --- */

static op_step listed;

flow calendar_list(struct op *op)
{
	struct calendar_key of = key_of(op, (struct slice){ NULL, 0 });

	store_calendar_list(op_unit(op, LANE_SLOW), &of, CALENDARS_MAX, LIST_DEFINITION_MAX);
	return op_db(op, listed);
}

static flow listed(struct op *op)
{
	struct calendar_page_view *page = arena_make(op->arena, struct calendar_page_view);
	struct calendar_row *rows;
	struct calendar_view *views;
	size_t n;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_NONE);
	n = store_calendars(op->unit, 0, &rows);
	views = arena_array(op->arena, struct calendar_view, n);
	for (size_t i = 0; i < n; i++) {
		const struct calendar_view *v = view_of(op, &rows[i]);

		if (!v)
			return answer(op, NULL);
		views[i] = *v;
	}
	page->items = (struct json_list){ views, n };
	page->total = (int64_t)n;
	return op_ok(op, page);
}

/* --- delete --- */

flow calendar_delete(struct op *op)
{
	struct slice name = *(const struct slice *)op->in;

	if (!calendar_name_ok(name))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	return begin(op, name, delete_decide, (struct slice){ NULL, 0 });
}

static flow delete_decide(struct op *op)
{
	struct changing *c = op->state;

	if (!c->old.definition.p)
		return op_fail(op, ERR_NOT_FOUND, NULL);
	c->v = view_of(op, &c->old);
	if (!c->v)
		return answer(op, NULL);
	c->v->schedules = 0; /* else it stays */
	store_calendar_delete(op_unit(op, LANE_WRITE), &c->key, c->old.definition, op->now);
	op_changes(op,
		   &(struct change){ .object = OBJECT_CALENDAR,
				     .name = c->old.name,
				     .what = "deleted",
				     .before = kept(op, c->old.definition) },
		   1, c->v);
	return op_db(op, deleted);
}

static flow deleted(struct op *op)
{
	const struct changing *c = op->state;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	switch (store_calendar_deleted(op->unit, 0)) {
	case CALENDAR_DONE:
		return op_ok(op, c->v);
	case CALENDAR_UNKNOWN:
		return op_fail(op, ERR_NOT_FOUND, NULL);
	case CALENDAR_USED:
		return op_fail(op, ERR_CALENDAR_IN_USE, NULL);
	default:
		return once_more(op);
	}
}
