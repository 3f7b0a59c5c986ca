/* Random expressions over random data against a naive evaluator: a tree of its own, values of its own, written
 * down from the rules in include/expr/expr.h. The tree is printed with no more parentheses than precedence asks for
 * (and some more by chance), so that the parser is asked as well. SEED=n repeats a run. */
#include "expr/expr.h"

#include "base/json.h"
#include "base/strbuf.h"
#include "lib/seed.h"
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum {
	ROUNDS = 60000,
	PER_DATA = 20,
	NODES_MAX = 400,
	VALUES_MAX = 4000,
	ITEMS_MAX = 4,
	NAMES = 8
};

enum kind { ERR, NUL, BOOL, INT, DBL, STR, LIST, MAP };
struct val {
	enum kind k;
	int64_t i; /* a boolean too */
	double d;
	char s[64];
	int n;
	const struct val *item[ITEMS_MAX];
	char key[ITEMS_MAX]; /* one letter, 'a' + */
};

enum op {
	LIT,
	VAR,
	SELECT,
	INDEX,
	HAS,
	SIZE,
	CONTAINS,
	STARTS,
	ENDS,
	TOINT,
	NOT,
	NEG,
	MUL,
	DIV,
	MOD,
	ADD,
	SUB,
	LT,
	LE,
	GT,
	GE,
	EQ,
	NE,
	IN,
	AND,
	OR,
	IF,
	MAKE,
	ALL,
	ANY,
	ONE
};
struct nod {
	enum op op;
	const struct val *lit;
	int var; /* a name: 0..NAMES - 1; a loop's variable: NAMES + its depth; a member: its letter */
	int n;
	const struct nod *kid[3];
};

static struct nod nodes[NODES_MAX];
static struct val values[VALUES_MAX];
static int nodes_n, values_n, kept_n;
static const struct val *scope[NAMES + 8];
static const struct val err = { .k = ERR };

static struct val *new_val(enum kind k)
{
	struct val *v = &values[values_n];

	if (values_n < VALUES_MAX - 1)
		values_n++;
	*v = (struct val){ .k = k };
	return v;
}

static const struct val *boolean(bool b)
{
	struct val *v = new_val(BOOL);

	v->i = b;
	return v;
}

/* ---- data ---- */

static const struct val *some_scalar(void)
{
	static const int64_t ints[] = { 0,  1,   2,         3,         -1,
					-7, 100, INT64_MAX, INT64_MIN, 9007199254740993 };
	static const double doubles[] = {
		0.5, 1.0, 2.0, -7.0, 9007199254740992.0, 1e308, 0.0, 2.5
	};
	static const char *const strings[] = { "",         "a",         "ab",   "b",  "aab",
					       "\xc3\xa9", "\xc3\xa9z", "x\ny", "12", "-7" };
	struct val *v = new_val((enum kind)(NUL + (int)below(5)));

	v->i = v->k == INT ? ints[below(10)] : v->k == BOOL ? below(2) : 0;
	v->d = doubles[below(8)];
	(void)snprintf(v->s, sizeof v->s, "%s", strings[below(10)]);
	return v;
}

/* Of this kind, as often as not. */
static const struct val *some_kind(enum kind k)
{
	const struct val *v = some_scalar();

	for (int i = 0; i < 20 && v->k != k && k < LIST; i++)
		v = some_scalar();
	return v;
}

static const struct val *some_val(int depth)
{
	struct val *v;

	if (depth == 0 || below(5) < 2)
		return some_scalar();
	v = new_val(below(2) ? LIST : MAP);
	v->n = (int)below(ITEMS_MAX + 1);
	for (int i = 0; i < v->n; i++) {
		v->item[i] = some_val(depth - 1);
		v->key[i] = (char)('a' + i);
	}
	return v;
}

