/* A server that speaks TLS: the openssl program's own, with a certificate made on the spot. */
#ifndef TESTS_FETCH_OPENSSL_H
#define TESTS_FETCH_OPENSSL_H

#include <stdbool.h>
#include <sys/types.h>

struct openssl_server {
	int port;     /* at 127.0.0.1 */
	int from, to; /* what it read from its client, decrypted, and what it is to say */
	int reserved; /* a socket that holds the port, so that nobody else's connection gets it */
	pid_t pid;
};

/* Makes `folder` (a template for mkdtemp) with the files "cert" and "key", for localhost. False: there
 * is no openssl program, or it cannot. */
bool openssl_certificate(char *folder);

/* Starts it and returns when it listens. `options`: more arguments, NULL at the end, at most 8. */
struct openssl_server openssl_serve(const char *folder, const char *const options[]);

/* Ends the process and closes `to`; `from` then reads its end and is the caller's to close. */
void openssl_stop(struct openssl_server *s);

#endif
