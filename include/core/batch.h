/* Group commit. Rows that arrive while the last transactions are under way form the next one:
 * alone, a row costs nothing extra; under load, one commit serves hundreds (PERFORMANCE.md 4.1).
 * Rows of one batch do not disturb one another: a conflict leaves its own row out, and a batch
 * that fails otherwise is sent again row by row. */
#ifndef CORE_BATCH_H
#define CORE_BATCH_H

#include "core/op.h"

#define BATCH_ROWS_MAX 256
#define BATCH_WINDOW 2     /* transactions under way at once */
#define BATCH_QUEUE_MAX 8192 /* rows waiting; beyond it a create is answered ERR_BUSY */

struct batcher;

/* Adds the statement that inserts these rows to the unit; and tells from its first answer
 * whether a row went in, being asked in the order of the rows with *cursor starting at 0. */
typedef void batch_fill(struct db_unit *u, const void *const *rows, size_t n);
typedef bool batch_stored(const struct db_unit *u, const void *row, int *cursor);

struct batcher *batcher_new(struct core *core, batch_fill *fill, batch_stored *stored);
void batcher_free(struct batcher *b);

#endif
