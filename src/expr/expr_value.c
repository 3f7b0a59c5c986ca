/* Values: read from JSON, looked up, told equal. */
#include "expr_int.h"

#include "base/check.h"

static struct slice json_text(const struct expr_json *j, const struct json_value *v)
{
	return (struct slice){ j->text.p + v->at, v->n };
}

bool value_load(struct machine *m, const struct expr_json *j, const struct json_value *v,
		struct span where, struct value *out)
{
	struct slice text = json_text(j, v);

	switch (v->kind) {
	case EXPR_NULL:
		*out = (struct value){ .kind = EXPR_NULL };
		return true;
	case EXPR_BOOL:
		*out = value_bool(text.p[0] == 't');
		return true;
	case EXPR_STRING:
		*out = value_string((struct text){ text, v->is_escaped });
		return true;
	case EXPR_DOUBLE:
		if (!machine_spend(m, 2 * (text.n < NUMBER_MAX ? text.n : NUMBER_MAX)))
			return false;
		return (text.n <= NUMBER_MAX && number_read(text, out))
		    || machine_fail(m, (struct failure){ .code = FAIL_NUMBER, .where = where });
	default:
		*out = (struct value){ .kind = v->kind, .is_json = true, .json = { j, v } };
		return true;
	}
}

bool value_member(struct machine *m, const struct value *of, uint32_t i, struct span where,
		  struct value *out)
{
	const struct json_value *at;

	if (!machine_spend(m, COST_MEMBER))
		return false;
	if (!of->is_json) {
		*out = of->cells.list[of->kind == EXPR_MAP ? i * 2 : i];
		return true;
	}
	at = &of->json.doc->values[of->json.at->at + i];
	if (of->kind == EXPR_LIST)
		return value_load(m, of->json.doc, at, where, out);
	*out = value_string(json_key(of->json.doc, at));
	return true;
}

static bool find_cell(struct machine *m, const struct value *map, const struct lookup *key,
		      struct value *out, bool *out_found)
{
	bool is_same = false;

	for (uint32_t i = 0; i < map->cells.n && !is_same; i++) {
		/* Keys are scalars: equality goes no deeper. */
		if (!value_equal(m, &map->cells.list[i * 2], &key->key, key->where, &is_same))
			return false;
		if (is_same && out)
			*out = map->cells.list[i * 2 + 1];
	}
	*out_found = is_same;
	return true;
}

bool value_find(struct machine *m, const struct value *map, const struct lookup *key,
		struct value *out, bool *out_found)
{
	const struct json_value *at;
	size_t cost;

	if (!map->is_json)
		return find_cell(m, map, key, out, out_found);
	*out_found = false;
	if (key->key.kind != EXPR_STRING)
		return true;
	at = json_member(map->json.doc, map->json.at, key->key.s, &cost);
	*out_found = at != NULL;
	return machine_spend(m, cost)
	    && (!at || !out || value_load(m, map->json.doc, at, key->where, out));
}

/* ---- equality ---- */

static bool same_text(struct machine *m, struct text a, struct text b, bool *out)
{
	*out = false;
	/* Without escapes, another length is another string. */
	if (!a.is_escaped && !b.is_escaped && a.s.n != b.s.n)
		return true;
	if (!machine_spend(m, text_cost_both(a, b)))
		return false;
	*out = text_compare(a, b) == 0;
	return true;
}

static bool same_list(struct machine *m, const struct value *a, const struct value *b,
		      struct span where, bool *out)
{
	struct value x = { .kind = EXPR_NULL }, y = x;

	*out = true;
	for (uint32_t i = 0; i < value_members(a) && *out; i++)
		if (!value_member(m, a, i, where, &x) || !value_member(m, b, i, where, &y)
		    || !value_equal(m, &x, &y, where, out))
			return false;
	return true;
}

static bool same_map(struct machine *m, const struct value *a, const struct value *b,
		     struct span where, bool *out)
{
	static const struct value none = { .kind = EXPR_NULL };
	struct lookup key = { none, where };
	struct value x = none, y = none;
	bool is_in_a = false;

	*out = true;
	for (uint32_t i = 0; i < value_members(a) && *out; i++) {
		if (!value_member(m, a, i, where, &key.key) || !value_find(m, b, &key, &y, out))
			return false;
		if (!*out)
			return true;
		if (!value_find(m, a, &key, &x, &is_in_a) || !value_equal(m, &x, &y, where, out))
			return false;
	}
	return true;
}

/* Values of different types are different, as in CEL; int and double are one type here. Recursion goes as
 * deep as JSON does, or as the tree is high. */
bool value_equal(struct machine *m, const struct value *a, const struct value *b, struct span where,
		 bool *out)
{
	if (!machine_spend(m, COST_MEMBER))
		return false;
	if (value_is_number(a) && value_is_number(b)) {
		*out = number_compare(a, b) == 0;
		return true;
	}
	*out = a->kind == b->kind;
	if (!*out || a->kind == EXPR_NULL)
		return true;
	if (a->kind == EXPR_STRING)
		return same_text(m, a->s, b->s, out);
	if (a->kind == EXPR_BOOL || a->kind == EXPR_TYPE) {
		*out = a->kind == EXPR_BOOL ? a->b == b->b : a->type == b->type;
		return true;
	}
	*out = value_members(a) == value_members(b);
	if (!*out)
		return true;
	return a->kind == EXPR_LIST ? same_list(m, a, b, where, out)
				    : same_map(m, a, b, where, out);
}
