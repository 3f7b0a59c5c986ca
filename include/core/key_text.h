/* What our keys look like: KEY_PREFIX, 43 base62 digits (256 random bits) and 6 of the CRC-32 of all before them, so
 * that a scanner finds a leaked one and noise is refused without asking anybody (RELIABILITY.md 5). The digits are
 * 0-9A-Za-z. An operator's own key (CARILLON_API_KEY) may be any other text. */
#ifndef CORE_KEY_TEXT_H
#define CORE_KEY_TEXT_H

#include "base/slice.h"

#define KEY_PREFIX "crl_"
enum {
	KEY_RANDOM = 43,
	KEY_CHECK = 6,
	KEY_TEXT_BYTES = 4 + KEY_RANDOM + KEY_CHECK,
	KEY_SHOWN = 12 /* how a key begins, kept to tell it apart: 47 bits of it are known then, 209 are not */
};

enum key_text {
	KEY_TEXT_OURS,
	KEY_TEXT_OTHER, /* does not begin with KEY_PREFIX: its owner's choice */
	KEY_TEXT_BAD    /* begins so and was never one of ours */
};

void key_text_make(char out[KEY_TEXT_BYTES + 1]);
enum key_text key_text_check(struct slice text);

#endif
