/* Telegram: sendMessage. core.telegram.org/bots/api#sendmessage, #making-requests, #responseparameters */
#include "channel/channel_int.h"

bool telegram_build(struct making *m)
{
	struct slice to = m->channel->to, token = m->cred->token, text;
	struct strbuf b;

	if (token.n == 0)
		return making_fails(m, "The credentials of telegram have no token.");
	strbuf_init(&b, 3 * token.n + 64);
	strbuf_adds(&b, "/bot");
	text_percent(&b, token);
	strbuf_adds(&b, "/sendMessage");
	making_url(m, "https://api.telegram.org", text_take(&b, m->arena).p);
	text = making_text(m, &dialect_telegram);
	strbuf_init(&b, 6 * text.n + 256);
	strbuf_adds(&b, "{\"chat_id\":");
	if (to.n && to.p[0] == '@')
		strbuf_add_json(&b, to);
	else
		strbuf_add(&b, to.p, to.n);
	strbuf_adds(&b, ",\"text\":");
	strbuf_add_json(&b, text);
	strbuf_adds(&b,
		    ",\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":true}}");
	return making_body(m, &b);
}

struct telegram_parameters {
	struct slice retry_after;
	uint64_t present;
};
static const struct field parameters_fields[] = {
	F_RAW(telegram_parameters, retry_after, "retry_after"),
};
static const struct shape parameters_shape = SHAPE(
	telegram_parameters, "TelegramParameters", parameters_fields,
	.present = offsetof(struct telegram_parameters, present));

struct telegram_answer {
	bool ok;
	struct slice description;
	struct telegram_parameters parameters;
	uint64_t present;
};
static const struct field answer_fields[] = {
	F_BOOL(telegram_answer, ok, "ok"),
	F_STR(telegram_answer, description, "description"),
	F_OBJ(telegram_answer, parameters, "parameters", parameters_shape),
};
static const struct shape answer_shape = SHAPE(
	telegram_answer, "TelegramAnswer", answer_fields,
	.present = offsetof(struct telegram_answer, present));

void telegram_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	struct telegram_answer said = { .ok = false };
	usec_t wait;

	judge_status(answer, a, out);
	/* What it says under 2xx is the message sent: no need to read it to its end. */
	if (out->end == POST_DELIVERED || !judge_read(&answer_shape, answer->body, a, &said))
		return;
	judge_words((struct slice){ 0 }, said.description, a, out);
	wait = judge_seconds(said.parameters.retry_after);
	if (wait != USEC_NEVER)
		out->retry_after = wait;
}