static void print_string(struct strbuf *b, const char *s, bool is_json)
{
	strbuf_addc(b, '"');
	for (; *s; s++) {
		if (*s == '\n')
			strbuf_adds(b, "\\n");
		else if (is_json && (unsigned char)*s == 0xc3 && below(2))
			strbuf_addf(b, "\\u%04x", (unsigned char)*++s + 0x40u);
		else if (*s > 0 && below(6) == 0)
			strbuf_addf(b, "\\u%04x", (unsigned char)*s);
		else
			strbuf_addc(b, *s);
	}
	strbuf_addc(b, '"');
}

static void print_val(struct strbuf *b, const struct val *v, bool is_json);

static void print_bag(struct strbuf *b, const struct val *v, bool is_json)
{
	strbuf_addc(b, v->k == LIST ? '[' : '{');
	for (int i = 0; i < v->n; i++) {
		strbuf_adds(b, i ? ", " : "");
		if (v->k == MAP)
			strbuf_addf(b, "\"%c\": ", v->key[i]);
		print_val(b, v->item[i], is_json);
	}
	strbuf_addc(b, v->k == LIST ? ']' : '}');
}

static void print_val(struct strbuf *b, const struct val *v, bool is_json)
{
	if (v->k == LIST || v->k == MAP)
		print_bag(b, v, is_json);
	else if (v->k == STR)
		print_string(b, v->s, is_json);
	else if (v->k == INT)
		strbuf_addf(b, "%" PRId64, v->i);
	else if (v->k == DBL)
		strbuf_addf(b, v->d == floor(v->d) ? "%.1f" : "%.17g", v->d);
	else
		strbuf_adds(b, v->k == NUL ? "null" : v->i ? "true" : "false");
}

/* ---- trees ---- */

/* What stands where is mostly of a kind that fits: v0 is an int, v1 a double, v2 a string, v3 a boolean, v4 a list,
 * v5 a map, as often as not. */
enum want { CLAIM, NUMBER, TEXT, BAG, ANYTHING };
static const struct {
	int n;
	enum want kids[3];
} kinds[] = {
	[SELECT] = { 1, { BAG } },
	[INDEX] = { 2, { BAG, NUMBER } },
	[HAS] = { 1, { BAG } },
	[SIZE] = { 1, { BAG } },
	[CONTAINS] = { 2, { TEXT, TEXT } },
	[STARTS] = { 2, { TEXT, TEXT } },
	[ENDS] = { 2, { TEXT, TEXT } },
	[TOINT] = { 1, { NUMBER } },
	[NOT] = { 1, { CLAIM } },
	[NEG] = { 1, { NUMBER } },
	[MUL] = { 2, { NUMBER, NUMBER } },
	[DIV] = { 2, { NUMBER, NUMBER } },
	[MOD] = { 2, { NUMBER, NUMBER } },
	[ADD] = { 2, { NUMBER, NUMBER } },
	[SUB] = { 2, { NUMBER, NUMBER } },
	[LT] = { 2, { NUMBER, NUMBER } },
	[LE] = { 2, { NUMBER, NUMBER } },
	[GT] = { 2, { TEXT, TEXT } },
	[GE] = { 2, { NUMBER, NUMBER } },
	[EQ] = { 2, { ANYTHING, ANYTHING } },
	[NE] = { 2, { ANYTHING, ANYTHING } },
	[IN] = { 2, { ANYTHING, BAG } },
	[AND] = { 2, { CLAIM, CLAIM } },
	[OR] = { 2, { CLAIM, CLAIM } },
	[IF] = { 3, { CLAIM, ANYTHING, ANYTHING } },
	[MAKE] = { 2, { ANYTHING, ANYTHING } },
	[ALL] = { 2, { BAG, CLAIM } },
	[ANY] = { 2, { BAG, CLAIM } },
	[ONE] = { 2, { BAG, CLAIM } },
};

