#!/bin/sh
# Makes the streams of this folder and what ffprobe says of them, with ffmpeg
# and its libx264. Each line of a .csv is one packet of the .ts beside it: v or
# a, size, K for keyframes, the first digits of its MD5, and decode and
# presentation time in counts of 90 kHz. Audio is without ADTS headers, as in
# the MP4 file it came from.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT

# probe FILE STREAM ENTRIES: one packet a line, values parted by |
probe() {
	ffprobe -v error -select_streams "$2" -show_packets -of compact=nk=1:p=0 -show_entries "packet=$3" "$1" |
		grep '^[-0-9]'
}

# hashes FILE STREAM: the first 8 digits of each packet's MD5
hashes() {
	ffprobe -v error -select_streams "$2" -show_packets -show_data_hash md5 "$1" |
		sed -n 's/^data_hash=MD5:\(........\).*/\1/p'
}

# make NAME FRAMERATE BFRAMES SAMPLERATE MUXER-OPTIONS...
make() {
	name=$1 rate=$2 b=$3 samples=$4
	shift 4
	ffmpeg -v error -y -f lavfi -i "testsrc2=size=64x48:rate=$rate" -f lavfi -i "sine=440:r=$samples" \
		-t 0.8 -pix_fmt yuv420p -c:v libx264 -crf 45 -g 16 -bf "$b" -c:a aac -b:a 24k "$tmp/m.mp4"
	ffmpeg -v error -y -i "$tmp/m.mp4" -c copy "$@" "$name.ts"
	hashes "$name.ts" v >"$tmp/hash"
	probe "$name.ts" v pts,dts,size,flags |
		awk -F'|' '{ getline h <"'"$tmp/hash"'"; print "v," $3 "," substr($4, 1, 1) "," h "," $2 "," $1 }' >"$name.csv"
	hashes "$tmp/m.mp4" a >"$tmp/hash"
	probe "$tmp/m.mp4" a size >"$tmp/size"
	probe "$name.ts" a dts | awk -F'|' '{ getline h <"'"$tmp/hash"'"; getline s <"'"$tmp/size"'"
		split(s, z, "|"); print "a," z[1] ",K," h "," $1 "," $1 }' >>"$name.csv"
}

make plain 25 2 44100
make lengths 30000/1001 3 48000 -omit_video_pes_length 0 -pes_payload_size 200
make wrap 60 0 48000 -output_ts_offset 95442
