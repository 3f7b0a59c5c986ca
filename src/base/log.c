/* Lines are made in one buffer and wait in another, a ring, for stderr to take them. O_NONBLOCK
 * would be the plain way not to block, but the flag belongs to the open file and not to us: the
 * shell's terminal would get it too. So poll() is asked before each write of at most PIPE_BUF
 * bytes, which a writable pipe takes whole.
 *
 * A line is known as a repetition by the hash of its text without the time. */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/metric.h"
#include "base/strbuf.h"

#define RING_BYTES (256 * 1024)
#define LINE_BYTES (16 * 1024)
#define VALUE_BYTES 1024 /* longer strings are cut */
#define FLUSH_WAIT_MS 100
#define REPEAT_SLOTS 64

static const char *const level_words[] = { "debug", "info", "warn", "error" };

static bool as_json;
static enum log_level least_level = LOG_INFO;

static struct {
	char bytes[RING_BYTES];
	size_t start, n;
	uint64_t dropped;
} ring;

/* Lines of the current second, by hash; a collision only forgets a count. */
static struct repeat {
	uint64_t hash;
	usec_t since;
	int64_t times;
} repeats[REPEAT_SLOTS];

void log_setup(bool json, enum log_level least)
{
	as_json = json;
	least_level = least;
}

bool log_wants(enum log_level level)
{
	return level >= least_level;
}

uint64_t log_dropped(void)
{
	return ring.dropped;
}

/* One write, if stderr takes one within wait_ms. False when there is no more to do now. */
static bool write_some(int wait_ms)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };
	size_t n = RING_BYTES - ring.start;
	ssize_t done;

	if (ring.n == 0 || poll(&fd, 1, wait_ms) != 1)
		return false;
	if (!(fd.revents & POLLOUT) || (fd.revents & (POLLERR | POLLNVAL))) {
		ring.n = 0; /* nobody will ever read it */
		return false;
	}
	n = n < ring.n ? n : ring.n;
	n = n < PIPE_BUF ? n : PIPE_BUF;
	done = write(STDERR_FILENO, ring.bytes + ring.start, n);
	if (done < 0)
		return errno == EINTR;
	ring.start = (ring.start + (size_t)done) % RING_BYTES;
	ring.n -= (size_t)done;
	return true;
}

void log_pump(void)
{
	while (write_some(0))
		;
}

void log_flush(void)
{
	usec_t end = clock_boot() + FLUSH_WAIT_MS * MSEC;

	for (usec_t left = end - clock_boot(); left > 0; left = end - clock_boot())
		if (!write_some((int)(left / MSEC) + 1))
			return;
}

static void put_line(struct slice line)
{
	size_t at = (ring.start + ring.n) % RING_BYTES;
	size_t first = RING_BYTES - at < line.n ? RING_BYTES - at : line.n;

	if (line.n > RING_BYTES - ring.n) {
		ring.dropped++;
		metric_add(METRIC_LOG_DROPPED, 1);
		return;
	}
	memcpy(ring.bytes + at, line.p, first);
	memcpy(ring.bytes, line.p + first, line.n - first);
	ring.n += line.n;
}

/* "2030-03-31T12:00:10.123456Z"; base/ may not use when/, so the calendar is worked out here
 * (Hinnant's civil_from_days, for years from 1970 on). */
static void add_date(struct strbuf *out, int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096)
		     / 365;
	int64_t day = day_of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day + 2) / 153;

	day = day - (153 * month + 2) / 5 + 1;
	month = month < 10 ? month + 3 : month - 9;
	strbuf_addf(out, "%04d-%02d-%02dT", (int)(year + era * 400 + (month <= 2)), (int)month,
		    (int)day);
}

