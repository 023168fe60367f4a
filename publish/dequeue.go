package publish

import (
	"time"
)

// pop moves the frames that may go now, in interleaved order, to batch: as many
// as are ready up to maxBytes, at least one. Without any, wait tells how long
// until one goes without waiting for its neighbour track (0: nothing queued),
// and end that nothing will come any more.
func (q *queue) pop(batch []*frame, maxBytes int) (out []*frame, wait time.Duration, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	for bytes := 0; len(batch) == 0 || bytes < maxBytes; {
		i, left := q.pick(now)
		if i < 0 {
			wait = left
			break
		}
		f := q.tracks[i].frames.pop()
		q.waitFrom = time.Time{}
		bytes += f.size
		q.sending++
		q.sendingBytes += f.size
		batch = append(batch, f)
	}
	end = len(batch) == 0 && q.closed != nil && (!q.drain || q.empty())
	return batch, wait, end
}

// finished gives back the frames that pop handed out, now that the socket has
// them, or err has lost them.
func (q *queue) finished(batch []*frame, err error) {
	q.mu.Lock()
	for _, f := range batch {
		q.bytes -= f.size
		q.sendingBytes -= f.size
		q.frames--
		t := &q.tracks[f.track]
		if t.done++; err == nil {
			t.sent = t.done
		}
	}
	q.mu.Unlock()
	q.giveBackAll(batch)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sending -= len(batch)
	q.wakeWriters()
	q.tellIdle()
}

// flush drops what a track has queued and sets its blocked Write free. It
// returns the number of frames dropped.
func (q *queue) flush(track int) int {
	q.mu.Lock()
	t := &q.tracks[track]
	t.flushes++
	t.ended, t.broken = false, false // the track itself waits for a keyframe
	q.waitFrom = time.Time{}
	dropped := q.dropTrack(t, nil)
	signal(t.wake)
	signal(q.data)
	q.tellIdle()
	q.mu.Unlock()
	return q.giveBackAll(dropped)
}

// dropTrack takes the frames of t out of the queue. They are given back without
// the lock: their owners may call anything.
func (q *queue) dropTrack(t *queueTrack, dropped []*frame) []*frame {
	for range t.frames.len() {
		f := t.frames.pop()
		q.bytes -= f.size
		q.frames--
		t.done++
		dropped = append(dropped, f)
	}
	return dropped
}

// giveBackAll gives frames back to their owners, then to the pool.
func (q *queue) giveBackAll(frames []*frame) int {
	for _, f := range frames {
		f.reset()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range frames {
		q.pool.put(f)
	}
	return len(frames)
}

func (q *queue) endTrack(track int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &q.tracks[track]
	t.ended = true
	signal(t.wake)
	signal(q.data)
}

// close refuses further writes with err. With drain what is queued still goes
// out, otherwise it is dropped and counted. The first reason stays, but for one
// that ends a drain.
func (q *queue) close(err error, drain bool) (dropped int) {
	q.mu.Lock()
	switch {
	case q.closed == nil:
		q.closed, q.drain = err, drain
	case q.drain && !drain:
		q.closed, q.drain = err, false
	}
	var frames []*frame
	if !q.drain {
		for i := range q.tracks {
			frames = q.dropTrack(&q.tracks[i], frames)
		}
	}
	q.wakeWriters()
	signal(q.data)
	q.tellIdle()
	q.mu.Unlock()
	return q.giveBackAll(frames)
}

// holds tells whether frames are queued.
func (q *queue) holds() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.empty()
}

func (q *queue) empty() bool {
	for i := range q.tracks {
		if q.tracks[i].frames.len() > 0 {
			return false
		}
	}
	return true
}

// fill tells what is queued: bytes, frames of audio, frames of video.
func (q *queue) fill(isAudio func(track int) bool) (bytes, audio, video int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.tracks {
		if isAudio(i) {
			audio += q.tracks[i].frames.len()
		} else {
			video += q.tracks[i].frames.len()
		}
	}
	return q.bytes, audio, video
}

// failure is why the queue was closed before all was out, or nil.
func (q *queue) failure() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.drain {
		return nil
	}
	return q.closed
}
