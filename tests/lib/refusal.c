#include "lib/refusal.h"

#include <string.h>

#include "base/code.h"
#include "base/err.h"
#include "http/route.h"
#include "when/when_err.h"

bool refusal_is_code_of(const char *word, int status)
{
	for (enum err e = ERR_NONE + 1; e < ERR_COUNT; e++)
		if (strcmp(err_code(e), word) == 0)
			return e == ERR_BAD_REQUEST || reply_status(e) == status;
	return false;
}

bool refusal_is_field_code(const char *word)
{
	const struct code *c;

	for (size_t i = 0; (c = code_at(i)); i++)
		if ((c->kinds & CODE_FIELD) && strcmp(c->word, word) == 0)
			return true;
	for (enum when_err e = WHEN_OK + 1; e < WHEN_ERR_COUNT; e++)
		if (strcmp(when_err_name(e), word) == 0)
			return true;
	return false;
}

bool refusal_is_sentence(const char *text)
{
	size_t n = strlen(text);

	return n > 2 && strchr(".?!", text[n - 1]) && !(text[0] >= 'a' && text[0] <= 'z');
}
