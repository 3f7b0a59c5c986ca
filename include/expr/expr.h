/* Conditions: side-effect-free expressions in a subset of CEL (the Common Expression Language,
 * github.com/google/cel-spec, language definition), compiled and checked once, evaluated over
 * JSON without taking memory and in bounded steps.
 *
 *	price_change_pct > 0.05 && status in ["ok", "warn"]
 *	has(output.items) && output.items.exists(i, i.price < 10.0)
 *
 * Literals: null, true, false, integers (decimal, 0x), doubles, strings ('..', "..", r"..", with
 * CEL's escapes), lists, maps. Operators, by CEL's precedence: ?: || && == != < <= > >= in + - * /
 * % ! - . [] (). && and || are commutative over errors as in CEL (false && error is false).
 * Numbers: int64 and double; unlike CEL, mixed comparison and arithmetic convert to double (JSON does
 * not tell 1 from 1.0); overflow, division by zero, a missing member and a wrong type are errors, not
 * values. Functions: size(x), has(a.b), int(), double(), string(), bool(), type(x); on strings
 * contains, startsWith, endsWith, matches (a literal pattern, linear time), lowerAscii, upperAscii,
 * trim; macros all, exists, exists_one on lists and maps. `in` takes lists (members) and maps (keys).
 *
 * Bounds (each is a fault or an error with its own code, never a crash): EXPR_TEXT_MAX bytes,
 * EXPR_NODES_MAX nodes, EXPR_DEPTH_MAX levels, EXPR_STEPS_MAX steps of an evaluation (strings count
 * by length), EXPR_SCRATCH_MAX bytes of strings made under way, EXPR_JSON_NODES_MAX values of data. */
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

/* code: syntax, unexpected_character, unterminated_string, bad_escape, bad_number, unexpected_token,
 * unknown_name, unknown_member, unknown_function, wrong_arguments, wrong_type (says which types), not_a_condition
 * (its type can never be bool), bad_pattern, too_long, too_deep, too_large, empty. message: one sentence for people.
 * at, len: bytes of the text. */
struct expr_fault {
	const char *code;
	const char *message;
	unsigned at, len;
};
struct expr_faults {
	struct expr_fault list[EXPR_FAULTS_MAX];
	int n;     /* kept; at least 1 when compiling failed */
};

struct expr;

/* Compiles and checks: every fault that can be told before it runs, as many of them as are independent
 * (a syntax fault is the only one). The expression, and the messages, live in `a`; `text` is copied. NULL: see
 * faults. */
const struct expr *expr_compile(struct slice text, const struct expr_env *env, struct arena *a,
				struct expr_faults *out_faults);

/* One sentence of what it asks, for people: which names it reads and what it compares, e.g. "True when
 * price_change_pct is greater than 0.05 and status is one of "ok", "warn"." In `a`. */
struct slice expr_describe(const struct expr *e, struct arena *a);
/* The paths it reads ("price_change_pct", "output.items"), each once, in order of appearance: of
 * struct slice, at most `max`. Returns how many. */
int expr_reads(const struct expr *e, struct slice *out, int max);

/* JSON made ready to be asked: an index over the text, so that a member is found without parsing it
 * again. The text must be strict JSON (json_scan()); it is borrowed, the index lives in `a`. NULL: more than
 * EXPR_JSON_NODES_MAX values. */
struct expr_json;
const struct expr_json *expr_json_index(struct slice text, struct arena *a);

/* Data: names and values. The empty name "" is what an open environment's other names are members of. */
struct expr_bind {
	const char *name;
	const struct expr_json *value;
};

enum expr_answer { EXPR_FALSE, EXPR_TRUE, EXPR_FAILED };
/* code: no_such_key, wrong_type, not_bool, overflow, division_by_zero, out_of_range (an index), no_overload,
 * too_many_steps, too_large (scratch), bad_conversion. */
struct expr_error {
	const char *code;
	unsigned at, len;               /* where in the expression */
	char message[EXPR_MESSAGE_MAX]; /* one sentence; names the member that is missing */
};
/* Takes no memory and ends within EXPR_STEPS_MAX. binds: ended by a row without a name pointer. */
enum expr_answer expr_test(const struct expr *e, const struct expr_bind *binds, struct expr_error *out_error);

#endif
