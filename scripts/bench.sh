#!/bin/bash
# bench.sh BUILD_DIR: what tests/bench and tests/load offer: their run.sh, with the release binary.
set -eu
cd "$(dirname "$0")/.."
BUILD_DIR=$PWD/${1:?usage: bench.sh BUILD_DIR}
CARILLON_BIN=$BUILD_DIR/carillon
PGBIN=$(scripts/pgbin.sh)
export BUILD_DIR CARILLON_BIN PGBIN
for run in tests/bench/run.sh tests/load/run.sh; do
	if [ -e "$run" ]; then bash "$run"; fi
done
