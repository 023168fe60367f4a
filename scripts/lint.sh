#!/usr/bin/env bash
# Linters and formatting over the main module and the modules named, and a look
# at the shell scripts. Runs everything, then fails if anything failed.
#
#   scripts/lint.sh [MODULE...]
set -uo pipefail
cd "$(dirname "$0")/.." || exit
root=$PWD
linter=(go tool -modfile="$root/tools/go.mod" golangci-lint)
status=0

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
