/* From a text to a struct: the scanner makes the skeleton, cJSON its tree, and the tree's
 * members meet the rows of the shape here, each once.
 *
 * cJSON's nodes are put into the caller's arena, so its strings need no copying and its tree no
 * deleting. The recursion goes as deep as the shapes do. */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <stdint.h>

#include "base/check.h"
#include "json_int.h"

/* --- cJSON ------------------------------------------------------------------------------------ */

/* Its hooks have no argument. */
static struct arena *tree_arena;

static void *tree_alloc(size_t bytes)
{
	return arena_alloc(tree_arena, bytes);
}

static void tree_free(void *p)
{
	(void)p;
}

/* NULL when cJSON does not read what the scanner accepted. */
static cJSON *make_tree(struct slice text, struct arena *a)
{
	cJSON_Hooks hooks = { tree_alloc, tree_free };
	const char *end = NULL;
	cJSON *root;

	tree_arena = a;
	cJSON_InitHooks(&hooks);
	root = cJSON_ParseWithLengthOpts(text.p, text.n, &end, false);
	cJSON_InitHooks(NULL);
	tree_arena = NULL;
	while (root && end < text.p + text.n)
		if (!strchr(" \t\r\n", *end++))
			return NULL;
	return root;
}

/* The source text behind a number of the skeleton. */
static struct slice token(const struct reading *r, const cJSON *node)
{
	ASSERT(cJSON_IsNumber(node) && node->valueint >= 0
	       && (size_t)node->valueint < r->skeleton->n);
	return r->skeleton->tokens[node->valueint];
}

/* The character that the value begins with in the source: its type. */
static char first_of(const struct reading *r, const cJSON *node)
{
	switch (node->type & 0xff) {
	case cJSON_False:
		return 'f';
	case cJSON_True:
		return 't';
	case cJSON_NULL:
		return 'n';
	case cJSON_String:
		return '"';
	case cJSON_Array:
		return '[';
	case cJSON_Object:
		return '{';
	default:
		return token(r, node).p[0];
	}
}

/* --- rows ------------------------------------------------------------------------------------- */

#define NUMBER "-0123456789"

/* The characters with which a value of the kind can begin. */
static const char *const beginnings[] = {
	[FIELD_STR] = "\"", [FIELD_INT] = NUMBER, [FIELD_BOOL] = "tf", [FIELD_TYPE] = "\"",
	[FIELD_RAW] = "",   [FIELD_OBJ] = "{",    [FIELD_MAP] = "{",   [FIELD_LIST] = "[",
	[FIELD_STRS] = "[", [FIELD_NONE] = "",
};

static bool fits(const struct field *f, char first)
{
	if (f->kind == FIELD_RAW || (first == 'n' && (f->flags & FIELD_NULLABLE)))
		return true;
	if (f->kind == FIELD_TYPE && f->type->from_number && strchr(NUMBER, first))
		return true;
	return strchr(beginnings[f->kind], first) != NULL;
}

const struct field *json_pick(const struct shape *shape, struct slice name, char first)
{
	for (int i = 0; i < shape->count; i++)
		if (json_is_named(&shape->fields[i], name) && fits(&shape->fields[i], first))
			return &shape->fields[i];
	return NULL;
}

/* The defaults of the embedded objects come after the outer ones: an outer init that assigns the
 * whole struct must not undo them. */
void json_init(const struct shape *shape, void *object)
{
	if (shape->init)
		shape->init(object);
	for (int i = 0; i < shape->count; i++) {
		/* There is no object yet that a pointer could lead to. */
		ASSERT(!(shape->fields[i].flags & FIELD_BEHIND));
		if (shape->fields[i].kind == FIELD_OBJ)
			json_init(shape->fields[i].shape, (char *)object + shape->fields[i].at);
	}
}

static bool name_seen(const struct shape *shape, const char *name, uint64_t seen)
{
	for (int i = 0; i < shape->count; i++)
		if ((seen >> i & 1) && strcmp(shape->fields[i].name, name) == 0)
			return true;
	return false;
}

