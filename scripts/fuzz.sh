#!/bin/bash
# fuzz.sh BUILD_DIR: libFuzzer on each target for FUZZ_SECONDS (60); new inputs stay in build/, what crashed
# is copied to the stored corpus so that `make check` replays it from then on.
set -u
cd "$(dirname "$0")/.." || exit 2
build=${1:?usage: fuzz.sh BUILD_DIR}
bad=0
for target in "$build"/fuzz/*; do
	if [[ ! -x $target || -d $target ]]; then continue; fi
	name=${target##*/}
	seeds=tests/fuzz/corpus/$name
	mkdir -p "$build/corpus/$name" "$build/crash"
	args=(-max_total_time="${FUZZ_SECONDS:-60}" -timeout=5 -print_final_stats=0 -verbosity=0
		-artifact_prefix="$build/crash/$name-")
	if [ -e "tests/fuzz/$name.dict" ]; then args+=(-dict="tests/fuzz/$name.dict"); fi
	if [ -d "$seeds" ]; then args+=("$build/corpus/$name" "$seeds"); else args+=("$build/corpus/$name"); fi
	echo "== fuzz $name"
	if ! "$target" "${args[@]}"; then
		bad=1
		mkdir -p "$seeds"
		cp "$build/crash/$name-"* "$seeds/" 2>/dev/null
	fi
done
exit $bad
