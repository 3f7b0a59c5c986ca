/* Chains as graphs: what is wrong with one, and what follows from what has happened, row by row. A node is a letter, an
 * edge is two of them with > on_success, ! on_failure, = on_complete between: "a>b a!c". */
#include <check.h>
#include <string.h>

#include "core/dag.h"

static struct dag_edge edges[DAG_EDGES_MAX];

static struct dag read_dag(int nodes, const char *text)
{
	struct dag d = { nodes, 0, edges };

	for (; *text; text += text[3] ? 4 : 3)
		edges[d.edges_n++] = (struct dag_edge){ (int16_t)(text[0] - 'a'),
							(int16_t)(text[2] - 'a'),
							(int16_t)(strchr(">!=", text[1]) - ">!=") };
	return d;
}

static const struct fault_row {
	int line, nodes;
	const char *edges;
	enum dag_fault fault;
	const char *at; /* one of these edges */
} fault_rows[] = {
	{ __LINE__, 1, "", DAG_FINE, "" },
	{ __LINE__, 3, "a>b b>c a!c", DAG_FINE, "" },
	{ __LINE__, 2, "a>b a!b", DAG_FINE, "" },
	{ __LINE__, 4, "a>b a>c b>d c>d", DAG_FINE, "" },
	{ __LINE__, 2, "a>b b=b", DAG_SELF_EDGE, "b=b" },
	{ __LINE__, 3, "a>b a!b a>c a>b", DAG_DUPLICATE_EDGE, "a>b" },
	{ __LINE__, 2, "a>b b>a", DAG_CYCLE, "a>b b>a" },
	{ __LINE__, 3, "a>b b!c c=a", DAG_CYCLE, "a>b b!c c=a" },
	/* what only leads to the cycle or out of it is not its fault */
	{ __LINE__, 5, "a>b b>c c>b c>d d>e", DAG_CYCLE, "b>c c>b" },
	{ __LINE__, 6, "a>b c>d d>e e>c e>f", DAG_CYCLE, "c>d d>e e>c" },
};

START_TEST(faults)
{
	const struct fault_row *r = &fault_rows[_i];
	struct dag d = read_dag(r->nodes, r->edges);
	int edge = -2;

	ck_assert_msg(dag_check(&d, &edge) == r->fault, "line %d", r->line);
	if (r->fault == DAG_FINE) {
		ck_assert_int_eq(edge, -1);
	} else {
		char word[] = { (char)('a' + edges[edge].from), ">!="[edges[edge].type],
				(char)('a' + edges[edge].to), '\0' };

		ck_assert_msg(strstr(r->at, word) != NULL, "line %d: %s", r->line, word);
	}
}
END_TEST

/* States by letter: . waits, r runs, c completed, f failed, x cancelled, s skipped, - left out. */
static const char letters[] = ".rcfxs-";