void json_finish(const struct reading *r, const struct shape *shape, void *object,
		 const struct json_path *path, const uint64_t sent_seen[2])
{
	uint64_t seen = sent_seen[0] | sent_seen[1];

	if (shape->present != 0 && shape->present != NO_PRESENT)
		memcpy((char *)object + shape->present, &sent_seen[0], sizeof(sent_seen[0]));
	for (int i = 0; i < shape->count; i++) {
		const struct field *f = &shape->fields[i];
		struct json_path here = { path, slice_of(f->name), 0 };

		if (!(f->flags & FIELD_NEEDED) || (seen >> i & 1))
			continue;
		/* One fault for all alternatives. */
		if (!name_seen(shape, f->name, seen))
			json_complain(r, &here, "required", "This field is needed.");
		seen |= 1ull << i;
	}
}

/* --- values ----------------------------------------------------------------------------------- */

static void read_object(const struct reading *r, const struct shape *shape, const cJSON *node,
			void *object, const struct json_path *path);

static void read_str(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path)
{
	json_read_text(r, f, slice_of(node->valuestring), member, path);
}

static void read_int(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path)
{
	json_read_int(r, f, token(r, node), member, path);
}

static void read_bool(const struct reading *r, const struct field *f, const cJSON *node,
		      void *member, const struct json_path *path)
{
	(void)r;
	(void)f;
	(void)path;
	*(bool *)member = cJSON_IsTrue(node);
}

static void read_type(const struct reading *r, const struct field *f, const cJSON *node,
		      void *member, const struct json_path *path)
{
	struct slice text = cJSON_IsString(node) ? slice_of(node->valuestring) : token(r, node);

	json_read_text(r, f, text, member, path);
}

static void read_raw(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path)
{
	struct slice text = token(r, node);

	if (f->max && text.n > (uint64_t)f->max)
		json_complain(r, path, "too_long", "This has %zu bytes; at most %lld are accepted.",
			      text.n, (long long)f->max);
	else
		*(struct slice *)member = text;
}

static void read_obj(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path)
{
	read_object(r, f->shape, node, member, path);
}

/* The number of children, or 0 with a fault when there are too many; `max` 0 means any number. */
static size_t count(const struct reading *r, const cJSON *node, int64_t max,
		    const struct json_path *path)
{
	size_t n = 0;

	for (const cJSON *child = node->child; child; child = child->next)
		n++;
	if (max == 0 || n <= (uint64_t)max)
		return n;
	json_complain(r, path, "too_many", "This has %zu entries; at most %lld are accepted.", n,
		      (long long)max);
	return 0;
}

static void read_items(const struct reading *r, const struct shape *shape, const cJSON *node,
		       struct json_list *list, const struct json_path *path)
{
	char *items = arena_alloc(r->arena, list->n * shape->size);
	const cJSON *child = node->child;

	list->items = items;
	for (size_t i = 0; i < list->n; i++, child = child->next, items += shape->size) {
		struct json_path here = { path, { NULL, 0 }, i };

		json_init(shape, items);
		if (cJSON_IsObject(child))
			read_object(r, shape, child, items, &here);
		else
			json_complain(r, &here, "wrong_type", "This must be an object.");
	}
}

static void read_list(const struct reading *r, const struct field *f, const cJSON *node,
		      void *member, const struct json_path *path)
{
	struct json_list *list = member;

	list->n = count(r, node, f->max, path);
	read_items(r, f->shape, node, list, path);
}

static void read_strs(const struct reading *r, const struct field *f, const cJSON *node,
		      void *member, const struct json_path *path)
{
	size_t n = count(r, node, f->max, path);
	struct slice *items = arena_array(r->arena, struct slice, n);
	const cJSON *child = node->child;

	*(struct json_list *)member = (struct json_list){ items, n };
	for (size_t i = 0; i < n; i++, child = child->next) {
		struct json_path here = { path, { NULL, 0 }, i };

		if (cJSON_IsString(child))
			items[i] = slice_of(child->valuestring);
		else
			json_complain(r, &here, "wrong_type", "This must be a string.");
	}
}

static void read_map(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path)
{
	size_t n = count(r, node, f->max, path);
	struct json_pair *items = arena_array(r->arena, struct json_pair, n);
	const cJSON *child = node->child;

	*(struct json_list *)member = (struct json_list){ items, n };
	for (size_t i = 0; i < n; i++, child = child->next) {
		struct json_path here = { path, slice_of(child->string), 0 };

		items[i].name = here.name;
		if (cJSON_IsString(child))
			items[i].value = slice_of(child->valuestring);
		else
			json_complain(r, &here, "wrong_type", "This must be a string.");
	}
}

