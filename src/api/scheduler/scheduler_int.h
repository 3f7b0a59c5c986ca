/* Private to src/api/scheduler: the steps and shapes of its routes. */
#ifndef SCHEDULER_INT_H
#define SCHEDULER_INT_H

#include "core/op.h"
#include "core/timing.h"
#include "http/route.h"

enum { NEXT_RUNS = 3 /* when no limit is given */ };

/* --- validate.c --- */
extern const struct shape in_validate_shape, out_validate_shape;
void validate_faults(struct op *op);
op_step validate;
void show_validate(struct op *op);

/* --- parse_nl.c --- */
extern const struct shape in_words_shape, out_words_shape;
op_step parse_nl;
void show_words(struct op *op);

/* --- error.c --- */
extern const char error_schema[];
void error_print(const struct problem *p, struct strbuf *out);

/* The local times of occurrences, as a list of struct slice. */
struct json_list local_times(const struct json_list *occurrences, struct arena *a);

#endif
