/* /api/channels: what messages can be sent with. */
#include "core/channels.h"

#include "api/scheduler.h"
#include "http/types.h"
#include "scheduler_int.h"

/* --- shapes --- */

struct in_test {
	struct slice to, text;
	int format;
};

static const struct field in_test_rows[] = {
	F_STR(in_test, to, "to", .flags = FIELD_NEEDED, .min = 1, .max = 2048),
	F_STR(in_test, text, "text", .flags = FIELD_NULLABLE, .min = 1, .max = 4000),
	F_ENUM(in_test, format, "format", channel_formats),
};
static const struct shape in_test_shape = SHAPE(in_test, "ChannelTest", in_test_rows,
						.present = NO_PRESENT);

static const struct field out_channel_rows[] = {
	F_TYPE(channel_view, platform, "platform", type_word),
	F_BOOL(channel_view, configured, "configured"),
	F_OBJ(channel_view, shown, "credentials", credentials_shape),
	F_TYPE(channel_view, problem, "problem", type_word),
	F_STRS(channel_view, takes, "takes"),
	F_STRS(channel_view, needs, "needs"),
	F_STRS(channel_view, needs_one_of, "needs_one_of"),
	F_INSTANT(channel_view, updated_at, "updated_at"),
};
static const struct shape out_channel_shape = SHAPE(channel_view, "Channel", out_channel_rows,
						    .present = NO_PRESENT);

static const struct field out_channels_rows[] = {
	F_LIST(channels_view, items, "channels", out_channel_shape),
	F_INT(channels_view, count, "count"),
};
static const struct shape out_channels_shape = SHAPE(channels_view, "ChannelList",
						     out_channels_rows, .present = NO_PRESENT);

static const struct field out_test_rows[] = {
	F_BOOL(channel_test_view, delivered, "delivered"),
	F_STR(channel_test_view, error, "error"),
	F_STR(channel_test_view, detail, "detail"),
	F_INT(channel_test_view, status, "status"),
	F_INT(channel_test_view, duration_ms, "duration_ms"),
};
static const struct shape out_test_shape = SHAPE(channel_test_view, "ChannelTested", out_test_rows,
						 .present = NO_PRESENT);

struct out_deleted {
	struct slice platform;
	const char *status;
};
static const struct field out_deleted_rows[] = {
	F_STR(out_deleted, platform, "platform"),
	F_TYPE(out_deleted, status, "status", type_word),
};
static const struct shape out_deleted_shape = SHAPE(out_deleted, "ChannelDeleted", out_deleted_rows,
						    .present = NO_PRESENT);

/* --- steps --- */

static flow put(struct op *op)
{
	struct channel_put *ask = arena_make(op->arena, struct channel_put);

	*ask = (struct channel_put){ op->names[0], op->in };
	op->in = ask;
	return channel_put(op);
}

static flow delete (struct op *op)
{
	op->in = &op->names[0];
	return channel_delete(op);
}

static void show_deleted(struct op *op)
{
	struct out_deleted *out = arena_make(op->arena, struct out_deleted);

	*out = (struct out_deleted){ op->names[0], "deleted" };
	op->out = out;
}

static flow test(struct op *op)
{
	const struct in_test *in = op->in;
	struct channel_test *ask = arena_make(op->arena, struct channel_test);

	*ask = (struct channel_test){ op->names[0], in->to, in->text, in->format };
	op->in = ask;
	return channel_test(op);
}

static const struct route routes[] = {
	{ .method = METHOD_GET,
	  .path = "/api/channels",
	  .role = ROLE_VIEWER,
	  .run = channels_list,
	  .out = &out_channels_shape,
	  .status = 200,
	  .summary = "Every platform, and what there is to send to it with; secrets are masked" },
	{ .method = METHOD_POST,
	  .path = "/api/channels/{platform}/credentials",
	  .role = ROLE_ADMIN,
	  .in = &credentials_shape,
	  .run = put,
	  .out = &out_channel_shape,
	  .status = 200,
	  .flags = ROUTE_MAKES,
	  .ids = { "" },
	  .summary = "Keep what a platform is sent to with, in place of what was kept" },
	{ .method = METHOD_DELETE,
	  .path = "/api/channels/{platform}/credentials",
	  .role = ROLE_ADMIN,
	  .run = delete,
	  .out = &out_deleted_shape,
	  .status = 200,
	  .ids = { "" },
	  .summary = "Forget what a platform is sent to with",
	  .view = show_deleted },
	{ .method = METHOD_POST,
	  .path = "/api/channels/{platform}/test",
	  .role = ROLE_ADMIN,
	  .in = &in_test_shape,
	  .run = test,
	  .out = &out_test_shape,
	  .status = 200,
	  .flags = ROUTE_REACHES,
	  .ids = { "" },
	  .summary = "Send a message now, and say what became of it" },
};

const struct dialect scheduler_channels = {
	.name = "channels",
	.base = "/api/channels",
	.routes = routes,
	.count = (int)(sizeof(routes) / sizeof(routes[0])),
	.fault_type = "application/json",
	.fault = error_print,
	.fault_schema = error_schema,
};
