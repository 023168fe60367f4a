#!/usr/bin/env bash
# Looks up known vulnerabilities in the code that the program reaches.
#
#   [VULNDB=file:///PATH] scripts/vuln.sh [MODULE...]
#
# Ends with 0: none; 3: found; 75: the database could not be reached, so nothing
# was checked. Under scripts/steps.sh the last is a warning of the summary.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
root=$PWD
checker=(go tool -modfile="$root/tools/go.mod" govulncheck)
[ -z "${VULNDB:-}" ] || checker+=(-db "$VULNDB")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0

for module in . "$@"; do
	cd "$root/$module" || exit 1
	echo "govulncheck ($module)"
	"${checker[@]}" ./... >"$log" 2>&1
	result=$?
	cat "$log"
	if grep -q 'fetching vulnerabilities' "$log"; then
		message="vulnerability database not reachable, check not done"
		printf '\n%s\n' "vuln: $message" >&2
		if [ -n "${STEP_WARNINGS:-}" ]; then
			echo "vuln: $message" >>"$STEP_WARNINGS"
			exit 0
		fi
		exit 75
	fi
	[ "$result" -eq 0 ] || status=$result
done
exit "$status"
