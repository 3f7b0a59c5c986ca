/* Chains: what may be wrong with a definition, at the ceilings too, and a chain run from news to news. */
#include "core/chain.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void open_arena(void)
{
	arena = arena_new();
}

static void close_arena(void)
{
	arena_free(arena);
}

/* A job's id by its letter, or number. */
static struct uuid job(int i)
{
	struct uuid id = { { 0x70, [14] = (uint8_t)(i / 250), [15] = (uint8_t)(i % 250 + 1) } };

	return id;
}

static const char *job_text(int i)
{
	char *text = arena_alloc(arena, ID_TEXT_MAX);

	(void)id_print("job", job(i), text);
	return text;
}

/* "ab c" with jobs a, b and edges as in t_dag.c: "a>b". */
static struct slice definition(const char *jobs, const char *edges)
{
	static const char *const types[] = { "on_success", "on_failure", "on_complete" };
	struct strbuf b;
	struct slice out;

	strbuf_init(&b, 1 << 20);
	strbuf_adds(&b, "{\"jobs\":[");
	for (int i = 0; jobs[i]; i++)
		strbuf_addf(&b, "%s\"%s\"", i ? "," : "",
			    jobs[i] == '?' ? "job_x" : job_text(jobs[i]));
	strbuf_adds(&b, "],\"edges\":[");
	for (int i = 0; edges[i]; i += edges[i + 3] ? 4 : 3)
		strbuf_addf(&b, "%s{\"from\":\"%s\",\"to\":\"%s\",\"type\":\"%s\"}", i ? "," : "",
			    job_text(edges[i]), job_text(edges[i + 2]),
			    types[strchr(">!=", edges[i + 1]) - ">!="]);
	strbuf_adds(&b, "]}");
	out = arena_slice(arena, strbuf_slice(&b));
	strbuf_release(&b);
	return out;
}

/* --- what may be wrong --- */

static const struct fault_row {
	int line;
	const char *jobs, *edges, *faults; /* "field code, field code" */
} fault_rows[] = {
	{ __LINE__, "a", "", "" },
	{ __LINE__, "abc", "a>b b>c a!c", "" },
	{ __LINE__, "", "", "jobs required" },
	{ __LINE__, "a?b?", "", "jobs[1] unknown_job, jobs[3] duplicate_job" },
	{ __LINE__, "aba", "", "jobs[2] duplicate_job" },
	{ __LINE__, "ab", "a>c d>b", "edges[0].to unknown_job, edges[1].from unknown_job" },
	{ __LINE__, "ab", "a>b a!b a>b", "edges[2] duplicate_edge" },
	{ __LINE__, "ab", "a>a", "edges[0] self_edge" },
	{ __LINE__, "ab", "a>b b=a", "edges[0] cycle" },
	{ __LINE__, "aab", "a>b b=a", "jobs[1] duplicate_job, edges[1] cycle" },
};

START_TEST(faults)
{
	const struct fault_row *r = &fault_rows[_i];
	struct slice text = definition(r->jobs, r->edges);
	struct json_faults found = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader to = { arena, &found, &syntax };
	struct chain_def def = { .jobs = { NULL, 0 } };
	struct chain_graph graph;
	char got[400] = "";

	ck_assert(json_decode(&chain_def_shape, text, &to, &def));
	ck_assert_int_eq(found.total, 0);
	ck_assert_msg(chain_compile(&def, arena, &found, &graph) == !*r->faults, "line %d",
		      r->line);
	for (int i = 0; i < found.n; i++)
		(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s %s",
			       i ? ", " : "", found.list[i].field, found.list[i].code);
	ck_assert_msg(strcmp(got, r->faults) == 0, "line %d: %s", r->line, got);
}
END_TEST

START_TEST(a_cycle_is_told_by_its_jobs)
{
	struct slice text = definition("abcd", "d>a a>b b>c c>b");
	struct json_faults found = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader to = { arena, &found, &syntax };
	struct chain_def def = { .jobs = { NULL, 0 } };
	struct chain_graph graph;
	const char *one = arena_printf(arena, "%s -> %s -> %s.", job_text('b'), job_text('c'),
				       job_text('b'));
	const char *other = arena_printf(arena, "%s -> %s -> %s.", job_text('c'), job_text('b'),
					 job_text('c'));

	ck_assert(json_decode(&chain_def_shape, text, &to, &def));
	ck_assert(!chain_compile(&def, arena, &found, &graph));
	ck_assert(strstr(found.list[0].message, one) || strstr(found.list[0].message, other));
}
END_TEST

/* So many jobs, and so many edges: from each job to the next ones. */
static struct slice large(int jobs, int edges)
{
	struct strbuf b;
	struct slice out;
	int n = 0;

