/* Tokens to a tree, by CEL's grammar. Each function that reads a rule returns its node, or 0 when the fault is said.
 * Nodes are numbered from 1, children before their parents. */
#include "expr_int.h"

#include "base/check.h"

struct parser {
	const struct maker *m;
	struct lexer lex;
	struct token tok; /* the next one */
	unsigned end;     /* of the last one */
	int depth;
};

static unsigned parse_expr(struct parser *p);

static void next(struct parser *p)
{
	p->end = p->tok.at.at + p->tok.at.len;
	p->tok = lex_next(&p->lex);
}

static bool take(struct parser *p, enum token_kind kind)
{
	if (p->tok.kind != kind)
		return false;
	next(p);
	return true;
}

static unsigned expected(struct parser *p, const char *what)
{
	if (p->tok.kind == TOKEN_END)
		expr_fault(p->m, "unexpected_token", p->tok.at,
			   "The expression ends where %s is expected.", what);
	else if (p->tok.kind == TOKEN_RESERVED)
		expr_fault(p->m, "unexpected_token", p->tok.at,
			   "\"%.*s\" is a reserved word and cannot be a name here.",
			   SLICE_ARG(expr_shown(p->tok.text)));
	else if (p->tok.kind != TOKEN_BAD)
		expr_fault(p->m, "unexpected_token", p->tok.at,
			   "%c%s is expected here, not \"%.*s\".", what[0] & ~0x20, what + 1,
			   SLICE_ARG(expr_shown(p->tok.text)));
	return 0;
}

static bool need(struct parser *p, enum token_kind kind, const char *what)
{
	return take(p, kind) || expected(p, what);
}

/* ---- nodes ---- */

/* A node of the text from `from` to the last token's end. */
static unsigned make(struct parser *p, enum node_kind kind, unsigned from)
{
	struct expr *e = p->m->e;
	struct node *n;

	if (e->n > EXPR_NODES_MAX) {
		expr_fault(p->m, "too_large", (struct span){ from, p->end - from },
			   "The expression has more than %d parts.", EXPR_NODES_MAX);
		return 0;
	}
	ASSERT(e->n < e->cap);
	n = &e->nodes[e->n];
	n->kind = kind;
	n->height = 1;
	n->all = n->name = (struct span){ from, p->end - from };
	return e->n++;
}

/* Makes kid the last child of n; 0 when that is too high, or there is no kid. */
static unsigned add(struct parser *p, unsigned n, unsigned kid)
{
	struct node *parent = &p->m->e->nodes[n], *child = &p->m->e->nodes[kid];

	if (!n || !kid)
		return 0;
	if (child->height >= HEIGHT_MAX) {
		expr_fault(p->m, "too_deep", child->all,
			   "The expression is built of more than %d layers.", HEIGHT_MAX);
		return 0;
	}
	if (parent->height <= child->height)
		parent->height = (unsigned char)(child->height + 1);
	if (parent->kids++)
		p->m->e->nodes[parent->last].next = (uint16_t)kid;
	else
		parent->first = (uint16_t)kid;
	parent->last = (uint16_t)kid;
	parent->all.len = p->end - parent->all.at;
	return n;
}

static bool enter(struct parser *p)
{
	if (p->depth++ < EXPR_DEPTH_MAX)
		return true;
	expr_fault(p->m, "too_deep", p->tok.at,
		   "The expression is nested more than %d levels deep.", EXPR_DEPTH_MAX);
	return false;
}

/* An expression one level further in. */
static unsigned inner(struct parser *p)
{
	unsigned n = enter(p) ? parse_expr(p) : 0;

	p->depth--;
	return n;
}

/* Expressions up to `close`, as children of n. */
static unsigned list(struct parser *p, unsigned n, enum token_kind close, const char *what)
{
	if (take(p, close))
		return n;
	do {
		if (close != TOKEN_CLOSE && p->tok.kind == close)
			break; /* a list may end with a comma, as in CEL; arguments may not */
		if (!add(p, n, inner(p)))
			return 0;
	} while (take(p, TOKEN_COMMA));
	return need(p, close, what) ? n : 0;
}

/* ---- literals ---- */

static unsigned constant(struct parser *p, struct value v, unsigned from)
{
	unsigned n = make(p, NODE_CONST, from);

	p->m->e->nodes[n].value = v;
	return n;
}

static bool hex_read(struct slice text, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (v >> 60)
			return false;
		v = v << 4 | (unsigned)hex_digit(text.p[i]);
	}
	*out = v;
	return true;
}

/* The number at hand, with the minus before it: so -9223372036854775808 is one. */
static bool number(const struct token *t, bool is_negative, struct value *out)
{
	uint64_t limit = (uint64_t)INT64_MAX + is_negative, v;
	char text[NUMBER_MAX + 2] = "-";

	if (t->text.n > 1 && (t->text.p[1] | 0x20) == 'x') {
		if (!hex_read((struct slice){ t->text.p + 2, t->text.n - 2 }, &v) || v > limit)
			return false;
		*out = value_int(is_negative ? (int64_t)-v : (int64_t)v);
		return true;
	}
	if (t->text.n > NUMBER_MAX)
		return false;
	memcpy(text + 1, t->text.p, t->text.n);
	return number_read((struct slice){ text + !is_negative, t->text.n + is_negative }, out)
	    && (out->kind == EXPR_INT) == (t->kind == TOKEN_INT);
}

