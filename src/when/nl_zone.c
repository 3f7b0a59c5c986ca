/* Zones as people say them: IANA ids, cities, nicknames, offsets from UTC. */
#include "nl_int.h"
#include "when_int.h"

#include <stdio.h>

struct nick {
	const char *words, *zone;
	const char *others[NL_OTHERS_MAX]; /* also called so */
};

static const struct nick nicks[] = {
	{ "pacific", "America/Los_Angeles", { 0 } },
	{ "pt", "America/Los_Angeles", { 0 } },
	{ "pst", "America/Los_Angeles", { 0 } },
	{ "pdt", "America/Los_Angeles", { 0 } },
	{ "mountain", "America/Denver", { 0 } },
	{ "mt", "America/Denver", { 0 } },
	{ "mst", "America/Denver", { 0 } },
	{ "mdt", "America/Denver", { 0 } },
	{ "central", "America/Chicago", { 0 } },
	{ "ct", "America/Chicago", { 0 } },
	{ "cst", "America/Chicago", { "Asia/Shanghai", NULL } },
	{ "cdt", "America/Chicago", { 0 } },
	{ "eastern", "America/New_York", { 0 } },
	{ "et", "America/New_York", { 0 } },
	{ "est", "America/New_York", { 0 } },
	{ "edt", "America/New_York", { 0 } },
	{ "atlantic", "America/Halifax", { 0 } },
	{ "alaska", "America/Anchorage", { 0 } },
	{ "akst", "America/Anchorage", { 0 } },
	{ "akdt", "America/Anchorage", { 0 } },
	{ "hawaii", "Pacific/Honolulu", { 0 } },
	{ "hst", "Pacific/Honolulu", { 0 } },
	{ "arizona", "America/Phoenix", { 0 } },
	{ "bst", "Europe/London", { "Asia/Dhaka", NULL } },
	{ "ist", "Asia/Kolkata", { "Europe/Dublin", "Asia/Jerusalem" } },
	{ "cet", "Europe/Paris", { 0 } },
	{ "cest", "Europe/Paris", { 0 } },
	{ "central european", "Europe/Paris", { 0 } },
	{ "central european summer", "Europe/Paris", { 0 } },
	{ "eet", "Europe/Helsinki", { 0 } },
	{ "eest", "Europe/Helsinki", { 0 } },
	{ "eastern european", "Europe/Helsinki", { 0 } },
	{ "wet", "Europe/Lisbon", { 0 } },
	{ "western european", "Europe/Lisbon", { 0 } },
	{ "british", "Europe/London", { 0 } },
	{ "british summer", "Europe/London", { 0 } },
	{ "uk", "Europe/London", { 0 } },
	{ "msk", "Europe/Moscow", { 0 } },
	{ "india", "Asia/Kolkata", { 0 } },
	{ "indian", "Asia/Kolkata", { 0 } },
	{ "jst", "Asia/Tokyo", { 0 } },
	{ "japan", "Asia/Tokyo", { 0 } },
	{ "kst", "Asia/Seoul", { 0 } },
	{ "korea", "Asia/Seoul", { 0 } },
	{ "sgt", "Asia/Singapore", { 0 } },
	{ "hkt", "Asia/Hong_Kong", { 0 } },
	{ "china", "Asia/Shanghai", { 0 } },
	{ "beijing", "Asia/Shanghai", { 0 } },
	{ "aest", "Australia/Sydney", { 0 } },
	{ "aedt", "Australia/Sydney", { 0 } },
	{ "awst", "Australia/Perth", { 0 } },
	{ "nzst", "Pacific/Auckland", { 0 } },
	{ "nzdt", "Pacific/Auckland", { 0 } },
	{ "new zealand", "Pacific/Auckland", { 0 } },
	{ "sast", "Africa/Johannesburg", { 0 } },
	{ "south africa", "Africa/Johannesburg", { 0 } },
	{ "gmt", "UTC", { 0 } },
	{ "greenwich mean", "UTC", { 0 } },
	{ "utc", "UTC", { 0 } },
	{ "z", "UTC", { 0 } },
	{ "zulu", "UTC", { 0 } },
	{ "coordinated universal", "UTC", { 0 } },
	{ "germany", "Europe/Berlin", { 0 } },
	{ "munich", "Europe/Berlin", { 0 } },
	{ "frankfurt", "Europe/Berlin", { 0 } },
	{ "hamburg", "Europe/Berlin", { 0 } },
	{ "france", "Europe/Paris", { 0 } },
	{ "italy", "Europe/Rome", { 0 } },
	{ "milan", "Europe/Rome", { 0 } },
	{ "spain", "Europe/Madrid", { 0 } },
	{ "barcelona", "Europe/Madrid", { 0 } },
	{ "geneva", "Europe/Zurich", { 0 } },
	{ "edinburgh", "Europe/London", { 0 } },
	{ "nyc", "America/New_York", { 0 } },
	{ "boston", "America/New_York", { 0 } },
	{ "miami", "America/New_York", { 0 } },
	{ "atlanta", "America/New_York", { 0 } },
	{ "philadelphia", "America/New_York", { 0 } },
	{ "washington", "America/New_York", { 0 } },
	{ "dallas", "America/Chicago", { 0 } },
	{ "houston", "America/Chicago", { 0 } },
	{ "austin", "America/Chicago", { 0 } },
	{ "texas", "America/Chicago", { 0 } },
	{ "san francisco", "America/Los_Angeles", { 0 } },
	{ "sf", "America/Los_Angeles", { 0 } },
	{ "seattle", "America/Los_Angeles", { 0 } },
	{ "california", "America/Los_Angeles", { 0 } },
	{ "san diego", "America/Los_Angeles", { 0 } },
	{ "las vegas", "America/Los_Angeles", { 0 } },
	{ "mumbai", "Asia/Kolkata", { 0 } },
	{ "delhi", "Asia/Kolkata", { 0 } },
	{ "new delhi", "Asia/Kolkata", { 0 } },
	{ "bangalore", "Asia/Kolkata", { 0 } },
	{ "osaka", "Asia/Tokyo", { 0 } },
};

