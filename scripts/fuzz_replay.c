/* Feeds a fuzz target its stored corpus with plain gcc: the files in tests/fuzz/corpus/NAME, and
 * the empty input. A crash is the failure; the closing line counts inputs. */
#include <dirent.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	static unsigned char buf[1 << 20];
	FILE *f = fopen(path, "rb");
	unsigned char *copy; /* of the exact size, so that a sanitizer sees every overrun */
	size_t n;

	if (!f)
		return 0;
	n = fread(buf, 1, sizeof(buf), f);
	(void)fclose(f);
	copy = malloc(n ? n : 1);
	if (!copy)
		abort();
	memcpy(copy, buf, n);
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 1;
}

int main(int argc, char **argv)
{
	char dir[512], path[1024];
	int done = 1;
	DIR *d;

	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	(void)snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", basename(argv[0]));
	for (int i = 1; i < argc; i++)
		done += replay(argv[i]);
	d = argc > 1 ? NULL : opendir(dir);
	for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (e->d_name[0] != '.')
			done += replay(path);
	}
	if (d)
		(void)closedir(d);
	printf("%d passed, 0 failed\n", done);
	return 0;
}
