/* What lets somebody in, when it is shown: credential_mask() (channel/channel.h) of secrets and of such headers'
 * values. What comes back as it was shown keeps what it was, so that what was read can be sent again. */
#ifndef CORE_MASK_H
#define CORE_MASK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "core/op.h"

/* Headers whose value is a secret, by their names: Authorization, X-Api-Key, Cookie ... */
bool mask_hides(struct slice header);
/* Lists of struct json_pair. */
struct json_list mask_headers(const struct json_list *headers, struct arena *a);
/* Could this be a masked value? */
bool mask_is(struct slice value);
/* *now is `old` when it is `old` masked. */
void mask_keep(struct slice *now, struct slice old, struct arena *a);

/* `now` with the values that `was` had where they come back masked. Only while the target's origin stays (scheme, host,
 * port): else whoever may change a target but not read it would have them sent to himself. Of another target each is a
 * fault of `field`.NAME: "masked_value". */
struct mask_target {
	struct slice url; /* absent: the server's own */
	struct json_list headers; /* of struct json_pair */
};
struct json_list mask_keep_headers(struct op *op, const char *field, const struct mask_target *now,
				   const struct mask_target *was);

#endif
