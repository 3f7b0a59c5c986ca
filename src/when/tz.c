/* Zones by name, and the questions asked of one. The names of the directory are read once into a
 * sorted index; a zone's file is read when it is first asked for and kept, so a name costs a file
 * once. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "when/tz.h"

#include "base/check.h"
#include "when_int.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { NAMES_MAX = 4096, PATH_ROOM = 1024, FILE_MAX = 1 << 18 };

struct entry {
	char *name;
	struct tz *zone;
	bool is_tried; /* the file was read; zone NULL then means refused */
};

struct tz_db {
	unsigned magic;
	unsigned count, room;
	struct entry *entries; /* sorted by name, case folded */
	char *dir;
	char version[TZ_VERSION_MAX];
};

#define DB_MAGIC 0x747a6462u

static const struct tz_row utc_rows[] = { { INT64_MIN, 0 }, { INT64_MAX, 0 } };
static const struct tz utc = { .magic = TZ_MAGIC,
			       .count = 1,
			       .rule_year = TZ_LAST_YEAR + 1,
			       .rows = utc_rows,
			       .name = "UTC" };
static const struct tz etc_utc = { .magic = TZ_MAGIC,
				   .count = 1,
				   .rule_year = TZ_LAST_YEAR + 1,
				   .rows = utc_rows,
				   .name = "Etc/UTC" };

/* ---- questions ---- */

unsigned tz_row_search(const struct tz *z, int64_t utc_s, struct tz_hint *hint)
{
	const struct tz_row *rows = z->rows;
	unsigned low = 0, n = z->count; /* rows[low].from <= utc_s < rows[low + n].from */
	uint64_t slot = (uint64_t)utc_s >> TZ_SLOT_BITS;

	/* Time mostly moves on by one row. */
	if (hint && hint->span + 1 < z->count && rows[hint->span + 1].from <= utc_s
	    && utc_s < rows[hint->span + 2].from)
		return ++hint->span;
	if (slot < TZ_SLOTS) {
		low = z->slots[slot];
		n = z->slots[slot + 1] - low + 1u;
	}
	for (unsigned half; n > 1; n -= half) {
		half = n / 2;
		low = rows[low + half].from <= utc_s ? low + half : low;
	}
	if (hint)
		hint->span = low;
	return low;
}

int32_t tz_offset(const struct tz *z, int64_t utc_s, struct tz_hint *hint)
{
	return z->rows[tz_row_at(z, utc_s, hint)].offset;
}

struct tz_span tz_span_nth(const struct tz *z, unsigned i)
{
	ASSERT(i < z->count);
	return tz_row_span(z, i);
}

struct tz_span tz_span_at(const struct tz *z, int64_t utc_s, struct tz_hint *hint)
{
	return tz_row_span(z, tz_row_at(z, utc_s, hint));
}

unsigned tz_span_count(const struct tz *z)
{
	return z->count;
}

const char *tz_name(const struct tz *z)
{
	return z->name;
}

/* Every row whose stretch holds wall_s when read with the row's own offset is an answer. Only
 * rows within the largest offset of wall_s can be; they are few, and two answers are enough. */
struct tz_local tz_from_local(const struct tz *z, int64_t wall_s)
{
	unsigned i = tz_row_at(z, wall_s - TZ_OFFSET_MAX, NULL);
	struct tz_local l = { TZ_GAP, 0, 0, 0 };

	for (; i < z->count && z->rows[i].from <= wall_s + TZ_OFFSET_MAX; i++) {
		struct tz_span s = tz_row_span(z, i);
		int64_t at = wall_s - s.offset;

		if (at >= s.from && at < s.until) {
			if (l.kind == TZ_UNIQUE)
				return (struct tz_local){ TZ_FOLD, l.first, at, s.from };
			l = (struct tz_local){ TZ_UNIQUE, at, at, 0 };
		} else if (l.kind == TZ_GAP && at < s.from && wall_s - s.before >= s.from) {
			l.first = wall_s - s.before;
			l.second = at;
			l.at = s.from;
		}
	}
	return l;
}

/* ---- names ---- */

bool tz_name_is_good(struct slice name)
{
	if (!name.p || name.n == 0 || name.n > TZ_NAME_MAX || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!is_alpha(c) && !is_digit(c) && c != '_' && c != '+' && c != '-' && c != '/')
			return false; /* a dot is none of them, so ".." cannot be */
	}
	return name.p[name.n - 1] != '/';
}

