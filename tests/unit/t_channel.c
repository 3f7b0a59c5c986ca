/* Channels: what may stand behind the colon, and requests against the platforms' documents (tests/lib/platform.h). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "channel/channel_int.h"
#include "lib/platform.h"

#define EMOJI "\xf0\x9f\x98\x80"
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

/* --- names --- */

static const struct name {
	const char *text;
	int platform; /* -1: refused */
} names[] = {
	{ "slack:#alerts", PLATFORM_SLACK },
	{ "slack:#büro-2", PLATFORM_SLACK },
	{ "slack:C0123ABC", PLATFORM_SLACK },
	{ "slack:alerts", -1 },
	{ "slack:#", -1 },
	{ "slack:#a b", -1 },
	{ "slack:#a\r\nb", -1 },
	{ "slack:<!channel>", -1 },
	{ "discord:12345678901234567", PLATFORM_DISCORD },
	{ "discord:my hook", PLATFORM_DISCORD },
	{ "discord:", -1 },
	{ "telegram:-1001234567890", PLATFORM_TELEGRAM },
	{ "telegram:42", PLATFORM_TELEGRAM },
	{ "telegram:@some_channel", PLATFORM_TELEGRAM },
	{ "telegram:some_channel", -1 },
	{ "telegram:042", -1 },
	{ "telegram:-", -1 },
	{ "telegram:1,\"x\":2", -1 },
	{ "teams:Ops room", PLATFORM_TEAMS },
	{ "teams: ", -1 },
	{ "google_chat:ops", PLATFORM_GOOGLE_CHAT },
	{ "google_chat:o\tps", -1 },
	{ "whatsapp:+15551234567", PLATFORM_WHATSAPP },
	{ "whatsapp:15551234567", -1 },
	{ "whatsapp:+0555123456", -1 },
	{ "whatsapp:+1555123456789012", -1 },
	{ "email:ops@example.com", PLATFORM_EMAIL },
	{ "email:o'hara+x@mail.example.com", PLATFORM_EMAIL },
	{ "email:ops", -1 },
	{ "email:a@b.example,c@d.example", -1 },
	{ "email:a@b.example\r\nBcc: x@y.example", -1 },
	{ "email:<a@b.example>", -1 },
	{ "email:a..b@c.example", -1 },
	{ "email:.a@c.example", -1 },
	{ "email:a@c.example.", -1 },
	{ "email:a@-c.example", -1 },
	{ "webhook:https://x.example/y?z=1", PLATFORM_WEBHOOK },
	{ "webhook:http://127.0.0.1:8080/", PLATFORM_WEBHOOK },
	{ "webhook:ftp://x.example/", -1 },
	{ "webhook:https://x.example/a b", -1 },
	{ "webhook:https://", -1 },
	{ "sms:+15551234567", -1 },
	{ "Slack:#a", -1 },
	{ "slack", -1 },
	{ ":", -1 },
	{ "", -1 },
};

START_TEST(names_and_addresses)
{
	const struct name *n = &names[_i];
	struct channel c = { .platform = PLATFORM_COUNT };
	const char *message = NULL;
	bool ok = channel_parse(slice_of(n->text), &c, &message);

	ck_assert_msg(ok == (n->platform >= 0), "%s: %s", n->text, ok ? "taken" : message);
	ck_assert_msg(ok || (message && strncmp(message, "This must be ", 13) == 0),
		      "%s: no sentence", n->text);
	ck_assert_msg(!ok || (int)c.platform == n->platform, "%s", n->text);
	ck_assert_msg(!ok || slice_is(c.to, strchr(n->text, ':') + 1), "%s", n->text);
}
END_TEST

START_TEST(long_names)
{
	char text[2200];
	struct channel c;
	const char *message;

	memset(text, 'x', sizeof(text));
	memcpy(text, "webhook:https://", 16);
	ck_assert(channel_parse((struct slice){ text, 8 + 2048 }, &c, &message));
	ck_assert(!channel_parse((struct slice){ text, 8 + 2049 }, &c, &message));
	memcpy(text, "teams:xxxxxxxxxxxxxxx", 16);
	ck_assert(channel_parse((struct slice){ text, 6 + 80 }, &c, &message));
	ck_assert(!channel_parse((struct slice){ text, 6 + 81 }, &c, &message));
}
END_TEST

/* --- requests --- */

