#!/bin/bash
# Crash tests under load, about 25 s: tests/chaos with one fault of each kind. Arguments: a seed; or as
# scripts/chaos.sh, `long SECONDS SEED`. CHAOS_KEEP=1 keeps the logs.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
export BUILD_DIR CARILLON_BIN
# shellcheck source=tests/lib/pg.sh
. tests/lib/pg.sh

CHAOS_FOLDER=$(mktemp -d)
finish() {
	pg_down
	if [ -z "${CHAOS_KEEP:-}" ]; then
		rm -rf "$CHAOS_FOLDER"
	else
		echo "logs: $CHAOS_FOLDER" >&2
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM
# An immediate stop must lose nothing that was committed: what is written but not synced survives it.
export PG_SETTINGS='synchronous_commit = on'
pg_up || {
	echo "no PostgreSQL"
	echo "0 passed, 1 failed"
	exit 1
}
CHAOS_ADMIN=$PG_ADMIN
CHAOS_URL=$PG_URL
CHAOS_PG_COMMAND=$PWD/tests/lib/pg.sh
export CHAOS_ADMIN CHAOS_URL CHAOS_FOLDER CHAOS_PG_COMMAND

if [ "${1:-}" = long ]; then
	"$BUILD_DIR/t_chaos" "$@"
else
	"$BUILD_DIR/t_chaos" short "$@"
fi