enum { NICKS = sizeof nicks / sizeof nicks[0], NAME_WORDS_MAX = 3 };

/* Places whose offset is no whole hour; they may change it, so they are only a hint. */
static const struct {
	int minutes;
	const char *hint;
} odd_offsets[] = {
	{ 210, "Name the zone, for example Asia/Tehran." },
	{ 270, "Name the zone, for example Asia/Kabul." },
	{ 330, "Name the zone, for example Asia/Kolkata." },
	{ 345, "Name the zone, for example Asia/Kathmandu." },
	{ 390, "Name the zone, for example Asia/Yangon." },
	{ 525, "Name the zone, for example Australia/Eucla." },
	{ 570, "Name the zone, for example Australia/Darwin." },
	{ -570, "Name the zone, for example Pacific/Marquesas." },
};

/* The last part of a zone's name: "New_York". Absent for Etc/GMT+5, US/Pacific and their like. */
static struct slice city_of(const char *name)
{
	static const char *const not_places[] = { "Etc/",   "US/",     "Canada/", "Brazil/",
						  "Chile/", "Mexico/", "SystemV/" };
	const char *city = strrchr(name, '/');

	if (!city)
		return (struct slice){ NULL, 0 };
	for (unsigned i = 0; i < sizeof not_places / sizeof not_places[0]; i++)
		if (strncmp(name, not_places[i], strlen(not_places[i])) == 0)
			return (struct slice){ NULL, 0 };
	return slice_of(city + 1);
}

/* The k-th word of a name whose words are joined by blanks or '_'. */
static struct slice name_word(struct slice name, unsigned k)
{
	struct slice w = { name.p, 0 };

	for (size_t i = 0; i <= name.n && name.p; i++) {
		bool is_end = i == name.n || name.p[i] == '_' || name.p[i] == ' ';

		if (is_end && k-- == 0) {
			w.n = (size_t)(name.p + i - w.p);
			return w;
		}
		if (is_end)
			w.p = name.p + i + 1;
	}
	return (struct slice){ NULL, 0 };
}

