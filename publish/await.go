package publish

import "context"

// await waits for a change with the lock given up meanwhile.
func (q *queue) await(ctx context.Context, t *queueTrack) error {
	q.mu.Unlock()
	defer q.mu.Lock()
	select {
	case <-t.wake:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// awaitSent waits until the track's frame of that number is on the socket, lost with
// a connection that is made again, or in live mode held for the next one. An error
// tells why it is not, or that ctx, the track or a flush ended the wait before it was.
func (q *queue) awaitSent(ctx context.Context, t *queueTrack, number, flushes uint64) error {
	for t.done < number {
		switch {
		case t.ended:
			return ErrTrackEnded
		case t.flushes != flushes:
			return ErrFlushed
		case q.live && q.offline && q.holds(): // it is held like what comes
			return nil
		}
		if err := q.await(ctx, t); err != nil {
			return err
		}
	}
	switch {
	case t.sent >= number:
		return nil
	case t.flushes != flushes:
		return ErrFlushed
	case q.closed != nil && !q.drain:
		return q.closed
	}
	return nil
}

// signal wakes whoever waits on c, without blocking.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// wakeWriters lets every blocked Write look again. The lock is held.
func (q *queue) wakeWriters() {
	for i := range q.tracks {
		q.tracks[i].blocked = false
		signal(q.tracks[i].wake)
	}
}

// blocked tells whether a writer waits for room: nothing more comes from it.
func (q *queue) blocked() bool {
	for i := range q.tracks {
		if q.tracks[i].blocked {
			return true
		}
	}
	return false
}

// wakeForRoom lets them do so when there is room for a network write, or half of the
// buffer is empty: to wake each for the room of a single frame costs more than to send
// it. The lock is held.
func (q *queue) wakeForRoom() {
	most := q.limit - min(q.limit/2, gathered)
	if q.live || q.extended() || q.limit == 0 || q.bytes <= most && q.frames*minFrame <= most {
		q.wakeWriters()
	}
}

// waitIdle returns nil when everything queued is on the socket or dropped.
func (q *queue) waitIdle(ctx context.Context) error {
	q.mu.Lock()
	q.drainers++
	defer func() {
		q.mu.Lock()
		q.drainers--
		q.mu.Unlock()
	}()
	if q.empty() && q.sending == 0 {
		q.mu.Unlock()
		return nil
	}
	if q.allOut == nil {
		q.allOut = make(chan struct{})
	}
	out := q.allOut
	signal(q.data)
	q.mu.Unlock()
	select {
	case <-out:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (q *queue) tellIdle() {
	if q.allOut != nil && q.sending == 0 && q.empty() {
		close(q.allOut)
		q.allOut = nil
	}
}
