#!/usr/bin/env bash
# Makes the Wine of one architecture ready and lays down a fresh prefix. What
# takes long is done once and kept.
#
#   scripts/wine.sh amd64|386 [PREFIX]
#
# PREFIX, a folder that is not there yet, becomes a copy of the kept prefix: booted,
# with nothing registered. Then come lines NAME=VALUE: wine and server, the programs
# to run with it; root, the folder that must be / for them (see wine-root.sh), empty
# where that is the machine's own. Everything else is told on standard error.
#
# 32 bits: the machine's own Wine of 32 bits where there is one, otherwise a small
# i386 system of the machine's own suite and mirror, made with debootstrap.
#
# RTMPWRITER_WINE_CACHE tells where it is kept; else rtmpwriter/wine in the user's cache.
set -euo pipefail

arch=${1:?} prefix=${2:+$(realpath -m "$2")}
here=$(cd "$(dirname "$0")" && pwd)
cache=${RTMPWRITER_WINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rtmpwriter/wine}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
cd "$cache"
case $arch in
amd64) bits=64 class=2 machine=x86_64 kill_at="" ;;
386) bits=32 class=1 machine=i686 kill_at="-Wl,--kill-at" ;; # stdcall without @N
*) echo "wine: no architecture named $arch" >&2 && exit 2 ;;
esac
shim=$here/../interop/wine/shim/bcryptprimitives.c
# Whoever comes second waits, for all that the first has started.
exec 9>"$arch.lock"
flock 9

say() { echo "wine: $*" >&2; }
die() {
	say "$@"
	exit 1
}

# Of several programs, the first that is an ELF file of these bits, and runs.
first_of_bits() {
	local candidate
	for candidate in "$@"; do
		[ -x "$candidate" ] || continue
		[ "$(od -An -tu1 -N5 "$candidate" | tr -s ' ')" = " 127 69 76 70 $class" ] || continue
		"$candidate" --version >/dev/null 2>&1 || continue
		echo "$candidate"
		return
	done
	return 1
}

# shellcheck source=scripts/wine-system.sh
. "$here/wine-system.sh"

# The programs, and the folder they have to see as /.
root=""
lib=/usr/lib/wine
if ! wine=$(first_of_bits "$lib/wine$bits" "$lib/wine" /opt/wine-*/bin/"wine$bits" /opt/wine-*/bin/wine \
	"$(command -v "wine$bits" || true)" "$(command -v wine || true)"); then
	[ "$arch" = 386 ] || die "no Wine of 64 bits; on Debian and Ubuntu: apt-get install wine wine64"
	root=$(system_root "$cache")
	wine=$lib/wine
fi
server=""
for candidate in "$(dirname "$wine")/wineserver$bits" "$(dirname "$wine")/wineserver" /usr/bin/wineserver; do
	[ -x "$root$candidate" ] && server=$candidate && break
done
[ -n "$server" ] || die "no wineserver beside $root$wine"

inside() { # COMMAND...: where the programs are
	if [ -n "$root" ]; then "$here/wine-root.sh" "$root" "$cache" -- "$@"; else "$@"; fi
}

# What Wine 8 lacks.
make_shim() { # WINDOWS-FOLDER
	local compiler=$machine-w64-mingw32-gcc file=$1/system32/bcryptprimitives.dll
	[ ! -e "$file" ] || return 0
	command -v "$compiler" >/dev/null || die "no $compiler; on Debian and Ubuntu: apt-get install gcc-mingw-w64-${machine/_/-}-win32"
	# shellcheck disable=SC2086 # empty or one word
	"$compiler" -shared -O2 -s -o "$file" "$shim" $kill_at -ladvapi32
}

# Files that are Wine's own, byte for byte, become links: 600 MB less to copy.
link_own() { # SYSTEM32-FOLDER
	local files file
	for files in "$root"/usr/lib/{,*/}wine/*-windows "$root"/opt/wine-*/lib*/wine/*-windows; do
		[ -d "$files" ] || continue
		for file in "$1"/*.*; do
			if [ ! -h "$file" ] && cmp -s "$file" "$files/${file##*/}"; then
				ln -sf "${files#"$root"}/${file##*/}" "$file"
			fi
		done
	done
}

make_prefix() { # FOLDER
	local log=$1/log windows=$1/prefix/drive_c/windows
	say "making a prefix of $bits bits, once"
	rm -rf "$1"
	mkdir -p "$1/home"
	(
		export WINEPREFIX=$1/prefix WINEARCH=win$bits WINEDEBUG=-all HOME=$1/home TMPDIR=$1
		export WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d"
		unset DISPLAY XDG_RUNTIME_DIR
		inside timeout 300 "$wine" wineboot -i || say "wineboot -i has failed"
		inside timeout 60 "$server" -w || inside "$server" -k
	) </dev/null >"$log" 2>&1
	if [ ! -e "$windows/system32/regsvr32.exe" ] || [ ! -s "$1/prefix/system.reg" ]; then
		cat "$log" >&2
		die "$root$wine could not make a prefix of $bits bits"
	fi
	make_shim "$windows"
	link_own "$windows/system32"
	# Debian's wineserver keeps the name of its folder there.
	rm -rf "$1/prefix/wineserver" "$1"/wine-* "${1:?}/home"
}

version=$(inside "$wine" --version) || die "$root$wine --version has failed"
key=$({ echo "$version" && cat "$here/wine.sh" "$shim"; } | sha256sum | cut -c1-12)
kept=$cache/$arch-$key
if [ ! -d "$kept" ]; then
	make_prefix "$kept.partial"
	mv "$kept.partial" "$kept"
fi
touch "$kept"
find "$cache" -maxdepth 1 -name "$arch-*" -mtime +7 -exec rm -rf {} + # of other versions

[ -z "$prefix" ] || cp -a --reflink=auto "$kept/prefix" "$prefix"
printf '%s\n' "wine=$wine" "server=$server" "root=$root"
