#!/bin/sh
# Makes the files of this folder with ffmpeg, and beside each what ffprobe says
# of its packets: stream, presentation and decode time in seconds, size, flags,
# MD5 of the payload. The tests compare with these lists and need no ffmpeg.
set -eu
cd "$(dirname "$0")"
video="-f lavfi -i testsrc2=size=32x32:rate=25:duration=0.8"
audio="-f lavfi -i sine=frequency=440:sample_rate=44100:duration=0.8"
codecs="-c:v libx264 -preset ultrafast -x264-params bframes=2:keyint=10:crf=45:b-pyramid=0 -pix_fmt yuv420p -c:a aac -b:a 16k"
make() { # name, then options
	name=$1
	shift
	# shellcheck disable=SC2086
	ffmpeg -hide_banner -loglevel error -y $video $audio $codecs -bitexact -map_metadata -1 "$@" "$name"
	ffprobe -v error -show_packets -show_data_hash md5 \
		-show_entries packet=codec_type,pts_time,dts_time,size,flags,data_hash \
		-of default=nw=1 "$name" | awk -F= '
			{ v[$1] = $2 }
			$1 == "data_hash" { print v["codec_type"], v["pts_time"], v["dts_time"], v["size"], v["flags"], substr($2, 5) }
		' >"$name.packets"
}
make plain.mp4
make quicktime.mov
make fragmented.mp4 -movflags frag_keyframe+empty_moov+default_base_moof
make hybrid.mp4 -movflags frag_keyframe
make negative.mp4 -movflags negative_cts_offsets
