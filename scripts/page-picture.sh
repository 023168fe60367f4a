#!/usr/bin/env bash
# Makes the pictures of the property page in docs/ anew, from a real run under Wine:
# while it streams, and with a value that is refused.
set -euo pipefail
cd "$(dirname "$0")/.."
shots=$(mktemp -d)
trap 'rm -rf "$shots"' EXIT
(cd interop && RTMPWRITER_PICTURES=$shots go test -count=1 -timeout 20m -run 'TestPropertyPage' ./wine)
for picture in shot:page wrong:page-wrong; do
	convert "$shots/page-${picture%:*}-amd64.png" -trim +repage -bordercolor '#f4f4f4' -border 8 -strip "docs/directshow-${picture#*:}.png"
done
ls -l docs/directshow-*.png
