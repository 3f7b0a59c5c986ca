/* What the files of src/expr share: tokens, the tree, values, the machine. Private to src/expr.
 *
 * Text becomes tokens (expr_lex.c), a tree of nodes in one array (expr_parse.c) whose names and types are then
 * settled (expr_check.c). expr_eval.c walks the tree; expr_op.c, expr_value.c and expr_func.c are what it does there.
 * Everything that is made while it runs is in struct machine, on the caller's stack.
 *
 * Recursion goes along the tree, which is at most HEIGHT_MAX high, or along JSON, at most JSON_DEPTH_MAX deep. */
#ifndef EXPR_EXPR_INT_H
#define EXPR_EXPR_INT_H

#include <stdint.h>

#include "base/json.h"
#include "expr/expr.h"

enum {
	HEIGHT_MAX = 128, /* of the tree: chains such as a.b.c or a + b + c are as high as they are long */
	EXPR_TYPE = EXPR_MAP + 1, /* the type of types, what type(x) gives */
	TYPES_N
};

/* ---- strings ---- */

/* A string as it stands somewhere; with is_escaped it is the inside of a JSON string, and what it
 * means is read off byte by byte, so that nothing needs to be copied. */
struct text {
	struct slice s;
	bool is_escaped;
};
struct text_reader {
	const char *p, *end;
	bool is_escaped;
	unsigned char made[4]; /* the rest of an escaped character, last byte first */
	unsigned made_n;
};
static inline struct text_reader text_open(struct text t)
{
	return (struct text_reader){ t.s.p, t.s.p + t.s.n, t.is_escaped, { 0 }, 0 };
}
int text_escaped_byte(struct text_reader *r);
/* The next byte of the meaning, or -1. */
static inline int text_byte(struct text_reader *r)
{
	if (r->made_n || (r->is_escaped && r->p < r->end && *r->p == '\\'))
		return text_escaped_byte(r);
	return r->p < r->end ? (unsigned char)*r->p++ : -1;
}
int text_far_char(struct text_reader *r);
/* The next code point, or -1. */
static inline int text_char(struct text_reader *r)
{
	if (!r->made_n && r->p < r->end && (unsigned char)*r->p < 0x80 && *r->p != '\\')
		return *r->p++;
	return text_far_char(r);
}
/* As memcmp, by code points. */
int text_compare(struct text a, struct text b);
uint32_t text_hash(struct text t);
int64_t text_size(struct text t);  /* in code points */
size_t text_bytes(struct text t); /* in bytes of the meaning */
static inline struct text text_plain(struct slice s)
{
	return (struct text){ s, false };
}
/* Bytes, as steps are counted: those of a text with escapes count twice. */
static inline size_t text_cost(struct text t)
{
	return t.s.n << t.is_escaped;
}
/* Of reading both to the end of the shorter. */
static inline size_t text_cost_both(struct text a, struct text b)
{
	return (a.s.n < b.s.n ? a.s.n : b.s.n) << (a.is_escaped || b.is_escaped);
}
/* UTF-8 of the code point; returns its bytes, 1 to 4. */
unsigned utf8_put(unsigned char out[4], unsigned c);
/* Bytes of the character at p, 1 to 4; 0: not UTF-8. */
unsigned utf8_length(const char *p, const char *end);

/* ---- data ---- */

/* Members of a list or map lie side by side in `values`; those of a map with more than
 * JSON_FEW are sorted by the hash of their names. The root is the last value. */
enum { JSON_FEW = 8 };
struct json_value {
	uint32_t at, n; /* a scalar's text, a string's without quotes; of a list or map: its first member, how many */
	uint32_t key_at, key_n, key_hash;
	unsigned char kind; /* enum expr_type; a number is EXPR_DOUBLE until it is read */
	bool is_escaped, is_key_escaped;
};
struct expr_json {
	struct slice text;
	struct json_value *values;
	uint32_t n;
};
/* NULL: there is none. out_cost: bytes that were compared, roughly. */
const struct json_value *json_member(const struct expr_json *j, const struct json_value *map, struct text key,
				     size_t *out_cost);
struct text json_key(const struct expr_json *j, const struct json_value *v);

/* ---- values ---- */

struct value {
	unsigned char kind; /* enum expr_type, never EXPR_DYN; or EXPR_TYPE */
	bool is_json;       /* list, map: in .json, else in .cells */
	union {
		bool b;
		int64_t i;
		double d; /* always finite */
		struct text s;
		enum expr_type type;
		struct {
			const struct expr_json *doc;
			const struct json_value *at;
		} json;
		struct {
			const struct value *list; /* of a map: a key, its value, the next key ... */
			uint32_t n;               /* members */
		} cells;
	};
};

