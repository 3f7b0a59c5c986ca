/* The table of phrases: what each one means, word for word, or with which code it is refused. */
#include "when/nl.h"
#include "when/stamp.h"

#include <check.h>
#include <stdio.h>

static struct tz_db *zones;
static struct arena *arena;

static void all_open(void)
{
	zones = tz_db_new(NULL);
	arena = arena_new();
}

static void all_close(void)
{
	arena_free(arena);
	tz_db_free(zones);
}

enum { COLUMNS = 7 };

/* Splits at tabs; missing ones are empty. */
static void split(char *line, const char *out[COLUMNS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		out[i] = line;
		line += strcspn(line, "\t");
		if (*line)
			*line++ = '\0';
	}
}

static void print_end(const char *name, usec_t at, char *out, size_t room)
{
	char stamp[STAMP_MAX];

	if (at == USEC_NEVER)
		return;
	(void)stamp_print(at, stamp);
	(void)snprintf(out + strlen(out), room - strlen(out), " %s=%s", name, stamp);
}

/* "kind TAB text TAB zone TAB confidence start= end= other=", as the table has it. */
static void print_answer(const struct nl_answer *a, char *out, size_t room)
{
	const struct nl_reading *r = &a->first;

	(void)snprintf(out, room, "%s\t%.*s\t%.*s\t%d", spec_kind_name(r->kind), SLICE_ARG(r->text),
		       SLICE_ARG(r->zone), a->confidence);
	print_end("start", r->start_at, out, room);
	print_end("end", r->end_at, out, room);
	for (unsigned i = 0; i < a->others_n; i++)
		(void)snprintf(out + strlen(out), room - strlen(out), " other=%.*s@%.*s",
			       SLICE_ARG(a->others[i].text), SLICE_ARG(a->others[i].zone));
	for (char *c = strchr(out, '\n'); c; c = strchr(c, '\n'))
		*c = '|';
}

static void check_row(const char *const row[COLUMNS])
{
	struct nl_ask ask = { .zones = zones,
			      .zone = tz_find(zones, slice_of(row[2])),
			      .arena = arena };
	struct nl_answer a;
	struct when_fault f = { .err = WHEN_OK };
	char got[2048], want[2048];

	ck_assert(ask.zone && !stamp_parse(slice_of(row[1]), &ask.now));
	enum when_err e = nl_parse(&ask, slice_of(row[0]), &a, &f);
	if (e)
		(void)snprintf(got, sizeof got, "%s\t\t\t%u,%u", when_err_name(e), f.at, f.len);
	else
		print_answer(&a, got, sizeof got);
	(void)snprintf(want, sizeof want, "%s\t%s\t%s\t%s", row[3], row[4], row[5], row[6]);
	ck_assert_msg(strcmp(got, want) == 0, "%s\n\tis   %s\n\twant %s", row[0], got, want);
	arena_reset(arena);
}

START_TEST(phrases)
{
	FILE *f = fopen("tests/data/nl_phrases.tsv", "r");
	char line[2048];
	unsigned rows = 0;

	ck_assert_msg(f != NULL, "run from the root of the tree");
	while (fgets(line, sizeof line, f)) {
		const char *row[COLUMNS];

		if (line[0] == '#')
			continue;
		split(line, row);
		check_row(row);
		rows++;
	}
	(void)fclose(f);
	ck_assert_uint_ge(rows, 350);
}
END_TEST

Suite *suite_nl_phrases(void)
{
	Suite *s = suite_create("nl_phrases");
	TCase *tc = tcase_create("nl_phrases");

	tcase_add_unchecked_fixture(tc, all_open, all_close);
	tcase_add_test(tc, phrases);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(s, tc);
	return s;
}
