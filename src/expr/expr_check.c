/* What can be said of an expression before it runs: are the names known, do the types fit, is the answer a boolean?
 * A node that is at fault is of type EXPR_DYN from then on, so that one mistake is said once.
 *
 * A name is, in this order: the variable of a macro around it; declared in the environment; a member of the open
 * value. type(x) is compared with names of types: there, and only there, `int`, `list` and the others mean types, so
 * that data may have members called `type` or `list`. */
#include "expr_int.h"

#include "base/check.h"

struct scope {
	const struct scope *up;
	struct slice name;
	uint16_t slot;
};
struct checker {
	const struct maker *m;
	struct expr *e;
};

static void check(const struct checker *c, struct node *n, const struct scope *scope);

static void check_kids(const struct checker *c, struct node *n, const struct scope *scope)
{
	for (unsigned i = n->first; i; i = c->e->nodes[i].next)
		check(c, &c->e->nodes[i], scope);
}

static bool can_be(const struct node *n, unsigned types)
{
	return n->type == EXPR_DYN || (TYPE_BIT(n->type) & types);
}

/* Says that n is of a wrong type. */
static void refuse(const struct checker *c, const struct node *n, const char *need)
{
	expr_fault(c->m, "wrong_type", n->all, "%s, but this is %s.", need, type_words(n->type));
}

static bool want(const struct checker *c, const struct node *n, unsigned types, const char *need)
{
	if (can_be(n, types))
		return true;
	refuse(c, n, need);
	return false;
}

/* ---- names ---- */

static const struct expr_name *name_in(const struct expr_name *names, struct slice word)
{
	for (; names && names->name; names++)
		if (slice_is(word, names->name))
			return names;
	return NULL;
}

static const char *near_name(const struct checker *c, const struct expr_name *names,
			     struct slice word)
{
	struct suggest s = suggest_open(word);

	for (; names && names->name; names++)
		suggest_try(&s, names->name);
	return suggest_words(&s, c->m->arena);
}

static void declare(struct node *n, const struct expr_name *name)
{
	n->type = (unsigned char)name->type;
	n->members = name->members;
}

static void check_ident(const struct checker *c, struct node *n, const struct scope *scope)
{
	const struct expr_env *env = c->m->env;
	const struct expr_name *name = name_in(env->names, n->word);

	while (scope
	       && (scope->name.n != n->word.n || memcmp(scope->name.p, n->word.p, n->word.n) != 0))
		scope = scope->up;
	n->kind = scope ? NODE_LOCAL : name ? NODE_NAME : NODE_OPEN;
	n->slot = scope ? scope->slot : 0;
	if (n->kind == NODE_NAME)
		declare(n, name);
	if (n->kind == NODE_OPEN && !env->open)
		expr_fault(c->m, "unknown_name", n->all, "There is no \"%.*s\" here.%s",
			   SLICE_ARG(expr_shown(n->word)), near_name(c, env->names, n->word));
}

static void check_select(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *of = node_kid(c->e, n, 0);
	const struct expr_name *member;

	check(c, of, scope);
	if (!want(c, of, TYPE_BIT(EXPR_MAP), "Only a map has members") || !of->members)
		return;
	member = name_in(of->members, n->word);
	if (member)
		declare(n, member);
	else
		expr_fault(c->m, "unknown_member", n->name, "\"%.*s\" has no member \"%.*s\".%s",
			   SLICE_ARG(expr_shown(span_text(c->e, of->all))),
			   SLICE_ARG(expr_shown(n->word)), near_name(c, of->members, n->word));
}

static void check_index(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *of = node_kid(c->e, n, 0), *key = node_kid(c->e, n, 1);
	const struct expr_name *member;

	check_kids(c, n, scope);
	if (!want(c, of, TYPE_BIT(EXPR_MAP) | TYPE_BIT(EXPR_LIST),
		  "Only a list or a map can be indexed"))
		return;
	if (of->type == EXPR_LIST)
		(void)want(c, key, TYPE_NUMBERS, "A list is indexed by a number");
	if (of->type == EXPR_MAP)
		(void)want(c, key, TYPE_NUMBERS | TYPE_BIT(EXPR_BOOL) | TYPE_BIT(EXPR_STRING),
			   "A map is asked by a string");
	if (!of->members || key->kind != NODE_CONST || key->type != EXPR_STRING)
		return;
	member = name_in(of->members, key->value.s.s);
	if (member)
		declare(n, member);
	else
		expr_fault(c->m, "unknown_member", key->all, "\"%.*s\" has no member \"%.*s\".%s",
			   SLICE_ARG(expr_shown(span_text(c->e, of->all))),
			   SLICE_ARG(expr_shown(key->value.s.s)),
			   near_name(c, of->members, key->value.s.s));
}