static unsigned parse_number(struct parser *p, bool is_negative, unsigned from)
{
	struct value v;

	if (!number(&p->tok, is_negative, &v)) {
		expr_fault(
			p->m, "bad_number", p->tok.at,
			p->tok.kind == TOKEN_INT
				? "This integer is beyond 64 bits; as a double it is written with \".0\"."
				: "This number is beyond what a double can hold.");
		return 0;
	}
	next(p);
	return constant(p, v, from);
}

static unsigned parse_literal(struct parser *p, unsigned from)
{
	struct token t = p->tok;

	next(p);
	if (t.kind == TOKEN_STRING)
		return constant(p, value_string(text_plain(t.value)), from);
	if (t.kind == TOKEN_NULL)
		return constant(p, (struct value){ .kind = EXPR_NULL }, from);
	return constant(p, value_bool(t.kind == TOKEN_TRUE), from);
}

/* ---- rules ---- */

static unsigned parse_list(struct parser *p, unsigned from)
{
	unsigned n = make(p, NODE_LIST, from);

	n = n ? list(p, n, TOKEN_CLOSE_LIST, "a comma or a closing bracket") : 0;
	p->m->e->nodes[n].all.len = p->end - from;
	return n;
}

static unsigned parse_map(struct parser *p, unsigned from)
{
	unsigned n = make(p, NODE_MAP, from);

	while (n && !take(p, TOKEN_CLOSE_MAP)) {
		if (!add(p, n, inner(p)) || !need(p, TOKEN_COLON, "a colon and the key's value")
		    || !add(p, n, inner(p)))
			return 0;
		if (!take(p, TOKEN_COMMA) && p->tok.kind != TOKEN_CLOSE_MAP)
			return expected(p, "a comma or the end of the map");
	}
	p->m->e->nodes[n].all.len = p->end - from;
	return n;
}

static unsigned parse_name(struct parser *p, unsigned from)
{
	struct token t = p->tok;
	unsigned n;

	next(p);
	n = make(p, p->tok.kind == TOKEN_OPEN ? NODE_CALL : NODE_IDENT, from);
	p->m->e->nodes[n].word = t.text;
	if (n && take(p, TOKEN_OPEN))
		n = list(p, n, TOKEN_CLOSE, "a comma or a closing parenthesis");
	if (n)
		p->m->e->nodes[n].all.len = p->end - from;
	return n;
}

static unsigned parse_parens(struct parser *p)
{
	unsigned n;

	next(p);
	n = inner(p);
	return n && need(p, TOKEN_CLOSE, "a closing parenthesis") ? n : 0;
}

static unsigned parse_primary(struct parser *p)
{
	unsigned from = p->tok.at.at;

	switch (p->tok.kind) {
	case TOKEN_NAME:
		return parse_name(p, from);
	case TOKEN_INT:
	case TOKEN_DOUBLE:
		return parse_number(p, false, from);
	case TOKEN_STRING:
	case TOKEN_TRUE:
	case TOKEN_FALSE:
	case TOKEN_NULL:
		return parse_literal(p, from);
	case TOKEN_OPEN:
		return parse_parens(p);
	case TOKEN_OPEN_LIST:
		next(p);
		return parse_list(p, from);
	case TOKEN_OPEN_MAP:
		next(p);
		return parse_map(p, from);
	default:
		return expected(p, "a value");
	}
}

/* .name or .name(...) behind `of` */
static unsigned parse_dot(struct parser *p, unsigned of, unsigned from)
{
	struct token t = p->tok;
	unsigned n;

	if (t.kind != TOKEN_NAME && t.kind != TOKEN_RESERVED)
		return expected(p, "a name");
	next(p);
	n = add(p, make(p, p->tok.kind == TOKEN_OPEN ? NODE_CALL : NODE_SELECT, from), of);
	if (!n)
		return 0;
	p->m->e->nodes[n].word = t.text;
	p->m->e->nodes[n].name = t.at;
	if (take(p, TOKEN_OPEN)) {
		p->m->e->nodes[n].is_method = true;
		n = list(p, n, TOKEN_CLOSE, "a comma or a closing parenthesis");
	}
	return n;
}

