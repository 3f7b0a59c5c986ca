/* Requests against the platforms' documents: Slack chat.postMessage and incoming webhooks, Discord
 * Create Message and Execute Webhook, Telegram sendMessage, Teams Workflows webhooks with Adaptive
 * Cards 1.4, Google Chat spaces.messages.create, WhatsApp Cloud API messages, Standard Webhooks; and
 * OpenAI's chat completions, which models of many makers answer. */
#include "lib/platform.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/platform_text.h"

static char said[512];

__attribute__((format(printf, 1, 2))) static const char *no(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof said, fmt, args);
	va_end(args);
	return said;
}

/* --- the parts of a request --- */

static bool matches(const char *text, const char *pattern)
{
	regex_t re;
	bool yes;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

/* The value in a static buffer; NULL: not there. */
static const char *header(const struct platform_request *r, const char *name)
{
	static char value[4096];
	size_t n = strlen(name);

	for (const char *p = r->headers ? r->headers : ""; *p;) {
		size_t line = strcspn(p, "\r\n");

		if (line > n && p[n] == ':' && strncasecmp(p, name, n) == 0) {
			const char *from = p + n + 1;

			while (*from == ' ')
				from++;
			snprintf(value, sizeof value, "%.*s", (int)(p + line - from), from);
			return value;
		}
		p += line;
		p += strspn(p, "\r\n");
	}
	return NULL;
}

static const char *check_authorization(const struct platform_request *r, const char *pattern)
{
	const char *value = header(r, "authorization");

	if (!pattern)
		return value ? "a webhook takes no Authorization header" : NULL;
	if (!value)
		return "the Authorization header is missing";
	return matches(value, pattern) ? NULL : no("Authorization is not like %s", pattern);
}

struct rule {
	const char *name;
	char type; /* s(tring), S: not empty, b(ool), n(umber), i: string or number, o(bject), a(rray), *: any */
	bool is_needed;
};

static bool is_type(const cJSON *v, char type)
{
	switch (type) {
	case 's':
		return cJSON_IsString(v);
	case 'S':
		return cJSON_IsString(v) && *v->valuestring;
	case 'b':
		return cJSON_IsBool(v);
	case 'n':
		return cJSON_IsNumber(v);
	case 'i':
		return cJSON_IsNumber(v) || (cJSON_IsString(v) && *v->valuestring);
	case 'o':
		return cJSON_IsObject(v);
	case 'a':
		return cJSON_IsArray(v);
	default:
		return type == '*';
	}
}

/* Members of these names and types only, the needed ones there, none twice. */
static const char *check_object(const cJSON *o, const char *what, const struct rule *rules)
{
	if (!cJSON_IsObject(o))
		return no("%s is not an object", what);
	for (const cJSON *v = o->child; v; v = v->next) {
		const struct rule *rule = rules;

		while (rule->name && strcmp(rule->name, v->string) != 0)
			rule++;
		if (!rule->name)
			return no("%s has the unknown member %s", what, v->string);
		if (!is_type(v, rule->type))
			return no("%s.%s has the wrong type", what, v->string);
		for (const cJSON *w = v->next; w; w = w->next)
			if (strcmp(v->string, w->string) == 0)
				return no("%s has %s twice", what, v->string);
	}
	for (const struct rule *rule = rules; rule->name; rule++)
		if (rule->is_needed && !cJSON_GetObjectItemCaseSensitive(o, rule->name))
			return no("%s lacks %s", what, rule->name);
	return NULL;
}

static const char *string_of(const cJSON *o, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	return cJSON_IsString(v) ? v->valuestring : "";
}

static const char *check_length(const char *what, const char *text, size_t most)
{
	size_t n = text_units(text, 'c');

	if (text_is_blank(text))
		return no("%s has nothing to see", what);
	return n > most ? no("%s has %zu characters, at most %zu go", what, n, most) : NULL;
}

/* --- Slack --- */

static const char *check_slack(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = { { "channel", 'S', true },
					     { "text", 's', true },
					     { "mrkdwn", 'b', false },
					     { "unfurl_links", 'b', false },
					     { "unfurl_media", 'b', false },
					     { "thread_ts", 's', false },
					     { "username", 's', false },
					     { "link_names", 'b', false },
					     { 0 } };
	static const struct rule hook[] = { { "text", 's', true },
					    { "mrkdwn", 'b', false },
					    { 0 } };
	bool is_api = strcmp(r->path, "/api/chat.postMessage") == 0;
	const cJSON *mrkdwn = cJSON_GetObjectItemCaseSensitive(body, "mrkdwn");
	const char *fault;

	if (!is_api && !matches(r->path, "^/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+$"))
		return no("%s is neither chat.postMessage nor an incoming webhook", r->path);
	fault = check_authorization(r, is_api ? "^Bearer xox[a-z]*-[A-Za-z0-9-]+$" : NULL);
	if (!fault)
		fault = check_object(body, "the message", is_api ? rules : hook);
	if (!fault && is_api
	    && !matches(string_of(body, "channel"),
			"^(#[^#@,:<>[:space:]]{1,80}|[CDGUW][A-Za-z0-9]+)$"))
		fault = "channel is neither #name nor an id";
	if (!fault)
		fault = check_length("text", string_of(body, "text"), 40000);
	return fault ? fault : check_mrkdwn(string_of(body, "text"), !cJSON_IsFalse(mrkdwn));
}

/* --- Discord --- */

static const char *check_mentions(const cJSON *o)
{
	static const struct rule rules[] = { { "parse", 'a', false },
					     { "roles", 'a', false },
					     { "users", 'a', false },
					     { "replied_user", 'b', false },
					     { 0 } };
	const char *fault = o ? check_object(o, "allowed_mentions", rules)
			      : "allowed_mentions is missing: all would be notified";
	const cJSON *v;

	if (fault)
		return fault;
	cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(o, "parse")) if (
		!cJSON_IsString(v)
		|| !matches(
			v->valuestring,
			"^(roles|users|everyone)$")) return "allowed_mentions.parse has an unknown word";
	return cJSON_GetObjectItemCaseSensitive(o, "parse") ? NULL
							    : "allowed_mentions has no parse";
}

