package publish

import "time"

// interrupt tells the queue that there is no session. In live mode what is
// queued is dropped, and whatever comes until resume, unless it is held;
// otherwise it stays, and writers wait when the buffer is full. gap tells that
// the next session cannot go on where the last one ended: it begins at a
// keyframe. The frames returned are to be counted and given back.
func (q *queue) interrupt(gap bool) (dropped []*frame) {
	q.mu.Lock()
	defer q.mu.Unlock()
	drops := q.live && !q.holds()
	q.offline, q.looks, q.waitFrom = true, false, time.Time{}
	q.gap = q.gap || gap || drops
	if q.holds() {
		q.wakeWriters() // there is more room
	}
	if !drops {
		return nil
	}
	for i := range q.tracks {
		q.tracks[i].broken = false // the gap covers it
		dropped = q.dropTrack(&q.tracks[i], dropped)
	}
	q.wakeWriters()
	q.tellIdle()
	return dropped
}

// resume tells that there is a session again. Of what is held for it the frames
// are returned that it leaves out, to be counted and given back, and how much
// stream that is.
func (q *queue) resume() (dropped []*frame, skipped time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.offline || !q.holds() {
		q.offline = false
		return nil, 0
	}
	q.offline = false
	if q.hold.newest {
		dropped, skipped = q.toNewest()
	}
	q.hold.catchUp.on, q.hold.catchUp.begun = !q.empty(), false
	q.wakeWriters()
	q.tellIdle()
	return dropped, skipped
}

// catchesUp tells that the backlog of an outage is being sent.
func (q *queue) catchesUp() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.hold.catchUp.on
}

// hasGap tells whether the next session must begin at a keyframe.
func (q *queue) hasGap() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.gap
}

// closeGap tells that the keyframe is there.
func (q *queue) closeGap() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gap = false
}

// over tells that no session is needed any more: the queue is closed, and
// nothing is left that should go out.
func (q *queue) over() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed != nil && (!q.drain || q.empty())
}

// through tells that the track has ended and all of it is out.
func (q *queue) through(track int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &q.tracks[track]
	return t.ended && t.frames.len() == 0
}
