#!/bin/bash
# The database layer against a real PostgreSQL: a throw-away server on a Unix socket, tests/db, and away.
# Arguments go to the program: a part of a test's name, or `bench`. T_LOG=1 shows its log.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
BUILD_DIR=${BUILD_DIR:-$here/build/debug}
PGBIN=${PGBIN:-$("$here/scripts/pgbin.sh")}
work=$(mktemp -d /tmp/carillon-db.XXXXXX)
data=$work/data
user=$(id -un)
as=()
if [ "$(id -u)" = 0 ]; then
	user=postgres
	as=(runuser -u postgres --)
	chown postgres "$work"
fi
chmod 755 "$work"

stop() {
	"${as[@]}" "$PGBIN/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1
}
# shellcheck disable=SC2317
away() {
	stop
	rm -rf "$work"
}
trap away EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1

if ! "${as[@]}" "$PGBIN/initdb" -N -D "$data" -U "$user" -A trust -E UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1; then
	cat "$work/initdb.log"
	echo "0 passed, 1 failed"
	exit 1
fi
cat >>"$data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
max_connections = 60
shared_buffers = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
log_min_messages = fatal
CONF
quoted=
for word in "${as[@]}"; do quoted+="$word "; done
export PG_START="$quoted$PGBIN/pg_ctl -D $data -w -t 30 -l $work/log start >/dev/null"
export PG_STOP="$quoted$PGBIN/pg_ctl -D $data -m immediate -w stop >/dev/null"
if ! bash -c "$PG_START"; then
	cat "$work/log"
	echo "0 passed, 1 failed"
	exit 1
fi
export T_URL="postgresql://$user@/postgres?host=$work"
"$BUILD_DIR/t_db" "$@"
