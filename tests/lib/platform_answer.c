/* Answers as the platforms document them. */
#include <string.h>

#include "lib/platform.h"

#define GRAPH(text, type, code)                                                     \
	"{\"error\":{\"message\":\"" text "\",\"type\":\"" type "\",\"code\":" code \
	",\"error_data\":{\"messaging_product\":\"whatsapp\",\"details\":\"" text   \
	"\"},\"fbtrace_id\":\"Az8or2yhqkZfEZ\"}}"
#define GOOGLE(code, status, text) \
	"{\"error\":{\"code\":" code ",\"message\":\"" text "\",\"status\":\"" status "\"}}"
#define WAIT "Retry-After: 3\r\n"

struct row {
	const char *platform;
	bool is_webhook;
	struct platform_answer ok, faults[PLATFORM_FAULTS];
};

static const struct row rows[] = {
	{ "slack",
	  false,
	  { 200, "",
	    "{\"ok\":true,\"channel\":\"C123456\",\"ts\":\"1503435956.000247\","
	    "\"message\":{\"text\":\"Here's a message for you\","
	    "\"username\":\"carillon\",\"bot_id\":\"B123456\",\"type\":\"message\","
	    "\"subtype\":\"bot_message\",\"ts\":\"1503435956.000247\"}}" },
	  { { 429, WAIT, "{\"ok\":false,\"error\":\"ratelimited\"}" },
	    { 200, "", "{\"ok\":false,\"error\":\"channel_not_found\"}" },
	    { 200, "", "{\"ok\":false,\"error\":\"invalid_auth\"}" },
	    { 200, "", "{\"ok\":false,\"error\":\"internal_error\"}" } } },
	{ "slack",
	  true,
	  { 200, "", "ok" },
	  { { 429, WAIT, "rate_limited" },
	    { 404, "", "no_service" },
	    { 403, "", "invalid_token" },
	    { 500, "", "rollup_error" } } },
	{ "discord",
	  false,
	  { 200, "",
	    "{\"id\":\"334385199974967042\",\"channel_id\":\"290926798999357250\","
	    "\"content\":\"Supa Hot\",\"type\":0}" },
	  { { 429, "Retry-After: 3\r\nX-RateLimit-Scope: user\r\n",
	      "{\"message\":\"You are being rate limited.\",\"retry_after\":2.57,\"global\":false}" },
	    { 404, "", "{\"message\":\"Unknown Channel\",\"code\":10003}" },
	    { 401, "", "{\"message\":\"401: Unauthorized\",\"code\":0}" },
	    { 502, "", "<html><body>502 Bad Gateway</body></html>" } } },
	{ "discord",
	  true,
	  { 200, "",
	    "{\"id\":\"334385199974967042\",\"type\":0,\"content\":\"Supa Hot\","
	    "\"webhook_id\":\"223704706495545344\"}" },
	  { { 429, "Retry-After: 3\r\n",
	      "{\"message\":\"You are being rate limited.\",\"retry_after\":2.57,\"global\":false}" },
	    { 404, "", "{\"message\":\"Unknown Webhook\",\"code\":10015}" },
	    { 401, "", "{\"message\":\"Invalid Webhook Token\",\"code\":50027}" },
	    { 503, "", "" } } },
	{ "telegram",
	  false,
	  { 200, "",
	    "{\"ok\":true,\"result\":{\"message_id\":1,\"date\":1441645532,\"chat\":{\"id\":-1001,"
	    "\"type\":\"channel\",\"title\":\"x\"},\"text\":\"x\"}}" },
	  { { 429, "",
	      "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after "
	      "3\",\"parameters\":{\"retry_after\":3}}" },
	    { 400, "",
	      "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}" },
	    { 401, "", "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}" },
	    { 502, "", "{\"ok\":false,\"error_code\":502,\"description\":\"Bad Gateway\"}" } } },
	{ "teams",
	  true,
	  { 202, "", "" },
	  { { 429, WAIT,
	      "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Rate limit is exceeded. Try "
	      "again in 3 seconds.\"}}" },
	    { 404, "",
	      "{\"error\":{\"code\":\"WorkflowNotFound\",\"message\":\"The workflow could not be found.\"}}" },
	    { 401, "",
	      "{\"error\":{\"code\":\"DirectApiAuthorizationRequired\",\"message\":\"The request "
	      "must be authenticated only by Shared Access scheme.\"}}" },
	    { 502, "",
	      "{\"error\":{\"code\":\"NoResponse\",\"message\":\"The server did not receive a "
	      "response from an upstream server.\"}}" } } },
	{ "google_chat",
	  true,
	  { 200, "",
	    "{\"name\":\"spaces/AAAA/messages/BBBB.BBBB\",\"text\":\"x\",\"createTime\":\"2026-03-02T08:00:00Z\"}" },
	  { { 429, "",
	      GOOGLE("429", "RESOURCE_EXHAUSTED",
		     "Resource has been exhausted (e.g. check quota).") },
	    { 404, "", GOOGLE("404", "NOT_FOUND", "Requested entity was not found.") },
	    { 401, "",
	      GOOGLE("401", "UNAUTHENTICATED", "Request had invalid authentication credentials.") },
	    { 503, "", GOOGLE("503", "UNAVAILABLE", "The service is currently unavailable.") } } },
	{ "whatsapp",
	  false,
	  { 200, "",
	    "{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"input\":\"+15551234567\","
	    "\"wa_id\":\"15551234567\"}],"
	    "\"messages\":[{\"id\":\"wamid.HBgLMTU1NTEyMzQ1NjcVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA\"}]}" },
	  { { 400, "", GRAPH("(#130429) Rate limit hit", "OAuthException", "130429") },
	    { 400, "",
	      GRAPH("(#131030) Recipient phone number not in allowed list", "OAuthException",
		    "131030") },
	    { 401, "", GRAPH("Error validating access token", "OAuthException", "190") },
	    { 500, "", GRAPH("(#131000) Something went wrong", "OAuthException", "131000") } } },
	{ "openai",
	  false,
	  { 200, "",
	    "{\"id\":\"chatcmpl-123\",\"object\":\"chat.completion\",\"created\":1741569952,\"model\":\"gpt-4o-mini\","
	    "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello! How can I assist you "
	    "today?\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":19,"
	    "\"completion_tokens\":10,\"total_tokens\":29}}" },
	  { { 429, WAIT,
	      "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"requests\",\"param\":null,\"code\":"
	      "\"rate_limit_exceeded\"}}" },
	    { 404, "",
	      "{\"error\":{\"message\":\"No such model\",\"type\":\"invalid_request_error\",\"param\":null,"
	      "\"code\":\"model_not_found\"}}" },
	    { 401, "",
	      "{\"error\":{\"message\":\"Incorrect key\",\"type\":\"invalid_request_error\",\"param\":null,"
	      "\"code\":\"invalid_api_key\"}}" },
	    { 500, "",
	      "{\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"param\":null,\"code\":"
	      "null}}" } } },
	{ "webhook",
	  true,
	  { 204, "", "" },
	  { { 429, WAIT, "" }, { 404, "", "" }, { 401, "", "" }, { 500, "", "" } } },
};

static const struct row *find(const char *platform, bool is_webhook)
{
	const struct row *other = &rows[sizeof rows / sizeof rows[0] - 1];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].platform, platform) != 0)
			continue;
		other = &rows[i];
		if (rows[i].is_webhook == is_webhook)
			break;
	}
	return other;
}

struct platform_answer platform_ok(const char *platform, bool is_webhook)
{
	return find(platform, is_webhook)->ok;
}

struct platform_answer platform_error(const char *platform, bool is_webhook,
				      enum platform_fault fault)
{
	return find(platform, is_webhook)->faults[fault];
}
