#!/bin/bash
# test.sh BUILD_DIR all | unit | fuzz | NAME...
# Runs suites one after the other and prints one closing line, `N passed, N failed`, the sum of theirs.
#   unit     BUILD_DIR/unit, the Check runner
#   fuzz     BUILD_DIR/fuzz/*, each replays its corpus
#   NAME     tests/suites/NAME*.sh, run with CARILLON_BIN, BUILD_DIR (absolute) and PGBIN
# The last line a suite prints is `N passed, N failed`. No such line, or a bad exit with "0 failed", counts as
# one failure more. SUITE_TIMEOUT (seconds, 900) ends a suite that hangs.
set -u
cd "$(dirname "$0")/.." || exit 2

build=${1:?usage: test.sh BUILD_DIR all|unit|fuzz|NAME...}
shift
BUILD_DIR=$PWD/$build
CARILLON_BIN=$BUILD_DIR/carillon
PGBIN=$(scripts/pgbin.sh)
export BUILD_DIR CARILLON_BIN PGBIN
export CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-120}
if [ "$build" = build/asan ]; then
	export CK_FORK=no
	export ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=0:detect_leaks=1:strict_string_checks=1}
	export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
	if [ -z "${LSAN_OPTIONS:-}" ]; then # quoted: the path may have spaces
		export LSAN_OPTIONS="suppressions='$PWD/scripts/lsan.supp':print_suppressions=0"
	fi
fi
# What a developer's shell has set must not reach the servers under test.
for name in $(compgen -e); do
	case $name in
	CARILLON_BIN) ;;
	CARILLON_* | DATABASE_URL | PGHOST | PGPORT | PGUSER | PGDATABASE | PGPASSWORD | PGSERVICE | PGOPTIONS)
		unset "$name"
		;;
	esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
failures=()

run_suite() { # name, command...
	local name=$1 began=$SECONDS rc last p=0 f=0
	shift
	echo "== $name"
	timeout --kill-after=20 "${SUITE_TIMEOUT:-900}" "$@" </dev/null 2>&1 | tee "$log"
	rc=${PIPESTATUS[0]}
	last=$(tail -n 1 "$log")
	if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		p=${BASH_REMATCH[1]}
		f=${BASH_REMATCH[2]}
		if ((rc != 0 && f == 0)); then
			echo "$name: exit status $rc"
			f=1
		fi
	else
		echo "$name: exit status $rc and no closing line"
		f=1
	fi
	if ((f > 0)); then
		failures+=("$name ($f)")
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	echo "== $name: $p passed, $f failed in $((SECONDS - began)) s"
}

run_fuzz() {
	local target
	for target in "$BUILD_DIR"/fuzz/*; do
		if [[ -x $target && ! -d $target && ! $target =~ \.[0-9]+$ ]]; then
			run_suite "fuzz/${target##*/}" "$target"
		fi
	done
}

run_named() { # a name prefix; "" = all
	local suite
	for suite in tests/suites/"$1"*.sh; do
		if [ -e "$suite" ]; then
			run_suite "$(basename "$suite" .sh)" bash "$suite"
		fi
	done
}

for what in "$@"; do
	case $what in
	all)
		run_suite unit "$BUILD_DIR/unit"
		run_fuzz
		run_named ''
		;;
	unit) run_suite unit "$BUILD_DIR/unit" ;;
	fuzz) run_fuzz ;;
	*) run_named "$what" ;;
	esac
done
if ((${#failures[@]} > 0)); then
	printf 'failed: %s\n' "${failures[@]}"
fi
echo "$passed passed, $failed failed"
((failed == 0))
