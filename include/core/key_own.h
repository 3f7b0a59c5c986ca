/* The key of the settings, or the one that is kept beside a private PostgreSQL: the first way in, an admin's for every
 * action and without end. Each start sees to it that it is so, whatever was done to it since. */
#ifndef CORE_KEY_OWN_H
#define CORE_KEY_OWN_H

#include "core/op.h"

/* in: struct slice, the key; op->who: the tenant that it is made in. The trail says "created", or "restored" when it
 * had been revoked, rotated, given an end or narrowed; of one that is as it should be nothing is written. */
op_step key_own_ensure;

#endif
