#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (30s), one after another,
# and closes with a table. ONLY is a regular expression over "package Target".
# The race detector stays off: it would cost nine tenths of the inputs, and the
# seeds run under it with the unit tests.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
fuzztime=${FUZZTIME:-30s}
few=1000 # inputs: fewer than that is no fuzzing, whatever the time
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The files that this system builds, so that no target of another one is tried.
targets() {
	# shellcheck disable=SC2016 # the $ is the template's
	go list -f '{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}' ./... | while read -r package file; do
		[ -z "$file" ] || sed -nE "s|^func (Fuzz[A-Za-z0-9_]*)\(.*|$package \1|p" "$file"
	done | sort -u | grep -E "${ONLY:-.}"
}
mapfile -t list < <(targets)
if [ "${#list[@]}" -eq 0 ]; then
	echo "fuzz: no target found (ONLY='${ONLY:-}')" >&2
	exit 1
fi

# Minimizing keeps the workers busy for minutes with the inputs of whole files.
fuzz() { go test -run '^$' -fuzz "^$2\$" -fuzztime "$fuzztime" -fuzzminimizetime 1x "$1" >"$log" 2>&1; }

echo "fuzz: ${#list[@]} targets, $fuzztime each"
failed=0 table=""
for target in "${list[@]}"; do
	read -r package name <<<"$target"
	verdict=ok
	if ! fuzz "$package" "$name"; then
		# The go command may stop a worker in the middle of an input when the
		# time is over and call that a failure; a finding leaves an input file.
		if grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log" && fuzz "$package" "$name"; then
			verdict=ok
		else
			verdict=FAILED failed=$((failed + 1))
			cat "$log"
		fi
	fi
	ran=$(sed -nE 's/.*execs: ([0-9]+) .*/\1/p' "$log" | tail -n 1)
	ran=${ran:-0}
	[ "$ran" -ge "$few" ] || echo "fuzz: $package $name tried only $ran inputs in $fuzztime" >>"${STEP_WARNINGS:-/dev/null}"
	line=$(printf '  %-7s %10s inputs  %s %s' "$verdict" "$ran" "$package" "$name")
	echo "$line"
	table+=$line$'\n'
done

if [ "$failed" -gt 0 ]; then
	printf 'fuzz: findings\n%s' "$(grep FAILED <<<"$table")"
	printf '\nA finding is kept in testdata/fuzz: commit it with the fix, and it is a seed for ever.\n'
fi
printf 'fuzz: %d passed, %d failed\n' $((${#list[@]} - failed)) "$failed"
[ "$failed" -eq 0 ]
