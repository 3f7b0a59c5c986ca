/* Credentials: read, checked, masked. And the checkers of tests/lib, which must find what is wrong. */
#include <check.h>
#include <stdio.h>

#include "channel/channel_int.h"
#include "lib/platform.h"

#define COUNT(list) (int)(sizeof(list) / sizeof((list)[0]))

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(a);
}

/* "field code" of each fault, in order; empty: fine. */
static const struct row {
	int line;
	enum platform platform;
	const char *json, *faults;
} rows[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	R(PLATFORM_SLACK, "{\"token\":\"xoxb-1-2-abc\"}", ""),
	R(PLATFORM_SLACK, "{\"webhook_url\":\"https://hooks.slack.com/services/T/B/x\"}", ""),
	R(PLATFORM_SLACK,
	  "{\"webhook_urls\":{\"alerts\":\"https://h.example/\"},\"api_base\":\"http://127.0.0.1:80/x\"}",
	  ""),
	R(PLATFORM_SLACK, "{}", "token required;"),
	R(PLATFORM_SLACK, "{\"token\":\"123:abc\"}", "token invalid_value;"),
	R(PLATFORM_SLACK, "{\"token\":\"Bearer xoxb-1\"}", "token invalid_value;"),
	R(PLATFORM_SLACK, "{\"token\":\"xoxb-1\\r\\nX: y\"}", "token invalid_value;"),
	R(PLATFORM_SLACK, "{\"token\":\"xoxb-1\",\"smtp_url\":\"smtp://x\"}",
	  "smtp_url not_taken;"),
	R(PLATFORM_SLACK, "{\"webhook_urls\":{\"a\":\"nope\",\"b\":\"https://x.example/\"}}",
	  "webhook_urls.a invalid_value;"),
	R(PLATFORM_SLACK, "{\"webhook_url\":\"https://x.example/a b\"}",
	  "webhook_url invalid_value;"),
	R(PLATFORM_SLACK, "{\"token\":\"xoxb-1\",\"api_base\":\"https://u:p@x.example\"}",
	  "api_base invalid_value;"),
	R(PLATFORM_SLACK, "{\"token\":\"xoxb-1\",\"api_base\":\"https://x.example/?q\"}",
	  "api_base invalid_value;"),
	R(PLATFORM_DISCORD, "{\"token\":\"MTk4.Cl2FMQ.ZnCjm1XVW7\"}", ""),
	R(PLATFORM_DISCORD, "{\"token\":\"xoxb-1-2\"}", "token invalid_value;"),
	R(PLATFORM_DISCORD, "{\"token\":\"Bot MTk4.x.y\"}", "token invalid_value;"),
	R(PLATFORM_TELEGRAM, "{\"token\":\"110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\"}", ""),
	R(PLATFORM_TELEGRAM, "{\"token\":\"bot110201543:AAH\"}", "token invalid_value;"),
	R(PLATFORM_TELEGRAM, "{\"token\":\"1:a/../x\"}", "token invalid_value;"),
	R(PLATFORM_TELEGRAM, "{\"webhook_url\":\"https://x.example/\"}",
	  "token required;webhook_url not_taken;"),
	R(PLATFORM_TEAMS, "{\"webhook_url\":\"https://x.example/\"}", ""),
	R(PLATFORM_TEAMS, "{\"token\":\"x\"}", "token not_taken;webhook_url required;"),
	R(PLATFORM_GOOGLE_CHAT, "{\"webhook_urls\":{}}", "webhook_url required;"),
	R(PLATFORM_WHATSAPP, "{\"token\":\"EAAx\",\"phone_number_id\":\"106540352242922\"}", ""),
	R(PLATFORM_WHATSAPP, "{\"token\":\"EAAx\"}", "phone_number_id required;"),
	R(PLATFORM_WHATSAPP, "{\"token\":\"EAAx\",\"phone_number_id\":\"+1555\"}",
	  "phone_number_id invalid_value;"),
	R(PLATFORM_EMAIL,
	  "{\"smtp_url\":\"smtps://u:p@mail.example:465\",\"from\":\"C <c@d.example>\"}", ""),
	R(PLATFORM_EMAIL, "{\"from\":\"c@d.example\"}", ""),
	R(PLATFORM_EMAIL, "{}", "smtp_url required;"),
	R(PLATFORM_EMAIL, "{\"smtp_url\":\"http://x\"}", "smtp_url invalid_value;"),
	R(PLATFORM_EMAIL, "{\"from\":\"C <c@d.example>\\nBcc: x\"}", "from invalid_value;"),
	R(PLATFORM_EMAIL, "{\"from\":\"C c@d.example\"}", "from invalid_value;"),
	R(PLATFORM_WEBHOOK, "{\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8I\"}", ""),
	R(PLATFORM_WEBHOOK, "{\"token\":\"abc\",\"api_base\":\"https://x.example\"}",
	  "api_base not_taken;"),
	R(PLATFORM_WEBHOOK, "{\"secret\":\"with a space\"}", "secret invalid_value;"),
	R(PLATFORM_WEBHOOK, "{\"secret\":\"short\"}", "secret too_short;"),
	R(PLATFORM_WEBHOOK, "{\"secret\":\"longenough\",\"password\":\"x\"}",
	  "password unknown_field;"),
#undef R
};

