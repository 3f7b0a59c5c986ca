#!/bin/bash
# A throw-away PostgreSQL for a shell suite: no fsync, a Unix socket only, gone afterwards. To be sourced:
#   . tests/lib/pg.sh
#   pg_up                      makes a cluster in a new temporary folder; sets PG_FOLDER, PG_ADMIN, PG_URL
#   pg_sql DATABASE STATEMENT  prints the rows, fields divided by |
#   pg_stop [MODE]  pg_start   stops it (fast, immediate) and starts it again
#   pg_down                    stops it and removes the folder
# PG_ADMIN is a libpq connection string of database postgres; PG_URL a DATABASE_URL with %s for the database.
# PG_SETTINGS, one setting a line, is appended to postgresql.conf. Or as a command, for a cluster that is up
# (PG_FOLDER set): pg.sh start | stop [MODE].

PG_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

pg_program() { # a server program, as the unprivileged user when we are root
	local bin=${PGBIN:-$("$PG_LIB/../../scripts/pgbin.sh")} program=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u postgres -- "$bin/$program" "$@")
	else
		(cd / && "$bin/$program" "$@")
	fi
}

pg_start() {
	pg_program pg_ctl -D "$PG_FOLDER/data" -w -t 60 -l "$PG_FOLDER/log" start >/dev/null ||
		{
			tail -n 20 "$PG_FOLDER/log" >&2
			return 1
		}
}

pg_stop() {
	pg_program pg_ctl -D "$PG_FOLDER/data" -m "${1:-fast}" -w stop >/dev/null
}

pg_up() {
	PG_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/carillon-pg.XXXXXX") || return 1
	mkdir "$PG_FOLDER/sock"
	chmod 755 "$PG_FOLDER"
	if [ "$(id -u)" = 0 ]; then chown -R postgres "$PG_FOLDER"; fi
	pg_program initdb -N -D "$PG_FOLDER/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null || return 1
	cat >"$PG_FOLDER/extra.conf" <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$PG_FOLDER/sock'
		max_connections = 200
		shared_buffers = 128MB
		fsync = off
		full_page_writes = off
		synchronous_commit = off
		autovacuum_naptime = 10s
		log_min_messages = warning
		log_min_error_statement = error
		${PG_SETTINGS:-}
	CONF
	chmod 644 "$PG_FOLDER/extra.conf"

	echo "include '$PG_FOLDER/extra.conf'" >>"$PG_FOLDER/data/postgresql.conf"
	PG_ADMIN="host=$PG_FOLDER/sock user=postgres dbname=postgres"
	PG_URL="postgresql:///%s?host=$PG_FOLDER/sock&user=postgres"
	export PG_FOLDER PG_ADMIN PG_URL
	pg_start
}

pg_sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$PG_FOLDER/sock" -U postgres -d "$1" -c "$2"
}

pg_down() {
	if [ -n "${PG_FOLDER:-}" ]; then
		if [ -f "$PG_FOLDER/data/postmaster.pid" ]; then pg_stop immediate || true; fi
		rm -rf "$PG_FOLDER"
	fi
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	set -eu
	case ${1:-} in
	start) pg_start ;;
	stop) pg_stop "${2:-fast}" ;;
	*)
		sed -n '2,11p' "$0"
		exit 2
		;;
	esac
fi
