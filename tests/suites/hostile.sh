#!/bin/bash
# tests/hostile: 50,000 requests that mean no good, to a server and a database of its own. SEED=n repeats a run,
# HOSTILE_COUNT=n sends so many, HOSTILE_KEEP=1 keeps the server's log.
# shellcheck disable=SC2317
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
export CARILLON_BIN
# shellcheck source=tests/lib/pg.sh
. tests/lib/pg.sh

HOSTILE_LOG=$(mktemp)
finish() {
	pg_down
	if [ -n "${HOSTILE_KEEP:-}" ]; then
		echo "log: $HOSTILE_LOG" >&2
	else
		rm -f "$HOSTILE_LOG"
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM
if ! pg_up || ! pg_sql postgres 'create database hostile'; then
	echo "no PostgreSQL"
	echo "0 passed, 1 failed"
	exit 1
fi
# shellcheck disable=SC2059
DATABASE_URL=$(printf "$PG_URL" hostile)
export DATABASE_URL HOSTILE_LOG
export CARILLON_API_KEY=hostile-0123456789abcdef CARILLON_LISTEN=127.0.0.1:0 CARILLON_REQUEST_RATE=0
export CARILLON_AUTH_FAILURES=0
export CARILLON_ALLOW_PRIVATE_TARGETS=1 CARILLON_LOG=text CARILLON_LOG_LEVEL=warn CARILLON_DATA_DIR=$PG_FOLDER/data
"$BUILD_DIR/t_hostile" | tee "$PG_FOLDER/out"
rc=${PIPESTATUS[0]}
if ((rc != 0)); then
	tail -n 30 "$HOSTILE_LOG"
	tail -n 1 "$PG_FOLDER/out"
fi
exit "$rc"
