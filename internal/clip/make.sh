#!/bin/sh
# Makes clip.mp4, the demo clip: a moving test picture with a running clock and
# a tone that beeps every second, 10 s long.
#
# Needs ffmpeg with libx264 and the DejaVu fonts (Debian: ffmpeg,
# fonts-dejavu-core). One thread and the bitexact flags make the same ffmpeg
# write the same bytes again.
set -eu
cd "$(dirname "$0")"

clock="drawtext=font='DejaVu Sans Mono':text='%{pts\:hms}'"
clock="$clock:fontsize=40:fontcolor=white:box=1:boxcolor=black:boxborderw=8:x=(w-tw)/2:y=h-th-24"

ffmpeg -nostdin -v error -y -filter_threads 1 \
	-f lavfi -i testsrc2=size=480x270:rate=25:duration=10 \
	-f lavfi -i sine=frequency=330:beep_factor=4:sample_rate=48000:duration=10 \
	-filter:v "$clock,format=yuv420p" -filter:a volume=-12dB,aformat=channel_layouts=stereo \
	-c:v libx264 -threads 1 -preset veryslow -tune animation -profile:v high \
	-bf 3 -g 50 -b:v 220k -maxrate 300k -bufsize 300k \
	-color_primaries bt709 -color_trc bt709 -colorspace bt709 \
	-c:a aac -b:a 48k -shortest \
	-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
	-movflags +faststart clip.mp4
