/* Chat and mail platforms, pure: from "slack:#alerts", the credentials and a text to the exact
 * request that the platform documents, and from its answer to what it means. Nothing here sends.
 * One table of platforms (channel.c); each has its own file for what is its own.
 *
 *	slack:#name | slack:C0123ABC     chat.postMessage (bot token) or an incoming webhook
 *	discord:CHANNEL_ID               POST /channels/{id}/messages (bot token) or a webhook
 *	telegram:CHAT_ID | @name         POST /bot{token}/sendMessage
 *	teams:NAME                       an incoming (Workflows) webhook: Adaptive Card
 *	google_chat:NAME                 a space's webhook
 *	whatsapp:+15551234567            Cloud API POST /{phone_number_id}/messages
 *	email:address                    a message for SMTP (RFC 5322, multipart/alternative)
 *	webhook:URL                      POST of a JSON object */
#ifndef CHANNEL_CHANNEL_H
#define CHANNEL_CHANNEL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/slice.h"
#include "base/usec.h"

enum platform {
	PLATFORM_SLACK, PLATFORM_DISCORD, PLATFORM_TELEGRAM, PLATFORM_TEAMS, PLATFORM_GOOGLE_CHAT,
	PLATFORM_WHATSAPP, PLATFORM_EMAIL, PLATFORM_WEBHOOK, PLATFORM_COUNT
};
extern const char *const platform_names[]; /* "slack" ..., by value, NULL-terminated */

#define CHANNEL_TO_MAX 512 /* bytes behind the colon; a webhook URL 2,048 */

struct channel {
	enum platform platform;
	struct slice to; /* behind the colon, as written; borrowed */
};
/* False: *out_message is a sentence that says what is expected of this platform. URLs of webhook: are only
 * looked at for their scheme; the caller checks them (io/fetch.h). */
bool channel_parse(struct slice text, struct channel *out, const char **out_message);

/* What a platform is called with. Which ones it takes and needs: platform_credentials_check(). */
struct credentials {
	struct slice token;           /* bot or API token */
	struct slice webhook_url;     /* for any name behind the colon ... */
	struct json_list webhook_urls; /* ... and for these: of struct json_pair, name and URL. Of slack and discord
					* it goes before the token, and the token before webhook_url */
	struct slice phone_number_id; /* whatsapp */
	struct slice secret;          /* webhook: signs (Standard Webhooks) */
	struct slice smtp_url, from;  /* email; the caller fills in the server's own where the tenant has none */
	struct slice api_base;        /* in place of "https://slack.com" and the like: scheme, host, port, perhaps a
				       * path; of a webhook URL the origin is replaced by it */
	uint64_t present;
};
extern const struct shape credentials_shape; /* as it is sent and, sealed, kept */
/* Faults by field: what the platform needs and lacks, what it does not take, a token that is plainly
 * of another kind (a Slack token begins xox), bytes that may not stand in a header or URL. */
void platform_credentials_check(enum platform p, const struct credentials *c, struct json_faults *faults,
				struct arena *a);
/* Names of credentials (of struct slice): that it takes, that it needs, of which it needs one. */
enum fields_of { FIELDS_TAKEN, FIELDS_NEEDED, FIELDS_NEEDED_ONE };
struct json_list platform_fields(enum platform p, enum fields_of what, struct arena *a);
/* "xoxb-…1a2b": the kind and the last four characters of a secret; "…" when it is shorter than 12. */
struct slice credential_mask(struct slice secret, struct arena *a);

enum channel_format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };
extern const char *const channel_formats[];

/* What is to be said. */
struct content {
	enum channel_format format;
	struct slice title;    /* the job's name */
	struct slice text;     /* plain text or (GitHub-flavoured) markdown; of FORMAT_JSON: JSON, shown pretty-printed
				* as code where people read and as it is in a webhook */
	struct slice output;   /* a webhook's member "output"; with it the text may be absent, and is not JSON */
	bool is_json;          /* the output, or without one the text of FORMAT_JSON: is known to be JSON. An output
				* that is not is sent as a string; such a text is looked at */
	struct slice fields;   /* raw JSON object of facts (run_id, job_id, status ...): a webhook's other members */
	struct slice message_id; /* stable over retries: webhook-id, Message-ID */
	usec_t now;            /* Date of a mail, webhook-timestamp */
};

struct post_header {
	struct slice name, value;
};
/* A request, or a mail. Everything lives in the arena. */
struct post {
	bool is_mail;
	const char *url;    /* of a mail: the SMTP URL */
	struct post_header headers[8];
	int headers_n;
	struct slice body;  /* of a mail: the whole message, CRLF, dots not stuffed (libcurl does) */
	const char *mail_from, *mail_to; /* addresses alone */
	bool was_cut;       /* the text was longer than the platform takes, and says so at its end */
};
/* NULL, or why not: credentials that do not fit (no webhook for this name). The text is converted to the
 * platform's own mark-up, escaped by its rules, and cut to its limit on a character border, marks closed, with
 * "… (N more characters)" behind it. A webhook gets {"title", "format", "text" (JSON: "output"), "output", then the
 * members of `fields`, which must not have these names}, uncut. */
const char *channel_build(const struct channel *c, const struct credentials *cred, const struct content *content,
			  struct arena *a, struct post *out);

/* What an answer means. */
enum post_end { POST_DELIVERED, POST_RETRY, POST_REFUSED };
struct post_answer {
	int status;           /* HTTP's, or SMTP's reply code; 0: none came */
	struct slice body;    /* what there is of it */
	usec_t retry_after;   /* of the header; USEC_NEVER: none */
};
struct post_meaning {
	enum post_end end;
	struct slice error;   /* the platform's own word or number ("channel_not_found", "50001"), else "http_404",
			       * "smtp_550", "no_answer" or "unexpected_answer"; absent when delivered */
	struct slice detail;  /* a sentence, when the platform sent one; never a secret */
	usec_t retry_after;   /* from now; USEC_NEVER: the sender's own policy */
};
/* By platform: Slack says ok:false under 200, Telegram has parameters.retry_after, Discord's is in
 * seconds with a fraction ... In `a`. */
void channel_judge(enum platform p, const struct post_answer *answer, struct arena *a, struct post_meaning *out);

#endif
