# tests/unit/*.c tests/prop/*.c -> build/gen/suites.c on stdout: every `Suite *suite_x(void)` that is defined
# there, and the main() that runs them. The last line it prints is `N passed, N failed`.
# A name as argument runs that suite alone; CK_FORK, CK_RUN_CASE and CK_VERBOSITY work as Check documents.
/^Suite \*suite_[a-z0-9_]+\(void\)/ {
	match($0, /suite_[a-z0-9_]+/)
	suite[++n] = substr($0, RSTART, RLENGTH)
}
END {
	print "/* Made by scripts/gen_suites.awk. */\n#include <check.h>\n#include <stdio.h>\n#include <string.h>\n"
	for (i = 1; i <= n; i++)
		print "Suite *" suite[i] "(void);"
	print "\nstatic const struct {\n\tconst char *name;\n\tSuite *(*make)(void);\n} suites[] = {"
	for (i = 1; i <= n; i++)
		print "\t{ \"" substr(suite[i], 7) "\", " suite[i] " },"
	print "\t{ NULL, NULL },\n};\n"
	print "__attribute__((weak)) int main(int argc, char **argv)"
	print "{"
	print "\tSRunner *runner = srunner_create(NULL);"
	print "\tint run, failed;\n"
	print "\tfor (int i = 0; suites[i].name; i++)"
	print "\t\tif (argc < 2 || strcmp(argv[1], suites[i].name) == 0)"
	print "\t\t\tsrunner_add_suite(runner, suites[i].make());"
	print "\tsetvbuf(stdout, NULL, _IOLBF, 0);"
	print "\tsrunner_run_all(runner, CK_ENV);"
	print "\trun = srunner_ntests_run(runner);"
	print "\tfailed = srunner_ntests_failed(runner);"
	print "\tsrunner_free(runner);"
	print "\tprintf(\"%d passed, %d failed\\n\", run - failed, failed);"
	print "\treturn failed != 0;"
	print "}"
}
