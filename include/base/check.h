/* What must hold, in release builds too. Input is never asserted, it is answered; these are for
 * our own mistakes. A failed check prints where and aborts: crashing is safe, because every
 * promise rests on rows in PostgreSQL and on leases, not on this process (RELIABILITY.md 2.1). */
#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#define ASSERT(claim)                                                                              \
	do {                                                                                       \
		if (__builtin_expect(!(claim), 0))                                                 \
			check_failed(#claim, __FILE__, __LINE__);                                  \
	} while (0)

/* For an arm that cannot be reached. */
#define BUG(what) check_failed(what, __FILE__, __LINE__)

/* Every object that travels through a void pointer begins with an `unsigned magic`; the first
 * line of a callback re-types it through this, and x_free() zeroes the magic. */
#define CHECK_MAGIC(obj, value) ASSERT((obj) && (obj)->magic == (value))

_Noreturn void check_failed(const char *claim, const char *file, int line);

/* The end for a reason that is not our bug: out of memory, a broken installation. Prints and
 * exits 70. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* calloc and realloc that cannot fail: out of memory is die(). Only *_new() functions and base/
 * call them. */
void *mem_new(unsigned long bytes);
void *mem_grow(void *old, unsigned long bytes);

#endif
