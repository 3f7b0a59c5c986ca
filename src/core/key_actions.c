#include "core/action.h"
#include "core/auth.h"
#include "core/key_int.h"

/* `*`, `content.*`, or an action's name. */
static bool is_pattern(struct slice p)
{
	if (p.n >= 1 && p.p[p.n - 1] == '*') {
		p.n--;
		if (p.n == 0)
			return true;
		if (p.p[p.n - 1] != '.')
			return false;
		p.n--;
	}
	return action_name_ok(p);
}

struct slice key_actions_text(struct op *op, const struct json_list *patterns)
{
	const struct slice *list = patterns->items;
	char *text, *end;
	size_t n = 0;

	for (size_t i = 0; i < patterns->n; i++) {
		n += list[i].n + 1;
		if (!is_pattern(list[i]))
			json_fault(
				&op->faults, arena_printf(op->arena, "actions[%zu]", i),
				"invalid_value",
				"This must be an action's name, the beginning of names and \".*\", or "
				"\"*\" alone.");
	}
	if (n >= WHO_ACTIONS_MAX)
		json_fault(&op->faults, "actions", "too_long",
			   "All of them together take at most 255 bytes, with one more for each.");
	if (op->faults.total)
		return (struct slice){ NULL, 0 };
	text = end = arena_alloc(op->arena, n + 1);
	for (size_t i = 0; i < patterns->n; i++) {
		memcpy(end, list[i].p, list[i].n);
		end += list[i].n;
		*end++ = ',';
	}
	return (struct slice){ text, n };
}

struct json_list key_actions_list(struct slice text, struct arena *a)
{
	struct json_list out = { NULL, 0 };
	struct slice *list;
	size_t n = 0, from = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	out.items = list = arena_array(a, struct slice, n + 1);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ',') {
			list[out.n++] = (struct slice){ text.p + from, i - from };
			from = i + 1;
		}
	return out;
}

/* Read as a name, an open pattern begins as all that it allows does: what allows "content.x.*" allows `content.x.` and
 * whatever follows. Only `*` needs `*`. */
bool key_actions_within(const struct who *who, struct slice text)
{
	size_t from = 0;

	if (!who->has_actions)
		return true;
	if (!text.p)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ',') {
			if (!authorize_action(who, (struct slice){ text.p + from, i - from }))
				return false;
			from = i + 1;
		}
	return true;
}
