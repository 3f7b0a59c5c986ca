/* Operators on values. */
#include "expr_int.h"

#include <math.h>

/* No such pair of types for this operator. */
static bool no_overload(struct machine *m, const struct node *n, const struct value v[2])
{
	return machine_fail(m, (struct failure){ .code = FAIL_OVERLOAD,
						 .where = n->all,
						 .name = span_text(m->e, n->name),
						 .a = v[0].kind,
						 .b = v[1].kind });
}

static bool overflow(struct machine *m, const struct node *n)
{
	return machine_fail(m, (struct failure){ .code = FAIL_OVERFLOW, .where = n->all });
}

/* ---- comparison ---- */

/* True and *out_order when the two can be put in order. */
static bool order(const struct value *a, const struct value *b, int *out_order)
{
	if (value_is_number(a) && value_is_number(b))
		*out_order = number_compare(a, b);
	else if (a->kind == EXPR_STRING && b->kind == EXPR_STRING)
		*out_order = text_compare(a->s, b->s);
	else if (a->kind == EXPR_BOOL && b->kind == EXPR_BOOL)
		*out_order = (int)a->b - (int)b->b;
	else
		return false;
	return true;
}

static bool fits(enum node_op op, int order)
{
	switch (op) {
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

bool op_compare(struct machine *m, const struct node *n, const struct value v[2], struct value *out)
{
	bool is_same;
	int where;

	if (n->op == OP_EQ || n->op == OP_NE) {
		if (!value_equal(m, &v[0], &v[1], n->all, &is_same))
			return false;
		*out = value_bool(is_same == (n->op == OP_EQ));
		return true;
	}
	if (v[0].kind == EXPR_STRING && v[1].kind == EXPR_STRING
	    && !machine_spend(m, text_cost_both(v[0].s, v[1].s)))
		return false;
	if (!order(&v[0], &v[1], &where))
		return no_overload(m, n, v);
	*out = value_bool(fits(n->op, where));
	return true;
}

/* ---- arithmetic ---- */

static bool int_division(struct machine *m, const struct node *n, const struct value v[2],
			 struct value *out)
{
	int64_t a = v[0].i, b = v[1].i;

	if (b == 0)
		return machine_fail(m, (struct failure){ .code = FAIL_DIVISION, .where = n->all });
	if (a == INT64_MIN && b == -1)
		return overflow(m, n);
	*out = value_int(n->op == OP_DIV ? a / b : a % b);
	return true;
}

static bool int_op(struct machine *m, const struct node *n, const struct value v[2],
		   struct value *out)
{
	int64_t a = v[0].i, b = v[1].i, r;
	bool is_over;

	if (n->op == OP_DIV || n->op == OP_MOD)
		return int_division(m, n, v, out);
	is_over = n->op == OP_ADD ? __builtin_add_overflow(a, b, &r)
		: n->op == OP_SUB ? __builtin_sub_overflow(a, b, &r)
				  : __builtin_mul_overflow(a, b, &r);
	*out = value_int(r);
	return is_over ? overflow(m, n) : true;
}

static double as_double(const struct value *v)
{
	return v->kind == EXPR_INT ? (double)v->i : v->d;
}

static bool double_op(struct machine *m, const struct node *n, const struct value v[2],
		      struct value *out)
{
	double a = as_double(&v[0]), b = as_double(&v[1]), r;

	if (n->op == OP_DIV && b == 0)
		return machine_fail(m, (struct failure){ .code = FAIL_DIVISION, .where = n->all });
	r = n->op == OP_ADD ? a + b : n->op == OP_SUB ? a - b : n->op == OP_MUL ? a * b : a / b;
	*out = value_double(r);
	return isfinite(r) ? true : overflow(m, n);
}

static bool join(struct machine *m, const struct node *n, const struct value v[2],
		 struct value *out)
{
	struct text_reader r;
	size_t n_bytes = 0;
	char *room = NULL;

	if (machine_spend(m, 2 * (text_cost(v[0].s) + text_cost(v[1].s))))
		room = machine_room(m, n->all, text_bytes(v[0].s) + text_bytes(v[1].s));
	if (!room)
		return false;
	for (int i = 0; i < 2; i++) {
		r = text_open(v[i].s);
		for (int c = text_byte(&r); c >= 0; c = text_byte(&r))
			room[n_bytes++] = (char)c;
	}
	*out = value_string(text_plain((struct slice){ room, n_bytes }));
	return true;
}

bool op_arithmetic(struct machine *m, const struct node *n, const struct value v[2],
		   struct value *out)
{
	if (v[0].kind == EXPR_INT && v[1].kind == EXPR_INT)
		return int_op(m, n, v, out);
	if (value_is_number(&v[0]) && value_is_number(&v[1]) && n->op != OP_MOD)
		return double_op(m, n, v, out);
	if (v[0].kind == EXPR_STRING && v[1].kind == EXPR_STRING && n->op == OP_ADD)
		return join(m, n, v, out);
	return no_overload(m, n, v);
}

bool op_negate(struct machine *m, const struct node *n, const struct value *v, struct value *out)
{
	if (v->kind == EXPR_DOUBLE) {
		*out = value_double(-v->d);
		return true;
	}
	if (v->kind != EXPR_INT)
		return machine_fail(m, (struct failure){ .code = FAIL_WRONG_TYPE,
							 .where = n->all,
							 .need = "\"-\" takes a number",
							 .a = v->kind });
	*out = value_int(-(v->i != INT64_MIN ? v->i : 0));
	return v->i != INT64_MIN ? true : overflow(m, n);
}

bool op_in(struct machine *m, const struct node *n, const struct value v[2], struct value *out)
{
	struct lookup key = { v[0], n->all };
	bool is_there = false;
	struct value item;

	if (v[1].kind == EXPR_MAP) {
		if (!value_find(m, &v[1], &key, NULL, &is_there))
			return false;
	} else if (v[1].kind == EXPR_LIST) {
		for (uint32_t i = 0; i < value_members(&v[1]) && !is_there; i++)
			if (!value_member(m, &v[1], i, n->all, &item)
			    || !value_equal(m, &v[0], &item, n->all, &is_there))
				return false;
	} else {
		return machine_fail(m, (struct failure){ .code = FAIL_WRONG_TYPE,
							 .where = n->all,
							 .need = "\"in\" looks in a list or a map",
							 .a = v[1].kind });
	}
	*out = value_bool(is_there);
	return true;
}
