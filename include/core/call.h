/* How a target is called: everything about a delivery but the instant. url and payload are
 * columns of their own; the rest is kept as one small JSON text, `options`, which is absent when
 * all of it is the default. */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/slice.h"
#include "base/usec.h"
#include "core/signing.h"

enum retry_strategy { RETRY_POLYNOMIAL, RETRY_FIXED, RETRY_LINEAR, RETRY_EXPONENTIAL };

#define CALL_TIMEOUT_DEFAULT (30 * SEC)
#define CALL_TIMEOUT_MAX (15 * MIN)
#define RETRY_MAX_DEFAULT 24 /* retries, of RETRY_POLYNOMIAL */
#define RETRY_MAX_MOST 1000

struct retry {
	int strategy;         /* enum retry_strategy */
	int64_t max_attempts; /* attempts in all; 0 = the strategy's default: 25 for polynomial, 3 for the others */
	usec_t base_delay, max_delay; /* 0 = 60 s and 1 day; not used by polynomial */
};

struct call {
	struct slice url;
	struct slice payload;     /* raw JSON bytes; absent: an empty body */
	struct slice method;      /* absent: POST */
	struct json_list headers; /* of struct json_pair, checked */
	struct slice secret;      /* absent: not signed; "whsec_" and base64, or plain text */
	struct former former;     /* the secret before it */
	struct slice body_signature; /* name of one more header, "v1=<hex HMAC-SHA256 of the body>"; absent: none */
	usec_t timeout;           /* 0: CALL_TIMEOUT_DEFAULT */
	struct retry retry;
	usec_t expires_after;     /* of a schedule's runs: so long after their time; 0: never */
	struct json_list tags;    /* of struct slice */
	bool is_object;           /* the target was written as an object: shown so again */
};

/* The options text, or an absent slice when everything is the default. */
struct slice call_print(const struct call *c, struct arena *a);
/* From the columns. False only when the options text is not ours (a damaged row). */
bool call_parse(struct slice url, struct slice options, struct slice payload, struct arena *a, struct call *out);

/* What is wrong with the i-th of these headers (struct json_pair): fetch_header_check(), or that it is one of those
 * before it, in other letters (RFC 9110 5.1). NULL: nothing. */
const char *call_header_check(const struct json_list *headers, size_t i);
/* What io/fetch.h finds wrong, as a sentence: a capital letter, a full stop. */
const char *call_sentence(struct arena *a, const char *words);
/* Standard Webhooks: "whsec_" and 16 to 128 bytes in base64; else the text itself, as long, is the key. */
bool call_secret_ok(struct slice secret);

/* The attempts this policy allows, the first one included. */
int64_t retry_attempts(const struct retry *r);
/* Its base_delay and max_delay. What is not set is a minute, a day; or the other, where that would not fit. */
usec_t retry_base(const struct retry *r);
usec_t retry_most(const struct retry *r);
/* The wait after the failures-th failed attempt (1 = the first). random is 0..UINT32_MAX and
 * spreads it. Polynomial: n^4 + 15 + rand(10) * (n + 1) seconds. The others: base, base * n,
 * base * 2^(n-1), at most max_delay, each lengthened by up to a tenth. */
usec_t retry_delay(const struct retry *r, int64_t failures, uint32_t random);

#endif
