/* Plans: creating, replacing and patching them. All three end in one document that is read by one shape, so
 * that a patch is judged as if the whole had been sent. */
#include "plans_int.h"

#include "base/check.h"
#include "base/json_merge.h"

#define NAME_MAX_BYTES 255
#define DOCUMENT_MAX (1024u * 1024u) /* bytes of a patched one, as of one that is sent */
#define EXPIRES_MAX (3653 * DAY)

struct in_plan {
	struct in_when when;
	struct slice action, payload, name;
	bool active;
	int overlap, catchup; /* -1: not given */
	usec_t jitter, expires_after;
	uint64_t present;
};

static void init_plan(void *object)
{
	*(struct in_plan *)object = (struct in_plan){
		.when = when_default, .active = true, .overlap = -1, .catchup = -1
	};
}

#define PLAN_ROWS(needed)                                                                    \
	WHEN_ROWS(in_plan), F_STR(in_plan, action, "action", .flags = (needed), .min = 1),   \
		F_RAW(in_plan, payload, "payload"), F_BOOL(in_plan, active, "active"),       \
		F_STR(in_plan, name, "name", .flags = FIELD_NULLABLE, .min = 1,              \
		      .max = NAME_MAX_BYTES),                                                \
		F_ENUM(in_plan, overlap, "overlap", overlap_words, .flags = FIELD_NULLABLE), \
		F_ENUM(in_plan, catchup, "catchup", catchup_words, .flags = FIELD_NULLABLE), \
		F_SECONDS(in_plan, jitter, "jitter", .flags = FIELD_NULLABLE,                \
			  .max = SPEC_JITTER_MAX),                                           \
		F_DURATION(in_plan, expires_after, "expires_after", .flags = FIELD_NULLABLE, \
			   .min = SEC, .max = EXPIRES_MAX)

static const struct field in_plan_rows[] = { PLAN_ROWS(FIELD_NEEDED) };
const struct shape plan_document_shape = SHAPE(in_plan, "PlanInput", in_plan_rows,
					       .init = init_plan,
					       .present = offsetof(struct in_plan, present));
/* For the API document: a patch is not decoded, but what it makes of the plan. */
static const struct field in_patch_rows[] = { PLAN_ROWS(0) };
const struct shape plan_patch_shape = SHAPE(in_plan, "PlanPatch", in_patch_rows, .init = init_plan,
					    .present = offsetof(struct in_plan, present));

/* What is wrong with it is in op->faults; what was faulty is left out of the ask. */
static void read_document(struct op *op, struct slice text, struct plan_ask *out)
{
	struct in_plan *in = arena_make(op->arena, struct in_plan);
	struct json_syntax syntax;
	struct json_reader to = { op->arena, &op->faults, &syntax };

	ASSERT(json_decode(&plan_document_shape, text, &to, in));
	check_when(op, &in->when, in->present);
	*out = (struct plan_ask){
		.name = in->name,
		.action = in->action,
		.payload = in->payload,
		.active = in->active,
		.overlap = (int16_t)(in->overlap + 1),
		.catchup = (int16_t)(in->catchup + 1),
		.expires_after = in->expires_after,
	};
	take_when(op, &in->when, in->present, &out->timing, &out->names);
	out->timing.jitter = in->jitter;
}

flow pl_plan_create(struct op *op)
{
	struct plan_ask *ask = arena_make(op->arena, struct plan_ask);

	read_document(op, op->body, ask);
	op->in = ask;
	return plan_create(op);
}

flow pl_plan_put(struct op *op)
{
	struct plan_change_ask *ask = arena_make(op->arena, struct plan_change_ask);

	read_document(op, op->body, &ask->ask);
	op->in = ask;
	return plan_change(op);
}

/* What the patch left alone stays as it is stored: a document shows instants to the millisecond, and a
 * rule in pieces. */
static void keep(const struct plan_ask *was, const struct schedule *s, struct plan_ask *to)
{
	if (to->timing.spec_kind == was->timing.spec_kind
	    && slice_same(to->timing.spec, was->timing.spec))
		to->timing.spec = s->spec;
	if (to->timing.start_at == was->timing.start_at)
		to->timing.start_at = s->start_at;
	if (to->timing.end_at == was->timing.end_at)
		to->timing.end_at = s->end_at;
}

static bool is_said(const struct json_faults *faults, const char *field)
{
	for (int i = 0; i < faults->n; i++)
		if (strcmp(faults->list[i].field, field) == 0)
			return true;
	return false;
}

/* A member that no plan has is not in the document either when it is null: who mistypes "end_at" has not removed it. */
static void refuse_unknown(struct op *op)
{
	struct json_faults in_patch = { .n = 0 };
	struct json_syntax syntax;
	struct json_reader to = { op->arena, &in_patch, &syntax };

	ASSERT(json_decode(&plan_patch_shape, op->body, &to,
			   arena_make(op->arena, struct in_plan)));
	for (int i = 0; i < in_patch.n; i++) {
		const struct json_fault *f = &in_patch.list[i];

		if (strcmp(f->code, "unknown_field") == 0 && !is_said(&op->faults, f->field))
			json_fault(&op->faults, f->field, f->code, f->message);
	}
}

/* "payload" can be written with escapes, too. */
static bool may_name_payload(struct slice patch)
{
	return memmem(patch.p, patch.n, "payload", 7) || memchr(patch.p, '\\', patch.n);
}

static enum err too_wide(struct op *op)
{
	json_fault(&op->faults, "payload", "too_many",
		   arena_printf(op->arena,
				"A patch may go through %d members of objects, its own and those "
				"stored: send the whole plan with PUT.",
				JSON_MERGE_MEMBERS_MAX));
	return ERR_INVALID;
}

/* The document as it is, and the patch over it. A payload may be most of a megabyte: one that the patch does not name
 * is not gone through. */
static enum err revise(struct op *op, const struct schedule_view *now, struct plan_ask *to,
		       const char **out_detail)
{
	struct schedule_view bare = *now;
	bool has_payload = may_name_payload(op->body);
	struct strbuf document, merged;
	struct plan_ask was;
	enum err err = ERR_NONE;

	bare.s.payload = (struct slice){ NULL, 0 };
	strbuf_init(&document, 2 * DOCUMENT_MAX);
	strbuf_init(&merged, DOCUMENT_MAX);
	plan_document(has_payload ? now : &bare, op->arena, &document);
	if (json_merge(strbuf_slice(&document), op->body, op->arena, &merged)) {
		strbuf_clear(&document);
		plan_document(&bare, op->arena, &document);
		read_document(op, arena_slice(op->arena, strbuf_slice(&document)), &was);
		op->faults = (struct json_faults){ .n = 0 };
		read_document(op, arena_slice(op->arena, strbuf_slice(&merged)), to);
		refuse_unknown(op);
		keep(&was, &now->s, to);
		if (!has_payload)
			to->payload = now->s.payload;
	} else if (document.failed || merged.failed) {
		*out_detail = "With this change the plan would be larger than a request may be.";
		err = ERR_TOO_LARGE;
	} else {
		err = too_wide(op);
	}
	strbuf_release(&document);
	strbuf_release(&merged);
	return err;
}

flow pl_plan_patch(struct op *op)
{
	struct plan_change_ask *ask = arena_make(op->arena, struct plan_change_ask);

	ask->revise = revise;
	op->in = ask;
	return plan_change(op);
}