	strbuf_init(&b, 1 << 20);
	for (int i = 0; i < jobs; i++)
		strbuf_addf(&b, "%s\"%s\"", i ? "," : "{\"jobs\":[", job_text(i));
	strbuf_adds(&b, "],\"edges\":[");
	for (int gap = 1; n < edges; gap++)
		for (int i = 0; i + gap < jobs && n < edges; i++, n++)
			strbuf_addf(&b,
				    "%s{\"from\":\"%s\",\"to\":\"%s\",\"type\":\"on_complete\"}",
				    n ? "," : "", job_text(i), job_text(i + gap));
	strbuf_adds(&b, "]}");
	ck_assert(!b.failed);
	out = arena_slice(arena, strbuf_slice(&b));
	strbuf_release(&b);
	return out;
}

static const struct ceiling_row {
	int line, jobs, edges;
	const char *field; /* that is too much; NULL: none */
} ceiling_rows[] = {
	{ __LINE__, DAG_NODES_MAX, DAG_EDGES_MAX, NULL },
	{ __LINE__, DAG_NODES_MAX + 1, 0, "jobs" },
	{ __LINE__, DAG_NODES_MAX, DAG_EDGES_MAX + 1, "edges" },
};

/* The largest is stored and read back, and everything of it ends. */
static void play_large(struct slice text)
{
	struct chain_progress *p = arena_make(arena, struct chain_progress);
	struct chain_progress *again = arena_make(arena, struct chain_progress);
	int runs = 0;

	ck_assert(chain_load(text, (struct slice){ NULL, 0 }, arena, p));
	chain_start_roots(p, SEC);
	while (p->starts_n) {
		int node = p->starts[0];

		runs += p->starts_n;
		ck_assert(chain_note(p, node, p->nodes[node].run, RUN_FAILED, 2 * SEC));
		chain_step(p, 3 * SEC);
		ck_assert(chain_load(text, chain_print(p, arena), arena, again));
		ck_assert_int_eq(again->nodes[node].state, NODE_FAILED);
	}
	ck_assert_int_eq(runs, DAG_NODES_MAX);
	ck_assert_int_eq(p->state, RUN_FAILED);
	ck_assert(p->finished == 3 * SEC);
}

START_TEST(ceilings)
{
	const struct ceiling_row *r = &ceiling_rows[_i];
	struct slice text = large(r->jobs, r->edges);
	struct json_faults found = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader to = { arena, &found, &syntax };
	struct chain_def def = { .jobs = { NULL, 0 } };

	ck_assert(json_decode(&chain_def_shape, text, &to, &def));
	if (!r->field) {
		ck_assert_msg(found.total == 0, "line %d", r->line);
		play_large(text);
		return;
	}
	ck_assert_msg(found.total == 1, "line %d", r->line);
	ck_assert_str_eq(found.list[0].field, r->field);
	ck_assert_str_eq(found.list[0].code, "too_many");
}
END_TEST

/* --- a chain run --- */

/* News, one after the other: node, then b began, c completed, f failed, x cancelled, e expired, s skipped; a capital
 * letter: of another run. Then the nodes' states, and the chain run's. */
static const struct play_row {
	int line;
	const char *jobs, *edges, *news, *states;
	int end;
	bool open;
} play_rows[] = {
	{ __LINE__, "ab", "a>b", "", ". .", RUN_EXECUTING, true },
	{ __LINE__, "ab", "a>b", "ab", "r .", RUN_EXECUTING, false },
	{ __LINE__, "ab", "a>b", "ab ac", "c r", RUN_EXECUTING, false },
	{ __LINE__, "ab", "a>b", "ab ac bc", "c c", RUN_COMPLETED, false },
	{ __LINE__, "ab", "a>b", "ab af", "f -", RUN_FAILED, false },
	{ __LINE__, "ab", "a>b", "ab ae", "f -", RUN_FAILED, false },
	{ __LINE__, "ab", "a>b", "ab ax", "x -", RUN_CANCELLED, false },
	{ __LINE__, "ab", "a>b", "ab as", "s -", RUN_COMPLETED, false },
	{ __LINE__, "ab", "a!b", "ab af bc", "f c", RUN_COMPLETED, false },
	/* an end without its beginning; a beginning after its end; news that come twice */
	{ __LINE__, "ab", "a>b", "ac", "c r", RUN_EXECUTING, false },
	{ __LINE__, "ab", "a>b", "ac ab", "c r", RUN_EXECUTING, false },
	{ __LINE__, "ab", "a>b", "ab ab ac ac af", "c r", RUN_EXECUTING, false },
	/* another run of the same job is none of its business */
	{ __LINE__, "ab", "a>b", "ab aC", "r .", RUN_EXECUTING, false },
	{ __LINE__, "abc", "a>c b>c", "ab ac", "c . .", RUN_EXECUTING, true },
	{ __LINE__, "abc", "a>c b>c", "ab ac bc", "c c r", RUN_EXECUTING, false },
};

