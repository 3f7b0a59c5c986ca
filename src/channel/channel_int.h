/* What the files of src/channel share: runes, the reader of markdown, the dialects it is written
 * in, and one row per platform. */
#ifndef CHANNEL_CHANNEL_INT_H
#define CHANNEL_CHANNEL_INT_H

#include <stdint.h>

#include "base/strbuf.h"
#include "channel/channel.h"

/* --- text.c: UTF-8 and JSON for people --- */

/* The character at p (p < end) and its bytes; what is not UTF-8 is U+FFFD, one byte. */
size_t rune_read(const char *p, const char *end, uint32_t *out_rune);
/* Characters, by their first bytes. */
size_t rune_count(struct slice text);
bool rune_is_word(uint32_t c);  /* letters and digits; all that is not ASCII, except signs and spaces */
bool rune_is_blank(uint32_t c); /* spaces, and the "character" before and behind a text: 0 */
/* At most `most` bytes of the text made clean: valid UTF-8, \n alone ends lines, no other control characters than \t.
 * *out_rest: characters of the text that were left off. */
struct slice text_clean(struct slice text, size_t most, struct arena *a, size_t *out_rest);
/* One line of at most `most` characters ("…" at its end then): titles. */
struct slice text_line(struct slice text, size_t most, struct arena *a);
/* JSON, indented by 2; of the first `most` bytes or so. */
struct slice text_pretty_json(struct slice json, size_t most, struct arena *a, size_t *out_rest);
/* Bytes that may stand in a URL's path or query as they are, else %XX. */
void text_percent(struct strbuf *out, struct slice text);
/* Copies to the arena and releases the buffer. */
struct slice text_take(struct strbuf *b, struct arena *a);

/* --- markup.c: markdown to blocks --- */

enum block_kind {
	BLOCK_PARAGRAPH, BLOCK_TITLE, BLOCK_HEADING, BLOCK_ITEM, BLOCK_QUOTE, BLOCK_CODE, BLOCK_RULE, BLOCK_KINDS
};
struct block {
	enum block_kind kind;
	bool is_plain; /* no marks inside, only URLs are found */
	bool in_quote;
	int level;     /* of a heading 1-6, of an item 0-7 */
	int number;    /* of an item; -1: a bullet */
	struct slice text; /* lines without what made them this block */
};
struct blocks {
	struct block *list;
	size_t n, cap;
	struct arena *arena;
};
struct block *blocks_add(struct blocks *b, enum block_kind kind, struct slice text);
/* `text` must be clean. Linear time; no recursion. */
void markup_read(struct slice text, struct blocks *out);

/* --- markup_inline.c: a block's text to pieces --- */

enum mark { MARK_BOLD, MARK_ITALIC, MARK_STRIKE, MARK_LINK };
enum { MARK_DEPTH = 16 }; /* deeper ones are text */
enum piece_kind { PIECE_TEXT, PIECE_CODE, PIECE_URL, PIECE_OPEN, PIECE_CLOSE };
struct piece {
	enum piece_kind kind;
	enum mark mark;    /* of OPEN and CLOSE, which always pair and nest */
	struct slice text; /* of OPEN of a link, and of PIECE_URL: the URL, safe between any platform's brackets */
};
struct pieces {
	struct piece *list;
	size_t n, cap;
	struct arena *arena;
};
void inline_read(const struct block *block, struct pieces *out);

/* --- markup_url.c --- */

enum { LINK_URL_MAX = 2048 };
bool rune_is_sign(char c);                         /* ASCII, visible, neither letter nor digit */
/* Bytes of "https://", "http://" or "mailto:"; 0: none begins here. */
size_t url_scheme(const char *p, const char *end);
/* With everything escaped that may end a link on any platform, or notify somebody. */
struct slice url_safe(const char *p, const char *end, struct arena *a);
/* Up to white space or a bracket; signs at the end belong to the sentence, and so does a ')' without its '('. */
const char *url_bare_end(const char *p, const char *end);
/* From behind "](": the URL, and where the link ends; NULL: it is none. */
const char *url_link_end(const char *p, const char *end, struct slice *out_url);

/* --- dialect.c: one row of marks for each platform --- */

