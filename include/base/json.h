/* JSON in and out by tables. A dialect describes its requests and answers as shapes over plain
 * structs; one decoder reads them and reports every fault at once, one encoder writes them. No
 * cJSON elsewhere.
 *
 * Reading has two steps (ARCHITECTURE.md, amendment 4). A strict scanner first: UTF-8, no NUL,
 * no raw control characters, nesting at most JSON_DEPTH_MAX, no duplicate keys in an object, RFC
 * 8259 numbers, no trailing bytes. It finds the extent of every FIELD_RAW member (a payload),
 * which is kept as the caller's own bytes, never re-printed: 9007199254740993, 1.10 and key
 * order survive. What is left over goes through cJSON into the struct. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/strbuf.h"

#define JSON_DEPTH_MAX 64
#define JSON_FAULTS_MAX 32 /* more are counted, not kept */

struct field;

/* A scalar with its own text form: an instant, a duration, an enum, an id. In JSON it is a
 * string, or with from_number also a number. */
struct field_type {
	const char *what; /* "an RFC 3339 instant", for the message */
	/* NULL when fine, else a stable fault code with the sentence in *out_message. `text` is
	 * the string's content (or the number as written). */
	const char *(*parse)(const struct field *f, struct slice text, void *member, struct arena *a,
			     const char **out_message);
	/* Writes the JSON value, quotes included. False, and nothing written: null. */
	bool (*print)(const struct field *f, const void *member, struct strbuf *out);
	bool from_number;
};

enum field_kind {
	FIELD_STR,  /* struct slice; .min/.max bytes */
	FIELD_INT,  /* int64_t; .min..max (both 0: any) */
	FIELD_BOOL, /* bool */
	FIELD_TYPE, /* by .type */
	FIELD_RAW,  /* struct slice: any JSON value as it was written; .max bytes. null too, unless FIELD_NULLABLE */
	FIELD_OBJ,  /* an embedded struct, by .shape */
	FIELD_LIST, /* struct json_list of structs, by .shape; at most .max items */
	FIELD_STRS, /* struct json_list of struct slice; at most .max items */
	FIELD_MAP,  /* struct json_list of struct json_pair: an object of strings; at most .max members */
	FIELD_NONE  /* answers only: always null */
};

struct json_list {
	void *items; /* array of n structs of the shape's size */
	size_t n;
};

struct json_pair {
	struct slice name, value;
};

enum {
	FIELD_NEEDED = 1,  /* decode: absence is a fault "required" */
	FIELD_NULLABLE = 2, /* decode: null is "sent, empty": the member keeps its default and counts as present */
	FIELD_OPTIONAL = 4, /* encode: left out instead of null when there is no value (lists: items == NULL) */
	FIELD_PRESENT = 8, /* encode: left out unless its bit is set in the struct's `present` (PATCH answers) */
	FIELD_BEHIND = 16  /* of a FIELD_OBJ in answers: the member is a pointer to the object; NULL: no value */
};

/* Two rows with the same name are alternatives (a string or an object) and stand together: the
 * first whose kind fits the JSON type is taken; of those to write, the first that has a value.
 * The row's index is its bit in `present`. A `max` of 0 is no limit. */
struct field {
	const char *name;
	enum field_kind kind;
	size_t at; /* offsetof the member */
	unsigned flags;
	int64_t min, max;
	const struct field_type *type;
	const struct shape *shape;
	const char *const *words; /* FIELD_TYPE of an enum: wire words by value, NULL-terminated */
};

/* A struct as JSON. `present` is the offset of a uint64_t bitmap (bit i = field i was sent), or
 * NO_PRESENT. 0 means none too, as most shapes leave it out: the bitmap cannot be the struct's
 * first member. */
struct shape {
	const char *name; /* in the API document: "Schedule" */
	size_t size;
	const struct field *fields;
	int count; /* at most 64 */
	size_t present;
	/* Sets defaults before decoding; NULL: zeroes. Called on a zeroed struct; then the
	 * embedded objects' own. */
	void (*init)(void *object);
};
#define NO_PRESENT ((size_t)-1)

struct json_fault {
	const char *field;   /* dotted path as users write it: "task_template.retry.max_attempts", "[3].target" */
	const char *code;    /* required, unknown_field, wrong_type, too_short, too_long, too_many,
			      * out_of_range, invalid_value (enums), duplicate (pairs), or the type's own */
	const char *message; /* one sentence */
	unsigned at, len;    /* the bytes of the value that are concerned; both 0: all of it, or none */
};