static enum op some_op(int depth, enum want want)
{
	static const enum op ops[][12] = {
		[CLAIM] = { AND, OR, NOT, LT, GT, EQ, IN, ALL, ANY, ONE, HAS, CONTAINS },
		[NUMBER] = { ADD, SUB, MUL, DIV, MOD, NEG, SIZE, TOINT, INDEX, SELECT, IF, ADD },
		[TEXT] = { ADD, ADD, SELECT, INDEX, IF, VAR, VAR, VAR, LIT, LIT, LIT, VAR },
		[BAG] = { MAKE, MAKE, SELECT, INDEX, IF, VAR, VAR, VAR, VAR, VAR, VAR, VAR },
	};

	if (depth == 0 || nodes_n > NODES_MAX - 40)
		return below(4) ? VAR : LIT;
	if (want == ANYTHING || below(30) == 0)
		return (enum op)below(ONE + 1);
	return ops[want][below(12)];
}

static int some_var(enum want want, int loops)
{
	static const unsigned vars[] = { [CLAIM] = 3, [NUMBER] = 0, [TEXT] = 2, [BAG] = 4 };

	if (want == ANYTHING || below(4) == 0)
		return (int)below((unsigned)(NAMES + loops));
	return (int)(vars[want] + (want == NUMBER || want == BAG ? below(2) : 0));
}

static const struct val *some_literal(enum want want)
{
	static const enum kind lits[] = { [CLAIM] = BOOL, [NUMBER] = INT, [TEXT] = STR };

	return want >= BAG || below(20) == 0 ? some_scalar() : some_kind(lits[want]);
}

/* What the i-th child should be. */
static enum want kid_want(enum op op, int i, enum want want)
{
	bool is_same = (op == IF && i > 0) || (op == ADD && want == TEXT);

	return is_same ? want : kinds[op].kids[i];
}

static const struct nod *some_nod(int depth, enum want want, int loops)
{
	enum op op = some_op(depth, want);
	struct nod *n = &nodes[nodes_n++];

	if (op == LIT && want == BAG)
		op = VAR;
	*n = (struct nod){ .op = op, .n = kinds[op].n, .lit = some_literal(want) };
	n->var = op == VAR ? some_var(want, loops) : op >= ALL ? NAMES + loops : (int)below(5);
	for (int i = 0; i < n->n; i++)
		n->kid[i] = some_nod(depth - 1, kid_want(op, i, want),
				     loops + (op >= ALL && i == 1));
	return n;
}

/* How close it binds; the higher, the closer. */
static int level(const struct nod *n)
{
	static const int levels[] = {
		[IF] = 0,  [OR] = 1,  [AND] = 2, [LT] = 3,  [LE] = 3,  [GT] = 3,
		[GE] = 3,  [EQ] = 3,  [NE] = 3,  [IN] = 3,  [ADD] = 4, [SUB] = 4,
		[MUL] = 5, [DIV] = 5, [MOD] = 5, [NOT] = 6, [NEG] = 6, [MAKE] = 8
	};
	bool is_minus = n->op == LIT
		     && ((n->lit->k == INT && n->lit->i < 0)
			 || (n->lit->k == DBL && n->lit->d < 0));

	if (is_minus)
		return 6;
	return n->op < NOT || n->op >= ALL ? 8 : levels[n->op];
}

static void print(struct strbuf *b, const struct nod *n, int least);

static void print_name(struct strbuf *b, int var)
{
	if (var < NAMES)
		strbuf_addf(b, "v%d", var);
	else
		strbuf_addf(b, "i%d", var - NAMES);
}

static void print_postfix(struct strbuf *b, const struct nod *n)
{
	static const char *const names[] = {
		[CONTAINS] = "contains", [STARTS] = "startsWith", [ENDS] = "endsWith",
		[ALL] = "all",           [ANY] = "exists",        [ONE] = "exists_one"
	};

	print(b, n->kid[0], 8);
	if (n->op == SELECT || n->op == HAS) {
		strbuf_addf(b, ".%c", 'a' + n->var);
	} else if (n->op == INDEX) {
		strbuf_addc(b, '[');
		print(b, n->kid[1], 0);
		strbuf_addc(b, ']');
	} else {
		strbuf_addf(b, ".%s(", names[n->op]);
		if (n->op >= ALL) {
			print_name(b, n->var);
			strbuf_adds(b, ", ");
		}
		print(b, n->kid[1], 0);
		strbuf_addc(b, ')');
	}
}

