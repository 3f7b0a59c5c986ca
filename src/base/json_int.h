/* What the files of the JSON reader share, and the UTF-8 check that strbuf needs too. Private to
 * src/base. */
#ifndef BASE_JSON_INT_H
#define BASE_JSON_INT_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

/* What is left of a text for cJSON. Every number, every raw member and every array or object
 * that the shape does not look into is replaced by a number: the index of its source text in
 * `tokens`. As no number of the input gets through, an index cannot be forged; and cJSON neither
 * rounds a number nor spends memory on what nobody reads. */
struct skeleton {
	const struct shape *shape;
	bool is_list; /* the root is an array of the shape's objects */
	struct arena *arena;
	struct slice *tokens;
	size_t n, cap;
	struct strbuf text;
};

/* json_scan() that also fills the skeleton (text must be init'ed), unless that is NULL. */
bool json_scan_into(struct slice text, struct skeleton *skeleton, struct json_syntax *out_syntax);

static inline bool json_is_named(const struct field *f, struct slice name)
{
	/* Most rows end at the first byte. */
	return name.n ? f->name[0] == name.p[0] && strncmp(f->name, name.p, name.n) == 0
				&& f->name[name.n] == '\0'
		      : f->name[0] == '\0';
}
/* The row for a member: the first of this name whose kind fits a value that begins with `first`. */
const struct field *json_pick(const struct shape *shape, struct slice name, char first);

/* Adds a key to the innermost object; false when it has that key already. `key` points between
 * the quotes. */
struct json_keys {
	const char *text; /* what all keys point into */
	struct key *list; /* of the objects that are open */
	size_t n, cap;
	struct key_slot *slots; /* a power of two of them: objects with many keys */
	size_t used, slots_n;
	unsigned first_serial, last_serial;
	struct strbuf plain; /* a key without its escapes */
};
struct json_object {
	size_t first;    /* its keys are list[first..n) */
	unsigned serial; /* 0: few keys, looked through one by one */
};
void json_keys_start(struct json_keys *k, const char *text);
bool json_keys_add(struct json_keys *k, struct json_object *o, struct slice key, bool is_escaped);
void json_keys_end(struct json_keys *k);
/* Replaces the escapes, which the scanner has checked. */
void json_unescape(struct strbuf *out, struct slice from);

/* Where a value stands, for the fault's field; the root is NULL. A name, or when that is NULL an
 * index. */
struct json_path {
	const struct json_path *up;
	struct slice name;
	size_t index;
};

/* What the reading of one text has at hand. */
struct reading {
	struct arena *arena;
	struct json_faults *faults;
	const struct skeleton *skeleton; /* NULL for pairs */
};

/* Adds a fault with its path and sentence, unless there are JSON_FAULTS_MAX already: then it
 * only counts. */
void json_complain(const struct reading *r, const struct json_path *path, const char *code,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void json_unknown(const struct reading *r, const struct shape *shape,
		  const struct json_path *path);
void json_wrong_type(const struct reading *r, const struct shape *shape,
		     const struct json_path *path, bool is_null);
/* One scalar from its text (the string's content, or the number as written). */
void json_read_int(const struct reading *r, const struct field *f, struct slice text,
		   void *member, const struct json_path *path);
void json_read_text(const struct reading *r, const struct field *f, struct slice text,
		    void *member, const struct json_path *path);
void json_init(const struct shape *shape, void *object);
/* Notes which rows were sent, and complains of the needed ones that were not. `seen` are the
 * rows whose names were sent, fit or not. */
void json_finish(const struct reading *r, const struct shape *shape, void *object,
		 const struct json_path *path, const uint64_t sent_seen[2]);

#define EACH(byte) (0x0101010101010101ull * (byte))

/* To the next byte that ends a plain run of a string: a quote, a backslash, a control character
 * or one that is not ASCII. Eight at a time; a borrow can mark bytes behind the first true one,
 * never before it. */
static inline const char *json_plain_end(const char *p, const char *end)
{
	uint64_t w, hits;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		w = le64toh(w);
		hits = (w - EACH(0x20)) & ~w;
		hits |= ((w ^ EACH('"')) - EACH(1)) & ~(w ^ EACH('"'));
		hits |= ((w ^ EACH('\\')) - EACH(1)) & ~(w ^ EACH('\\'));
		hits = (hits | w) & EACH(0x80);
		if (hits)
			return p + __builtin_ctzll(hits) / 8;
	}
	while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* To the next byte that is not ASCII, or is NUL. */
static inline const char *ascii_end(const char *p, const char *end)
{
	uint64_t w, hits;

	for (; end - p >= 8; p += 8) {
		memcpy(&w, p, 8);
		w = le64toh(w);
		hits = ((w - EACH(1)) | w) & EACH(0x80);
		if (hits)
			return p + __builtin_ctzll(hits) / 8;
	}
	while (p < end && *p && (unsigned char)*p < 0x80)
		p++;
	return p;
}

/* Bytes of the character at p, which is not ASCII: 2..4, or 0 when it is not UTF-8 (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF, not cut off by the end). A row says
 * which second bytes may follow the first bytes up to `last`. */
static inline size_t utf8_bytes(const unsigned char *p, size_t room)
{
	static const struct {
		unsigned char last, low, high, bytes;
	} rows[] = {
		{ 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xa0, 0xbf, 3 }, { 0xec, 0x80, 0xbf, 3 }, { 0xed, 0x80, 0x9f, 3 },
		{ 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0x90, 0xbf, 4 }, { 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0x80, 0x8f, 4 },
	};
	size_t i = 0;

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	while (p[0] > rows[i].last)
		i++;
	if (room < rows[i].bytes || p[1] < rows[i].low || p[1] > rows[i].high)
		return 0;
	for (size_t k = 2; k < rows[i].bytes; k++)
		if ((p[k] & 0xc0) != 0x80)
			return 0;
	return rows[i].bytes;
}

/* Behind the characters that are not ASCII. */
static inline const char *utf8_run_end(const char *p, const char *end)
{
	size_t bytes = 1;

	while (bytes && p < end && (unsigned char)*p >= 0x80) {
		bytes = utf8_bytes((const unsigned char *)p, (size_t)(end - p));
		p += bytes;
	}
	return p;
}

#endif
