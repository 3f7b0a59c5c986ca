/* POST /runs/{id}/callback?token=: an agent that answered 202 reports. The token is all that it needs. */
#include "core/report.h"
#include "http/types.h"
#include "scheduler_int.h"

static const char *const status_words[] = { "completed", "failed", "running", NULL };

static const struct field in_rows[] = {
	F_ENUM(report, status, "status", status_words, .flags = FIELD_NEEDED),
	F_STR(report, text, "output", .flags = FIELD_NULLABLE),
	F_RAW(report, json, "output", .flags = FIELD_NULLABLE),
	F_STR(report, error, "error", .flags = FIELD_NULLABLE),
};
const struct shape in_report_shape = SHAPE(report, "Report", in_rows, .present = NO_PRESENT);

/* Without the token nothing is said about the body. */
void check_report(struct op *op)
{
	if (!report_is_for(op))
		op->faults.n = op->faults.total = 0;
}

static const struct field out_rows[] = {
	F_ID(report_view, run, "run_id", ids_of_runs),
	F_TYPE(report_view, status, "status", type_word),
};
const struct shape out_report_shape = SHAPE(report_view, "ReportTaken", out_rows,
					    .present = NO_PRESENT);