static const char *check_discord(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = { { "content", 's', true },
					     { "allowed_mentions", 'o', false },
					     { "nonce", 'i', false },
					     { "enforce_nonce", 'b', false },
					     { "tts", 'b', false },
					     { "flags", 'n', false },
					     { 0 } };
	static const struct rule hook[] = { { "content", 's', true },
					    { "allowed_mentions", 'o', false },
					    { "username", 's', false },
					    { "avatar_url", 's', false },
					    { "tts", 'b', false },
					    { "flags", 'n', false },
					    { 0 } };
	bool is_bot = matches(r->path, "^/api/v10/channels/[0-9]{15,20}/messages$");
	const char *fault;

	if (!is_bot
	    && !matches(
		    r->path,
		    "^/api(/v10)?/webhooks/[0-9]{15,20}/[A-Za-z0-9_-]+(\\?(wait=true|thread_id=[0-9]+|&)+)?$"))
		return no("%s is neither Create Message nor Execute Webhook", r->path);
	fault = check_authorization(r, is_bot ? "^Bot [A-Za-z0-9_.-]+$" : NULL);
	if (!fault)
		fault = check_object(body, "the message", is_bot ? rules : hook);
	if (!fault && strlen(string_of(body, "nonce")) > 25)
		fault = "nonce has more than 25 characters";
	if (!fault)
		fault = check_mentions(cJSON_GetObjectItemCaseSensitive(body, "allowed_mentions"));
	if (!fault)
		fault = check_length("content", string_of(body, "content"), 2000);
	return fault ? fault : check_discord_text(string_of(body, "content"));
}

/* --- Telegram --- */

