# sql/queries/*.sql -> build/gen/sql.h (part=h) or build/gen/sql.c (part=c), on stdout. POSIX awk (mawk).
#
#   -- name: run_claim :many                        :many | :one | :exec
#   -- args: now timestamptz, ids uuid[],           may be repeated; a list that ends in a comma goes on
#   --       most int4                              in the next comment line
#   -- rows: id uuid, attempt int4                  absent for :exec
#   select ... $now ... $ids ... $most;
#
#   -- name: partition_create :ddl                  what cannot be prepared, as names are made at run time:
#   create table $name ...;                         kept as text, const char ddl_partition_create[]
#
# $name becomes $1::type. Everything that is wrong is reported as file:line, and the build fails.
BEGIN {
	q = sprintf("%c", 39)
	split("bool int2 int4 int8 text bytea uuid timestamptz float8", list, " ")
	split("bool |int16_t |int32_t |int64_t |struct slice |struct slice |struct uuid |usec_t |double ",
		ctype, "|")
	for (i in list) {
		c_of[list[i]] = ctype[i]
		c_of[list[i] "[]"] = "struct col "
	}
}

function fail(line, what) {
	printf "%s:%d: error: %s\n", FILENAME, line, what > "/dev/stderr"
	bad = 1
}

function trim(s) {
	sub(/^[ \t\r]+/, "", s)
	sub(/[ \t\r]+$/, "", s)
	return s
}