static const struct step_row {
	int line;
	const char *edges, *before, *after, *starts;
} step_rows[] = {
	/* one edge of each kind, each end */
	{ __LINE__, "a>b", "r.", "r.", "" },
	{ __LINE__, "a>b", "c.", "cr", "b" },
	{ __LINE__, "a>b", "f.", "f-", "" },
	{ __LINE__, "a>b", "x.", "x-", "" },
	{ __LINE__, "a>b", "s.", "s-", "" },
	{ __LINE__, "a!b", "r.", "r.", "" },
	{ __LINE__, "a!b", "c.", "c-", "" },
	{ __LINE__, "a!b", "f.", "fr", "b" },
	{ __LINE__, "a!b", "x.", "x-", "" },
	{ __LINE__, "a!b", "s.", "s-", "" },
	{ __LINE__, "a=b", "r.", "r.", "" },
	{ __LINE__, "a=b", "c.", "cr", "b" },
	{ __LINE__, "a=b", "f.", "fr", "b" },
	{ __LINE__, "a=b", "x.", "xr", "b" },
	{ __LINE__, "a=b", "s.", "sr", "b" },
	{ __LINE__, "a=b", "-.", "-r", "b" },
	/* a root is not started here, nor is anything twice */
	{ __LINE__, "a>b", "..", "..", "" },
	{ __LINE__, "a>b", "cr", "cr", "" },
	{ __LINE__, "a>b", "cc", "cc", "" },
	/* all on_success; any on_failure; all on_complete */
	{ __LINE__, "a>c b>c", "cr.", "cr.", "" },
	{ __LINE__, "a>c b>c", "cc.", "ccr", "c" },
	{ __LINE__, "a>c b>c", "cf.", "cf-", "" },
	{ __LINE__, "a>c b>c", "rf.", "rf-", "" },
	{ __LINE__, "a!c b!c", "rf.", "rfr", "c" },
	{ __LINE__, "a!c b!c", "rc.", "rc.", "" },
	{ __LINE__, "a!c b!c", "cc.", "cc-", "" },
	{ __LINE__, "a=c b=c", "fr.", "fr.", "" },
	{ __LINE__, "a=c b=c", "fx.", "fxr", "c" },
	/* each kind is one way in, and one that is met is enough */
	{ __LINE__, "a>c b!c", "c..", "c.r", "c" },
	{ __LINE__, "a>c b!c", "rf.", "rfr", "c" },
	{ __LINE__, "a>c b!c", "fr.", "fr.", "" },
	{ __LINE__, "a>c b!c", "fc.", "fc-", "" },
	{ __LINE__, "a>c b=c", "f..", "f..", "" },
	{ __LINE__, "a>c b=c", "fs.", "fsr", "c" },
	{ __LINE__, "a>b a!b", "f.", "fr", "b" },
	{ __LINE__, "a>b a!b", "x.", "x-", "" },
	/* left out is an end for the next, in whichever order they stand */
	{ __LINE__, "a>b b>c c>d", "f...", "f---", "" },
	{ __LINE__, "a>b b=c", "f..", "f-r", "c" },
	{ __LINE__, "d>c c>b b=a", "...f", "r--f", "a" },
	{ __LINE__, "a>b b!c", "f..", "f--", "" },
	/* the seed's: fetch, transform, store */
	{ __LINE__, "a>b b>c a!c", "c..", "cr.", "b" },
	{ __LINE__, "a>b b>c a!c", "cc.", "ccr", "c" },
	{ __LINE__, "a>b b>c a!c", "f..", "f-r", "c" },
	/* many at once */
	{ __LINE__, "a>b a>c a>d", "c...", "crrr", "bcd" },
};

static void read_states(const char *text, enum node_state *out)
{
	for (int i = 0; text[i]; i++)
		out[i] = (enum node_state)(strchr(letters, text[i]) - letters);
}

START_TEST(steps)
{
	const struct step_row *r = &step_rows[_i];
	struct dag d = read_dag((int)strlen(r->before), r->edges);
	enum node_state states[8];
	int16_t starts[DAG_NODES_MAX];
	int n;

	read_states(r->before, states);
	n = dag_step(&d, states, starts);
	for (int i = 0; i < d.nodes_n; i++)
		ck_assert_msg(letters[states[i]] == r->after[i], "line %d: node %c is %c", r->line,
			      'a' + i, letters[states[i]]);
	ck_assert_msg(n == (int)strlen(r->starts), "line %d: %d start", r->line, n);
	for (int i = 0; i < n; i++)
		ck_assert_msg(strchr(r->starts, 'a' + starts[i]) != NULL, "line %d", r->line);
}
END_TEST

static const struct end_row {
	int line;
	const char *edges, *states;
	bool ended, failed;
} end_rows[] = {
	{ __LINE__, "", "c", true, false },
	{ __LINE__, "", "f", true, true },
	{ __LINE__, "", "x", true, false },
	{ __LINE__, "", ".", false, false },
	{ __LINE__, "a>b", "cr", false, false },
	{ __LINE__, "a>b", "f-", true, true },
	{ __LINE__, "a!b", "fc", true, false },
	{ __LINE__, "a=b", "fc", true, false },
	{ __LINE__, "a!b", "ff", true, true },
	{ __LINE__, "a!b", "fx", true, true },
	/* made up for by a child of its own, not by another's */
	{ __LINE__, "a!c b!c", "ffc", true, false },
	{ __LINE__, "a!c b>c", "ffc", true, true },
};

