/* A compiled pattern: shared by its compiler and its matcher. Private to src/expr. */
#ifndef EXPR_EXPR_REGEX_INT_H
#define EXPR_EXPR_REGEX_INT_H

#include "expr_int.h"

enum { INST_MAX = 1000, RANGES_MAX = 1000, CODE_MAX = 0x10ffff };

enum inst_op {
	INST_CHAR, INST_CLASS, INST_SPLIT, INST_JUMP, INST_BEGIN, INST_END, INST_LINE_BEGIN, INST_LINE_END, INST_WORD,
	INST_NOT_WORD, INST_MATCH
};
/* Jumps are relative, so that a piece of program can be copied and moved. */
struct inst {
	unsigned char op;
	bool is_folded, is_negated;
	int16_t x, y;           /* a split's ways, a jump's */
	uint16_t first, ranges; /* a class's ranges */
	int c;                  /* a character, small if is_folded */
};
struct range {
	int first, last;
};
struct regex {
	const struct inst *inst;
	const struct range *ranges;
	unsigned n;
	bool is_anchored; /* can only begin at the beginning */
	bool has_first;   /* first[] holds: a match begins with one of these characters */
	bool first[129];  /* ASCII, and any other */
};

static inline int fold(int c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}
/* What compiling works with. */
struct flags {
	bool fold, dot_all, lines;
};
struct maker_re {
	const char *p, *end;
	const char *wrong; /* the first reason, or NULL */
	struct flags flags;
	int depth;
	unsigned n, ranges_n;
	struct inst inst[INST_MAX];
	struct range ranges[RANGES_MAX];
};

static inline bool regex_at(const struct maker_re *m, char c)
{
	return m->p < m->end && *m->p == c;
}

static inline bool regex_take(struct maker_re *m, char c)
{
	if (!regex_at(m, c))
		return false;
	m->p++;
	return true;
}

void regex_fail(struct maker_re *m, const char *why); /* the first reason counts */
struct inst *regex_emit(struct maker_re *m, enum inst_op op);
void regex_range(struct maker_re *m, int first, int last);
int regex_char(struct maker_re *m);    /* the next one, as it is */
int regex_escape(struct maker_re *m);  /* a character, behind the backslash */
bool regex_letter(struct maker_re *m); /* \d and its like, behind the backslash, as ranges */
void regex_class(struct maker_re *m);  /* behind the "[" */
/* An instruction of the ranges from `first` on. */
void regex_end_class(struct maker_re *m, unsigned first, bool is_negated);

bool inst_takes(const struct regex *re, const struct inst *i, int c);

#endif
