/* What somebody may do: pure. */
#include "core/auth.h"

const char *const role_words[] = { "none", "viewer", "operator", "editor", "admin", NULL };

enum err authorize(const struct who *who, enum role needs)
{
	if (who->role >= needs)
		return ERR_NONE;
	return who->role == ROLE_NONE ? ERR_UNAUTHORIZED : ERR_FORBIDDEN;
}

static bool matches(struct slice pattern, struct slice action)
{
	bool is_open = pattern.n && pattern.p[pattern.n - 1] == '*';

	if (!is_open)
		return pattern.n == action.n && memcmp(pattern.p, action.p, action.n) == 0;
	pattern.n--;
	return pattern.n <= action.n && memcmp(pattern.p, action.p, pattern.n) == 0;
}

bool authorize_action(const struct who *who, struct slice action)
{
	const char *at = who->actions, *comma;

	if (!who->has_actions)
		return true;
	for (; (comma = strchr(at, ',')); at = comma + 1)
		if (action.n && matches((struct slice){ at, (size_t)(comma - at) }, action))
			return true;
	return false;
}
