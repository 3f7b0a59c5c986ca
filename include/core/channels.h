/* What a tenant can send messages with: credentials by platform. They come in plain, are kept sealed
 * (core/secret.h) and are shown masked. */
#ifndef CORE_CHANNELS_H
#define CORE_CHANNELS_H

#include "channel/channel.h"
#include "core/op.h"

struct channel_view {
	const char *platform;
	bool configured;          /* can be sent to: has credentials, or needs none */
	struct credentials shown; /* masked; nothing when `problem` is set or there are none */
	struct json_list takes, needs, needs_one_of; /* of struct slice: names of credentials */
	const char *problem;      /* why those that are stored cannot be used, a stable word; NULL: they can */
	usec_t updated_at;        /* USEC_NEVER: none are stored */
};
struct channels_view {
	struct json_list items; /* of struct channel_view, every platform */
	int64_t count;
};

struct channel_put {
	struct slice platform;
	const struct credentials *credentials;
};
struct channel_test {
	struct slice platform, to, text; /* text absent: a sentence of ours */
	int format;                      /* enum channel_format */
};
struct channel_test_view {
	bool delivered;
	struct slice error, detail;
	int64_t status;      /* 0: no answer came */
	int64_t duration_ms;
};

op_step channels_list;  /* in: NULL; out: channels_view */
op_step channel_put;    /* in: struct channel_put; out: channel_view; is_made when there were none */
op_step channel_delete; /* in: struct slice * platform; out: the same */
op_step channel_test;   /* in: struct channel_test; out: channel_test_view, after the message was sent or was not */

#endif
