package mediatype

import (
	"encoding/binary"
	"fmt"
	"math"

	"rtmpwriter/internal/com"
)

// Sizes and offsets of the structures, the same on 32 and 64 bits. All numbers
// in them are little-endian.
const (
	videoInfoSize  = 88  // VIDEOINFOHEADER
	videoInfo2Size = 112 // VIDEOINFOHEADER2
	// MPEG2VIDEOINFO is a VIDEOINFOHEADER2, five words and the sequence header.
	// A compiler's sizeof is 136: it counts the header's first four bytes.
	mpeg2VideoSize = 132

	bitRateAt   = 32 // dwBitRate, in all three
	frameTimeAt = 40 // AvgTimePerFrame, in all three

	videoInfoBitmapAt  = 48 // VIDEOINFOHEADER.bmiHeader
	videoInfo2BitmapAt = 72 // VIDEOINFOHEADER2.bmiHeader

	bitmapSize     = 40 // BITMAPINFOHEADER
	bitmapWidthAt  = 4  // biWidth
	bitmapHeightAt = 8  // biHeight, negative for pictures that begin at the top

	sequenceSizeAt = 116 // MPEG2VIDEOINFO.cbSequenceHeader
	lengthSizeAt   = 128 // MPEG2VIDEOINFO.dwFlags: with AVC1 the size of NAL unit lengths
)

// videoBlock is what the format block of a video type tells. Hints that make no
// sense are 0.
type videoBlock struct {
	width, height int
	frameRate     float64 // frames a second
	bitrate       int     // bits/s
	// lengthSize is the size of NAL unit lengths, 0 when not told.
	lengthSize int
	// extra is where parameter sets may stand; it aliases the block.
	extra []byte
}

// readVideo reads the block of a type whose format type promises one.
func readVideo(t MediaType) (v videoBlock, err error) {
	fixed, bitmap := videoInfoSize, videoInfoBitmapAt
	switch t.Format {
	case FormatVideoInfo2:
		fixed, bitmap = videoInfo2Size, videoInfo2BitmapAt
	case FormatMPEG2Video:
		fixed, bitmap = mpeg2VideoSize, videoInfo2BitmapAt
	}
	if err := needBlock(t, fixed); err != nil {
		return v, err
	}
	le := binary.LittleEndian
	v.bitrate = saneBitrate(uint64(le.Uint32(t.Block[bitRateAt:])))
	v.frameRate = frameRate(int64(le.Uint64(t.Block[frameTimeAt:])))
	v.width = saneSide(le.Uint32(t.Block[bitmap+bitmapWidthAt:]))
	v.height = saneSide(le.Uint32(t.Block[bitmap+bitmapHeightAt:]))
	if v.width == 0 || v.height == 0 {
		v.width, v.height = 0, 0
	}
	v.extra = t.Block[fixed:]
	if t.Format != FormatMPEG2Video {
		v.extra = behindBitmap(le.Uint32(t.Block[bitmap:]), v.extra)
		return v, nil
	}
	return v, v.readMPEG2(t)
}

// readMPEG2 reads the words behind VIDEOINFOHEADER2.
func (v *videoBlock) readMPEG2(t MediaType) error {
	size := binary.LittleEndian.Uint32(t.Block[sequenceSizeAt:])
	if uint64(size) > uint64(len(v.extra)) {
		return fmt.Errorf("FORMAT_MPEG2_VIDEO: a sequence header of %d bytes, but %d are there", size, len(v.extra))
	}
	v.extra = v.extra[:size]
	if !isAVC1(t.Subtype) {
		return nil // dwFlags has another meaning
	}
	switch n := binary.LittleEndian.Uint32(t.Block[lengthSizeAt:]); n {
	case 0, 1, 2, 4:
		v.lengthSize = int(n)
		return nil
	default:
		return fmt.Errorf("FORMAT_MPEG2_VIDEO: NAL unit lengths of %d bytes (dwFlags); they must have 1, 2 or 4, or 0 for not told", n)
	}
}

// behindBitmap is what belongs to BITMAPINFOHEADER of the bytes behind it. Many
// filters leave biSize at that of the structure, or at 0; all is theirs then.
func behindBitmap(size uint32, rest []byte) []byte {
	if n := int64(size) - bitmapSize; n > 0 && n < int64(len(rest)) {
		return rest[:n]
	}
	return rest
}

func isAVC1(subtype com.GUID) bool { return subtype == SubtypeAVC1 || subtype == SubtypeAVC1Lower }

// needBlock refuses a block that is shorter than its structure.
func needBlock(t MediaType, size int) error {
	if len(t.Block) >= size {
		return nil
	}
	return fmt.Errorf("%s: a format block of %d bytes, at least %d are needed", formatName(t.Format), len(t.Block), size)
}

// saneSide is the length of a picture's side, which may be negative, or 0.
func saneSide(v uint32) int {
	const longest = 16384 // more than level 6.2 has room for
	n := int64(int32(v))
	if n < 0 {
		n = -n
	}
	if n > longest {
		return 0
	}
	return int(n)
}

// saneBitrate is a bitrate in bits/s, or 0.
func saneBitrate(v uint64) int {
	const highest = 1e9
	if v > highest {
		return 0
	}
	return int(v)
}

// usualRates are the frame rates that a whole number of 100 ns cannot express.
var usualRates = [...]float64{24000. / 1001, 24, 30000. / 1001, 30, 48000. / 1001, 48, 60000. / 1001, 60, 120000. / 1001, 120}

// frameRate makes frames a second of a frame's time in 100 ns, 0 where that is
// not from 1/1000 s to 10 s.
func frameRate(time int64) float64 {
	const second = 1e7
	if time < second/1000 || time > second*10 {
		return 0
	}
	for _, r := range usualRates {
		if math.Abs(second/r-float64(time)) < 1 {
			return r
		}
	}
	return second / float64(time)
}
