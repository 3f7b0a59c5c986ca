#!/bin/bash
# tests/roles: who may ask for what, every route with every role in one's own tenant and in another, and what another tenant
# sees of it all. A server and a database of its own; ROLES_KEEP=1 keeps the server's log.
# shellcheck disable=SC2317
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
bin=$CARILLON_BIN
unset CARILLON_BIN # no setting of the server's
# shellcheck source=tests/lib/pg.sh
. tests/lib/pg.sh
# shellcheck source=tests/lib/wait.sh
. tests/lib/wait.sh

ROLES_LOG=$(mktemp)
said=$(mktemp)
server=
finish() {
	if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
	pg_down
	if [ -n "${ROLES_KEEP:-}" ]; then
		echo "log: $ROLES_LOG" >&2
	else
		rm -f "$ROLES_LOG"
	fi
	rm -f "$said"
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() {
	echo "$1"
	tail -n 20 "$ROLES_LOG"
	echo "0 passed, 1 failed"
	exit 1
}
if ! pg_up || ! pg_sql postgres 'create database roles'; then fail "no PostgreSQL"; fi
# shellcheck disable=SC2059
DATABASE_URL=$(printf "$PG_URL" roles)
ROLES_KEY=roles-0123456789abcdef0123
export DATABASE_URL ROLES_KEY ROLES_LOG
env CARILLON_API_KEY="$ROLES_KEY" CARILLON_LISTEN=127.0.0.1:0 CARILLON_REQUEST_RATE=0 CARILLON_AUTH_FAILURES=0 \
	CARILLON_ALLOW_PRIVATE_TARGETS=1 CARILLON_LOG=json CARILLON_LOG_LEVEL=debug CARILLON_DATA_DIR="$PG_FOLDER/data" \
	"$bin" serve >"$said" 2>"$ROLES_LOG" &
server=$!
ROLES_URL=$(wait_line "$said" '^carillon ready on ') || fail "the server did not start"
export ROLES_URL=${ROLES_URL#carillon ready on }
"$BUILD_DIR/t_roles"
