#include "core/retry.h"

#include "base/crypto.h"

void retry_of_job(struct retry *r)
{
	if (r->strategy == RETRY_POLYNOMIAL && r->max_attempts == 0)
		r->max_attempts = 1;
}

void retry_decide(const struct failure *f, struct result *r)
{
	uint32_t random;
	usec_t wait;

	r->outcome = OUTCOME_FAILURE;
	r->end = RUN_FAILED;
	if (f->is_final)
		return;
	if (f->is_gone) {
		r->reason = SLICE_LIT("gone");
		return;
	}
	if (f->count >= retry_attempts(f->retry)) {
		r->reason = SLICE_LIT("attempts_exhausted");
		return;
	}
	crypto_random(&random, sizeof random);
	wait = retry_delay(f->retry, f->count, random);
	if (f->retry_after != USEC_NEVER && f->retry_after > wait)
		wait = f->retry_after;
	r->ready_at = r->finished_at + wait;
	r->end = RUN_PENDING;
	if (r->ready_at >= f->expires_at) {
		r->end = RUN_EXPIRED;
		r->reason = SLICE_LIT("expired");
	}
}
