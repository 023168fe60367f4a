package input

import (
	"bytes"
	"time"

	"rtmpwriter/media"
)

// span is how far one track has come in a round.
type span struct {
	count       int
	first, last time.Duration // decode times
	step        time.Duration // of the frames, averaged over the last few
	config      []byte        // in force
	fresh       []byte        // to be told with the next packet
}

// note takes p's time and what it says of the configuration.
func (s *span) note(p *media.Packet) {
	if p.Config == nil {
		p.Config = s.fresh
	}
	if p.Config != nil {
		s.config = p.Config
	}
	s.fresh = nil
	switch s.count {
	case 0:
		s.first = p.DTS
	case 1:
		s.step = p.DTS - s.last
	default:
		s.step += (p.DTS - s.last - s.step) / 8
	}
	s.count++
	s.last = p.DTS
}

// restart begins a new round, whose track has config.
func (s *span) restart(config []byte) {
	inForce := s.config
	*s = span{config: inForce}
	if len(config) > 0 && !bytes.Equal(config, inForce) {
		s.fresh = config
	}
}

// length is from the first frame to the end of the last. A single frame lasts
// as long as the track's hints say, or 40 ms.
func (s *span) length(t media.Track) time.Duration {
	step := s.step
	switch {
	case s.count > 1 && step > 0:
	case t.FrameRate > 0:
		step = time.Duration(float64(time.Second) / t.FrameRate)
	case t.Codec.IsAudio() && t.SampleRate > 0:
		step = 1024 * time.Second / time.Duration(t.SampleRate)
	default:
		step = 40 * time.Millisecond
	}
	return s.last - s.first + step
}
