/* t_roles: against the server at ROLES_URL, whose settings key is ROLES_KEY and whose log is ROLES_LOG
 * (tests/suites/roles.sh). The last line is `N passed, N failed`. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "roles/hook.h"
#include "roles/roles.h"

enum { SHOWN_MAX = 40 };

const char *const role_names[ROLES] = { "none", "viewer", "operator", "editor", "admin" };
int passed, failed;

void check(bool held, const char *format, ...)
{
	va_list args;

	if (held) {
		passed++;
		return;
	}
	if (++failed > SHOWN_MAX)
		return;
	va_start(args, format);
	printf("FAILED: ");
	(void)vprintf(format, args);
	printf("\n");
	va_end(args);
}

int main(void)
{
	const char *key = getenv("ROLES_KEY"), *log = getenv("ROLES_LOG");

	server_url = getenv("ROLES_URL");
	if (!server_url || !key || !log) {
		(void)fprintf(
			stderr,
			"t_roles: set ROLES_URL, ROLES_KEY and ROLES_LOG (tests/suites/roles.sh does)\n");
		return 2;
	}
	var_set("hook", hook_start());
	world_begin(key);
	matrix_run();
	canary_probes();
	canary_pages(log);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