static void print_infix(struct strbuf *b, const struct nod *n)
{
	static const char *const signs[] = {
		[MUL] = "*", [DIV] = "/",   [MOD] = "%",  [ADD] = "+", [SUB] = "-",
		[LT] = "<",  [LE] = "<=",   [GT] = ">",   [GE] = ">=", [EQ] = "==",
		[NE] = "!=", [IN] = " in ", [AND] = "&&", [OR] = "||"
	};

	print(b, n->kid[0], level(n));
	strbuf_addf(b, below(2) ? "%s" : " %s ", signs[n->op]);
	print(b, n->kid[1], level(n) + 1);
}

static void print_if(struct strbuf *b, const struct nod *n)
{
	print(b, n->kid[0], 1);
	strbuf_adds(b, " ? ");
	print(b, n->kid[1], 1);
	strbuf_adds(b, ": ");
	print(b, n->kid[2], 0);
}

static void print_make(struct strbuf *b, const struct nod *n)
{
	strbuf_addc(b, '[');
	print(b, n->kid[0], 0);
	strbuf_adds(b, ", ");
	print(b, n->kid[1], 0);
	strbuf_addc(b, ']');
}

static void print_call(struct strbuf *b, const struct nod *n)
{
	strbuf_adds(b, n->op == HAS ? "has(" : n->op == SIZE ? "size(" : "int(");
	if (n->op == HAS)
		print_postfix(b, n);
	else
		print(b, n->kid[0], 0);
	strbuf_addc(b, ')');
}

static void print_unary(struct strbuf *b, const struct nod *n)
{
	strbuf_addc(b, n->op == NOT ? '!' : '-');
	/* !-x is not in the grammar. */
	print(b, n->kid[0], n->kid[0]->op == n->op ? 6 : 8);
}

static void print_leaf(struct strbuf *b, const struct nod *n)
{
	if (n->op == LIT)
		print_val(b, n->lit, false);
	else
		print_name(b, n->var);
}

static void print_bare(struct strbuf *b, const struct nod *n)
{
	static void (*const prints[])(struct strbuf *, const struct nod *) = {
		[LIT] = print_leaf,   [VAR] = print_leaf,  [HAS] = print_call,  [SIZE] = print_call,
		[TOINT] = print_call, [NOT] = print_unary, [NEG] = print_unary, [IF] = print_if,
		[MAKE] = print_make,  [ONE] = NULL,
	};

	if (prints[n->op])
		prints[n->op](b, n);
	else if (n->op < NOT || n->op >= ALL)
		print_postfix(b, n);
	else
		print_infix(b, n);
}

static void print(struct strbuf *b, const struct nod *n, int least)
{
	bool is_wrapped = level(n) < least || below(8) == 0;

	strbuf_adds(b, is_wrapped ? "(" : "");
	print_bare(b, n);
	strbuf_adds(b, is_wrapped ? ")" : "");
}

/* ---- the naive evaluator ---- */

static const struct val *eval(const struct nod *n);

static bool is_number(const struct val *v)
{
	return v->k == INT || v->k == DBL;
}

/* 64 bits of mantissa: exact for both kinds. */
static long double number(const struct val *v)
{
	return v->k == INT ? (long double)v->i : (long double)v->d;
}

static const struct val *member(const struct val *map, char key)
{
	for (int i = 0; i < map->n; i++)
		if (map->key[i] == key)
			return map->item[i];
	return &err;
}

