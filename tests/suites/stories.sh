#!/bin/bash
# tests/stories/*.t against the server, each in a database of its own. Arguments: names (or parts of them) of the
# stories to run; STORY_JOBS (3) run at a time. STORY_KEEP=1 keeps the logs.
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
export BUILD_DIR CARILLON_BIN
# shellcheck source=tests/lib/pg.sh
. tests/lib/pg.sh

STORY_FOLDER=$(mktemp -d)
finish() {
	pg_down
	if [ -z "${STORY_KEEP:-}" ]; then
		rm -rf "$STORY_FOLDER"
	else
		echo "logs: $STORY_FOLDER" >&2
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM
pg_up || {
	echo "no PostgreSQL"
	echo "0 passed, 1 failed"
	exit 1
}
STORY_ADMIN=$PG_ADMIN
STORY_URL=$PG_URL
STORY_PG_COMMAND=$PWD/tests/lib/pg.sh
export STORY_ADMIN STORY_URL STORY_PG_COMMAND STORY_FOLDER

stories=()
for story in tests/stories/*.t; do
	wanted=$(($# == 0))
	for name in "$@"; do
		case $story in *"$name"*) wanted=1 ;; esac
	done
	if ((wanted)); then stories+=("$story"); fi
done
"$BUILD_DIR/t_story" -j "${STORY_JOBS:-3}" "${stories[@]}"
