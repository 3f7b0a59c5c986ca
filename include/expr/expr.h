/* Conditions: side-effect-free expressions in a subset of CEL (the Common Expression Language,
 * github.com/google/cel-spec, doc/langdef.md), compiled and checked once, evaluated over JSON without taking
 * memory and in bounded steps.
 *
 *	price_change_pct > 0.05 && status in ["ok", "warn"]
 *	has(output.items) && output.items.exists(i, i.price < 10.0)
 *
 * Literals: null, true, false, integers (decimal, 0x), doubles, strings ('..', "..", three of either, r"..";
 * CEL's escapes, never NUL), lists, maps (keys: literal strings, integers, booleans). Operators, by CEL's
 * precedence: . [] () ! - * / % + - == != < <= > >= in && || ?: . Comments: // to the end of the line.
 *
 * Names: the variable of a macro around it, then a declared name, then, in an open environment, a member of
 * the data. x.f is a member test that fails when there is none (no_such_key); has(x.f) is false then, but
 * fails when x is no map. has(name) too, unlike CEL. Members whose names are no identifiers:
 * x["content-type"], "content-type" in x.
 *
 * && and || do not mind the order of errors, as in CEL: false && error is false either way; nor do all and
 * exists. Only too_many_steps and too_large end everything.
 *
 * Numbers: int64 and double. JSON gives an int when it is written as one and fits, else a double; beyond a
 * double, or more than 400 characters long, is out_of_range when it is read. Ints and doubles compare by exact
 * value, as in CEL; unlike CEL, arithmetic of both makes a double (JSON does not tell 1 from 1.0). int / int
 * is an int, rounded to zero; % takes ints. Doubles are finite: overflow and division by zero are errors for
 * them too.
 *
 * Equality: of unlike types false, of lists and maps by members; null may be compared with everything. Order:
 * numbers, strings (by code points), booleans. + joins strings, not lists. `in`: members of a list, keys of a
 * map.
 *
 * Functions: size(x) or x.size() of a string (in code points), list or map; int(), double() of numbers and
 * strings, string() of these and booleans, bool() of booleans and strings ("true", "t", "1" and so on, as in
 * CEL); type(x), compared with int, double, bool, string, list, map, null_type (elsewhere these are names); on
 * strings contains, startsWith, endsWith, matches (a literal pattern, RE2's syntax in part:
 * src/expr/expr_regex.c; linear time; finds a part, ^ and $ for all of it), lowerAscii, upperAscii, trim.
 * Macros: x.all(i, claim), exists, exists_one on lists (members) and maps (keys).
 *
 * Bounds (each is a fault or an error with its own code, never a crash): EXPR_TEXT_MAX bytes, EXPR_NODES_MAX
 * nodes, EXPR_DEPTH_MAX levels of brackets, !, - and ?: (a chain such as a.b.c or a + b + c may be 128 long,
 * one of && or || any length), EXPR_STEPS_MAX steps of an evaluation, EXPR_SCRATCH_MAX bytes of strings made
 * and still in use, EXPR_JSON_NODES_MAX values of data. A step is a node evaluated, 64 bytes of text (32 with
 * escapes; 21 of contains), 16 states of a pattern. The worst legal expression over 1 MiB takes less than 10
 * ms (EXPR_TIMES=1 shows what t_expr_limits.c measures). */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

enum {
	EXPR_TEXT_MAX = 4096,
	EXPR_NODES_MAX = 512,
	EXPR_DEPTH_MAX = 32,
	EXPR_STEPS_MAX = 100000,
	EXPR_SCRATCH_MAX = 8192,
	EXPR_JSON_NODES_MAX = 65536,
	EXPR_FAULTS_MAX = 8,
	EXPR_MESSAGE_MAX = 160
};

/* What is known of a name before there is data. EXPR_DYN: anything; found out when it runs. */
enum expr_type {
	EXPR_DYN, EXPR_NULL, EXPR_BOOL, EXPR_INT, EXPR_DOUBLE, EXPR_STRING, EXPR_LIST, EXPR_MAP
};

