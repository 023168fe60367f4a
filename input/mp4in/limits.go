package mp4in

import "time"

// Bounds on what the bytes of a file can make this package do.
const (
	// maxBoxes bounds the boxes of one level: tracks, fragments before the
	// moov, children of a moof. 65536 headers are read in a tenth of a second.
	maxBoxes = 1 << 16
	// maxTracks bounds the tracks of a file; players stop at a few dozen.
	maxTracks = 128
	// maxSmallBox bounds a box that is read whole. The largest such is a
	// sample description with its parameter sets, a few kilobytes at most.
	maxSmallBox = 1 << 20
	// maxSmallBoxes bounds the sum of all such boxes, which the library decodes
	// at two megabytes a second: a kilobyte a track is usual, and an edit list of
	// a hundred thousand parts has one megabyte.
	maxSmallBoxes = 4 << 20
	// maxDescriptions bounds the sample descriptions of one track.
	maxDescriptions = 256
	// maxSample bounds one access unit or audio frame. The largest picture of
	// H.264's highest level is below it.
	maxSample = 64 << 20
	// maxOffset bounds places in the file and sizes of boxes, so that the sum
	// of two is no negative number.
	maxOffset = 1 << 60
	// maxTicks bounds the decode times in a file, in ticks. Nanoseconds since
	// 1970, the largest that a live recording has, are well below.
	maxTicks = 1 << 62
	// maxTime is where converted times saturate: 73 years in nanoseconds, and
	// far enough from the end of int64 that a few can be added.
	maxTime = 1 << 61
	// maxReorder bounds the constant that negative composition offsets take
	// from the decode times. More is a broken table, not a coded order.
	maxReorder = 10 * time.Second
)
