package tsin

import (
	"fmt"
	"time"
)

const (
	// seekWindow is how near the search by halves comes, in bytes, and the
	// first step back from there for a keyframe.
	seekWindow = 1 << 20
	// maxSeekProbe bounds the bytes read for one timestamp of the search.
	maxSeekProbe = 4 << 20
)

// seek goes to the last keyframe at or before g.at; without one, to the first
// of the file.
func (s *Source) seek(g *gate) error {
	if start := g.at - s.begin; s.duration > 0 && start >= s.duration {
		return fmt.Errorf("MPEG-TS: the start, %s, is beyond the end at %s", start, s.duration)
	}
	wanted := g.at
	near, err := s.near(wanted)
	if err != nil {
		return err
	}
	for back := int64(seekWindow); ; back *= 4 {
		from := max(near-back, 0)
		g.at = 0
		found, err := s.lastKeyframe(from, wanted, &g.at)
		if err != nil {
			return err
		}
		if found || from == 0 {
			return s.restart(from, wanted, g)
		}
	}
}

// near searches by halves for the last place whose timestamp is before at.
func (s *Source) near(at time.Duration) (int64, error) {
	end, err := s.size()
	if err != nil {
		return 0, err
	}
	low, high := int64(0), end
	for high-low > seekWindow {
		middle := low + (high-low)/2
		if err := s.jumpTo(middle); err != nil {
			return 0, err
		}
		before := false
		s.scan(min(high, middle+maxSeekProbe), func(track int, st stamp, _ time.Duration) bool {
			if track == 0 || s.video == nil {
				before = s.timeOf(st.dts) < at
				return false
			}
			return true
		})
		if before {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}

// lastKeyframe reads on from a place and finds the presentation time of the
// last keyframe at or before wanted. Where there is no video, any frame is one.
func (s *Source) lastKeyframe(from int64, wanted time.Duration, found *time.Duration) (bool, error) {
	if s.video == nil {
		*found = wanted
		return true, nil
	}
	if err := s.restart(from, wanted, nil); err != nil {
		return false, err
	}
	ok := false
	for s.out.err == nil {
		it, more := s.out.next()
		if !more {
			s.step()
			continue
		}
		p := it.packet
		p.Release()
		if it.damage != nil || p.Track != s.out.video {
			continue
		}
		if p.DTS > wanted {
			break
		}
		if p.Keyframe && p.PTS <= wanted {
			*found, ok = p.PTS, true
		}
	}
	return ok, nil
}

// restart reads on from a place with a clean state. about is the time there,
// roughly, which tells the wraps of the timestamps.
func (s *Source) restart(from int64, about time.Duration, g *gate) error {
	s.out.clear()
	s.out.gate = g
	if err := s.jumpTo(from); err != nil {
		return err
	}
	base := int64((s.out.base*9 + 50000) / 100000)
	s.clock = clock{known: true, ref: base + int64(about/time.Second)*90000}
	if s.video != nil {
		s.video = &video{out: &s.out, clock: trackClock{clock: &s.clock}}
		s.pes[0] = newPESReader(s.pes[0].pid, s.video)
	}
	if s.audio != nil {
		old := s.audio
		s.audio = &audio{out: &s.out, clock: trackClock{clock: &s.clock}, format: old.format}
		s.pes[1] = newPESReader(s.pes[1].pid, s.audio)
	}
	return nil
}
