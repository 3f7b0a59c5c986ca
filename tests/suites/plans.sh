#!/bin/bash
# tests/plans: every statement prepared, and no Seq Scan of a large table in a hot one, whatever the statistics.
# PLANS_SHOW=1 prints the plans that are refused. The session's settings are those of src/io/pg_setup.c;
# PLANS_SET="set enable_seqscan = off" tries another.
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
PLANS_SET="$(sed -n "s/.*set_config('\([a-z_]*\)', '\([a-z_]*\)', false).*/set \1 = '\2';/p" src/io/pg_setup.c) ${PLANS_SET:-}"
export T_URL PLANS_SET
"$BUILD_DIR/t_plans"
