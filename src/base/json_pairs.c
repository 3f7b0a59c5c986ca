/* Query strings through the rows of a shape. */
#include "base/json.h"

#include "base/check.h"
#include "json_int.h"

/* The kinds that one string can be. */
#define PAIR_KINDS \
	(1u << FIELD_STR | 1u << FIELD_INT | 1u << FIELD_BOOL | 1u << FIELD_TYPE | 1u << FIELD_STRS)

/* Unlike a body's, these bytes have been through no scanner. */
static bool is_text(struct slice s)
{
	for (size_t i = 0; i < s.n;) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		size_t n = *p < 0x80 ? *p != 0 : utf8_bytes(p, s.n - i);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

static bool is_number(struct slice s)
{
	struct json_syntax ignored;

	return s.n > 0 && (s.p[0] == '-' || (s.p[0] >= '0' && s.p[0] <= '9')) && s.p[s.n - 1] > ' '
	    && json_scan(s, &ignored);
}

static void read_bool(const struct reading *r, struct slice text, void *member,
		      const struct json_path *path)
{
	if (slice_is(text, "true") || slice_is(text, "1"))
		*(bool *)member = true;
	else if (slice_is(text, "false") || slice_is(text, "0"))
		*(bool *)member = false;
	else
		json_complain(r, path, "wrong_type", "This must be true or false.");
}

/* One more of a name that may be given several times. */
static void add_str(const struct reading *r, const struct field *f, struct slice text, void *member,
		    const struct json_path *path)
{
	struct json_list *list = member;
	struct slice *items;

	if (f->max > 0 && list->n >= (uint64_t)f->max) {
		json_complain(r, path, "too_many", "This can be given %lld times at most.",
			      (long long)f->max);
		return;
	}
	items = arena_array(r->arena, struct slice, list->n + 1);
	if (list->n)
		memcpy(items, list->items, list->n * sizeof(*items));
	items[list->n] = text;
	*list = (struct json_list){ items, list->n + 1 };
}

static void read_pair(const struct reading *r, const struct field *f, struct slice value,
		      void *object, const struct json_path *path)
{
	void *member = (char *)object + f->at;

	if (!is_text(value))
		json_complain(r, path, "wrong_type", "This must be UTF-8 text.");
	else if (f->kind == FIELD_STRS)
		add_str(r, f, value, member, path);
	else if (f->kind == FIELD_BOOL)
		read_bool(r, value, member, path);
	else if (f->kind != FIELD_INT)
		json_read_text(r, f, value, member, path);
	else if (is_number(value))
		json_read_int(r, f, value, member, path);
	else
		json_complain(r, path, "wrong_type", "This must be an integer.");
}

void json_decode_pairs(const struct shape *shape, const struct json_pair *pairs, size_t n,
		       const struct json_reader *to, void *out_object)
{
	struct reading r = { to->arena, to->faults, NULL };
	uint64_t sent_seen[2] = { 0, 0 };

	ASSERT(shape->count <= 64);
	memset(out_object, 0, shape->size);
	json_init(shape, out_object);
	for (size_t i = 0; i < n; i++) {
		struct json_path here = { NULL, pairs[i].name, 0 };
		int k = 0;

		while (k < shape->count
		       && (!slice_is(here.name, shape->fields[k].name)
			   || !(1u << shape->fields[k].kind & PAIR_KINDS)))
			k++;
		if (k == shape->count) {
			json_unknown(&r, shape, &here);
		} else if ((sent_seen[0] >> k & 1) && shape->fields[k].kind != FIELD_STRS) {
			json_complain(&r, &here, "duplicate", "This is given twice.");
		} else {
			sent_seen[0] |= 1ull << k;
			read_pair(&r, &shape->fields[k], pairs[i].value, out_object, &here);
		}
	}
	json_finish(&r, shape, out_object, NULL, sent_seen);
}
