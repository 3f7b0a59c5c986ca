/* Words that do not compile in src/: each has an unsafe contract, changes the whole process, or
 * blocks the loop. The Makefile includes this file ahead of every source file (never of tests,
 * nor by hand). The libc headers come first, because a macro would break their own declarations.
 * _GNU_SOURCE is set by the Makefile. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BANNED(word) sorry_##word##_is_banned_see_base_banned_h

/* No bound on what is written: strbuf, snprintf, memcpy. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef strtok
#define strcpy(...) BANNED(strcpy)
#define strcat(...) BANNED(strcat)
#define sprintf(...) BANNED(sprintf)
#define vsprintf(...) BANNED(vsprintf)
#define strtok(...) BANNED(strtok)

/* No error is ever reported: base/scan.h. */
#undef atoi
#undef atol
#define atoi(...) BANNED(atoi)
#define atol(...) BANNED(atol)

/* The process-wide time zone and environment: when/tz.h. */
#undef localtime
#undef mktime
#undef tzset
#undef setenv
#define localtime(...) BANNED(localtime)
#define mktime(...) BANNED(mktime)
#define tzset(...) BANNED(tzset)
#define setenv(...) BANNED(setenv)

/* Guessable, or blocking: base/crypto.h, the loop's timers, io/. */
#undef rand
#undef sleep
#undef system
#undef getaddrinfo
#define rand(...) BANNED(rand)
#define sleep(...) BANNED(sleep)
#define system(...) BANNED(system)
#define getaddrinfo(...) BANNED(getaddrinfo)

/* Libraries: renamed also in their own headers, so that a use fails at the declaration's
 * attribute or at the link, under a name that says why. */
#define PQexec sorry_PQexec_is_banned
#define PQexecParams sorry_PQexecParams_is_banned
#define PQexecPrepared sorry_PQexecPrepared_is_banned
#define PQconnectdb sorry_PQconnectdb_is_banned
#define curl_easy_perform sorry_curl_easy_perform_is_banned
struct pg_conn;
struct pg_result;
#define BANNED_CALL __attribute__((error("see base/banned.h")))
BANNED_CALL struct pg_result *PQexec(struct pg_conn *, const char *);
BANNED_CALL struct pg_conn *PQconnectdb(const char *);

#endif
