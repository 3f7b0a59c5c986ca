/* Bump allocator: the owner of everything that one request, one operation or one tick makes.
 * Memory from it is never freed by hand; it all goes at once, after the deferred cleanups have
 * run, newest first. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/slice.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL accepted; runs the cleanups */
void arena_reset(struct arena *a); /* as free, but keeps the first block for the next use */

/* Zeroed, aligned for any type. Never NULL: out of memory is die(). */
void *arena_alloc(struct arena *a, size_t bytes);
#define arena_make(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

/* Copies; a NUL is put behind the bytes, so the copy is a C string too. A NULL slice stays NULL. */
char *arena_dup(struct arena *a, const void *bytes, size_t n);
struct slice arena_slice(struct arena *a, struct slice s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Calls fn(arg) when the arena is freed or reset: for what memory alone cannot give back. */
void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg);

/* Bytes taken from the system so far, for ceilings and metrics. */
size_t arena_bytes(const struct arena *a);

#endif