static struct credentials read_credentials(const char *json, struct json_faults *faults)
{
	struct json_syntax syntax;
	struct json_reader reader = { a, faults, &syntax };
	struct credentials cred;

	ck_assert(json_decode(&credentials_shape, slice_of(json), &reader, &cred));
	return cred;
}

START_TEST(faults)
{
	const struct row *r = &rows[_i];
	struct json_faults faults_ = { .n = 0 };
	struct credentials cred = read_credentials(r->json, &faults_);
	struct strbuf said;

	if (faults_.n == 0)
		platform_credentials_check(r->platform, &cred, &faults_, a);
	strbuf_init(&said, 4096);
	for (int i = 0; i < faults_.n; i++) {
		strbuf_addf(&said, "%s %s;", faults_.list[i].field, faults_.list[i].code);
		ck_assert(faults_.list[i].message && strlen(faults_.list[i].message) > 10);
	}
	ck_assert_msg(strcmp(said.p ? said.p : "", r->faults) == 0, "row %d: %s", r->line, said.p);
	strbuf_release(&said);
}
END_TEST

/* What is kept is what was sent. */
START_TEST(kept_as_sent)
{
	static const char json[] =
		"{\"token\":\"xoxb-1\",\"webhook_urls\":{\"a\":\"https://x.example/\"},"
		"\"api_base\":\"http://y.example\"}";
	struct json_faults none = { .n = 0 };
	struct credentials cred = read_credentials(json, &none);
	struct strbuf out;

	strbuf_init(&out, 4096);
	json_encode(&credentials_shape, &cred, &out);
	ck_assert_str_eq(out.p, json);
	strbuf_release(&out);
}
END_TEST

START_TEST(masks)
{
	static const char *const pairs[][2] = {
		{ "xoxb-1234-5678-abcd1a2b", "xoxb-…1a2b" },
		{ "110201543:AAHdqTcvCH1vGWJxfSe", "…xfSe" },
		{ "whsec_MfKQ9r8GKYqrTwjU", "…TwjU" },
		{ "short", "…" },
		{ "elevenchars", "…" },
		{ "", "…" },
		{ "https://hooks.slack.com/services/T0/B0/abcdefg",
		  "https://hooks.slack.com/…defg" },
		{ "smtp://user:hunter2@mail.example:587", "smtp://…@mail.example:587" },
		{ "smtps://user:hun/ter2@mail.example/x", "smtps://…" },
		{ "https://x.example/short", "https://x.example" },
	};

	ck_assert_str_eq(arena_dup(a, credential_mask(slice_of(pairs[_i][0]), a).p,
				   credential_mask(slice_of(pairs[_i][0]), a).n),
			 pairs[_i][1]);
}
END_TEST

/* --- the checkers --- */

#define JSON_TYPE "Content-Type: application/json\r\n"
#define BEARER "Authorization: Bearer xoxb-1\r\n"
#define SLACK "slack", "/api/chat.postMessage", JSON_TYPE BEARER
#define DISCORD                                                    \
	"discord", "/api/v10/channels/12345678901234567/messages", \
		JSON_TYPE "authorization: Bot x\n"
