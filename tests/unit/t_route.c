#include <check.h>
#include <string.h>

#include "http/http_int.h"

static flow never(struct op *op)
{
	return op_fail(op, ERR_INTERNAL, NULL);
}

static const struct route a_routes[] = {
	{ .method = METHOD_GET, .path = "/a/things", .run = never, .summary = "list" },
	{ .method = METHOD_POST,
	  .path = "/a/things",
	  .run = never,
	  .flags = ROUTE_LIST,
	  .summary = "new" },
	{ .method = METHOD_GET,
	  .path = "/a/things/{id}",
	  .run = never,
	  .ids = { "thing" },
	  .summary = "one" },
	{ .method = METHOD_DELETE,
	  .path = "/a/things/{id}",
	  .run = never,
	  .ids = { "thing" },
	  .summary = "drop" },
	{ .method = METHOD_GET, .path = "/a/things/stats", .run = never, .summary = "stats" },
	{ .method = METHOD_GET, .path = "/a/things/stats/deep", .run = never, .summary = "deep" },
	{ .method = METHOD_GET,
	  .path = "/a/things/{id}/parts",
	  .run = never,
	  .ids = { "thing" },
	  .summary = "parts" },
	{ .method = METHOD_GET,
	  .path = "/a/things/{id}/parts/{part}",
	  .run = never,
	  .ids = { "thing", "part" },
	  .summary = "part" },
};
static const struct dialect a = { .name = "a", .base = "/a", .routes = a_routes, .count = 8 };
static const struct route b_routes[] = {
	{ .method = METHOD_GET, .path = "/api/b", .run = never, .summary = "root" },
	{ .method = METHOD_PUT, .path = "/api/b/x", .run = never, .summary = "x" },
};
static const struct dialect b = { .name = "b", .base = "/api/b", .routes = b_routes, .count = 2 };
static const struct route v1_routes[] = {
	{ .method = METHOD_PUT,
	  .path = "/v1/names/{name}",
	  .run = never,
	  .ids = { "" },
	  .summary = "name" },
};
static const struct dialect v1 = { .name = "v1", .base = "/v1", .routes = v1_routes, .count = 1 };
static const struct route api_v1_routes[] = {
	{ .method = METHOD_POST,
	  .path = "/api/v1/plans/preview",
	  .run = never,
	  .summary = "preview" },
};
static const struct dialect api_v1 = {
	.name = "api_v1", .base = "/api/v1", .routes = api_v1_routes, .count = 1
};
static const struct page live = { .path = "/livez" }, home = { .path = "/" };

static struct route_tree *tree;

static void setup(void)
{
	tree = route_tree_new();
	route_tree_add(tree, &a);
	route_tree_add(tree, &b);
	route_tree_add(tree, &v1);
	route_tree_add(tree, &api_v1);
	route_tree_add_page(tree, &live);
	route_tree_add_page(tree, &home);
}

static void teardown(void)
{
	route_tree_free(tree);
}

