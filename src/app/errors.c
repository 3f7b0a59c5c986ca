/* The tables of codes as people read them: by kind, each in the order of its words. */
#include "app/errors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/code.h"
#include "base/err.h"
#include "http/route.h"
#include "when/when_err.h"

struct row {
	int status; /* 0: none */
	const char *word, *where, *meaning, *todo;
};

enum { ROWS_MAX = 256 };

struct rows {
	struct row list[ROWS_MAX];
	size_t n;
};

static void add(struct rows *to, const struct row *row)
{
	ASSERT(to->n < ROWS_MAX);
	to->list[to->n++] = *row;
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->status != y->status ? x->status - y->status : strcmp(x->word, y->word);
}

/* --- what there is --- */

static void take_requests(unsigned kind, struct rows *out)
{
	static const struct {
		enum err err;
		const char *word, *meaning, *where, *todo;
	} all[] = {
#define X(name, class, code, text, where, todo) { ERR_##name, code, text, where, todo },
#include "base/err.def"
#undef X
	};

	(void)kind;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		add(out, &(struct row){ reply_status(all[i].err), all[i].word, all[i].where,
					all[i].meaning, all[i].todo });
}

static void take_times(unsigned kind, struct rows *out)
{
	(void)kind;
	for (enum when_err e = WHEN_OK + 1; e < WHEN_ERR_COUNT; e++)
		add(out,
		    &(struct row){ 0, when_err_name(e), NULL, when_err_text(e), when_err_hint(e) });
}

static void take_codes(unsigned kind, struct rows *out)
{
	const struct code *c;

	for (size_t i = 0; (c = code_at(i)); i++)
		if (c->kinds & kind)
			add(out, &(struct row){ 0, c->word, c->where, c->meaning, c->todo });
}

static const struct section {
	const char *title;
	void (*take)(unsigned kind, struct rows *out);
	unsigned kind;
} sections[] = {
	{ "Requests that are refused as a whole: `code` of the answer", take_requests, 0 },
	{ "Values that are refused: `code` in `errors`, below `/api/scheduler` in `details`",
	  take_codes, CODE_FIELD },
	{ "The same, of whatever names a time", take_times, 0 },
	{ "Schedules that are good all the same: `code` in `warnings` of `validate`, the previews and "
	  "`carillon cron`",
	  take_codes, CODE_WARNING },
	{ "Occurrences that got no task: `reason` under `/skips`", take_codes, CODE_RANGE },
	{ "Runs and tasks that were skipped, cancelled, expired, or failed for good: `reason`",
	  take_codes, CODE_RUN },
	{ "Attempts that failed: `error` of the attempt, `error_code` of a job's run", take_codes,
	  CODE_ATTEMPT },
	{ "Messages to channels that were not sent: `reason` of `delivery`, `error` of a test, "
	  "`problem` of credentials; else the platform's own word",
	  take_codes, CODE_MESSAGE },
};

/* --- how it is printed --- */

static void print_markdown(const struct section *s, const struct rows *rows)
{
	const char *status = rows->list[0].status ? "| status " : "";
	const char *where = rows->list[0].where ? "| where " : "";

	(void)printf("**%s**\n\n%s| code %s| meaning | what to do |\n", s->title, status, where);
	(void)printf("%s|---%s|---|---|\n", *status ? "|---" : "", *where ? "|---" : "");
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->list[i];

		if (r->status)
			(void)printf("| %d ", r->status);
		(void)printf("| `%s` |", r->word);
		if (r->where)
			(void)printf(" %s |", r->where);
		(void)printf(" %s | %s |\n", r->meaning, r->todo);
	}
	(void)puts("");
}

static void print_plain(const struct section *s, const struct rows *rows)
{
	(void)printf("%s\n\n", s->title);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->list[i];

		(void)printf("  %s", r->word);
		if (r->status)
			(void)printf("  %d", r->status);
		if (r->where)
			(void)printf("  (%s)", r->where);
		(void)printf("\n    %s\n    %s\n", r->meaning, r->todo);
	}
	(void)puts("");
}

int errors_run(int argc, char **argv)
{
	bool is_markdown = argc == 1 && strcmp(argv[0], "--markdown") == 0;

	if (argc > 0 && !is_markdown) {
		(void)fprintf(stderr, "carillon: unknown argument %s; see `carillon help`\n",
			      argv[0]);
		return 2;
	}
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		struct rows rows = { .n = 0 };

		sections[i].take(sections[i].kind, &rows);
		qsort(rows.list, rows.n, sizeof(rows.list[0]), compare);
		if (is_markdown)
			print_markdown(&sections[i], &rows);
		else
			print_plain(&sections[i], &rows);
	}
	return 0;
}
