/* Zones by name, their offsets against tests/data/tz_transitions.tsv (zdump and Python, see
 * tests/data/make/tz_transitions.py), wall clocks in gaps and folds, and a directory that
 * changes. */
#include "when/tz.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tz_db *zones;

static void zones_open(void)
{
	zones = tz_db_new(NULL);
}

static void zones_close(void)
{
	tz_db_free(zones);
}

static const struct tz *zone(const char *name)
{
	const struct tz *z = tz_find(zones, slice_of(name));

	ck_assert_msg(z != NULL, "%s", name);
	return z;
}

/* ---- names ---- */

#define R(asked, canonical)                \
	{                                  \
		__LINE__, asked, canonical \
	}
static const struct name_row {
	int line;
	const char *asked, *canonical; /* NULL: unknown */
} names[] = {
	R("UTC", "UTC"),
	R("utc", "UTC"),
	R("Etc/UTC", "Etc/UTC"),
	R("etc/utc", "Etc/UTC"),
	R("Europe/Berlin", "Europe/Berlin"),
	R("europe/BERLIN", "Europe/Berlin"),
	R("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
	R("Asia/Calcutta", "Asia/Calcutta"), /* a link stays what it is */
	R("Etc/GMT+12", "Etc/GMT+12"),
	R("EST5EDT", "EST5EDT"),
	R("", NULL),
	R("Europe", NULL),
	R("Europe/", NULL),
	R("Europe/Berli", NULL),
	R("Europe/Berlinn", NULL),
	R("/Europe/Berlin", NULL),
	R("../zoneinfo/UTC", NULL),
	R("Europe/../UTC", NULL),
	R("posix/Europe/Berlin", NULL),
	R("right/Europe/Berlin", NULL),
	R("localtime", NULL),
	R("posixrules", NULL),
	R("Factory", NULL),
	R("zone.tab", NULL),
	R("tzdata.zi", NULL),
	R("leapseconds", NULL),
	R("Europe/Berlin ", NULL),
	R("Europe\\Berlin", NULL),
	R("EST", "EST"),
	R("CEST", NULL),
	R("AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEEEEEEEEFFFFFFFFFFGGGGGG", NULL),
};

START_TEST(finding)
{
	const struct name_row *r = &names[_i];
	const struct tz *z = tz_find(zones, slice_of(r->asked));

	ck_assert_msg((z != NULL) == (r->canonical != NULL), "line %d", r->line);
	if (z)
		ck_assert_msg(strcmp(tz_name(z), r->canonical) == 0, "line %d: %s", r->line,
			      tz_name(z));
}
END_TEST

START_TEST(absent_name)
{
	ck_assert_ptr_null(tz_find(zones, (struct slice){ NULL, 0 }));
}
END_TEST

START_TEST(a_zone_is_loaded_once)
{
	ck_assert_ptr_eq(zone("Europe/Paris"), zone("europe/paris"));
	ck_assert_ptr_eq(zone("UTC"), tz_utc());
}
END_TEST

START_TEST(list_is_sorted_and_complete)
{
	unsigned n = tz_db_count(zones);

	ck_assert_uint_gt(n, 400);
	for (unsigned i = 0; i < n; i++)
		ck_assert_msg(tz_find(zones, slice_of(tz_db_name(zones, i))) != NULL, "%s",
			      tz_db_name(zones, i));
	ck_assert_ptr_null(tz_db_name(zones, n));
	ck_assert(strlen(tz_db_version(zones)) >= 5);
}
END_TEST

START_TEST(no_directory_still_knows_utc)
{
	struct tz_db *db = tz_db_new("/nonexistent");

	ck_assert_str_eq(tz_db_version(db), "unknown");
	ck_assert_uint_eq(tz_db_count(db), 2);
	ck_assert_ptr_nonnull(tz_find(db, SLICE_LIT("UTC")));
	ck_assert_ptr_nonnull(tz_find(db, SLICE_LIT("etc/utc")));
	ck_assert_ptr_null(tz_find(db, SLICE_LIT("Europe/Berlin")));
	tz_db_free(db);
	tz_db_free(NULL);
}
END_TEST

static void write_file(const char *dir, const char *name, const void *bytes, size_t n)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	(void)fclose(f);
}

