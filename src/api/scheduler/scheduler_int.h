/* Private to src/api/scheduler: the steps and shapes of its routes. */
#ifndef SCHEDULER_INT_H
#define SCHEDULER_INT_H

#include "core/op.h"
#include "core/timing.h"
#include "http/route.h"

/* For F_ID (jobs_shapes.c). */
extern const char *const ids_of_jobs[], *const ids_of_runs[];

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

/* --- callback.c --- */
extern const struct shape in_report_shape, out_report_shape;
void check_report(struct op *op);

/* --- chains.c --- */
extern const struct shape in_chain_shape, in_chain_page_shape, out_chain_shape, out_chains_shape, out_chain_runs_shape,
	out_chain_gone_shape, out_chain_started_shape;
void show_chain(struct op *op);
void show_chain_full(struct op *op);
void show_chains(struct op *op);
void show_chain_gone(struct op *op);

/* --- stats.c --- */
extern const struct shape in_stats_shape, in_heatmap_shape, out_stats_shape, out_job_stats_shape, out_status_shape,
	out_heatmap_shape, out_suggestions_shape;
op_step all_stats, job_stats, heatmap, suggestions;
void show_job_stats(struct op *op);
void show_heatmap(struct op *op);
void show_suggestions(struct op *op);

/* --- agenda.c --- */
extern const struct shape in_agenda_shape, out_agenda_shape;
op_step calendar_data;
void show_agenda(struct op *op);

/* --- error.c --- */
extern const char error_schema[];
void error_print(const struct problem *p, struct strbuf *out);

/* The local times of occurrences, as a list of struct slice. */
struct json_list local_times(const struct json_list *occurrences, struct arena *a);

#endif
