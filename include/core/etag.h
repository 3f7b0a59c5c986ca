/* If-Match (RFC 9110 13.1.1): change it only if it is still as I read it. An object's entity tag is its revision
 * in quotes, "7". */
#ifndef CORE_ETAG_H
#define CORE_ETAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* May what has this revision now be changed? `if_match` is the header's value: absent (yes), "*" (yes), or a list of
 * entity tags, of which a weak one never matches. What is no such list matches nothing. */
bool etag_matches(struct slice if_match, int64_t revision);

#endif
