/* The clocks. Nothing else in the program asks the system for the time.
 *
 * clock_now() is what schedules live by: the database's wall clock as far as this process knows
 * it, so that "due" means the same to every process of one database (promise P10). In tests it
 * is set by hand. clock_boot() only ever rises, also through suspend; time-outs and leases are
 * measured with it. It is never faked. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>

#include "base/usec.h"

usec_t clock_now(void);  /* UTC since 1970; wall clock + skew, or the test clock */
usec_t clock_real(void); /* the same but never faked: lease instants that other processes compare */
usec_t clock_boot(void); /* CLOCK_BOOTTIME */

/* One reading of the database's clock: it was `db` at some time between two readings of
 * clock_real(), one before sending and one after the answer. Readings must not overlap: one at a
 * time. Keeps the skew at 0 while that is possible, else keeps what it is while that is, else
 * takes the smallest correction that cannot make us early. Returns the skew in force, in
 * microseconds (positive: the database is ahead). */
usec_t clock_learn_skew(usec_t db, usec_t real_sent, usec_t real_got);

/* The test clock: once set it stands still until it is set again. */
void clock_set(usec_t now);
void clock_unset(void); /* the real one again, and no skew */
bool clock_is_faked(void);

#endif
