/* Operations on business calendars. */
#include "core/calendar.h"

#include "base/check.h"
#include "core/calendar_int.h"
#include "core/core.h"
#include "core/core_int.h"
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

/* --- put --- */

static op_step was_put;

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

flow calendar_put(struct op *op)
{
	const struct calendar_put *in = op->in;
	struct calendar_key key = key_of(op, in->name);
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
	store_calendar_put(op_unit(op, LANE_WRITE), &key, definition, CALENDARS_MAX, op->now);
	return op_db(op, was_put);
}

static flow was_put(struct op *op)
{
	const struct calendar_put *in = op->in;
	struct calendar_view *v = arena_make(op->arena, struct calendar_view);
	struct calendar_stored stored;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	store_calendar_was_put(op->unit, 0, &stored);
	if (stored.is_full)
		return op_fail(op, ERR_CALENDAR_LIMIT, NULL);
	if (stored.changed && op->core->on_recompute)
		op->core->on_recompute(op->core->engine);
	*v = (struct calendar_view){ .name = in->name,
				     .def = *in->def,
				     .created_at = stored.created_at,
				     .updated_at = stored.updated_at,
				     .schedules = stored.schedules,
				     .was_new = stored.was_new };
	op->is_made = stored.was_new;
	return op_ok(op, v);
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

static op_step deleted;

flow calendar_delete(struct op *op)
{
	struct calendar_key key = key_of(op, *(const struct slice *)op->in);

	if (!calendar_name_ok(key.name))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	store_calendar_delete(op_unit(op, LANE_WRITE), &key, op->now);
	return op_db(op, deleted);
}

static flow deleted(struct op *op)
{
	struct calendar_row row;
	bool used;

	if (op->unit->outcome != DB_OK)
		return op_db_fail(op, ERR_CHANGED);
	if (!store_calendar_deleted(op->unit, 0, &row, &used))
		return op_fail(op, ERR_NOT_FOUND, NULL);
	if (used)
		return op_fail(op, ERR_CALENDAR_IN_USE, NULL);
	return answer(op, view_of(op, &row));
}