typedef void read_fn(const struct reading *r, const struct field *f, const cJSON *node,
		     void *member, const struct json_path *path);

static read_fn *const readers[] = {
	[FIELD_STR] = read_str,   [FIELD_INT] = read_int,   [FIELD_BOOL] = read_bool,
	[FIELD_TYPE] = read_type, [FIELD_RAW] = read_raw,   [FIELD_OBJ] = read_obj,
	[FIELD_LIST] = read_list, [FIELD_STRS] = read_strs, [FIELD_MAP] = read_map,
};

/* A member that no row takes: unknown, or known with another type. */
static void refuse(const struct reading *r, const struct shape *shape, const struct json_path *path,
		   bool is_null, uint64_t *seen)
{
	bool is_known = false;

	for (int i = 0; i < shape->count; i++) {
		if (shape->fields[i].kind == FIELD_NONE
		    || !json_is_named(&shape->fields[i], path->name))
			continue;
		is_known = true;
		*seen |= 1ull << i;
	}
	if (is_known)
		json_wrong_type(r, shape, path, is_null);
	else
		json_unknown(r, shape, path);
}

static void read_object(const struct reading *r, const struct shape *shape, const cJSON *node,
			void *object, const struct json_path *path)
{
	uint64_t sent_seen[2] = { 0, 0 };

	for (const cJSON *child = node->child; child; child = child->next) {
		struct json_path here = { path, slice_of(child->string), 0 };
		char first = first_of(r, child);
		const struct field *f = json_pick(shape, here.name, first);

		if (!f) {
			refuse(r, shape, &here, first == 'n', &sent_seen[1]);
			continue;
		}
		sent_seen[0] |= 1ull << (f - shape->fields);
		/* null for what may be null: the member keeps its default. */
		if (first != 'n' || !(f->flags & FIELD_NULLABLE))
			readers[f->kind](r, f, child, (char *)object + f->at, &here);
	}
	json_finish(r, shape, object, path, sent_seen);
}

/* --- texts ------------------------------------------------------------------------------------ */

/* Scans and parses; NULL with *out_syntax when the text is not JSON. The skeleton's tokens live
 * on in the arena, its text does not. */
static cJSON *open_text(struct slice text, struct skeleton *skeleton,
			struct json_syntax *out_syntax)
{
	cJSON *root = NULL;

	strbuf_init(&skeleton->text, SIZE_MAX / 2);
	if (json_scan_into(text, skeleton, out_syntax)) {
		root = make_tree(strbuf_slice(&skeleton->text), skeleton->arena);
		if (!root)
			*out_syntax = (struct json_syntax){ "The text cannot be read.", 0, 0 };
	}
	strbuf_release(&skeleton->text);
	return root;
}

bool json_decode(const struct shape *shape, struct slice text, const struct json_reader *to,
		 void *out_object)
{
	struct skeleton skeleton = { .shape = shape, .arena = to->arena };
	struct reading r = { to->arena, to->faults, &skeleton };
	cJSON *root;

	ASSERT(shape->count <= 64);
	memset(out_object, 0, shape->size);
	json_init(shape, out_object);
	root = open_text(text, &skeleton, to->syntax);
	if (!root)
		return false;
	if (cJSON_IsObject(root))
		read_object(&r, shape, root, out_object, NULL);
	else
		json_complain(&r, NULL, "wrong_type", "The body must be an object.");
	return true;
}

bool json_decode_list(const struct shape *shape, size_t most, struct slice text,
		      const struct json_reader *to, struct json_list *out_list)
{
	struct skeleton skeleton = { .shape = shape, .is_list = true, .arena = to->arena };
	struct reading r = { to->arena, to->faults, &skeleton };
	cJSON *root;

	ASSERT(shape->count <= 64 && most > 0);
	*out_list = (struct json_list){ NULL, 0 };
	root = open_text(text, &skeleton, to->syntax);
	if (!root)
		return false;
	if (cJSON_IsArray(root)) {
		out_list->n = count(&r, root, (int64_t)most, NULL);
		read_items(&r, shape, root, out_list, NULL);
	} else {
		json_complain(&r, NULL, "wrong_type", "The body must be an array.");
	}
	return true;
}

bool json_is_list(struct slice text)
{
	size_t i = 0;

	while (i < text.n
	       && (text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\t' || text.p[i] == '\r'))
		i++;
	return i < text.n && text.p[i] == '[';
}