/* What follows n: .name, .name(...), [...] */
static unsigned parse_postfix(struct parser *p, unsigned n, unsigned from)
{
	while (n) {
		if (take(p, TOKEN_DOT))
			n = parse_dot(p, n, from);
		else if (take(p, TOKEN_OPEN_LIST))
			n = list(p, add(p, make(p, NODE_INDEX, from), n), TOKEN_CLOSE_LIST,
				 "a closing bracket");
		else
			break;
		p->m->e->nodes[n].all.len = p->end - from;
		/* list() would take x[], x[1, 2] and x[1,]. */
		if (n && p->m->e->nodes[n].kind == NODE_INDEX && p->m->e->nodes[n].kids != 2) {
			expr_fault(p->m, "unexpected_token", p->m->e->nodes[n].all,
				   "One index or key is expected in the brackets.");
			return 0;
		}
	}
	return n;
}

static unsigned parse_unary(struct parser *p)
{
	unsigned from = p->tok.at.at, n;
	bool is_not = p->tok.kind == TOKEN_NOT;

	if (!is_not && p->tok.kind != TOKEN_SUB)
		return parse_postfix(p, parse_primary(p), from);
	next(p);
	if (!is_not && (p->tok.kind == TOKEN_INT || p->tok.kind == TOKEN_DOUBLE))
		return parse_postfix(p, parse_number(p, true, from), from);
	n = enter(p) ? parse_unary(p) : 0;
	p->depth--;
	return n ? add(p, make(p, is_not ? NODE_NOT : NODE_NEGATE, from), n) : 0;
}

static const struct binary {
	enum token_kind token;
	int level;
	enum node_kind kind;
	enum node_op op;
} binaries[] = {
	{ TOKEN_OR, 0, NODE_OR, OP_NONE },         { TOKEN_AND, 1, NODE_AND, OP_NONE },
	{ TOKEN_EQ, 2, NODE_COMPARE, OP_EQ },      { TOKEN_NE, 2, NODE_COMPARE, OP_NE },
	{ TOKEN_LT, 2, NODE_COMPARE, OP_LT },      { TOKEN_LE, 2, NODE_COMPARE, OP_LE },
	{ TOKEN_GT, 2, NODE_COMPARE, OP_GT },      { TOKEN_GE, 2, NODE_COMPARE, OP_GE },
	{ TOKEN_IN, 2, NODE_IN, OP_NONE },         { TOKEN_ADD, 3, NODE_ARITHMETIC, OP_ADD },
	{ TOKEN_SUB, 3, NODE_ARITHMETIC, OP_SUB }, { TOKEN_MUL, 4, NODE_ARITHMETIC, OP_MUL },
	{ TOKEN_DIV, 4, NODE_ARITHMETIC, OP_DIV }, { TOKEN_MOD, 4, NODE_ARITHMETIC, OP_MOD },
};
enum { LEVELS = 5 };

static const struct binary *binary_of(enum token_kind token, int level)
{
	for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
		if (binaries[i].token == token && binaries[i].level == level)
			return &binaries[i];
	return NULL;
}

/* A chain of operators of this level, or what binds closer. */
static unsigned parse_binary(struct parser *p, int level)
{
	unsigned from = p->tok.at.at, left, right;
	const struct binary *b;

	if (level == LEVELS)
		return parse_unary(p);
	left = parse_binary(p, level + 1);
	while (left && (b = binary_of(p->tok.kind, level)) != NULL) {
		struct span at = p->tok.at;

		next(p);
		right = parse_binary(p, level + 1);
		if (!right)
			return 0;
		/* a && b && c is one node of three. */
		if (b->op == OP_NONE && b->kind != NODE_IN
		    && p->m->e->nodes[left].kind == b->kind) {
			p->m->e->nodes[left].all.at = from;
			left = add(p, left, right);
			continue;
		}
		left = add(p, add(p, make(p, b->kind, from), left), right);
		p->m->e->nodes[left].op = b->op;
		p->m->e->nodes[left].name = at;
	}
	return left;
}

static unsigned parse_expr(struct parser *p)
{
	unsigned from = p->tok.at.at;
	unsigned test = parse_binary(p, 0), yes, no;

	if (!test || !take(p, TOKEN_ASK))
		return test;
	yes = enter(p) ? parse_binary(p, 0) : 0;
	no = yes && need(p, TOKEN_COLON, "a colon and the other value") ? parse_expr(p) : 0;
	p->depth--;
	if (!no)
		return 0;
	return add(p, add(p, add(p, make(p, NODE_IF, from), test), yes), no);
}

bool expr_parse(const struct maker *m)
{
	struct expr *e = m->e;
	struct parser p = { .m = m, .lex = { m, e->text, 0 } };

	e->cap = (e->text.n < EXPR_NODES_MAX ? (unsigned)e->text.n : EXPR_NODES_MAX) + 2;
	e->nodes = arena_array(m->arena, struct node, e->cap);
	e->n = 1;
	next(&p);
	if (p.tok.kind == TOKEN_END) {
		expr_fault(m, "empty", (struct span){ 0, (unsigned)e->text.n },
			   "There is no expression.");
		return false;
	}
	e->root = parse_expr(&p);
	if (e->root && p.tok.kind != TOKEN_END)
		e->root = expected(&p, "an operator or the end");
	return e->root != 0;
}
