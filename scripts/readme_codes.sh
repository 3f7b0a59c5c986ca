#!/bin/bash
# readme_codes.sh CARILLON: puts what `carillon errors --markdown` prints between its two marks in README.md.
set -eu
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"${1:?usage: readme_codes.sh CARILLON}" errors --markdown | awk '
	FILENAME == "-" { tables = tables $0 "\n"; next }
	$0 == "<!-- /carillon errors -->" { within = 0 }
	!within { print }
	$0 == "<!-- carillon errors --markdown -->" { within = 1; printf "%s", tables }
' - README.md >"$new"
cmp -s "$new" README.md || cat "$new" >README.md
