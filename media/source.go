package media

import (
	"fmt"
	"time"
)

// Source yields the packets of one input in the input's own order, which is
// decode order within a track.
//
// A Source is used by one goroutine at a time.
type Source interface {
	// Tracks lists the tracks; Packet.Track is an index into it. The list does
	// not change after Open.
	Tracks() []Track
	// Next returns the next packet, which the caller owns (Packet.Release).
	// At the end the error is io.EOF. A *DamageError tells of a damaged place:
	// what is whole has been returned, and Next may be called again for what
	// follows (at a damage that nothing can follow, the next call is io.EOF).
	// Any other error is final.
	Next() (Packet, error)
	// Duration is the length of the media, 0 when the input cannot tell.
	Duration() time.Duration
	// Close frees what Open took.
	Close() error
}

// DamageError reports a place of the input that could not be read.
type DamageError struct {
	// Offset is the place in the input, in bytes from its start.
	Offset int64
	// Time is the decode time of the last whole packet before it.
	Time time.Duration
	// Reason says what is wrong there.
	Reason string
}

// Error tells the place and the reason.
func (e *DamageError) Error() string {
	return fmt.Sprintf("damaged at byte %d (after %s): %s", e.Offset, e.Time.Round(time.Millisecond), e.Reason)
}

// UnsupportedError names a container or codec that the writer cannot publish.
type UnsupportedError struct {
	// What is the container or codec, by its name in the input.
	What string
	// Hint says what the user can do.
	Hint string
}

// Error names what is not supported, and the way out.
func (e *UnsupportedError) Error() string {
	if e.Hint == "" {
		return "not supported: " + e.What
	}
	return fmt.Sprintf("not supported: %s (%s)", e.What, e.Hint)
}
