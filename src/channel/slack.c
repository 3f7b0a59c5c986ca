/* Slack: chat.postMessage with a bot token, else an incoming webhook.
 * docs.slack.dev/reference/methods/chat.postMessage,
 * docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
#include "channel/channel_int.h"

static struct slice target(const struct making *m)
{
	return credentials_use_token(m->cred, m->channel->to) ? m->channel->to
							      : (struct slice){ 0 };
}

bool slack_build(struct making *m)
{
	bool plain = m->content->format == FORMAT_TEXT;
	struct slice channel = target(m), text;
	struct strbuf b;

	if (channel.p) {
		making_url(m, "https://slack.com", "/api/chat.postMessage");
		making_authorization(m, "Bearer");
	} else if (!making_webhook_url(m)) {
		return false;
	}
	text = making_text(m, plain ? &dialect_slack_plain : &dialect_slack);
	strbuf_init(&b, 6 * (text.n + channel.n) + 256);
	strbuf_addc(&b, '{');
	if (channel.p) {
		strbuf_adds(&b, "\"channel\":");
		strbuf_add_json(&b, channel);
		strbuf_adds(&b, ",\"unfurl_links\":false,\"unfurl_media\":false,");
	}
	strbuf_adds(&b, "\"text\":");
	strbuf_add_json(&b, text);
	strbuf_adds(&b, plain ? ",\"mrkdwn\":false}" : "}");
	return making_body(m, &b);
}

struct slack_answer {
	bool ok;
	struct slice error;
	uint64_t present;
};
static const struct field answer_fields[] = {
	F_BOOL(slack_answer, ok, "ok"),
	F_STR(slack_answer, error, "error"),
};
static const struct shape answer_shape = SHAPE(slack_answer, "SlackAnswer", answer_fields,
					       .present = offsetof(struct slack_answer, present));

/* What the method's list of errors calls temporary; rollup_error is a webhook's. */
static const char *const again[] = { "ratelimited",         "rate_limited",
				     "internal_error",      "fatal_error",
				     "service_unavailable", "request_timeout",
				     "org_login_required",  "team_added_to_org",
				     "rollup_error",        NULL };

void slack_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	static const struct slice begins_ok = SLICE_LIT("{\"ok\":true");
	struct slack_answer said = { .ok = false };
	struct slice body = answer->body;
	bool is_json;

	judge_status(answer, a, out);
	/* It repeats the message, which may be cut off. */
	if (out->end == POST_DELIVERED && body.n >= begins_ok.n
	    && memcmp(body.p, begins_ok.p, begins_ok.n) == 0)
		return;
	is_json = judge_read(&answer_shape, body, a, &said);
	if (out->end == POST_DELIVERED && (is_json ? said.ok : slice_is(body, "ok")))
		return;
	if (out->end == POST_DELIVERED) {
		/* The API says no under 200, too; anything else is not Slack. */
		out->end = is_json ? POST_REFUSED : POST_RETRY;
		out->error = SLICE_LIT("unexpected_answer");
	}
	judge_words(is_json ? said.error : body, (struct slice){ 0 }, a, out);
	if (judge_is_listed(out->error, again))
		out->end = POST_RETRY;
}