static bool same(const struct val *a, const struct val *b)
{
	if (is_number(a) && is_number(b))
		return number(a) == number(b);
	if (a->k != b->k || a->n != b->n)
		return false;
	for (int i = 0; i < a->n; i++)
		if (!same(a->item[i], a->k == LIST ? b->item[i] : member(b, a->key[i])))
			return false;
	return a->k == STR ? strcmp(a->s, b->s) == 0 : a->k != BOOL || a->i == b->i;
}

static const struct val *order(enum op op, const struct val *a, const struct val *b)
{
	long double d;

	if (is_number(a) && is_number(b))
		d = number(a) < number(b) ? -1 : number(a) > number(b);
	else if (a->k == STR && b->k == STR)
		d = strcmp(a->s, b->s);
	else if (a->k == BOOL && b->k == BOOL)
		d = (long double)(a->i - b->i);
	else
		return &err;
	return boolean(op == LT ? d < 0 : op == LE ? d <= 0 : op == GT ? d > 0 : d >= 0);
}

static const struct val *of_int(__int128 wide)
{
	struct val *v = new_val(INT);

	v->i = (int64_t)wide;
	return wide == v->i ? v : &err;
}

/* Both are numbers, the second is not the zero of a division. */
static const struct val *of_ints(enum op op, __int128 x, __int128 y)
{
	if (op == MOD)
		return x == INT64_MIN && y == -1 ? &err : of_int(x % y);
	return of_int(op == ADD ? x + y : op == SUB ? x - y : op == MUL ? x * y : x / y);
}

static const struct val *of_doubles(enum op op, double x, double y)
{
	struct val *v = new_val(DBL);

	v->d = op == ADD ? x + y : op == SUB ? x - y : op == MUL ? x * y : x / y;
	return op == MOD || !isfinite(v->d) ? &err : v;
}

static const struct val *arithmetic(enum op op, const struct val *a, const struct val *b)
{
	struct val *v;

	if (a->k == STR && b->k == STR && op == ADD) {
		v = new_val(STR);
		(void)snprintf(v->s, sizeof v->s, "%.31s%.31s", a->s, b->s);
		return v;
	}
	if (!is_number(a) || !is_number(b) || ((op == DIV || op == MOD) && number(b) == 0))
		return &err;
	if (a->k == INT && b->k == INT)
		return of_ints(op, a->i, b->i);
	return of_doubles(op, (double)number(a), (double)number(b));
}

static const struct val *in(enum op op, const struct val *a, const struct val *b)
{
	(void)op;
	if (b->k == MAP)
		return boolean(a->k == STR && a->s[0] && !a->s[1] && member(b, a->s[0])->k != ERR);
	if (b->k != LIST)
		return &err;
	for (int i = 0; i < b->n; i++)
		if (same(a, b->item[i]))
			return boolean(true);
	return boolean(false);
}

static const struct val *at(enum op op, const struct val *a, const struct val *b)
{
	(void)op;
	if (a->k == MAP)
		return b->k == STR && b->s[0] && !b->s[1] ? member(a, b->s[0]) : &err;
	if (a->k != LIST || !is_number(b) || number(b) < 0 || number(b) >= a->n
	    || number(b) != floorl(number(b)))
		return &err;
	return a->item[(int)number(b)];
}

static const struct val *text(enum op op, const struct val *a, const struct val *b)
{
	size_t n = strlen(a->s), m = strlen(b->s);

	if (a->k != STR || b->k != STR)
		return &err;
	if (op == CONTAINS)
		return boolean(strstr(a->s, b->s) != NULL);
	return boolean(m <= n && memcmp(op == STARTS ? a->s : a->s + n - m, b->s, m) == 0);
}

static const struct val *size(const struct val *a)
{
	int n = a->n;

	if (a->k < STR)
		return &err;
	for (const char *p = a->s; a->k == STR && *p; p++)
		n += (*p & 0xc0) != 0x80;
	return of_int(n);
}

