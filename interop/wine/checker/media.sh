#!/bin/sh
# Makes media.h, the frames that the checker programs send: two H.264 clips (one
# Baseline, one with B frames) as Annex B bytes and an AAC clip as ADTS, a second
# long or less. Slices are kept below 256 bytes, so that one-byte lengths hold them.
#
# Needs ffmpeg with libx264. One thread and the bitexact flags make the same
# ffmpeg write the same bytes again.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

picture() { # NAME PROFILE FRAMES X264-PARAMETERS
	ffmpeg -nostdin -v error -y -filter_threads 1 -f lavfi -i testsrc=size=160x120:rate=25 -frames:v "$3" \
		-pix_fmt yuv420p -c:v libx264 -threads 1 -preset veryslow -profile:v "$2" -crf 38 -g "$3" \
		-x264-params "slice-max-size=220:repeat-headers=1:$4" -bsf:v filter_units=remove_types=6 \
		-fflags +bitexact -flags:v +bitexact "$made/$1.mp4"
	ffmpeg -nostdin -v error -y -i "$made/$1.mp4" -c copy -bsf:v h264_mp4toannexb -f h264 "$made/$1.264"
}

bytes() { # NAME FILE
	echo "const unsigned char $1[] = {"
	od -An -v -tu1 -w40 "$2" | sed 's/^ *//; s/  */,/g; s/$/,/'
	echo "};"
}

# An elementary stream has no times; the container tells the presentation order.
order() { # FILE
	ffprobe -v error -show_entries packet=pts -of csv=p=0 "$1" | tr -d ',' | awk '{ printf "%d,", $1 / 512 }'
}

picture plain baseline 25 bframes=0
picture reordered main 12 bframes=2:b-adapt=0:weightp=0
ffmpeg -nostdin -v error -y -f lavfi -i sine=frequency=440:sample_rate=44100:duration=1 -ac 1 -c:a aac -b:a 16k \
	-fflags +bitexact -flags:a +bitexact -f adts "$made/tone"

{
	echo "// media.h: written by media.sh with ffmpeg; do not edit."
	echo "#pragma once"
	echo
	bytes mediaVideo "$made/plain.264"
	bytes mediaReordered "$made/reordered.264"
	echo "const unsigned char mediaOrder[] = { $(order "$made/reordered.mp4") };"
	bytes mediaAudio "$made/tone"
} >media.h