static int name_compare(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		unsigned char x = (unsigned char)lower(a.p[i]), y = (unsigned char)lower(b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return name_compare(slice_of(x->name), slice_of(y->name));
}

static struct entry *entry_find(const struct tz_db *db, struct slice name)
{
	unsigned low = 0, high = db->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = name_compare(name, slice_of(db->entries[middle].name));

		if (order == 0)
			return &db->entries[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* ---- files ---- */

/* Reads at most `most` bytes of dir/name; 0 if it cannot. */
static size_t file_read(const char *dir, const char *name, void *out, size_t most)
{
	char path[PATH_ROOM];
	int n = snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = n > 0 && (size_t)n < sizeof path ? fopen(path, "rb") : NULL;

	if (!f)
		return 0;
	size_t got = fread(out, 1, most, f);
	(void)fclose(f);
	return got;
}

/* "# version 2025b" in tzdata.zi */
static void version_read(const char *dir, char out_version[TZ_VERSION_MAX])
{
	static const char head[] = "# version ";
	char line[64] = "";
	size_t n = file_read(dir, "tzdata.zi", line, sizeof line - 1);
	size_t from = sizeof head - 1, end = from;

	memcpy(out_version, "unknown", sizeof "unknown");
	if (n < sizeof head || memcmp(line, head, from) != 0)
		return;
	while (end < n && end - from < TZ_VERSION_MAX - 1
	       && (is_alpha(line[end]) || is_digit(line[end]) || line[end] == '-'))
		end++;
	if (end == from)
		return;
	memcpy(out_version, line + from, end - from);
	out_version[end - from] = '\0';
}

static struct tz *zone_load(const struct tz_db *db, const char *name)
{
	void *bytes = mem_new(FILE_MAX + 1);
	size_t n = file_read(db->dir, name, bytes, FILE_MAX + 1);
	struct tz *z = tz_read(slice_of(name), bytes, n);

	free(bytes);
	return z;
}

static void name_add(struct tz_db *db, const char *name)
{
	size_t n = strlen(name);

	if (db->count == NAMES_MAX)
		return;
	if (db->count == db->room) {
		db->room = db->room ? 2 * db->room : 1024;
		db->entries = mem_grow(db->entries, db->room * sizeof db->entries[0]);
	}
	struct entry *e = &db->entries[db->count++];
	*e = (struct entry){ .name = mem_new(n + 1) };
	memcpy(e->name, name, n + 1);
}

static bool name_is_hidden(const char *name)
{
	static const char *const hidden[] = { "posix", "right", "localtime", "posixrules",
					      "Factory" };

	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (strcmp(name, hidden[i]) == 0)
			return true;
	return false;
}

/* A folder is added too, with a slash at its end, to be walked later and then dropped. */
static void path_add(struct tz_db *db, const char *parent, const char *leaf)
{
	char path[PATH_ROOM], name[TZ_NAME_MAX + 2], magic[4];
	struct stat st;
	int n = snprintf(name, sizeof name, "%s%s", parent, leaf);

	if (n < 1 || n > TZ_NAME_MAX || !tz_name_is_good(slice_of(name)) || name_is_hidden(name))
		return;
	int full = snprintf(path, sizeof path, "%s/%s", db->dir, name);
	if (full < 1 || (size_t)full >= sizeof path || stat(path, &st) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		memcpy(name + n, "/", 2);
		name_add(db, name);
	} else if (S_ISREG(st.st_mode) && file_read(db->dir, name, magic, 4) == 4
		   && memcmp(magic, "TZif", 4) == 0) {
		name_add(db, name);
	}
}

static void folder_walk(struct tz_db *db, const char *prefix)
{
	char path[PATH_ROOM];
	int n = snprintf(path, sizeof path, "%s/%s", db->dir, prefix);
	DIR *d = n > 0 && (size_t)n < sizeof path ? opendir(path) : NULL;
	const struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)) != NULL)
		path_add(db, prefix, e->d_name);
	(void)closedir(d);
}

/* ---- the database ---- */

static void folders_drop(struct tz_db *db)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < db->count; i++) {
		char *name = db->entries[i].name;

		if (name[strlen(name) - 1] == '/')
			free(name);
		else
			db->entries[kept++] = db->entries[i];
	}
	db->count = kept;
}

struct tz_db *tz_db_new(const char *dir)
{
	const char *from = dir ? dir : TZ_DIR_DEFAULT;
	size_t n = strlen(from);
	struct tz_db *db = mem_new(sizeof *db);

	db->magic = DB_MAGIC;
	db->dir = mem_new(n + 1);
	memcpy(db->dir, from, n + 1);
	version_read(db->dir, db->version);

	/* The list grows while it is walked: breadth first, no recursion, ended by NAMES_MAX. */
	folder_walk(db, "");
	for (unsigned i = 0; i < db->count; i++) {
		char name[TZ_NAME_MAX + 2];
		size_t length = strlen(db->entries[i].name);

		memcpy(name, db->entries[i].name, length + 1);
		if (name[length - 1] == '/')
			folder_walk(db, name);
	}
	folders_drop(db);
	if (db->count > 0)
		qsort(db->entries, db->count, sizeof db->entries[0], entry_compare);
	if (!entry_find(db, SLICE_LIT("UTC")))
		name_add(db, "UTC");
	if (!entry_find(db, SLICE_LIT("Etc/UTC")))
		name_add(db, "Etc/UTC");
	qsort(db->entries, db->count, sizeof db->entries[0], entry_compare);
	return db;
}

void tz_db_free(struct tz_db *db)
{
	if (!db)
		return;
	CHECK_MAGIC(db, DB_MAGIC);
	for (unsigned i = 0; i < db->count; i++) {
		free(db->entries[i].name);
		tz_free(db->entries[i].zone);
	}
	free(db->entries);
	free(db->dir);
	db->magic = 0;
	free(db);
}

const char *tz_db_version(const struct tz_db *db)
{
	return db->version;
}

bool tz_db_is_stale(const struct tz_db *db)
{
	char now[TZ_VERSION_MAX];

	version_read(db->dir, now);
	return strcmp(now, db->version) != 0;
}

unsigned tz_db_count(const struct tz_db *db)
{
	return db->count;
}

const char *tz_db_name(const struct tz_db *db, unsigned i)
{
	return i < db->count ? db->entries[i].name : NULL;
}

const struct tz *tz_utc(void)
{
	return &utc;
}

const struct tz *tz_find(struct tz_db *db, struct slice name)
{
	if (!tz_name_is_good(name))
		return NULL;
	if (name_compare(name, SLICE_LIT("UTC")) == 0)
		return &utc;
	if (name_compare(name, SLICE_LIT("Etc/UTC")) == 0)
		return &etc_utc;

	struct entry *e = entry_find(db, name);

	if (!e)
		return NULL;
	if (!e->is_tried) {
		e->zone = zone_load(db, e->name);
		e->is_tried = true;
	}
	return e->zone;
}