#define TELEGRAM "telegram", "/bot1:a/sendMessage", JSON_TYPE
#define MENTIONS "\"allowed_mentions\":{\"parse\":[]}"
#define CARD_TYPE "application/vnd.microsoft.card.adaptive"
#define CARD(body)                                                                               \
	"{\"type\":\"message\",\"attachments\":[{\"contentType\":\"" CARD_TYPE "\",\"content\":" \
	"{\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"body\":[" body "]}}]}"

static const struct wrong {
	int line;
	bool ok;
	const char *platform, *path, *headers, *body;
} wrongs[] = {
#define R(...)                        \
	{                             \
		__LINE__, __VA_ARGS__ \
	}
	R(true, SLACK, "{\"channel\":\"#a\",\"text\":\"*x* <https://x.example|y> &amp;\\n> q\"}"),
	R(false, SLACK, "{\"channel\":\"#a\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"a & b\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"<!channel>\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"a > b\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"```x\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"x\",\"txet\":1}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"x\",\"text\":\"y\"}"),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"x\"} "),
	R(false, SLACK, "{\"channel\":\"#a\",\"text\":\"\xff\"}"),
	R(false, "slack", "/api/chat.postMessage", JSON_TYPE,
	  "{\"channel\":\"#a\",\"text\":\"x\"}"),
	R(false, "slack", "/api/chat.postmessage", JSON_TYPE BEARER,
	  "{\"channel\":\"#a\",\"text\":\"x\"}"),
	R(false, "slack", "/services/T1/B1/x", JSON_TYPE BEARER, "{\"text\":\"x\"}"),
	R(false, "slack", "/services/T1/B1/x", JSON_TYPE, "{\"text\":\"x\",\"channel\":\"#a\"}"),
	R(true, DISCORD, "{\"content\":\"x\"," MENTIONS "}"),
	R(false, DISCORD, "{\"content\":\"x\"}"),
	R(false, DISCORD, "{\"content\":\"@everyone\"," MENTIONS "}"),
	R(false, DISCORD,
	  "{\"content\":\"x\"," MENTIONS ",\"nonce\":\"12345678901234567890123456\"}"),
	R(false, DISCORD, "{\"content\":7," MENTIONS "}"),
	R(true, TELEGRAM,
	  "{\"chat_id\":1,\"text\":\"<b>x <i>y</i></b> <pre><code>z</code></pre> &lt;\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":1,\"text\":\"<b>x\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":1,\"text\":\"<b><i>x</b></i>\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":1,\"text\":\"<p>x</p>\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM,
	  "{\"chat_id\":1,\"text\":\"<b><code>x</code></b>\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":1,\"text\":\"a & b\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM,
	  "{\"chat_id\":1,\"text\":\"<a href=\\\"http://x\\\" onclick=\\\"y\\\">z</a>\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":1,\"text\":\"<b> </b>\",\"parse_mode\":\"HTML\"}"),
	R(false, TELEGRAM, "{\"chat_id\":\"some\",\"text\":\"x\"}"),
	R(true, "teams", "/x", JSON_TYPE, CARD("{\"type\":\"TextBlock\",\"text\":\"x\"}")),
	R(false, "teams", "/x", JSON_TYPE, CARD("")),
	R(false, "teams", "/x", JSON_TYPE, CARD("{\"type\":\"TextBlock\"}")),
	R(false, "teams", "/x", JSON_TYPE,
	  CARD("{\"type\":\"TextBlock\",\"text\":\"x\",\"size\":\"Huge\"}")),
	R(false, "teams", "/x", JSON_TYPE, "{\"text\":\"x\"}"),
	R(false, "google_chat", "/v1/spaces/A/messages?key=k", JSON_TYPE, "{\"text\":\"x\"}"),
	R(false, "google_chat", "/v1/spaces/A/messages?key=k&token=t", JSON_TYPE,
	  "{\"text\":\"<users/all>\"}"),
	R(true, "google_chat", "/v1/spaces/A/messages?key=k&token=t", JSON_TYPE,
	  "{\"text\":\"x\"}"),
	R(false, "whatsapp", "/v23.0/1/messages", JSON_TYPE BEARER,
	  "{\"messaging_product\":\"whatsapp\",\"to\":\"+15551234567\",\"type\":\"text\",\"text\":{\"bdoy\":\"x\"}}"),
	R(true, "whatsapp", "/v23.0/1/messages", JSON_TYPE BEARER,
	  "{\"messaging_product\":\"whatsapp\",\"to\":\"+15551234567\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}"),
	R(false, "webhook", "/", JSON_TYPE "webhook-id: a\r\n", "{}"),
	R(false, "webhook", "/",
	  JSON_TYPE "webhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1=x\r\n", "{}"),
	R(true, "webhook", "/", JSON_TYPE "webhook-id: a\r\nwebhook-timestamp: 1\r\n", "{}"),
	R(false, "webhook", "/",
	  "Content-Type: text/plain\r\nwebhook-id: a\r\nwebhook-timestamp: 1\r\n", "{}"),
	R(false, "nobody", "/", JSON_TYPE, "{}"),
