/* A chain of blocks, filled from the front. The arena's own head lives in its first block, and
 * freed first blocks wait in a short list, so that an arena per request costs no malloc while no
 * request is large.
 *
 * Under the address sanitizer the unused part of each block is poisoned, allocations keep a gap
 * between them and nothing is re-used: overruns and uses after the end are found as with malloc. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define ARENA_MAGIC 0x61726e61u
#define ALIGN 16u
#define FIRST_BYTES 4096u
#define BLOCK_BYTES 16384u /* the size of further blocks */
#define OWN_BYTES 4096u    /* from this size on an allocation has a block of its own */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#define GAP ALIGN
#define SPARE_MAX 0
#else
/* Not every compiler's headers have these. */
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p))
#define GAP 0u
#define SPARE_MAX 64
#endif

struct block {
	struct block *next;
	size_t bytes;
};

struct cleanup {
	void (*fn)(void *arg);
	void *arg;
	struct cleanup *older;
};

struct arena {
	unsigned magic;
	struct block *blocks; /* beyond the first, which the arena itself is part of */
	struct cleanup *cleanups;
	char *at, *end; /* the free part of the newest shared block */
	size_t bytes;
	struct arena *next_spare;
};

#define HEAD_BYTES ((sizeof(struct arena) + ALIGN - 1) / ALIGN * ALIGN)
_Static_assert(sizeof(struct block) % ALIGN == 0, "what follows a block's head is aligned");

static struct arena *spare;
static int spare_n;

static void first_block(struct arena *a)
{
	a->at = (char *)a + HEAD_BYTES;
	a->end = (char *)a + FIRST_BYTES;
	a->bytes = FIRST_BYTES;
	a->blocks = NULL;
	ASAN_POISON_MEMORY_REGION(a->at, FIRST_BYTES - HEAD_BYTES);
}

struct arena *arena_new(void)
{
	struct arena *a = spare;

	if (a) {
		spare = a->next_spare;
		spare_n--;
	} else {
		a = mem_grow(NULL, FIRST_BYTES);
	}
	a->magic = ARENA_MAGIC;
	a->cleanups = NULL;
	a->next_spare = NULL;
	first_block(a);
	return a;
}

void arena_reset(struct arena *a)
{
	struct cleanup *c;
	struct block *b;

	CHECK_MAGIC(a, ARENA_MAGIC);
	/* One at a time, because a cleanup may defer another. */
	while ((c = a->cleanups)) {
		a->cleanups = c->older;
		c->fn(c->arg);
	}
	while ((b = a->blocks)) {
		a->blocks = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b, b->bytes);
		free(b);
	}
	first_block(a);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	a->magic = 0;
	if (spare_n < SPARE_MAX) {
		a->next_spare = spare;
		spare = a;
		spare_n++;
	} else {
		ASAN_UNPOISON_MEMORY_REGION(a, FIRST_BYTES);
		free(a);
	}
}

/* A new block with room for `bytes` behind its head. */
static char *add_block(struct arena *a, size_t bytes)
{
	struct block *b = mem_grow(NULL, sizeof(*b) + bytes);

	b->bytes = sizeof(*b) + bytes;
	b->next = a->blocks;
	a->blocks = b;
	a->bytes += b->bytes;
	return (char *)(b + 1);
}

static void *take(struct arena *a, size_t bytes)
{
	size_t need;
	char *p;

	CHECK_MAGIC(a, ARENA_MAGIC);
	if (bytes > PTRDIFF_MAX - 2 * BLOCK_BYTES)
		die("out of memory (%zu bytes)", bytes);
	need = (bytes + GAP + ALIGN - 1) / ALIGN * ALIGN;
	if (need <= (size_t)(a->end - a->at)) {
		p = a->at;
		a->at += need;
		ASAN_UNPOISON_MEMORY_REGION(p, bytes);
		return p;
	}
	/* The shared block stays the current one, so that its rest is not lost to one large
	 * piece. */
	if (need >= OWN_BYTES)
		return add_block(a, bytes);
	p = add_block(a, BLOCK_BYTES);
	a->at = p + need;
	a->end = p + BLOCK_BYTES;
	ASAN_POISON_MEMORY_REGION(p, BLOCK_BYTES);
	ASAN_UNPOISON_MEMORY_REGION(p, bytes);
	return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	return memset(take(a, bytes), 0, bytes);
}

char *arena_dup(struct arena *a, const void *bytes, size_t n)
{
	char *copy;

	if (!bytes)
		return NULL;
	copy = take(a, n + 1);
	memcpy(copy, bytes, n);
	copy[n] = '\0';
	return copy;
}

struct slice arena_slice(struct arena *a, struct slice s)
{
	if (!s.p)
		return (struct slice){ NULL, 0 };
	return (struct slice){ arena_dup(a, s.p, s.n), s.n };
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	ASSERT(n >= 0);
	text = take(a, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *a, void (*fn)(void *arg), void *arg)
{
	struct cleanup *c = arena_make(a, struct cleanup);

	*c = (struct cleanup){ fn, arg, a->cleanups };
	a->cleanups = c;
}

size_t arena_bytes(const struct arena *a)
{
	CHECK_MAGIC(a, ARENA_MAGIC);
	return a->bytes;
}