struct json_faults {
	struct json_fault list[JSON_FAULTS_MAX];
	int n;     /* kept */
	int total; /* found */
};

/* Adds a fault by hand (checks that need two fields). Strings must outlive the arena's use. */
void json_fault(struct json_faults *faults, const char *field, const char *code, const char *message);

/* Why the scanner refused: one sentence and the byte offset. */
struct json_syntax {
	const char *message;
	size_t at;
	int depth; /* of a text that is JSON: so many arrays and objects within one another */
};

/* The scanner alone. True when text is one strict JSON value; then only *out_syntax's depth is written. */
bool json_scan(struct slice text, struct json_syntax *out_syntax);

/* Where reading puts what it makes and finds. */
struct json_reader {
	struct arena *arena;
	struct json_faults *faults; /* added to; begins zeroed */
	struct json_syntax *syntax; /* written when the text is not JSON; pairs need none */
};

/* Reads one object of this shape. False with *to->syntax when the text is not JSON; else true,
 * and to->faults->total tells whether the values are fit to use. Slices point into `text` (raw
 * values) or into the arena. */
bool json_decode(const struct shape *shape, struct slice text, const struct json_reader *to,
		 void *out_object);
/* Reads an array of such objects: field paths begin "[i].". Beyond `most` items is the fault
 * too_many. */
bool json_decode_list(const struct shape *shape, size_t most, struct slice text,
		      const struct json_reader *to, struct json_list *out_list);
/* Does the text begin (after white space) with '['? */
bool json_is_list(struct slice text);

/* Query strings through the same rows: name=value pairs, each value as a string. FIELD_STRS
 * takes a name again and again, others once (fault "duplicate"); raw values, objects, lists and
 * maps are unknown here. Values that are not UTF-8 or hold a NUL are the fault wrong_type. */
void json_decode_pairs(const struct shape *shape, const struct json_pair *pairs, size_t n,
		       const struct json_reader *to, void *out_object);

/* Writes the object: {"name":value,...} in row order. */
void json_encode(const struct shape *shape, const void *object, struct strbuf *out);

/* The types that need only base/. Instants and durations are in http/types.h. */
extern const struct field_type field_enum; /* .words; the member is an int */
extern const struct field_type field_enum_any_case; /* the same; in ASCII, case does not count */

/* Table rows. F(T, member, "name", KIND, ...) */
#define F_STR(T, m, n, ...) { .name = (n), .kind = FIELD_STR, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_INT(T, m, n, ...) { .name = (n), .kind = FIELD_INT, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_BOOL(T, m, n, ...) { .name = (n), .kind = FIELD_BOOL, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_RAW(T, m, n, ...) { .name = (n), .kind = FIELD_RAW, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_STRS(T, m, n, ...) { .name = (n), .kind = FIELD_STRS, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_MAP(T, m, n, ...) { .name = (n), .kind = FIELD_MAP, .at = offsetof(struct T, m), __VA_ARGS__ }
#define F_NONE(n) { .name = (n), .kind = FIELD_NONE }
#define F_TYPE(T, m, n, t, ...)                                                                    \
	{ .name = (n), .kind = FIELD_TYPE, .at = offsetof(struct T, m), .type = &(t), __VA_ARGS__ }
#define F_ENUM(T, m, n, w, ...)                                                                    \
	{ .name = (n), .kind = FIELD_TYPE, .at = offsetof(struct T, m), .type = &field_enum,       \
	  .words = (w), __VA_ARGS__ }
#define F_OBJ(T, m, n, s, ...)                                                                     \
	{ .name = (n), .kind = FIELD_OBJ, .at = offsetof(struct T, m), .shape = &(s), __VA_ARGS__ }
#define F_LIST(T, m, n, s, ...)                                                                    \
	{ .name = (n), .kind = FIELD_LIST, .at = offsetof(struct T, m), .shape = &(s), __VA_ARGS__ }
#define SHAPE(T, wire, rows, ...)                                                                  \
	{ .name = (wire), .size = sizeof(struct T), .fields = (rows),                              \
	  .count = (int)(sizeof(rows) / sizeof((rows)[0])), __VA_ARGS__ }

#endif
