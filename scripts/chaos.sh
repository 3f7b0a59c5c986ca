#!/bin/bash
# chaos.sh [SECONDS [SEED]]: faults drawn from the seed for so long (300 s), under load, then every promise is checked
# (tests/chaos). The same seed draws the same faults. CARILLON_BIN and BUILD_DIR (build/debug) say what is tested;
# with CHAOS_KEEP=1 the servers' logs stay.
set -u
cd "$(dirname "$0")/.." || exit 2
export BUILD_DIR=${BUILD_DIR:-$PWD/build/debug}
exec bash tests/suites/chaos_short.sh long "${1:-300}" ${2:+"$2"}
