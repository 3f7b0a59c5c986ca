#!/bin/sh
# Prints the directory of PostgreSQL's server programs: $PG_BINDIR, else the newest that Debian has, else PATH.
set -eu
if [ -n "${PG_BINDIR:-}" ]; then
	echo "$PG_BINDIR"
	exit 0
fi
best=
for initdb in /usr/lib/postgresql/*/bin/initdb; do
	version=${initdb#/usr/lib/postgresql/}
	version=${version%%/*}
	if [ -x "$initdb" ] && [ "${version%%.*}" -gt "${best:-0}" ] 2>/dev/null; then best=$version; fi
done
if [ -n "$best" ]; then
	echo "/usr/lib/postgresql/$best/bin"
elif initdb=$(command -v initdb); then
	dirname "$initdb"
else
	echo "no PostgreSQL server found (set PG_BINDIR)" >&2
	exit 1
fi
