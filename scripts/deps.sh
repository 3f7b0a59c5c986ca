#!/bin/sh
# What Carillon needs from Debian. Silent and quick when nothing is missing; otherwise installs it, as root
# or by `sudo -n`, or prints the one apt line and fails.
#   deps.sh [--check] [lint|fuzz|bench ...]     --check only prints what is missing (and fails)
set -eu

need='gcc make pkg-config libc6-dev libevent-dev libpq-dev libcurl4-openssl-dev libcjson-dev libssl-dev
	uthash-dev check postgresql curl ca-certificates tzdata'
only_check=
for arg in "$@"; do
	case $arg in
	--check) only_check=1 ;;
	lint) need="$need clang clang-format clang-tidy cppcheck shellcheck" ;;
	fuzz) need="$need clang libclang-rt-dev" ;;
	bench) need="$need wrk nodejs" ;;
	*)
		echo "deps.sh: unknown group $arg (lint, fuzz, bench)" >&2
		exit 2
		;;
	esac
done

if ! command -v dpkg-query >/dev/null; then
	# Not Debian: the libraries count, their packages have other names.
	libs='libevent libpq libcurl libcjson libcrypto check'
	# shellcheck disable=SC2086
	if command -v gcc >/dev/null && pkg-config --exists $libs; then
		exit 0
	fi
	echo "Carillon needs gcc, make, pkg-config, uthash, PostgreSQL >= 13 and: $libs" >&2
	exit 1
fi

has_postgres() { # by package or by hand: what counts is a server to start
	for initdb in "${PG_BINDIR:-/nowhere}/initdb" /usr/lib/postgresql/*/bin/initdb; do
		if [ -x "$initdb" ]; then return 0; fi
	done
	command -v initdb >/dev/null
}

find_missing() {
	# shellcheck disable=SC2086
	present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $need 2>/dev/null || true)
	missing=
	for package in $need; do
		case "
$present
" in
		*"
installed $package
"*) ;;
		*)
			if [ "$package" = postgresql ] && has_postgres; then continue; fi
			missing="$missing $package"
			;;
		esac
	done
}

find_missing
if [ -z "$missing" ]; then
	exit 0
fi
if [ -n "$only_check" ]; then
	echo "missing:$missing"
	exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	if sudo -n true 2>/dev/null; then
		as_root='sudo -n'
	else
		echo "Carillon needs these packages; install them and run this again:" >&2
		echo "  sudo apt-get install --no-install-recommends$missing" >&2
		exit 1
	fi
fi

# Another deps.sh, or the system's own updater, may be at work: wait for the lock (on this very file), then
# for apt's.
echo "installing:$missing" >&2
exec 9<"$0"
flock 9
find_missing
if [ -z "$missing" ]; then
	exit 0
fi

# Debian's postgresql package makes and starts a cluster of its own. We need only its programs: this file
# says so while our installation runs. A cluster that exists already is not touched.
no_cluster=/etc/postgresql-common/createcluster.d/zz-carillon.conf
case "$missing " in
*" postgresql "*)
	# shellcheck disable=SC2064
	trap "$as_root rm -f $no_cluster" EXIT
	$as_root mkdir -p "${no_cluster%/*}"
	echo 'create_main_cluster = false' | $as_root tee "$no_cluster" >/dev/null
	;;
esac

apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
		-o Acquire::Retries=3 "$@" >&2 9>&-
}
# shellcheck disable=SC2086
apt install --no-install-recommends $missing || { apt update && apt install --no-install-recommends $missing; }
