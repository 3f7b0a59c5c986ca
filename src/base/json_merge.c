/* Both texts become trees of members first, in one pass each: what is no object stays a slice, and so does what the
 * patch leaves alone. json_scan() has bounded the depth of both, so the functions that call themselves do so
 * JSON_DEPTH_MAX times at most. */
#include "base/json_merge.h"

#include <stdlib.h>

#include "base/check.h"
#include "json_int.h"

/* A value, and of a member its name. */
struct node {
	struct slice member;   /* from the name's quote to the value's end, as it was written */
	struct slice raw_name; /* with its quotes */
	struct slice name;     /* without them and without escapes */
	struct slice value;
	bool is_object;
	bool removes; /* some member, at any depth, is null */
	size_t n;
	struct node *first, *next; /* members, in their order */
	struct node **sorted;      /* by_name(); NULL: they were not read */
};

/* --- reading --- */

struct reader {
	const char *at;
	struct arena *arena;
	size_t left;  /* so many more members may be read */
	bool is_wide; /* there are more: nothing is read any more */
};

static void skip_space(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r')
		r->at++;
}

/* Behind the string that begins at p. */
static const char *string_end(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

static bool is_null(const struct node *m)
{
	return slice_is(m->value, "null");
}

/* Behind an array, or a word or number. */
static void skip_value(struct reader *r)
{
	int open = 0;

	do {
		if (*r->at == '"') {
			r->at = string_end(r->at);
		} else if (*r->at == '[' || *r->at == '{') {
			open++;
			r->at++;
		} else if (*r->at == ']' || *r->at == '}') {
			open--;
			r->at++;
		} else {
			r->at++;
			if (open == 0)
				r->at += strcspn(r->at, ",]} \n\t\r");
		}
	} while (open > 0);
}

static void read_name(struct reader *r, struct node *to)
{
	const char *start = r->at;
	struct strbuf plain;

	r->at = string_end(start);
	to->raw_name = (struct slice){ start, (size_t)(r->at - start) };
	to->name = (struct slice){ start + 1, to->raw_name.n - 2 };
	if (!memchr(to->name.p, '\\', to->name.n))
		return;
	strbuf_init(&plain, to->name.n + 1);
	json_unescape(&plain, to->name);
	to->name = arena_slice(r->arena, strbuf_slice(&plain));
	strbuf_release(&plain);
}

static int by_name(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a, *y = *(const struct node *const *)b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int order = n ? memcmp(x->name.p, y->name.p, n) : 0;

	return order ? order : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

static struct node **sorted(const struct node *object, struct arena *a)
{
	struct node **list = arena_array(a, struct node *, object->n + 1);
	size_t n = 0;

	for (struct node *m = object->first; m; m = m->next)
		list[n++] = m;
	qsort(list, n, sizeof(struct node *), by_name);
	return list;
}

static const struct node *find(const struct node *object, const struct node *like)
{
	struct node *const *found = object->n ? bsearch(&like, object->sorted, object->n,
							sizeof(struct node *), by_name)
					      : NULL;

	return found ? *found : NULL;
}

static void read_value(struct reader *r, struct node *to, const struct node *patch);

/* `patch`: what is to change in it; NULL while the patch itself is read, all of it. */
static void read_members(struct reader *r, struct node *to, const struct node *patch)
{
	static const struct node stays = { .n = 0 };
	struct node **tail = &to->first;

	r->at++;
	for (skip_space(r); *r->at != '}'; skip_space(r)) {
		struct node *m = arena_make(r->arena, struct node);
		const struct node *change;

		if (*r->at == ',') {
			r->at++;
			skip_space(r);
		}
		r->is_wide = r->left == 0;
		if (r->is_wide)
			return;
		r->left--;
		read_name(r, m);
		skip_space(r);
		r->at++; /* the colon */
		skip_space(r);
		change = patch ? find(patch, m) : NULL;
		read_value(r, m, patch && !change ? &stays : change);
		if (r->is_wide)
			return;
		m->member = (struct slice){ m->raw_name.p, (size_t)(r->at - m->raw_name.p) };
		to->removes |= m->removes || is_null(m);
		*tail = m;
		tail = &m->next;
		to->n++;
	}
	r->at++;
	to->sorted = sorted(to, r->arena);
}

static void read_value(struct reader *r, struct node *to, const struct node *patch)
{
	const char *start = r->at;

	to->is_object = *start == '{';
	if (to->is_object && (!patch || patch->n))
		read_members(r, to, patch);
	else
		skip_value(r);
	to->value = (struct slice){ start, (size_t)(r->at - start) };
}

/* False: the text is no JSON, or too wide. It is copied, so that it ends in a NUL. */
static bool read_text(struct slice text, struct arena *a, struct node *to, const struct node *patch)
{
	struct json_syntax syntax;
	struct reader r = { .arena = a, .left = JSON_MERGE_MEMBERS_MAX };

	if (!json_scan(text, &syntax))
		return false;
	r.at = arena_dup(a, text.p, text.n);
	skip_space(&r);
	*to = (struct node){ .n = 0 };
	read_value(&r, to, patch);
	return !r.is_wide;
}

/* --- merging --- */

static void add(struct strbuf *out, struct slice s)
{
	strbuf_add(out, s.p, s.n);
}

static void merge(const struct node *target, const struct node *patch, struct arena *a,
		  struct strbuf *out);

struct writing {
	struct arena *arena;
	struct strbuf *out;
	bool has_some;
};

static void separate(struct writing *w)
{
	if (w->has_some)
		strbuf_addc(w->out, ',');
	w->has_some = true;
}

static void write_changed(struct writing *w, const struct node *was, const struct node *change)
{
	separate(w);
	if (!was && !change->removes) {
		add(w->out, change->member);
		return;
	}
	add(w->out, was ? was->raw_name : change->raw_name);
	strbuf_addc(w->out, ':');
	merge(was, change, w->arena, w->out);
}

/* Both are objects: what stays and what changes, in its place; then what is new. */
static void merge_members(const struct node *was, const struct node *patch, struct writing *w)
{
	for (const struct node *m = was->first; m; m = m->next) {
		const struct node *change = find(patch, m);

		if (!change) {
			separate(w);
			add(w->out, m->member);
		} else if (!is_null(change)) {
			write_changed(w, m, change);
		}
	}
	for (const struct node *m = patch->first; m; m = m->next)
		if (!is_null(m) && !find(was, m))
			write_changed(w, NULL, m);
}

/* `target` NULL or no object: as if it were an empty one. */
static void merge(const struct node *target, const struct node *patch, struct arena *a,
		  struct strbuf *out)
{
	static const struct node nothing = { .is_object = true };
	const struct node *was = target && target->is_object ? target : &nothing;
	struct writing w = { a, out, false };

	if (!patch->is_object || (was == &nothing && !patch->removes)) {
		add(out, patch->value);
		return;
	}
	if (patch->n == 0) {
		add(out, was->value);
		return;
	}
	strbuf_addc(out, '{');
	merge_members(was, patch, &w);
	strbuf_addc(out, '}');
}

bool json_merge(struct slice target, struct slice patch, struct arena *a, struct strbuf *out)
{
	struct node from, with;

	if (!read_text(patch, a, &with, NULL) || !read_text(target, a, &from, &with))
		return false;
	merge(&from, &with, a, out);
	return !out->failed;
}
