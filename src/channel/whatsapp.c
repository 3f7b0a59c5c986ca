/* WhatsApp: Cloud API, a text message.
 * developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages,
 * .../whatsapp/support/error-codes ("build your app's error handling around code") */
#include "channel/channel_int.h"

#define VERSION "v23.0"

bool whatsapp_build(struct making *m)
{
	const struct credentials *cred = m->cred;
	struct slice text;
	struct strbuf b;

	if (cred->token.n == 0 || cred->phone_number_id.n == 0)
		return making_fails(m,
				    "The credentials of whatsapp need token and phone_number_id.");
	strbuf_init(&b, 3 * cred->phone_number_id.n + 64);
	strbuf_adds(&b, "/" VERSION "/");
	text_percent(&b, cred->phone_number_id);
	strbuf_adds(&b, "/messages");
	making_url(m, "https://graph.facebook.com", text_take(&b, m->arena).p);
	making_authorization(m, "Bearer");
	text = making_text(m, &dialect_whatsapp);
	strbuf_init(&b, 6 * text.n + 256);
	strbuf_adds(
		&b,
		"{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\",\"to\":");
	strbuf_add_json(&b, m->channel->to);
	strbuf_adds(&b, ",\"type\":\"text\",\"text\":{\"preview_url\":false,\"body\":");
	strbuf_add_json(&b, text);
	strbuf_adds(&b, "}}");
	return making_body(m, &b);
}

struct graph_data {
	struct slice details;
	uint64_t present;
};
static const struct field data_fields[] = { F_STR(graph_data, details, "details") };
static const struct shape data_shape = SHAPE(graph_data, "GraphData", data_fields,
					     .present = offsetof(struct graph_data, present));

struct graph_error {
	struct slice code, message;
	struct graph_data data;
	uint64_t present;
};
static const struct field error_fields[] = {
	F_RAW(graph_error, code, "code"),
	F_STR(graph_error, message, "message"),
	F_OBJ(graph_error, data, "error_data", data_shape),
};
static const struct shape error_shape = SHAPE(graph_error, "GraphError", error_fields,
					      .present = offsetof(struct graph_error, present));

struct graph_answer {
	struct graph_error error;
	uint64_t present;
};
static const struct field answer_fields[] = { F_OBJ(graph_answer, error, "error", error_shape) };
static const struct shape answer_shape = SHAPE(graph_answer, "GraphAnswer", answer_fields,
					       .present = offsetof(struct graph_answer, present));

/* 1, 2: temporary; 4, 80007, 130429, 131048, 131056: rate limits; 131000, 131016, 131057, 133004: unavailable. */
static const char *const again[] = { "1",      "2",      "4",      "80007",  "130429", "131000",
				     "131016", "131048", "131056", "131057", "133004", NULL };

void whatsapp_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	struct graph_answer said = { .error = { .code = { 0 } } };
	const struct graph_error *error = &said.error;

	judge_status(answer, a, out);
	if (out->end == POST_DELIVERED || !judge_read(&answer_shape, answer->body, a, &said))
		return;
	judge_words(error->code, error->data.details.n ? error->data.details : error->message, a,
		    out);
	if (judge_is_listed(error->code, again))
		out->end = POST_RETRY;
}
