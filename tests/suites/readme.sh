#!/bin/bash
# README.md word for word: the tour's commands against a server started as `make run` does it (a private PostgreSQL in
# ./.carillon), the line that the server prints to try, and the tables of settings and errors.
#
# Two things are changed. The port: the server takes a free one (CARILLON_LISTEN=127.0.0.1:0), and wherever the tour
# says http://127.0.0.1:8080 its own address is put. And what a reader has of his own, the block `sh yours`: a model, Slack and
# an agent are played by t_readme.
# shellcheck disable=SC2317
set -u
cd "$(dirname "$0")/../.." || exit 2
: "${BUILD_DIR:=$PWD/build/debug}" "${CARILLON_BIN:=$BUILD_DIR/carillon}"
root=$PWD
# shellcheck source=tests/lib/wait.sh
. tests/lib/wait.sh

bin=$CARILLON_BIN
unset CARILLON_BIN # no setting of the server's
work=$(mktemp -d)
chmod 755 "$work"
passed=0
failed=0
server=
fakes=
cleanup() {
	if [ -n "$fakes" ]; then kill "$fakes" 2>/dev/null && wait "$fakes" 2>/dev/null; fi
	if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
	if [ -L "$work/.carillon/pg" ]; then # the cluster lies elsewhere when its user may not come here
		far=$(readlink "$work/.carillon/pg")
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
	fi
}
finish() {
	echo "$passed passed, $failed failed"
	exit $((failed > 0))
}

# --- the tables

table_after() { # marker: the table that follows it
	awk -v marker="<!-- $1 -->" '$0 == marker { on = 1; next } on && !/^\|/ { exit } on { print }' README.md
}
same_settings() {
	diff <(table_after 'carillon config --markdown') <("$bin" config --markdown)
}
same_errors() {
	diff <(awk '/^<!-- \/carillon errors -->$/ { on = 0 } on; /^<!-- carillon errors --markdown -->$/ { on = 1 }' README.md) \
		<("$bin" errors --markdown)
}
# Each "$ carillon cron ..." of a block, and what it prints, on either stream.
same_console() {
	local want got=
	want=$(awk '/^```console cron$/ { on = 1; next } /^```$/ { on = 0 } on' README.md)
	while IFS= read -r line; do
		got+="\$ $line"$'\n'
		got+=$(carillon() { "$bin" "$@"; }; eval "$line" 2>&1)$'\n'
	done < <(sed -n 's/^\$ \(carillon cron .*\)$/\1/p' <<<"$want")
	diff <(echo "$want") <(printf '%s' "$got")
}
check 'the table of settings is what carillon config --markdown prints' same_settings
check 'the tables of codes are what carillon errors --markdown prints (scripts/readme_codes.sh)' same_errors
check 'carillon cron prints what is shown' same_console

# --- the server, as make run starts it

cd "$work" || exit 2
CARILLON_LISTEN=127.0.0.1:0 CARILLON_ALLOW_PRIVATE_TARGETS=1 "$bin" serve >out 2>err </dev/null &
server=$!
if ! ready=$(wait_line out '^carillon ready on ' 60); then
	cat err
	check 'the server starts' false
	finish
fi
url=${ready#carillon ready on }
check 'the ready line' test "$ready" = "carillon ready on ${url}"
check 'the key is ours alone' test "$(stat -c %a .carillon/api_key)" = 600

# --- the tour

"$BUILD_DIR/t_readme" >fakes 2>&1 </dev/null &
fakes=$!
if ! there=$(wait_line fakes '^fakes on ' 10); then
	check 'a model, Slack and an agent are there' false
	finish
fi
there=${there#fakes on }
export LLM_URL=$there/v1/chat/completions LLM_KEY=sk-test-1234567890 SLACK_API=$there AGENT=$there/work
export SLACK_TOKEN=xoxb-1234567890-abcdefghij
awk -f "$root/tests/readme/extract.awk" "$root/README.md" | sed "s,http://127\.0\.0\.1:8080,$url,g" >tour
check 'there is a tour' test -s tour
export TOUR_LOG=$work/calls TOUR_CURL
TOUR_CURL=$(command -v curl)
: >"$TOUR_LOG"
tour() {
	PATH="$root/tests/readme:$PATH" bash -eu -o pipefail tour >answers 2>&1 || {
		cat answers
		return 1
	}
}
check 'every command of the tour ends with status 0' tour

promised() { # line of the log, method, status, pattern
	local call
	call=$(sed -n "$1p" "$TOUR_LOG")
	if [[ $call == "0 $2 $3 "* ]] && grep -Eq -- "$4" <<<"$call"; then return 0; fi
	echo "    promised: $2 $3 $4"
	echo "    answered: $call"
	return 1
}
n=0
while read -r method status pattern; do
	if [[ $method = '#' ]]; then continue; fi
	n=$((n + 1))
	check "call $n of the tour" promised "$n" "$method" "$status" "$pattern"
done <"$root/tests/readme/promised.txt"
check 'the tour has no more calls than those' test "$(wc -l <"$TOUR_LOG")" = "$n"
said() { # as it must be, and as Slack documents it
	curl -sS "$there/said" >said
	grep -q '^Carillon can reach this channel\.$' said && ! grep '^wrong:' said &&
		[ "$(grep -c '^fine: \*Morning report\*$' said)" = 2 ]
}
check 'the messages came to Slack' wait_for 10 said
check 'the first delivery shows in the terminal' wait_for 10 grep -q '"event":"echo","name":"hello".*1\.10' err

# --- the line that the server prints

line=$(grep -m 1 '^  curl ' err)
pasted() {
	TOUR_LOG=$work/pasted PATH="$root/tests/readme:$PATH" bash -c "$line" >answers 2>&1 &&
		grep -q '^0 POST 201 ' pasted
}
check 'the server prints a line to try' test -n "$line"
check 'it works when pasted' pasted
check 'its delivery shows in the terminal' wait_for 20 grep -q '"event":"echo","name":"demo".*world' err

kill "$server"
wait "$server"
check 'the server ends with status 0' test $? = 0
server=
finish
