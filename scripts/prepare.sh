#!/usr/bin/env bash
# Looks for the programs that a group of checks needs, and installs what is
# missing with apt-get, as root or through a sudo that asks nothing. Where that
# may not be, it says which line to type.
#
#   scripts/prepare.sh [--optional] GROUP...    groups: race, interop, filter,
#                                               wine, dist, lint, picture, bench
#
# --optional: what stays missing is told, but is no failure.
set -euo pipefail

optional=""
if [ "${1:-}" = --optional ]; then
	optional=yes
	shift
fi

missing=""
need() { # PACKAGES COMMAND...: the packages are missing unless the command works
	local packages=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=" $packages"
}
compiles() { echo '#include <stdlib.h>' | "${CC:-gcc}" -fsyntax-only -x c -; }
nginx_rtmp() { compgen -G '/usr/lib*/nginx/modules/ngx_rtmp_module.so'; }
# Wine of 32 bits runs as it is installed, or in a system made for it.
wine32() { [ -x /usr/lib/wine/wine ] || command -v debootstrap; }
librtmp() { echo '#include <librtmp/rtmp.h>' | "${CC:-gcc}" -fsyntax-only -x c -; }
rtmp2sink() { gst-inspect-1.0 --exists rtmp2sink && gst-inspect-1.0 --exists flvdemux && gst-inspect-1.0 --exists queue; }
nginx_stream() { compgen -G '/usr/lib*/nginx/modules/ngx_stream_module.so'; }

look() {
	missing=""
	local group
	for group in "$@"; do
		case $group in
		race) need "gcc libc6-dev" compiles ;; # the race detector is built through cgo
		interop)
			need ffmpeg command -v ffmpeg
			need nginx command -v nginx
			need libnginx-mod-rtmp nginx_rtmp
			need libnginx-mod-stream nginx_stream
			need iproute2 command -v ip
			need tshark command -v tshark
			;;
		filter) # compilers for Windows
			need gcc-mingw-w64-x86-64-win32 command -v x86_64-w64-mingw32-gcc
			need g++-mingw-w64-x86-64-win32 command -v x86_64-w64-mingw32-g++
			need gcc-mingw-w64-i686-win32 command -v i686-w64-mingw32-gcc
			need g++-mingw-w64-i686-win32 command -v i686-w64-mingw32-g++
			need mingw-w64-tools command -v x86_64-w64-mingw32-widl
			;;
		wine)
			need "wine wine64" test -x /usr/lib/wine/wine64
			need fonts-wine test -e /usr/share/wine/fonts/tahoma.ttf
			need debootstrap wine32
			need xvfb command -v Xvfb
			need imagemagick command -v import
			;;
		dist)
			need nsis command -v makensis
			need zip command -v zip
			need unzip command -v unzip
			need mono-mcs command -v mcs
			;;
		picture)
			need ffmpeg command -v ffmpeg
			need nginx command -v nginx
			need libnginx-mod-rtmp nginx_rtmp
			need fonts-dejavu-core test -e /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
			;;
		bench) # the publishers to compare with
			need "gcc libc6-dev" compiles
			need ffmpeg command -v ffmpeg
			need librtmp-dev librtmp
			need gstreamer1.0-tools command -v gst-launch-1.0
			need "gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad" rtmp2sink
			;;
		lint) need shellcheck command -v shellcheck ;;
		*) echo "prepare: no group named $group" >&2 && exit 2 ;;
		esac
	done
}

command -v go >/dev/null || {
	echo "prepare: Go is missing; install it first (go.mod tells the version)" >&2
	exit 1
}
look "$@"
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
	as_root="sudo -n"
	sudo -n true 2>/dev/null || as_root=none
fi
if command -v apt-get >/dev/null && [ "$as_root" != none ]; then
	echo "prepare: installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # lists of words
	{ $as_root apt-get -qq update && $as_root apt-get -qq install --no-install-recommends -y $missing; } >/dev/null || true
	look "$@"
	[ -n "$missing" ] || exit 0
fi

echo "prepare: missing:$missing" >&2
echo "prepare: on Debian and Ubuntu, install with:" >&2
echo "  sudo apt-get update && sudo apt-get install --no-install-recommends -y$missing" >&2
echo "prepare: on other systems, install the programs of these names." >&2
[ "$optional" = yes ]
