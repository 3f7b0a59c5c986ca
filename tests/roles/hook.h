/* Answers everything with 200 and a text of A's. */
#ifndef TESTS_ROLES_HOOK_H
#define TESTS_ROLES_HOOK_H

const char *hook_start(void); /* its address; a process of its own, which ends with this one */

#endif
