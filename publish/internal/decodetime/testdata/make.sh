#!/bin/sh
# Makes the streams of this folder and their true times, with ffmpeg and its
# libx264. Each line of a .csv is one access unit of the .h264 beside it: decode
# and presentation time in units of 1/90000 s, as the encoder gave them and the
# MP4 muxer stored them.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT

# make NAME RATE ENCODER-OPTIONS...
make() {
	name=$1 rate=$2
	shift 2
	ffmpeg -nostdin -v error -y -f lavfi -i "testsrc2=size=64x48:rate=$rate" -frames:v 60 -pix_fmt yuv420p \
		-c:v libx264 -crf 48 -g 16 "$@" -video_track_timescale 90000 "$tmp/m.mp4"
	ffmpeg -nostdin -v error -y -i "$tmp/m.mp4" -c copy -bsf:v h264_mp4toannexb "$name.h264"
	ffprobe -v error -show_packets -of compact=nk=1:p=0 -show_entries packet=dts,pts "$tmp/m.mp4" |
		awk -F'|' '{ print $2 "," $1 }' >"$name.csv"
}

x() { echo "-x264-params b-adapt=0:scenecut=0:$1"; }

# shellcheck disable=SC2046 # options in words
{
	make b0 25 $(x bframes=0)
	make b1 30000/1001 $(x bframes=1)
	make b2 24000/1001 $(x bframes=2:b-pyramid=none)
	make b3-strict 60 $(x bframes=3:b-pyramid=strict)
	make b4-normal 60000/1001 $(x bframes=4:b-pyramid=normal)
	make b16-none 50 $(x bframes=16:b-pyramid=none)
	make adaptive 25 -x264-params bframes=4:b-adapt=2
	make open-gop 25 $(x bframes=3:open-gop=1:b-pyramid=normal)
	make one-gop 25 -g 250 $(x bframes=3:b-pyramid=normal)
	make mbaff 25 -flags +ildct+ilme $(x bframes=2:interlaced=1:tff=1)
	make mbaff-bff 30000/1001 -flags +ildct+ilme $(x bframes=4:interlaced=1:bff=1:b-pyramid=normal)
	make intra 25 $(x keyint=1)
	make refresh 25 $(x bframes=2:intra-refresh=1:b-pyramid=none)
	make baseline 25 -profile:v baseline
	make vfr-drops 60 -vf "select=not(eq(mod(n\,7)\,3)+eq(mod(n\,11)\,5)+between(n\,20\,24))" -fps_mode vfr \
		-enc_time_base 1/90000 $(x bframes=3:b-pyramid=normal)
	make vfr-drift 60 -vf "settb=1/90000,setpts=N*1500+mod(N\,5)*301+gt(mod(N\,16)\,11)*700" -fps_mode vfr \
		-enc_time_base 1/90000 $(x bframes=4:b-pyramid=none)
}
