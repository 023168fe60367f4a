#!/usr/bin/env bash
# Builds the sample with mingw-w64 for 64-bit and 32-bit Windows:
#
#   build.sh [FOLDER]      writes FOLDER/x64/publish.exe and FOLDER/x86/publish.exe
#
# Needs g++-mingw-w64. RTMPWriterOptions.h is looked for in ../../include.
set -euo pipefail
out=$(realpath -m "${1:-.}")
cd "$(dirname "$0")"

flags=(-std=c++11 -O2 -Wall -Wextra -Werror -I../../include)
# Nothing of the machine goes into the file, and no DLL of mingw's is needed.
link=(-municode -static -s "-Wl,--no-insert-timestamp")
libraries=(-lstrmiids -lquartz -loleaut32 -lole32 -luuid)
for target in x64:x86_64 x86:i686; do
	mkdir -p "$out/${target%:*}"
	"${target#*:}-w64-mingw32-g++" "${flags[@]}" ./*.cpp "${link[@]}" -o "$out/${target%:*}/publish.exe" "${libraries[@]}"
done
