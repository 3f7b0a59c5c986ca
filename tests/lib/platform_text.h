/* What may stand in the texts of messages; for platform.c. */
#ifndef TESTS_LIB_PLATFORM_TEXT_H
#define TESTS_LIB_PLATFORM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool text_is_utf8(const char *p, size_t n);
bool text_is_blank(const char *text);               /* nothing but spaces, visible or not */
size_t text_units(const char *text, char unit);     /* 'c': characters, 'u': UTF-16 units */
/* NULL or a sentence. Slack: & < > only as entities, <url|text> and "> "; with marks: ``` in pairs. */
const char *check_mrkdwn(const char *text, bool has_marks);
/* Discord: ``` in pairs, no @everyone. */
const char *check_discord_text(const char *text);
/* Telegram: the tags of "HTML style", closed in order, nested as allowed; 1 to 4096 UTF-16 units without them. */
const char *check_telegram_text(const char *text, bool is_html);

#endif