static inline struct value value_bool(bool b)
{
	return (struct value){ .kind = EXPR_BOOL, .b = b };
}
static inline struct value value_int(int64_t i)
{
	return (struct value){ .kind = EXPR_INT, .i = i };
}
static inline struct value value_double(double d)
{
	return (struct value){ .kind = EXPR_DOUBLE, .d = d };
}
static inline struct value value_string(struct text s)
{
	return (struct value){ .kind = EXPR_STRING, .s = s };
}
static inline bool value_is_number(const struct value *v)
{
	return v->kind == EXPR_INT || v->kind == EXPR_DOUBLE;
}
static inline uint32_t value_members(const struct value *v)
{
	return v->is_json ? v->json.at->n : v->cells.n;
}
const char *type_words(unsigned type); /* "a string" */
const char *type_name(unsigned type);  /* "string", as type(x) is compared with */

/* Text of a number: JSON's and ours have the same form. False: beyond what a double can hold. */
enum { NUMBER_MAX = 400 }; /* bytes; longer ones are "beyond" too */
bool number_read(struct slice text, struct value *out);

/* ---- the tree ---- */

struct span {
	unsigned at, len;
};

enum node_kind {
	NODE_NONE, NODE_CONST, NODE_IDENT, NODE_LOCAL, NODE_NAME, NODE_OPEN, NODE_SELECT, NODE_INDEX, NODE_CALL,
	NODE_HAS, NODE_LOOP, NODE_NOT, NODE_NEGATE, NODE_AND, NODE_OR, NODE_IF, NODE_COMPARE, NODE_ARITHMETIC,
	NODE_IN, NODE_LIST, NODE_MAP, NODE_KINDS
};
/* In one list, so that a row of a table can be found by it. */
enum node_op {
	OP_NONE, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD,
	OP_ALL, OP_EXISTS, OP_EXISTS_ONE
};

struct node {
	enum node_kind kind;
	enum node_op op;
	unsigned char type;  /* what is known of its value */
	unsigned char height;
	bool is_method;      /* a call: the first child is what stands before the dot */
	uint16_t first, last, next, kids; /* children as a chain of indices; 0 ends it */
	uint16_t slot;       /* of a loop's variable */
	struct span all;     /* its text */
	struct span name;    /* of a member, a function, a loop; else as `all` */
	struct slice word;   /* that name; a loop's variable */
	struct value value;  /* NODE_CONST */
	const struct expr_name *members; /* known ones, or NULL */
	const struct func *func;
	const struct regex *regex;
};

struct expr {
	struct slice text;
	struct node *nodes; /* [0] is none */
	unsigned n, cap, root;
	struct slice *reads;
	int reads_n;
};

#define EACH_KID(e, n, kid) \
	for (const struct node *kid = &(e)->nodes[(n)->first]; kid->kind; kid = &(e)->nodes[kid->next])

static inline struct node *node_kid(const struct expr *e, const struct node *n, int i)
{
	struct node *kid = &e->nodes[n->first];

	while (i-- > 0)
		kid = &e->nodes[kid->next];
	return kid;
}
static inline struct slice span_text(const struct expr *e, struct span s)
{
	return (struct slice){ e->text.p + s.at, s.len };
}

/* ---- compiling ---- */

