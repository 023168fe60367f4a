package chunk

import (
	"encoding/binary"
	"fmt"
)

// Limits bounds what a Reader takes from its peer.
type Limits struct {
	// MessageSize is the longest message in bytes.
	MessageSize int
	// Streams is how many chunk streams may be in use.
	Streams int
	// Buffered is how many bytes of unfinished messages may wait in all.
	Buffered int
}

// ClientLimits fit what a server sends to a publisher: commands of a few
// hundred bytes on two or three chunk streams. They leave room for servers
// that send metadata of kilobytes, and none for exhausting memory.
var ClientLimits = Limits{MessageSize: 1 << 20, Streams: 64, Buffered: 2 << 20}

// FormatError says how the peer broke the chunk stream or a limit.
type FormatError struct{ Reason string }

// Error returns the reason.
func (e *FormatError) Error() string { return e.Reason }

func malformed(format string, args ...any) error {
	return &FormatError{fmt.Sprintf(format, args...)}
}

// applyControl obeys the two messages that concern the chunk stream itself
// (sections 5.4.1 and 5.4.2).
func (r *Reader) applyControl(m Message) error {
	if m.Type != TypeSetChunkSize && m.Type != TypeAbort {
		return nil
	}
	if len(m.Body) < 4 {
		return malformed("control message of type %d with %d bytes, not 4", m.Type, len(m.Body))
	}
	v := binary.BigEndian.Uint32(m.Body)
	if m.Type == TypeSetChunkSize {
		if v == 0 || v > 0x7FFFFFFF {
			return malformed("chunk size %d", v)
		}
		r.size = int(min(v, MaxLength))
		return nil
	}
	if s := r.streams[v]; s != nil && s.open {
		r.buffered -= len(s.body)
		s.open, s.body = false, s.body[:0]
	}
	return nil
}
