// Package wine runs the DirectShow filter and programs that use it under Wine, as
// 64-bit and as 32-bit Windows programs. Its tests are the proof of the filter.
//
//	make filter && cd interop && go test ./wine    all of it
//	RTMPWRITER_FILTERS=dir                         take dir/windows-*/nRtmpRenderer.ax
//	RTMPWRITER_WINE_CACHE=dir                      where what takes long is kept
//	WINEDEBUG=+quartz                              let Wine tell more, in the output of what runs
//
// A [Machine] is a Windows of one architecture: a prefix of its own, in which only
// the filter is registered, a display of its own, and a folder to work in. Machines
// are made when first asked for, and [CloseAll] ends them. scripts/wine.sh lays down
// their prefixes; the first time on a computer that takes minutes.
//
// It needs Wine, mingw-w64, Xvfb and ImageMagick, and where there is no Wine of 32
// bits, debootstrap and the right to mount (Debian: scripts/prepare.sh filter wine).
// What is missing fails the tests.
package wine
