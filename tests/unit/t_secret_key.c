/* The key file: what is taken and what is refused, and one key for all who make it at the same time. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/wire_int.h"

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static char folder[64], path[96], why[512];

static void setup(void)
{
	snprintf(folder, sizeof folder, "/tmp/t_secret_key_XXXXXX");
	ck_assert(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/key", folder);
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static bool find(const char *file, const char *data, struct secret_key *out)
{
	const struct config config = { .secret_key_file = file, .data_dir = data };
	static struct app app;

	app = (struct app){ .magic = APP_MAGIC, .config = &config };
	if (!boot_find_secret_key(&app, why, sizeof why))
		return false;
	*out = app.core.secret_key;
	return true;
}

static const struct file {
	int line;
	const char *text;
	int mode;
	const char *says; /* NULL: it is taken */
} files[] = {
	{ __LINE__, HEX "\n", 0600, NULL },
	{ __LINE__, BASE64, 0400, NULL },
	{ __LINE__, HEX, 0644, NULL }, /* as secrets of containers are mounted; with a warning */
	{ __LINE__, HEX, 0620, "chmod 600" },
	{ __LINE__, HEX, 0602, "chmod 600" },
	{ __LINE__, "", 0600, "holds no key" },
	{ __LINE__, "\n", 0600, "holds no key" },
	{ __LINE__, "00" HEX, 0600, "holds no key" },
	{ __LINE__, HEX HEX HEX HEX HEX, 0600, "holds no key" },
	{ __LINE__, "g" HEX, 0600, "holds no key" },
	{ __LINE__, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ==", 0600, "holds no key" },
	{ __LINE__, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", 0600, "holds no key" },
};

START_TEST(what_is_taken)
{
	const struct file *f = &files[_i];
	struct secret_key key;
	int fd = open(path, O_WRONLY | O_CREAT, f->mode);
	bool taken;

	ck_assert(fd >= 0 && write(fd, f->text, strlen(f->text)) == (ssize_t)strlen(f->text));
	ck_assert_int_eq(fchmod(fd, (mode_t)f->mode), 0);
	close(fd);
	taken = find(path, "/nowhere", &key);
	ck_assert_msg(taken == !f->says, "line %d", f->line);
	if (taken)
		for (int i = 0; i < SECRET_KEY_BYTES; i++)
			ck_assert_int_eq(key.bytes[i], i);
	else
		ck_assert_msg(strstr(why, f->says) != NULL, "line %d: %s", f->line, why);
}
END_TEST

START_TEST(only_a_file)
{
	struct secret_key key;

	ck_assert(!find(folder, "/nowhere", &key));
	ck_assert_ptr_nonnull(strstr(why, "not a regular file"));
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert(!find(path, "/nowhere", &key)); /* and does not wait for a writer */
	ck_assert(!find("/does/not/exist", folder, &key));
	ck_assert_ptr_nonnull(strstr(why, "cannot be read"));
}
END_TEST

/* A server without a key starts all the same. */
START_TEST(no_place_for_it)
{
	struct secret_key key;

	ck_assert(find(NULL, "/proc/nowhere", &key));
	ck_assert(!key.is_set);
}
END_TEST

enum { RACERS = 16 };

START_TEST(all_have_one)
{
	int go[2], back[2];
	struct secret_key first = { .is_set = false }, got;
	struct stat st;
	char byte;

	ck_assert(pipe(go) == 0 && pipe(back) == 0);
	for (int i = 0; i < RACERS; i++) {
		if (fork() != 0)
			continue;
		close(go[1]);
		(void)!read(go[0], &byte, 1); /* until the others are there too */
		_exit(!find(NULL, folder, &got) || write(back[1], &got, sizeof got) != sizeof got);
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < RACERS; i++) {
		ck_assert(read(back[0], &got, sizeof got) == sizeof got);
		ck_assert(got.is_set);
		if (i == 0)
			first = got;
		ck_assert_mem_eq(got.bytes, first.bytes, sizeof got.bytes);
	}
	for (int i = 0; i < RACERS; i++)
		wait(NULL);
	snprintf(path, sizeof path, "%s/secret.key", folder);
	ck_assert(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 && st.st_nlink == 1);
}
END_TEST

Suite *suite_secret_key(void)
{
	Suite *s = suite_create("secret_key");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_taken, 0, sizeof(files) / sizeof(files[0]));
	tcase_add_test(tc, only_a_file);
	tcase_add_test(tc, no_place_for_it);
	tcase_add_test(tc, all_have_one);
	suite_add_tcase(s, tc);
	return s;
}
