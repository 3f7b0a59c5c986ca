/* curl_only URL COUNT [AT_ONCE]: libcurl alone. COUNT POSTs of a webhook's size, AT_ONCE (64)
 * under way, over kept connections, one thread, curl_multi_socket_action on epoll: the limit of
 * any sender that uses libcurl. Prints {"per_s":..,"cpu_s":..,"errors":..}. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 1024 };

struct slot {
	CURL *curl;
	char body[320];
};

static struct slot slots[AT_ONCE_MAX];
static CURLM *multi;
static int poller, timeout_ms = -1;
static long wanted, started, ended, errors;
static struct curl_slist *headers;

static double seconds(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int on_socket(CURL *curl, curl_socket_t fd, int what, void *context, void *known)
{
	struct epoll_event event = { .data.fd = fd };
	(void)curl;
	(void)context;
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(poller, EPOLL_CTL_DEL, fd, NULL);
	} else {
		(void)epoll_ctl(poller, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
		curl_multi_assign(multi, fd, slots);
	}
	return 0;
}

static int on_timer(CURLM *of, long ms, void *context)
{
	(void)of;
	(void)context;
	timeout_ms = (int)ms;
	return 0;
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	(void)context;
	return size * count;
}

static void open_slot(struct slot *slot, const char *url)
{
	slot->curl = curl_easy_init();
	curl_easy_setopt(slot->curl, CURLOPT_URL, url);
	curl_easy_setopt(slot->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(slot->curl, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(slot->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(slot->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(slot->curl, CURLOPT_TIMEOUT_MS, 30000L);
	curl_easy_setopt(slot->curl, CURLOPT_PRIVATE, slot);
}

static void send_next(struct slot *slot)
{
	if (started == wanted)
		return;
	int len = snprintf(
		slot->body, sizeof slot->body,
		"{\"bench_id\":\"c%ld\",\"order\":{\"id\":12345,\"items\":[{\"sku\":\"A-1\",\"n\":2},"
		"{\"sku\":\"B-2\",\"n\":1}],\"total\":99.5},\"note\":\"please ship before noon, ring twice\"}",
		started++);
	curl_easy_setopt(slot->curl, CURLOPT_POSTFIELDS, slot->body);
	curl_easy_setopt(slot->curl, CURLOPT_POSTFIELDSIZE, (long)len);
	curl_multi_add_handle(multi, slot->curl);
}

static void take_ended(void)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		CURL *curl = message->easy_handle;
		struct slot *slot;
		long status = 0;
		curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&slot);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		errors += message->data.result != CURLE_OK || status != 200;
		ended++;
		curl_multi_remove_handle(multi, curl);
		send_next(slot);
	}
}

static void turn(void)
{
	struct epoll_event events[256];
	int running;
	int count = epoll_wait(poller, events, 256,
			       timeout_ms < 0 || timeout_ms > 1000 ? 1000 : timeout_ms);
	if (count == 0)
		curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
	for (int i = 0; i < count; i++) {
		int mask = events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
		if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			mask |= CURL_CSELECT_IN;
		curl_multi_socket_action(multi, events[i].data.fd, mask, &running);
	}
	take_ended();
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	long at_once = argc > 3 ? strtol(argv[3], NULL, 10) : 64;
	wanted = strtol(argv[2], NULL, 10);
	poller = epoll_create1(0);
	curl_global_init(CURL_GLOBAL_ALL);
	multi = curl_multi_init();
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, at_once * 2);
	headers = curl_slist_append(curl_slist_append(NULL, "Content-Type: application/json"),
				    "Expect:");
	double began = seconds(CLOCK_MONOTONIC);
	for (long i = 0; i < at_once && i < AT_ONCE_MAX; i++) {
		open_slot(&slots[i], argv[1]);
		send_next(&slots[i]);
	}
	while (ended < wanted)
		turn();
	double took = seconds(CLOCK_MONOTONIC) - began;
	printf("{\"per_s\":%.1f,\"cpu_s\":%.3f,\"errors\":%ld}\n", (double)ended / took,
	       seconds(CLOCK_PROCESS_CPUTIME_ID), errors);
	return errors != 0;
}
