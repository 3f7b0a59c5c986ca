/* The walk over the tree. A row of `runs` for each kind of node; every function gives false when there is no value,
 * and has then said why (machine_fail).
 *
 * Lists, maps and strings made under way lie in the machine's cells and scratch, as on a stack: a value
 * that holds none of them (a number, a boolean) gives back all that was taken to work it out. So an element of the
 * tree has at most one list alive, and as many cells as there may be nodes are always enough. */
#include "expr_int.h"

#include <math.h>

#include "base/check.h"

static bool eval(struct machine *m, const struct node *n, struct value *out);

static const struct node *kid(const struct machine *m, const struct node *n, int i)
{
	return node_kid(m->e, n, i);
}

static bool eval_kids(struct machine *m, const struct node *n, struct value *out)
{
	int i = 0;

	EACH_KID(m->e, n, each)
	if (!eval(m, each, &out[i++]))
		return false;
	return true;
}

char *machine_room(struct machine *m, struct span where, size_t n)
{
	char *room = m->scratch + m->scratch_n;

	if (n > EXPR_SCRATCH_MAX - m->scratch_n) {
		(void)machine_fail(m, (struct failure){ .code = FAIL_LARGE, .where = where });
		return NULL;
	}
	m->scratch_n += (unsigned)n;
	return room;
}

static bool wrong_type(struct machine *m, struct span where, const char *need,
		       const struct value *v)
{
	return machine_fail(
		m, (struct failure){
			   .code = FAIL_WRONG_TYPE, .where = where, .need = need, .a = v->kind });
}

static bool no_key(struct machine *m, struct span where, struct slice name)
{
	return machine_fail(
		m, (struct failure){ .code = FAIL_NO_SUCH_KEY, .where = where, .name = name });
}

/* ---- leaves ---- */

static bool run_const(struct machine *m, const struct node *n, struct value *out)
{
	(void)m;
	*out = n->value;
	return true;
}

static bool run_local(struct machine *m, const struct node *n, struct value *out)
{
	*out = m->locals[n->slot];
	return true;
}

static const struct expr_json *bound(const struct machine *m, struct slice name)
{
	for (const struct expr_bind *b = m->binds; b && b->name; b++)
		if (slice_is(name, b->name))
			return b->value;
	return NULL;
}

static bool load_root(struct machine *m, const struct expr_json *j, const struct node *n,
		      struct value *out)
{
	return value_load(m, j, &j->values[j->n - 1], n->all, out);
}

static bool run_name(struct machine *m, const struct node *n, struct value *out)
{
	const struct expr_json *j = bound(m, n->word);

	return j ? load_root(m, j, n, out) : no_key(m, n->all, n->word);
}

/* A member of the value without a name. */
static bool find_open(struct machine *m, const struct node *n, struct value *out, bool *out_found)
{
	const struct expr_json *j = bound(m, SLICE_LIT(""));
	struct lookup key = { value_string(text_plain(n->word)), n->all };
	struct value whole;

	*out_found = false;
	if (!j)
		return true;
	if (!load_root(m, j, n, &whole))
		return false;
	if (whole.kind != EXPR_MAP)
		return wrong_type(m, n->all, "A name is a member of the data, which must be a map",
				  &whole);
	return value_find(m, &whole, &key, out, out_found);
}

static bool run_open(struct machine *m, const struct node *n, struct value *out)
{
	bool is_there;

	if (!find_open(m, n, out, &is_there))
		return false;
	return is_there || no_key(m, n->all, n->word);
}

/* ---- members ---- */

static bool find_member(struct machine *m, const struct node *n, struct value *out, bool *out_found)
{
	struct lookup key = { value_string(text_plain(n->word)), n->name };
	struct value of;

	if (!eval(m, kid(m, n, 0), &of))
		return false;
	if (of.kind != EXPR_MAP)
		return wrong_type(m, n->name, "Only a map has members", &of);
	return value_find(m, &of, &key, out, out_found);
}

static bool run_select(struct machine *m, const struct node *n, struct value *out)
{
	bool is_there;

	if (!find_member(m, n, out, &is_there))
		return false;
	return is_there || no_key(m, n->name, n->word);
}

static bool run_has(struct machine *m, const struct node *n, struct value *out)
{
	const struct node *arg = kid(m, n, 0);
	bool is_there = false, is_fine = true;

	if (arg->kind == NODE_NAME)
		is_there = bound(m, arg->word) != NULL;
	else if (arg->kind == NODE_OPEN)
		is_fine = find_open(m, arg, NULL, &is_there);
	else
		is_fine = find_member(m, arg, NULL, &is_there);
	*out = value_bool(is_there);
	return is_fine;
}

