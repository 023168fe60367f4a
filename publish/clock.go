package publish

import (
	"time"

	"rtmpwriter/media"
)

// restartJump is how far a decode time must fall back to mean that the source
// began anew, rather than that its times jitter.
const restartJump = time.Second

// trackClock makes the times of one track fit for RTMP: decode times never go
// back, presentation times are never before them. It changes nothing in times
// that already are so.
type trackClock struct {
	seen   bool
	last   time.Duration // the decode time given out last
	step   time.Duration // the distance to the one before
	offset time.Duration // added since the source began anew
}

// adjust returns the times to send, and whether they differ from an unbroken
// continuation of the source's own.
func (c *trackClock) adjust(dts, pts time.Duration) (outDTS, outPTS time.Duration, corrected bool) {
	dts, pts = dts+c.offset, pts+c.offset
	if c.seen && dts < c.last-restartJump {
		shift := c.last + c.step - dts
		c.offset += shift
		dts, pts = dts+shift, pts+shift
		corrected = true
	}
	if pts < dts {
		// Decode earlier rather than show later, as far as the order allows.
		dts = pts
		corrected = true
	}
	if c.seen && dts < c.last {
		dts = c.last
		pts = max(pts, dts)
		corrected = true
	}
	if c.seen && dts > c.last {
		c.step = dts - c.last
	}
	c.seen, c.last = true, dts
	return dts, pts, corrected
}

// timeline turns decode and presentation times into the message timestamps and
// composition times of a session. The first frame sent is at 0.
type timeline struct {
	base time.Duration
	set  bool
}

// maxCompositionTime is what the signed 24 bits of the FLV tag hold.
const maxCompositionTime = 1<<23 - 1

// stamp rounds both times on their own, so that neither is off by more than
// half a millisecond, and never gives a negative composition time. The message
// timestamp is the full 32 bits and wraps after 49.7 days.
func (l *timeline) stamp(dts, pts time.Duration) (timestamp uint32, composition int32) {
	if !l.set {
		l.base, l.set = dts, true
	}
	d := max(media.Milliseconds(dts-l.base), 0)
	c := media.Milliseconds(pts-l.base) - d
	return uint32(d), int32(min(max(c, 0), maxCompositionTime))
}
