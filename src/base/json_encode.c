/* From a struct to text, straight into the buffer: no tree is made. The recursion goes as deep
 * as the shapes. */
#include "base/json.h"

#include <stdint.h>

#include "json_int.h"

static void add_null(struct strbuf *out)
{
	strbuf_add(out, "null", 4);
}

static void write_strs(const struct json_list *list, struct strbuf *out)
{
	const struct slice *items = list->items;

	strbuf_addc(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			strbuf_addc(out, ',');
		strbuf_add_json(out, items[i]);
	}
	strbuf_addc(out, ']');
}

static void write_map(const struct json_list *list, struct strbuf *out)
{
	const struct json_pair *items = list->items;

	strbuf_addc(out, '{');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			strbuf_addc(out, ',');
		strbuf_add_json(out, items[i].name);
		strbuf_addc(out, ':');
		strbuf_add_json(out, items[i].value);
	}
	strbuf_addc(out, '}');
}

static void write_list(const struct shape *shape, const struct json_list *list, struct strbuf *out)
{
	const char *item = list->items;

	strbuf_addc(out, '[');
	for (size_t i = 0; i < list->n; i++, item += shape->size) {
		if (i)
			strbuf_addc(out, ',');
		json_encode(shape, item, out);
	}
	strbuf_addc(out, ']');
}

/* False when there is no value, and nothing written. */
static bool write_slice(enum field_kind kind, struct slice s, struct strbuf *out)
{
	if (!s.p)
		return false;
	if (kind == FIELD_RAW)
		strbuf_add(out, s.p, s.n);
	else
		strbuf_add_json(out, s);
	return true;
}

/* False when the list was never set, which only FIELD_OPTIONAL cares about. */
static bool write_many(const struct field *f, const struct json_list *list, struct strbuf *out)
{
	if (!list->items && (f->flags & FIELD_OPTIONAL))
		return false;
	if (f->kind == FIELD_LIST)
		write_list(f->shape, list, out);
	else if (f->kind == FIELD_STRS)
		write_strs(list, out);
	else
		write_map(list, out);
	return true;
}

static bool write_object(const struct field *f, const void *member, struct strbuf *out)
{
	if (f->flags & FIELD_BEHIND)
		member = *(const void *const *)member;
	if (member)
		json_encode(f->shape, member, out);
	return member != NULL;
}

static bool write_value(const struct field *f, const void *member, struct strbuf *out)
{
	switch (f->kind) {
	case FIELD_STR:
	case FIELD_RAW:
		return write_slice(f->kind, *(const struct slice *)member, out);
	case FIELD_INT:
		strbuf_addi(out, *(const int64_t *)member);
		return true;
	case FIELD_BOOL:
		strbuf_adds(out, *(const bool *)member ? "true" : "false");
		return true;
	case FIELD_TYPE:
		return f->type->print(f, member, out);
	case FIELD_OBJ:
		return write_object(f, member, out);
	case FIELD_LIST:
	case FIELD_STRS:
	case FIELD_MAP:
		return write_many(f, member, out);
	case FIELD_NONE:
		break;
	}
	return false;
}

static void write_key(const char *name, struct strbuf *out)
{
	size_t n = strlen(name);
	char *to = strbuf_room(out, n + 4);
	size_t at = 0;

	if (!to)
		return;
	if (out->p[out->n - 1] != '{')
		to[at++] = ',';
	to[at++] = '"';
	memcpy(to + at, name, n);
	at += n;
	to[at++] = '"';
	to[at++] = ':';
	strbuf_grew(out, at);
}

static bool is_same_name(const struct field *f, const struct field *g)
{
	return f->name[0] == g->name[0] && strcmp(f->name, g->name) == 0;
}

/* Writes the member unless it is to be left out; a key whose value turns out to be missing is
 * taken back. False when the row has no value, written as null or not at all. */
static bool write_member(const struct field *f, const void *object, bool or_null,
			 struct strbuf *out)
{
	size_t before = out->n;

	write_key(f->name, out);
	if (write_value(f, (const char *)object + f->at, out))
		return true;
	if (or_null) {
		add_null(out);
	} else if (!out->failed) {
		out->n = before;
		out->p[before] = '\0';
	}
	return false;
}

void json_encode(const struct shape *shape, const void *object, struct strbuf *out)
{
	bool has_present = shape->present != 0 && shape->present != NO_PRESENT;
	uint64_t present = ~(uint64_t)0;
	const char *written = NULL; /* the name of alternatives of which one has had its say */

	if (has_present)
		memcpy(&present, (const char *)object + shape->present, sizeof(present));
	strbuf_addc(out, '{');
	for (int i = 0; i < shape->count; i++) {
		const struct field *f = &shape->fields[i];
		bool has_more = i + 1 < shape->count && is_same_name(f, f + 1);

		if (written && strcmp(written, f->name) == 0)
			continue;
		if ((f->flags & FIELD_PRESENT) && !(present >> i & 1))
			continue;
		if (write_member(f, object, !has_more && !(f->flags & FIELD_OPTIONAL), out)
		    && has_more)
			written = f->name;
	}
	strbuf_addc(out, '}');
}
