/* Google Chat: a space's webhook, which is spaces.messages.create with the key in its URL.
 * developers.google.com/workspace/chat/quickstart/webhooks, .../api/reference/rest/v1/spaces.messages */
#include "channel/channel_int.h"

bool google_chat_build(struct making *m)
{
	struct slice text;
	struct strbuf b;

	if (!making_webhook_url(m))
		return false;
	text = making_text(m, &dialect_google_chat);
	strbuf_init(&b, 6 * text.n + 64);
	strbuf_adds(&b, "{\"text\":");
	strbuf_add_json(&b, text);
	strbuf_addc(&b, '}');
	return making_body(m, &b);
}

struct google_error {
	struct slice status, message;
	uint64_t present;
};
static const struct field error_fields[] = {
	F_STR(google_error, status, "status"),
	F_STR(google_error, message, "message"),
};
static const struct shape error_shape = SHAPE(google_error, "GoogleError", error_fields,
					      .present = offsetof(struct google_error, present));

struct google_answer {
	struct google_error error;
	uint64_t present;
};
static const struct field answer_fields[] = {
	F_OBJ(google_answer, error, "error", error_shape),
};
static const struct shape answer_shape = SHAPE(google_answer, "GoogleAnswer", answer_fields,
					       .present = offsetof(struct google_answer, present));

void google_chat_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	struct google_answer said = { .error = { .status = { 0 } } };

	judge_status(answer, a, out);
	if (out->end != POST_DELIVERED && judge_read(&answer_shape, answer->body, a, &said))
		judge_words(said.error.status, said.error.message, a, out);
}
