// Package chunk cuts messages into the chunk stream and joins them again (RTMP
// 1.0, section 5.3). The Writer never copies a payload: it lays chunk headers
// between the caller's slices for one vectored write.
package chunk

import (
	"encoding/binary"
	"fmt"
)

// The message types that concern the chunk stream and the connection itself
// (section 5.4), and the commands (section 7.1.1).
const (
	TypeSetChunkSize     = 1
	TypeAbort            = 2
	TypeAcknowledgement  = 3
	TypeUserControl      = 4
	TypeWindowAckSize    = 5
	TypeSetPeerBandwidth = 6
	TypeCommandAMF3      = 17
	TypeDataAMF0         = 18
	TypeCommandAMF0      = 20
)

const (
	// DefaultSize is the chunk size until Set Chunk Size says otherwise.
	DefaultSize = 128
	// MaxLength is the longest message: its length has 24 bits. A chunk size
	// above it means the same as one of it (section 5.4.1).
	MaxLength = 0xFFFFFF
	// extended in the 24-bit time field says that 32 bits follow.
	extended = 0xFFFFFF
	// maxHeader is the longest chunk header: basic 3, message 11, extended 4.
	maxHeader = 3 + 11 + 4
	// csids 0 and 1 mark the longer forms of the basic header; 2 is for
	// protocol control.
	minCSID = 2
	maxCSID = 65599
)

// Header is what a message has besides its body.
type Header struct {
	CSID      uint32 // chunk stream ID, 2 to 65599
	Type      uint8
	Timestamp uint32 // milliseconds, wrapping
	StreamID  uint32 // message stream ID
}

// appendBasic writes the basic header in the shortest form (section 5.3.1.1).
func appendBasic(dst []byte, format uint8, csid uint32) []byte {
	switch {
	case csid < 64:
		return append(dst, format<<6|byte(csid))
	case csid < 64+256:
		return append(dst, format<<6, byte(csid-64))
	default:
		return append(dst, format<<6|1, byte(csid-64), byte((csid-64)>>8))
	}
}

// appendHeader writes a chunk header of format 0, 1 or 2 that begins a
// message. time is absolute in format 0 and a delta in the others.
func appendHeader(dst []byte, format uint8, h Header, time uint32, length int) []byte {
	dst = appendBasic(dst, format, h.CSID)
	dst = appendUint24(dst, min(time, extended))
	if format < 2 {
		dst = append(appendUint24(dst, uint32(length)), h.Type)
	}
	if format == 0 {
		dst = binary.LittleEndian.AppendUint32(dst, h.StreamID) // the only little-endian field
	}
	return appendExtended(dst, time)
}

// appendContinuation writes the header of a message's further chunks. It
// repeats the extended time of the first one: receivers read it, compare it,
// or both (section 5.3.1.3).
func appendContinuation(dst []byte, csid, time uint32) []byte {
	return appendExtended(appendBasic(dst, 3, csid), time)
}

func appendExtended(dst []byte, time uint32) []byte {
	if time >= extended {
		return binary.BigEndian.AppendUint32(dst, time)
	}
	return dst
}

func appendUint24(dst []byte, v uint32) []byte {
	return append(dst, byte(v>>16), byte(v>>8), byte(v))
}

// AppendMessage appends a whole message to dst, cut into chunks of size bytes.
// Its first chunk is of type 0, so it needs no memory of what went before.
func AppendMessage(dst []byte, h Header, body []byte, size int) []byte {
	dst = appendHeader(dst, 0, h, h.Timestamp, len(body))
	for len(body) > size {
		dst = appendContinuation(append(dst, body[:size]...), h.CSID, h.Timestamp)
		body = body[size:]
	}
	return append(dst, body...)
}

func checkLength(n int) error {
	if n > MaxLength {
		return fmt.Errorf("message of %d bytes: RTMP carries at most %d", n, MaxLength)
	}
	return nil
}
