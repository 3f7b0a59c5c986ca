#!/bin/bash
# cover.sh BUILD_DIR: runs the unit program of a --coverage build and prints line coverage by folder.
# when/ and core/ have a floor (COVER_FLOOR, 95 %).
set -eu
cd "$(dirname "$0")/.."
build=${1:?usage: cover.sh BUILD_DIR}
find "$build" -name '*.gcda' -delete
CK_FORK=no CK_DEFAULT_TIMEOUT=600 "$build/unit" | tail -n 3
find "$build/src" -name '*.o' | sort | while read -r object; do
	gcov -n -o "$object" "$object" 2>/dev/null || true
done | awk -v floor="${COVER_FLOOR:-95}" '
	/^File / { file = $0; gsub(/^File |\047/, "", file); next }
	/^Lines executed:/ && file ~ /^src\// {
		split(file, part, "/")
		s = $0; sub(/^[^:]*:/, "", s); split(s, v, "% of ")
		lines[part[2]] += v[2]; hit[part[2]] += v[1] * v[2] / 100
	}
	{ file = "" }
	END {
		for (f in lines) {
			rate = 100 * hit[f] / lines[f]
			low = (f == "when" || f == "core") && rate < floor
			printf "%-8s %5.1f %% of %5d lines%s\n", f, rate, lines[f], low ? "   below " floor " %" : ""
			bad += low
		}
		exit bad != 0
	}'
