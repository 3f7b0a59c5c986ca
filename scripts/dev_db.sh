#!/bin/bash
# A throw-away PostgreSQL for suites and for trying things: no fsync, a Unix socket only, no password.
#   dev_db.sh start DIR   makes it in DIR (which must not exist), starts it, prints a DATABASE_URL
#   dev_db.sh stop DIR    stops it and removes DIR
# About 1 s. Works as root (the server runs as user postgres) and as anybody else. DIR should be short (a socket
# lies in it) and reachable for the server's user: "$(mktemp -d)/db" is right as an ordinary user; as root make
# the parent enterable (chmod 711).
set -eu

command=${1:?usage: dev_db.sh start|stop DIR}
dir=${2:?usage: dev_db.sh start|stop DIR}
bin=$("$(dirname "$0")/pgbin.sh")
as=()
if [ "$(id -u)" = 0 ]; then
	as=(setpriv --reuid postgres --regid postgres --clear-groups)
fi

case $command in
start)
	mkdir -m 700 "$dir"
	dir=$(cd "$dir" && pwd -P)
	if [ "$(id -u)" = 0 ]; then chown postgres: "$dir"; fi
	cd /
	"${as[@]}" "$bin/initdb" -D "$dir/data" -U carillon -A trust -E UTF8 --locale=C -N >"$dir.initdb" 2>&1 ||
		{
			cat "$dir.initdb" >&2
			exit 1
		}
	rm -f "$dir.initdb"
	"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -s -w -l "$dir/log" -o "-k '$dir' -h '' -F \
		-c max_connections=60 -c full_page_writes=off -c jit=off -c timezone=UTC" start >&2
	"$bin/createdb" -h "$dir" -U carillon carillon
	echo "postgresql://carillon@/carillon?host=${dir// /%20}"
	;;
stop)
	if [ -e "$dir/data/postmaster.pid" ]; then
		dir=$(cd "$dir" && pwd -P)
		(cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -s -m immediate -w stop) || true
	fi
	rm -rf "$dir"
	;;
*)
	echo "dev_db.sh: start or stop, not $command" >&2
	exit 2
	;;
esac
