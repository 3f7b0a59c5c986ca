#!/bin/bash
# What has happened is only ever added to (RELIABILITY.md P13): no statement updates, merges into, empties or deletes from the
# tables below, but those named beside them. Arguments: query files instead of sql/queries/*.sql.
set -u
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- sql/queries/*.sql
awk '
BEGIN {
	# table: its statements, each with a blank around it
	allowed["audit"] = " audit_forget "           # whole blocks, by age
	allowed["run_history"] = " run_retry_ended "  # taken up again by hand: back into run
	allowed["attempt"] = " "
	allowed["run_output"] = " "
}
function judge(    table, rest, i, n, word) {
	gsub(/\047[^\047]*\047/, " ", text) # texts
	gsub(/[(),;]/, " & ", text)
	n = split(tolower(text), word, /[ \t\n]+/)
	for (i = 1; i <= n; i++) {
		table = ""
		if (word[i] == "update" && word[i - 1] != "for" && word[i - 1] != "do" && word[i - 1] != "key")
			table = word[i + 1] == "only" ? word[i + 2] : word[i + 1]
		else if ((word[i] == "delete" && word[i + 1] == "from") || (word[i] == "merge" && word[i + 1] == "into"))
			table = word[i + 2] == "only" ? word[i + 3] : word[i + 2]
		else if (word[i] == "truncate" || (word[i] == "drop" && word[i + 1] == "table"))
			table = word[i + 1] == "table" ? word[i + 2] : word[i + 1]
		else if (word[i] == "insert" && word[i + 1] == "into")
			into = word[i + 2]
		else if (word[i] == "do" && word[i + 1] == "update")
			table = into
		sub(/^public\./, "", table)
		if (table in allowed && index(allowed[table], " " name " ") == 0) {
			printf "%s: %s changes %s, which is only ever added to\n", file, name, table
			bad = 1
		}
	}
	text = into = ""
}
/^-- name:/ {
	judge()
	name = $3
	file = FILENAME
	seen++
	next
}
{
	sub(/--.*/, "")
	text = text " " $0
}
END {
	judge()
	exit bad || !seen
}' "$@"
