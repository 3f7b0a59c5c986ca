/* Chat completions, as OpenAI's API has them and others took over. */
#ifndef CORE_LLM_H
#define CORE_LLM_H

#include "base/arena.h"
#include "base/slice.h"

/* The first message of a completion, in `a`. NULL, or what is wrong with it, in words. */
const char *llm_content(struct slice body, struct arena *a, struct slice *out_content);

#endif