static const char *check_telegram(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = { { "chat_id", 'i', true },
					     { "text", 's', true },
					     { "parse_mode", 's', false },
					     { "link_preview_options", 'o', false },
					     { "disable_notification", 'b', false },
					     { "protect_content", 'b', false },
					     { "message_thread_id", 'n', false },
					     { 0 } };
	static const struct rule preview[] = {
		{ "is_disabled", 'b', false },        { "url", 's', false },
		{ "prefer_small_media", 'b', false }, { "prefer_large_media", 'b', false },
		{ "show_above_text", 'b', false },    { 0 }
	};
	const cJSON *options = cJSON_GetObjectItemCaseSensitive(body, "link_preview_options");
	const cJSON *chat = cJSON_GetObjectItemCaseSensitive(body, "chat_id");
	const char *fault = check_object(body, "the message", rules);

	if (!matches(r->path, "^/bot[0-9]+:[A-Za-z0-9_-]+/sendMessage$"))
		return no("%s is not /bot<token>/sendMessage", r->path);
	if (!fault)
		fault = check_authorization(r, NULL);
	if (!fault && options)
		fault = check_object(options, "link_preview_options", preview);
	if (!fault && cJSON_IsString(chat)
	    && !matches(chat->valuestring, "^(@[A-Za-z0-9_]{4,32}|-?[0-9]+)$"))
		fault = "chat_id is neither an id nor @name";
	if (!fault && !matches(string_of(body, "parse_mode"), "^(HTML)?$"))
		fault = "this checker knows parse_mode HTML only";
	return fault ? fault
		     : check_telegram_text(string_of(body, "text"),
					   *string_of(body, "parse_mode") != 0);
}

/* --- Teams --- */

static const char *check_word(const cJSON *o, const char *name, const char *pattern)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

	return !v || matches(v->valuestring, pattern) ? NULL
						      : no("%s is not one of %s", name, pattern);
}

static const char *check_element(const cJSON *e)
{
	static const struct rule rules[] = {
		{ "type", 's', true },      { "text", 'S', true },
		{ "wrap", 'b', false },     { "size", 's', false },
		{ "weight", 's', false },   { "color", 's', false },
		{ "isSubtle", 'b', false }, { "fontType", 's', false },
		{ "spacing", 's', false },  { "separator", 'b', false },
		{ "maxLines", 'n', false }, { "horizontalAlignment", 's', false },
		{ "id", 's', false },       { 0 }
	};
	const char *fault = check_object(e, "an element", rules);

	if (!fault && strcmp(string_of(e, "type"), "TextBlock") != 0)
		fault = no("this checker does not know the element %s", string_of(e, "type"));
	if (!fault)
		fault = check_word(e, "size", "^(Small|Default|Medium|Large|ExtraLarge)$");
	if (!fault)
		fault = check_word(e, "weight", "^(Lighter|Default|Bolder)$");
	if (!fault)
		fault = check_word(e, "fontType", "^(Default|Monospace)$");
	if (!fault)
		fault = check_word(e, "spacing",
				   "^(None|Small|Default|Medium|Large|ExtraLarge|Padding)$");
	if (!fault
	    && (strstr(string_of(e, "text"), "{{DATE(") || strstr(string_of(e, "text"), "{{TIME(")))
		fault = "the text calls a date function";
	return fault;
}

static const char *check_card(const cJSON *card)
{
	static const struct rule rules[] = {
		{ "type", 's', true },          { "version", 's', true },
		{ "$schema", 's', false },      { "body", 'a', true },
		{ "actions", 'a', false },      { "msteams", 'o', false },
		{ "fallbackText", 's', false }, { 0 }
	};
	const char *fault = check_object(card, "the card", rules);
	const cJSON *e, *body;

	if (fault)
		return fault;
	if (strcmp(string_of(card, "type"), "AdaptiveCard") != 0)
		return "the card is no AdaptiveCard";
	if (!matches(string_of(card, "version"), "^1\\.[0-5]$"))
		return "the card's version is not 1.0 to 1.5";
	body = cJSON_GetObjectItemCaseSensitive(card, "body");
	if (cJSON_GetArraySize(body) == 0)
		return "the card is empty";
	cJSON_ArrayForEach(e, body) if ((fault = check_element(e))) return fault;
	return NULL;
}

