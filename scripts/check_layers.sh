#!/bin/bash
# The architecture as one line: an include may name headers of its own layer and of layers to its left;
# { a, b -> c } are chains that never see each other. Then the gates that keep words in their layer.
set -u
cd "$(dirname "$0")/.." || exit 2
dag='base -> expr -> channel -> when -> model -> io -> store -> core -> { engine , http -> api } -> app'

# shellcheck disable=SC2046
awk -v dag="$dag" '
	# rank by position; inside { } also a branch, and different branches are strangers.
	function place(    w, n, i, r, b) {
		n = split(dag, w, " ")
		for (i = 1; i <= n; i++) {
			if (w[i] == "->") r++
			else if (w[i] == "{") { branch = ++b }
			else if (w[i] == ",") { branch = ++b }
			else if (w[i] == "}") { branch = 0; r += 9 }
			else { rank[w[i]] = r; of[w[i]] = branch + 0 }
		}
	}
	function layer(path,    p) {
		split(path, p, "/")
		return p[2]
	}
	BEGIN { place() }
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		to = part[2]
		from = layer(FILENAME)
		if (to == "sql.h") {
			if (from != "store" && from != "app") {
				print FILENAME ":" FNR ": only store (and app, which prepares them) may include sql.h"
				bad = 1
			}
			next
		}
		if (!sub(/\/.*/, "", to) || !(to in rank))
			next # a private header beside the file
		if (!(from in rank)) {
			print FILENAME ": folder " from " is not in the DAG"
			bad = 1
		} else if (rank[to] > rank[from] || (of[to] && of[from] && of[to] != of[from])) {
			print FILENAME ":" FNR ": " from " may not include " part[2]
			bad = 1
		}
	}
	END { exit bad }
' $(find src include -name '*.[ch]') /dev/null
bad=$?

gate() { # what is wrong, pattern, files...
	local what=$1 pattern=$2
	shift 2
	if (($# > 0)) && grep -nE "$pattern" "$@" /dev/null |
		grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/\*| \*|[^"]*/\*)'; then
		echo "  ^ $what"
		bad=1
	fi
}
files() { # find arguments -> array
	mapfile -t found < <(find "$@" 2>/dev/null)
}
files src -name '*.c' ! -path 'src/io/migrate.c' ! -path 'src/io/pg_*.c' ! -path 'src/app/cluster*.c'
gate 'SQL lives in sql/' '"(select|insert into|update|delete from|with|SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) [a-z_]+ ' \
	"${found[@]}"
files src/api include/api -name '*.[ch]'
gate 'api/ is tables: JSON goes through base/json.h' '\<cJSON' "${found[@]}"
files src include -name '*.[ch]' ! -path 'src/http/*' ! -path 'include/http/*'
gate 'evhttp belongs to http/' '\<evhttp_' "${found[@]}"
files src include ! -path '*/api/*' ! -path '*/app/*' -name '*.[ch]'
gate 'a dialect below api/' '(^|[^-[:alnum:]])([Tt]askhook|TASKHOOK|[Pp]lanner|PLANNER)(\>|_)' "${found[@]}"
exit $bad
