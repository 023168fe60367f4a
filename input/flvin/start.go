package flvin

import (
	"errors"
	"fmt"
	"io"
	"time"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

// latecomer is what a pipe passes over until its first packet.
type latecomer struct {
	after  time.Duration
	begun  bool
	origin time.Duration // decode time of the first frame
}

// ends reports whether p is the packet to begin with.
func (w *latecomer) ends(p media.Packet, video int) bool {
	if !w.begun {
		w.begun, w.origin = true, p.DTS
	}
	return p.DTS-w.origin >= w.after && isEntry(p, video)
}

// missed is the error when the input ended before.
func (w *latecomer) missed(last time.Duration) error {
	if !w.begun {
		return io.EOF
	}
	return beyond(w.after, last-w.origin)
}

func beyond(start, length time.Duration) error {
	return fmt.Errorf("start at %s: must be between 0 and the input's length of %s, with a keyframe to begin with", start, length)
}

// isEntry reports whether decoding can begin with p: with a keyframe, and with
// any frame when there is no video.
func isEntry(p media.Packet, video int) bool {
	return video == noTrack || p.Track == video && p.Keyframe
}

// mark is a place to come back to.
type mark struct {
	offset       int64
	video, audio stream
	clock        clock
	last         time.Duration
}

// mark marks the tag of the last packet, at the offset.
func (s *Source) mark(offset int64) *mark {
	return &mark{offset, s.video, s.audio, s.clock, s.last}
}

// seek moves to the last entry at or before start. It reads up to start, then
// goes back: no frame is kept.
func (s *Source) seek(f *file, start time.Duration) error {
	var best *mark
	var origin, length time.Duration
	for {
		p, offset, err := s.next()
		if errors.As(err, new(*media.DamageError)) {
			continue
		}
		if err == io.EOF && best != nil && length >= start {
			break // the video ends before the audio
		}
		if err == io.EOF {
			return beyond(start, length)
		}
		if err != nil {
			return err
		}
		p.Release()
		if best == nil {
			best, origin = s.mark(offset), p.DTS
		}
		at := p.DTS - origin
		length = max(length, at)
		if at > start && (s.video.index == noTrack || p.Track == s.video.index) {
			break
		}
		if at <= start && isEntry(p, s.video.index) {
			best = s.mark(offset)
		}
	}
	return s.back(f, best)
}

// back continues at m.
func (s *Source) back(f *file, m *mark) error {
	if err := f.seek(m.offset); err != nil {
		return err
	}
	s.dropAhead()
	s.reader = flv.ResumeReader(f.r, m.offset)
	s.video, s.audio, s.clock, s.last = m.video, m.audio, m.clock, m.last
	return nil
}
