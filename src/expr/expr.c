/* The way in: text to a checked expression. */
#include "expr_int.h"

#include <stdarg.h>
#include <stdio.h>

void expr_fault(const struct maker *m, const char *code, struct span where, const char *fmt, ...)
{
	char text[512];
	va_list list;
	int n;

	if (m->faults->n == EXPR_FAULTS_MAX)
		return;
	va_start(list, fmt);
	n = vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	if (n >= (int)sizeof(text))
		n = (int)sizeof(text) - 1;
	m->faults->list[m->faults->n++] = (struct expr_fault){
		code, arena_dup(m->arena, text, n > 0 ? (size_t)n : 0), where.at, where.len
	};
}

/* The first byte that is not part of a UTF-8 character, or NUL; text.n: none. */
static unsigned first_bad(struct slice text)
{
	size_t i = 0;

	while (i < text.n) {
		unsigned bytes = utf8_length(text.p + i, text.p + text.n);

		if (bytes == 0 || text.p[i] == '\0')
			break;
		i += bytes;
	}
	return (unsigned)i;
}

const struct expr *expr_compile(struct slice text, const struct expr_env *env, struct arena *a,
				struct expr_faults *out_faults)
{
	struct maker m = { NULL, a, env, out_faults };
	struct span where = { 0, 0 };

	out_faults->n = 0;
	if (text.n > EXPR_TEXT_MAX) {
		where = (struct span){ EXPR_TEXT_MAX, (unsigned)(text.n - EXPR_TEXT_MAX) };
		expr_fault(&m, "too_long", where,
			   "An expression has at most %d bytes; this one has %zu.", EXPR_TEXT_MAX,
			   text.n);
		return NULL;
	}
	where = (struct span){ first_bad(text), 1 };
	if (where.at < text.n) {
		expr_fault(&m, "unexpected_character", where,
			   "This byte is not part of a UTF-8 text.");
		return NULL;
	}
	m.e = arena_make(a, struct expr);
	m.e->text = (struct slice){ arena_dup(a, text.n ? text.p : "", text.n), text.n };
	if (!expr_parse(&m)) {
		out_faults->n = 1; /* what follows from it is no news */
		return NULL;
	}
	expr_check(&m);
	if (out_faults->n)
		return NULL;
	expr_find_reads(m.e, a);
	return m.e;
}
