package mp4in

import (
	"math"
	"time"

	"github.com/abema/go-mp4"

	"rtmpwriter/media"
)

// described is the track with its hints, as it begins at the head.
func (t *track) described() media.Track {
	m := t.firstDescription().track
	t.config = nil // it is in the list of tracks
	if t.video {
		m.FrameRate = t.frameRate()
	}
	if m.Bitrate == 0 {
		m.Bitrate = t.bitrate()
	}
	return m
}

// firstDescription is the head's, or without one the first that fits.
func (t *track) firstDescription() *description {
	if t.desc != 0 {
		return &t.descriptions[t.desc-1]
	}
	for i := range t.descriptions {
		if t.descriptions[i].problem == "" {
			return &t.descriptions[i]
		}
	}
	return &t.descriptions[0]
}

// frameRate is the average over the moov's samples, or over the first of a
// fragmented file; 0 when there are too few.
func (t *track) frameRate() float64 {
	if n := t.start.tables.sizes.count; n > 1 && t.length > 0 && !t.fragmented() {
		return float64(n) * float64(t.timescale) / float64(t.length)
	}
	n, ticks := 0, int64(0)
	t.eachFirst(func(s sample) {
		n++
		ticks += int64(s.delta)
	})
	if ticks > 0 {
		return float64(n) * float64(t.timescale) / float64(ticks)
	}
	return 0
}

// bitrate is the average over the sizes in the moov, in bits/s, 0 when it has
// none. The table is walked once, without being kept.
func (t *track) bitrate() int {
	z := t.start.tables.sizes
	if z.count == 0 || t.length <= 0 || t.fragmented() {
		return 0
	}
	sum := int64(z.constant) * int64(z.count)
	for i := uint32(0); z.constant == 0 && i < z.count; i++ {
		size, ok, err := z.at(i)
		if err != nil || !ok {
			return 0
		}
		sum += int64(size)
	}
	seconds := float64(t.length) / float64(t.timescale)
	return int(min(8*float64(sum)/seconds, math.MaxInt32))
}

// length is the end of the longest track. A fragmented file may tell it in
// advance (mehd), or else its last fragment does.
func (s *Source) length(m *movie) (longest time.Duration) {
	for _, t := range s.tracks {
		end := t.length
		if t.edit.to != math.MaxInt64 {
			end = t.edit.to
		}
		if end > 0 {
			longest = max(longest, toTime(end+t.edit.shift(), t.timescale))
		}
	}
	if !m.fragmented {
		return longest
	}
	if m.length > 0 {
		return max(longest, toTime(m.length, m.timescale))
	}
	at := s.lastMoof(m.fragments)
	if at < 0 {
		return 0
	}
	origin := s.origin()
	for _, t := range s.tracks {
		c := t.start
		c.inside, c.fragments.at = true, at
		for {
			one, err := c.next()
			if err != nil {
				break
			}
			if !c.fragments.timed {
				return 0 // the time of the last fragment is known by reading all
			}
			longest = max(longest, toTime(t.presented(one)+int64(one.delta), t.timescale)-origin)
		}
	}
	return longest
}

// lastMoof is the place of the last fragment, -1 when there is none, or when
// there are so many boxes that finding it would keep Open busy.
func (s *Source) lastMoof(at int64) int64 {
	f := s.tracks[0].ahead.f
	w := newWindow(f, smallHeader)
	last := int64(-1)
	for n := 0; at < f.size; n++ {
		if n == maxBoxes {
			return -1
		}
		b, err := w.header(at, f.size)
		if err != nil || b.typ == mp4.BoxTypeMoof() && b.end > f.size {
			break // the file is cut here
		}
		if b.typ == mp4.BoxTypeMoof() {
			last = at
		}
		at = b.end
	}
	return last
}
