/* Between op.c, batch.c, change.c and idem.c. */
#ifndef CORE_LEDGER_INT_H
#define CORE_LEDGER_INT_H

#include "core/idem.h"
#include "store/ledger.h"

/* --- change.c --- */

/* What op has pending goes behind the statements of op->unit. */
void change_send(struct op *op);
/* op->unit is answered: whether the answer was kept. */
void change_settle(struct op *op);
/* Likewise of a batch: what its operations have pending, behind the statement of their rows. */
void change_send_all(struct db_unit *u, struct op *const *ops, size_t n);
void change_settle_row(struct op *op);

/* --- idem.c --- */

struct idem_table *idem_table_new(void);
void idem_table_free(struct idem_table *t);
/* The answer to what op will have done, as it will be kept. False: it is none that can be. */
bool idem_render(struct op *op, const void *out);
void idem_answer(const struct op *op, struct ledger_answer *out);
struct ledger_ages idem_ages(usec_t now);
/* op->unit failed because the key has an answer by now. */
bool idem_is_taken(const struct op *op);
op_step idem_again; /* looks for that */
/* The operation went well, was refused, is over. */
flow idem_ok(struct op *op);
flow idem_fail(struct op *op);
void idem_over(struct op *op);

#endif
