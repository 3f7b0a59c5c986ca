/* Time zones: our own reader of the system's TZif files (RFC 9636; TIME.md section 4). A zone is
 * immutable once it is loaded: rows of "from this UTC second on the offset is so", the footer's
 * rule written out to the end of 2200, so that no question needs rule arithmetic. After 2200 the
 * last offset holds; before the first row, type 0 of the file.
 *
 * Reload: zones belong to their tz_db. To take in new files build a second tz_db, look every zone
 * up again in it, swap the pointers, free the old one. Nothing else is shared. */
#ifndef WHEN_TZ_H
#define WHEN_TZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct tz;
struct tz_db;

enum {
	TZ_NAME_MAX = 64,         /* bytes of a zone name */
	TZ_VERSION_MAX = 32,      /* with its NUL */
	TZ_OFFSET_MAX = 26 * 3600 /* seconds; RFC 9636 3.2 */
};

#define TZ_DIR_DEFAULT "/usr/share/zoneinfo"

/* Where the last question about a zone was answered. The caller keeps one per sequence of
 * questions, zeroed at first; it only saves time: NULL, or a hint left by another zone, gives the
 * same answers. */
struct tz_hint {
	unsigned span;
};

/* A stretch of UTC seconds [from, until) with one offset. `before` is the offset of the stretch
 * before it (the same as `offset` for the first one), `after` that of the next (likewise for the
 * last one). Offsets of neighbours always differ; from is INT64_MIN, until INT64_MAX at the ends.
 */
struct tz_span {
	int64_t from, until;
	int32_t offset, before, after;
};

/* What a wall clock reading means. UNIQUE: first == second. GAP: skipped by the clock; `first`
 * reads it with the offset before the gap (02:30 -> 03:30 EDT: rule A1), `second` with the offset
 * after (01:30 EST). FOLD: happens twice, first and second. `at` is the transition of a gap or
 * fold. */
enum tz_kind { TZ_UNIQUE, TZ_GAP, TZ_FOLD };
struct tz_local {
	enum tz_kind kind;
	int64_t first, second; /* UTC seconds */
	int64_t at;
};

/* `dir` NULL: TZ_DIR_DEFAULT. Never NULL: a directory that cannot be read gives a db that knows
 * UTC and Etc/UTC only. Reads the names at once (one short read a file), zones when they are
 * first asked for. */
struct tz_db *tz_db_new(const char *dir);
void tz_db_free(struct tz_db *db); /* NULL accepted; its zones go with it */

/* "2025b", or "unknown". */
const char *tz_db_version(const struct tz_db *db);

/* True if the directory's files say another version now: time to build a new tz_db. Reads one
 * line. */
bool tz_db_is_stale(const struct tz_db *db);

/* Names in case-insensitive order, for lists. NULL from `i` >= count. */
unsigned tz_db_count(const struct tz_db *db);
const char *tz_db_name(const struct tz_db *db, unsigned i);

/* Case-insensitive; links stay as they are (Asia/Calcutta is not Asia/Kolkata). NULL: unknown, or
 * its file is refused. The zone lives as long as the db. */
const struct tz *tz_find(struct tz_db *db, struct slice name);

const struct tz *tz_utc(void); /* static; the zone "UTC" of every db */

/* One zone from the bytes of a TZif file, NULL if they break a rule of TIME.md section 4;
 * tz_free() it. tz_find() is made of it; tests and the fuzzer call it. */
struct tz *tz_read(struct slice name, const void *bytes, size_t n);
void tz_free(struct tz *z); /* NULL accepted; never for a zone that tz_find() returned */

const char *tz_name(const struct tz *z);        /* in its canonical spelling */
unsigned tz_span_count(const struct tz *z);     /* >= 1 */
struct tz_span tz_span_nth(const struct tz *z, unsigned i);

/* hint may be NULL. */
int32_t tz_offset(const struct tz *z, int64_t utc_s, struct tz_hint *hint);
struct tz_span tz_span_at(const struct tz *z, int64_t utc_s, struct tz_hint *hint);

/* wall_s: the wall clock as seconds since 1970-01-01T00:00 on that clock. */
struct tz_local tz_from_local(const struct tz *z, int64_t wall_s);

#endif