static void tell(struct chain_progress *p, const char *news)
{
	static const char words[] = "bcfxes";
	static const int states[] = { RUN_EXECUTING, RUN_COMPLETED, RUN_FAILED,
				      RUN_CANCELLED, RUN_EXPIRED,   RUN_SKIPPED };
	int node = news[0] - 'a';
	bool is_other = news[1] < 'a';
	struct uuid run = p->nodes[node].run;

	if (id_is_nil(run) || is_other)
		run = id_new(SEC);
	(void)chain_note(p, node, run, states[strchr(words, news[1] | 0x20) - words], 5 * SEC);
	chain_step(p, 6 * SEC);
}

static bool is_same_node(const struct chain_node *a, const struct chain_node *b)
{
	return a->state == b->state && id_compare(a->run, b->run) == 0 && a->started == b->started
	    && a->ended == b->ended;
}

START_TEST(plays)
{
	static const char letters[] = ".rcfxs-";
	const struct play_row *r = &play_rows[_i];
	struct chain_progress *p = arena_make(arena, struct chain_progress);
	struct chain_progress *back = arena_make(arena, struct chain_progress);
	struct slice text = definition(r->jobs, r->edges);

	ck_assert(chain_load(text, (struct slice){ NULL, 0 }, arena, p));
	chain_step(p, SEC);
	for (const char *news = r->news; *news; news += news[2] ? 3 : 2)
		tell(p, news);
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		ck_assert_msg(letters[p->nodes[i].state] == r->states[2 * i], "line %d: node %d",
			      r->line, i);
	ck_assert_msg(p->state == r->end && p->open == r->open, "line %d", r->line);
	ck_assert((p->finished == USEC_NEVER) == (r->end == RUN_EXECUTING));
	ck_assert(chain_load(text, chain_print(p, arena), arena, back));
	for (int i = 0; i < p->graph.dag.nodes_n; i++)
		ck_assert(is_same_node(&p->nodes[i], &back->nodes[i]));
}
END_TEST

START_TEST(what_is_not_ours_is_refused)
{
	static const char *const nodes[] = {
		"",
		"{}",
		"[]",
		"[{\"state\":\"running\"}]",
		"[{\"state\":\"up\"},{\"state\":\"waiting\"}]",
		"[{\"state\":\"running\",\"run\":\"x\"},{\"state\":\"waiting\"}]",
		"[{\"state\":\"running\",\"started\":-1},{\"state\":\"waiting\"}]",
	};
	struct chain_progress *p = arena_make(arena, struct chain_progress);
	struct slice text = definition("ab", "a>b"), cycle = definition("ab", "a>b b>a");

	ck_assert(chain_load(text, slice_of("[{\"state\":\"running\"},{\"state\":\"waiting\"}]"),
			     arena, p));
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		ck_assert_msg(!chain_load(text, slice_of(nodes[i]), arena, p), "%s", nodes[i]);
	ck_assert(!chain_load(cycle, (struct slice){ NULL, 0 }, arena, p));
	ck_assert(!chain_load(slice_of("{"), (struct slice){ NULL, 0 }, arena, p));
}
END_TEST

START_TEST(parents_of_a_job)
{
	struct chain_progress *p = arena_make(arena, struct chain_progress);
	struct slice text = definition("abc", "a>c b!c a=c"), nodes;
	struct chain_parent *list;

	ck_assert(chain_load(text, (struct slice){ NULL, 0 }, arena, p));
	chain_step(p, SEC);
	tell(p, "ac");
	nodes = chain_print(p, arena);
	ck_assert_uint_eq(chain_parents(text, nodes, job('c'), arena, &list), 2);
	ck_assert(id_compare(list[0].job, job('a')) == 0 && list[0].has_ended);
	ck_assert(id_compare(list[0].run, p->nodes[0].run) == 0);
	ck_assert_str_eq(list[0].status, "completed");
	ck_assert(id_compare(list[1].job, job('b')) == 0 && !list[1].has_ended);
	ck_assert(id_is_nil(list[1].run));
	ck_assert_str_eq(list[1].status, "pending");
	ck_assert_uint_eq(chain_parents(text, nodes, job('a'), arena, &list), 0);
	ck_assert_uint_eq(chain_parents(text, nodes, job('z'), arena, &list), 0);
	ck_assert_uint_eq(chain_parents(slice_of("?"), nodes, job('c'), arena, &list), 0);
}
END_TEST

#define ROWS(t) ((int)(sizeof(t) / sizeof((t)[0])))

Suite *suite_t_chain(void)
{
	Suite *s = suite_create("t_chain");
	TCase *tc = tcase_create("t_chain");

	tcase_add_checked_fixture(tc, open_arena, close_arena);
	tcase_add_loop_test(tc, faults, 0, ROWS(fault_rows));
	tcase_add_test(tc, a_cycle_is_told_by_its_jobs);
	tcase_add_loop_test(tc, ceilings, 0, ROWS(ceiling_rows));
	tcase_add_loop_test(tc, plays, 0, ROWS(play_rows));
	tcase_add_test(tc, what_is_not_ours_is_refused);
	tcase_add_test(tc, parents_of_a_job);
	suite_add_tcase(s, tc);
	return s;
}
