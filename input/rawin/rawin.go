// Package rawin reads elementary streams without a container: H.264 in Annex B
// framing (.h264, .264) and AAC with ADTS headers (.aac) beside it, from files
// and from pipes.
//
// # Times
//
// Such streams carry none. Decode times are counted at the frame rate; the
// presentation times follow the picture order counts, so that pictures are
// shown at that rate in the order that the encoder meant, each no earlier than
// it is decoded. Decode time 0 is the first picture's; presentation begins later by
// the smallest delay that the reordering of pictures needs, and the sound with
// it. Both fields of a frame are one picture.
//
// # Damage
//
// Bytes that belong to no access unit or ADTS frame are skipped and reported as
// *media.DamageError. The sound goes on as much later as the skipped bytes are
// worth, going by the size of the frames so far.
package rawin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
)

// Options say how fast pictures follow each other and where to begin.
type Options struct {
	// FrameRate is in frames a second, above 0 and up to 1000; 0 takes the one
	// that the stream tells. 23.976, 29.97 and 59.94 stand for the exact rates
	// of n/1001.
	FrameRate float64
	// Start is where to begin, counted from the first picture shown (without
	// video, from the first sound). In a file that is the last keyframe at or
	// before it, in a pipe the first one at or after it. Pictures of an open
	// GOP that are shown before that keyframe are left out. The input must not
	// end before Start.
	Start time.Duration
}

// errClosed is what Next tells after Close.
var errClosed = errors.New("raw streams: the source is closed")

// Source reads one or two raw streams. It is a media.Source, used by one
// goroutine at a time.
type Source struct {
	list   []media.Track
	tracks []lane
	closed bool
}

// item is a packet or a report.
type item struct {
	packet media.Packet
	damage *media.DamageError
}

// lane is one elementary stream with its times.
type lane interface {
	// peek is the decode time of the next item; reports come at once. ok is
	// false at the end.
	peek() (at time.Duration, ok bool)
	// next takes that item: a packet, or an error.
	next() (media.Packet, error)
	// failed is the error of the reader, nil at a regular end.
	failed() error
	close()
}

// Open reads the beginning of the streams: of the video up to its parameter
// sets, and as many pictures as it takes to know its delay; of the audio the
// first frame. Either reader may be nil. The readers stay the caller's.
//
// A video stream without timing information needs Options.FrameRate.
func Open(video, audio io.Reader, opts Options) (*Source, error) {
	s := &Source{}
	var delay, from time.Duration
	if video != nil {
		v, err := openVideo(video, opts)
		if err != nil {
			return nil, fmt.Errorf("H.264 stream: %w", err)
		}
		delay, from = v.delay(), v.from
		s.add(v, v.track())
	}
	if audio != nil {
		a, err := openAudio(audio, delay)
		if err != nil {
			_ = s.Close()
			return nil, fmt.Errorf("ADTS stream: %w", err)
		}
		if video == nil {
			from = opts.Start
		}
		a.index = len(s.list)
		s.add(a, a.track)
		err = a.skipTo(from)
		if err == nil && video == nil && !a.fill() {
			err = errStart(opts.Start)
		}
		if err != nil {
			_ = s.Close()
			return nil, fmt.Errorf("ADTS stream: %w", err)
		}
	}
	if len(s.list) == 0 {
		return nil, errors.New("raw streams: neither video nor audio given")
	}
	return s, nil
}

func (s *Source) add(l lane, t media.Track) {
	s.tracks = append(s.tracks, l)
	s.list = append(s.list, t)
}

// Tracks lists the tracks, video first.
func (s *Source) Tracks() []media.Track { return s.list }

// Duration is 0: only reading a raw stream to its end would tell.
func (s *Source) Duration() time.Duration { return 0 }

// Close gives back what has been read and not been fetched. The readers are
// the caller's.
func (s *Source) Close() error {
	s.closed = true
	for _, l := range s.tracks {
		l.close()
	}
	return nil
}

// Next returns the next packet in the order of decode times. See media.Source
// for the errors; an error of a reader is final.
func (s *Source) Next() (media.Packet, error) {
	if s.closed {
		return media.Packet{}, errClosed
	}
	var first lane
	var earliest time.Duration
	for _, l := range s.tracks {
		at, ok := l.peek()
		if err := l.failed(); !ok && err != nil {
			return media.Packet{}, err
		}
		if ok && (first == nil || at < earliest) {
			first, earliest = l, at
		}
	}
	if first == nil {
		return media.Packet{}, io.EOF
	}
	return first.next()
}
