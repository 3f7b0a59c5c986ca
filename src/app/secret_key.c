/* The key that secrets at rest are sealed with: from the operator's file, else from one of our own beside the data. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cluster.h"
#include "base/crypto.h"
#include "base/log.h"
#include "wire_int.h"

#define TEXT_BYTES_MAX 256
#define HEX_DIGITS (2 * SECRET_KEY_BYTES)

static bool __attribute__((format(printf, 3, 4)))
fail(char *why, size_t why_max, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(why, why_max, fmt, args);
	va_end(args);
	return false;
}

static bool parse(struct slice text, unsigned char out[SECRET_KEY_BYTES])
{
	size_t n = 0;

	if (text.n != HEX_DIGITS)
		return crypto_unbase64(text, out, SECRET_KEY_BYTES, &n) && n == SECRET_KEY_BYTES;
	for (size_t i = 0; i < HEX_DIGITS; i++) {
		int digit = hex_digit(text.p[i]);

		if (digit < 0)
			return false;
		out[i / 2] = (unsigned char)(out[i / 2] << 4 | digit);
	}
	return true;
}

/* Its owner's alone: whoever reads it can read every tenant's credentials. A file that the operator named
 * may be readable, as the secrets of containers are mounted so; that is said. */
static bool is_private(int fd, const char *path, bool is_named, char *why, size_t why_max)
{
	mode_t refused = is_named ? S_IWGRP | S_IWOTH : S_IRWXG | S_IRWXO;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(why, why_max, "%s cannot be read: %s.", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(why, why_max, "%s is not a regular file.", path);
	if (st.st_mode & refused)
		return fail(
			why, why_max,
			"%s holds the key to every secret and may be used by others than its owner: "
			"chmod 600 it.",
			path);
	if (st.st_mode & (S_IRGRP | S_IROTH))
		log_event(LOG_WARN, "secret_key.readable", LOG_STR("file", path),
			  LOG_STR("meaning",
				  "others than its owner may read the key to every secret"));
	return true;
}

static bool read_key(const char *path, bool is_named, struct secret_key *out, char *why,
		     size_t why_max)
{
	unsigned char bytes[SECRET_KEY_BYTES] = { 0 };
	char text[TEXT_BYTES_MAX];
	/* Not to wait for ever where somebody put a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is_fine;
	ssize_t n;

	if (fd < 0)
		return fail(why, why_max, "%s cannot be read: %s.", path, strerror(errno));
	is_fine = is_private(fd, path, is_named, why, why_max);
	n = is_fine ? read(fd, text, sizeof(text)) : 0;
	(void)close(fd);
	if (!is_fine)
		return false;
	while (n > 0 && strchr(" \t\r\n", text[n - 1]))
		n--;
	is_fine = n > 0 && parse((struct slice){ text, (size_t)n }, bytes);
	if (is_fine)
		secret_key_init(out, bytes);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(bytes, sizeof(bytes));
	return is_fine
	    || fail(why, why_max, "%s holds no key: 64 hexadecimal digits, or base64 of 32 bytes.",
		    path);
}

static bool write_all(int fd)
{
	unsigned char bytes[SECRET_KEY_BYTES];
	char text[HEX_DIGITS + 2];
	bool is_written;

	crypto_random(bytes, sizeof(bytes));
	crypto_hex(bytes, sizeof(bytes), text);
	text[HEX_DIGITS] = '\n';
	is_written = write(fd, text, HEX_DIGITS + 1) == HEX_DIGITS + 1 && fsync(fd) == 0;
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(text, sizeof(text));
	return is_written;
}

/* Made aside and linked: there is never half a key, and of several processes that make one at the same time one wins
 * and the others find it. */
static bool make_key(const char *path, char *why, size_t why_max)
{
	char aside[PATH_MAX + 16];
	bool is_made;
	int fd;

	(void)snprintf(aside, sizeof(aside), "%s.%d", path, (int)getpid());
	(void)unlink(aside);
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	is_made = fd >= 0 && write_all(fd) && (link(aside, path) == 0 || errno == EEXIST);
	if (!is_made)
		(void)fail(why, why_max, "%s cannot be made: %s.", path, strerror(errno));
	if (fd >= 0) {
		(void)close(fd);
		(void)unlink(aside);
	}
	return is_made;
}

static bool find_own(struct app *app, char *why, size_t why_max)
{
	const char *dir = app->cluster ? cluster_data_dir(app->cluster) : app->config->data_dir;
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/secret.key", dir);

	if (n <= 0 || n >= (int)sizeof(path))
		return fail(why, why_max, "The data directory's name is too long.");
	/* With a private PostgreSQL it is there already. */
	if (!app->cluster && mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fail(why, why_max, "%s cannot be made: %s.", dir, strerror(errno));
	if (access(path, F_OK) != 0 && !make_key(path, why, why_max))
		return false;
	return read_key(path, false, &app->core.secret_key, why, why_max);
}

bool boot_find_secret_key(struct app *app, char *why, size_t why_max)
{
	if (app->config->secret_key_file)
		return read_key(app->config->secret_key_file, true, &app->core.secret_key, why,
				why_max);
	if (!find_own(app, why, why_max))
		log_event(LOG_WARN, "secret_key.none", LOG_STR("why", why));
	return true;
}
