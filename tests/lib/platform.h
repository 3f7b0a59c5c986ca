/* What chat and mail platforms document, as checkers for the fake servers of the tests. Written from
 * the documents alone and not from src/channel: nothing of it is used here.
 *
 * Platforms go by their names: "slack", "discord", "telegram", "teams", "google_chat", "whatsapp",
 * "webhook", "openai" (chat completions); mails have functions of their own. */
#ifndef TESTS_LIB_PLATFORM_H
#define TESTS_LIB_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

struct platform_request {
	const char *method;  /* "POST" */
	const char *path;    /* with the query: "/api/chat.postMessage" */
	const char *headers; /* "Name: value" lines, each ended by \r\n or \n; names in any case */
	const char *body;
	size_t body_n;
};

/* NULL: as documented. Else a sentence; static, until the next call. */
const char *platform_check(const char *platform, const struct platform_request *r);

/* The text that a reader would see, marks included as sent: the member that carries it; for Teams its
 * blocks, a line each. malloc'ed; NULL: there is none. */
char *platform_text(const char *platform, const char *body, size_t n);

enum platform_fault { FAULT_RATE_LIMITED, FAULT_NOT_FOUND, FAULT_UNAUTHORIZED, FAULT_SERVER, PLATFORM_FAULTS };
struct platform_answer {
	int status;
	const char *headers; /* "Retry-After: 3\r\n" or "" */
	const char *body;
};
/* As documented. Those that limit the rate say 3 s, each in its own way. is_webhook: Slack's and Discord's
 * webhooks answer otherwise than their APIs; the others do not care. */
struct platform_answer platform_ok(const char *platform, bool is_webhook);
struct platform_answer platform_error(const char *platform, bool is_webhook, enum platform_fault fault);

/* A message as it came by SMTP (dots unstuffed): RFC 5322, 2045-2047, multipart/alternative of text and
 * HTML. NULL: fine. */
const char *mail_check(const char *message, size_t n);
/* A header's value, unfolded, encoded words decoded to UTF-8. malloc'ed; NULL: there is none. */
char *mail_header(const char *message, size_t n, const char *name);
/* The decoded part of this type ("text/plain"), its lines ended by \n. malloc'ed; NULL: there is none. */
char *mail_part(const char *message, size_t n, const char *type);

#endif
