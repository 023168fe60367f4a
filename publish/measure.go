package publish

import (
	"time"

	"rtmpwriter/rtmp"
)

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

// rate is in bits/s. The last frame's own length is not in the span: one frame is
// left out.
func (m *measure) rate() int {
	span := m.last - m.first
	if span <= 0 {
		return 0
	}
	return int(float64(m.bytes) * 8 / span.Seconds() * float64(m.frames-1) / float64(m.frames))
}

// fill returns c with the measured rates in place of unknown ones.
func (m *measure) fill(c *trackConfig) *trackConfig {
	span := m.last - m.first
	if c == nil || span <= 0 {
		return c
	}
	filled := *c
	frames := float64(m.frames - 1)
	if filled.bitrate == 0 {
		filled.bitrate = m.rate()
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
	s.askForAcknowledgements()
	return s.announceMetadata(timestamp)
}

// acknowledgeEvery is how much stream the server should acknowledge at once: what
// it has not acknowledged is sent twice after an outage.
const acknowledgeEvery = time.Second / 2

// askForAcknowledgements asks a server of a slow stream more often than by
// default. Faster streams are acknowledged often enough, and where nothing is held
// once a second is.
func (s *sender) askForAcknowledgements() {
	if !s.measured {
		return
	}
	bits := 0
	for i := range s.measures {
		bits += s.measures[i].rate()
	}
	if !s.p.queue.keeps() {
		if second := bits / 8; second > rtmp.DefaultWindowAckSize {
			s.conn.SetWindowAckSize(uint32(min(second, mostWindow)))
		}
		return
	}
	if window := bits / 8 * int(acknowledgeEvery/time.Millisecond) / 1000; window < rtmp.DefaultWindowAckSize {
		s.conn.SetWindowAckSize(uint32(max(window, leastWindow)))
	}
}

const (
	// leastWindow keeps acknowledgements from becoming a stream of their own.
	leastWindow = 4096
	// mostWindow is what servers use themselves.
	mostWindow = 2_500_000
)
