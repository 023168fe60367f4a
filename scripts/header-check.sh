#!/usr/bin/env bash
# Writes what is generated of the filter's public interface into a folder of its
# own and compares it with the tree.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
go run ./internal/dshow/abi/generate -out "$fresh"

status=0 written=0
while read -r file; do
	written=$((written + 1))
	diff -u "$file" "$fresh/$file" || status=1
done < <(cd "$fresh" && find . -type f | sed 's|^\./||')
if [ "$written" -eq 0 ] || [ "$status" -ne 0 ]; then
	echo "header-check: not current; run: make header, and commit" >&2
	exit 1
fi
echo "header-check: $written files are current"