/* ---- calls ---- */

static void check_has(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *arg = node_kid(c->e, n, 0);

	n->kind = NODE_HAS;
	n->type = EXPR_BOOL;
	if (n->kids != 1 || (arg->kind != NODE_SELECT && arg->kind != NODE_IDENT)) {
		expr_fault(
			c->m, "wrong_arguments", n->all,
			"\"has\" takes one member, as in has(output.items); for a list or a map use \"in\".");
		return;
	}
	check(c, arg, scope);
	if (arg->kind == NODE_LOCAL)
		expr_fault(c->m, "wrong_arguments", arg->all,
			   "\"has\" takes a member; the variable \"%.*s\" always has a value.",
			   SLICE_ARG(expr_shown(arg->word)));
}

/* all, exists, exists_one: the children become the list, the variable and the claim. */
static void check_loop(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *of = node_kid(c->e, n, 0), *name = node_kid(c->e, n, 1),
		    *claim = node_kid(c->e, n, 2);
	struct scope inner = { scope, name->word, scope ? (uint16_t)(scope->slot + 1) : 0 };

	n->kind = NODE_LOOP;
	n->type = EXPR_BOOL;
	if (n->kids != 3 || name->kind != NODE_IDENT) {
		expr_fault(c->m, "wrong_arguments", n->all,
			   "\"%.*s\" takes a variable and a condition, as in %.*s(i, i > 0).",
			   SLICE_ARG(expr_shown(n->word)), SLICE_ARG(expr_shown(n->word)));
		return;
	}
	ASSERT(inner.slot <= EXPR_DEPTH_MAX); /* each is a level further in */
	check(c, of, scope);
	(void)want(c, of, TYPE_BIT(EXPR_LIST) | TYPE_BIT(EXPR_MAP),
		   "Only a list or a map can be gone through");
	name->kind = NODE_LOCAL;
	name->slot = inner.slot;
	check(c, claim, &inner);
	(void)want(c, claim, TYPE_BIT(EXPR_BOOL), "A condition must be true or false");
}

static const struct {
	const char *name;
	enum node_op op;
} loops[] = { { "all", OP_ALL }, { "exists", OP_EXISTS }, { "exists_one", OP_EXISTS_ONE } };

static enum node_op loop_op(struct slice word)
{
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++)
		if (slice_is(word, loops[i].name))
			return loops[i].op;
	return OP_NONE;
}

static void unknown_function(const struct checker *c, const struct node *n)
{
	struct suggest s = suggest_open(n->word);
	unsigned style = n->is_method ? FUNC_METHOD : FUNC_GLOBAL;
	const struct func *f = expr_funcs;

	while (f->name && !slice_is(n->word, f->name))
		f++;
	if (f->name) {
		expr_fault(c->m, "unknown_function", n->name,
			   n->is_method ? "\"%s\" is called as %s(x), not behind a dot."
					: "\"%s\" is called behind a dot, as in x.%s(...).",
			   f->name, f->name);
		return;
	}
	for (f = expr_funcs; f->name; f++)
		if (f->style & style)
			suggest_try(&s, f->name);
	for (size_t i = 0; n->is_method && i < sizeof(loops) / sizeof(loops[0]); i++)
		suggest_try(&s, loops[i].name);
	if (!n->is_method)
		suggest_try(&s, "has");
	expr_fault(c->m, "unknown_function", n->name, "There is no function \"%.*s\".%s",
		   SLICE_ARG(expr_shown(n->word)), suggest_words(&s, c->m->arena));
}

static void check_pattern(const struct checker *c, struct node *n, const struct node *pattern)
{
	const char *wrong;

	if (pattern->kind != NODE_CONST) {
		expr_fault(c->m, "bad_pattern", pattern->all,
			   "The pattern of matches must be a literal string.");
		return;
	}
	n->regex = regex_compile(pattern->value.s.s, c->m->arena, &wrong);
	if (!n->regex)
		expr_fault(c->m, "bad_pattern", pattern->all, "%s", wrong);
}

/* A call of f: the children fit? */
static void check_func(const struct checker *c, struct node *n)
{
	const struct func *f = n->func;
	const struct node *subject = node_kid(c->e, n, 0), *arg = node_kid(c->e, n, 1);

	n->type = f->gives;
	if (n->kids != f->args + 1) {
		expr_fault(c->m, "wrong_arguments", n->all, "\"%s\" takes %s, not %d.", f->name,
			   f->args + !n->is_method == 0   ? "no argument"
			   : f->args + !n->is_method == 1 ? "one argument"
							  : "two arguments",
			   n->kids - n->is_method);
		return;
	}
	if (!want(c, subject, f->takes, f->need) || f->args == 0)
		return;
	if (want(c, arg, TYPE_BIT(EXPR_STRING), f->need) && strcmp(f->name, "matches") == 0)
		check_pattern(c, n, arg);
}

