/* Certificates: openssl's own server with a certificate made on the spot. Without the openssl
 * program this part is left out, and says so. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "openssl.h"
#include "rig.h"

static char folder[] = "/tmp/carillon_fetch_XXXXXX";

static void get(struct fetcher *f, const char *host, int port, struct asked *out)
{
	char url[80];

	snprintf(url, sizeof(url), "%s:%d/", host, port);
	rig_ask(f, &(struct ask){ .url = url, .method = "GET", .body = "", .timeout = 2 * SEC },
		out);
	CHECK(rig_wait(5 * SEC));
}

static void certificates(struct fetcher *trusting, int port, int old_port)
{
	static struct asked got;
	struct fetcher *f = rig_fetcher(10, true);

	get(trusting, "https://localhost", port, &got);
	CHECK_SAID(got.r.fault == FETCH_FINE && got.r.status == 200, got.detail);
	CHECK(got.r.tls_us > 0 && got.r.tls_us >= got.r.connect_us);
	get(trusting, "https://localhost", port, &got);
	CHECK_SAID(got.r.fault == FETCH_FINE, got.detail);
	get(trusting, "https://127.0.0.1", port, &got); /* another name than the certificate's */
	CHECK_SAID(got.r.fault == FETCH_TLS, got.detail);
	get(f, "https://localhost", port, &got); /* nobody we know signed it */
	CHECK_SAID(got.r.fault == FETCH_TLS, got.detail);
	get(trusting, "https://localhost", old_port, &got); /* TLS 1.1 at most */
	CHECK_SAID(got.r.fault == FETCH_TLS, got.detail);
	get(trusting, "https://127.0.0.1", rig.target.port, &got); /* speaks plain HTTP */
	CHECK_SAID(got.r.fault == FETCH_TLS || got.r.fault == FETCH_TIMEOUT, got.detail);
	get(trusting, "https://127.0.0.1", rig.target.silent_port, &got);
	CHECK_SAID(got.r.fault == FETCH_TIMEOUT, got.detail);
	get(trusting, "http://127.0.0.1", port, &got);
	CHECK_SAID(got.r.fault != FETCH_FINE, got.detail);
	fetcher_free(f);
}

void cases_tls(void)
{
	char ca[80], command[100];
	struct fetcher_limits limits = { .in_flight_max = 10,
					 .allow_private = true,
					 .ca_file = ca };
	struct fetcher *trusting;
	static const char *const modern[] = { "-www", "-min_protocol", "TLSv1.2", NULL };
	static const char *const ancient[] = { "-www", "-tls1_1", "-cipher=ALL:@SECLEVEL=0", NULL };
	struct openssl_server server, old;

	if (!openssl_certificate(folder)) {
		printf("tls: left out, the openssl program cannot make a certificate\n");
		return;
	}
	snprintf(ca, sizeof(ca), "%s/cert", folder);
	server = openssl_serve(folder, modern);
	old = openssl_serve(folder, ancient);
	trusting = fetcher_new(rig.loop, &limits);
	certificates(trusting, server.port, old.port);
	fetcher_free(trusting);
	openssl_stop(&server);
	openssl_stop(&old);
	close(server.from);
	close(old.from);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CHECK(system(command) == 0);
}
