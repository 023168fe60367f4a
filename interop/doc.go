// Package interop proves rtmpwriter against real servers: it publishes a corpus
// of clips to each of them, reads back what the server recorded, and compares
// frame by frame. Its tests are the whole of it.
//
//	go test ./...                      all of it, some minutes
//	go test . -run Matrix -update      and write ../docs/interop.md
//	RTMPWRITER_BIN=path go test ./...  measure that program; ffmpeg measures ffmpeg
//	RTMPWRITER_CORPUS=dir              where the clips are kept
//
// It needs ffmpeg, nginx with its RTMP and stream modules, ip and tshark (Debian:
// ffmpeg, nginx, libnginx-mod-rtmp, libnginx-mod-stream, iproute2, tshark), the
// right to capture on the loopback device and, for the dead peer, to make network
// namespaces. A missing tool fails the tests where CI=true, and is listed at the end
// elsewhere (go test -v).
package interop
