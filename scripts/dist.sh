#!/usr/bin/env bash
# Packs what Windows users take away into build/dist:
#
#   nRtmpRenderer-VERSION.zip             filters, header, documentation, samples
#   nRtmpRenderer-VERSION-setup.exe       the installer, for every Windows
#   nRtmpRenderer-VERSION-setup-x64.exe   the same as a 64-bit program, for a
#                                         Windows that runs no 32-bit ones
#
# The filters must be built (make filter). The same tree gives the same bytes: all
# times are those of SOURCE_DATE_EPOCH, or of the last commit.
#
#   OUT                 another folder than build/dist
#   RTMPWRITER_FILTERS  another folder than build for windows-*/nRtmpRenderer.ax
#   SIGN_CMD            a command that signs the file named behind it, in place
#
# Needs: makensis (nsis), zip, g++-mingw-w64.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(<VERSION)
name=nRtmpRenderer-$version
mkdir -p "${OUT:=build/dist}"
out=$(realpath "$OUT")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
stage=$out/stage/$name
filters=${RTMPWRITER_FILTERS:-build}

for tool in makensis zip x86_64-w64-mingw32-g++ i686-w64-mingw32-g++; do
	command -v "$tool" >/dev/null || { echo "dist: $tool is missing (apt-get install nsis zip g++-mingw-w64)" >&2; exit 1; }
done
for arch in amd64 386; do
	[ -e "$filters/windows-$arch/nRtmpRenderer.ax" ] || { echo "dist: $filters/windows-$arch/nRtmpRenderer.ax is missing; run: make filter" >&2; exit 1; }
done

# Windows' own programs read text best with CR LF.
crlf() { sed 's/\r*$/\r/' "$1" >"$2"; }

sign() { # FILE...: only where a command for it was given
	[ -n "${SIGN_CMD:-}" ] || return 0
	local file
	for file in "$@"; do
		echo "signing ${file##*/}"
		bash -c "$SIGN_CMD \"\$0\"" "$file"
	done
}

programs() {
	mkdir -p "$stage/x64" "$stage/x86"
	cp "$filters/windows-amd64/nRtmpRenderer.ax" "$stage/x64/"
	cp "$filters/windows-386/nRtmpRenderer.ax" "$stage/x86/"
	examples/directshow/build.sh "$stage"
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$version" -o "$stage/x64/rtmpwriter.exe" ./cmd/rtmpwriter
	sign "$stage"/x*/*
}

texts() {
	mkdir -p "$stage/include/x64" "$stage/include/x86" "$stage/docs" "$stage/examples"
	crlf packaging/README.txt "$stage/README.txt"
	crlf LICENSE "$stage/LICENSE.txt"
	crlf packaging/register.cmd "$stage/register.cmd"
	crlf packaging/unregister.cmd "$stage/unregister.cmd"
	cp include/* "$stage/include/"
	cp "$filters/windows-amd64/RTMPWriterOptions.tlb" "$stage/include/x64/"
	cp "$filters/windows-386/RTMPWriterOptions.tlb" "$stage/include/x86/"
	find docs -maxdepth 1 -name "directshow*" -exec cp {} "$stage/docs/" \;
	cp CHANGELOG.md "$stage/docs/"
	local folder file
	for folder in directshow directshow-csharp; do
		mkdir "$stage/examples/$folder"
		git ls-files --cached --others --exclude-standard "examples/$folder" | while read -r file; do
			cp "$file" "$stage/examples/$folder/"
		done
	done
}

# modules lists the modules that are linked into the programs: path, version, folder.
modules() {
	local arch
	for arch in amd64 386; do
		GOOS=windows GOARCH=$arch CGO_ENABLED=1 go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/nRtmpRenderer
	done
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/rtmpwriter
}

chapter() { # TITLE FILE...
	printf '\n%s\n%s\n\n' "$1" "$(printf '%*s' "${#1}" '' | tr ' ' -)"
	shift
	cat "$@"
}

# thirdParty writes the licences of everything that is linked in. A module without
# one stops the build.
thirdParty() {
	echo "nRtmpRenderer.ax, publish.exe and rtmpwriter.exe contain parts of the following."
	chapter "The Go programming language $(go env GOVERSION)" "$(go env GOROOT)/LICENSE"
	modules | sort -u | while read -r path revision folder; do
		mapfile -t texts < <(find "$folder" -maxdepth 1 -type f -iregex '.*/\(\(un\)?licen[cs]e\|copying\|notice\|patents\)[^/]*' | sort)
		[ "${#texts[@]}" -gt 0 ] || { echo "dist: $path has no licence" >&2; exit 1; }
		chapter "$path $revision" "${texts[@]}"
	done
	chapter "mingw-w64, GCC and NSIS" packaging/toolchain.txt
}

# list writes the macros that the installer script places and removes files by.
list() {
	local folder file
	for folder in top x64 x86 include docs examples; do
		echo "!macro FILES_${folder^^}"
		entries "$folder" | while read -r file; do place PLACE "$file"; done
		echo "!macroend"
	done
	echo "!macro REMOVE_FILES"
	entries . | while read -r file; do place REMOVE "$file"; done
	(cd "$stage" && find . -mindepth 1 -type d | sort -r) | while read -r folder; do
		folder=${folder#.}
		echo "RMDir /REBOOTOK \"\$INSTDIR${folder//\//\\}\""
	done
	echo "!macroend"
}
entries() { # the files of a folder, "top" for those beside the folders
	case $1 in
	top) (cd "$stage" && find . -maxdepth 1 -type f) ;;
	*) (cd "$stage" && find "./${1#.}" -type f | sed 's|^\.//*|./|') ;;
	esac | sort
}
place() { # MACRO ./FOLDER/FILE
	local folder=${2%/*}
	folder=${folder#.}
	echo "!insertmacro $1 \"${folder//\//\\}\" \"${2##*/}\""
}

installer() { # OUTFILE [DEFINE...]
	local file=$1
	shift
	echo "writing ${file##*/}"
	[ -z "${SIGN_CMD:-}" ] || set -- "$@" "-DSIGN=$SIGN_CMD"
	makensis -V2 -WX -NOCD -DVERSION="$version" -DVERSION4="$version.0" -DSTAGE="$stage" -DFILES="$out/stage/files.nsh" -DOUTFILE="$file" "$@" packaging/installer.nsi
}

rm -rf "$out/stage" "$out/$name.zip" "$out/$name"-setup*.exe
programs
texts
thirdParty >"$out/stage/third-party.txt"
crlf "$out/stage/third-party.txt" "$stage/THIRD-PARTY.txt"
find "$stage" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

echo "writing $name.zip"
(cd "$out/stage" && find "$name" -type f | sort | zip -X -q -9 -D "$out/$name.zip" -@)
list >"$out/stage/files.nsh"
installer "$out/$name-setup.exe"
installer "$out/$name-setup-x64.exe" -DWIDE
rm -rf "$out/stage"
(cd "$out" && sha256sum "$name".zip "$name"-setup*.exe | tee SHA256SUMS)
