/* Any bytes: an expression up to the first NUL, behind it JSON to ask. Byte 0 picks the environment. What compiles
 * must describe itself and answer twice the same; what does not must say where. */
#include "base/check.h"
#include "base/json.h"
#include "expr/expr.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct expr_name members[] = { { "items", EXPR_LIST, NULL },
					    { "name", EXPR_STRING, NULL },
					    { NULL, EXPR_DYN, NULL } };
static const struct expr_name names[] = { { "output", EXPR_MAP, members },
					  { "n", EXPR_INT, NULL },
					  { "ok", EXPR_BOOL, NULL },
					  { NULL, EXPR_DYN, NULL } };
static const struct expr_env envs[] = { { NULL, true }, { names, true }, { names, false } };

static void check_faults(const struct expr_faults *f, size_t n)
{
	ASSERT(f->n >= 1 && f->n <= EXPR_FAULTS_MAX);
	for (int i = 0; i < f->n; i++) {
		ASSERT(f->list[i].at <= n && f->list[i].len <= n - f->list[i].at);
		ASSERT(f->list[i].code[0] && f->list[i].message[0]);
	}
}

static void check_said(const struct expr *e, struct arena *a)
{
	struct slice reads[4];
	int n = expr_reads(e, reads, 4);

	ASSERT(expr_describe(e, a).n > 10);
	for (int i = 0; i < n; i++)
		ASSERT(reads[i].n > 0);
}

static void run(const struct expr *e, const struct expr_bind *binds, size_t n)
{
	struct expr_error error, again;
	enum expr_answer got = expr_test(e, binds, &error);

	ASSERT(got == expr_test(e, binds, &again));
	if (got != EXPR_FAILED)
		return;
	ASSERT(error.code[0] && error.at <= n && error.len <= n - error.at);
	ASSERT(error.message[0] && memchr(error.message, '\0', EXPR_MESSAGE_MAX) != NULL);
	ASSERT(strcmp(error.code, again.code) == 0 && error.at == again.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1, *nul;
	struct expr_faults faults;
	struct json_syntax wrong;
	const struct expr *e;
	struct slice source, json;
	struct arena *a;

	if (size < 2)
		return 0;
	nul = memchr(text, '\0', size - 1);
	source = (struct slice){ text, nul ? (size_t)(nul - text) : size - 1 };
	json = nul ? (struct slice){ nul + 1, size - 2 - source.n }
		   : SLICE_LIT("{\"items\":[1,\"a\"],\"n\":1}");
	a = arena_new();
	e = expr_compile(source, &envs[data[0] % 3], a, &faults);
	if (e)
		check_said(e, a);
	else
		check_faults(&faults, source.n);
	if (json_scan(json, &wrong)) {
		const struct expr_json *j = expr_json_index(json, a);
		struct expr_bind binds[] = { { "", j }, { "output", j }, { NULL, NULL } };

		if (e && j)
			run(e, binds, source.n);
	}
	arena_free(a);
	return 0;
}
