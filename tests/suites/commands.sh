#!/bin/bash
# `carillon key` on the private PostgreSQL: beside the server that runs on it, without one, several at once; never two
# clusters on one directory.
# shellcheck disable=SC2317
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
bin=$CARILLON_BIN
unset CARILLON_BIN DATABASE_URL # no setting of the server's
# shellcheck source=tests/lib/wait.sh
. tests/lib/wait.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/carillon-commands.XXXXXX")
chmod 755 "$work"
export CARILLON_DATA_DIR=$work/data CARILLON_LISTEN=127.0.0.1:0 CARILLON_LOG=text
passed=0
failed=0
server=
cleanup() {
	if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
	if [ -L "$work/data/pg" ]; then
		far=$(readlink "$work/data/pg")
		if [[ $far =~ ^/var/lib/carillon/pg-[A-Za-z0-9]{6}/pg$ ]]; then rm -rf "${far%/pg}"; fi
	fi
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

check() { # what, command...
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		sed 's/^/    /' "$work/out" "$work/err"
	fi
}
carillon() { # arguments: exit status, $work/out, $work/err
	"$bin" "$@" >"$work/out" 2>"$work/err"
}
is() { # status, arguments...
	local wanted=$1
	shift
	carillon "$@"
	[ $? = "$wanted" ]
}
says() { grep -q -- "$1" "$work/err"; }
prints() { grep -q -- "$1" "$work/out"; }
serve() {
	"$bin" serve >"$work/said" 2>"$work/log" &
	server=$!
	url=$(wait_line "$work/said" '^carillon ready on ' 60) || return 1
	url=${url#carillon ready on }
}
stop() { # signal
	kill "-$1" "$server"
	wait "$server" 2>/dev/null
	server=
}
status_of() { # key
	curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" "$url/v1/schedules"
}
# No server process of PostgreSQL works in the data directory.
is_idle() {
	local pid
	pid=$(head -n 1 "$(readlink -f "$work/data/pg")/postmaster.pid" 2>/dev/null) || return 0
	! kill -0 "$pid" 2>/dev/null
}

: >"$work/out"
: >"$work/err"
check "no data directory: said, and none is made" is 1 key list
check "... which" says "no database in $work/data"
check "... nothing is there" [ ! -e "$work/data" ]

check "the server starts" serve
check "bytes that are no text" is 2 key create --name $'\xff' --role viewer
check "... which" says "this is not UTF-8"
check "a key, beside the server" is 0 key create --name one --role viewer
one=$(cat "$work/out")
check "... good at once" [ "$(status_of "$one")" = 200 ]
check "... and nothing else was printed" [ "$(wc -l <"$work/out")" = 1 ]
for i in 1 2 3; do
	"$bin" key create --name "at once $i" --role viewer >/dev/null 2>"$work/err" &
	makers[i]=$!
done
for i in 1 2 3; do
	check "three at once beside the server" wait "${makers[i]}"
done
check "the server still answers" [ "$(status_of "$one")" = 200 ]
stop TERM

check "without a server" is 0 key list
check "... what was made is there" prints 'one$'
check "... and nothing else is said" [ ! -s "$work/err" ]
check "... all of it" [ "$(grep -c 'at once' "$work/out")" = 3 ]
check "... and the cluster has ended" is_idle
for i in 1 2 3; do
	"$bin" key create --name "alone $i" --role viewer >/dev/null 2>"$work/err" &
	makers[i]=$!
done
for i in 1 2 3; do
	check "three at once without a server wait for one another" wait "${makers[i]}"
done
check "... and the cluster has ended" is_idle

check "a name that a terminal would obey" is 0 key create --name $'a\u009b31m\u202eb\e[1m' --role viewer
check "... is in the list" is 0 key list
check "... as plain text" prints 'a[.]31m[.]b[.]\[1m$'
check "... and goes" is 0 key revoke "$("$bin" key list | awk '/a[.]31m[.]/ { print $1 }')"
check "the server starts again" serve
check "what was made without it is good" [ "$(status_of "$one")" = 200 ]
stop KILL
check "after a kill -9" is 0 tenant list
check "... the tenant and its 8 keys" prints 'default  *default .* 8$'
check "... and the cluster has ended" wait_for 10 is_idle
echo "$passed passed, $failed failed"
exit $((failed > 0))
