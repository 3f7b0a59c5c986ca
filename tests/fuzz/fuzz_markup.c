/* Any bytes as a message for every platform: byte 0 is the format, byte 1 makes the limits small so that
 * short inputs are cut too. What comes out conforms (tests/lib/platform.h). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "channel/channel_int.h"
#include "lib/platform.h"
#include "lib/platform_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what, const char *fault, struct slice text)
{
	fprintf(stderr, "%s: %s\n%.*s\n", what, fault, SLICE_ARG(text));
	abort();
}

static void try_platform(const char *to, const struct credentials *cred,
			 const struct content *content, struct arena *a)
{
	static const char headers[] =
		"Content-Type: application/json\r\nwebhook-id: m\r\nwebhook-timestamp: 1\r\n";
	struct channel c;
	struct post post;
	const char *message, *fault;

	ASSERT(channel_parse(slice_of(to), &c, &message));
	ASSERT(!channel_build(&c, cred, content, a, &post));
	struct platform_request r = { "POST", post.is_mail ? "" : strchr(post.url + 8, '/'),
				      headers, post.body.p, post.body.n };

	if (post.headers_n && slice_is(post.headers[0].name, "Authorization"))
		r.headers = arena_printf(a, "%sAuthorization: %.*s\r\n", headers,
					 SLICE_ARG(post.headers[0].value));
	fault = post.is_mail ? mail_check(post.body.p, post.body.n)
			     : platform_check(platform_names[c.platform], &r);
	if (fault)
		fail(to, fault, post.body);
}

/* With a limit that is less than the platform's. */
static void try_limit(const struct dialect *dialect, size_t limit, const struct content *content,
		      struct arena *a)
{
	struct dialect d = *dialect;
	bool was_cut;

	d.limit = limit;
	struct slice text = markup_write(&d, content, a, &was_cut);
	const char *fault = NULL;

	if (!text_is_utf8(text.p, text.n))
		fault = "not UTF-8";
	else if (dialect == &dialect_telegram)
		fault = check_telegram_text(text.p, true);
	else if (text_units(text.p, 'u') > limit)
		fault = "too long";
	else if (dialect == &dialect_slack)
		fault = check_mrkdwn(text.p, true);
	else if (dialect == &dialect_discord)
		fault = check_discord_text(text.p);
	if (fault)
		fail("small limit", fault, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct {
		const char *to;
		struct credentials cred;
	} rows[] = {
		{ "slack:#a", { .token = SLICE_LIT("xoxb-1") } },
		{ "discord:12345678901234567", { .token = SLICE_LIT("A.B.C") } },
		{ "telegram:42", { .token = SLICE_LIT("1:a") } },
		{ "teams:a", { .webhook_url = SLICE_LIT("https://x.example/y") } },
		{ "google_chat:a",
		  { .webhook_url = SLICE_LIT(
			    "https://x.example/v1/spaces/A/messages?key=k&token=t") } },
		{ "whatsapp:+15551234567",
		  { .token = SLICE_LIT("t"), .phone_number_id = SLICE_LIT("1") } },
		{ "email:a@b.example",
		  { .smtp_url = SLICE_LIT("smtp://x"), .from = SLICE_LIT("a@b.example") } },
		{ "webhook:https://x.example/y", { .token = { 0 } } },
	};
	const struct dialect *const small[] = { &dialect_slack, &dialect_discord, &dialect_telegram,
						&dialect_whatsapp };
	struct content content = { .message_id = SLICE_LIT("m"), .now = 1700000000 * SEC };
	struct arena *a;
	char *copy;

	if (size < 2)
		return 0;
	a = arena_new();
	/* An exact allocation lets the sanitizer see a byte read too far. */
	copy = malloc(size - 2 + !(size - 2));
	if (!copy)
		abort();
	memcpy(copy, data + 2, size - 2);
	content.format = (enum channel_format)(data[0] % 3);
	content.text = (struct slice){ copy, size - 2 };
	content.title = (struct slice){ copy, data[0] & 4 ? size - 2 : 0 };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		try_platform(rows[i].to, &rows[i].cred, &content, a);
	for (size_t i = 0; i < 4; i++)
		try_limit(small[i], 100 + data[1], &content, a);
	free(copy);
	arena_free(a);
	return 0;
}
