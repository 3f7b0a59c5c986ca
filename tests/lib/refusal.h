/* What holds for every refusal, whoever looks at it: its codes stand in the tables, its words are sentences. */
#ifndef LIB_REFUSAL_H
#define LIB_REFUSAL_H

#include <stdbool.h>

bool refusal_is_code_of(const char *word, int status); /* of a whole request; bad_request has several */
bool refusal_is_field_code(const char *word);
bool refusal_is_sentence(const char *text);

#endif
