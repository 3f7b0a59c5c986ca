/* What a failed attempt leads to, whoever found out that it failed: the delivery itself, an agent's
 * report, or the end of the patience with one. */
#ifndef CORE_RETRY_H
#define CORE_RETRY_H

#include <stdbool.h>

#include "core/call.h"
#include "model/run.h"

struct failure {
	const struct retry *retry;
	int64_t count;      /* attempts that failed so far, this one included; excused ones are not counted */
	usec_t retry_after; /* the target asked for so much time; USEC_NEVER: did not */
	usec_t expires_at;  /* of the run; USEC_NEVER: does not */
	bool is_gone;       /* 410: never again */
	bool is_final;      /* another attempt would be no better; reason is kept */
};

/* Fills out outcome, end, reason and ready_at of a result whose finished_at is set. */
void retry_decide(const struct failure *f, struct result *r);
/* A job's policy: without one it has one attempt. */
void retry_of_job(struct retry *r);

#endif
