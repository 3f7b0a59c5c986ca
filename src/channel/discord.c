/* Discord: Create Message with a bot token, else Execute Webhook (with wait=true it answers only
 * when the message is stored). docs.discord.com/developers/resources/message, .../resources/webhook */
#include "base/crypto.h"
#include "channel/channel_int.h"

enum { NONCE_BYTES = 12 }; /* as hex at most 25 characters */

/* A message with the nonce of one of the last minutes is answered with that one. */
static void add_nonce(struct strbuf *b, struct slice id)
{
	uint8_t hash[SHA256_BYTES];
	char hex[2 * NONCE_BYTES + 1];

	crypto_sha256(id, hash);
	crypto_hex(hash, NONCE_BYTES, hex);
	strbuf_addf(b, ",\"nonce\":\"%s\",\"enforce_nonce\":true", hex);
}

static bool webhook_url(struct making *m)
{
	const char *url;

	if (!making_webhook_url(m))
		return false;
	url = m->post->url;
	if (!strstr(url, "wait="))
		m->post->url = arena_printf(m->arena, "%s%cwait=true", url,
					    strchr(url, '?') ? '&' : '?');
	return true;
}

static bool bot_url(struct making *m)
{
	struct slice to = m->channel->to;

	if (!text_is_digits(to) || to.n < 15 || to.n > 20)
		return making_fails(
			m, "With a bot token discord: needs a channel's id: 17 to 20 digits.");
	making_url(m, "https://discord.com",
		   arena_printf(m->arena, "/api/v10/channels/%.*s/messages", SLICE_ARG(to)));
	making_authorization(m, "Bot");
	return true;
}

bool discord_build(struct making *m)
{
	bool is_bot = credentials_use_token(m->cred, m->channel->to);
	struct slice text;
	struct strbuf b;

	if (!(is_bot ? bot_url(m) : webhook_url(m)))
		return false;
	text = making_text(m, &dialect_discord);
	strbuf_init(&b, 6 * text.n + 256);
	strbuf_adds(&b, "{\"content\":");
	strbuf_add_json(&b, text);
	strbuf_adds(&b, ",\"allowed_mentions\":{\"parse\":[]}");
	if (is_bot && m->content->message_id.n)
		add_nonce(&b, m->content->message_id);
	strbuf_addc(&b, '}');
	return making_body(m, &b);
}

struct discord_answer {
	struct slice code, message, retry_after;
	uint64_t present;
};
static const struct field answer_fields[] = {
	F_RAW(discord_answer, code, "code"),
	F_STR(discord_answer, message, "message"),
	F_RAW(discord_answer, retry_after, "retry_after"),
};
static const struct shape answer_shape = SHAPE(discord_answer, "DiscordAnswer", answer_fields,
					       .present = offsetof(struct discord_answer, present));

void discord_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out)
{
	struct discord_answer said = { .code = { 0 } };
	usec_t wait;

	judge_status(answer, a, out);
	if (out->end == POST_DELIVERED || !judge_read(&answer_shape, answer->body, a, &said))
		return;
	if (slice_is(said.code, "0")) /* says nothing */
		said.code.n = 0;
	judge_words(said.code, said.message, a, out);
	wait = judge_seconds(said.retry_after);
	/* The body's is exact, the header's rounded. */
	if (wait != USEC_NEVER)
		out->retry_after = wait;
}
