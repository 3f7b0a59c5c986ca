/* Business calendars: named, sent and shown as they are stored. */
#include "http/types.h"
#include "taskhook_int.h"

struct in_year {
	int64_t year; /* 0: not given */
};

static const struct field in_year_rows[] = {
	F_INT(in_year, year, "year", .min = CALENDAR_YEAR_MIN, .max = CALENDAR_YEAR_MAX),
};
const struct shape in_year_shape = SHAPE(in_year, "CalendarQuery", in_year_rows,
					 .present = NO_PRESENT);

static const struct field out_calendar_rows[] = {
	F_STR(calendar_view, name, "name"),
	F_STR(calendar_view, def.description, "description", .flags = FIELD_OPTIONAL),
	F_STRS(calendar_view, def.weekend, "weekend", .flags = FIELD_OPTIONAL),
	F_LIST(calendar_view, def.holidays, "holidays", holiday_shape, .flags = FIELD_OPTIONAL),
	F_STRS(calendar_view, days, "closed_days", .flags = FIELD_OPTIONAL),
	F_INT(calendar_view, schedules, "schedules"),
	F_INSTANT(calendar_view, created_at, "created_at"),
	F_INSTANT(calendar_view, updated_at, "updated_at"),
};
const struct shape out_calendar_shape = SHAPE(calendar_view, "StoredCalendar", out_calendar_rows,
					      .present = NO_PRESENT);

static const struct field out_calendars_rows[] = {
	F_INT(calendar_page_view, total, "total"),
	F_LIST(calendar_page_view, items, "calendars", out_calendar_shape),
};
const struct shape out_calendars_shape = SHAPE(calendar_page_view, "CalendarList",
					       out_calendars_rows, .present = NO_PRESENT);

flow th_calendar_put(struct op *op)
{
	struct calendar_put *ask = arena_make(op->arena, struct calendar_put);

	*ask = (struct calendar_put){ op->names[0], op->in };
	op->in = ask;
	return calendar_put(op);
}

flow th_calendar_get(struct op *op)
{
	const struct in_year *in = op->in;
	struct calendar_get *ask = arena_make(op->arena, struct calendar_get);

	*ask = (struct calendar_get){ op->names[0], in->year };
	op->in = ask;
	return calendar_get(op);
}

flow th_calendar_delete(struct op *op)
{
	op->in = &op->names[0];
	return calendar_delete(op);
}
