/* Names of zones: the generated table, whole and by hand. */
#include "when/describe.h"

#include <check.h>

static struct tz_db *zones;

static void zones_open(void)
{
	zones = tz_db_new(NULL);
}

static void zones_close(void)
{
	tz_db_free(zones);
}

static const char *name_of(const char *id)
{
	const struct tz *z = tz_find(zones, slice_of(id));

	ck_assert_msg(z != NULL, "%s", id);
	return zone_generic_name(z);
}

START_TEST(by_hand)
{
	static const struct {
		const char *id, *name;
	} rows[] = {
		{ "America/Los_Angeles", "Pacific Time" },
		{ "US/Pacific", "Pacific Time" }, /* links too */
		{ "america/new_york", "Eastern Time" },
		{ "EST5EDT", "Eastern Time" },
		{ "America/Phoenix", "Mountain Standard Time" }, /* no summer time */
		{ "America/Denver", "Mountain Time" },
		{ "America/Argentina/Buenos_Aires", "Argentina Standard Time" },
		{ "Europe/Berlin", "Central European Time" },
		{ "Europe/Paris", "Central European Time" },
		{ "Asia/Kolkata", "India Standard Time" },
		{ "Asia/Calcutta", "India Standard Time" },
		{ "Asia/Tokyo", "Japan Standard Time" },
		{ "Australia/Sydney", "Australian Eastern Time" },
		{ "Australia/Brisbane", "Australian Eastern Standard Time" },
		{ "Indian/Reunion", "R\xc3\xa9union Time" },
		{ "UTC", "UTC" },
		{ "Etc/UTC", "UTC" },
		{ "Etc/UCT", "UTC" },
		{ "Zulu", "UTC" },
		{ "Etc/Universal", "UTC" },
		{ "GMT", "Greenwich Mean Time" },
		{ "Etc/GMT0", "Greenwich Mean Time" },
		{ "Africa/Abidjan", "Greenwich Mean Time" },
		/* No name of their own: CLDR would make one of the place or the offset. */
		{ "Europe/London", "Europe/London" },
		{ "Europe/Dublin", "Europe/Dublin" },
		{ "Antarctica/Troll", "Antarctica/Troll" },
		{ "Africa/Casablanca", "Africa/Casablanca" },
		{ "Asia/Amman", "Asia/Amman" },
		{ "Etc/GMT+5", "Etc/GMT+5" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(name_of(rows[i].id), rows[i].name);
	ck_assert_str_eq(zone_generic_name(tz_utc()), "UTC");
}
END_TEST

/* Every row is found: the table is in the order that the search believes in. */
START_TEST(whole_table)
{
	static const char *const ids[] = {
#define ZONE(id, macro) id,
#include "when/zone_words.def"
#undef ZONE
	};
	unsigned named = 0;

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		ck_assert_msg(i == 0 || strcmp(ids[i - 1], ids[i]) < 0, "%s", ids[i]);
		if (tz_find(zones, slice_of(ids[i]))) /* the system may have fewer zones */
			ck_assert_msg(strchr(name_of(ids[i]), '/') == NULL, "%s", ids[i]);
	}
	for (unsigned i = 0; i < tz_db_count(zones); i++) {
		const char *id = tz_db_name(zones, i);

		named += strcmp(name_of(id), id) != 0;
	}
	ck_assert_uint_ge(named, 500);
}
END_TEST

Suite *suite_zone_words(void)
{
	Suite *s = suite_create("zone_words");
	TCase *tc = tcase_create("zone_words");

	tcase_add_unchecked_fixture(tc, zones_open, zones_close);
	tcase_add_test(tc, by_hand);
	tcase_add_test(tc, whole_table);
	suite_add_tcase(s, tc);
	return s;
}
