package publish

import "time"

// admitHeld takes f in live mode while the bounds of an outage hold. What there
// is no room for is lost from the oldest end, in whole groups of pictures, so
// that what is left can be decoded.
func (q *queue) admitHeld(t *queueTrack, f *frame) (what fate, victims []*frame) {
	for !q.fits(f) {
		n := len(victims)
		if victims = q.dropOldest(victims); len(victims) == n {
			break // nothing waits: what is being sent takes the room
		}
	}
	switch {
	case t.broken && !f.keyframe:
		return offline, victims
	case q.diskLags(f):
		if isVideo(f) {
			t.broken, t.outage = true, true
		}
		return offline, victims
	}
	return heldOver, victims
}

// dropOldest takes the oldest group of pictures out, with the audio before the
// next one.
func (q *queue) dropOldest(dropped []*frame) []*frame {
	v := q.videoWaiting()
	if v == nil {
		for i := range q.tracks {
			if t := &q.tracks[i]; t.frames.len() > 0 {
				dropped = q.dropFirst(t, 1, dropped)
			}
		}
		return dropped
	}
	at, begins := 0, time.Duration(0)
	for i := 1; i < v.frames.len() && at == 0; i++ {
		if f := v.frames.at(i); f.keyframe {
			at, begins = i, f.dts
		}
	}
	if at == 0 { // the only one: what comes of it cannot be decoded
		v.broken, v.outage = true, true
		return q.dropTrack(v, dropped)
	}
	return q.dropBefore(v, at, begins, dropped)
}

// dropBefore drops the first n frames of v, and what the other tracks have from
// before that time.
func (q *queue) dropBefore(v *queueTrack, n int, begins time.Duration, dropped []*frame) []*frame {
	dropped = q.dropFirst(v, n, dropped)
	for i := range q.tracks {
		t := &q.tracks[i]
		for t != v && t.frames.len() > 0 && t.frames.at(0).dts < begins {
			dropped = q.dropFirst(t, 1, dropped)
		}
	}
	return dropped
}

// skipGroup drops what waits of a group of pictures that has lost one, and what is
// still to come of it.
func (q *queue) skipGroup(track int) (dropped []*frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &q.tracks[track]
	dropped = q.dropToKeyframe(t, 0, nil)
	if t.frames.len() == 0 {
		t.broken, t.outage = true, true
	}
	return dropped
}

// videoWaiting is the track of video if some of it waits.
func (q *queue) videoWaiting() *queueTrack {
	for i := range q.tracks {
		if t := &q.tracks[i]; t.frames.len() > 0 && isVideo(t.frames.at(0)) {
			return t
		}
	}
	return nil
}

// toNewest drops what waits before the newest keyframe, or all where there is
// none, and tells how much stream that was.
func (q *queue) toNewest() (dropped []*frame, skipped time.Duration) {
	v := q.videoWaiting()
	if v == nil && q.video {
		return nil, 0 // audio alone waits for nothing
	}
	for i := range q.tracks {
		if t := &q.tracks[i]; v == nil && t.frames.len() > 0 {
			v = t
		}
	}
	if v == nil {
		return nil, 0
	}
	first, last := v.frames.at(0).dts, v.frames.at(v.frames.len()-1).dts
	for i := v.frames.len() - 1; i >= 0; i-- {
		if f := v.frames.at(i); q.begins(f) {
			return q.dropBefore(v, i, f.dts, nil), f.dts - first
		}
	}
	q.gap = true
	return q.dropTrack(v, nil), last - first
}
