/* How tests move the clock and arm faults. */
#include "wire_int.h"

#ifdef CARILLON_TEST

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/fault.h"
#include "when/duration.h"
#include "when/stamp.h"

static struct bufferevent *console;

static void move(struct app *app, usec_t now)
{
	clock_set(now);
	loop_clock_moved(app->core.loop);
}

static const char *do_clock(struct app *app, const char *text)
{
	usec_t now;

	if (stamp_parse(slice_of(text), &now))
		return "not an RFC 3339 instant";
	move(app, now);
	return NULL;
}

static const char *do_advance(struct app *app, const char *text)
{
	usec_t span;

	if (duration_parse(slice_of(text), &span))
		return "not a duration";
	move(app, clock_now() + span);
	return NULL;
}

static const char *do_fail(struct app *app, const char *text)
{
	(void)app;
	fault_setup(text);
	return NULL;
}

static const struct {
	const char *word;
	const char *(*run)(struct app *app, const char *text);
} commands[] = { { "clock", do_clock }, { "advance", do_advance }, { "fail", do_fail } };

static void obey(struct app *app, const char *line)
{
	size_t n = strcspn(line, " ");
	const char *text = line + n + strspn(line + n, " ");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const char *why;

		if (strlen(commands[i].word) != n || strncmp(line, commands[i].word, n) != 0)
			continue;
		why = commands[i].run(app, text);
		if (why)
			(void)printf("%s error: %s\n", commands[i].word, why);
		else
			(void)printf("%s ok\n", commands[i].word);
		(void)fflush(stdout);
		return;
	}
	(void)printf("error: no such command\n");
	(void)fflush(stdout);
}

static void on_line(struct bufferevent *bev, void *ctx)
{
	struct app *app = ctx;
	char *line;

	CHECK_MAGIC(app, APP_MAGIC);
	while ((line = evbuffer_readln(bufferevent_get_input(bev), NULL, EVBUFFER_EOL_CRLF))
	       != NULL) {
		obey(app, line);
		free(line);
	}
}

static void on_end(struct bufferevent *bev, short what, void *ctx)
{
	(void)what;
	(void)ctx;
	bufferevent_disable(bev, EV_READ);
}

void console_start(struct app *app)
{
	struct stat s;

	/* The loop cannot wait for a file or /dev/null. */
	if (fstat(STDIN_FILENO, &s) != 0
	    || (!S_ISFIFO(s.st_mode) && !S_ISSOCK(s.st_mode) && !isatty(STDIN_FILENO)))
		return;
	console = bufferevent_socket_new(loop_base(app->core.loop), STDIN_FILENO, 0);
	if (!console)
		die("out of memory");
	bufferevent_setcb(console, on_line, NULL, on_end, app);
	bufferevent_enable(console, EV_READ);
}

void console_free(void)
{
	if (console)
		bufferevent_free(console);
	console = NULL;
}

#else

void console_start(struct app *app)
{
	(void)app;
}

void console_free(void)
{
}

#endif
