/* One line per event on stderr: text on a terminal, else JSON. Never blocks the loop: lines go
 * through a bounded buffer that is written without waiting; what does not fit is dropped and
 * counted, and a line that repeats (the whole text, without the time) more than LOG_REPEAT_MAX
 * times a second is counted instead of written: the next one after that second carries
 * times_not_printed. Strings are cut at 1024 bytes. The pairs may be left out.
 *
 *	log_event(LOG_INFO, "run.finished", LOG_ID("run", "task", id), LOG_INT("attempt", n),
 *		  LOG_STR("status", "ok")); */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

#define LOG_REPEAT_MAX 20

struct log_pair {
	const char *key; /* NULL ends the list */
	enum { LOG_PAIR_STR, LOG_PAIR_INT, LOG_PAIR_ID } kind;
	struct slice str;
	int64_t num;
	struct uuid id;
	const char *prefix;
};

#define LOG_STR(k, s) ((struct log_pair){ .key = (k), .kind = LOG_PAIR_STR, .str = slice_of(s) })
#define LOG_SLICE(k, s) ((struct log_pair){ .key = (k), .kind = LOG_PAIR_STR, .str = (s) })
#define LOG_INT(k, n) ((struct log_pair){ .key = (k), .kind = LOG_PAIR_INT, .num = (n) })
#define LOG_ID(k, pre, i) ((struct log_pair){ .key = (k), .kind = LOG_PAIR_ID, .id = (i), .prefix = (pre) })

void log_setup(bool json, enum log_level least);
bool log_wants(enum log_level level);
void log_write(enum log_level level, const char *event, const struct log_pair *pairs);
#define log_event(level, event, ...)                                                               \
	do {                                                                                       \
		if (log_wants(level))                                                              \
			log_write(level, event,                                                    \
				  (const struct log_pair[]){ __VA_OPT__(__VA_ARGS__, ){ 0 } });    \
	} while (0)
/* Tries again to write what stderr did not take at once. log_write() does it too; the loop calls
 * this now and then, so that the last lines before a quiet time come out. */
void log_pump(void);
/* Lines dropped because stderr did not take them. */
uint64_t log_dropped(void);
/* Writes what is buffered, waiting at most 100 ms: only at the very end of the process. */
void log_flush(void);

#endif