static void add_time(struct strbuf *out, usec_t now)
{
	usec_t second = now / SEC % (24 * 3600);
	int h = (int)(second / 3600), m = (int)(second / 60 % 60), s = (int)(second % 60);

	strbuf_addf(out, "%02d:%02d:%02d", h, m, s);
	if (as_json)
		strbuf_addf(out, ".%06dZ", (int)(now % SEC));
	else
		strbuf_addf(out, ".%03d", (int)(now % SEC / MSEC));
}

static void add_head(struct strbuf *out, enum log_level level)
{
	usec_t now = clock_real();

	now = now < 0 ? 0 : now;
	if (as_json) {
		strbuf_adds(out, "{\"ts\":\"");
		add_date(out, now / DAY);
		add_time(out, now);
		strbuf_addf(out, "\",\"level\":\"%s\",\"event\":", level_words[level]);
	} else {
		add_time(out, now);
		strbuf_addf(out, " %-5s ", level_words[level]);
	}
}

/* In text a value is quoted when it would be misread without. */
static bool reads_plain(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == '=' || s.p[i] == 0x7f
		    || (unsigned char)s.p[i] >= 0x80)
			return false;
	return s.n > 0;
}

static void add_string(struct strbuf *out, struct slice s)
{
	if (s.n > VALUE_BYTES) {
		s.n = VALUE_BYTES;
		/* Not in the middle of a character. */
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
			s.n--;
	}
	if (!s.p)
		strbuf_adds(out, as_json ? "null" : "-");
	else if (as_json || !reads_plain(s))
		strbuf_add_json(out, s);
	else
		strbuf_add(out, s.p, s.n);
}

static void add_pair(struct strbuf *out, const struct log_pair *pair)
{
	char id[ID_TEXT_MAX];

	strbuf_addf(out, as_json ? ",\"%s\":" : " %s=", pair->key);
	if (pair->kind == LOG_PAIR_INT) {
		strbuf_addi(out, pair->num);
	} else if (pair->kind == LOG_PAIR_ID) {
		size_t n = id_print(pair->prefix, pair->id, id);

		add_string(out, (struct slice){ id, n });
	} else {
		add_string(out, pair->str);
	}
}

/* The count of the line's slot, from this second on. When the slot is taken over or its second
 * has passed, *out_missed tells how many lines the last one did not print. */
static bool repeats_too_often(struct slice text, int64_t *out_missed)
{
	usec_t now = clock_boot();
	uint64_t hash = 14695981039346656037u;
	struct repeat *r;

	for (size_t i = 0; i < text.n; i++)
		hash = (hash ^ (unsigned char)text.p[i]) * 1099511628211u;
	r = &repeats[hash % REPEAT_SLOTS];
	if (r->hash == hash && now - r->since < SEC)
		return ++r->times > LOG_REPEAT_MAX;
	if (r->hash == hash && r->times > LOG_REPEAT_MAX)
		*out_missed = r->times - LOG_REPEAT_MAX;
	*r = (struct repeat){ hash, now, 1 };
	return false;
}

void log_write(enum log_level level, const char *event, const struct log_pair *pairs)
{
	static struct strbuf line;
	int64_t missed = 0;
	size_t head;

	if (!line.max)
		strbuf_init(&line, LINE_BYTES);
	strbuf_clear(&line);
	add_head(&line, level);
	head = line.n;
	strbuf_addf(&line, as_json ? "\"%s\"" : "%s", event);
	for (; pairs->key; pairs++)
		add_pair(&line, pairs);
	if (line.failed) {
		/* Too many long values: that it happened is better than nothing. */
		strbuf_clear(&line);
		add_head(&line, level);
		head = line.n;
		strbuf_addf(&line, as_json ? "\"%s\",\"cut\":1" : "%s cut=1", event);
	}
	if (repeats_too_often((struct slice){ line.p + head, line.n - head }, &missed))
		return;
	if (missed)
		add_pair(&line, &LOG_INT("times_not_printed", missed));
	strbuf_adds(&line, as_json ? "}\n" : "\n");
	put_line(strbuf_slice(&line));
	log_pump();
}
