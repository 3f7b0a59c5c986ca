/* The index over a JSON text: every value with its place, so that a member is found without reading
 * the text again.
 *
 * One array, filled from both ends: at its top lie the values whose list or map is still open (a stack
 * that grows downwards), at its bottom those whose list or map is closed, brothers side by side. As every
 * value is either here or there, the array is exactly as long as there are values. */
#include "expr_int.h"

#include <stdlib.h>

#include "base/check.h"

enum { SORT_FEW = 64 };

struct builder {
	const char *p, *end;
	struct expr_json *j;
	uint32_t placed, top;
	uint32_t open[JSON_DEPTH_MAX]; /* where the open lists and maps lie */
	int depth;
	bool has_key;
	struct json_value key;    /* only its key_ members */
	struct json_value *other; /* to sort large maps with */
};

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* From behind the opening quote to the closing one. */
static const char *string_end(const char *p, const char *end)
{
	const char *quote = p;

	while ((quote = memchr(quote, '"', (size_t)(end - quote))) != NULL) {
		const char *back = quote;

		while (back > p && back[-1] == '\\')
			back--;
		if ((quote - back) % 2 == 0)
			return quote;
		quote++;
	}
	return end;
}

/* Values: one, one more behind each comma, one in each list or map that is not empty. */
static uint32_t count_values(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n, *inside;
	uint32_t n = 1;

	while (p < end) {
		char c = *p++;

		if (c == '"') {
			p = string_end(p, end);
			p += p < end;
		} else if (c == ',') {
			n++;
		} else if (c == '[' || c == '{') {
			inside = skip_space(p, end);
			n += inside < end && *inside != ']' && *inside != '}';
		}
	}
	return n;
}

static struct json_value *push(struct builder *b, enum expr_type kind)
{
	struct json_value *v;

	ASSERT(b->top > b->placed);
	v = &b->j->values[--b->top];
	*v = b->key;
	v->kind = (unsigned char)kind;
	b->has_key = false;
	memset(&b->key, 0, sizeof(b->key));
	return v;
}

/* Names of one hash stay as they stand in the text. */
static void sort_few(struct json_value *list, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct json_value v = list[i];
		uint32_t at = i;

		for (; at > 0 && list[at - 1].key_hash > v.key_hash; at--)
			list[at] = list[at - 1];
		list[at] = v;
	}
}

/* Byte by byte of the hash, the lowest first: no choice of names makes it slower. */
static void sort_many(struct json_value *list, uint32_t n, struct json_value *other)
{
	for (unsigned shift = 0; shift < 32; shift += 8) {
		struct json_value *from = shift & 8 ? other : list, *to = shift & 8 ? list : other;
		uint32_t at[257] = { 0 };

		for (uint32_t i = 0; i < n; i++)
			at[(from[i].key_hash >> shift & 0xff) + 1]++;
		for (unsigned byte = 1; byte < 256; byte++)
			at[byte] += at[byte - 1];
		for (uint32_t i = 0; i < n; i++)
			to[at[from[i].key_hash >> shift & 0xff]++] = from[i];
	}
}

static void sort_by_hash(struct builder *b, struct json_value *list, uint32_t n)
{
	if (n <= SORT_FEW) {
		sort_few(list, n);
		return;
	}
	if (!b->other)
		b->other = mem_grow(NULL, b->j->n * sizeof(*b->other));
	sort_many(list, n, b->other);
}

struct text json_key(const struct expr_json *j, const struct json_value *v)
{
	return (struct text){ { j->text.p + v->key_at, v->key_n }, v->is_key_escaped };
}

static void close_one(struct builder *b)
{
	struct json_value *v, *first = &b->j->values[b->placed];
	uint32_t at, n;

	ASSERT(b->depth > 0);
	at = b->open[--b->depth];
	v = &b->j->values[at];
	n = at - b->top;
	/* They lie there last first. */
	memmove(first, &b->j->values[b->top], n * sizeof(*first));
	for (uint32_t i = 0; i < n / 2; i++) {
		struct json_value swap = first[i];

		first[i] = first[n - 1 - i];
		first[n - 1 - i] = swap;
	}
	v->at = b->placed;
	v->n = n;
	b->placed += n;
	b->top = at;
	if (v->kind != EXPR_MAP || n <= JSON_FEW)
		return;
	for (uint32_t i = 0; i < n; i++)
		first[i].key_hash = text_hash(json_key(b->j, &first[i]));
	sort_by_hash(b, first, n);
}

