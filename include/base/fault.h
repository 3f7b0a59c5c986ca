/* Named failpoints, in test builds only (CARILLON_TEST): FAILPOINT("cp3") does what the test
 * asked for that name: kill the process at once (SIGKILL, as a crash would), or nothing. In
 * release builds it is nothing. FAULT_ERROR("name") is true when the test wants that step to
 * fail. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

#ifdef CARILLON_TEST
void fault_arm(const char *name, int after); /* act at the `after`-th pass (1 = the next) */
void fault_hit(const char *name);
bool fault_error(const char *name);
/* From the environment: CARILLON_TEST_FAULTS="cp3=kill@2,claim=error@1" */
void fault_setup(const char *text);
#define FAILPOINT(name) fault_hit(name)
#define FAULT_ERROR(name) fault_error(name)
#else
#define FAILPOINT(name) ((void)0)
#define FAULT_ERROR(name) false
#endif

#endif
