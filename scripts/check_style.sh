#!/bin/bash
# The size limits of the house: function <= 60 lines, file <= 500 (tests 800), <= 5 parameters, 120 columns
# (a tab is 8; aim at 100), nesting <= 3, complexity <= 12 (decisions + 1), tabs. Tables are exempt: only what has the
# shape of a function is measured.
set -u
cd "$(dirname "$0")/.." || exit 2
# shellcheck disable=SC2046
awk -v widest="${COLUMNS_MAX:-120}" '
	function say(line, what) {
		printf "%s:%d: %s\n", FILENAME, line, what
		bad = 1
	}
	function end_of_file() {
		if (file != "" && lines > (file ~ /^tests\// ? 800 : 500)) {
			printf "%s: %d lines\n", file, lines
			bad = 1
		}
	}
	# Strings, characters and comments become nothing.
	function bare(s) {
		gsub(/\\./, "", s)
		gsub(/"[^"]*"/, "\"\"", s)
		gsub(/\047[^\047]*\047/, "0", s)
		if (in_comment) {
			if (!match(s, /\*\//)) return ""
			s = substr(s, RSTART + 2)
			in_comment = 0
		}
		while (match(s, /\/\*/)) {
			rest = substr(s, RSTART)
			s = substr(s, 1, RSTART - 1)
			if (match(rest, /\*\//)) s = s substr(rest, RSTART + 2)
			else in_comment = 1
		}
		sub(/\/\/.*/, "", s)
		return s
	}
	function columns(s,    n, i, c) {
		n = 0
		for (i = 1; i <= length(s); i++) {
			c = substr(s, i, 1)
			if (c == "\t") n += 8 - n % 8
			else if (c !~ /[\200-\277]/) n++
		}
		return n
	}
	function count(s, re,    n) { n = gsub(re, "", s); return n }
	function parameters(head,    depth, i, c, n) {
		sub(/^[^(]*/, "", head)
		n = 1
		for (i = 1; i <= length(head); i++) {
			c = substr(head, i, 1)
			if (c == "(") depth++
			else if (c == ")") { if (!--depth) break }
			else if (c == "," && depth == 1) n++
		}
		return n
	}
	FNR == 1 { end_of_file(); file = FILENAME; in_function = in_comment = 0; head = "" }
	{
		lines = FNR
		if (length($0) > 60 && columns($0) > widest) say(FNR, "wider than " widest " columns")
		if ($0 ~ /^  +[^ *]/ && !in_comment) say(FNR, "indented with spaces")
		if ($0 ~ /[ \t]$/) say(FNR, "blanks at the end of the line")
		s = bare($0)
	}
	/^#/ { next }
	!in_function && s ~ /^[A-Za-z_].*\(/ && s !~ /;[ \t]*$/ && s !~ /=/ { head = s; started = FNR; next }
	!in_function && head != "" && s ~ /^\{/ {
		in_function = 1; complexity = 1; deepest = 0
		if (parameters(head) > 5) say(started, "more than 5 parameters")
		next
	}
	!in_function && head != "" { head = s ~ /;[ \t]*$/ ? "" : head " " s; next }
	in_function && /^\}/ {
		if (FNR - started + 1 > 60) say(started, "function of " FNR - started + 1 " lines")
		if (complexity > 12) say(started, "complexity " complexity)
		if (deepest > 3) say(started, "nesting " deepest)
		in_function = 0; head = ""
		next
	}
	in_function {
		complexity += count(s, "(^|[^A-Za-z0-9_])(if|for|while|case)[^A-Za-z0-9_]") + count(s, "&&|[|][|]|[?]")
		if (s ~ /^\t+(if|for|while|do|switch|else|return|goto|break|continue)([^A-Za-z0-9_]|$)/ ) {
			match(s, /^\t+/)
			n = RLENGTH - (s ~ /^\t+(if|for|while|do|switch|else)([^A-Za-z0-9_]|$)/ ? 0 : 1)
			if (n > deepest) deepest = n
		}
	}
	END { end_of_file(); exit bad }
' $(find src include tests scripts -name '*.[ch]' | sort) /dev/null