/* A map whose members are known has them in `members`, ended by a row without a name; any other
 * member of it is then the fault "unknown_member". */
struct expr_name {
	const char *name;
	enum expr_type type;
	const struct expr_name *members; /* NULL: unknown */
};

/* What an expression may speak of. open: a name that is not in `names` is a member of the value bound
 * to the empty name (a JSON object that came from somewhere); else it is the fault "unknown_name". */
struct expr_env {
	const struct expr_name *names; /* ended by a row without a name; NULL: none */
	bool open;
};

/* code: of the grammar unexpected_character (not UTF-8 too), unterminated_string, bad_escape, bad_number,
 * unexpected_token, too_long, too_deep, too_large, empty; of the meaning unknown_name, unknown_member,
 * unknown_function, wrong_arguments, wrong_type (says which types), bad_key (of a map), bad_pattern,
 * not_a_condition (its type can never be bool). message: one sentence for people, with a near name where there
 * is one. at, len: bytes of the text; len may be 0 at its end. */
struct expr_fault {
	const char *code;
	const char *message;
	unsigned at, len;
};
struct expr_faults {
	struct expr_fault list[EXPR_FAULTS_MAX];
	int n; /* kept; at least 1 when compiling failed, else 0 */
};

struct expr;

/* Compiles and checks: every fault that can be told before it runs, as many of them as are independent (a
 * syntax fault is the only one). The expression, and the messages, live in `a`; `text` is copied. NULL: see
 * faults. */
const struct expr *expr_compile(struct slice text, const struct expr_env *env, struct arena *a,
				struct expr_faults *out_faults);

/* One sentence of what it asks, for people: which names it reads and what it compares, e.g. "True when
 * price_change_pct is greater than 0.05 and status is one of "ok", "warn"." In `a`. */
struct slice expr_describe(const struct expr *e, struct arena *a);
/* The paths it reads ("price_change_pct", "output.items"), each once, in order of appearance: of
 * struct slice, at most `max`. Returns how many. */
int expr_reads(const struct expr *e, struct slice *out, int max);

/* JSON made ready to be asked: an index over the text, so that a member is found without parsing it again; 24
 * bytes for each value. The text is borrowed, the index lives in `a`. NULL: it is not strict JSON (json_scan(),
 * which this asks), or has more than EXPR_JSON_NODES_MAX values; then nothing is kept of it. About 4 ms for the worst
 * MiB. */
struct expr_json;
const struct expr_json *expr_json_index(struct slice text, struct arena *a);
/* A text, UTF-8 of less than 4 GiB, as a string: as expr_json_index() of it quoted, but nothing is read or copied. */
const struct expr_json *expr_json_string(struct slice text, struct arena *a);

/* Data: names and values. The empty name "" is what an open environment's other names are members of. */
struct expr_bind {
	const char *name;
	const struct expr_json *value;
};

enum expr_answer { EXPR_FALSE, EXPR_TRUE, EXPR_FAILED };
/* code: no_such_key, wrong_type (of a value that is asked), not_bool, overflow, division_by_zero, out_of_range
 * (an index; a number of the data), no_overload (types an operator does not go with), too_many_steps,
 * too_large (scratch), bad_conversion. */
struct expr_error {
	const char *code;
	unsigned at, len;               /* where in the expression */
	char message[EXPR_MESSAGE_MAX]; /* one sentence; names the member that is missing */
};
/* Takes no memory (30 KiB of stack, 10 more for a pattern) and ends within EXPR_STEPS_MAX. binds: ended by a
 * row without a name pointer; a declared name that is not there, or has no value, is no_such_key. out_error is
 * written when it failed. */
enum expr_answer expr_test(const struct expr *e, const struct expr_bind *binds, struct expr_error *out_error);

#endif
