/* Which credentials a platform has to do with, for those who are to fill them in. */
#include "channel_int.h"

static unsigned bits_of(const struct platform_row *row, enum fields_of what)
{
	if (what == FIELDS_NEEDED)
		return row->needs;
	if (what == FIELDS_NEEDED_ONE)
		return row->needs_one;
	return row->takes | (row->takes_api_base ? 1u << CRED_API_BASE : 0);
}

struct json_list platform_fields(enum platform p, enum fields_of what, struct arena *a)
{
	unsigned bits = bits_of(&platform_rows[p], what);
	struct slice *names = arena_array(a, struct slice, CRED_COUNT);
	struct json_list list = { names, 0 };

	for (int i = 0; i < CRED_COUNT; i++)
		if (bits >> i & 1)
			names[list.n++] = slice_of(credentials_shape.fields[i].name);
	return list;
}
