package publish

import "time"

// interleaveWait bounds how long a frame waits for an earlier one of another
// track. It covers muxers that write audio in blocks of a few hundred
// milliseconds; a track that stays away longer is not waited for again until it
// is back.
const interleaveWait = 500 * time.Millisecond

// cadence remembers how far apart the frames of a track are, to know when its
// next one is due.
type cadence struct {
	last time.Duration
	step time.Duration // the smallest recent distance
	seen bool
}

func (c *cadence) note(dts time.Duration) {
	if d := dts - c.last; c.seen && d > 0 {
		if c.step == 0 || d < c.step {
			c.step = d
		} else {
			// Creep up, so that one short frame does not rule for ever.
			c.step += (d - c.step) / 64
		}
	}
	c.last, c.seen = dts, true
}

// due is the earliest decode time at which the track's next frame is expected.
func (c *cadence) due() time.Duration { return c.last + c.step }

// pick chooses the track whose head goes next: the smallest decode time, audio
// before video when equal, so that a player has its sound. It waits for a track
// without a frame as long as that track may still bring an earlier one. wait is
// how long until the choice would be made without it; 0 with track -1 means
// that there is nothing to send. The queue's lock is held.
func (q *queue) pick(now time.Time) (track int, wait time.Duration) {
	track = -1
	for i := range q.tracks {
		t := &q.tracks[i]
		if t.frames.len() > 0 && (track < 0 || q.before(i, track)) {
			track = i
		}
	}
	if track < 0 || q.immediate() || q.full() || q.blocked() || q.drain || q.drainers > 0 {
		return track, 0
	}
	if q.lingers(now) {
		q.looks = true
		return -1, lingerLook
	}
	head := q.tracks[track].frames.at(0)
	for i := range q.tracks {
		t := &q.tracks[i]
		if t.frames.len() > 0 || t.ended || t.late || (t.cadence.seen && t.cadence.due() >= head.dts) {
			continue
		}
		left := interleaveWait - now.Sub(q.waitingSince(now))
		if left > 0 {
			return -1, left
		}
		t.late = true
	}
	return track, 0
}

// waitingSince is when the present wait for another track began.
func (q *queue) waitingSince(now time.Time) time.Time {
	if q.waitFrom.IsZero() {
		q.waitFrom = now
	}
	return q.waitFrom
}

func (q *queue) before(a, b int) bool {
	x, y := q.tracks[a].frames.at(0), q.tracks[b].frames.at(0)
	if x.dts != y.dts {
		return x.dts < y.dts
	}
	return x.config.codec.IsAudio() && !y.config.codec.IsAudio()
}
