#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (30s) on a core of its own,
# as many at a time as there are cores, and tells of each when it is done; the
# logs of those that failed follow at the end. ONLY is a regular expression over
# "package Target".
# The race detector stays off: it would cost nine tenths of the inputs, and the
# seeds run under it with the unit tests.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
fuzztime=${FUZZTIME:-30s}
few=1000 # inputs: fewer than that is no fuzzing, whatever the time
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

mapfile -t list < <(scripts/fuzz-targets.sh)
[ "${#list[@]}" -gt 0 ] || exit 1

# Minimizing keeps the workers busy for minutes with the inputs of whole files.
fuzz() {
	go test -run '^$' -fuzz "^$2\$" -fuzztime "$fuzztime" -fuzzminimizetime 1x -parallel 1 -timeout 0 "$1" >"$3" 2>&1
}

# The go command may stop a worker in the middle of an input when the time is
# over and call that a failure; a finding leaves an input file.
stopped() { grep -q 'context deadline exceeded' "$1" && ! grep -q 'Failing input written' "$1"; }

# Fuzzes a target, keeps its log and tells the verdict in one line.
try() {
	local package=$1 name=$2 log=$3 verdict=ok ran
	fuzz "$@" || { stopped "$log" && fuzz "$@"; } || verdict=FAILED
	ran=$(sed -nE 's/.*execs: ([0-9]+) .*/\1/p' "$log" | tail -n 1)
	ran=${ran:-0}
	[ "$ran" -ge "$few" ] || echo "fuzz: $package $name tried only $ran inputs in $fuzztime" >>"${STEP_WARNINGS:-/dev/null}"
	printf '  %-7s %10s inputs  %s %s\n' "$verdict" "$ran" "$package" "$name" | tee "$log.verdict"
}

echo "fuzz: ${#list[@]} targets, $fuzztime each, $cores at a time"
for i in "${!list[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$cores" ]; do wait -n; done
	read -r package name <<<"${list[i]}"
	try "$package" "$name" "$logs/$i" &
done
wait

failed=0 findings=""
for i in "${!list[@]}"; do
	line=$(cat "$logs/$i.verdict")
	case $line in
	'  ok '*) ;;
	*)
		printf '\nfuzz: %s\n' "${list[i]}"
		cat "$logs/$i"
		failed=$((failed + 1)) findings+=$line$'\n'
		;;
	esac
done
if [ "$failed" -gt 0 ]; then
	printf '\nfuzz: findings\n%s' "$findings"
	printf '\nA finding is kept in testdata/fuzz: commit it with the fix, and it is a seed for ever.\n'
fi
printf 'fuzz: %d passed, %d failed\n' $((${#list[@]} - failed)) "$failed"
[ "$failed" -eq 0 ]
