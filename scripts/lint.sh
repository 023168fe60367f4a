#!/usr/bin/env bash
# Linters and formatting over the main module and the modules named, and a look
# at the shell scripts. Runs everything, then fails if anything failed.
#
#   scripts/lint.sh [MODULE...]
set -uo pipefail
cd "$(dirname "$0")/.." || exit
root=$PWD
linter=(go tool -modfile="$root/tools/go.mod" golangci-lint)
# A cache of this tree's own: one shared with another clone tells that one's paths.
export GOLANGCI_LINT_CACHE=$root/build/lint-cache
status=0

echo "building golangci-lint (minutes, the first time)"
built=$("${linter[@]}" version 2>&1) || {
	echo "$built" >&2
	exit 1
}

for module in . "$@"; do
	cd "$root/$module" || exit 1
	echo "golangci-lint run ($module)"
	"${linter[@]}" run --config "$root/.golangci.yml" ./... || status=1
done
cd "$root" || exit 1

echo "golangci-lint fmt --diff"
"${linter[@]}" fmt --diff || {
	echo "lint: not formatted; run: make fmt" >&2
	status=1
}

if command -v shellcheck >/dev/null; then
	echo "shellcheck"
	{
		echo .ci/run
		find . -name '*.sh' -not -path './build/*' -not -path '*/node_modules/*'
	} | xargs shellcheck || status=1
else
	echo "lint: shellcheck is not installed, so the scripts were not checked" | tee -a "${STEP_WARNINGS:-/dev/null}"
fi
[ "$status" -eq 0 ] && echo "lint: clean"
exit "$status"
