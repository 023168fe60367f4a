#!/usr/bin/env bash
# Builds and vets the module for the other systems it is made for. Where the
# machine runs 32-bit programs, the unit tests run there too: that is where an
# int overflows.
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

for target in linux/386 windows/amd64 darwin/arm64; do
	echo "build and vet $target"
	export GOOS=${target%/*} GOARCH=${target#*/}
	go build ./...
	go vet ./...
done

export GOOS=linux GOARCH=386
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
printf 'package main\nfunc main() {}\n' >"$probe/main.go"
go build -o "$probe/main" "$probe/main.go"
if ! "$probe/main" 2>/dev/null; then
	echo "cross: this machine runs no 32-bit programs, so the tests were not run on 32 bits" | tee -a "${STEP_WARNINGS:-/dev/null}"
	exit 0
fi
echo "test linux/386"
# The program's tests need the receiver, whose library is for 64 bits.
go list ./... | grep -vE '/(internal/archtest|cmd/rtmpwriter)$' | xargs go test -timeout 5m
