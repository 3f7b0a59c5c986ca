#!/bin/bash
# Waiting without guessing, for shell suites. To be sourced.
#   wait_for SECONDS COMMAND...   until the command succeeds; fails when the time is up
#   wait_port PORT [SECONDS]      until something listens on 127.0.0.1:PORT
#   wait_line FILE PATTERN [SECONDS]   until the file has a line that matches; prints the first
#   free_port                     prints a port that nobody listens on now

wait_for() {
	local end=$(($(date +%s%N) + $1 * 1000000000))
	shift
	until "$@" >/dev/null 2>&1; do
		if (($(date +%s%N) >= end)); then return 1; fi
		sleep 0.02
	done
}

port_is_open() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

wait_port() {
	wait_for "${2:-10}" port_is_open "$1" || {
		echo "nothing listens on port $1" >&2
		return 1
	}
}

wait_line() {
	wait_for "${3:-20}" grep -q -- "$2" "$1" && grep -m 1 -- "$2" "$1"
}

free_port() {
	local port
	for _ in $(seq 50); do
		port=$((20000 + RANDOM % 12000))
		if ! port_is_open "$port"; then
			echo "$port"
			return 0
		fi
	done
	return 1
}
