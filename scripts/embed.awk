# sql/migrations/NNNN_name.sql -> build/gen/migrations.c on stdout. A gap, a duplicate or a misnamed file
# fails the build: the number is the order in which every database in the field runs them.
function fail(what) {
	print what > "/dev/stderr"
	bad = 1
}

function quoted(line) {
	gsub(/\\/, "\\\\&", line)
	gsub(/"/, "\\\"", line)
	gsub(/\t/, "\\t", line)
	gsub(/\r/, "\\r", line)
	return "\t  \"" line "\\n\""
}

BEGIN {
	print "/* Made by scripts/embed.awk from sql/migrations. */\n#include \"io/migrate.h\"\n"
	print "const struct migration migrations[] = {"
	for (i = 1; i < ARGC; i++) {
		name = ARGV[i]
		sub(/^.*\//, "", name)
		if (name !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+\.sql$/) {
			fail(ARGV[i] ": error: a migration is named NNNN_name.sql")
			continue
		}
		number = substr(name, 1, 4) + 0
		if (number != count + 1)
			fail(sprintf("%s: error: expected number %04d", ARGV[i], count + 1))
		count = number
		printf "\t{ %d, \"%s\",\n", number, substr(name, 6, length(name) - 9)
		while ((status = (getline line < ARGV[i])) > 0)
			print quoted(line)
		if (status < 0)
			fail(ARGV[i] ": error: cannot be read")
		close(ARGV[i])
		print "\t  \"\" },"
	}
	print "\t{ 0, \"\", \"\" },\n};\n"
	printf "const int migrations_count = %d;\n", count
	exit bad
}
