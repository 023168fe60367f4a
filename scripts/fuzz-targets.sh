#!/usr/bin/env bash
# Prints "package Target" for every fuzz target of the module whose line ONLY, a
# regular expression, matches: of the files that this system builds, so that no
# target of another one is tried.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck disable=SC2016 # the $ is the template's
go list -f '{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}' ./... | while read -r package file; do
	[ -z "$file" ] || sed -nE "s|^func (Fuzz[A-Za-z0-9_]*)\(.*|$package \1|p" "$file"
done | sort -u | grep -E "${ONLY:-.}" || {
	echo "fuzz: no target found (ONLY='${ONLY:-}')" >&2
	exit 1
}
