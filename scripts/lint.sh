#!/bin/bash
# Everything that judges the source without running it. All steps run; the exit status is the verdict.
# shellcheck disable=SC2317
set -u
cd "$(dirname "$0")/.." || exit 2
unset MAKEFLAGS MFLAGS MAKELEVEL # the makes below choose their own jobs
bad=0
step() { # name, command...
	local name=$1 began=$SECONDS
	shift
	if "$@"; then
		echo "lint: $name ok ($((SECONDS - began)) s)"
	else
		echo "lint: $name FAILED ($((SECONDS - began)) s)"
		bad=1
	fi
}
jobs=$(nproc)
mapfile -t src < <(find src -name '*.c' | sort)
mapfile -t code < <(find src tests scripts -name '*.c' | sort) # headers are laid out by hand
mapfile -t shell < <(find scripts tests .ci -name '*.sh' -o -path '.ci/run' | sort)
libs=(libevent libpq libcurl libcjson libcrypto check)
read -ra flags < <(pkg-config --cflags "${libs[@]}")
flags+=(-std=c17 -D_GNU_SOURCE -Iinclude -Isrc -Ibuild/gen)

compile_clang() {
	printf '%s\0' "${src[@]}" | xargs -0 -r -P "$jobs" -n 4 clang "${flags[@]}" -include include/base/banned.h \
		-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2 \
		-Wconditional-uninitialized -Wno-error=deprecated-declarations -Werror -fsyntax-only
}
compile_gcc() {
	make -s BUILD=lint WERROR=1 -j "$jobs" objects >/dev/null
}
cpp_check() {
	cppcheck --quiet -j "$jobs" --std=c11 --language=c --enable=warning,portability,performance \
		--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory \
		--suppress=unusedStructMember --suppress='*:build/gen/*' --suppress=preprocessorErrorDirective \
		--suppress=memsetClassFloat --suppress=uninitMemberVarPrivate --suppress=toomanyconfigs \
		--suppress=syntaxError --suppress=unknownMacro --suppress=uninitvar -D__GNUC__=12 -D_GNU_SOURCE -U__cplusplus \
		-Iinclude -Isrc -Ibuild/gen src
}
# clang-tidy wants its files ahead of the flags, so xargs cannot append them.
tidy_some() {
	local out rc
	out=$(mktemp)
	# shellcheck disable=SC2086
	clang-tidy --quiet --warnings-as-errors='*' "$@" -- $TIDY_FLAGS 2>/dev/null >"$out"
	rc=$?
	# The path that led there (the notes) only on request: it is a hundred lines long.
	if [ -n "${LINT_NOTES:-}" ]; then cat "$out"; else grep -E ': (error|warning):' "$out"; fi
	rm -f "$out"
	return "$rc"
}
export -f tidy_some
tidy() {
	export TIDY_FLAGS="${flags[*]} -include include/base/banned.h"
	# shellcheck disable=SC2016
	printf '%s\0' "${src[@]}" | xargs -0 -r -P "$jobs" -n 2 bash -c 'tidy_some "$@"' _
}

step generate make -s gen
step layers scripts/check_layers.sh
step style scripts/check_style.sh
step history scripts/check_history.sh
step codes scripts/check_codes.pl
step headers scripts/hdr_check.sh
step shellcheck shellcheck -x "${shell[@]}"
step format clang-format --dry-run -Werror "${code[@]}"
step clang compile_clang
step gcc compile_gcc
step cppcheck cpp_check
step clang-tidy tidy
if ((bad)); then
	echo 'lint: failed'
fi
exit $bad
