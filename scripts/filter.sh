#!/usr/bin/env bash
# Builds the DirectShow filter for both architectures of Windows with mingw-w64:
#
#   scripts/filter.sh [386|amd64 ...]    into build/windows-*/nRtmpRenderer.ax
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
version=$(cat VERSION)
export GOOS=windows CGO_ENABLED=1
package=./cmd/nRtmpRenderer

# Numbers for the version resource: four, separated by commas.
numbers=$(sed 's/[^0-9.].*//; s/\./,/g' <<<"$version"),0
resources=$package/rsrc_windows

for arch in "${@:-amd64 386}"; do
	for GOARCH in $arch; do
		case $GOARCH in
		amd64) prefix=x86_64-w64-mingw32 format=pe-x86-64 widl=--win64 ;;
		386) prefix=i686-w64-mingw32 format=pe-i386 widl=--win32 ;;
		*) echo "filter: no architecture $GOARCH; amd64 or 386" >&2 && exit 2 ;;
		esac
		out=build/windows-$GOARCH
		mkdir -p "$out"
		"$prefix-widl" "$widl" -t -D RTMPWRITER_STANDALONE -o "$out/RTMPWriterOptions.tlb" include/RTMPWriterOptions.idl
		# widl writes down when it ran, as text and as a number: the same tree shall give
		# the same bytes.
		perl -0777 -pi -e 's/(Created by WIDL version [\d.]+ at )[^\n]{24}(\nWW\x13\x00).{4}(?=WW)/${1}Thu Jan  1 00:00:00 1970$2\0\0\0\0/s' "$out/RTMPWriterOptions.tlb"
		"$prefix-windres" -O coff -F "$format" -I "$out" -D "VERSION_NUMBERS=$numbers" -D "VERSION_TEXT=\\\"$version\\\"" \
			-o "${resources}_$GOARCH.syso" "$package/version.rc"
		# Go's linker exports every name that C calls; the pair of flags hides them,
		# and the .def file says what a COM server exports.
		GOARCH=$GOARCH CC=$prefix-gcc go build -trimpath -buildmode=c-shared \
			-ldflags "-s -w -X rtmpwriter/internal/dshow.Version=$version -extldflags '-Wl,--export-all-symbols -Wl,--exclude-all-symbols -Wl,--enable-stdcall-fixup -Wl,--no-insert-timestamp $top/cmd/nRtmpRenderer/nRtmpRenderer.def'" \
			-o "$out/nRtmpRenderer.ax" "$package"
		rm -f "$out"/*.h # what c-shared writes for C callers; COM needs none
		# go vet ./... does not see these files on another system.
		GOARCH=$GOARCH CC=$prefix-gcc go vet -trimpath -buildmode=c-shared ./internal/dshow/seam "$package"
		size=$(stat -c %s "$out/nRtmpRenderer.ax")
		echo "filter: $out/nRtmpRenderer.ax $version, $((size / 1024)) kB"
	done
done