/* A double serves when it is whole: JSON may write 1.0. */
static bool index_of(const struct value *key, int64_t *out)
{
	if (key->kind == EXPR_DOUBLE && fabs(key->d) < UINT32_MAX && key->d == floor(key->d))
		*out = (int64_t)key->d;
	else if (key->kind == EXPR_INT)
		*out = key->i;
	else
		return false;
	return true;
}

static bool list_item(struct machine *m, const struct node *n, const struct value v[2],
		      struct value *out)
{
	int64_t i;

	if (!index_of(&v[1], &i))
		return wrong_type(m, kid(m, n, 1)->all, "A list is indexed by a whole number",
				  &v[1]);
	if (i < 0 || i >= value_members(&v[0]))
		return machine_fail(m, (struct failure){ .code = FAIL_RANGE,
							 .where = n->all,
							 .index = i,
							 .size = value_members(&v[0]) });
	return value_member(m, &v[0], (uint32_t)i, n->all, out);
}

static bool run_index(struct machine *m, const struct node *n, struct value *out)
{
	struct lookup key = { .where = n->all };
	struct value v[2];
	bool is_there;

	if (!eval_kids(m, n, v))
		return false;
	if (v[0].kind == EXPR_LIST)
		return list_item(m, n, v, out);
	if (v[0].kind != EXPR_MAP)
		return wrong_type(m, kid(m, n, 0)->all, "Only a list or a map can be indexed",
				  &v[0]);
	if (!value_is_number(&v[1]) && v[1].kind != EXPR_STRING && v[1].kind != EXPR_BOOL)
		return wrong_type(m, kid(m, n, 1)->all, "A map is asked by a string", &v[1]);
	key.key = v[1];
	if (!value_find(m, &v[0], &key, out, &is_there))
		return false;
	return is_there || no_key(m, kid(m, n, 1)->all, span_text(m->e, kid(m, n, 1)->all));
}

/* ---- calls, operators ---- */

static bool run_call(struct machine *m, const struct node *n, struct value *out)
{
	struct value v[2];

	if (!eval_kids(m, n, v))
		return false;
	if (!(TYPE_BIT(v[0].kind) & n->func->takes))
		return wrong_type(m, kid(m, n, 0)->all, n->func->need, &v[0]);
	if (n->func->args && v[1].kind != EXPR_STRING)
		return wrong_type(m, kid(m, n, 1)->all, n->func->need, &v[1]);
	return n->func->run(m, n, v, out);
}

static bool run_two(struct machine *m, const struct node *n, struct value *out)
{
	struct value v[2];

	if (!eval_kids(m, n, v))
		return false;
	if (n->kind == NODE_COMPARE)
		return op_compare(m, n, v, out);
	return n->kind == NODE_IN ? op_in(m, n, v, out) : op_arithmetic(m, n, v, out);
}

static bool run_negate(struct machine *m, const struct node *n, struct value *out)
{
	struct value v;

	return eval(m, kid(m, n, 0), &v) && op_negate(m, n, &v, out);
}

/* A value that must be true or false. */
static bool eval_bool(struct machine *m, const struct node *n, bool *out)
{
	struct value v;

	if (!eval(m, n, &v))
		return false;
	if (v.kind != EXPR_BOOL)
		return machine_fail(
			m, (struct failure){ .code = FAIL_NOT_BOOL, .where = n->all, .a = v.kind });
	*out = v.b;
	return true;
}

static bool run_not(struct machine *m, const struct node *n, struct value *out)
{
	bool b;

	if (!eval_bool(m, kid(m, n, 0), &b))
		return false;
	*out = value_bool(!b);
	return true;
}

static bool run_if(struct machine *m, const struct node *n, struct value *out)
{
	bool b;

	return eval_bool(m, kid(m, n, 0), &b) && eval(m, kid(m, n, b ? 1 : 2), out);
}

/* What && and || (and all, exists) make of their operands, whose order does not matter: one that decides does,
 * whatever else failed; else the first that failed. */
struct tally {
	bool decides; /* false for &&, true for || */
	bool has_failed;
	struct failure first;
};

/* One more operand. True: nothing more needs to be looked at. */
static bool tally_add(struct machine *m, struct tally *t, const struct node *claim,
		      bool *out_decided)
{
	bool b;

	*out_decided = false;
	if (eval_bool(m, claim, &b)) {
		*out_decided = b == t->decides;
		return *out_decided;
	}
	if (!t->has_failed)
		t->first = m->failure;
	t->has_failed = true;
	return m->is_out;
}

static bool tally_end(struct machine *m, const struct tally *t, bool is_decided, struct value *out)
{
	*out = value_bool(is_decided == t->decides);
	if (is_decided || !t->has_failed)
		return true;
	if (!m->is_out)
		m->failure = t->first;
	return false;
}

