/* The table of platforms. */
#include "channel/channel.h"

#include "base/check.h"
#include "channel/channel_int.h"

const char *const platform_names[] = { "slack",    "discord", "telegram", "teams", "google_chat",
				       "whatsapp", "email",   "webhook",  NULL };
_Static_assert(sizeof(platform_names) / sizeof(platform_names[0]) == PLATFORM_COUNT + 1,
	       "a name each");
const char *const channel_formats[] = { "text", "markdown", "json", NULL };

enum { URL_MAX = 2048, NAME_MAX_BYTES = 80, NUMBER_MAX = 20 };

/* --- what stands behind the colon --- */

static struct slice behind(struct slice s, size_t n)
{
	return (struct slice){ s.p + n, s.n - n };
}

static bool slack_to(struct slice to)
{
	/* Names may have letters of any script; an id begins C, D, G (conversations) or U, W (people). */
	if (to.n > 1 && to.p[0] == '#' && to.n <= NAME_MAX_BYTES + 1) {
		for (size_t i = 1; i < to.n; i++)
			if ((unsigned char)to.p[i] <= ' ' || strchr("#@,:<>\"\\\x7f", to.p[i]))
				return false;
		return true;
	}
	return to.n >= 2 && to.n <= 32 && strchr("CDGUW", to.p[0]) && text_is_of(to, "");
}

static bool name_to(struct slice to)
{
	if (to.n == 0 || to.n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < to.n; i++)
		if ((unsigned char)to.p[i] < ' ' || to.p[i] == 0x7f)
			return false;
	return to.p[0] != ' ' && to.p[to.n - 1] != ' ';
}

static bool telegram_to(struct slice to)
{
	if (to.n > 1 && to.p[0] == '@')
		return to.n >= 5 && to.n <= 33 && text_is_of(behind(to, 1), "_");
	if (to.n > 1 && to.p[0] == '-')
		to = behind(to, 1);
	return to.n <= 18 && text_is_digits(to) && to.p[0] != '0';
}

static bool whatsapp_to(struct slice to)
{
	return to.n >= 8 && to.n <= 16 && to.p[0] == '+' && text_is_digits(behind(to, 1))
	    && to.p[1] != '0';
}

static bool webhook_to(struct slice to)
{
	return to.n <= URL_MAX && url_is_http(to);
}

#define BIT(field) (1u << CRED_##field)
#define HOOKS (BIT(WEBHOOK_URL) | BIT(WEBHOOK_URLS))

const struct platform_row platform_rows[PLATFORM_COUNT] = {
	[PLATFORM_SLACK] = { .name = "Slack",
			     .to_ok = slack_to,
			     .to_expected =
				     "This must be slack:#channel-name or slack: and a channel's id, "
				     "like slack:C0123ABC456.",
			     .takes = BIT(TOKEN) | HOOKS,
			     .needs_one = BIT(TOKEN) | HOOKS,
			     .takes_api_base = true,
			     .build = slack_build,
			     .judge = slack_judge },
	[PLATFORM_DISCORD] = { .name = "Discord",
			       .to_ok = name_to,
			       .to_expected = "This must be discord: and a channel's id (digits), "
					      "or the name of a webhook.",
			       .takes = BIT(TOKEN) | HOOKS,
			       .needs_one = BIT(TOKEN) | HOOKS,
			       .takes_api_base = true,
			       .build = discord_build,
			       .judge = discord_judge },
	[PLATFORM_TELEGRAM] = { .name = "Telegram",
				.to_ok = telegram_to,
				.to_expected =
					"This must be telegram: and a chat's id, like telegram:-1001234567890, or "
					"telegram:@channel_name.",
				.takes = BIT(TOKEN),
				.needs = BIT(TOKEN),
				.takes_api_base = true,
				.build = telegram_build,
				.judge = telegram_judge },
	[PLATFORM_TEAMS] = { .name = "Teams",
			     .to_ok = name_to,
			     .to_expected =
				     "This must be teams: and a name, at most 80 bytes on one line.",
			     .takes = HOOKS,
			     .needs_one = HOOKS,
			     .takes_api_base = true,
			     .build = teams_build,
			     .judge = teams_judge },
	[PLATFORM_GOOGLE_CHAT] = { .name = "Google Chat",
				   .to_ok = name_to,
				   .to_expected =
					   "This must be google_chat: and a name, at most 80 bytes on one line.",
				   .takes = HOOKS,
				   .needs_one = HOOKS,
				   .takes_api_base = true,
				   .build = google_chat_build,
				   .judge = google_chat_judge },
	[PLATFORM_WHATSAPP] = { .name = "WhatsApp",
				.to_ok = whatsapp_to,
				.to_expected =
					"This must be whatsapp: and a phone number with its country code, "
					"like whatsapp:+15551234567.",
				.takes = BIT(TOKEN) | BIT(PHONE_NUMBER_ID),
				.needs = BIT(TOKEN) | BIT(PHONE_NUMBER_ID),
				.takes_api_base = true,
				.build = whatsapp_build,
				.judge = whatsapp_judge },
	[PLATFORM_EMAIL] = { .name = "email",
			     .to_ok = address_is_valid,
			     .to_expected =
				     "This must be email: and one address, like email:ops@example.com.",
			     .takes = BIT(SMTP_URL) | BIT(FROM),
			     .needs_one = BIT(SMTP_URL) | BIT(FROM),
			     .build = mail_build,
			     .judge = mail_judge },
	[PLATFORM_WEBHOOK] = { .name = "webhook",
			       .to_ok = webhook_to,
			       .to_expected =
				       "This must be webhook: and an http:// or https:// URL of at most 2048 bytes.",
			       .takes = BIT(TOKEN) | BIT(SECRET),
			       .needs_one = BIT(TOKEN) | BIT(SECRET),
			       .build = webhook_build,
			       .judge = judge_status },
};

/* --- */

bool channel_parse(struct slice text, struct channel *out, const char **out_message)
{
	const char *colon = text.n ? memchr(text.p, ':', text.n) : NULL;
	struct slice name = { text.p, colon ? (size_t)(colon - text.p) : 0 };

	for (int i = 0; colon && i < PLATFORM_COUNT; i++) {
		struct slice to = behind(text, name.n + 1);

		if (!slice_is(name, platform_names[i]))
			continue;
		if (to.n > (i == PLATFORM_WEBHOOK ? URL_MAX : CHANNEL_TO_MAX)
		    || !platform_rows[i].to_ok(to)) {
			*out_message = platform_rows[i].to_expected;
			return false;
		}
		*out = (struct channel){ (enum platform)i, to };
		return true;
	}
	*out_message =
		"This must be slack:, discord:, telegram:, teams:, google_chat:, whatsapp:, email: or webhook: "
		"and whom it is for, like slack:#alerts.";
	return false;
}

const char *channel_build(const struct channel *c, const struct credentials *cred,
			  const struct content *content, struct arena *a, struct post *out)
{
	struct making m = {
		.channel = c, .cred = cred, .content = content, .arena = a, .post = out
	};

	*out = (struct post){ .is_mail = c->platform == PLATFORM_EMAIL };
	if (platform_rows[c->platform].build(&m))
		return NULL;
	ASSERT(m.message);
	return m.message;
}

void channel_judge(enum platform p, const struct post_answer *answer, struct arena *a,
		   struct post_meaning *out)
{
	platform_rows[p].judge(answer, a, out);
	if (out->end == POST_DELIVERED)
		*out = (struct post_meaning){ .end = POST_DELIVERED, .retry_after = USEC_NEVER };
	else if (out->end == POST_REFUSED)
		out->retry_after = USEC_NEVER;
}