static const struct row {
	int line;
	enum method method;
	const char *path;
	const char *summary; /* NULL: no route */
	const char *dialect; /* NULL: none */
	bool is_known;
	const char *first, *second;
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	R(METHOD_GET, "/a/things", "list", "a", true, NULL, NULL),
	R(METHOD_POST, "/a/things", "new", "a", true, NULL, NULL),
	R(METHOD_PUT, "/a/things", NULL, "a", true, NULL, NULL),
	R(METHOD_GET, "/a/things/x", "one", "a", true, "x", NULL),
	R(METHOD_DELETE, "/a/things/x", "drop", "a", true, "x", NULL),
	R(METHOD_GET, "/a/things/stats", "stats", "a", true, NULL, NULL),
	R(METHOD_DELETE, "/a/things/stats", NULL, "a", true, NULL, NULL),
	R(METHOD_GET, "/a/things/stats/deep", "deep", "a", true, NULL, NULL),
	R(METHOD_GET, "/a/things/stats/parts", "parts", "a", true, "stats", NULL),
	R(METHOD_GET, "/a/things/stats/parts/7", "part", "a", true, "stats", "7"),
	R(METHOD_GET, "/a/things/x/parts/y", "part", "a", true, "x", "y"),
	R(METHOD_GET, "/a/things/x/parts/y/z", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a/things/", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a/things//", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a/things/x/", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a//things", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a/", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/ab", NULL, NULL, false, NULL, NULL),
	R(METHOD_GET, "/A/things", NULL, NULL, false, NULL, NULL),
	R(METHOD_GET, "/a/thing", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/a/thingss", NULL, "a", false, NULL, NULL),
	R(METHOD_GET, "/%61/th%69ngs/%78%2Fy", "one", "a", true, "x/y", NULL),
	R(METHOD_GET, "/a/things/%41%42", "one", "a", true, "AB", NULL),
	R(METHOD_GET, "/a/things/%41/parts/%42", "part", "a", true, "A", "B"),
	R(METHOD_GET, "/api/b", "root", "b", true, NULL, NULL),
	R(METHOD_PUT, "/api/b/x", "x", "b", true, NULL, NULL),
	R(METHOD_GET, "/api/b/y", NULL, "b", false, NULL, NULL),
	R(METHOD_GET, "/api", NULL, NULL, false, NULL, NULL),
	/* One base within another's words: whole segments count, from the first one. */
	R(METHOD_POST, "/api/v1/plans/preview", "preview", "api_v1", true, NULL, NULL),
	R(METHOD_GET, "/api/v1/names/x", NULL, "api_v1", false, NULL, NULL),
	R(METHOD_GET, "/v1/plans/preview", NULL, "v1", false, NULL, NULL),
	R(METHOD_GET, "/api/v10", NULL, NULL, false, NULL, NULL),
	R(METHOD_PUT, "/v1/names/a%2Fb%C3%A4", "name", "v1", true, "a/b\xc3\xa4", NULL),
	R(METHOD_GET, "*", NULL, NULL, false, NULL, NULL),
	R(METHOD_GET, "", NULL, NULL, false, NULL, NULL),
	R(METHOD_GET, "/a/things/x/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q", NULL, "a", false, NULL,
	  NULL),
};

START_TEST(finds)
{
	const struct row *row = &rows[_i];
	struct route_match m;

	route_find(tree, row->method, slice_of(row->path), &m);
	ck_assert_msg(row->summary ? m.route && strcmp(m.route->summary, row->summary) == 0
				   : !m.route,
		      "line %d: route %s", row->line, m.route ? m.route->summary : "none");
	ck_assert_msg(row->dialect ? m.dialect && strcmp(m.dialect->name, row->dialect) == 0
				   : !m.dialect,
		      "line %d: dialect", row->line);
	ck_assert_msg(m.is_known == row->is_known, "line %d: is_known", row->line);
	ck_assert_msg(m.count == (row->first ? 1 : 0) + (row->second ? 1 : 0),
		      "line %d: %d parameters", row->line, m.count);
	ck_assert_msg(!row->first || slice_is(m.params[0], row->first), "line %d: first parameter",
		      row->line);
	ck_assert_msg(!row->second || slice_is(m.params[1], row->second),
		      "line %d: second parameter", row->line);
	ck_assert(!m.is_malformed);
}
END_TEST

START_TEST(bad_escapes)
{
	static const char *const paths[] = { "/a/things/%",   "/a/things/%4", "/a/things/%zz",
					     "/a/things/%00", "/%g0/things",  "/a/things/x%" };
	struct route_match m;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		route_find(tree, METHOD_GET, slice_of(paths[i]), &m);
		ck_assert_msg(m.is_malformed && !m.route && !m.is_known, "%s", paths[i]);
	}
}
END_TEST

/* A parameter longer than any id or name is cut, and so is none. */
START_TEST(long_parameters)
{
	char path[400] = "/a/things/%41";
	struct route_match m;

	memset(path + strlen(path), 'x', 300);
	route_find(tree, METHOD_GET, slice_of(path), &m);
	ck_assert_ptr_nonnull(m.route);
	ck_assert_uint_eq(m.params[0].n, PARAM_MAX);
}
END_TEST

START_TEST(methods_and_pages)
{
	struct strbuf out;
	struct route_match m;

	strbuf_init(&out, 200);
	route_find(tree, METHOD_GET, slice_of("/a/things/x"), &m);
	route_allow(m.methods, &out);
	ck_assert_str_eq(out.p, "GET, HEAD, DELETE, OPTIONS");
	route_find(tree, METHOD_GET, slice_of("/livez"), &m);
	ck_assert_ptr_eq(m.page, &live);
	route_find(tree, METHOD_POST, slice_of("/livez"), &m);
	ck_assert_ptr_null(m.page);
	ck_assert(m.is_known);
	route_find(tree, METHOD_GET, slice_of("/"), &m);
	ck_assert_ptr_eq(m.page, &home);
	strbuf_release(&out);
}
END_TEST

START_TEST(ceilings)
{
	ck_assert_uint_eq(route_ceiling(tree, slice_of("/a/things")), BODY_LIST_MAX);
	ck_assert_uint_eq(route_ceiling(tree, slice_of("/a/things?x=/")), BODY_LIST_MAX);
	ck_assert_uint_eq(route_ceiling(tree, slice_of("/a/things/x")), BODY_MAX);
	ck_assert_uint_eq(route_ceiling(tree, slice_of("/a/things/")), BODY_MAX);
	ck_assert_uint_eq(route_ceiling(tree, slice_of("*")), BODY_MAX);
	ck_assert_uint_eq(route_ceiling(tree, slice_of("")), BODY_MAX);
}
END_TEST

Suite *suite_route(void)
{
	Suite *s = suite_create("route");
	TCase *t = tcase_create("route");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, finds, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(t, bad_escapes);
	tcase_add_test(t, long_parameters);
	tcase_add_test(t, methods_and_pages);
	tcase_add_test(t, ceilings);
	suite_add_tcase(s, t);
	return s;
}
