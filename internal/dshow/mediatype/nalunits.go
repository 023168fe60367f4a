package mediatype

import (
	"bytes"
	"encoding/binary"

	"rtmpwriter/media"
)

// Sizes of start codes in bytes. Zeros before a long one belong to it.
const (
	none     = 0
	longCode = 4
)

// startCode is the size of the start code that the bytes begin with.
func startCode(b []byte) int {
	for i, c := range b {
		switch {
		case c == 1 && i >= 2:
			return i + 1
		case c != 0:
			return none
		}
	}
	return none
}

// covers tells that lengths of a size lead exactly to the end of the sample. If
// strict, no NAL unit may be empty or of a type that is not used.
func covers(sample []byte, size int, strict bool) bool {
	for count := 0; len(sample) > 0; count++ {
		if len(sample) < size || count == media.MaxNALUnits {
			return false
		}
		n := nalLength(sample, size)
		sample = sample[size:]
		if n > uint64(len(sample)) || strict && (n == 0 || !isNALHeader(sample[0])) {
			return false
		}
		sample = sample[n:]
	}
	return true
}

// isNALHeader tells the first byte of a NAL unit that an encoder may send to
// RTMP: none of data partitions, of 3D, or of types that are not specified.
func isNALHeader(b byte) bool {
	const used = 1<<media.NALSlice | 1<<media.NALIDR | 1<<media.NALSEI | 1<<media.NALSPS | 1<<media.NALPPS | 1<<media.NALAUD |
		1<<10 | 1<<11 | 1<<12 | 1<<13 | 1<<14 | 1<<15 | 1<<19 | 1<<20
	return b&0x80 == 0 && used>>(b&0x1f)&1 == 1
}

// isBare tells what may be a NAL unit without anything before it.
func isBare(sample []byte) bool { return len(sample) > 1 && isNALHeader(sample[0]) }

// nalLength reads a length of 1, 2 or 4 bytes.
func nalLength(b []byte, size int) uint64 {
	switch size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	default:
		return uint64(binary.BigEndian.Uint32(b))
	}
}

// isHollow tells a sample of nothing but start codes and zeros.
func isHollow(sample []byte) bool {
	for {
		code := startCode(sample)
		if code == none {
			break
		}
		sample = sample[code:]
	}
	for _, b := range sample {
		if b != 0 {
			return false
		}
	}
	return true
}

// bringsSPS tells that a sample has a sequence parameter set before its first
// slice. size is that of the lengths, 0 for start codes; a bare NAL unit may come
// first.
func bringsSPS(sample []byte, size int) bool {
	for len(sample) > size {
		rest := sample[startCode(sample):]
		if size > 0 {
			rest = sample[size:]
			rest = rest[:min(nalLength(sample, size), uint64(len(rest)))]
		}
		switch kind := media.NALType(rest); {
		case kind == media.NALSPS:
			return true
		case kind >= media.NALSlice && kind <= media.NALIDR:
			return false
		case size > 0:
			sample = sample[size+len(rest):]
		default:
			i := bytes.Index(rest, []byte{0, 0, 1})
			if i < 0 {
				return false
			}
			sample = rest[i:]
		}
	}
	return false
}
