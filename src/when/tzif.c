/* TZif (RFC 9636) from bytes to rows. What we read is data from outside, so every count is
 * checked against the file's size before it is used, and what breaks a rule refuses the whole
 * zone: a wrong offset would be worse than an unknown zone. Abbreviations and the DST flag are
 * not kept; offsets decide everything.
 *
 * A v1 file, and the v1 block of a later one, has 32-bit times and in "slim" files no data at
 * all: it is skipped, and a file with nothing else refused. */
#include "when_int.h"

#include "base/check.h"

#include <stdlib.h>

enum {
	HEADER_SIZE = 44,
	TIMES_MAX = 4096, /* transitions; the longest of the system's files has 240 */
	FILE_MAX = 1 << 18,
	TYPE_SIZE = 6,
	ROWS_OF_RULE = 2 * (TZ_LAST_YEAR - TZ_FIRST_YEAR + 3)
};

struct block {
	uint32_t isut, isstd, leap, times, types, chars;
	size_t size;         /* of the data behind the header */
	const uint8_t *data; /* of it */
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t get64(const uint8_t *p)
{
	return (int64_t)((uint64_t)get32(p) << 32 | get32(p + 4));
}

/* A header at p and its data, both wholly inside n bytes. width: of a time. */
static bool block_read(const uint8_t *p, size_t n, unsigned width, struct block *out_block)
{
	struct block b;

	if (n < HEADER_SIZE || memcmp(p, "TZif", 4) != 0)
		return false;
	b.isut = get32(p + 20);
	b.isstd = get32(p + 24);
	b.leap = get32(p + 28);
	b.times = get32(p + 32);
	b.types = get32(p + 36);
	b.chars = get32(p + 40);
	if (b.times > TIMES_MAX || b.types > 256 || b.chars > 1024 || b.leap > TIMES_MAX
	    || b.isut > 256 || b.isstd > 256)
		return false;
	b.size = (size_t)b.times * (width + 1) + (size_t)b.types * TYPE_SIZE + b.chars
	       + (size_t)b.leap * (width + 4) + b.isstd + b.isut;
	if (b.size > n - HEADER_SIZE)
		return false;
	b.data = p + HEADER_SIZE;
	*out_block = b;
	return true;
}

static bool block_is_usable(const struct block *b)
{
	/* Leap seconds would make every instant of the file something else than POSIX time
	 * ("right/"). */
	return b->leap == 0 && b->types >= 1 && b->chars >= 1
	    && (b->isut == 0 || b->isut == b->types) && (b->isstd == 0 || b->isstd == b->types);
}

static const uint8_t *type_at(const struct block *b, unsigned i)
{
	return b->data + (size_t)b->times * 9 + (size_t)i * TYPE_SIZE;
}

static bool types_are_good(const struct block *b)
{
	for (unsigned i = 0; i < b->types; i++) {
		const uint8_t *t = type_at(b, i);
		int32_t offset = (int32_t)get32(t);

		if (offset < -TZ_OFFSET_MAX || offset > TZ_OFFSET_MAX || t[4] > 1
		    || t[5] >= b->chars)
			return false;
	}
	return true;
}

/* Finds the 64-bit block and the rule behind it. */
static bool file_read(const uint8_t *p, size_t n, struct block *out_block, struct tz_rule *out_rule)
{
	struct block v1, b;

	if (n > FILE_MAX || !block_read(p, n, 4, &v1) || p[4] < '2' || p[4] > '4')
		return false;
	size_t skip = HEADER_SIZE + v1.size;
	if (!block_read(p + skip, n - skip, 8, &b) || !block_is_usable(&b) || !types_are_good(&b))
		return false;

	const uint8_t *foot = b.data + b.size;
	size_t left = n - (size_t)(foot - p);
	const uint8_t *end = left > 1 ? memchr(foot + 1, '\n', left - 1) : NULL;

	if (!end || *foot != '\n')
		return false;
	*out_block = b;
	return tz_rule_parse((struct slice){ (const char *)foot + 1, (size_t)(end - foot) - 1 },
			     out_rule);
}

void tz_rows_add(struct tz_rows *rows, int64_t from, int32_t offset)
{
	struct tz_row *last = rows->count ? &rows->row[rows->count - 1] : NULL;

	if (last && from < last->from)
		return;
	if (last && from == last->from) { /* of two changes at once the later one counts */
		last->offset = offset;
		if (rows->count > 1 && last[-1].offset == offset)
			rows->count--;
		return;
	}
	if (last && last->offset == offset)
		return;
	ASSERT(rows->count < rows->room);
	rows->row[rows->count++] = (struct tz_row){ from, offset };
}

static bool rows_fill(const struct block *b, const struct tz_rule *rule, struct tz_rows *rows)
{
	bool is_rule_only = b->times == 0 && !rule->is_empty;
	int64_t previous = INT64_MIN;

	tz_rows_add(rows, INT64_MIN, is_rule_only ? rule->std : (int32_t)get32(type_at(b, 0)));
	for (uint32_t i = 0; i < b->times; i++) {
		int64_t at = get64(b->data + (size_t)i * 8);
		uint8_t type = b->data[(size_t)b->times * 8 + i];

		if (at <= previous || at < -TZ_SECONDS_MAX || at > TZ_SECONDS_MAX
		    || type >= b->types)
			return false;
		tz_rows_add(rows, at, (int32_t)get32(type_at(b, type)));
		previous = at;
	}
	tz_rule_expand(rule, previous, rows);
	ASSERT(rows->count < rows->room);
	rows->row[rows->count] = (struct tz_row){ INT64_MAX, 0 };
	return true;
}

static void slots_fill(struct tz *z)
{
	unsigned row = 0;

	for (unsigned i = 0; i <= TZ_SLOTS; i++) {
		while (z->rows[row + 1].from <= (int64_t)i << TZ_SLOT_BITS)
			row++;
		z->slots[i] = (uint16_t)row;
	}
}

struct tz *tz_read(struct slice name, const void *bytes, size_t n)
{
	struct block b;
	struct tz_rule rule;

	if (!tz_name_is_good(name) || !file_read(bytes, n, &b, &rule))
		return NULL;

	unsigned room = b.times + ROWS_OF_RULE + 2;
	struct tz *z = mem_new(sizeof *z + room * sizeof(struct tz_row));
	struct tz_rows rows = { .row = (struct tz_row *)(void *)(z + 1), .room = room };

	_Static_assert(sizeof(struct tz) % _Alignof(struct tz_row) == 0,
		       "rows stand behind their zone");
	z->magic = TZ_MAGIC;
	memcpy(z->name, name.p, name.n);
	if (!rows_fill(&b, &rule, &rows)) {
		tz_free(z);
		return NULL;
	}
	z->rule_year = tz_rule_since(&rule, &rows);
	z->rows = rows.row;
	z->count = rows.count;
	slots_fill(z);
	return z;
}

void tz_free(struct tz *z)
{
	if (!z)
		return;
	CHECK_MAGIC(z, TZ_MAGIC);
	z->magic = 0;
	free(z);
}
