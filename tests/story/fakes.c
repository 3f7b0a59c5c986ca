/* The platforms that messages go to, played by the hook: what comes to /fake/PLATFORM/... must be as the platform
 * documents it (tests/lib/platform.h), or the story fails; it is answered as documented too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/platform.h"
#include "story/story.h"

enum { FAKES_MAX = 8, ANSWERS_MAX = 16, FINE = -1 };

static const struct {
	const char *word;
	int fault;
} words[] = {
	{ "ok", FINE },
	{ "limited", FAULT_RATE_LIMITED },
	{ "not_found", FAULT_NOT_FOUND },
	{ "unauthorized", FAULT_UNAUTHORIZED },
	{ "server", FAULT_SERVER },
};

static struct fake {
	char name[24];
	int answers[ANSWERS_MAX], count, used; /* the last one repeats */
} fakes[FAKES_MAX];
static struct buf faults; /* what was not as documented, a line each */

static struct fake *fake_of(const char *name, size_t len)
{
	int i = 0;
	while (i < FAKES_MAX && fakes[i].name[0]
	       && (strlen(fakes[i].name) != len || strncmp(fakes[i].name, name, len) != 0))
		i++;
	if (i == FAKES_MAX || len >= sizeof fakes[i].name)
		abort();
	if (!fakes[i].name[0]) {
		memcpy(fakes[i].name, name, len);
		fakes[i].answers[0] = FINE;
		fakes[i].count = 1;
	}
	return &fakes[i];
}

bool fake_is(const char *path)
{
	return strncmp(path, "/fake/", 6) == 0 && strchr(path + 6, '/');
}

/* Under the hook's lock. */
void fake_answer(const struct message *got, int *out_status, struct buf *out_headers,
		 struct buf *out_body)
{
	const char *name = got->path + 6, *rest = strchr(name, '/');
	struct fake *fake = fake_of(name, (size_t)(rest - name));
	bool is_webhook = strstr(rest, "/services/") || strstr(rest, "/webhooks/");
	struct platform_request request = { .method = got->method,
					    .path = rest,
					    .headers = got->head.at,
					    .body = got->body.at,
					    .body_n = got->body.len };
	int answer = fake->answers[fake->used];
	const char *fault = platform_check(fake->name, &request);

	if (fault)
		buf_print(&faults, "%s %s: %s\n", got->method, got->path, fault);
	if (fake->used + 1 < fake->count)
		fake->used++;
	struct platform_answer a = answer == FINE ? platform_ok(fake->name, is_webhook)
						  : platform_error(fake->name, is_webhook,
								   (enum platform_fault)answer);
	*out_status = a.status;
	buf_print(out_headers, "%s", a.headers);
	buf_print(out_body, "%s", a.body);
}

/* PLATFORM ANSWER,ANSWER...; false: no such word */
bool fake_rule(const char *platform, char *answers)
{
	struct fake *fake = fake_of(platform, strlen(platform));

	fake->count = fake->used = 0;
	for (char *word = strtok(answers, ", "); word; word = strtok(NULL, ", ")) {
		size_t i = 0;
		while (i < sizeof words / sizeof *words && strcmp(words[i].word, word) != 0)
			i++;
		if (i == sizeof words / sizeof *words || fake->count == ANSWERS_MAX)
			return false;
		fake->answers[fake->count++] = words[i].fault;
	}
	return fake->count > 0;
}

/* "" when all was as documented. */
const char *fake_faults(void)
{
	return faults.at ? faults.at : "";
}
