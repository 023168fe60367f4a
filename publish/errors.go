package publish

import (
	"errors"
	"fmt"
	"slices"

	"rtmpwriter/rtmp"
)

var (
	// ErrClosed answers calls on a Publisher that has ended or is shutting down.
	ErrClosed = errors.New("publisher is closed")
	// ErrBufferFull refuses a frame in live mode, where Write must not block.
	ErrBufferFull = errors.New("output buffer is full: the network takes less than the encoder makes")
	// ErrFlushed answers a Write that Flush has set free; its frame is dropped.
	ErrFlushed = errors.New("track was flushed")
	// ErrTrackEnded answers a Write after EndTrack.
	ErrTrackEnded = errors.New("track has ended")
	// ErrNoTracks answers Run and Write before SetTracks.
	ErrNoTracks = errors.New("no tracks: call SetTracks first")
	// ErrRunning answers a second Run.
	ErrRunning = errors.New("publisher is running already")
)

// PacketError refuses one packet. The stream goes on without it.
type PacketError struct {
	Track  int
	Reason string
}

// Error names the track and the reason.
func (e *PacketError) Error() string {
	return fmt.Sprintf("packet of track %d refused: %s", e.Track, e.Reason)
}

// TrackError refuses a track given to SetTracks.
type TrackError struct {
	Track  int
	Reason string
}

// Error names the track and the reason.
func (e *TrackError) Error() string {
	return fmt.Sprintf("track %d refused: %s", e.Track, e.Reason)
}

// OptionError refuses the value of an option.
type OptionError struct {
	// Name is the option's name in the specification, section 4.
	Name string
	// Value is what was given, masked when the option is a secret.
	Value string
	// Reason tells what is allowed.
	Reason string
	// Source is where the value was given, as a door tells it: a file with its
	// line, an environment variable, a flag; "" where only the program knows.
	Source string
}

// Error names the option, the value, what is allowed, and where the value came
// from.
func (e *OptionError) Error() string {
	text := fmt.Sprintf("option %s = %q: %s", e.Name, e.Value, e.Reason)
	if e.Source != "" {
		text = e.Source + ": " + text
	}
	return text
}

// Retryable reports whether trying again later may succeed: see rtmp.Retryable.
// Of several URLs one is enough.
func Retryable(err error) bool {
	if each := (startError)(nil); errors.As(err, &each) {
		return slices.ContainsFunc(each, rtmp.Retryable)
	}
	return rtmp.Retryable(err)
}
