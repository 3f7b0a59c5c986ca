#include "store/house.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "sql.h"
#include "when/stamp.h"

/* 1970-01-05, the first Monday. */
#define FIRST_MONDAY (4 * DAY)

static const char *const parents[PARTITION_PARENTS] = { "run_history", "attempt", "run_output" };

usec_t store_partition_start(usec_t at)
{
	usec_t since = at - FIRST_MONDAY;
	usec_t weeks = since >= 0 ? since / PARTITION_SPAN
				  : (since - PARTITION_SPAN + 1) / PARTITION_SPAN;

	return FIRST_MONDAY + weeks * PARTITION_SPAN;
}

void store_partition_list(struct db_unit *u)
{
	q_partition_list(u);
}

/* run_history_w2955 is the 2,955th week since the first Monday of 1970. */
static char *name_of(struct arena *a, const char *parent, usec_t from)
{
	return arena_printf(a, "%s_w%lld", parent,
			    (long long)((from - FIRST_MONDAY) / PARTITION_SPAN));
}

/* "run_history_w2955": parent and first instant. */
static bool read_name(struct slice name, struct partition *out)
{
	char digits[16];

	for (int i = 0; i < PARTITION_PARENTS; i++) {
		size_t n = strlen(parents[i]) + 2;

		if (name.n <= n || name.n - n >= sizeof digits
		    || memcmp(name.p, parents[i], n - 2) != 0)
			continue;
		memcpy(digits, name.p + n, name.n - n);
		digits[name.n - n] = 0;
		out->parent = i;
		out->from = FIRST_MONDAY + strtoll(digits, NULL, 10) * PARTITION_SPAN;
		return true;
	}
	return false;
}

size_t store_partitions(const struct db_unit *u, int stmt, struct partition **out)
{
	const struct db_rows *rows = db_rows(u, stmt);
	int n = db_rows_count(rows);
	struct partition *list = arena_array(u->arena, struct partition, (size_t)n);
	size_t kept = 0;

	for (int i = 0; i < n; i++) {
		struct q_partition_list_row r;

		q_partition_list_read(rows, i, &r);
		list[kept].name = r.name;
		list[kept].attached = r.attached;
		kept += read_name(r.name, &list[kept]);
	}
	*out = list;
	return kept;
}

/* A DDL text with its $words filled in. All the values are made here, none comes from a caller. */
static void ddl(struct db_unit *u, const char *text, const char *const *words)
{
	struct strbuf out;

	strbuf_init(&out, 4096);
	while (*text) {
		size_t i = 0;

		for (; words[i]; i += 2)
			if (*text == '$' && strncmp(text + 1, words[i], strlen(words[i])) == 0)
				break;
		if (words[i]) {
			strbuf_adds(&out, words[i + 1]);
			text += 1 + strlen(words[i]);
		} else {
			strbuf_addc(&out, *text++);
		}
	}
	db_text(u, out.p);
	strbuf_release(&out);
}

void store_partitions_create(struct db_unit *u, usec_t from)
{
	char first[STAMP_MAX], last[STAMP_MAX];

	stamp_print(from, first);
	stamp_print(from + PARTITION_SPAN, last);
	for (int i = 0; i < PARTITION_PARENTS; i++) {
		const char *words[] = { "name",   name_of(u->arena, parents[i], from),
					"parent", parents[i],
					"from",   first,
					"to",     last,
					NULL };

		ddl(u, ddl_partition_create, words);
	}
}

static const char *const *words_of(struct db_unit *u, const struct partition *p)
{
	const char **words = arena_array(u->arena, const char *, 5);

	words[0] = "name";
	words[1] = arena_dup(u->arena, p->name.p, p->name.n);
	words[2] = "parent";
	words[3] = parents[p->parent];
	return words;
}

void store_partition_detach(struct db_unit *u, const struct partition *p)
{
	ddl(u, ddl_partition_detach, words_of(u, p));
}

void store_partition_drop(struct db_unit *u, const struct partition *p)
{
	if (p->parent == 0)
		ddl(u, ddl_partition_forget, words_of(u, p));
	ddl(u, ddl_partition_drop, words_of(u, p));
}

void store_discard_plans(struct db_unit *u)
{
	db_text(u, ddl_discard_plans);
}

void store_forget(struct db_unit *u, usec_t before, usec_t totals_before, int32_t most)
{
	q_occurrence_forget(u, &(struct q_occurrence_forget){ .before = before, .most = most });
	q_run_key_forget(u, &(struct q_run_key_forget){ .before = before, .most = most });
	q_message_forget(u, &(struct q_message_forget){ .before = before, .most = most });
	q_chain_run_forget(u, &(struct q_chain_run_forget){ .before = before, .most = most });
	q_rollup_forget(u, &(struct q_rollup_forget){ .before = totals_before, .most = most });
	q_rollup_duration_forget(
		u, &(struct q_rollup_duration_forget){ .before = totals_before, .most = most });
	q_activity_forget(u, &(struct q_activity_forget){ .before = totals_before, .most = most });
	q_key_forget(u, &(struct q_key_forget){ .before = before, .most = most });
	q_skip_forget(u, &(struct q_skip_forget){ .before = before });
}

#define FORGETS 8 /* statements of store_forget() that say how many */

bool store_forgot_all(const struct db_unit *u, int stmt, int32_t most)
{
	for (int i = 0; i < FORGETS; i++) {
		struct q_occurrence_forget_row r; /* they all have the one column */

		q_occurrence_forget_read(db_rows(u, stmt + i), 0, &r);
		if (r.gone >= most)
			return false;
	}
	return true;
}
