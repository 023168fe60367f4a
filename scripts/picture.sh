#!/usr/bin/env bash
# Makes docs/picture.png from a real run: the demo clip is published to nginx in
# real time on a terminal; the picture shows what the terminal showed, and a
# frame of what nginx recorded.
#
# Needs: ffmpeg, nginx with its RTMP module, the DejaVu fonts, script (bsdutils).
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
program=$PWD/build/rtmpwriter
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
for file in "$program" "$font" internal/clip/clip.mp4; do
	[ -e "$file" ] || { echo "picture: $file is missing (make build; apt-get install fonts-dejavu-core)" >&2; exit 1; }
done

work=$(mktemp -d)
nginx_pid=""
trap '[ -z "$nginx_pid" ] || kill "$nginx_pid"; rm -rf "$work"' EXIT
mkdir "$work/rec"
chmod 777 "$work" "$work/rec"
port=19351
cat >"$work/nginx.conf" <<CONF
load_module $(compgen -G '/usr/lib*/nginx/modules/ngx_rtmp_module.so' | head -n 1);
daemon off;
pid $work/nginx.pid;
error_log $work/error.log;
events {}
rtmp { server { listen 127.0.0.1:$port; application live { live on; record all; record_path $work/rec; } } }
CONF
nginx -e "$work/error.log" -c "$work/nginx.conf" &
nginx_pid=$!
for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done

cp internal/clip/clip.mp4 "$work/clip.mp4"
command="rtmpwriter publish clip.mp4 rtmp://127.0.0.1:$port/live+myStream"
(cd "$work" && TERM=xterm COLUMNS=110 script -qec "stty cols 110 rows 24; $program ${command#rtmpwriter }" terminal.log) >/dev/null </dev/null
for _ in $(seq 50); do compgen -G "$work/rec/*.flv" >/dev/null && break; sleep 0.1; done
sleep 0.5 # nginx closes the file after the connection

clean=$(sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\r/\n/g' "$work/terminal.log" | grep -v '^ *$')
{
	echo "\$ $command"
	grep 'kbit/s\|Mbit/s' <<<"$clean" | tail -n 3 | head -n 1
	grep '^sent ' <<<"$clean"
	echo
	echo "what nginx recorded:"
	ffprobe -v error -count_packets -show_entries stream=codec_name,profile,width,height,nb_read_packets -of compact=p=0 "$work"/rec/*.flv
} | cut -c 1-110 >"$work/text.txt"
cat "$work/text.txt"

ffmpeg -v error -y -ss 5 -i "$work"/rec/*.flv -frames:v 1 "$work/frame.png"
ffmpeg -v error -y -f lavfi -i color=0x1e1e2e:s=960x480 -i "$work/frame.png" -filter_complex \
	"[0]drawtext=fontfile=$font:textfile=$work/text.txt:expansion=none:x=20:y=20:fontsize=14:line_spacing=6:fontcolor=0xcdd6f4[t];[t][1]overlay=(W-w)/2:H-h-24" \
	-frames:v 1 -update 1 docs/picture.png
