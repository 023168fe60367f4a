#!/usr/bin/env bash
# Runs make targets one after another, all of them even when one fails, and
# closes with a table of results and times.
#
#   scripts/steps.sh TITLE TARGET...
#
# A step that could not do its work through no fault of the tree appends a line
# to the file $STEP_WARNINGS and succeeds: the table's end repeats it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

title=$1
shift
if [ -z "${STEP_WARNINGS:-}" ]; then
	STEP_WARNINGS=$(mktemp)
	export STEP_WARNINGS
	trap 'rm -f "$STEP_WARNINGS"' EXIT
	outermost=yes
fi

passed=0 failed=0 table=""
for target in "$@"; do
	printf '\n=== %s: %s\n' "$title" "$target"
	began=$SECONDS
	warned=$(wc -l <"$STEP_WARNINGS")
	if "${MAKE:-make}" --no-print-directory "$target" </dev/null; then
		verdict=ok passed=$((passed + 1))
		[ "$(wc -l <"$STEP_WARNINGS")" -eq "$warned" ] || verdict=WARNING
	else
		verdict=FAILED failed=$((failed + 1))
	fi
	table+=$(printf '  %-12s %-8s %4d s' "$target" "$verdict" $((SECONDS - began)))$'\n'
done

printf '\n=== %s: results after %d s\n%s' "$title" "$SECONDS" "$table"
if [ "${outermost:-}" = yes ] && [ -s "$STEP_WARNINGS" ]; then
	sed 's/^/  WARNING: /' "$STEP_WARNINGS"
fi
printf '%s: %d passed, %d failed\n' "$title" "$passed" "$failed"
[ "$failed" -eq 0 ]