static void read_string(struct builder *b)
{
	const char *open = ++b->p;
	bool is_key = b->depth > 0 && !b->has_key
		   && b->j->values[b->open[b->depth - 1]].kind == EXPR_MAP;
	uint32_t at = (uint32_t)(open - b->j->text.p), n;
	struct json_value *v;
	bool is_escaped;

	b->p = string_end(open, b->end);
	n = (uint32_t)(b->p - open);
	is_escaped = memchr(open, '\\', n) != NULL;
	b->p += b->p < b->end;
	if (is_key) {
		b->key.key_at = at;
		b->key.key_n = n;
		b->key.is_key_escaped = is_escaped;
		b->has_key = true;
		return;
	}
	v = push(b, EXPR_STRING);
	v->at = at;
	v->n = n;
	v->is_escaped = is_escaped;
}

static void read_word(struct builder *b)
{
	const char *start = b->p;
	enum expr_type kind = *start == 'n'                  ? EXPR_NULL
			    : *start == 't' || *start == 'f' ? EXPR_BOOL
							     : EXPR_DOUBLE;
	struct json_value *v = push(b, kind);

	while (b->p < b->end && memchr(" \n\t\r,]}", *b->p, 7) == NULL)
		b->p++;
	v->at = (uint32_t)(start - b->j->text.p);
	v->n = (uint32_t)(b->p - start);
}

static void read_one(struct builder *b)
{
	char c = *b->p;

	if (c == '"') {
		read_string(b);
	} else if (c == '{' || c == '[') {
		ASSERT(b->depth < JSON_DEPTH_MAX);
		(void)push(b, c == '{' ? EXPR_MAP : EXPR_LIST);
		b->open[b->depth++] = b->top;
		b->p++;
	} else if (c == '}' || c == ']') {
		close_one(b);
		b->p++;
	} else if (c == ',' || c == ':') {
		b->p++;
	} else {
		read_word(b);
	}
}

const struct expr_json *expr_json_index(struct slice text, struct arena *a)
{
	uint32_t n = text.n < UINT32_MAX ? count_values(text) : UINT32_MAX;
	struct expr_json *j;
	struct builder b = { .p = text.p, .end = text.p + text.n };
	struct json_syntax wrong;

	if (n > EXPR_JSON_NODES_MAX || !json_scan(text, &wrong))
		return NULL;
	j = arena_make(a, struct expr_json);
	*j = (struct expr_json){ text, arena_array(a, struct json_value, n), n };
	b.j = j;
	b.top = n;
	while ((b.p = skip_space(b.p, b.end)) < b.end)
		read_one(&b);
	ASSERT(b.depth == 0 && b.placed == n - 1 && b.top == n - 1);
	free(b.other);
	return j;
}

const struct expr_json *expr_json_string(struct slice text, struct arena *a)
{
	struct expr_json *j = arena_make(a, struct expr_json);

	ASSERT(text.n < UINT32_MAX);
	*j = (struct expr_json){ text, arena_make(a, struct json_value), 1 };
	*j->values = (struct json_value){ .n = (uint32_t)text.n, .kind = EXPR_STRING };
	return j;
}

/* The first member whose name has this hash or a greater one. */
static uint32_t first_of(const struct json_value *list, uint32_t n, uint32_t hash)
{
	uint32_t low = 0;

	while (n > low) {
		uint32_t mid = low + (n - low) / 2;

		if (list[mid].key_hash < hash)
			low = mid + 1;
		else
			n = mid;
	}
	return low;
}

static bool is_named(struct text mine, struct text key, size_t *cost)
{
	*cost += 2;
	/* Without escapes, another length is another name. */
	if (!mine.is_escaped && !key.is_escaped && mine.s.n != key.s.n)
		return false;
	*cost += COST_MEMBER + text_cost_both(mine, key);
	return text_compare(mine, key) == 0;
}

const struct json_value *json_member(const struct expr_json *j, const struct json_value *map,
				     struct text key, size_t *out_cost)
{
	const struct json_value *list = &j->values[map->at];
	bool is_sorted = map->n > JSON_FEW;
	uint32_t hash = is_sorted ? text_hash(key) : 0;
	uint32_t i = is_sorted ? first_of(list, map->n, hash) : 0;

	*out_cost = is_sorted ? text_cost(key) : 0;
	/* The hash is 0 in a map that is not sorted. */
	for (; i < map->n && list[i].key_hash == hash; i++)
		if (is_named(json_key(j, &list[i]), key, out_cost))
			return &list[i];
	return NULL;
}
