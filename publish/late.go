package publish

import "time"

// The latency cap of live mode (latency-cap). Where a full buffer drops from the
// end of a group of pictures, frames that are late are dropped from its front:
// that alone makes what follows go out in time.

// soundPatience is how many times the cap audio may be late: a keyframe that
// takes its time must not cost any.
const soundPatience = 3

// tight tells that what waits has used up half of the cap: then frames that
// nothing depends on are left out, in the hope that no other must be.
func (q *queue) tight(now time.Time) bool { return q.age(now) > q.latency/2 }

// shedLate drops for f, which has just come, what waits for too long.
func (q *queue) shedLate(t *queueTrack, f *frame) (victims []*frame) {
	if !q.tight(f.written) {
		return nil
	}
	v := q.videoWaiting()
	if v != nil {
		victims = q.dropDisposable(v, victims)
	}
	for v != nil && v.frames.len() > 0 && f.written.Sub(v.frames.at(0).written) > q.latency {
		n := len(victims)
		if victims = q.dropLateGroup(v, victims); len(victims) == n {
			break
		}
	}
	if isVideo(f) {
		return victims
	}
	for t.frames.len() > 0 && f.written.Sub(t.frames.at(0).written) > soundPatience*q.latency {
		victims = q.dropFirst(t, 1, victims)
	}
	return victims
}

// dropDisposable drops the pictures that no other refers to.
func (q *queue) dropDisposable(v *queueTrack, victims []*frame) []*frame {
	for i := v.frames.len() - 1; i >= 0; i-- {
		if v.frames.at(i).disposable {
			victims = append(victims, q.removeAt(v, i))
		}
	}
	return victims
}

// dropLateGroup drops what is left of the oldest group of pictures behind its
// keyframe; where that is alone, the keyframe, if a newer one waits.
func (q *queue) dropLateGroup(v *queueTrack, victims []*frame) []*frame {
	from := 0
	if v.frames.at(0).keyframe {
		from = 1
	}
	n := len(victims)
	victims = q.dropToKeyframe(v, from, victims)
	switch {
	case v.frames.len() == from: // the newest group: what comes of it cannot be decoded
		v.broken = v.broken || len(victims) > n
	case len(victims) == n && from == 1:
		victims = q.dropFirst(v, 1, victims)
	}
	return victims
}

// dropToKeyframe drops what t has from that place on up to the next keyframe.
func (q *queue) dropToKeyframe(t *queueTrack, from int, dropped []*frame) []*frame {
	for t.frames.len() > from && !t.frames.at(from).keyframe {
		dropped = append(dropped, q.removeAt(t, from))
	}
	return dropped
}
