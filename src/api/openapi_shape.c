/* Shapes as JSON schemas, for the API document. */
#include "http/types.h"
#include "openapi_int.h"

/* --- one field --- */

void openapi_reference(struct writer *w, const struct shape *shape)
{
	strbuf_addf(w->out, "{\"$ref\":\"#/components/schemas/%s\"}", shape->name);
}

static void bounds(struct writer *w, const struct field *f, const char *least, const char *most)
{
	if (f->min)
		strbuf_addf(w->out, ",\"%s\":%lld", least, (long long)f->min);
	if (f->max)
		strbuf_addf(w->out, ",\"%s\":%lld", most, (long long)f->max);
}

/* "null" goes beside the type where there may be no value. */
static void type(struct writer *w, const char *name, bool may_be_null)
{
	strbuf_addf(w->out, may_be_null ? "{\"type\":[\"%s\",\"null\"]" : "{\"type\":\"%s\"", name);
}

static void words(struct writer *w, const struct field *f)
{
	type(w, "string", false);
	text(w, ",\"enum\":[");
	for (int i = 0, n = 0; f->words[i]; i++) {
		bool is_double = false;

		for (int k = 0; k < i; k++)
			is_double |= strcmp(f->words[i], f->words[k]) == 0;
		if (is_double)
			continue;
		text(w, n++ ? "," : "");
		quoted(w, f->words[i]);
	}
	text(w, "]}");
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* A scalar with rules of its own. What it says of itself tells its JSON type. */
static void scalar(struct writer *w, const struct field *f, bool may_be_null)
{
	const char *what = f->type->what;

	if (f->type == &field_enum || f->type == &field_enum_any_case) {
		words(w, f);
		return;
	}
	if (f->type == &type_id) {
		type(w, "string", may_be_null && strcmp(f->name, "id") != 0);
		strbuf_addf(w->out, ",\"pattern\":\"^%s_[0-9a-hjkmnp-tv-z]{26}$\"}", f->words[0]);
		return;
	}
	if (f->type->from_number)
		text(w, "{\"type\":[\"number\",\"string\"]");
	else if (begins(what, "an integer") || begins(what, "a whole number"))
		type(w, "integer", may_be_null);
	else if (begins(what, "a number"))
		type(w, "number", may_be_null);
	else if (begins(what, "true"))
		type(w, "boolean", false);
	else
		type(w, "string", may_be_null);
	if (f->type == &type_instant)
		text(w, ",\"format\":\"date-time\"");
	text(w, ",\"description\":");
	quoted(w, what);
	text(w, "}");
}

static void number(struct writer *w, const struct field *f)
{
	type(w, "integer", false);
	if (f->min || f->max)
		strbuf_addf(w->out, ",\"minimum\":%lld", (long long)f->min);
	if (f->max)
		strbuf_addf(w->out, ",\"maximum\":%lld", (long long)f->max);
	text(w, "}");
}

/* One behind a pointer may be null. */
static void object(struct writer *w, const struct field *f, bool may_be_null)
{
	bool is_either = may_be_null && f->flags & FIELD_BEHIND;

	text(w, is_either ? "{\"anyOf\":[" : "");
	openapi_reference(w, f->shape);
	text(w, is_either ? ",{\"type\":\"null\"}]}" : "");
}

void openapi_value(struct writer *w, const struct field *f, bool may_be_null)
{
	switch (f->kind) {
	case FIELD_STR:
		type(w, "string", may_be_null);
		bounds(w, f, "minLength", "maxLength");
		text(w, "}");
		break;
	case FIELD_INT:
		number(w, f);
		break;
	case FIELD_BOOL:
		text(w, "{\"type\":\"boolean\"}");
		break;
	case FIELD_TYPE:
		scalar(w, f, may_be_null);
		break;
	case FIELD_RAW:
		text(w, "{\"description\":\"any JSON value, kept byte for byte\"}");
		break;
	case FIELD_OBJ:
		object(w, f, may_be_null);
		break;
	case FIELD_LIST:
		text(w, "{\"type\":\"array\"");
		bounds(w, f, "minItems", "maxItems");
		text(w, ",\"items\":");
		openapi_reference(w, f->shape);
		text(w, "}");
		break;
	case FIELD_STRS:
		text(w, "{\"type\":\"array\"");
		bounds(w, f, "minItems", "maxItems");
		text(w, ",\"items\":{\"type\":\"string\"}}");
		break;
	case FIELD_MAP:
		text(w, "{\"type\":\"object\"");
		bounds(w, f, "minProperties", "maxProperties");
		text(w, ",\"additionalProperties\":{\"type\":\"string\"}}");
		break;
	case FIELD_NONE:
		text(w, "{\"type\":\"null\"}");
		break;
	}
}

/* --- one shape --- */

static bool is_first_of_name(const struct shape *s, int i)
{
	for (int k = 0; k < i; k++)
		if (strcmp(s->fields[k].name, s->fields[i].name) == 0)
			return false;
	return true;
}

static int alternatives(const struct shape *s, int i)
{
	int n = 0;

	for (int k = 0; k < s->count; k++)
		n += strcmp(s->fields[k].name, s->fields[i].name) == 0;
	return n;
}

/* All rows of the name that stands at i. */
static void property(struct writer *w, const struct wanted *want_, int i)
{
	const struct shape *s = want_->shape;
	bool is_single = alternatives(s, i) == 1;

	quoted(w, s->fields[i].name);
	text(w, is_single ? ":" : ":{\"anyOf\":[");
	for (int k = i, n = 0; k < s->count; k++) {
		const struct field *f = &s->fields[k];
		bool may_be_null = want_->is_out ? is_single && !(f->flags & FIELD_OPTIONAL)
						 : (f->flags & FIELD_NULLABLE) != 0;

		if (strcmp(f->name, s->fields[i].name) != 0)
			continue;
		text(w, n++ ? "," : "");
		openapi_value(w, f, may_be_null);
	}
	text(w, is_single ? "" : "]}");
}

static bool is_required(const struct wanted *want_, const struct field *f)
{
	return want_->is_out ? !(f->flags & (FIELD_OPTIONAL | FIELD_PRESENT))
			     : (f->flags & FIELD_NEEDED) != 0;
}

void openapi_schema(struct writer *w, const struct wanted *want_)
{
	const struct shape *s = want_->shape;
	int n = 0;

	quoted(w, s->name);
	text(w, ":{\"type\":\"object\",\"properties\":{");
	for (int i = 0; i < s->count; i++) {
		if (!is_first_of_name(s, i))
			continue;
		text(w, n++ ? "," : "");
		property(w, want_, i);
	}
	text(w, "}");
	n = 0;
	for (int i = 0; i < s->count; i++) {
		if (!is_first_of_name(s, i) || !is_required(want_, &s->fields[i]))
			continue;
		text(w, n++ ? "," : ",\"required\":[");
		quoted(w, s->fields[i].name);
	}
	text(w, n ? "]" : "");
	text(w, want_->is_out ? "}" : ",\"additionalProperties\":false}");
}