/* What compiling works with. */
struct maker {
	struct expr *e;
	struct arena *arena;
	const struct expr_env *env;
	struct expr_faults *faults;
};
struct slice expr_shown(struct slice s); /* what a message quotes of it: at most 60 bytes, whole characters */
void expr_fault(const struct maker *m, const char *code, struct span where, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* " Did you mean "status"?" or "", in the arena. */
struct suggest {
	struct slice word;
	const char *best;
	unsigned distance;
};
struct suggest suggest_open(struct slice word);
void suggest_try(struct suggest *s, const char *name);
const char *suggest_words(const struct suggest *s, struct arena *a);

enum token_kind {
	TOKEN_END, TOKEN_BAD, TOKEN_NAME, TOKEN_INT, TOKEN_DOUBLE, TOKEN_STRING, TOKEN_TRUE, TOKEN_FALSE,
	TOKEN_NULL, TOKEN_RESERVED, TOKEN_IN, TOKEN_OR, TOKEN_AND, TOKEN_EQ, TOKEN_NE, TOKEN_LE, TOKEN_GE,
	TOKEN_LT, TOKEN_GT, TOKEN_ADD, TOKEN_SUB, TOKEN_MUL, TOKEN_DIV, TOKEN_MOD, TOKEN_NOT, TOKEN_ASK,
	TOKEN_COLON, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OPEN_LIST, TOKEN_CLOSE_LIST, TOKEN_OPEN_MAP,
	TOKEN_CLOSE_MAP, TOKEN_COMMA, TOKEN_DOT
};
struct token {
	enum token_kind kind;
	struct span at;
	struct slice text;  /* as written */
	struct slice value; /* a string's, in the arena */
};
struct lexer {
	const struct maker *maker;
	struct slice text;
	unsigned at;
};
/* TOKEN_BAD: the fault is said. */
struct token lex_next(struct lexer *l);

/* Fills e->nodes and e->root; false: the fault is said. */
bool expr_parse(const struct maker *m);
/* Settles names, types, functions; says all faults. */
void expr_check(const struct maker *m);
/* Fills e->reads. */
void expr_find_reads(struct expr *e, struct arena *a);

/* ---- patterns ---- */

/* NULL: out_message says why not. */
const struct regex *regex_compile(struct slice pattern, struct arena *a, const char **out_message);
struct machine;
/* False: out of steps. */
bool regex_search(struct machine *m, const struct regex *re, struct text t, bool *out_found);

/* ---- running ---- */

/* Steps in finer coin: what a node costs. Bytes cost 1, bytes of a JSON string with escapes 2. */
enum { COST_NODE = 64, COST_MEMBER = 16, COST_STATE = 4 };

enum failure_code {
	FAIL_NONE, FAIL_NO_SUCH_KEY, FAIL_WRONG_TYPE, FAIL_NOT_BOOL, FAIL_OVERFLOW, FAIL_DIVISION, FAIL_RANGE,
	FAIL_NUMBER, FAIL_OVERLOAD, FAIL_STEPS, FAIL_LARGE, FAIL_CONVERSION
};
/* Why there is no value; put into words only when it is the answer. */
struct failure {
	enum failure_code code;
	struct span where;
	struct slice name;   /* the member that is missing */
	const char *need;    /* "contains needs a string" */
	unsigned char a, b;  /* types that were there */
	int64_t index;
	uint32_t size;
};

struct machine {
	const struct expr *e;
	const struct expr_bind *binds;
	int64_t fuel;
	bool is_out; /* of steps or room: ends everything, also what && and || would forgive */
	struct failure failure;
	unsigned cells_n, scratch_n;
	struct value locals[EXPR_DEPTH_MAX + 1];
	struct value cells[EXPR_NODES_MAX];
	char scratch[EXPR_SCRATCH_MAX];
};

static inline bool machine_fail(struct machine *m, struct failure f)
{
	m->failure = f;
	m->is_out = f.code == FAIL_STEPS || f.code == FAIL_LARGE;
	return false;
}
static inline bool machine_spend(struct machine *m, size_t cost)
{
	m->fuel -= (int64_t)cost;
	return m->fuel >= 0 || machine_fail(m, (struct failure){ .code = FAIL_STEPS });
}
/* Room for n bytes in the scratch; NULL: too large, said. */
char *machine_room(struct machine *m, struct span where, size_t n);

/* The value at hand in JSON. False: said (a number beyond a double). */
bool value_load(struct machine *m, const struct expr_json *j, const struct json_value *v, struct span where,
		struct value *out);
/* The i-th member of a list, the i-th key of a map. */
bool value_member(struct machine *m, const struct value *of, uint32_t i, struct span where, struct value *out);
/* A map's value of the key; `out` may be NULL. False: said; *out_found false: no such key. */
struct lookup {
	struct value key;
	struct span where;
};
bool value_find(struct machine *m, const struct value *map, const struct lookup *key, struct value *out,
		bool *out_found);
bool value_equal(struct machine *m, const struct value *a, const struct value *b, struct span where, bool *out);
/* Numbers, by exact value: <0, 0, >0. */
int number_compare(const struct value *a, const struct value *b);

bool op_compare(struct machine *m, const struct node *n, const struct value v[2], struct value *out);
bool op_arithmetic(struct machine *m, const struct node *n, const struct value v[2], struct value *out);
bool op_negate(struct machine *m, const struct node *n, const struct value *v, struct value *out);
bool op_in(struct machine *m, const struct node *n, const struct value v[2], struct value *out);

/* What an operator or function takes: a bit for each type. */
#define TYPE_BIT(t) (1u << (t))
#define TYPE_NUMBERS (TYPE_BIT(EXPR_INT) | TYPE_BIT(EXPR_DOUBLE))
#define TYPE_ANY 0xffffu
enum { FUNC_METHOD = 1, FUNC_GLOBAL = 2 };
struct func {
	const char *name;
	unsigned style;      /* x.f(...), f(x, ...) or either */
	unsigned takes;      /* types of x */
	int args;            /* more of them: 0, or 1, a string */
	unsigned char gives;
	const char *need;    /* "contains needs a string" */
	const char *words;   /* for expr_describe(): "the size of" stands before x, the others behind it */
	bool (*run)(struct machine *m, const struct node *n, const struct value *v, struct value *out);
};
extern const struct func expr_funcs[]; /* ended by a row without a name */

const char *failure_code(enum failure_code code);
void failure_say(const struct expr *e, const struct failure *f, struct expr_error *out);

#endif
