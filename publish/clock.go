package publish

import (
	"sync"
	"time"

	"rtmpwriter/media"
)

// restartJump is how far a decode time must fall back to mean that the source
// began anew, rather than that its times jitter.
const restartJump = time.Second

// restarts is what the tracks of a stream share about a source that began anew:
// they must go on with the same offset, or sound and picture part.
type restarts struct {
	mu     sync.Mutex
	epoch  uint64        // counts restarts
	offset time.Duration // of the present epoch
	end    time.Duration // where the longest track ends so far
	last   time.Duration // the newest decode time, once begun
	begun  bool
}

// begin starts an epoch in which the source's time dts follows the end.
func (r *restarts) begin(dts time.Duration) (offset time.Duration, epoch uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	r.offset = r.end - dts
	return r.offset, r.epoch
}

// reach notes how far a track has come: its newest decode time, and where it ends.
func (r *restarts) reach(dts, end time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end = max(r.end, end)
	if !r.begun || dts > r.last {
		r.begun, r.last = true, dts
	}
}

// newest is the newest decode time of all tracks; none before the first.
func (r *restarts) newest() (dts time.Duration, begun bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last, r.begun
}

// now is where the stream is, in the source's time.
func (r *restarts) now() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end - r.offset
}

func (r *restarts) present() (offset time.Duration, epoch uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.offset, r.epoch
}

// trackClock makes the times of one track fit for RTMP: decode times never go
// back, presentation times are never before them. It changes nothing in times
// that already are so.
type trackClock struct {
	shared *restarts
	epoch  uint64 // the one that this track is in
	seen   bool
	last   time.Duration // the decode time given out last
	step   time.Duration // the distance to the one before
	offset time.Duration // added since the source began anew
}

// adjust returns the times to send, and whether they differ from an unbroken
// continuation of the source's own.
func (c *trackClock) adjust(dts, pts time.Duration) (outDTS, outPTS time.Duration, corrected bool) {
	if c.seen && dts+c.offset < c.last {
		corrected = true
		if offset, epoch := c.shared.present(); epoch > c.epoch {
			c.offset, c.epoch = offset, epoch // another track has begun anew before
		} else if dts+c.offset < c.last-restartJump {
			c.offset, c.epoch = c.shared.begin(dts)
		}
	}
	dts, pts = dts+c.offset, pts+c.offset
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
	c.shared.reach(dts, dts+c.step)
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
