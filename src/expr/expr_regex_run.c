/* The matcher: all states at once, character by character (Thompson, Pike), so the time is at most the length of
 * the text times the size of the program; each state visited is charged. */
#include "expr_regex_int.h"

struct search {
	const struct regex *re;
	unsigned n, next_n, visits;
	bool is_found;
	int before, c;           /* the characters around the place; -1: none */
	uint16_t set[INST_MAX];  /* consuming instructions that are reached here */
	uint16_t next[INST_MAX]; /* where they lead */
	uint16_t todo[INST_MAX * 2];
	uint32_t mark[INST_MAX]; /* reached at the place of this number */
	uint32_t place;
};

static bool is_word(int c)
{
	return (fold(c) >= 'a' && fold(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool holds(const struct search *s, unsigned op)
{
	switch (op) {
	case INST_BEGIN:
		return s->before < 0;
	case INST_END:
		return s->c < 0;
	case INST_LINE_BEGIN:
		return s->before < 0 || s->before == '\n';
	case INST_LINE_END:
		return s->c < 0 || s->c == '\n';
	default:
		return (is_word(s->before) != is_word(s->c)) == (op == INST_WORD);
	}
}

/* Everything that is reached from pc without a character. */
static void reach(struct search *s, unsigned pc)
{
	unsigned n = 0;

	s->todo[n++] = (uint16_t)pc;
	while (n > 0) {
		const struct inst *i;

		pc = s->todo[--n];
		i = &s->re->inst[pc];
		s->visits++;
		if (s->mark[pc] == s->place)
			continue;
		s->mark[pc] = s->place;
		if (i->op <= INST_CLASS)
			s->set[s->n++] = (uint16_t)pc;
		else if (i->op == INST_MATCH)
			s->is_found = true;
		else if (i->op == INST_SPLIT || i->op == INST_JUMP)
			s->todo[n++] = (uint16_t)((int)pc + i->x);
		else if (holds(s, i->op))
			s->todo[n++] = (uint16_t)(pc + 1);
		if (i->op == INST_SPLIT)
			s->todo[n++] = (uint16_t)((int)pc + i->y);
	}
}

/* Nothing is under way: on to a character with which something may begin. */
static unsigned skip(struct search *s, struct text_reader *r)
{
	const bool *first = s->re->first;
	unsigned n = 0;

	while (s->c >= 0 && !first[s->c < 128 ? s->c : 128]) {
		s->before = s->c;
		s->c = text_char(r);
		n++;
	}
	return n;
}

/* One place in the text: what is reached, and where its character leads. */
static void step(struct search *s)
{
	s->place++;
	s->n = 0;
	for (unsigned i = 0; i < s->next_n; i++)
		reach(s, s->next[i]);
	if (!s->re->is_anchored || s->before < 0)
		reach(s, 0);
	s->next_n = 0;
	for (unsigned i = 0; i < s->n && s->c >= 0; i++) {
		const struct inst *inst = &s->re->inst[s->set[i]];

		s->visits += 1 + inst->ranges / 4u;
		if (inst_takes(s->re, inst, s->c))
			s->next[s->next_n++] = (uint16_t)(s->set[i] + 1);
	}
}

bool regex_search(struct machine *m, const struct regex *re, struct text t, bool *out_found)
{
	struct text_reader r = text_open(t);
	struct search s;
	unsigned skipped, skip_cost = 2u << t.is_escaped;

	s.re = re;
	s.next_n = s.place = 0;
	s.is_found = false;
	memset(s.mark, 0, re->n * sizeof(s.mark[0]));
	s.before = -1;
	s.c = text_char(&r);
	for (;;) {
		skipped = s.next_n == 0 && re->has_first && !re->is_anchored ? skip(&s, &r) : 0;
		s.visits = 1;
		step(&s);
		if (!machine_spend(m, (size_t)s.visits * COST_STATE + (size_t)skipped * skip_cost))
			return false;
		if (s.is_found || s.c < 0 || (re->is_anchored && s.next_n == 0))
			break;
		s.before = s.c;
		s.c = text_char(&r);
	}
	*out_found = s.is_found;
	return true;
}