static const char *check_attachment(const cJSON *a)
{
	static const struct rule rules[] = { { "contentType", 's', true },
					     { "content", 'o', true },
					     { "contentUrl", '*', false },
					     { "name", 's', false },
					     { 0 } };
	const char *fault = check_object(a, "the attachment", rules);

	if (!fault
	    && strcmp(string_of(a, "contentType"), "application/vnd.microsoft.card.adaptive") != 0)
		fault = "contentType is no Adaptive Card's";
	return fault ? fault : check_card(cJSON_GetObjectItemCaseSensitive(a, "content"));
}

static const char *check_teams(const struct platform_request *r, const cJSON *body)
{
	static const struct rule message[] = { { "type", 's', true },
					       { "attachments", 'a', true },
					       { "summary", 's', false },
					       { 0 } };
	const char *fault = check_object(body, "the message", message);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(body, "attachments");

	if (strlen(r->path) < 2)
		return "the path of the webhook is missing";
	if (!fault)
		fault = check_authorization(r, NULL);
	if (!fault && strcmp(string_of(body, "type"), "message") != 0)
		fault = "type is not message";
	if (!fault && cJSON_GetArraySize(list) != 1)
		fault = "there is not one attachment";
	if (!fault && r->body_n > 28 * 1024)
		fault = "the message is larger than 28 KB";
	return fault ? fault : check_attachment(cJSON_GetArrayItem(list, 0));
}

/* --- Google Chat, WhatsApp, webhooks --- */

static const char *check_google_chat(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = { { "text", 'S', true },
					     { "thread", 'o', false },
					     { 0 } };
	const char *fault = check_object(body, "the message", rules);
	const char *text = string_of(body, "text");

	if (!matches(r->path, "^/v1/spaces/[A-Za-z0-9_-]+/messages\\?key=[^&]+&token=[^&]+"))
		return no("%s is not a space's webhook", r->path);
	if (!fault)
		fault = check_authorization(r, NULL);
	if (!fault && r->body_n > 32000)
		fault = "the message is larger than 32,000 bytes";
	if (!fault && strstr(text, "<users/"))
		fault = "the text mentions somebody";
	return fault ? fault : check_length("text", text, 32000);
}

static const char *check_whatsapp(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = { { "messaging_product", 's', true },
					     { "recipient_type", 's', false },
					     { "to", 'S', true },
					     { "type", 's', true },
					     { "text", 'o', true },
					     { 0 } };
	static const struct rule text[] = { { "body", 's', true },
					    { "preview_url", 'b', false },
					    { 0 } };
	const char *fault = check_object(body, "the message", rules);
	const cJSON *inner = cJSON_GetObjectItemCaseSensitive(body, "text");

	if (!matches(r->path, "^/v[0-9]+\\.[0-9]/[0-9]+/messages$"))
		return no("%s is not /<version>/<phone number id>/messages", r->path);
	if (!fault)
		fault = check_authorization(r, "^Bearer [!-~]+$");
	if (!fault && strcmp(string_of(body, "messaging_product"), "whatsapp") != 0)
		fault = "messaging_product is not whatsapp";
	if (!fault)
		fault = check_word(body, "recipient_type", "^individual$");
	if (!fault && !matches(string_of(body, "to"), "^\\+?[0-9]{7,15}$"))
		fault = "to is no phone number";
	if (!fault && strcmp(string_of(body, "type"), "text") != 0)
		fault = "type is not text";
	if (!fault)
		fault = check_object(inner, "text", text);
	return fault ? fault : check_length("text.body", string_of(inner, "body"), 4096);
}

static const char *check_webhook(const struct platform_request *r, const cJSON *body)
{
	const char *id = header(r, "webhook-id");

	if (!cJSON_IsObject(body))
		return "the body is not an object";
	if (!id || !*id || strchr(id, '.'))
		return "webhook-id is missing, empty or has a full stop";
	if (!matches(header(r, "webhook-timestamp") ? header(r, "webhook-timestamp") : "",
		     "^[0-9]{1,12}$"))
		return "webhook-timestamp is not in seconds";
	if (header(r, "webhook-signature")
	    && !matches(header(r, "webhook-signature"), "^v1,[A-Za-z0-9+/]{43}=$"))
		return "webhook-signature is not v1,<base64>";
	for (const cJSON *v = body->child; v; v = v->next)
		for (const cJSON *w = v->next; w; w = w->next)
			if (strcmp(v->string, w->string) == 0)
				return no("the object has %s twice", v->string);
	return NULL;
}

