#!/bin/bash
# tests/plans: every statement prepared, and no Seq Scan of a large table in a hot one, whatever the statistics.
# PLANS_SHOW=1 prints the plans that are refused.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}"
# shellcheck source=tests/lib/pg.sh
. tests/lib/pg.sh

trap pg_down EXIT
trap 'exit 130' INT TERM
PG_SETTINGS='autovacuum = off'
if ! pg_up || ! pg_sql postgres 'create database plans'; then
	echo "no PostgreSQL"
	echo "0 passed, 1 failed"
	exit 1
fi
# shellcheck disable=SC2059
T_URL=$(printf "$PG_URL" plans)
export T_URL
"$BUILD_DIR/t_plans"
