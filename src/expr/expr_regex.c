/* Patterns of matches(): the part of RE2's syntax that conditions need, compiled to a program for the matcher.
 *
 *	x  .  [a-z]  [^a-z]  [[:alpha:]]  \d \w \s \D \W \S  \b \B  ^ $ \A \z  xy  x|y  (x)  (?:x)  (?P<name>x)
 *	x*  x+  x?  x{n}  x{n,}  x{n,m}, each lazy with ?  (?i) (?s) (?m), for a group or the rest of one
 *	\n \t \r \f \v \a  \x41  \x{1F600}  \ before punctuation
 *
 * Not there: \p{..}, \C, \Q..\E, octal; back references and looking around, as in RE2. (?i) folds ASCII. */
#include "expr_regex_int.h"

#include "base/check.h"

enum { GROUPS_MAX = 32, REPEAT_MAX = 1000 };

static void alternatives(struct maker_re *m);

/* ---- the program ---- */

/* A split before what begins at `at`; its second way leads `y` further. */
static void insert_split(struct maker_re *m, unsigned where, unsigned y)
{
	(void)regex_emit(m, INST_SPLIT);
	if (m->wrong)
		return;
	memmove(&m->inst[where + 1], &m->inst[where], (m->n - 1 - where) * sizeof(m->inst[0]));
	m->inst[where] = (struct inst){ .op = INST_SPLIT, .x = 1, .y = (int16_t)y };
}

static void append(struct maker_re *m, unsigned from, unsigned n)
{
	for (unsigned i = 0; i < n && !m->wrong; i++) {
		struct inst copied = m->inst[from + i];

		*regex_emit(m, INST_MATCH) = copied;
	}
}

static void emit_split(struct maker_re *m, int x, int y)
{
	struct inst *i = regex_emit(m, INST_SPLIT);

	i->x = (int16_t)x;
	i->y = (int16_t)y;
}

/* ---- atoms ---- */

static void emit_char(struct maker_re *m, int c)
{
	struct inst *i = regex_emit(m, INST_CHAR);

	i->is_folded = m->flags.fold;
	i->c = i->is_folded ? fold(c) : c;
}

