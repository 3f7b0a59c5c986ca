/* What people call a zone: CLDR's long generic names, a generated table. */
#include "describe_int.h"
#include "when/describe.h"

enum zone_words {
#define NAME(macro, text) WORDS_##macro,
#include "zone_words.def"
#undef NAME
	WORDS_COUNT
};

static const char *const names[] = {
#define NAME(macro, text) text,
#include "zone_words.def"
#undef NAME
};

_Static_assert(sizeof names / sizeof names[0] == WORDS_COUNT, "a text for every name");

static const struct row {
	const char *id;
	enum zone_words name;
} zones[] = {
#define ZONE(id, macro) { id, WORDS_##macro },
#include "zone_words.def"
#undef ZONE
};

const char *zone_generic_name(const struct tz *z)
{
	const char *id = tz_name(z);
	size_t low = 0, high = sizeof zones / sizeof zones[0];

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(id, zones[middle].id);

		if (order == 0)
			return names[zones[middle].name];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return id;
}
