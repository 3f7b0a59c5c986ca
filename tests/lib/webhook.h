/* Verifies what a delivery is signed with, as a receiver does: written from the text of Standard Webhooks 1.0.0 alone,
 * nothing of src is used. It is itself held against npm standardwebhooks (tests/data/standardwebhooks.tsv, t_sign). */
#ifndef TESTS_LIB_WEBHOOK_H
#define TESTS_LIB_WEBHOOK_H

#include <stddef.h>

struct webhook {
	const char *id, *timestamp, *signatures; /* the headers */
	const char *body;
	size_t body_n;
};

/* Which of the header's signatures is this secret's, 1 ...; 0: none. */
int webhook_signed_by(const struct webhook *w, const char *secret);

#endif
