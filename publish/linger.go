package publish

import "time"

const (
	// lingerMost is how long sound waits at most to go along with a picture: with
	// 30 pictures and 47 frames of sound a second there are 30 network writes then,
	// and 30 times that the sender wakes, instead of 77. It is longer than a frame of
	// sound and a picture's distance together are apart, and nobody can see it.
	lingerMost = 40 * time.Millisecond
	// lingerLook is how soon the sender looks by itself whether pictures stay away:
	// sound that keeps coming notices that by itself.
	lingerLook = 200 * time.Millisecond
)

// lingers tells whether what waits is sound alone, and a picture will come for it to
// go along with: one came a moment ago. Whoever bounds the latency wants all of it at
// once, and frames of sound longer than the wait would notice too late that pictures
// stay away. The queue's lock is held.
func (q *queue) lingers(now time.Time) bool {
	if q.immediate() || q.offline || q.hold.catchUp.on || q.latency > 0 {
		return false
	}
	sound := false
	for i := range q.tracks {
		switch t := &q.tracks[i]; {
		case t.frames.len() == 0:
		case isVideo(t.frames.at(0)), t.cadence.step > lingerMost, now.Sub(t.frames.at(0).written) >= lingerMost:
			return false
		default:
			sound = true
		}
	}
	return sound && q.picturesCome(now)
}

// picturesCome tells whether a picture came a moment ago.
func (q *queue) picturesCome(now time.Time) bool {
	for i := range q.tracks {
		if t := &q.tracks[i]; !t.ended && !t.late && !t.pictured.IsZero() && now.Sub(t.pictured) < lingerMost {
			return true
		}
	}
	return false
}

// awaken wakes the sender for a frame that came, unless that is sound that lingers
// and the sender looks by itself before long.
func (q *queue) awaken(f *frame) {
	if !q.looks || !q.lingers(f.written) {
		signal(q.data)
	}
}

// idle is how long the sender may sleep when nothing waits.
func (q *queue) idle() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.looks = q.picturesCome(time.Now()) && !q.offline; q.looks {
		return lingerLook
	}
	return time.Hour
}
