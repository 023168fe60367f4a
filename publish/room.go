package publish

import "time"

// minFrame is what a frame counts for at least: one of a few bytes costs more
// memory than its payload, and thousands of them would escape a limit in bytes.
const minFrame = 256

// bound is how many bytes may wait now.
func (q *queue) bound() int {
	if q.extended() {
		return max(q.limit, q.hold.memory)
	}
	return q.limit
}

// full tells that no more fits, were it not for what is being sent: a batch that
// empties the buffer is sent in order.
func (q *queue) full() bool {
	bound := q.bound()
	return q.bytes-q.sendingBytes >= bound || (q.frames-q.sending)*minFrame >= bound
}

// fits tells whether there is room for f.
func (q *queue) fits(f *frame) bool {
	if !q.extended() {
		return room(int64(q.limit), int64(q.bytes), q.frames, f.size)
	}
	bound, bytes := int64(q.bound()), int64(q.bytes)
	if q.spool != nil {
		bound, bytes = bound+q.spool.limit, bytes+q.spool.held
	}
	return room(bound, bytes, q.frames, f.size) && q.spans(f) <= q.hold.span
}

// room tells whether a frame fits beside so many bytes and frames. One that is
// larger than the whole buffer is let in while no more than half of it is
// taken: it would never find it empty beside another track.
func room(bound, bytes int64, frames, size int) bool {
	least := int64(frames) * minFrame
	switch {
	case frames == 0:
		return true
	case int64(size) > bound:
		return bytes <= bound/2 && least <= bound/2
	}
	return int64(size) <= bound-bytes && least+minFrame <= bound
}

// diskLags tells that memory is full, since the disk takes less than it should:
// then what is held stays, and what comes is lost. Where memory is full of what came
// back from a socket, it does not.
func (q *queue) diskLags(f *frame) bool {
	return q.spool != nil && q.extended() && q.bytes+f.size > q.bound()+spoolBehind && !q.spool.takes(f)
}

// spans is how much stream would wait with f.
func (q *queue) spans(f *frame) (span time.Duration) {
	for i := range q.tracks {
		if t := &q.tracks[i]; t.frames.len() > 0 {
			span = max(span, q.between(t.frames.at(0), f))
		}
	}
	return span
}

// between is how much stream two frames are apart: in live mode as they came, since
// that is how late one goes out; otherwise by their own times, since a file may come
// as fast as it can be read.
func (q *queue) between(first, last *frame) time.Duration {
	if q.live {
		return last.written.Sub(first.written)
	}
	return last.dts - first.dts
}

// age is how long the oldest frame has waited; 0 without any.
func (q *queue) age(now time.Time) (age time.Duration) {
	for i := range q.tracks {
		if t := &q.tracks[i]; t.frames.len() > 0 {
			age = max(age, now.Sub(t.frames.at(0).written))
		}
	}
	return age
}
