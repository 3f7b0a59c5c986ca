/* Teams: a webhook made with Workflows ("Post to a channel when a webhook request is received") takes a
 * message with one Adaptive Card; so do the older connectors' webhooks.
 * learn.microsoft.com: Create incoming webhooks with Workflows; Adaptive Cards schema 1.4 */
#include "channel/channel_int.h"

#define BEGIN                                                                                                  \
	"{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\"," \
	"\"contentUrl\":null,\"content\":{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\"," \
	"\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"msteams\":{\"width\":\"Full\"},\"body\":["

bool teams_build(struct making *m)
{
	struct slice blocks;
	struct strbuf b;

	if (!making_webhook_url(m))
		return false;
	blocks = making_text(m, &dialect_teams);
	strbuf_init(&b, blocks.n + sizeof(BEGIN) + 8);
	strbuf_adds(&b, BEGIN);
	strbuf_add(&b, blocks.p + 1, blocks.n - 1); /* without the first comma */
	strbuf_adds(&b, "]}}]}");
	return making_body(m, &b);
}

struct teams_error {
	struct slice code, message;
	uint64_t present;
};
static const struct field error_fields[] = {
	F_STR(teams_error, code, "code"),
	F_STR(teams_error, message, "message"),
};
static const struct shape error_shape = SHAPE(teams_error, "TeamsError", error_fields,
					      .present = offsetof(struct teams_error, present));

struct teams_answer {
	struct teams_error error;
	uint64_t present;
};
static const struct field answer_fields[] = {
	F_OBJ(teams_answer, error, "error", error_shape),
};
static const struct shape answer_shape = SHAPE(teams_answer, "TeamsAnswer", answer_fields,
					       .present = offsetof(struct teams_answer, present));

void teams_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	static const char says[] = "HTTP error ";
	struct slice body = answer->body;
	const char *at = body.n ? memmem(body.p, body.n, says, sizeof(says) - 1) : NULL;
	struct teams_answer said = { .error = { .code = { 0 } } };

	judge_status(answer, a, out);
	/* Connectors answer 200 and "... endpoint returned HTTP error 429 ...". */
	if (out->end == POST_DELIVERED && at
	    && body.p + body.n - at >= (ptrdiff_t)sizeof(says) + 2) {
		struct post_answer inner = *answer;
		const char *digits = at + sizeof(says) - 1;

		inner.status = 0;
		for (int i = 0; i < 3 && digits[i] >= '0' && digits[i] <= '9'; i++)
			inner.status = inner.status * 10 + (digits[i] - '0');
		judge_status(&inner, a, out);
		judge_words((struct slice){ 0 }, body, a, out);
		return;
	}
	if (out->end != POST_DELIVERED && judge_read(&answer_shape, body, a, &said))
		judge_words(said.error.code, said.error.message, a, out);
}
