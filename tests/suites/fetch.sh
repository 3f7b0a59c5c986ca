#!/bin/bash
# The fetcher against a hostile target, on loopback. The driver forks its target and prints the closing line.
set -u
driver=${BUILD_DIR:?}/t_fetch
if [ ! -x "$driver" ]; then driver=$BUILD_DIR/test_fetch; fi
if [ ! -x "$driver" ]; then
	echo "no driver in $BUILD_DIR"
	echo "0 passed, 1 failed"
	exit 1
fi
exec timeout 100 "$driver"
