/* Paths to rows. All dialects and pages live in one tree of path segments, made once; a look-up
 * walks it without allocating. Where a literal and a {parameter} both fit, the literal is tried
 * first, and the walk comes back to the parameter if nothing is found below it. */
#include "base/check.h"
#include "base/id.h"
#include "http_int.h"

#include <stdlib.h>

#define SEGMENTS_MAX 12
#define DIALECTS_MAX 8

struct node {
	const char *text; /* a literal segment; NULL: a parameter */
	size_t n;
	struct node *children, *next; /* a parameter comes last among its siblings */
	const struct route *routes[METHOD_COUNT];
	const struct dialect *dialect;
	const struct page *page;
};

struct route_tree {
	struct node root;
	const struct dialect *dialects[DIALECTS_MAX];
	int count;
};

struct route_tree *route_tree_new(void)
{
	return mem_new(sizeof(struct route_tree));
}

/* Children before parents, without recursion: the deepest first child goes first. */
static void free_below(struct node *root)
{
	struct node *list = root->children;

	while (list) {
		struct node *first = list;

		if (first->children) {
			struct node *last = first->children;

			while (last->next)
				last = last->next;
			last->next = first->next;
			list = first->children;
		} else {
			list = first->next;
		}
		free(first);
	}
}

void route_tree_free(struct route_tree *t)
{
	if (!t)
		return;
	free_below(&t->root);
	free(t);
}

/* --- making it --- */

static struct node *child_for(struct node *parent, struct slice segment)
{
	bool is_param = segment.p[0] == '{';
	struct node **at = &parent->children, *it, *made;

	for (; (it = *at) && it->text; at = &it->next)
		if (!is_param && it->n == segment.n && memcmp(it->text, segment.p, segment.n) == 0)
			return it;
	if (it && is_param)
		return it;
	made = mem_new(sizeof(*made));
	made->text = is_param ? NULL : segment.p;
	made->n = segment.n;
	made->next = it;
	*at = made;
	return made;
}

/* Cuts the first segment off a path that begins with '/'. */
static struct slice cut(struct slice *path)
{
	struct slice segment = { path->p + 1, 0 };

	while (segment.n + 1 < path->n && segment.p[segment.n] != '/')
		segment.n++;
	path->p += segment.n + 1;
	path->n -= segment.n + 1;
	return segment;
}

static struct node *node_for(struct route_tree *t, const char *text, int *out_params)
{
	struct slice path = slice_of(text);
	struct node *node = &t->root;

	*out_params = 0;
	ASSERT(path.n && path.p[0] == '/');
	if (path.n == 1)
		return node;
	for (int depth = 0; path.n; depth++) {
		struct slice segment = cut(&path);

		ASSERT(depth < SEGMENTS_MAX);
		ASSERT(segment.n > 0);
		*out_params += segment.p[0] == '{';
		node = child_for(node, segment);
	}
	return node;
}

void route_tree_add(struct route_tree *t, const struct dialect *d)
{
	ASSERT(t->count < DIALECTS_MAX);
	t->dialects[t->count++] = d;
	for (int i = 0; i < d->count; i++) {
		const struct route *r = &d->routes[i];
		int params;
		struct node *node = node_for(t, r->path, &params);

		ASSERT(strncmp(r->path, d->base, strlen(d->base)) == 0);
		ASSERT(params <= 2);
		for (int k = 0; k < params; k++)
			ASSERT(r->ids[k]);
		ASSERT(!node->routes[r->method]);
		ASSERT(!node->dialect || node->dialect == d);
		ASSERT(r->run);
		node->dialect = d;
		node->routes[r->method] = r;
	}
}

void route_tree_add_page(struct route_tree *t, const struct page *page)
{
	int params;
	struct node *node = node_for(t, page->path, &params);

	ASSERT(params == 0 && !node->page && !node->dialect);
	node->page = page;
}

/* --- using it --- */

/* The byte that the escape at p stands for; -1 when it is none, or NUL. */
static int unescape(const char *p, size_t n)
{
	int high, low;

	if (n < 3 || p[0] != '%' || (high = hex_digit(p[1])) < 0 || (low = hex_digit(p[2])) < 0)
		return -1;
	return high || low ? high * 16 + low : -1;
}

/* Decodes the escapes of a segment, if there are any, into out. What is too long for it fits no
 * literal, no id and no name, so it may be cut. False when an escape is none. */
static bool decode(struct slice *segment, char out[PARAM_MAX])
{
	size_t n = 0, i = 0;

	if (!memchr(segment->p, '%', segment->n))
		return true;
	while (i < segment->n) {
		int c = (unsigned char)segment->p[i];

		if (c == '%') {
			c = unescape(segment->p + i, segment->n - i);
			if (c < 0)
				return false;
			i += 2;
		}
		i++;
		if (n < PARAM_MAX)
			out[n++] = (char)c;
	}
	*segment = (struct slice){ out, n };
	return true;
}