static struct json_pair hooks[] = {
	{ SLICE_LIT("alerts"),
	  SLICE_LIT("https://hooks.slack.com/services/T1/B1/NamedNamedNamed") },
	{ SLICE_LIT("ops"),
	  SLICE_LIT(
		  "https://prod-1.westus.logic.azure.com:443/workflows/ab/triggers/manual?sig=x") },
};

static const struct with {
	const char *to;
	struct credentials cred;
	const char *url;           /* that is called */
	const char *authorization; /* NULL: none */
} withs[] = {
	{ "slack:#ops",
	  { .token = SLICE_LIT("xoxb-1-abc") },
	  "https://slack.com/api/chat.postMessage",
	  "Bearer xoxb-1-abc" },
	{ "slack:#ops",
	  { .webhook_url = SLICE_LIT("https://hooks.slack.com/services/T0/B0/XXXX") },
	  "https://hooks.slack.com/services/T0/B0/XXXX",
	  NULL },
	{ "slack:#alerts",
	  { .token = SLICE_LIT("xoxb-1-abc"), .webhook_urls = { hooks, 2 } },
	  "https://hooks.slack.com/services/T1/B1/NamedNamedNamed",
	  NULL },
	{ "slack:#other",
	  { .token = SLICE_LIT("xoxb-1-abc"),
	    .webhook_urls = { hooks, 2 },
	    .api_base = SLICE_LIT("http://127.0.0.1:9/") },
	  "http://127.0.0.1:9/api/chat.postMessage",
	  "Bearer xoxb-1-abc" },
	{ "discord:12345678901234567",
	  { .token = SLICE_LIT("AAA.BBB.CCC") },
	  "https://discord.com/api/v10/channels/12345678901234567/messages",
	  "Bot AAA.BBB.CCC" },
	{ "discord:any",
	  { .webhook_url = SLICE_LIT(
		    "https://discord.com/api/webhooks/123456789012345678/abc-DEF") },
	  "https://discord.com/api/webhooks/123456789012345678/abc-DEF?wait=true",
	  NULL },
	{ "discord:any",
	  { .webhook_url = SLICE_LIT(
		    "https://discord.com/api/webhooks/123456789012345678/abc?thread_id=7") },
	  "https://discord.com/api/webhooks/123456789012345678/abc?thread_id=7&wait=true",
	  NULL },
	{ "telegram:-1001234567890",
	  { .token = SLICE_LIT("123:abc-DEF") },
	  "https://api.telegram.org/bot123:abc-DEF/sendMessage",
	  NULL },
	{ "telegram:@some_channel",
	  { .token = SLICE_LIT("123:abc-DEF"), .api_base = SLICE_LIT("http://localhost:8081") },
	  "http://localhost:8081/bot123:abc-DEF/sendMessage",
	  NULL },
	{ "teams:ops",
	  { .webhook_urls = { hooks, 2 }, .api_base = SLICE_LIT("http://127.0.0.1:9") },
	  "http://127.0.0.1:9/workflows/ab/triggers/manual?sig=x",
	  NULL },
	{ "google_chat:ops",
	  { .webhook_url = SLICE_LIT(
		    "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=t") },
	  "https://chat.googleapis.com/v1/spaces/AAA/messages?key=k&token=t",
	  NULL },
	{ "whatsapp:+15551234567",
	  { .token = SLICE_LIT("EAAx"), .phone_number_id = SLICE_LIT("106540352242922") },
	  "https://graph.facebook.com/v23.0/106540352242922/messages",
	  "Bearer EAAx" },
	{ "webhook:https://x.example/h",
	  { .secret = SLICE_LIT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") },
	  "https://x.example/h",
	  NULL },
	{ "webhook:https://x.example/h",
	  { .token = SLICE_LIT("t0k3n") },
	  "https://x.example/h",
	  "Bearer t0k3n" },
	{ "email:ops@example.com",
	  { .smtp_url = SLICE_LIT("smtp://localhost:25"),
	    .from = SLICE_LIT("Ca\"rillon <c@mail.example>") },
	  "smtp://localhost:25",
	  NULL },
};

/* Things that people say, and worse. */
static const char *const texts[] = {
	"plain",
	"blanks  \nat ends\t\n.\nFrom here",
	"",
	"# Head `x`\n\n**b _i_** [l](https://x.example/?a=1&b=\"2\") <script>\n- i\n  - j\n\n> "
	"q\n\n```\nc <&> `\n```\n\n|a|\n|-|\n",
	"@everyone <!here> <@U1> <users/all> {{DATE(2020-01-01T00:00:00Z)}} [x](javascript:alert(1))",
	"**open `code [link](http://x.example",
	"\x01\x02\xff\xfe\xed\xa0\x80\xf5 \"\\ \x7f",
	"\r\nX-Injected: 1\r\n.\r\nRCPT TO:<x@y.example>\r\n",
	"مرحبا **" EMOJI EMOJI "** \xe2\x80\xae",
	"{\"a\":[1,{\"b\":\"\\u20ac\"}]}",
};
enum { HUGE_TEXTS = 4 };
static const char *const huge[HUGE_TEXTS] = { "word **bold** [l](http://x.example/) ", EMOJI,
					      "\n```\n<&>\"", "\\*_~\"&<" };

static struct slice text_at(int i)
{
	const char *piece;
	size_t n;
	char *p;

	if (i < COUNT(texts))
		return slice_of(texts[i]);
	piece = huge[i - COUNT(texts)];
	n = strlen(piece);
	p = arena_alloc(a, (1 << 20) + n);
	for (size_t at = 0; at < 1 << 20; at += n)
		memcpy(p + at, piece, n);
	return (struct slice){ p, 1 << 20 };
}

static const char *header_of(const struct post *p, const char *name)
{
	for (int i = 0; i < p->headers_n; i++)
		if (slice_is(p->headers[i].name, name))
			return arena_dup(a, p->headers[i].value.p, p->headers[i].value.n);
	return NULL;
}

static const char *checked(const struct channel *c, const struct post *p)
{
	struct strbuf headers;
	const char *fault, *path = strchr(p->url + 8, '/');
	struct platform_request r = { "POST", path, NULL, p->body.p, p->body.n };

	if (p->is_mail)
		return mail_check(p->body.p, p->body.n);
	strbuf_init(&headers, 8192);
	for (int i = 0; i < p->headers_n; i++)
		strbuf_addf(&headers, "%.*s: %.*s\r\n", SLICE_ARG(p->headers[i].name),
			    SLICE_ARG(p->headers[i].value));
	r.headers = headers.p;
	fault = platform_check(platform_names[c->platform], &r);
	strbuf_release(&headers);
	return fault;
}

static void build(const struct with *w, const struct content *content, struct post *out)
{
	const char *message = NULL;
	struct channel c;

	ck_assert_msg(channel_parse(slice_of(w->to), &c, &message), "%s: %s", w->to, message);
	message = channel_build(&c, &w->cred, content, a, out);
	ck_assert_msg(!message, "%s: %s", w->to, message);
	message = checked(&c, out);
	ck_assert_msg(!message, "%s, \"%.40s\": %s\n%.2000s", w->to, content->text.p, message,
		      out->body.p);
}

static struct content content_of(enum channel_format format, struct slice text)
{
	return (struct content){ .format = format,
				 .title = SLICE_LIT(
					 "Daily *dig\"est*\r\nBcc: x@y.example <&> \xc3\xa9"),
				 .text = text,
				 .fields = SLICE_LIT(" {\"run_id\":\"run_1\",\"n\":1.0} "),
				 .message_id = SLICE_LIT("run_1"),
				 .now = 1700000000 * SEC };
}

START_TEST(requests_are_as_documented)
{
	const struct with *w = &withs[_i];
	struct post post;

	for (int t = 0; t < COUNT(texts) + HUGE_TEXTS; t++)
		for (int f = FORMAT_TEXT; f <= FORMAT_JSON; f++) {
			struct content content = content_of((enum channel_format)f, text_at(t));
			const char *authorization;

			build(w, &content, &post);
			authorization = header_of(&post, "Authorization");
			ck_assert_str_eq(post.url, w->url);
			ck_assert(!authorization == !w->authorization);
			ck_assert(!authorization || strcmp(authorization, w->authorization) == 0);
			ck_assert(post.is_mail == (strncmp(w->to, "email", 5) == 0));
			ck_assert_msg(
				post.was_cut
					== (t >= COUNT(texts) && strncmp(w->to, "webhook", 7) != 0),
				"%s, text %d: was_cut %d", w->to, t, post.was_cut);
		}
}
END_TEST

START_TEST(the_whole_message)
{
	static const struct {
		int with;
		enum channel_format format;
		const char *body;
	} rows[] = {
		{ 0, FORMAT_MARKDOWN,
		  "{\"channel\":\"#ops\",\"unfurl_links\":false,\"unfurl_media\":false,"
		  "\"text\":\"*T &amp; t*\\n\\n*b*\"}" },
		{ 1, FORMAT_TEXT, "{\"text\":\"T &amp; t\\n\\n**b**\",\"mrkdwn\":false}" },
		{ 4, FORMAT_MARKDOWN,
		  "{\"content\":\"**T & t**\\n\\n**b**\",\"allowed_mentions\":{\"parse\":[]},"
		  "\"nonce\":\"37ddff8ee13f1e57937fd048\","
		  "\"enforce_nonce\":true}" },
		{ 5, FORMAT_MARKDOWN,
		  "{\"content\":\"**T & t**\\n\\n**b**\",\"allowed_mentions\":{\"parse\":[]}}" },
		{ 7, FORMAT_MARKDOWN,
		  "{\"chat_id\":-1001234567890,\"text\":\"<b>T &amp; t</b>\\n\\n<b>b</b>\",\"parse_mode\":\"HTML\","
		  "\"link_preview_options\":{\"is_disabled\":true}}" },
		{ 8, FORMAT_TEXT,
		  "{\"chat_id\":\"@some_channel\",\"text\":\"<b>T &amp; t</b>\\n\\n**b**\",\"parse_mode\":\"HTML\","
		  "\"link_preview_options\":{\"is_disabled\":true}}" },
		{ 10, FORMAT_MARKDOWN, "{\"text\":\"*T & t*\\n\\n*b*\"}" },
		{ 11, FORMAT_MARKDOWN,
		  "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\","
		  "\"to\":\"+15551234567\",\"type\":\"text\","
		  "\"text\":{\"preview_url\":false,\"body\":\"*T & t*\\n\\n*b*\"}}" },
		{ 12, FORMAT_MARKDOWN,
		  "{\"title\":\"T & t\",\"format\":\"markdown\",\"text\":\"**b**\",\"run_id\":\"run_1\",\"n\":1.0}" },
		{ 12, FORMAT_JSON,
		  "{\"title\":\"T & t\",\"format\":\"json\",\"text\":\"**b**\",\"run_id\":\"run_1\",\"n\":1.0}" },
	};
	struct content content = content_of(rows[_i].format, SLICE_LIT("**b**"));
	struct post post;

	content.title = SLICE_LIT("T & t");
	build(&withs[rows[_i].with], &content, &post);
	ck_assert_msg(slice_is(post.body, rows[_i].body), "%.*s\nis not\n%s", SLICE_ARG(post.body),
		      rows[_i].body);
}
END_TEST

/* JSON goes into a webhook byte for byte. */
START_TEST(webhooks_get_json_as_it_is)
{
	struct content content = content_of(FORMAT_JSON,
					    SLICE_LIT("{\"b\" : 1.10, \"a\":9007199254740993}"));
	struct post post;

	content.title = SLICE_LIT("t");
	content.fields = SLICE_LIT("{}");
	build(&withs[12], &content, &post);
	ck_assert_str_eq(
		arena_dup(a, post.body.p, post.body.n),
		"{\"title\":\"t\",\"format\":\"json\",\"output\":{\"b\" : 1.10, \"a\":9007199254740993}}");
}
END_TEST

static const struct {
	enum channel_format format;
	const char *text, *output;
	bool is_json;
	const char *body;
} outputs[] = {
	{ FORMAT_TEXT, "done", "{\"a\" : 1.10}", true,
	  "{\"title\":\"t\",\"format\":\"text\",\"text\":\"done\",\"output\":{\"a\" : 1.10},\"n\":1}" },
	{ FORMAT_MARKDOWN, "done", "{\"a\" : 1.10}", false,
	  "{\"title\":\"t\",\"format\":\"markdown\",\"text\":\"done\",\"output\":\"{\\\"a\\\" : 1.10}\",\"n\":1}" },
	{ FORMAT_JSON, NULL, "[1", false,
	  "{\"title\":\"t\",\"format\":\"json\",\"output\":\"[1\",\"n\":1}" },
	{ FORMAT_JSON, NULL, "null", true,
	  "{\"title\":\"t\",\"format\":\"json\",\"output\":null,\"n\":1}" },
	{ FORMAT_JSON, "7", "[1]", true,
	  "{\"title\":\"t\",\"format\":\"json\",\"text\":\"7\",\"output\":[1],\"n\":1}" },
};

START_TEST(webhooks_get_outputs)
{
	struct content content = { .format = outputs[_i].format,
				   .title = SLICE_LIT("t"),
				   .output = slice_of(outputs[_i].output),
				   .is_json = outputs[_i].is_json,
				   .fields = SLICE_LIT("{\"n\":1}"),
				   .message_id = SLICE_LIT("run_1") };
	struct post post;

	if (outputs[_i].text)
		content.text = slice_of(outputs[_i].text);
	build(&withs[13], &content, &post);
	ck_assert_str_eq(arena_dup(a, post.body.p, post.body.n), outputs[_i].body);
}
END_TEST

/* One JSON string longer than any message: what is shown and what is left out are all of it. */
START_TEST(long_strings_are_cut)
{
	enum { ALL = 50000 };
	char *text = arena_alloc(a, 2 * ALL + 3);
	struct content content = { .format = FORMAT_JSON,
				   .title = SLICE_LIT("t"),
				   .is_json = true };
	const char *at, *end;
	struct post post;
	int shown = 0;

	for (int i = 0; i < ALL; i++)
		memcpy(text + 1 + 2 * i, "\xc3\xa9", 2);
	text[0] = text[2 * ALL + 1] = '"';
	text[2 * ALL + 2] = '\0';
	content.text = (struct slice){ text, 2 * ALL + 2 };
	build(&withs[_i], &content, &post);
	at = arena_dup(a, post.body.p, post.body.n);
	end = strstr(at, "\xe2\x80\xa6 (");
	ck_assert_msg(end && !strstr(at, "\xef\xbf\xbd"), "%.300s", at);
	for (const char *p = at; p < end; p++)
		shown += memcmp(p, "\xc3\xa9", 2) == 0;
	/* and its two quotes */
	ck_assert_msg(shown > 400 && shown + atoi(end + 5) == ALL + 1, "%d + %s", shown, end);
}
END_TEST

/* Standard Webhooks: HMAC-SHA256 over "id.timestamp.body", computed with Python's hmac. */
START_TEST(webhooks_are_signed)
{
	struct content content = { .format = FORMAT_TEXT,
				   .title = SLICE_LIT("t"),
				   .text = SLICE_LIT("x"),
				   .message_id = SLICE_LIT("run_1"),
				   .now = 1614265330 * SEC };
	struct post post;

	build(&withs[12], &content, &post);
	ck_assert_str_eq(header_of(&post, "webhook-id"), "run_1");
	ck_assert_str_eq(header_of(&post, "webhook-timestamp"), "1614265330");
	ck_assert_str_eq(header_of(&post, "webhook-signature"),
			 "v1,X2DwEW7I1Q0ZCjqxeZimpEKm6gqG+q7dtbfT0EjTG64=");
	build(&withs[13], &content, &post);
	ck_assert_ptr_null(header_of(&post, "webhook-signature"));
}
END_TEST

static const struct unfit {
	const char *to;
	struct credentials cred;
	const char *says;
} unfits[] = {
	{ "slack:#ops", { .webhook_urls = { hooks, 2 }, .token = { 0 } }, NULL },
	{ "slack:#none",
	  { .webhook_urls = { hooks, 2 } },
	  "The credentials of slack have no webhook for \"#none\"." },
	{ "teams:x",
	  { .webhook_urls = { hooks, 2 } },
	  "The credentials of teams have no webhook for \"x\"." },
	{ "google_chat:x",
	  { .webhook_url = SLICE_LIT("nonsense") },
	  "The credentials of google_chat have no webhook for \"x\"." },
	{ "discord:name",
	  { .token = SLICE_LIT("A.B.C") },
	  "With a bot token discord: needs a channel's id: 17 to 20 digits." },
	{ "telegram:42", { .from = { 0 } }, "The credentials of telegram have no token." },
	{ "whatsapp:+15551234567",
	  { .token = SLICE_LIT("x") },
	  "The credentials of whatsapp need token and phone_number_id." },
	{ "email:a@b.example",
	  { .from = SLICE_LIT("c@d.example") },
	  "There is no mail server: email needs smtp_url." },
	{ "email:a@b.example",
	  { .smtp_url = SLICE_LIT("smtp://x") },
	  "There is no sender: email needs from." },
	{ "email:a@b.example",
	  { .smtp_url = SLICE_LIT("smtp://x"),
	    .from = SLICE_LIT("x\r\nBcc: <a@b.example>, c@d.example") },
	  "There is no sender: email needs from." },
};

START_TEST(unfit_credentials)
{
	const struct unfit *u = &unfits[_i];
	struct content content = content_of(FORMAT_TEXT, SLICE_LIT("x"));
	struct channel c;
	struct post post;
	const char *message = NULL;

	ck_assert(channel_parse(slice_of(u->to), &c, &message));
	message = channel_build(&c, &u->cred, &content, a, &post);
	ck_assert(!message == !u->says);
	if (u->says)
		ck_assert_str_eq(message, u->says);
}
END_TEST

/* --- mails --- */

static const struct mail {
	const char *title, *from, *subject, *sender; /* as a mail program shows them */
} mails[] = {
	{ "Daily digest", "c@d.example", "Daily digest", "<c@d.example>" },
	{ "", "C <c@d.example>", "(no subject)", "\"C\" <c@d.example>" },
	{ "Grüße " EMOJI, "Jürgen <c@d.example>", "Grüße " EMOJI, "Jürgen <c@d.example>" },
	{ "a\r\nBcc: x@y.example", "\"A \\ B\" <c@d.example>", "a Bcc: x@y.example",
	  "\"A \\\\ B\" <c@d.example>" },
	{ "=?UTF-8?Q?fake?=", "c@d.example", "=?UTF-8?Q?fake?=", "<c@d.example>" },
	{ "A title of a job that is longer than one line of a header may be, by some words at least,"
	  " if not more than that",
	  "c@d.example",
	  "A title of a job that is longer than one line of a header may be, by some words at least,"
	  " if not more than that",
	  "<c@d.example>" },
};

START_TEST(mail_headers)
{
	const struct mail *m = &mails[_i];
	struct with w = withs[COUNT(withs) - 1];
	struct content content = content_of(FORMAT_TEXT, SLICE_LIT("x"));
	struct post post;
	char *value;

	w.cred.from = slice_of(m->from);
	content.title = slice_of(m->title);
	build(&w, &content, &post);
	value = mail_header(post.body.p, post.body.n, "Subject");
	ck_assert_str_eq(value, m->subject);
	free(value);
	value = mail_header(post.body.p, post.body.n, "From");
	ck_assert_str_eq(value, m->sender);
	free(value);
	value = mail_header(post.body.p, post.body.n, "Message-ID");
	ck_assert_str_eq(value, "<run_1@d.example>");
	free(value);
	value = mail_header(post.body.p, post.body.n, "Date");
	ck_assert_str_eq(value, "Tue, 14 Nov 2023 22:13:20 +0000");
	free(value);
	ck_assert_str_eq(post.mail_from, "c@d.example");
	ck_assert_str_eq(post.mail_to, "ops@example.com");
}
END_TEST

START_TEST(mail_parts)
{
	struct content content = content_of(
		FORMAT_MARKDOWN,
		SLICE_LIT(
			"**b** = \xc3\xa9  \n.\n--=_x\nA long line that goes on and on, far beyond "
			"the seventy-six bytes that go."));
	struct post post;
	char *text, *html;

	content.title = (struct slice){ 0 };
	build(&withs[COUNT(withs) - 1], &content, &post);
	text = mail_part(post.body.p, post.body.n, "text/plain");
	html = mail_part(post.body.p, post.body.n, "text/html");
	ck_assert_str_eq(
		text,
		"b = \xc3\xa9\n.\n--=_x\nA long line that goes on and on, far beyond the seventy-six bytes that go.");
	ck_assert_ptr_nonnull(
		strstr(html, "<p><strong>b</strong> = \xc3\xa9<br>\n.<br>\n--=_x<br>\n"));
	free(text);
	free(html);
}
END_TEST

Suite *suite_channel(void)
{
	Suite *s = suite_create("channel");
	TCase *tc = tcase_create("channel");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, names_and_addresses, 0, COUNT(names));
	tcase_add_test(tc, long_names);
	tcase_add_loop_test(tc, requests_are_as_documented, 0, COUNT(withs));
	tcase_add_loop_test(tc, the_whole_message, 0, 10);
	tcase_add_test(tc, webhooks_get_json_as_it_is);
	tcase_add_test(tc, webhooks_are_signed);
	tcase_add_loop_test(tc, webhooks_get_outputs, 0, COUNT(outputs));
	tcase_add_loop_test(tc, long_strings_are_cut, 0, 12);
	tcase_add_loop_test(tc, unfit_credentials, 0, COUNT(unfits));
	tcase_add_loop_test(tc, mail_headers, 0, COUNT(mails));
	tcase_add_test(tc, mail_parts);
	suite_add_tcase(s, tc);
	return s;
}