function db_type(t) {
	return (t ~ /\[\]$/ ? "DB_ARRAY | DB_" : "DB_") toupper(substr(t, 1, match(t "[", /\[/) - 1))
}

# One "name type, name type" list; kind is "arg" or "row".
function declare(kind, text, line,    part, word, n, i, k, name) {
	continues = (text ~ /,$/) ? kind : ""
	sub(/,$/, "", text)
	n = split(text, part, /,/)
	for (i = 1; i <= n; i++) {
		k = split(trim(part[i]), word, /[ \t]+/)
		name = word[1]
		if (k != 2 || name !~ /^[a-z][a-z0-9_]*$/) {
			fail(line, "expected \"name type\" but found \"" trim(part[i]) "\"")
		} else if (!(word[2] in c_of) || (kind == "row" && word[2] ~ /\[/)) {
			fail(line, "unknown type " word[2] " of " name)
		} else if ((S, kind, name) in number) {
			fail(line, name " is declared twice")
		} else {
			k = ++count[S, kind]
			number[S, kind, name] = k
			name_of[S, kind, k] = name
			type_of[S, kind, k] = word[2]
			line_of[S, kind, k] = line
		}
	}
}

# One line of SQL: strings stay, comments go, $name becomes $n::type.
function sql_line(s,    out, c, name, k) {
	while (s != "") {
		c = substr(s, 1, 1)
		if (quote != "") {
			if (c == quote)
				quote = ""
		} else if (c == q || c == "\"") {
			quote = c
		} else if (substr(s, 1, 2) == "--") {
			break
		} else if (substr(s, 1, 2) == "/*") {
			fail(FNR, "write comments with --")
		} else if (c == "$" && kind_of[S] != ":ddl") {
			match(substr(s, 2) " ", /^[A-Za-z0-9_]*/)
			name = substr(s, 2, RLENGTH)
			s = substr(s, RLENGTH + 2)
			if (!((S, "arg", name) in number)) {
				fail(FNR, "unknown argument $" name " in " S)
				continue
			}
			k = number[S, "arg", name]
			used[S, k] = 1
			out = out "$" k "::" type_of[S, "arg", k]
			continue
		}
		out = out c
		s = substr(s, 2)
	}
	if (quote == "")
		sub(/[ \t\r]+$/, "", out)
	if (out == "" && quote == "")
		return
	if (ended[S])
		fail(FNR, "text behind the ; of " S)
	if (quote == "" && sub(/;$/, "", out))
		ended[S] = 1
	if (out != "")
		lines[S, ++count[S, "line"]] = out
}

function finish(    k) {
	if (S == "")
		return
	if (continues != "")
		fail(FNR, "the " continues " list of " S " ends in a comma")
	if (quote != "")
		fail(FNR, "a quote is open at the end of " S)
	if (!count[S, "line"])
		fail(head_line, S " has no SQL")
	if (kind_of[S] == ":ddl") {
		S = continues = quote = ""
		return
	}
	if ((kind_of[S] == ":exec") != !count[S, "row"])
		fail(head_line, S ": " (count[S, "row"] ? "an :exec statement has no rows" : "no -- rows: line"))
	for (k = 1; k <= count[S, "arg"]; k++)
		if (!((S, k) in used))
			fail(line_of[S, "arg", k], "argument " name_of[S, "arg", k] " of " S " is not used")
	S = continues = quote = ""
}

FNR == 1 && S != "" {
	was = FILENAME; FILENAME = file_of; finish(); FILENAME = was
}
/^-- name:/ && quote == "" {
	finish()
	head_line = FNR
	file_of = FILENAME
	n = split($0, w, /[ \t\r]+/)
	S = w[3]
	if (S !~ /^[a-z][a-z0-9_]*$/ || w[4] !~ /^:(many|one|exec|ddl)$/ || (n > 4 && w[5] != ""))
		fail(FNR, "expected -- name: some_name :many|:one|:exec|:ddl")
	if (S in kind_of)
		fail(FNR, S " is defined twice")
	else if (w[4] == ":ddl")
		texts[++ddl] = S
	else
		order[++statements] = S
	kind_of[S] = w[4]
	next
}
/^-- (args|rows):/ && S != "" && quote == "" {
	declare(substr($2, 1, 3), trim(substr($0, 9)), FNR)
	next
}
/^[ \t]*--/ && quote == "" {
	if (continues != "")
		declare(continues, trim(substr($0, match($0, /--/) + 2)), FNR)
	next
}
S == "" {
	if ($0 !~ /^[ \t\r]*$/)
		fail(FNR, "SQL before the first -- name: line")
	next
}
{ sql_line($0) }

function members(s, kind,    k) {
	for (k = 1; k <= count[s, kind]; k++)
		printf "\t%s%s;\n", c_of[type_of[s, kind, k]], name_of[s, kind, k]
}

function call_of(s) {
	return "void q_" s "(struct db_unit *u" (count[s, "arg"] ? ", const struct q_" s " *args)" : ")")
}

function reader_of(s) {
	return "void q_" s "_read(const struct db_rows *rows, int i, struct q_" s "_row *out)"
}

function print_header(    i, s) {
	print "/* Made by scripts/gen_sql.awk from sql/queries. */\n#ifndef GEN_SQL_H\n#define GEN_SQL_H\n"
	print "#include \"io/db.h\"\n\nenum sql {"
	for (i = 1; i <= statements; i++)
		print "\tSQL_" toupper(order[i]) ","
	print "\tSQL_COUNT\n};\nextern const struct db_stmt db_stmts[SQL_COUNT];"
	for (i = 1; i <= statements; i++) {
		s = order[i]
		print "\n/* " s " " kind_of[s] " */"
		if (count[s, "arg"]) {
			print "struct q_" s " {"
			members(s, "arg")
			print "};"
		}
		print call_of(s) ";"
		if (count[s, "row"]) {
			print "struct q_" s "_row {"
			members(s, "row")
			print "};\n" reader_of(s) ";"
		}
	}
	print ""
	for (i = 1; i <= ddl; i++)
		print "extern const char ddl_" texts[i] "[];"
	print "\n#endif"
}

function types(s, kind,    k, out) {
	for (k = 1; k <= count[s, kind]; k++)
		out = out (k > 1 ? ", " : "") db_type(type_of[s, kind, k])
	return out == "" ? "NULL" : "(const unsigned char[]){ " out " }"
}

function print_text(s, last,    k, t) {
	for (k = 1; k <= count[s, "line"]; k++) {
		t = lines[s, k]
		gsub(/\\/, "\\\\&", t)
		gsub(/"/, "\\\"", t)
		gsub(/\t/, "\\t", t)
		print "\t  \"" t (k < count[s, "line"] ? "\\n\"" : "\"" last)
	}
}

function print_functions(s,    k, t) {
	print "\n" call_of(s) "\n{\n\tdb_begin(u, SQL_" toupper(s) ");"
	for (k = 1; k <= count[s, "arg"]; k++) {
		t = type_of[s, "arg", k]
		if (t ~ /\[\]$/)
			printf "\tdb_bind_array(u, %s, args->%s);\n", substr(db_type(t), 12), name_of[s, "arg", k]
		else
			printf "\tdb_bind_%s(u, args->%s);\n", t, name_of[s, "arg", k]
	}
	print "\tdb_end(u);\n}"
	if (!count[s, "row"])
		return
	print "\n" reader_of(s) "\n{"
	for (k = 1; k <= count[s, "row"]; k++)
		printf "\tout->%s = db_get_%s(rows, i, %d);\n", name_of[s, "row", k], type_of[s, "row", k], k - 1
	print "}"
}

function print_code(    i, s) {
	print "/* Made by scripts/gen_sql.awk from sql/queries. */\n#include \"sql.h\"\n"
	print "const struct db_stmt db_stmts[SQL_COUNT] = {"
	for (i = 1; i <= statements; i++) {
		s = order[i]
		print "\t{ \"" s "\","
		print_text(s, ",")
		printf "\t  %d, %d, %s,\n\t  %s },\n", count[s, "arg"], count[s, "row"], types(s, "arg"),
			types(s, "row")
	}
	print "};"
	for (i = 1; i <= ddl; i++) {
		print "const char ddl_" texts[i] "[] ="
		print_text(texts[i], ";")
	}
	for (i = 1; i <= statements; i++)
		print_functions(order[i])
}

END {
	FILENAME = file_of
	finish()
	if (bad)
		exit 1
	if (part == "h")
		print_header()
	else
		print_code()
}
