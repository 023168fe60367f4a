package flv

import "encoding/binary"

const (
	fileHeaderSize = 9
	tagHeaderSize  = 11
	// trailerSize is the size of the PreviousTagSize field behind each tag.
	trailerSize = 4
	// MaxTagSize bounds a tag's body in bytes. The field could say 16 MiB; the
	// largest keyframes of 4K video are below 4 MiB.
	MaxTagSize = 8 << 20
	// maxDataOffset bounds the file header, which has never been longer than
	// its 9 bytes.
	maxDataOffset = 64 << 10
)

// Header is the file header (FLV 10.1, section E.2). What it says of tracks is
// a hint: many files have others.
type Header struct {
	Version            uint8
	HasVideo, HasAudio bool
}

const (
	flagVideo = 1
	flagAudio = 4
)

// tagHeader is the header of a tag (section E.4.1).
type tagHeader struct {
	reserved  uint8 // the type byte's top 3 bits; the lowest of them is the filter bit
	kind      TagType
	size      int
	timestamp uint32
	streamID  uint32
}

func parseTagHeader(b []byte) tagHeader {
	return tagHeader{
		reserved:  b[0] >> 5,
		kind:      TagType(b[0] & 0x1f),
		size:      int(b[1])<<16 | int(b[2])<<8 | int(b[3]),
		timestamp: uint32(b[7])<<24 | uint32(b[4])<<16 | uint32(b[5])<<8 | uint32(b[6]),
		streamID:  binary.BigEndian.Uint32(b[7:]) & 0xffffff,
	}
}

// whole is the size of the tag with its header, which its PreviousTagSize
// repeats.
func (h tagHeader) whole() int { return tagHeaderSize + h.size }

// encrypted reports the filter bit: the body is not in the clear.
func (h tagHeader) encrypted() bool { return h.reserved == 1 }

// known reports whether the reader has a use for the tag's type.
func (h tagHeader) known() bool {
	return h.kind == TagAudio || h.kind == TagVideo || h.kind == TagScript
}

// ordinary reports whether the header alone is a good sign that a tag is here.
func (h tagHeader) ordinary() bool {
	return h.reserved == 0 && h.known() && h.streamID == 0 && h.size <= MaxTagSize
}

func appendTagHeader(dst []byte, kind TagType, timestamp uint32, size int) []byte {
	return append(dst, byte(kind), byte(size>>16), byte(size>>8), byte(size),
		byte(timestamp>>16), byte(timestamp>>8), byte(timestamp), byte(timestamp>>24), 0, 0, 0)
}
