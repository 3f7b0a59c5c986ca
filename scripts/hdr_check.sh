#!/bin/bash
# Each header compiles alone and twice: no hidden order of includes.
set -u
cd "$(dirname "$0")/.." || exit 2
flags=$(pkg-config --cflags libevent libpq libcurl libcjson libcrypto check)
check() {
	# shellcheck disable=SC2086
	printf '#include "%s"\n#include "%s"\n' "$1" "$1" | gcc -std=c17 -D_GNU_SOURCE -Iinclude -Isrc \
		-Ibuild/gen -Itests $flags -Wall -Wextra -Wundef -Werror -fsyntax-only -x c - ||
		{
			echo "$1: does not compile alone"
			return 1
		}
}
export flags
export -f check
# shellcheck disable=SC2016
find include src tests build/gen -name '*.h' -print0 | xargs -0 -P "$(nproc)" -I{} bash -c 'check "$1"' _ {}
