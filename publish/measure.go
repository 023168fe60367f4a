package publish

import "time"

// measureTime is how much of a stream is looked at before onMetaData tells the
// rates that nothing has told before: long enough for several keyframes' worth
// of bits to even out, short enough to matter.
const measureTime = 5 * time.Second

// measure sums up what a track sends, for the rates of onMetaData.
type measure struct {
	first, last time.Duration
	bytes       int64
	frames      int
}

func (m *measure) add(f *frame) {
	if m.frames == 0 {
		m.first = f.dts
	}
	m.last = f.dts
	m.bytes += int64(f.size)
	m.frames++
}

// fill returns c with the measured rates in place of unknown ones.
func (m *measure) fill(c *trackConfig) *trackConfig {
	span := m.last - m.first
	if c == nil || span <= 0 {
		return c
	}
	filled := *c
	// The last frame's own length is not in the span: leave one frame out.
	frames := float64(m.frames - 1)
	if filled.bitrate == 0 {
		filled.bitrate = int(float64(m.bytes) * 8 / span.Seconds() * frames / float64(m.frames))
	}
	if filled.frameRate == 0 && c.codec.IsVideo() {
		filled.frameRate = frames / span.Seconds()
	}
	return &filled
}

// measureFrame looks at a frame that goes out. Once enough has been seen, it
// announces the rates, once a session.
func (s *sender) measureFrame(f *frame, timestamp uint32) error {
	if s.measured {
		return nil
	}
	m := &s.measures[f.track]
	if m.add(f); m.last-m.first < measureTime {
		return nil
	}
	s.measured = true
	return s.announceMetadata(timestamp)
}