static bool run_all(struct machine *m, const struct node *n, struct value *out)
{
	struct tally t = { .decides = n->kind == NODE_OR };
	bool is_decided = false;

	EACH_KID(m->e, n, each)
	if (tally_add(m, &t, each, &is_decided))
		break;
	return tally_end(m, &t, is_decided, out);
}

/* ---- loops ---- */

static bool one_exactly(struct machine *m, const struct node *n, const struct value *of,
			struct value *out)
{
	const struct node *name = kid(m, n, 1), *claim = kid(m, n, 2);
	uint32_t hits = 0;
	bool b;

	for (uint32_t i = 0; i < value_members(of); i++) {
		if (!value_member(m, of, i, n->name, &m->locals[name->slot])
		    || !eval_bool(m, claim, &b))
			return false;
		hits += b;
	}
	*out = value_bool(hits == 1);
	return true;
}

/* A member that cannot be read (a number beyond a double) is one that failed. */
static bool each_of(struct machine *m, const struct node *n, const struct value *of,
		    struct value *out)
{
	const struct node *name = kid(m, n, 1), *claim = kid(m, n, 2);
	struct tally t = { .decides = n->op == OP_EXISTS };
	bool is_decided = false;

	for (uint32_t i = 0; i < value_members(of) && !is_decided && !m->is_out; i++) {
		if (value_member(m, of, i, n->name, &m->locals[name->slot])) {
			(void)tally_add(m, &t, claim, &is_decided);
			continue;
		}
		if (!t.has_failed)
			t.first = m->failure;
		t.has_failed = true;
	}
	return tally_end(m, &t, is_decided, out);
}

static bool run_loop(struct machine *m, const struct node *n, struct value *out)
{
	struct value of;

	if (!eval(m, kid(m, n, 0), &of))
		return false;
	if (of.kind != EXPR_LIST && of.kind != EXPR_MAP)
		return wrong_type(m, kid(m, n, 0)->all, "Only a list or a map can be gone through",
				  &of);
	return n->op == OP_EXISTS_ONE ? one_exactly(m, n, &of, out) : each_of(m, n, &of, out);
}

/* ---- lists and maps written out ---- */

static bool run_list(struct machine *m, const struct node *n, struct value *out)
{
	struct value *cells = m->cells + m->cells_n;

	ASSERT(m->cells_n + n->kids <= EXPR_NODES_MAX);
	/* Taken first: what a member needs for itself comes behind. */
	m->cells_n += n->kids;
	if (!eval_kids(m, n, cells))
		return false;
	*out = (struct value){ .kind = n->kind == NODE_MAP ? EXPR_MAP : EXPR_LIST,
			       .cells = { cells, n->kind == NODE_MAP ? n->kids / 2u : n->kids } };
	return true;
}

static bool (*const runs[NODE_KINDS])(struct machine *, const struct node *, struct value *) = {
	[NODE_CONST] = run_const,    [NODE_LOCAL] = run_local,   [NODE_NAME] = run_name,
	[NODE_OPEN] = run_open,      [NODE_SELECT] = run_select, [NODE_INDEX] = run_index,
	[NODE_CALL] = run_call,      [NODE_HAS] = run_has,       [NODE_LOOP] = run_loop,
	[NODE_NOT] = run_not,        [NODE_NEGATE] = run_negate, [NODE_AND] = run_all,
	[NODE_OR] = run_all,         [NODE_IF] = run_if,         [NODE_COMPARE] = run_two,
	[NODE_ARITHMETIC] = run_two, [NODE_IN] = run_two,        [NODE_LIST] = run_list,
	[NODE_MAP] = run_list,
};

static bool eval(struct machine *m, const struct node *n, struct value *out)
{
	unsigned cells = m->cells_n, scratch = m->scratch_n;
	bool is_fine = machine_spend(m, COST_NODE) && runs[n->kind](m, n, out);

	if (!is_fine || out->kind < EXPR_STRING || out->kind == EXPR_TYPE) {
		m->cells_n = cells;
		m->scratch_n = scratch;
	}
	return is_fine;
}

enum expr_answer expr_test(const struct expr *e, const struct expr_bind *binds,
			   struct expr_error *out_error)
{
	struct machine m;
	bool answer;

	/* The rest is written before it is read. */
	m.e = e;
	m.binds = binds;
	m.fuel = (int64_t)EXPR_STEPS_MAX * COST_NODE;
	m.is_out = false;
	m.failure.code = FAIL_NONE;
	m.cells_n = m.scratch_n = 0;
	if (eval_bool(&m, &e->nodes[e->root], &answer))
		return answer ? EXPR_TRUE : EXPR_FALSE;
	failure_say(e, &m.failure, out_error);
	return EXPR_FAILED;
}
