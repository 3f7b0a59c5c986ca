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

#include "rig.h"

static char folder[] = "/tmp/carillon_fetch_XXXXXX";

static bool shell(const char *command)
{
	return system(command) == 0;
}

static bool make_certificate(void)
{
	char command[600];

	snprintf(
		command, sizeof(command),
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
		"-addext subjectAltName=DNS:localhost -keyout %s/key -out %s/cert >/dev/null 2>&1",
		folder, folder);
	return shell(command);
}

static bool is_open(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool open = connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return open;
}

static int free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&a, len) || getsockname(fd, (struct sockaddr *)&a, &len))
		abort();
	close(fd);
	return ntohs(a.sin_port);
}

static pid_t serve(int port, const char *option, const char *value)
{
	char at[30], cert[80], key[80];
	pid_t pid;

	snprintf(at, sizeof(at), "127.0.0.1:%d", port);
	snprintf(cert, sizeof(cert), "%s/cert", folder);
	snprintf(key, sizeof(key), "%s/key", folder);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!freopen("/dev/null", "r+", stdout) || !freopen("/dev/null", "r+", stderr))
			_exit(1);
		execlp("openssl", "openssl", "s_server", "-quiet", "-www", "-accept", at, "-cert",
		       cert, "-key", key, option, value, (char *)NULL);
		_exit(1);
	}
	for (int i = 0; i < 200 && !is_open(port); i++)
		usleep(10000);
	return pid;
}

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
	int port = free_port(), old_port;
	pid_t server, old;

	if (!mkdtemp(folder) || !make_certificate()) {
		printf("tls: left out, the openssl program cannot make a certificate\n");
		return;
	}
	snprintf(ca, sizeof(ca), "%s/cert", folder);
	server = serve(port, "-min_protocol", "TLSv1.2");
	old_port = free_port();
	old = serve(old_port, "-tls1_1", "-cipher=ALL:@SECLEVEL=0");
	trusting = fetcher_new(rig.loop, &limits);
	certificates(trusting, port, old_port);
	fetcher_free(trusting);
	kill(server, SIGKILL);
	kill(old, SIGKILL);
	waitpid(server, NULL, 0);
	waitpid(old, NULL, 0);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CHECK(shell(command));
}