START_TEST(a_new_version_makes_it_stale)
{
	static const char broken[] = "TZif2 but nothing more";
	char dir[] = "/tmp/t_tz_XXXXXX", path[64];
	struct tz_db *db;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	write_file(dir, "tzdata.zi", "# version 2030a\n", 16);
	write_file(dir, "Broken", broken, sizeof broken);
	write_file(dir, "Text", "not a zone", 10);
	db = tz_db_new(dir);
	ck_assert_str_eq(tz_db_version(db), "2030a");
	ck_assert(!tz_db_is_stale(db));
	ck_assert_ptr_null(tz_find(db, SLICE_LIT("Broken")));
	ck_assert_ptr_null(tz_find(db, SLICE_LIT("Broken")));
	ck_assert_ptr_null(tz_find(db, SLICE_LIT("Text")));
	ck_assert_uint_eq(tz_db_count(db), 3);
	write_file(dir, "tzdata.zi", "# version 2030b\n", 16);
	ck_assert(tz_db_is_stale(db));
	tz_db_free(db);
	for (int i = 0; i < 3; i++) {
		static const char *const files[] = { "tzdata.zi", "Broken", "Text" };

		(void)snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(dir);
}
END_TEST

/* ---- wall clocks ---- */

#define W(zone, wall, kind, first, second)                     \
	{                                                      \
		__LINE__, zone, wall, TZ_##kind, first, second \
	}
static const struct wall_row {
	int line;
	const char *zone;
	int64_t wall;
	enum tz_kind kind;
	int64_t first, second;
} walls[] = {
	/* New York, 2025-03-09: 01:59:59, 02:00, 02:30, 02:59:59, 03:00 */
	W("America/New_York", 1741485599, UNIQUE, 1741503599, 1741503599),
	W("America/New_York", 1741485600, GAP, 1741503600, 1741500000),
	W("America/New_York", 1741487400, GAP, 1741505400, 1741501800),
	W("America/New_York", 1741489199, GAP, 1741507199, 1741503599),
	W("America/New_York", 1741489200, UNIQUE, 1741503600, 1741503600),
	/* 2025-11-02: 00:59:59, 01:00, 01:59:59, 02:00 */
	W("America/New_York", 1762045199, UNIQUE, 1762059599, 1762059599),
	W("America/New_York", 1762045200, FOLD, 1762059600, 1762063200),
	W("America/New_York", 1762048799, FOLD, 1762063199, 1762066799),
	W("America/New_York", 1762048800, UNIQUE, 1762066800, 1762066800),
	/* Apia, noon of the skipped 2011-12-30 */
	W("Pacific/Apia", 1325246400, GAP, 1325282400, 1325196000),
	W("UTC", 1741487400, UNIQUE, 1741487400, 1741487400),
};

START_TEST(wall_clocks)
{
	const struct wall_row *r = &walls[_i];
	struct tz_local l = tz_from_local(zone(r->zone), r->wall);

	ck_assert_msg(l.kind == r->kind && l.first == r->first && l.second == r->second,
		      "line %d: %d %lld %lld", r->line, l.kind, (long long)l.first,
		      (long long)l.second);
}
END_TEST

/* ---- the table ---- */

static uint64_t hash_row(uint64_t h, const struct tz_span *s)
{
	char text[48];
	int n = snprintf(text, sizeof text, "%lld %d\n", (long long)s->from, s->offset);

	for (int i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
	return h;
}

/* Z  zone  offset  count  hash */
static void check_zone(const char *name, int offset, unsigned count, unsigned long long hash)
{
	const struct tz *z = zone(name);
	struct tz_hint hint = { 0 };
	uint64_t h = 0xcbf29ce484222325u;
	unsigned n = 0;

	ck_assert_msg(tz_offset(z, 0, &hint) == offset, "%s at 1970", name);
	for (unsigned i = 0; i < tz_span_count(z); i++) {
		struct tz_span s = tz_span_nth(z, i);

		if (s.from <= 0 || s.from >= 7258118400) /* 2200 */
			continue;
		h = hash_row(h, &s);
		n++;
	}
	ck_assert_msg(n == count, "%s: %u changes, the table has %u", name, n, count);
	ck_assert_msg(h == hash, "%s: hash", name);
}

START_TEST(every_zone_agrees_with_zdump)
{
	FILE *f = fopen("tests/data/tz_transitions.tsv", "r");
	struct tz_hint hint = { 0 };
	char line[256], name[80], version[32] = "";
	unsigned zones_seen = 0, rows_seen = 0;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
	ck_assert_int_eq(sscanf(line, "# %*[^,], tzdata %31[^,]", version), 1);
	if (strcmp(version, tz_db_version(zones)) != 0) {
		printf("tz_transitions.tsv is of %s, the system has %s: not compared\n", version,
		       tz_db_version(zones));
		(void)fclose(f);
		return;
	}
	while (fgets(line, sizeof line, f)) {
		unsigned long long hash;
		long long at;
		unsigned count;
		int offset;

		if (sscanf(line, "Z %79s %d %u %llx", name, &offset, &count, &hash) == 4) {
			check_zone(name, offset, count, hash);
			zones_seen++;
		} else if (sscanf(line, "T %79s %lld %d", name, &at, &offset) == 3) {
			struct tz_span s = tz_span_at(zone(name), at, &hint);

			ck_assert_msg(s.from == at && s.offset == offset, "%s", line);
			ck_assert_msg(tz_offset(zone(name), at - 1, NULL) == s.before, "%s", line);
			rows_seen++;
		}
	}
	(void)fclose(f);
	ck_assert_uint_gt(zones_seen, 590);
	ck_assert_uint_gt(rows_seen, 5000);
}
END_TEST

/* A hint saves time and nothing else: any hint, even of another zone, gives the answer of none. */
START_TEST(hints_do_not_matter)
{
	const struct tz *z = zone("America/New_York");

	for (unsigned span = 0; span < tz_span_count(z) + 5; span++)
		for (int64_t at = -3000000000; at < 8000000000; at += 37000007) {
			struct tz_hint hint = { span };

			ck_assert_int_eq(tz_offset(z, at, &hint), tz_offset(z, at, NULL));
		}
}
END_TEST

Suite *suite_tz(void)
{
	Suite *s = suite_create("tz");
	TCase *tc = tcase_create("tz");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_loop_test(tc, finding, 0, sizeof names / sizeof names[0]);
	tcase_add_test(tc, absent_name);
	tcase_add_test(tc, a_zone_is_loaded_once);
	tcase_add_test(tc, list_is_sorted_and_complete);
	tcase_add_test(tc, no_directory_still_knows_utc);
	tcase_add_test(tc, a_new_version_makes_it_stale);
	tcase_add_loop_test(tc, wall_clocks, 0, sizeof walls / sizeof walls[0]);
	tcase_add_test(tc, every_zone_agrees_with_zdump);
	tcase_add_test(tc, hints_do_not_matter);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}
