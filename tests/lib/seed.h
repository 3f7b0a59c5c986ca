/* Random numbers of a property test: the same for the same seed, which is printed. SEED= replays. */
#ifndef LIB_SEED_H
#define LIB_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t seed_state;

static inline void seed_open(const char *name, uint64_t usual)
{
	const char *given = getenv("SEED");

	seed_state = given ? strtoull(given, NULL, 10) : usual;
	printf("%s: SEED=%llu\n", name, (unsigned long long)seed_state);
}

static inline uint64_t seed_draw(void) /* splitmix64 */
{
	uint64_t z = seed_state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline unsigned below(unsigned n) /* 0 .. n - 1 */
{
	return (unsigned)(seed_draw() % n);
}

#endif