static const struct val *to_int(const struct val *a)
{
	if (a->k == STR)
		return strcmp(a->s, "12") == 0   ? of_int(12)
		     : strcmp(a->s, "-7") == 0   ? of_int(-7)
		     : strcmp(a->s, "1212") == 0 ? of_int(1212)
						 : &err;
	return a->k == INT ? a : a->k != DBL || fabs(a->d) >= 0x1p63 ? &err : of_int((int64_t)a->d);
}

/* One that decides wins over errors, whatever the order. */
static const struct val *fold(bool decides, const struct val *const *list, int n)
{
	bool has_failed = false;

	for (int i = 0; i < n; i++) {
		if (list[i]->k == BOOL && list[i]->i == decides)
			return boolean(decides);
		has_failed |= list[i]->k != BOOL;
	}
	return has_failed ? &err : boolean(!decides);
}

static const struct val *loop(const struct nod *n, const struct val *of)
{
	const struct val *got[ITEMS_MAX];
	int hits = 0;

	if (of->k != LIST && of->k != MAP)
		return &err;
	for (int i = 0; i < of->n; i++) {
		struct val *key = new_val(STR);

		key->s[0] = of->key[i];
		scope[n->var] = of->k == LIST ? of->item[i] : key;
		got[i] = eval(n->kid[1]);
		hits += got[i]->k == BOOL && got[i]->i;
	}
	if (n->op != ONE)
		return fold(n->op == ANY, got, of->n);
	for (int i = 0; i < of->n; i++)
		if (got[i]->k != BOOL)
			return &err;
	return boolean(hits == 1);
}

static const struct val *negate(const struct val *a)
{
	struct val *v;

	if (a->k == INT)
		return of_int(-(__int128)a->i);
	if (a->k != DBL)
		return &err;
	v = new_val(DBL);
	v->d = -a->d;
	return v;
}

static const struct val *make(enum op op, const struct val *a, const struct val *b)
{
	(void)op;
	struct val *v = new_val(LIST);

	v->n = 2;
	v->item[0] = a;
	v->item[1] = b;
	return v;
}

static const struct val *alike(enum op op, const struct val *a, const struct val *b)
{
	return boolean(same(a, b) == (op == EQ));
}

static const struct val *eval_two(const struct nod *n, const struct val *a, const struct val *b)
{
	static const struct val *(*const does[])(enum op, const struct val *,
						 const struct val *) = {
		[EQ] = alike,       [NE] = alike,       [LT] = order,       [LE] = order,
		[GT] = order,       [GE] = order,       [IN] = in,          [INDEX] = at,
		[MAKE] = make,      [CONTAINS] = text,  [STARTS] = text,    [ENDS] = text,
		[MUL] = arithmetic, [DIV] = arithmetic, [MOD] = arithmetic, [ADD] = arithmetic,
		[SUB] = arithmetic,
	};

	return does[n->op](n->op, a, b);
}

static const struct val *eval_one(const struct nod *n, const struct val *a)
{
	switch (n->op) {
	case SELECT:
		return a->k == MAP ? member(a, (char)('a' + n->var)) : &err;
	case HAS:
		return a->k == MAP ? boolean(member(a, (char)('a' + n->var))->k != ERR) : &err;
	case SIZE:
		return size(a);
	case TOINT:
		return to_int(a);
	case NOT:
		return a->k == BOOL ? boolean(!a->i) : &err;
	default:
		return negate(a);
	}
}

static const struct val *eval(const struct nod *n)
{
	const struct val *a, *b[2];

	if (n->n == 0)
		return n->op == LIT ? n->lit : scope[n->var];
	a = eval(n->kid[0]);
	if (n->op == AND || n->op == OR) {
		b[0] = a;
		b[1] = eval(n->kid[1]);
		return fold(n->op == OR, b, 2);
	}
	if (a->k == ERR)
		return a;
	if (n->op >= ALL)
		return loop(n, a);
	if (n->op == IF)
		return a->k == BOOL ? eval(n->kid[a->i ? 1 : 2]) : &err;
	if (n->n == 1)
		return eval_one(n, a);
	b[0] = eval(n->kid[1]);
	return b[0]->k == ERR ? b[0] : eval_two(n, a, b[0]);
}