#undef R
};

START_TEST(checkers_find_faults)
{
	const struct wrong *w = &wrongs[_i];
	struct platform_request r = { "POST", w->path, w->headers, w->body, strlen(w->body) };
	const char *fault = platform_check(w->platform, &r);

	ck_assert_msg(!fault == w->ok, "row %d: %s", w->line, fault ? fault : "fine");
	r.method = "PUT";
	ck_assert_ptr_nonnull(platform_check(w->platform, &r));
}
END_TEST

#define HEAD                                                                                                  \
	"From: <a@b.example>\r\nTo: <c@d.example>\r\nSubject: x\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n" \
	"Message-ID: <x@b.example>\r\nMIME-Version: 1.0\r\n"
#define TYPE "Content-Type: multipart/alternative; boundary=\"B\"\r\n\r\n"
#define PART(type, text)             \
	"--B\r\nContent-Type: " type \
	"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" text "\r\n"

START_TEST(mail_checker_finds_faults)
{
	static const struct {
		bool ok;
		const char *mail;
	} mails[] = {
		{ true, HEAD TYPE PART("text/plain", "=C3=A9 =\r\nx")
				PART("text/html", "<p>") "--B--\r\n" },
		{ false, HEAD TYPE PART("text/html", "<p>") PART("text/plain", "x") "--B--\r\n" },
		{ false, HEAD TYPE PART("text/plain", "x") PART("text/html", "<p>") },
		{ false, HEAD TYPE PART("text/plain", "=C3") PART("text/html", "<p>") "--B--\r\n" },
		{ false, HEAD TYPE PART("text/plain", "=zz") PART("text/html", "<p>") "--B--\r\n" },
		{ false,
		  HEAD TYPE PART("text/plain", "\xc3\xa9") PART("text/html", "<p>") "--B--\r\n" },
		{ false,
		  HEAD TYPE PART("text/plain", "a\nb") PART("text/html", "<p>") "--B--\r\n" },
		{ false, HEAD "Subject: y\r\n" TYPE PART("text/plain", "x")
				 PART("text/html", "<p>") "--B--\r\n" },
		{ false, HEAD "Bcc: <e@f.example>\r\n" TYPE PART("text/plain", "x")
				 PART("text/html", "<p>") "--B--\r\n" },
		{ false, TYPE PART("text/plain", "x") PART("text/html", "<p>") "--B--\r\n" },
	};

	ck_assert_msg(!mail_check(mails[_i].mail, strlen(mails[_i].mail)) == mails[_i].ok,
		      "mail %d: %s", _i, mail_check(mails[_i].mail, strlen(mails[_i].mail)));
}
END_TEST

Suite *suite_channel_credentials(void)
{
	Suite *s = suite_create("channel_credentials");
	TCase *tc = tcase_create("credentials");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, faults, 0, COUNT(rows));
	tcase_add_test(tc, kept_as_sent);
	tcase_add_loop_test(tc, masks, 0, 10);
	tcase_add_loop_test(tc, checkers_find_faults, 0, COUNT(wrongs));
	tcase_add_loop_test(tc, mail_checker_finds_faults, 0, 10);
	suite_add_tcase(s, tc);
	return s;
}
