/* Any bytes through the scanner and the decoder: both must agree on what is JSON, every raw
 * member must be JSON again and lie in the input, and what was decoded must encode to JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"

#define MUST(claim)              \
	do {                     \
		if (!(claim))    \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const words[] = { "skip", "allow", NULL };

struct part {
	struct slice text, raw;
	int64_t n;
	int word;
	uint64_t present;
};
struct whole {
	struct slice raw, text, either;
	bool is_on;
	int64_t n, small;
	struct part part, other;
	struct json_list parts, map, strs;
	uint64_t present;
};

static const struct field part_rows[] = {
	F_STR(part, text, "t", .flags = FIELD_NEEDED | FIELD_PRESENT),
	F_RAW(part, raw, "r", .flags = FIELD_NULLABLE | FIELD_PRESENT),
	F_INT(part, n, "n", .flags = FIELD_NULLABLE | FIELD_PRESENT),
	F_ENUM(part, word, "w", words, .flags = FIELD_PRESENT),
};
static const struct shape part_shape = SHAPE(part, "Part", part_rows,
					     .present = offsetof(struct part, present));
static const struct field whole_rows[] = {
	F_RAW(whole, raw, "r", .max = 100),
	F_STR(whole, text, "t", .min = 1, .max = 10),
	F_STR(whole, either, "e", .flags = FIELD_PRESENT),
	F_OBJ(whole, other, "e", part_shape, .flags = FIELD_PRESENT),
	F_BOOL(whole, is_on, "b"),
	F_INT(whole, n, "n"),
	F_INT(whole, small, "s", .min = -3, .max = 3),
	F_OBJ(whole, part, "o", part_shape),
	F_LIST(whole, parts, "l", part_shape, .max = 20),
	F_MAP(whole, map, "m", .max = 20),
	F_STRS(whole, strs, "a", .max = 20),
};
static const struct shape whole_shape = SHAPE(whole, "Whole", whole_rows,
					      .present = offsetof(struct whole, present));

static void check_raw(struct slice raw, struct slice text)
{
	struct json_syntax wrong;

	if (!raw.p)
		return;
	MUST(raw.p >= text.p && raw.p + raw.n <= text.p + text.n);
	MUST(json_scan(raw, &wrong));
}

static void check_whole(const struct whole *w, struct slice text)
{
	struct json_syntax wrong;
	struct strbuf b;

	check_raw(w->raw, text);
	check_raw(w->part.raw, text);
	check_raw(w->other.raw, text);
	for (size_t i = 0; i < w->parts.n; i++)
		check_raw(((struct part *)w->parts.items)[i].raw, text);
	strbuf_init(&b, 64 << 20);
	json_encode(&whole_shape, w, &b);
	MUST(!b.failed && json_scan(strbuf_slice(&b), &wrong));
	strbuf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	struct json_faults faults = { 0 };
	struct json_syntax wrong = { NULL, 0, 0 };
	struct arena *a = arena_new();
	struct json_reader to = { a, &faults, &wrong };
	bool is_fine = json_scan(text, &wrong);
	struct json_pair pair = { { "t", 1 }, text };
	struct json_list list;
	struct whole whole;

	MUST(is_fine || (wrong.message && wrong.at <= size));
	MUST(json_decode(&whole_shape, text, &to, &whole) == is_fine);
	if (is_fine)
		check_whole(&whole, text);
	MUST(json_decode_list(&whole_shape, 5, text, &to, &list) == is_fine);
	MUST(is_fine || list.n == 0);
	for (size_t i = 0; i < list.n; i++)
		check_whole(&((struct whole *)list.items)[i], text);
	for (int i = 0; i < whole_shape.count; i++) {
		pair.name = slice_of(whole_rows[i].name);
		json_decode_pairs(&whole_shape, &pair, 1, &to, &whole);
	}
	MUST(faults.n <= faults.total && faults.n <= JSON_FAULTS_MAX);
	arena_free(a);
	return 0;
}