static bool is_same(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

static bool name_has(struct slice name, struct slice word)
{
	for (unsigned k = 0;; k++) {
		struct slice w = name_word(name, k);

		if (!w.p)
			return false;
		if (is_same(w, word))
			return true;
	}
}

bool nl_zone_has_word(struct nl_pass *p, struct slice word)
{
	for (unsigned i = 0; i < NICKS; i++)
		if (name_has(slice_of(nicks[i].words), word))
			return true;
	for (unsigned i = 0; i < tz_db_count(p->ask->zones); i++)
		if (name_has(city_of(tz_db_name(p->ask->zones, i)), word))
			return true;
	return false;
}

/* How many tokens from here spell the name, all its words; 0: they do not. */
static unsigned spelt(const struct nl_pass *p, struct slice name)
{
	for (unsigned k = 0;; k++) {
		struct slice w = name_word(name, k);

		if (!w.p)
			return k;
		if (p->i + k >= p->n || !is_same(p->tokens[p->i + k].word, w))
			return 0;
	}
}

static unsigned find_nick(const struct nl_pass *p, const struct nick **out)
{
	unsigned longest = 0;

	for (unsigned i = 0; i < NICKS; i++) {
		unsigned n = spelt(p, slice_of(nicks[i].words));

		if (n > longest) {
			longest = n;
			*out = &nicks[i];
		}
	}
	return longest;
}

static unsigned find_city(const struct nl_pass *p, const char **out)
{
	unsigned longest = 0;

	for (unsigned i = 0; i < tz_db_count(p->ask->zones); i++) {
		const char *name = tz_db_name(p->ask->zones, i);
		struct slice city = city_of(name);
		unsigned n = city.p ? spelt(p, city) : 0;

		if (n > longest) {
			longest = n;
			*out = name;
		}
	}
	return longest;
}

static const struct tz *offset_zone(struct nl_pass *p, int minutes)
{
	char name[32];

	if (minutes == 0)
		return tz_utc();
	if (minutes % 60)
		return NULL;
	(void)snprintf(name, sizeof name, "Etc/GMT%+d", -minutes / 60);
	return tz_find(p->ask->zones, slice_of(name));
}

static const char *offset_hint(int minutes)
{
	for (unsigned i = 0; i < sizeof odd_offsets / sizeof odd_offsets[0]; i++)
		if (odd_offsets[i].minutes == minutes)
			return odd_offsets[i].hint;
	return "Name the time zone by its IANA name.";
}

/* Of "05:30", "5", "0530"; -1: none. */
static int offset_minutes(const struct nl_token *t)
{
	if (t->type == NT_CLOCK)
		return t->value < 0 ? -1 : t->value / 60;
	if (t->more <= 2)
		return t->value * 60;
	return t->more == 4 ? t->value / 100 * 60 + t->value % 100 : -1;
}

/* Behind "utc" or "gmt": "+2", "-05:30", "+0530". */
static enum nl_read read_offset(struct nl_pass *p, const struct tz **out)
{
	unsigned first = p->i;
	enum nl_type sign = nl_ahead(p, 0), value = nl_ahead(p, 1);

	if (!NL_ANY(sign, NT_PLUS, NT_DASH) || !NL_ANY(value, NT_NUMBER, NT_CLOCK))
		return NL_NOT;
	const struct nl_token *t = &p->tokens[p->i + 1];
	if (!t->is_glued || (sign == NT_DASH && !nl_now(p)->is_glued))
		return NL_NOT;
	p->i += 2;
	int minutes = offset_minutes(t);
	minutes = minutes > 0 && sign == NT_DASH ? -minutes : minutes;
	*out = minutes == -1 ? NULL : offset_zone(p, minutes);
	return *out ? NL_READ : nl_fault(p, WHEN_NL_TIMEZONE, first - 1, offset_hint(minutes));
}

static enum nl_read take_nick(struct nl_pass *p, const struct nick *nick, unsigned n,
			      const struct tz **out)
{
	enum nl_read r = NL_NOT;

	p->i += n;
	if (strcmp(nick->zone, "UTC") == 0 && (r = read_offset(p, out)) != NL_NOT)
		return r;
	*out = tz_find(p->ask->zones, slice_of(nick->zone));
	p->plan.zone_word = nick->words;
	if (strcmp(nick->zone, "UTC") != 0)
		nl_note(p, nick->others[0] ? NN_ZONE_AMBIGUOUS : NN_ZONE_NICK);
	memcpy(p->plan.zone_others, nick->others, sizeof nick->others);
	return NL_READ;
}

/* A zone at p->i; NL_NOT: none. */
static enum nl_read read_zone(struct nl_pass *p, const struct tz **out)
{
	const struct nick *nick = NULL;
	const char *city = NULL;
	unsigned by_nick, by_city;

	if (nl_ahead(p, 0) == NT_IANA) {
		*out = nl_now(p)->zone;
		p->i++;
		return NL_READ;
	}
	if (nl_ahead(p, 0) != NT_UNKNOWN && nl_ahead(p, 1) != NT_UNKNOWN)
		return NL_NOT;
	by_nick = find_nick(p, &nick);
	by_city = find_city(p, &city);
	if (by_nick == 0 && by_city == 0)
		return NL_NOT;
	if (by_nick >= by_city)
		return take_nick(p, nick, by_nick, out);
	p->i += by_city;
	*out = tz_find(p->ask->zones, slice_of(city));
	return NL_READ;
}

/* "mars time", "in atlantis": unknown words where only a zone can stand. */
static bool is_unknown_zone(const struct nl_pass *p, bool is_after_in)
{
	unsigned k = 0;

	while (k < NAME_WORDS_MAX && nl_ahead(p, k) == NT_UNKNOWN)
		k++;
	return k > 0 && (is_after_in || nl_ahead(p, k) == NT_TIME);
}

enum nl_read nl_zone(struct nl_pass *p)
{
	unsigned first = p->i;
	bool is_after_in = nl_take(p, NT_IN);
	const struct tz *zone = NULL;

	(void)nl_take(p, is_after_in ? NT_THE : NT_AT);
	enum nl_read r = read_zone(p, &zone);
	if (r == NL_NOT) {
		unsigned k = p->i;

		if (is_unknown_zone(p, is_after_in)) {
			for (p->i++; nl_ahead(p, 0) == NT_UNKNOWN;)
				p->i++;
			return nl_fault(p, WHEN_NL_TIMEZONE, k,
					"Name the time zone by its IANA name, as Europe/Berlin.");
		}
		p->i = first;
		return NL_NOT;
	}
	if (r == NL_FAULT)
		return r;
	if (!zone)
		return nl_fault(p, WHEN_NL_TIMEZONE, first, NULL);
	(void)nl_take(p, NT_STANDARD);
	(void)nl_take(p, NT_TIME);
	if (p->plan.zone && p->plan.zone != zone)
		return nl_fault(p, WHEN_NL_UNSUPPORTED, first, "Name one time zone.");
	p->plan.zone = zone;
	return NL_READ;
}
