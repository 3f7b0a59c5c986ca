/* Time as a number: microseconds. An instant counts from 1970-01-01T00:00:00Z (POSIX time, no
 * leap seconds); a duration is a difference of two. One unit everywhere, so nothing is ever
 * converted twice. */
#ifndef BASE_USEC_H
#define BASE_USEC_H

#include <stdint.h>

typedef int64_t usec_t;

#define MSEC ((usec_t)1000)
#define SEC ((usec_t)1000000)
#define MIN (60 * SEC)
#define HOUR (60 * MIN)
#define DAY (24 * HOUR)

/* "Does not happen": the answer of a search that found no instant, an end that is not set; SQL
 * null. */
#define USEC_NEVER INT64_MAX

#endif