enum unit { UNIT_UTF16, UNIT_BYTES /* as they stand in a JSON string */ };
struct pair {
	const char *open, *close;
};
struct dialect {
	enum unit unit;
	size_t limit;        /* of the whole text, in units */
	struct pair marks[3]; /* by enum mark; of a link: */
	const char *link[4]; /* before and behind the text; a URL comes behind [0] or [2] */
	bool url_first;
	struct pair bare;    /* around a URL without text; open NULL: it is a link like others */
	struct pair code;    /* inside a line */
	struct pair blocks[BLOCK_KINDS];
	const char *gap, *tight; /* between blocks, between items */
	const char *newline, *quote; /* the latter begins each line of a quote */
	const char *bullet, *number, *indent, *rule;
	const char *slashed, *slashed_first; /* characters with a backslash before them; at a line's begin */
	const char *lonely;  /* marks that cannot be escaped: kept apart by zero-width spaces */
	bool entities;       /* & < > and " */
	bool json;           /* the output is JSON already, strings inside it escaped */
	bool tags_free;      /* tags and entities do not count (Telegram) */
	bool flat_links;     /* no marks and no code inside a link */
	bool bare_code;      /* no marks around code */
	bool native_levels;  /* headings as "# ", "## ", "### " */
	const char *const *pings; /* words that notify somebody, NULL-terminated: broken up */
};
extern const struct dialect dialect_slack, dialect_slack_plain, dialect_discord, dialect_telegram, dialect_teams,
	dialect_google_chat, dialect_whatsapp, dialect_html, dialect_plain;

/* --- markup_out.c --- */

/* Title and text in this dialect; cut to its limit. In `a`. */
struct slice markup_write(const struct dialect *d, const struct content *content, struct arena *a, bool *out_was_cut);

/* --- credentials.c --- */

/* Fields by bit, in the order of credentials_shape. */
enum credential_bit {
	CRED_TOKEN, CRED_WEBHOOK_URL, CRED_WEBHOOK_URLS, CRED_PHONE_NUMBER_ID, CRED_SECRET, CRED_SMTP_URL, CRED_FROM,
	CRED_API_BASE, CRED_COUNT
};
/* A webhook of this very name goes before the token, the token before the webhook for any name. */
bool credentials_use_token(const struct credentials *cred, struct slice name);
/* The URL for this name, its origin replaced by api_base; NULL: there is none. */
const char *credentials_webhook(const struct credentials *cred, struct slice name, struct arena *a);
bool address_is_valid(struct slice address); /* local@domain, ASCII, at most 254 bytes */
bool text_is_printable(struct slice text);   /* ASCII from ! to ~ */
bool text_is_of(struct slice text, const char *others); /* letters, digits and these; not empty */
bool text_is_digits(struct slice text);                 /* not empty */
bool url_is_http(struct slice url);

/* --- judge.c --- */

/* Starts from the HTTP status: 2xx delivered; 408, 425, 429, 5xx and no answer: retry; else refused, "http_404". */
void judge_status(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
/* The platform's word when it is one (letters, digits, _ . -; at most 64), its sentence when there is one. */
void judge_words(struct slice word, struct slice sentence, struct arena *a, struct post_meaning *out);
/* Reads what fits the shape and ignores the rest. */
bool judge_read(const struct shape *shape, struct slice body, struct arena *a, void *out);
bool judge_is_listed(struct slice word, const char *const *list);
usec_t judge_seconds(struct slice number); /* "64.57"; USEC_NEVER when it is none; at most a day */

/* --- a platform --- */

struct making {
	const struct channel *channel;
	const struct credentials *cred;
	const struct content *content;
	struct arena *arena;
	struct post *post;
	const char *message; /* why not */
};
struct platform_row {
	const char *name;
	bool (*to_ok)(struct slice to);
	const char *to_expected;
	unsigned takes;      /* bits of fields, besides api_base */
	unsigned needs;      /* all of them ... */
	unsigned needs_one;  /* ... and one of them */
	bool takes_api_base;
	bool (*build)(struct making *m);
	void (*judge)(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
};
extern const struct platform_row platform_rows[PLATFORM_COUNT];

bool slack_build(struct making *m);
bool discord_build(struct making *m);
bool telegram_build(struct making *m);
bool teams_build(struct making *m);
bool google_chat_build(struct making *m);
bool whatsapp_build(struct making *m);
bool webhook_build(struct making *m);
bool mail_build(struct making *m);
void slack_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void discord_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void telegram_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void teams_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void google_chat_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void whatsapp_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);
void mail_judge(const struct post_answer *answer, struct arena *a, struct post_meaning *out);

/* --- making.c: the parts that requests are made of --- */

/* Says no. */
bool making_fails(struct making *m, const char *message);
void making_header(struct making *m, const char *name, struct slice value);
/* "Bearer "/"Bot " and the token. */
void making_authorization(struct making *m, const char *scheme);
/* api_base or the platform's own address, then the path, which is escaped already. */
void making_url(struct making *m, const char *own_base, const char *path);
/* The URL of the webhook for this name, or no. */
bool making_webhook_url(struct making *m);
/* The text in this dialect; sets was_cut. */
struct slice making_text(struct making *m, const struct dialect *d);
/* JSON: takes the buffer as the body and sets the content type. */
bool making_body(struct making *m, struct strbuf *b);

#endif
