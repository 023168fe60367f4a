#!/bin/sh
# Makes the streams of this folder with ffmpeg, and what its MP4 muxer made of
# them: in each .csv the AudioSpecificConfig, then size and first digits of
# the MD5 of each frame.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT

# make NAME RATE LAYOUT
make() {
	ffmpeg -v error -y -f lavfi -i "sine=440:r=$2" -af "aformat=channel_layouts=$3" -t 0.4 \
		-c:a aac -b:a 24k "$1.aac"
	ffmpeg -v error -y -i "$1.aac" -c copy -movflags +faststart "$tmp/m.m4a"
	ffprobe -v error -show_streams -show_data "$tmp/m.m4a" |
		awk '/^0000/ { for (i = 2; i <= 9 && length($i) == 4; i++) printf "%s", $i } END { print "" }' >"$1.csv"
	ffprobe -v error -show_packets -show_data_hash md5 -of compact=nk=1:p=0 \
		-show_entries packet=size,data_hash "$tmp/m.m4a" | awk -F'|' '{ print $1 "," substr($2, 5, 8) }' >>"$1.csv"
}

make mono44100 44100 mono
make stereo48000 48000 stereo
make surround 48000 5.1
make config 48000 2.1