static void check_call(const struct checker *c, struct node *n, const struct scope *scope)
{
	unsigned style = n->is_method ? FUNC_METHOD : FUNC_GLOBAL;
	const struct func *f = expr_funcs;

	if (!n->is_method && slice_is(n->word, "has")) {
		check_has(c, n, scope);
		return;
	}
	n->op = n->is_method ? loop_op(n->word) : OP_NONE;
	if (n->op) {
		check_loop(c, n, scope);
		return;
	}
	while (f->name && !((f->style & style) && slice_is(n->word, f->name)))
		f++;
	n->func = f;
	if (f->name) {
		check_kids(c, n, scope);
		check_func(c, n);
		return;
	}
	/* What its arguments mean nobody knows: they may have variables, as in x.map(i, i + 1). */
	unknown_function(c, n);
	if (n->is_method)
		check(c, node_kid(c->e, n, 0), scope);
}

/* ---- operators ---- */

static void check_bools(const struct checker *c, struct node *n, const struct scope *scope)
{
	check_kids(c, n, scope);
	n->type = EXPR_BOOL;
	EACH_KID(c->e, n, kid)
	(void)want(c, kid, TYPE_BIT(EXPR_BOOL),
		   n->kind == NODE_NOT   ? "\"!\" takes a boolean"
		   : n->kind == NODE_AND ? "\"&&\" takes booleans"
					 : "\"||\" takes booleans");
}

static void check_if(const struct checker *c, struct node *n, const struct scope *scope)
{
	const struct node *test = node_kid(c->e, n, 0), *yes = node_kid(c->e, n, 1),
			  *no = node_kid(c->e, n, 2);

	check_kids(c, n, scope);
	(void)want(c, test, TYPE_BIT(EXPR_BOOL), "What stands before \"?\" must be a boolean");
	n->type = yes->type == no->type ? yes->type : (unsigned char)EXPR_DYN;
}

static void check_negate(const struct checker *c, struct node *n, const struct scope *scope)
{
	const struct node *of = node_kid(c->e, n, 0);

	check_kids(c, n, scope);
	if (want(c, of, TYPE_NUMBERS, "\"-\" takes a number"))
		n->type = of->type;
}

/* Names of types, where they are compared with type(x). */
static void name_types(const struct checker *c, struct node *n)
{
	if (n->kind == NODE_LIST)
		for (unsigned i = n->first; i; i = c->e->nodes[i].next)
			if (c->e->nodes[i].kind == NODE_IDENT)
				name_types(c, &c->e->nodes[i]);
	for (unsigned t = EXPR_NULL; n->kind == NODE_IDENT && t < TYPES_N; t++)
		if (slice_is(n->word, type_name(t))) {
			n->kind = NODE_CONST;
			n->value = (struct value){ .kind = EXPR_TYPE, .type = t };
		}
}

static bool is_type_call(const struct node *n)
{
	return n->kind == NODE_CALL && !n->is_method && slice_is(n->word, "type");
}

static bool is_comparable(const struct node *a, const struct node *b)
{
	static const unsigned alike[] = { TYPE_NUMBERS, TYPE_BIT(EXPR_STRING),
					  TYPE_BIT(EXPR_BOOL) };

	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
		if (can_be(a, alike[i]) && can_be(b, alike[i]))
			return true;
	return false;
}

/* Anything may be asked whether it is null. */
static bool is_equatable(const struct node *a, const struct node *b)
{
	if (a->type == EXPR_NULL || b->type == EXPR_NULL || a->type == b->type)
		return true;
	return a->type == EXPR_DYN || b->type == EXPR_DYN || is_comparable(a, b);
}

static void check_compare(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *a = node_kid(c->e, n, 0), *b = node_kid(c->e, n, 1);
	bool is_order = n->op != OP_EQ && n->op != OP_NE;

	if (is_type_call(a) || is_type_call(b)) {
		name_types(c, a);
		name_types(c, b);
	}
	check_kids(c, n, scope);
	n->type = EXPR_BOOL;
	if (is_order ? !is_comparable(a, b) : !is_equatable(a, b))
		expr_fault(c->m, "wrong_type", n->all, "\"%.*s\" does not go with %s and %s.",
			   SLICE_ARG(expr_shown(span_text(c->e, n->name))), type_words(a->type),
			   type_words(b->type));
}

