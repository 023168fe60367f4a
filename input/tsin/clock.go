package tsin

import "time"

const (
	// wrap is where timestamps begin anew: after 26.5 hours.
	wrap = 1 << 33
	// maxBack and maxAhead bound an honest step from one timestamp of a track
	// to the next. Beyond them the clock has jumped: the input was spliced,
	// or its sender started again.
	maxBack  = time.Second
	maxAhead = 10 * time.Second
	// maxDelay bounds PTS - DTS: 16 frames at 2 a second.
	maxDelay = 8 * time.Second
	// minStep is what decode times rise by where the input's do not.
	minStep = time.Microsecond
)

// duration converts counts of 90 kHz, rounding to nanoseconds.
func duration(ticks int64) time.Duration {
	n := ticks * 100000
	if n < 0 {
		return time.Duration((n - 4) / 9)
	}
	return time.Duration((n + 4) / 9)
}

// apart is the signed distance of two timestamps, the short way round.
func apart(from, to int64) int64 {
	d := (to - from) & (wrap - 1)
	if d >= wrap/2 {
		d -= wrap
	}
	return d
}

// clock is the time base that all tracks of the input share. A jump of the
// clock begins a new era, which is moved so that the track that shows it first
// goes on without a gap; the other track follows into the era when its own
// timestamps jump, so that sound and pictures keep their distance.
type clock struct {
	known bool
	ref   int64         // the last timestamp of any track, unrolled
	first time.Duration // the first one
	era   int
	shift time.Duration // of the newest era
}

// unroll tells a timestamp without the wraps.
func (c *clock) unroll(ts int64) time.Duration {
	if !c.known {
		c.known, c.ref, c.first = true, ts, duration(ts)
	}
	c.ref += apart(c.ref, ts)
	return duration(c.ref)
}

// trackClock gives the packets of one track their times.
type trackClock struct {
	*clock
	begun bool
	era   int
	shift time.Duration
	last  time.Duration // decode time of the packet before
}

// place gives a packet with a timestamp its decode time. step is the time from
// the packet before to this one, where the clock jumps. jumped tells that this
// timestamp began a new era.
func (t *trackClock) place(s stamp, step time.Duration) (dts time.Duration, jumped bool) {
	at := t.unroll(s.dts)
	switch {
	case !t.begun:
		t.begun, t.era, t.shift = true, t.clock.era, t.clock.shift
		t.last = at + t.shift
		return t.last, false
	case t.isJump(at+t.shift, s.jump) && t.era != t.clock.era:
		t.era, t.shift = t.clock.era, t.clock.shift
	}
	if t.isJump(at+t.shift, s.jump) {
		t.shift = t.last + step - at
		t.clock.era++
		t.era, t.clock.shift = t.clock.era, t.shift
		jumped = true
	}
	t.last = max(at+t.shift, t.last+minStep)
	return t.last, jumped
}

func (t *trackClock) isJump(at time.Duration, announced bool) bool {
	d := at - t.last
	return d < -maxBack || d > maxAhead || announced && d < 0
}

// follow gives a packet without a timestamp of its own the time at, or a later
// one where the track has come further already.
func (t *trackClock) follow(at time.Duration) time.Duration {
	t.last = max(at, t.last+minStep)
	return t.last
}

// delay is PTS - DTS, never negative.
func delay(s stamp) time.Duration {
	d := duration(apart(s.dts, s.pts))
	if d < 0 || d > maxDelay {
		return 0
	}
	return d
}