/* ---- the property ---- */

struct tally {
	unsigned refused, answers[3];
};

static void some_data(struct strbuf *out)
{
	static const enum kind kinds_of[] = { INT, DBL, STR, BOOL };

	values_n = 0;
	strbuf_clear(out);
	for (int i = 0; i < NAMES; i++) {
		/* The last two are not there. */
		scope[i] = i >= NAMES - 2    ? &err
			 : i < 4 && below(4) ? some_kind(kinds_of[i])
					     : some_val(i);
		if (i < NAMES - 2) {
			strbuf_addf(out, "%s\"v%d\":", i ? "," : "{", i);
			print_val(out, scope[i], true);
		}
	}
	strbuf_addc(out, '}');
	kept_n = values_n;
}

static void one_round(const char *data, struct arena *a, struct tally *t)
{
	static const struct expr_env open = { NULL, true };
	static const char *const words[] = { "false", "true", "an error" };
	struct expr_bind binds[] = { { "", expr_json_index(slice_of(data), a) }, { NULL, NULL } };
	struct expr_error error = { .code = "" };
	struct expr_faults faults;
	const struct expr *e;
	const struct nod *root;
	const struct val *want;
	struct strbuf out;
	enum expr_answer got, wanted;

	nodes_n = 0;
	values_n = kept_n;
	strbuf_init(&out, 1 << 20);
	root = some_nod(1 + (int)below(5), CLAIM, 0);
	print(&out, root, 0);
	e = expr_compile(strbuf_slice(&out), &open, a, &faults);
	if (e) {
		want = eval(root);
		ck_assert_int_lt(values_n, VALUES_MAX - 1);
		wanted = want->k == BOOL ? (enum expr_answer)want->i : EXPR_FAILED;
		got = expr_test(e, binds, &error);
		ck_assert_msg(got == wanted, "%s with %s: %s (%s), not %s", out.p, data, words[got],
			      error.code, words[wanted]);
		t->answers[got]++;
	} else {
		const char *code = faults.list[0].code;

		/* Only types may be at fault, or the size. */
		ck_assert_msg(strcmp(code, "wrong_type") == 0
				      || strcmp(code, "not_a_condition") == 0
				      || strcmp(code, "too_long") == 0
				      || strcmp(code, "wrong_arguments") == 0
				      || strcmp(code, "too_deep") == 0,
			      "%s: %s %s", out.p, code, faults.list[0].message);
		t->refused++;
	}
	strbuf_release(&out);
}

START_TEST(naive)
{
	struct tally t = { 0 };
	struct strbuf data;

	seed_open("p_expr", 20261122);
	strbuf_init(&data, 1 << 20);
	for (int i = 0; i < ROUNDS; i += PER_DATA) {
		struct arena *a = arena_new();

		some_data(&data);
		for (int k = 0; k < PER_DATA; k++)
			one_round(data.p, a, &t);
		arena_free(a);
	}
	strbuf_release(&data);
	printf("p_expr: %u false, %u true, %u errors, %u refused\n", t.answers[0], t.answers[1],
	       t.answers[2], t.refused);
	ck_assert_uint_gt(t.answers[0], ROUNDS / 20);
	ck_assert_uint_gt(t.answers[1], ROUNDS / 20);
	ck_assert_uint_gt(t.answers[2], ROUNDS / 20);
}
END_TEST

Suite *suite_p_expr(void)
{
	Suite *s = suite_create("p_expr");
	TCase *tc = tcase_create("p_expr");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, naive);
	suite_add_tcase(s, tc);
	return s;
}