/* A place to come back to: a parameter that also fitted. */
struct choice {
	const struct node *node;
	struct slice segment, rest; /* raw */
	int params;
};

struct walk {
	struct choice stack[SEGMENTS_MAX];
	int depth;
	struct slice path; /* what is left of it */
};

/* The literal child of this name; and the parameter, which comes last, or NULL. */
static const struct node *literal_of(const struct node *parent, struct slice segment,
				     const struct node **out_param)
{
	const struct node *node = parent->children, *found = NULL;

	for (; node && node->text; node = node->next)
		if (node->n == segment.n && memcmp(node->text, segment.p, segment.n) == 0)
			found = node;
	*out_param = node;
	return found;
}

/* One segment down: the literal if there is one, with the parameter kept for later. */
static const struct node *step(struct walk *w, const struct node *node, struct route_match *m)
{
	struct slice raw = cut(&w->path), segment = raw;
	const struct node *param, *literal;
	char text[PARAM_MAX];

	m->is_malformed = !decode(&segment, text);
	if (m->is_malformed)
		return NULL;
	literal = literal_of(node, segment, &param);
	if (param && raw.n && m->count < 2 && w->depth < SEGMENTS_MAX)
		w->stack[w->depth++] = (struct choice){ param, raw, w->path, m->count };
	return literal;
}

/* Back to the last choice that was put off; NULL when there is none. */
static const struct node *retreat(struct walk *w, struct route_match *m)
{
	const struct choice *c;

	if (w->depth == 0 || m->is_malformed)
		return NULL;
	c = &w->stack[--w->depth];
	m->count = c->params;
	m->params[m->count] = c->segment;
	ASSERT(decode(&m->params[m->count], m->text[m->count]));
	m->count++;
	w->path = c->rest;
	return c->node;
}

static bool leads_somewhere(const struct node *node)
{
	return node->dialect || node->page;
}

static const struct node *walk(const struct route_tree *t, struct slice path, struct route_match *m)
{
	const struct node *node = &t->root;
	struct walk w;

	w.depth = 0;
	w.path = path;
	while (node && (w.path.n || !leads_somewhere(node))) {
		node = w.path.n ? step(&w, node, m) : NULL;
		if (!node)
			node = retreat(&w, m);
	}
	return node;
}

static bool is_below(struct slice path, const char *base)
{
	size_t n = strlen(base);

	return path.n >= n && memcmp(path.p, base, n) == 0 && (path.n == n || path.p[n] == '/');
}

static const struct dialect *dialect_of(const struct route_tree *t, struct slice path)
{
	for (int i = 0; i < t->count; i++)
		if (is_below(path, t->dialects[i]->base))
			return t->dialects[i];
	return NULL;
}

void route_find(const struct route_tree *t, enum method method, struct slice path,
		struct route_match *out_match)
{
	struct route_match *m = out_match;
	const struct node *node;

	ASSERT(t);
	ASSERT(method < METHOD_COUNT);
	memset(m, 0, offsetof(struct route_match, text));
	if (path.n == 0 || path.p[0] != '/')
		return;
	node = path.n == 1 ? &t->root : walk(t, path, m);
	if (!node || !leads_somewhere(node)) {
		m->count = 0;
		m->dialect = dialect_of(t, path);
		return;
	}
	m->is_known = true;
	m->dialect = node->dialect;
	for (int i = 0; i < METHOD_COUNT; i++)
		m->methods |= node->routes[i] ? 1u << i : 0;
	m->route = node->routes[method];
	if (node->page) {
		m->methods |= 1u << METHOD_GET;
		m->page = method == METHOD_GET ? node->page : NULL;
	}
}

static struct slice path_of(struct slice target)
{
	const char *query = memchr(target.p, '?', target.n);

	return (struct slice){ target.p, query ? (size_t)(query - target.p) : target.n };
}

const struct dialect *route_dialect(const struct route_tree *t, struct slice target)
{
	struct route_match m;

	route_find(t, METHOD_POST, path_of(target), &m);
	return m.dialect;
}

size_t route_ceiling(void *ctx, struct slice target)
{
	const struct route_tree *t = ctx;
	struct slice path = path_of(target);
	struct route_match m;

	for (int i = METHOD_POST; i <= METHOD_PATCH; i++) {
		route_find(t, (enum method)i, path, &m);
		if (m.route && m.route->flags & ROUTE_LIST)
			return BODY_LIST_MAX;
	}
	return BODY_MAX;
}

void route_allow(unsigned methods, struct strbuf *out)
{
	static const char *const names[METHOD_COUNT] = { "GET, HEAD", "POST", "PUT", "PATCH",
							 "DELETE" };

	for (int i = 0; i < METHOD_COUNT; i++)
		if (methods & 1u << i) {
			strbuf_adds(out, names[i]);
			strbuf_adds(out, ", ");
		}
	strbuf_adds(out, "OPTIONS");
}
