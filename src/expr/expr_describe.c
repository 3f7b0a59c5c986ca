/* An expression in words, and what it reads.
 *
 * A node is said as a claim ("price is greater than 5") where a boolean is expected, else as a value ("price * 2"). */
#include "expr_int.h"

#include "base/check.h"
#include "base/strbuf.h"

enum { WORDS_MAX = 16384 };

struct teller {
	const struct expr *e;
	struct strbuf out;
};

static void claim(struct teller *t, const struct node *n, bool is_negated);
static void value(struct teller *t, const struct node *n);

static const struct node *kid(const struct teller *t, const struct node *n, int i)
{
	return node_kid(t->e, n, i);
}

static void add(struct teller *t, const char *text)
{
	strbuf_adds(&t->out, text);
}

static void add_slice(struct teller *t, struct slice s)
{
	strbuf_add(&t->out, s.p, s.n);
}

/* ---- values ---- */

static void list(struct teller *t, const struct node *n)
{
	int i = 0;

	EACH_KID(t->e, n, each)
	{
		if (i++)
			add(t, n->kind == NODE_MAP && i % 2 == 0 ? ": " : ", ");
		value(t, each);
	}
}

static int level(const struct node *n)
{
	if (n->kind != NODE_ARITHMETIC)
		return 3;
	return n->op == OP_ADD || n->op == OP_SUB ? 1 : 2;
}

static void operand(struct teller *t, const struct node *n, int least)
{
	bool is_wrapped = level(n) < least;

	add(t, is_wrapped ? "(" : "");
	value(t, n);
	add(t, is_wrapped ? ")" : "");
}

static void value_const(struct teller *t, const struct node *n)
{
	if (n->value.kind == EXPR_STRING)
		strbuf_add_json(&t->out, n->value.s.s);
	else
		add_slice(t, span_text(t->e, n->all));
}

static void value_name(struct teller *t, const struct node *n)
{
	add_slice(t, n->word);
}

static void value_select(struct teller *t, const struct node *n)
{
	value(t, kid(t, n, 0));
	add(t, ".");
	add_slice(t, n->word);
}

static void value_index(struct teller *t, const struct node *n)
{
	value(t, kid(t, n, 0));
	add(t, "[");
	value(t, kid(t, n, 1));
	add(t, "]");
}

static void value_call(struct teller *t, const struct node *n)
{
	bool is_before = strncmp(n->func->words, "the ", 4) == 0;

	if (is_before) {
		add(t, n->func->words);
		add(t, " ");
	}
	value(t, kid(t, n, 0));
	if (!is_before) {
		add(t, " ");
		add(t, n->func->words);
	}
	if (n->func->args) {
		add(t, " ");
		value(t, kid(t, n, 1));
	}
}

static void value_arithmetic(struct teller *t, const struct node *n)
{
	operand(t, kid(t, n, 0), level(n));
	add(t, " ");
	add_slice(t, span_text(t->e, n->name));
	add(t, " ");
	operand(t, kid(t, n, 1), level(n) + 1);
}

static void value_negate(struct teller *t, const struct node *n)
{
	add(t, "-");
	operand(t, kid(t, n, 0), 3);
}

static void value_list(struct teller *t, const struct node *n)
{
	add(t, n->kind == NODE_MAP ? "{" : "[");
	list(t, n);
	add(t, n->kind == NODE_MAP ? "}" : "]");
}

static void value_if(struct teller *t, const struct node *n)
{
	add(t, "(");
	value(t, kid(t, n, 1));
	add(t, " if ");
	claim(t, kid(t, n, 0), false);
	add(t, ", else ");
	value(t, kid(t, n, 2));
	add(t, ")");
}

static void value(struct teller *t, const struct node *n)
{
	static void (*const says[NODE_KINDS])(struct teller *, const struct node *) = {
		[NODE_CONST] = value_const,
		[NODE_LOCAL] = value_name,
		[NODE_NAME] = value_name,
		[NODE_OPEN] = value_name,
		[NODE_SELECT] = value_select,
		[NODE_INDEX] = value_index,
		[NODE_CALL] = value_call,
		[NODE_NEGATE] = value_negate,
		[NODE_ARITHMETIC] = value_arithmetic,
		[NODE_LIST] = value_list,
		[NODE_MAP] = value_list,
		[NODE_IF] = value_if,
	};

	if (says[n->kind]) {
		says[n->kind](t, n);
		return;
	}
	add(t, "(");
	claim(t, n, false);
	add(t, ")");
}

/* ---- claims ---- */

static void claim_many(struct teller *t, const struct node *n)
{
	bool is_first = true;

	EACH_KID(t->e, n, each)
	{
		bool is_wrapped = each->kind == NODE_AND || each->kind == NODE_OR
			       || each->kind == NODE_IF;

		if (!is_first)
			add(t, n->kind == NODE_AND ? " and " : " or ");
		is_first = false;
		add(t, is_wrapped ? "(" : "");
		claim(t, each, false);
		add(t, is_wrapped ? ")" : "");
	}
}

