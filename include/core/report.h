/* Reports: an agent that answered 202 says later, at the address it was given, how its run went. The
 * address holds a token that is checked without the database: whose run it is, which attempt (its fencing
 * token), and 16 bytes of an HMAC-SHA256 over these under the key all processes on a database share.
 *
 * An attempt takes one report; whatever ends it (a report, the end of patience, a cancellation) guards its
 * write with the claim, so exactly one of them counts. */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "base/json.h"
#include "core/op.h"

enum { REPORT_TOKEN_MAX = 57, REPORT_ERROR_MAX = 2000 /* kept of an error's text */ };

/* Where the attempt is reported on: the server's public URL (no slash at its end), the run, the token. */
#define REPORT_URL "%.*s/api/scheduler/runs/%.*s/callback?token=%s"

struct report_attempt {
	struct uuid tenant;
	int64_t token; /* the attempt's fencing token */
	int16_t bucket;
};
void report_token(const unsigned char key[32], struct uuid run, const struct report_attempt *of,
		  char out[REPORT_TOKEN_MAX]);
/* False: it was not made with this key for this run. */
bool report_token_read(const unsigned char key[32], struct uuid run, struct slice text, struct report_attempt *out);

enum report_status { REPORT_COMPLETED, REPORT_FAILED, REPORT_RUNNING /* a sign of life */ };
struct report {
	int status;          /* enum report_status */
	struct slice text;   /* output that is a text */
	struct slice json;   /* output that is anything else: raw JSON; both absent: none */
	struct slice error;  /* why it failed */
};
struct report_view {
	struct uuid run;
	const char *status;  /* "completed", "failed", "retrying", "running" */
};
/* ids[0], token; in: struct report; out: struct report_view. ERR_CALLBACK_TOKEN, ERR_REPORTED,
 * ERR_CALLBACK_GONE. Needs no key. */
op_step report_run;
/* False: report_run() would refuse its token, whatever it says. */
bool report_is_for(struct op *op);

#endif
