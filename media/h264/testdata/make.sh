#!/bin/sh
# Makes the streams of this folder and what ffprobe says of them, with ffmpeg
# and its libx264. Each line of a .csv is one access unit of the .h264 beside
# it: place, size, K for keyframes, the first digits of its MD5, and decode and
# presentation time in microseconds as the MP4 muxer had them from the encoder.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT

# make NAME RATE ENCODER-OPTIONS...
make() {
	name=$1 rate=$2
	shift 2
	ffmpeg -v error -y -f lavfi -i "testsrc2=size=64x48:rate=$rate" -frames:v 36 -pix_fmt yuv420p \
		-c:v libx264 -crf 45 -g 16 "$@" -video_track_timescale 60000 "$tmp/m.mp4"
	ffmpeg -v error -y -i "$tmp/m.mp4" -c copy -bsf:v h264_mp4toannexb "$name.h264"
	ffprobe -v error -show_packets -show_data_hash md5 -of compact=nk=1:p=0 \
		-show_entries packet=pos,size,flags,data_hash "$name.h264" |
		awk -F'|' '{ print $2 "," $1 "," substr($3, 1, 1) "," substr($4, 5, 8) }' >"$tmp/units"
	ffprobe -v error -show_packets -of compact=nk=1:p=0 -show_entries packet=dts,pts "$tmp/m.mp4" |
		awk -F'|' '{ printf "%.0f,%.0f\n", $2 / .06, $1 / .06 }' >"$tmp/times"
	paste -d, "$tmp/units" "$tmp/times" >"$name.csv"
}

make bframes0 25 -bf 0
make bframes1 30000/1001 -bf 1
make bframes2 50 -bf 2 -x264-params b-pyramid=none
make bframes3 60 -bf 3 -x264-params b-pyramid=strict:b-adapt=0
make bframes4 24000/1001 -bf 4 -x264-params b-pyramid=normal:b-adapt=0
make opengop 25 -bf 3 -x264-params open-gop=1:b-adapt=0
make interlaced 25 -bf 2 -flags +ildct+ilme -x264-params interlaced=1:aud=1
make slices 25 -bf 1 -x264-params slices=3:aud=1:nal-hrd=vbr:vbv-maxrate=100:vbv-bufsize=100
make refresh 25 -x264-params intra-refresh=1
make baseline 25 -profile:v baseline