static const char *check_chat_message(const cJSON *message)
{
	static const struct rule rules[] = { { "role", 's', true },
					     { "content", 'S', true },
					     { 0 } };
	const char *fault = check_object(message, "a message", rules);

	return fault ? fault : check_word(message, "role", "^(system|user|assistant)$");
}

static const char *check_openai(const struct platform_request *r, const cJSON *body)
{
	static const struct rule rules[] = {
		{ "model", 'S', true }, { "messages", 'a', true }, { "stream", 'b', false }, { 0 }
	};
	const char *fault = check_object(body, "the request", rules), *role = "";
	const cJSON *messages = cJSON_GetObjectItemCaseSensitive(body, "messages"), *m;

	if (strcmp(r->path, "/v1/chat/completions") != 0)
		return no("%s is not /v1/chat/completions", r->path);
	if (!fault)
		fault = check_authorization(r, "^Bearer [!-~]+$");
	cJSON_ArrayForEach(m, messages)
	{
		role = string_of(m, "role");
		if (!fault)
			fault = check_chat_message(m);
	}
	if (!fault && strcmp(role, "user") != 0)
		fault = "the last message is not a user's";
	return fault;
}

static const struct {
	const char *name;
	const char *(*check)(const struct platform_request *r, const cJSON *body);
} checks[] = {
	{ "slack", check_slack },
	{ "discord", check_discord },
	{ "telegram", check_telegram },
	{ "teams", check_teams },
	{ "google_chat", check_google_chat },
	{ "whatsapp", check_whatsapp },
	{ "webhook", check_webhook },
	{ "openai", check_openai },
};

const char *platform_check(const char *platform, const struct platform_request *r)
{
	const char *type, *end = NULL, *fault = "there is no such platform";
	cJSON *body;

	if (strcmp(r->method, "POST") != 0)
		return "the method is not POST";
	type = header(r, "content-type");
	if (!type || !matches(type, "^application/json(; ?charset=utf-8)?$"))
		return "the content type is not application/json";
	if (!text_is_utf8(r->body, r->body_n))
		return "the body is not UTF-8";
	body = cJSON_ParseWithLengthOpts(r->body, r->body_n, &end, 0);
	if (!body || end != r->body + r->body_n) {
		cJSON_Delete(body);
		return "the body is not JSON";
	}
	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		if (strcmp(checks[i].name, platform) == 0)
			fault = checks[i].check(r, body);
	cJSON_Delete(body);
	return fault;
}

/* --- what it says --- */

static char *teams_text(const cJSON *body)
{
	const cJSON *card = cJSON_GetObjectItemCaseSensitive(
		cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(body, "attachments"), 0),
		"content");
	const cJSON *e;
	char *all = NULL;
	size_t n;
	FILE *f = open_memstream(&all, &n);

	cJSON_ArrayForEach(e, cJSON_GetObjectItemCaseSensitive(card, "body"))
		fprintf(f, "%s%s", n ? "\n" : "", string_of(e, "text")),
		fflush(f);
	fclose(f);
	return all;
}

char *platform_text(const char *platform, const char *body, size_t n)
{
	cJSON *json = cJSON_ParseWithLength(body, n);
	const cJSON *inner = cJSON_GetObjectItemCaseSensitive(json, "text");
	char *text;

	if (strcmp(platform, "teams") == 0)
		text = teams_text(json);
	else if (strcmp(platform, "discord") == 0)
		text = strdup(string_of(json, "content"));
	else if (strcmp(platform, "whatsapp") == 0)
		text = strdup(string_of(inner, "body"));
	else
		text = cJSON_IsString(inner) ? strdup(inner->valuestring) : NULL;
	cJSON_Delete(json);
	return text;
}
