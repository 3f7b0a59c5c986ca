#!/bin/bash
# The private PostgreSQL (include/app/cluster.h): every promise of its header, as root and as an ordinary user,
# through the driver tests/cluster/driver.c. Needs PGBIN and BUILD_DIR.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/carillon-cluster.XXXXXX")
chmod 755 "$work"
if ! cp "$BUILD_DIR/t_cluster" "$work/driver"; then # an ordinary user may not reach the build directory
	rm -rf "$work"
	echo '0 passed, 1 failed'
	exit 1
fi
passed=0
failed=0
as=() # how to become the user under test
who=
driver=

remove_far() { # link: the directory outside DATA_DIR that it points into
	local far
	far=$(readlink "$1")
	if [[ $far =~ ^/var/lib/carillon/pg-[A-Za-z0-9]{6}/pg$ ]]; then rm -rf "${far%/pg}"; fi
}
cleanup() {
	if [ -n "$driver" ]; then kill "$driver" 2>/dev/null && wait "$driver" 2>/dev/null; fi
	remove_far "$work/closed/d/pg"
	rm -rf "$work"
}
trap cleanup EXIT

check() { # what, command...
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED ($who): $what"
		sed 's/^/    /' "$work/out"
	fi
}

# Starts the driver on a directory and waits for its first line.
start() { # data directory
	: >"$work/out" # here, because the background shell empties it too late for the first look
	"${as[@]}" "$work/driver" "$1" >>"$work/out" 2>&1 &
	driver=$!
	for _ in $(seq 1200); do
		if grep -qE '^(ready|failed)' "$work/out" || ! kill -0 "$driver" 2>/dev/null; then break; fi
		sleep 0.05
	done
	read -r state ms server _ age url < <(grep -E '^(ready|failed)' "$work/out")
	if [ "$state" != ready ]; then
		server='' url=host=/nowhere
		return 1
	fi
}
refused() { # data directory, text of the sentence
	start "$1" && return 1
	wait "$driver"
	driver=
	grep -q -- "$2" "$work/out"
}
stop() {
	kill -TERM "$driver" && wait "$driver"
	local rc=$?
	driver=
	return $rc
}
sql() { "$PGBIN/psql" -XAtq "$url" -c "$1" 2>>"$work/out"; }
within() { # tenths of a second, command...: until it succeeds
	local left=$1
	shift
	while ! "$@" 2>/dev/null; do
		left=$((left - 1))
		if ((left <= 0)); then return 1; fi
		sleep 0.1
	done
}
is() { [ "$1" = "$2" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }
mode() { stat -c %a "$1"; }
run_dir() {
	local rest=${url#host=\'}
	echo "${rest%%\'*}"
}

story() { # a fresh parent directory that the user may write
	local home=$1 dir=$1/d old

	check 'starts from nothing' start "$dir"
	if [ "$state" != ready ]; then return; fi
	echo "  $who: new cluster in $ms ms"
	check 'in time (0.8 s on an idle machine)' test "$ms" -lt "${CLUSTER_MS_MAX:-15000}"
	check 'is new' is "$age" new
	check 'database carillon' is "$(sql 'select current_database()')" carillon
	check 'durable' is "$(sql "select current_setting('fsync') || current_setting('full_page_writes')")" onon
	check 'no TCP' is "$(sql "select current_setting('listen_addresses')")" ''
	check 'UTF8' is "$(sql "select current_setting('server_encoding')")" UTF8
	check 'not root' test "$(stat -c %u "/proc/$server")" -ne 0
	check 'private socket' is "$(mode "$(run_dir)")" 700
	check 'private data' is "$(mode "$dir/pg/.")" 700
	check 'a session of its own' test "$(ps -o sid= -p "$server")" -ne "$(ps -o sid= -p "$driver")"
	check 'a row' sql 'create table t (x int); insert into t values (42)'
	check 'a second one is refused' second_refused "$dir"
	check 'stops' stop
	check 'stopped' gone "$server"

	check 'starts again' start "$dir"
	echo "  $who: existing cluster in $ms ms"
	check 'is old' is "$age" old
	check 'row kept' is "$(sql 'select x from t')" 42
	old=$server
	sql 'insert into t values (43)'
	kill -9 "$driver"
	wait "$driver" 2>/dev/null
	check 'kill -9: the server ends in 3 s' within 30 gone "$old"
	check 'starts after kill -9' start "$dir"
	check 'rows kept' is "$(sql 'select count(*) from t')" 2

	kill -9 "$driver"
	wait "$driver" 2>/dev/null
	check 'starts at once after kill -9' start "$dir"
	check 'rows kept again' is "$(sql 'select count(*) from t')" 2

	old=$server
	kill -9 "$old"
	check 'a killed server comes back' within 100 grep -q '^note: PostgreSQL was started again' "$work/out"
	check 'and answers' within 100 is_answering
	check 'stops after that' stop

	versions "$dir"
	strangers "$dir"
	half_made "$home"
	odd_places "$home"
	: >"$home/file"
	check 'a file is no directory' refused "$home/file" 'cannot use\|File exists\|Not a directory\|cannot write'
}
is_answering() { is "$(sql 'select count(*) from t')" 2; }
second_refused() {
	"${as[@]}" "$work/driver" "$1" >"$work/second" 2>&1 && return 1
	grep -q "failed: another carillon (process $driver since 20.*) is using" "$work/second"
}

versions() { # data directory
	cp -p "$1/pg/PG_VERSION" "$work/version"
	echo 9 >"$1/pg/PG_VERSION"
	check 'another version is refused' refused "$1" 'made by PostgreSQL 9, .*pg_dump.*pg_restore'
	check 'and not touched' is "$(cat "$1/pg/PG_VERSION")" 9
	cat "$work/version" >"$1/pg/PG_VERSION"
	mv "$1/pg/PG_VERSION" "$1/pg/away"
	check 'what is no cluster is refused' refused "$1" 'is not a PostgreSQL data directory'
	mv "$1/pg/away" "$1/pg/PG_VERSION"
	PG_BINDIR=/nowhere check 'a wrong PG_BINDIR is named' refused "$1" 'PG_BINDIR=/nowhere'
	check 'starts after all that' start "$1"
	check 'rows are there' is_answering
	check 'stops' stop
}

strangers() { # data directory: postmaster.pid names a process of the server's user that is not the server
	local owner other
	owner=$(stat -c %u "$1/pg/.")
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid "$owner" --clear-groups --regid "$owner" sleep 60 &
	else
		sleep 60 &
	fi
	other=$!
	printf '%s\n%s\n1600000000\n5432\n/tmp\n\n  1 2\nready\n' "$other" "$1/pg" >"$1/pg/postmaster.pid"
	chown "$owner" "$1/pg/postmaster.pid" 2>/dev/null
	check 'a reused process id' start "$1"
	check 'the stranger lives' kill -0 "$other"
	check 'stops' stop
	kill "$other"
	wait "$other" 2>/dev/null
}

has_tmp() { compgen -G "$1/pg.tmp-*/PG_VERSION" >/dev/null; }
no_tmp() { ! compgen -G "$1/pg.tmp-*" >/dev/null; }
half_made() { # parent directory
	local dir=$1/half
	"${as[@]}" "$work/driver" "$dir" >"$work/out" 2>&1 &
	driver=$!
	within 50 has_tmp "$dir"
	kill -9 "$driver"
	wait "$driver" 2>/dev/null
	check 'killed in initdb: nothing looks finished' test ! -e "$dir/pg/PG_VERSION"
	check 'and the next start makes it' start "$dir"
	check 'stops' stop
	rm -rf "$dir"/pg
	check 'makes it anew when pg is removed' start "$dir"
	check 'no remainder' no_tmp "$dir"
	check 'stops' stop
	rm -rf "$dir"
}

odd_places() { # parent directory
	local long odd="$1/it's, \"odd\" \\ ünd" place before
	long=$1/$(printf 'x%.0s' {1..60})/$(printf 'y%.0s' {1..60})

	check 'a path with spaces' start "$1/with some spaces/d d"
	check 'answers there' is "$(sql 'select 1')" 1
	check 'stops' stop
	for place in "$long" "$odd"; do
		check 'a long or odd path' start "$place"
		check 'answers by a short one' is "$(sql 'select 1')" 1
		check 'which is private' is "$(mode "$(run_dir)")" 700
		check 'and is remembered' is "$(cat "$place/run.path")" "$(run_dir)"
		kill -9 "$driver"
		wait "$driver" 2>/dev/null
		before=$(run_dir)
		check 'starts after kill -9' start "$place"
		check 'with the same directory' is "$(run_dir)" "$before"
		check 'stops' stop
		check 'leaves nothing there' test ! -e "$before"
	done
}

# Root only: a place that the server's user cannot reach; directories that change hands.
root_story() {
	mkdir -m 700 "$work/closed"
	check 'below a closed directory' start "$work/closed/d"
	check 'lies elsewhere' test -L "$work/closed/d/pg"
	check 'a row' sql 'create table t (x int); insert into t values (1), (2)'
	check 'stops' stop
	check 'and again' start "$work/closed/d"
	check 'row kept' is_answering
	check 'stops' stop
	remove_far "$work/closed/d/pg"

	as=(setpriv --reuid nobody --regid nogroup --clear-groups)
	check 'a directory of nobody' start "$work/nobody/mixed"
	check 'stops' stop
	as=()
	check 'then root starts it' start "$work/nobody/mixed"
	check 'as nobody' is "$(stat -c %U "/proc/$server")" nobody
	check 'stops' stop
	as=(setpriv --reuid nobody --regid nogroup --clear-groups)
	check 'then nobody again' start "$work/nobody/mixed"
	check 'stops' stop
	check "root's directory is refused" refused "$work/root/d" 'belongs to another user'
	as=()

	# A system without the user postgres: an unused id takes its place.
	grep -v '^postgres:' /etc/passwd >"$work/passwd"
	chmod 644 "$work/passwd"
	# shellcheck disable=SC2016
	as=(unshare -m sh -c 'mount --bind "$0/passwd" /etc/passwd && exec "$@"' "$work")
	# shellcheck disable=SC2016
	if unshare -m sh -c 'mount --bind "$0/passwd" /etc/passwd' "$work" 2>/dev/null; then
		check 'without a user postgres' start "$work/root/unnamed"
		check 'an unused id' test "$(stat -c %u "/proc/$server")" -ge 60000
		check 'answers' is "$(sql 'select 1')" 1
		check 'stops' stop
		check 'and again' start "$work/root/unnamed"
		check 'stops' stop
	fi
	as=()
}

if [ "$(id -u)" = 0 ]; then
	mkdir "$work/root" "$work/nobody"
	chown nobody "$work/nobody"
	who=root
	story "$work/root"
	who='ordinary user'
	as=(setpriv --reuid nobody --regid nogroup --clear-groups)
	story "$work/nobody"
	who='root, special'
	as=()
	root_story
else
	mkdir "$work/own"
	who='ordinary user'
	story "$work/own"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