static void check_arithmetic(const struct checker *c, struct node *n, const struct scope *scope)
{
	const struct node *a = node_kid(c->e, n, 0), *b = node_kid(c->e, n, 1);
	unsigned numbers = n->op == OP_MOD ? TYPE_BIT(EXPR_INT) : TYPE_NUMBERS;
	unsigned string = n->op == OP_ADD ? TYPE_BIT(EXPR_STRING) : 0;

	check_kids(c, n, scope);
	if (can_be(a, numbers) && can_be(b, numbers)) {
		if (a->type && b->type)
			n->type = a->type == b->type ? a->type : (unsigned char)EXPR_DOUBLE;
	} else if (can_be(a, string) && can_be(b, string)) {
		n->type = EXPR_STRING;
	} else {
		expr_fault(c->m, "wrong_type", n->all, "\"%.*s\" does not go with %s and %s.",
			   SLICE_ARG(expr_shown(span_text(c->e, n->name))), type_words(a->type),
			   type_words(b->type));
	}
}

static void check_in(const struct checker *c, struct node *n, const struct scope *scope)
{
	struct node *a = node_kid(c->e, n, 0), *b = node_kid(c->e, n, 1);

	if (is_type_call(a))
		name_types(c, b);
	check_kids(c, n, scope);
	n->type = EXPR_BOOL;
	(void)want(c, b, TYPE_BIT(EXPR_LIST) | TYPE_BIT(EXPR_MAP),
		   "\"in\" looks in a list or a map");
}

static bool literal_same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == EXPR_STRING)
		return text_compare(a->s, b->s) == 0;
	return a->kind == EXPR_INT ? a->i == b->i : a->b == b->b;
}

/* Keys are literals and each is there once; so that is known before it runs. */
static void check_map(const struct checker *c, struct node *n, const struct scope *scope)
{
	static const unsigned keys = TYPE_BIT(EXPR_INT) | TYPE_BIT(EXPR_STRING)
				   | TYPE_BIT(EXPR_BOOL);

	check_kids(c, n, scope);
	n->type = EXPR_MAP;
	for (unsigned i = n->first; i; i = c->e->nodes[c->e->nodes[i].next].next) {
		const struct node *key = &c->e->nodes[i], *other = node_kid(c->e, n, 0);

		if (key->kind != NODE_CONST || !can_be(key, keys)) {
			expr_fault(
				c->m, "bad_key", key->all,
				"A key of a map written here must be a literal string, integer or boolean.");
			continue;
		}
		while (other != key
		       && (other->kind != NODE_CONST || !can_be(other, keys)
			   || !literal_same(&other->value, &key->value)))
			other = &c->e->nodes[c->e->nodes[other->next].next];
		if (other != key)
			expr_fault(c->m, "bad_key", key->all, "This map has the key %.*s twice.",
				   SLICE_ARG(expr_shown(span_text(c->e, key->all))));
	}
}

static void check_const(const struct checker *c, struct node *n, const struct scope *scope)
{
	(void)c, (void)scope;
	n->type = n->value.kind;
}

static void check_list(const struct checker *c, struct node *n, const struct scope *scope)
{
	check_kids(c, n, scope);
	n->type = EXPR_LIST;
}

static void check(const struct checker *c, struct node *n, const struct scope *scope)
{
	static void (*const checks[NODE_KINDS])(const struct checker *, struct node *,
						const struct scope *) = {
		[NODE_CONST] = check_const,
		[NODE_IDENT] = check_ident,
		[NODE_SELECT] = check_select,
		[NODE_INDEX] = check_index,
		[NODE_CALL] = check_call,
		[NODE_NOT] = check_bools,
		[NODE_NEGATE] = check_negate,
		[NODE_AND] = check_bools,
		[NODE_OR] = check_bools,
		[NODE_IF] = check_if,
		[NODE_COMPARE] = check_compare,
		[NODE_IN] = check_in,
		[NODE_ARITHMETIC] = check_arithmetic,
		[NODE_LIST] = check_list,
		[NODE_MAP] = check_map,
	};

	ASSERT(checks[n->kind] != NULL);
	checks[n->kind](c, n, scope);
}

void expr_check(const struct maker *m)
{
	struct checker c = { m, m->e };
	struct node *root = &m->e->nodes[m->e->root];

	check(&c, root, NULL);
	if (!can_be(root, TYPE_BIT(EXPR_BOOL)))
		expr_fault(m, "not_a_condition", root->all,
			   "A condition must be true or false, but this is %s.",
			   type_words(root->type));
}
