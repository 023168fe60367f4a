#!/usr/bin/env bash
# Writes the generated documentation into a folder of its own and compares it
# with docs/.
#
#   scripts/docs-check.sh COMMAND...    the command takes the folder as its last argument
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$@" "$fresh"

written=$(cd "$fresh" && find . -type f | wc -l)
if [ "$written" -eq 0 ]; then
	echo "docs-check: $* wrote nothing" >&2
	exit 1
fi
status=0
for entry in "$fresh"/*; do
	diff -ru "docs/$(basename "$entry")" "$entry" || status=1
done
if [ "$status" -ne 0 ]; then
	echo "docs-check: docs/ is not what the program writes; run: make docs, and commit" >&2
	exit 1
fi
echo "docs-check: $written files are current"
