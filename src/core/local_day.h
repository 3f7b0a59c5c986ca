/* Days as a zone has them, numbered from 1970-01-01. */
#ifndef LOCAL_DAY_H
#define LOCAL_DAY_H

#include "base/usec.h"
#include "when/civil.h"
#include "when/tz.h"

/* The wall clock's seconds since 1970-01-01T00:00. Instants before 1970 are not asked for. */
static inline int64_t local_second(const struct tz *z, usec_t at, struct tz_hint *hint)
{
	return at / SEC + tz_offset(z, at / SEC, hint);
}

static inline int32_t local_day(const struct tz *z, usec_t at, struct tz_hint *hint)
{
	int64_t s = local_second(z, at, hint);

	return (int32_t)((s - (s < 0) * (CIVIL_DAY_SECONDS - 1)) / CIVIL_DAY_SECONDS);
}

/* Its first instant: where the clock skips midnight, when it does. */
static inline usec_t local_day_start(const struct tz *z, int32_t day)
{
	return tz_from_local(z, (int64_t)day * CIVIL_DAY_SECONDS).first * SEC;
}

#endif