static void escape(struct maker_re *m)
{
	static const struct {
		char letter;
		enum inst_op op;
	} places[] = {
		{ 'b', INST_WORD }, { 'B', INST_NOT_WORD }, { 'A', INST_BEGIN }, { 'z', INST_END }
	};
	unsigned first = m->ranges_n;

	if (regex_letter(m)) {
		regex_end_class(m, first, false);
		return;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (regex_take(m, places[i].letter)) {
			(void)regex_emit(m, places[i].op);
			return;
		}
	emit_char(m, regex_escape(m));
}

/* Letters behind "(?"; true when a group follows, false when they are for the rest of this one. */
static bool read_flags(struct maker_re *m)
{
	while (m->p < m->end && !regex_at(m, ':') && !regex_at(m, ')')) {
		char c = *m->p++;

		m->flags.fold |= c == 'i';
		m->flags.dot_all |= c == 's';
		m->flags.lines |= c == 'm';
		if (!memchr("ism", c, 3))
			regex_fail(
				m,
				"After \"(?\" this pattern may have \":\", \"P<name>\" or the flags i, s, m.");
	}
	if (regex_take(m, ':'))
		return true;
	if (!regex_take(m, ')'))
		regex_fail(m, "This pattern has a \"(\" that is not closed.");
	return false;
}

static void skip_name(struct maker_re *m)
{
	while (m->p < m->end && *m->p != '>')
		m->p++;
	if (!regex_take(m, '>'))
		regex_fail(m, "This pattern has a name of a group that is not closed.");
}

static void group(struct maker_re *m)
{
	struct flags outer = m->flags;

	if (regex_at(m, '?') && m->end - m->p > 2 && m->p[1] == 'P' && m->p[2] == '<') {
		m->p += 3;
		skip_name(m);
	} else if (regex_take(m, '?') && !read_flags(m)) {
		return;
	}
	if (++m->depth > GROUPS_MAX)
		regex_fail(m, "The pattern is nested too deeply.");
	alternatives(m);
	m->depth--;
	m->flags = outer;
	if (!regex_take(m, ')'))
		regex_fail(m, "This pattern has a \"(\" that is not closed.");
}

static void dot(struct maker_re *m)
{
	unsigned first = m->ranges_n;

	if (!m->flags.dot_all)
		regex_range(m, '\n', '\n');
	regex_end_class(m, first, true);
}

static void atom(struct maker_re *m)
{
	if (regex_take(m, '('))
		group(m);
	else if (regex_take(m, '['))
		regex_class(m);
	else if (regex_take(m, '\\'))
		escape(m);
	else if (regex_take(m, '.'))
		dot(m);
	else if (regex_take(m, '^'))
		(void)regex_emit(m, m->flags.lines ? INST_LINE_BEGIN : INST_BEGIN);
	else if (regex_take(m, '$'))
		(void)regex_emit(m, m->flags.lines ? INST_LINE_END : INST_END);
	else if (regex_at(m, '*') || regex_at(m, '+') || regex_at(m, '?'))
		regex_fail(
			m,
			"This pattern repeats nothing: \"*\", \"+\" or \"?\" follows no character.");
	else
		emit_char(m, regex_char(m));
}

/* ---- repetition ---- */

static bool read_count(struct maker_re *m, int *out)
{
	int n = 0, digits = 0;

	for (; m->p < m->end && *m->p >= '0' && *m->p <= '9'; m->p++, digits++)
		n = n > REPEAT_MAX ? n : n * 10 + (*m->p - '0');
	*out = n;
	return digits > 0;
}

/* {n}, {n,}, {n,m}. False, and nothing taken: it is a plain brace. */
static bool read_counts(struct maker_re *m, int *out_least, int *out_most)
{
	const char *start = m->p;

	if (regex_take(m, '{') && read_count(m, out_least)) {
		*out_most = *out_least;
		if (regex_take(m, ',') && !read_count(m, out_most))
			*out_most = -1;
		if (regex_take(m, '}')) {
			if (*out_least > REPEAT_MAX || *out_most > REPEAT_MAX
			    || (*out_most >= 0 && *out_most < *out_least))
				regex_fail(
					m,
					"This pattern repeats something by counts that make no sense or exceed 1000.");
			return true;
		}
	}
	m->p = start;
	return false;
}

/* What begins at `from` is there once; now `least` to `most` times (-1: any number). */
static void repeat(struct maker_re *m, unsigned from, int least, int most)
{
	unsigned n = m->n - from;

	if (most == 0) {
		m->n = from;
		return;
	}
	for (int i = 1; i < least && !m->wrong; i++)
		append(m, from, n);
	if (most < 0 && least > 0) {
		emit_split(m, -(int)n, 1);
	} else if (most < 0) {
		insert_split(m, from, n + 2);
		regex_emit(m, INST_JUMP)->x = (int16_t) - (int)(n + 1);
	} else if (least == 0) {
		insert_split(m, from, n + 1);
		from++;
		least = 1;
	}
	for (int i = least; i < most && !m->wrong; i++) {
		emit_split(m, 1, (int)n + 1);
		append(m, from, n);
	}
}

static void piece(struct maker_re *m)
{
	unsigned from = m->n;
	int least = 0, most = -1;
	bool is_repeated = true;

	atom(m);
	if (regex_take(m, '+'))
		least = 1;
	else if (regex_take(m, '?'))
		most = 1;
	else if (!regex_take(m, '*'))
		is_repeated = read_counts(m, &least, &most);
	if (!is_repeated || m->wrong)
		return;
	repeat(m, from, least, most);
	(void)regex_take(m, '?'); /* lazy or not, it matches the same strings */
	if (regex_at(m, '*') || regex_at(m, '+') || regex_at(m, '?'))
		regex_fail(m, "This pattern repeats a repetition.");
}

/* x|y|z: a split to each, and behind each but the last a jump to the end; till that is known, the jumps
 * are a chain. */
static void alternatives(struct maker_re *m)
{
	int chain = -1;

	for (;;) {
		unsigned from = m->n;

		while (m->p < m->end && !regex_at(m, '|') && !regex_at(m, ')'))
			piece(m);
		if (m->wrong || !regex_take(m, '|'))
			break;
		insert_split(m, from, m->n - from + 2);
		regex_emit(m, INST_JUMP)->x = (int16_t)chain;
		chain = (int)m->n - 1;
	}
	while (chain >= 0 && !m->wrong) {
		int before = m->inst[chain].x;

		m->inst[chain].x = (int16_t)((int)m->n - chain);
		chain = before;
	}
}

/* ---- the whole ---- */

bool inst_takes(const struct regex *re, const struct inst *i, int c)
{
	const struct range *r = &re->ranges[i->first];
	int other = i->is_folded && fold(c) >= 'a' && fold(c) <= 'z' ? c ^ 0x20 : c;

	if (i->op == INST_CHAR)
		return (i->is_folded ? fold(c) : c) == i->c;
	for (unsigned k = 0; k < i->ranges; k++)
		if ((c >= r[k].first && c <= r[k].last)
		    || (other >= r[k].first && other <= r[k].last))
			return !i->is_negated;
	return i->is_negated;
}

/* The characters this one takes; a class is looked at once, however often it is repeated. */
static void add_first(struct regex *re, const struct inst *i, bool *class_seen)
{
	if (i->op == INST_CLASS && i->ranges > 0) {
		if (class_seen[i->first])
			return;
		class_seen[i->first] = true;
	}
	for (int c = 0; c < 128; c++)
		re->first[c] |= inst_takes(re, i, c);
	re->first[128] |= i->op == INST_CLASS || i->c >= 128;
}

/* With which characters can a match begin? Places are passed as if they held. */
static void find_first(struct regex *re)
{
	bool seen[INST_MAX] = { false }, class_seen[RANGES_MAX] = { false };
	uint16_t todo[2 * INST_MAX];
	unsigned n = 0;

	re->has_first = true;
	todo[n++] = 0;
	while (n > 0) {
		unsigned pc = todo[--n];
		const struct inst *i = &re->inst[pc];

		if (seen[pc])
			continue;
		seen[pc] = true;
		if (i->op == INST_MATCH)
			re->has_first = false;
		else if (i->op <= INST_CLASS)
			add_first(re, i, class_seen);
		else
			todo[n++] = (uint16_t)((int)pc + (i->op <= INST_JUMP ? i->x : 1));
		if (i->op == INST_SPLIT)
			todo[n++] = (uint16_t)((int)pc + i->y);
	}
}

const struct regex *regex_compile(struct slice pattern, struct arena *a, const char **out_message)
{
	struct maker_re m;
	struct inst *inst;
	struct range *ranges;
	struct regex *re;

	m = (struct maker_re){ .p = pattern.p, .end = pattern.p + pattern.n };
	alternatives(&m);
	if (regex_at(&m, ')'))
		regex_fail(&m, "This pattern has a \")\" that was not opened.");
	(void)regex_emit(&m, INST_MATCH);
	if (m.wrong) {
		*out_message = m.wrong;
		return NULL;
	}
	re = arena_make(a, struct regex);
	inst = arena_array(a, struct inst, m.n);
	ranges = arena_array(a, struct range, m.ranges_n + 1);
	memcpy(inst, m.inst, m.n * sizeof(*inst));
	memcpy(ranges, m.ranges, m.ranges_n * sizeof(*ranges));
	re->n = m.n;
	re->inst = inst;
	re->ranges = ranges;
	re->is_anchored = m.inst[0].op == INST_BEGIN;
	find_first(re);
	return re;
}