START_TEST(ends)
{
	const struct end_row *r = &end_rows[_i];
	struct dag d = read_dag((int)strlen(r->states), r->edges);
	enum node_state states[8];
	bool failed = false;

	read_states(r->states, states);
	ck_assert_msg(dag_ended(&d, states, &failed) == r->ended, "line %d", r->line);
	ck_assert_msg(failed == r->failed, "line %d", r->line);
}
END_TEST

START_TEST(roots_that_have_not_begun_are_closed)
{
	struct dag d = read_dag(4, "a>c b>c c=d");
	enum node_state states[] = { NODE_RUNNING, NODE_WAITING, NODE_WAITING, NODE_WAITING };
	int16_t starts[DAG_NODES_MAX];

	dag_close(&d, states);
	ck_assert_int_eq(states[0], NODE_RUNNING);
	ck_assert_int_eq(states[1], NODE_LEFT_OUT);
	ck_assert_int_eq(states[2], NODE_WAITING);
	ck_assert_int_eq(dag_step(&d, states, starts), 1);
	ck_assert_int_eq(states[2], NODE_LEFT_OUT);
	ck_assert_int_eq(starts[0], 3);
}
END_TEST

START_TEST(paths)
{
	struct dag d = read_dag(5, "a>b b>c c>d b>d");
	int16_t path[DAG_NODES_MAX];

	ck_assert_int_eq(dag_path(&d, 0, 3, path), 3);
	ck_assert_int_eq(path[0], 0);
	ck_assert_int_eq(path[1], 1);
	ck_assert_int_eq(path[2], 3);
	ck_assert_int_eq(dag_path(&d, 3, 0, path), 0);
	ck_assert_int_eq(dag_path(&d, 0, 4, path), 0);
	ck_assert_int_eq(dag_path(&d, 2, 2, path), 1);
}
END_TEST

/* As large as one may be: a line of the most nodes, and the most edges; then the line is closed. */
START_TEST(at_the_ceiling)
{
	struct dag d = { DAG_NODES_MAX, 0, edges };
	enum node_state states[DAG_NODES_MAX] = { NODE_FAILED };
	int16_t starts[DAG_NODES_MAX];
	int edge;
	bool failed;

	for (int gap = 1; d.edges_n < DAG_EDGES_MAX - 1; gap++)
		for (int i = 0; i + gap < DAG_NODES_MAX && d.edges_n < DAG_EDGES_MAX - 1; i++)
			edges[d.edges_n++] = (struct dag_edge){
				(int16_t)(DAG_NODES_MAX - 1 - i),
				(int16_t)(DAG_NODES_MAX - 1 - i - gap), EDGE_SUCCESS
			};
	ck_assert_int_eq(dag_check(&d, &edge), DAG_FINE);
	states[0] = NODE_WAITING;
	states[DAG_NODES_MAX - 1] = NODE_FAILED;
	ck_assert_int_eq(dag_step(&d, states, starts), 0);
	ck_assert_int_eq(states[0], NODE_LEFT_OUT);
	ck_assert(dag_ended(&d, states, &failed) && failed);
	edges[d.edges_n++] = (struct dag_edge){ 0, DAG_NODES_MAX - 1, EDGE_COMPLETE };
	ck_assert_int_eq(dag_check(&d, &edge), DAG_CYCLE);
}
END_TEST

#define ROWS(t) ((int)(sizeof(t) / sizeof((t)[0])))

Suite *suite_t_dag(void)
{
	Suite *s = suite_create("t_dag");
	TCase *tc = tcase_create("t_dag");

	tcase_add_loop_test(tc, faults, 0, ROWS(fault_rows));
	tcase_add_loop_test(tc, steps, 0, ROWS(step_rows));
	tcase_add_loop_test(tc, ends, 0, ROWS(end_rows));
	tcase_add_test(tc, roots_that_have_not_begun_are_closed);
	tcase_add_test(tc, paths);
	tcase_add_test(tc, at_the_ceiling);
	suite_add_tcase(s, tc);
	return s;
}
