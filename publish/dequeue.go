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
	q.looks = false
	for bytes := 0; len(batch) == 0 || bytes < maxBytes; {
		i, left := q.pick(now)
		if i >= 0 {
			left = q.pace(q.tracks[i].frames.at(0), now)
		}
		if i < 0 || left > 0 {
			wait = left
			q.hold.catchUp.on = q.hold.catchUp.on && left > 0
			break
		}
		f := q.tracks[i].frames.pop()
		q.waitFrom = time.Time{}
		bytes += f.size
		switch f.disk {
		case diskTodo:
			f.disk = diskUnwanted
		case diskThere: // the sender loads it
			q.bytes += f.size
			q.spool.held -= int64(f.size)
		}
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
		q.leave(f, err == nil)
	}
	q.mu.Unlock()
	q.giveBackAll(batch)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sending -= len(batch)
	q.wakeForRoom()
	q.tellIdle()
}

// leave takes a frame that pop handed out from the books.
func (q *queue) leave(f *frame, sent bool) {
	q.bytes -= f.size
	q.sendingBytes -= f.size
	q.frames--
	q.tracks[f.track].settle(f, sent)
}

// settle counts a frame that is out: once, however often it is sent.
func (t *queueTrack) settle(f *frame, sent bool) {
	if f.settled {
		return
	}
	f.settled = true
	if t.done++; sent {
		t.sent = t.done
	}
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
	q.wakeWriters()
	signal(q.data)
	q.tellIdle()
	q.mu.Unlock()
	return q.giveBackAll(dropped)
}

// dropTrack takes the frames of t out of the queue. They are given back without
// the lock: their owners may call anything.
func (q *queue) dropTrack(t *queueTrack, dropped []*frame) []*frame {
	return q.dropFirst(t, t.frames.len(), dropped)
}

// dropFirst does so with the first n.
func (q *queue) dropFirst(t *queueTrack, n int, dropped []*frame) []*frame {
	for range n {
		dropped = append(dropped, q.removeAt(t, 0))
	}
	return dropped
}

// removeAt takes one frame of t out that is not sent.
func (q *queue) removeAt(t *queueTrack, at int) *frame {
	f := t.frames.remove(at)
	if f.disk == diskThere {
		q.spool.held -= int64(f.size)
	} else {
		q.bytes -= f.size
	}
	q.frames--
	t.settle(f, false)
	return f
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

// waiting tells whether frames are queued.
func (q *queue) waiting() bool {
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