static void claim_compare(struct teller *t, const struct node *n, bool is_negated)
{
	static const enum node_op opposite[] = {
		[OP_EQ] = OP_NE, [OP_NE] = OP_EQ, [OP_LT] = OP_GE,
		[OP_LE] = OP_GT, [OP_GT] = OP_LE, [OP_GE] = OP_LT
	};
	static const char *const words[] = {
		[OP_EQ] = " is ",         [OP_NE] = " is not ",          [OP_LT] = " is less than ",
		[OP_LE] = " is at most ", [OP_GT] = " is greater than ", [OP_GE] = " is at least "
	};

	value(t, kid(t, n, 0));
	add(t, words[is_negated ? opposite[n->op] : n->op]);
	value(t, kid(t, n, 1));
}

static void claim_in(struct teller *t, const struct node *n, bool is_negated)
{
	const struct node *of = kid(t, n, 1);

	value(t, kid(t, n, 0));
	add(t, is_negated ? " is not " : " is ");
	if (of->kind == NODE_LIST && of->kids > 0) {
		add(t, "one of ");
		list(t, of);
	} else {
		add(t, "in ");
		value(t, of);
	}
}

static void claim_has(struct teller *t, const struct node *n, bool is_negated)
{
	add(t, is_negated ? "there is no " : "there is ");
	value(t, kid(t, n, 0));
}

static void claim_loop(struct teller *t, const struct node *n)
{
	add(t, n->op == OP_ALL ? "every " : n->op == OP_EXISTS ? "at least one " : "exactly one ");
	value(t, kid(t, n, 1));
	add(t, " of ");
	value(t, kid(t, n, 0));
	add(t, " meets (");
	claim(t, kid(t, n, 2), false);
	add(t, ")");
}

static void claim_if(struct teller *t, const struct node *n)
{
	add(t, "if ");
	claim(t, kid(t, n, 0), false);
	add(t, " then ");
	claim(t, kid(t, n, 1), false);
	add(t, ", else ");
	claim(t, kid(t, n, 2), false);
}

/* Those that are negated as a whole. */
static void claim_other(struct teller *t, const struct node *n, bool is_negated)
{
	add(t, is_negated ? "not (" : "");
	if (n->kind == NODE_AND || n->kind == NODE_OR)
		claim_many(t, n);
	else if (n->kind == NODE_LOOP)
		claim_loop(t, n);
	else if (n->kind == NODE_IF)
		claim_if(t, n);
	else
		value(t, n);
	add(t, is_negated ? ")" : "");
}

static void claim(struct teller *t, const struct node *n, bool is_negated)
{
	static void (*const says[NODE_KINDS])(struct teller *, const struct node *, bool) = {
		[NODE_COMPARE] = claim_compare, [NODE_IN] = claim_in,    [NODE_HAS] = claim_has,
		[NODE_AND] = claim_other,       [NODE_OR] = claim_other, [NODE_LOOP] = claim_other,
		[NODE_IF] = claim_other,
	};

	while (n->kind == NODE_NOT) {
		n = kid(t, n, 0);
		is_negated = !is_negated;
	}
	if (says[n->kind]) {
		says[n->kind](t, n, is_negated);
	} else if (n->kind == NODE_CONST || (n->kind == NODE_CALL && n->func->args)) {
		claim_other(t, n, is_negated);
	} else {
		value(t, n);
		add(t, is_negated ? " is false" : " is true");
	}
}

struct slice expr_describe(const struct expr *e, struct arena *a)
{
	struct teller t = { .e = e };
	struct slice said;

	strbuf_init(&t.out, WORDS_MAX);
	add(&t, "True when ");
	claim(&t, &e->nodes[e->root], false);
	add(&t, ".");
	if (t.out.failed) {
		strbuf_clear(&t.out);
		add(&t, "True when ");
		add_slice(&t, e->text);
	}
	said = arena_slice(a, strbuf_slice(&t.out));
	strbuf_release(&t.out);
	return said;
}

/* ---- what it reads ---- */

/* a.b.c of a name; false when what stands before the dots is something else. */
static bool path(const struct expr *e, const struct node *n, struct strbuf *out)
{
	if (n->kind == NODE_SELECT) {
		if (!path(e, node_kid(e, n, 0), out))
			return false;
		strbuf_addc(out, '.');
	}
	strbuf_add(out, n->word.p, n->word.n);
	return n->kind == NODE_NAME || n->kind == NODE_OPEN || n->kind == NODE_SELECT;
}

static void keep(struct expr *e, struct slice s, struct arena *a)
{
	for (int i = 0; i < e->reads_n; i++)
		if (e->reads[i].n == s.n && memcmp(e->reads[i].p, s.p, s.n) == 0)
			return;
	e->reads[e->reads_n++] = arena_slice(a, s);
}

static void visit(struct expr *e, const struct node *n, struct arena *a)
{
	struct strbuf text;
	bool is_path;

	strbuf_init(&text, EXPR_TEXT_MAX + 1);
	is_path = path(e, n, &text);
	if (is_path)
		keep(e, strbuf_slice(&text), a);
	strbuf_release(&text);
	if (!is_path)
		EACH_KID(e, n, each)
	visit(e, each, a);
}

void expr_find_reads(struct expr *e, struct arena *a)
{
	e->reads = arena_array(a, struct slice, e->n);
	visit(e, &e->nodes[e->root], a);
}

int expr_reads(const struct expr *e, struct slice *out, int max)
{
	int n = e->reads_n < max ? e->reads_n : max;

	for (int i = 0; i < n; i++)
		out[i] = e->reads[i];
	return n;
}
