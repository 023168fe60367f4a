package mp4in

import (
	"fmt"
	"time"
)

// preroll is how far before the edit audio begins. The longest priming of an
// AAC encoder is below it: 5058 samples of HE-AAC at 44.1 kHz, 115 ms.
const preroll = 200 * time.Millisecond

// begin places all tracks at start and fills what Tracks and Duration tell.
func (s *Source) begin(m *movie, start time.Duration) error {
	for _, t := range s.tracks {
		if err := t.settle(); err != nil {
			return err
		}
	}
	s.duration = s.length(m)
	if start < 0 || start > 0 && s.duration > 0 && start >= s.duration {
		return fmt.Errorf("start at %s: must be between 0 and the file's length of %s", start, s.duration.Round(time.Millisecond))
	}
	s.place(start)
	for _, t := range s.tracks {
		s.list = append(s.list, t.described())
	}
	return nil
}

// place moves the tracks to their first samples, video before audio.
func (s *Source) place(start time.Duration) {
	target := start
	if start > 0 {
		target += s.origin()
	}
	first := target
	if start == 0 {
		first = -preroll
	}
	for _, t := range s.tracks {
		if t.video {
			t.seek(toTicks(target, t.timescale))
		} else {
			t.seek(toTicks(first, t.timescale))
		}
		s.advance(t)
		if t.video && !t.ended {
			first = min(first, t.pts)
		}
	}
}

// origin is where the presentation starts: 0, or where the times of a live
// recording begin.
func (s *Source) origin() time.Duration {
	first := farAhead
	for _, t := range s.tracks {
		c := t.start
		if one, err := c.next(); err == nil {
			first = min(first, toTime(t.presented(one), t.timescale))
		}
	}
	if first == farAhead {
		return 0
	}
	return max(first, 0)
}
