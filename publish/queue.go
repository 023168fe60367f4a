package publish

import (
	"context"
	"sync"
	"time"
)

// queue holds the frames between Write and the sending goroutine: bounded by
// bytes, in order within a track, interleaved by decode time across tracks.
type queue struct {
	mu     sync.Mutex
	limit  int // bytes; 0: every Write waits until its frame is on the socket
	live   bool
	tracks []queueTrack
	bytes  int
	frames int   // queued or being sent
	closed error // not nil: no more writes, and why
	drain  bool  // closed, but what is queued still goes out
	pool   framePool
	// waitFrom is when the sender began to wait for a track that lags.
	waitFrom time.Time
	data     chan struct{} // wakes the sender
	sending  int           // frames taken by the sender, not yet on the socket
	idle     chan struct{} // closed when all is out; nil when nobody waits for that
	drainers int           // calls of waitIdle: while there are some, no frame waits for another track
}

// queueTrack is one track's part of the queue.
type queueTrack struct {
	frames  ring
	cadence cadence
	ended   bool
	late    bool   // not waited for until it brings a frame
	flushes uint64 // counts Flush, so that a waiting Write notices
	pushed  uint64 // frames put in
	done    uint64 // frames that left: sent or dropped
	// wake tells the track's blocked Write that something changed. One place is
	// enough: one goroutine writes a track.
	wake chan struct{}
}

func newQueue(limit int, live bool) *queue {
	return &queue{limit: limit, live: live, data: make(chan struct{}, 1)}
}

func (q *queue) immediate() bool { return q.limit == 0 }

// minFrame is what a frame counts for at least: one of a few bytes costs more
// memory than its payload, and thousands of them would escape a limit in bytes.
const minFrame = 256

// full tells that no more fits. A single frame larger than the limit is let in
// when it is alone.
func (q *queue) full() bool { return q.bytes >= q.limit || q.frames*minFrame >= q.limit }

func (q *queue) fits(size int) bool {
	return q.frames == 0 || q.bytes+size <= q.limit && (q.frames+1)*minFrame <= q.limit
}

func (q *queue) setTracks(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.tracks) < n {
		q.tracks = append(q.tracks, queueTrack{wake: make(chan struct{}, 1)})
	}
}

// take hands out an empty frame.
func (q *queue) take() *frame {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pool.get()
}

// giveBack returns a frame that was not queued.
func (q *queue) giveBack(f *frame) {
	f.reset()
	q.mu.Lock()
	q.pool.put(f)
	q.mu.Unlock()
}

// push queues f. While it does not fit, push waits, or refuses it in live mode.
// With no buffer it returns when f is on the socket. After an error f is the
// caller's again.
func (q *queue) push(ctx context.Context, f *frame) error {
	q.mu.Lock()
	t := &q.tracks[f.track]
	flushes := t.flushes
	for {
		err := q.refusal(t, flushes)
		if err == nil && q.fits(f.size) {
			break
		}
		if err == nil && q.live && !q.immediate() {
			err = ErrBufferFull
		}
		if err != nil {
			q.mu.Unlock()
			return err
		}
		// A sender that waits for the other track must see that the queue is
		// full: nothing more can come.
		signal(q.data)
		if err := q.await(ctx, t); err != nil {
			q.mu.Unlock()
			return err
		}
	}
	t.frames.push(f)
	t.cadence.note(f.dts)
	t.late = false
	t.pushed++
	q.bytes += f.size
	q.frames++
	number := t.pushed
	signal(q.data)
	if !q.immediate() {
		q.mu.Unlock()
		return nil
	}
	q.awaitSent(ctx, t, number)
	q.mu.Unlock()
	return nil
}

// refusal is why nothing more may be written to t, or nil.
func (q *queue) refusal(t *queueTrack, flushes uint64) error {
	switch {
	case q.closed != nil:
		return q.closed
	case t.ended:
		return ErrTrackEnded
	case t.flushes != flushes:
		return ErrFlushed
	}
	return nil
}

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

// awaitSent waits until the track's frame of that number has left the queue,
// or ctx ends: the frame belongs to the queue now and may still be sent, so that
// is no error of the frame.
func (q *queue) awaitSent(ctx context.Context, t *queueTrack, number uint64) {
	for t.done < number && (q.closed == nil || q.drain) {
		if q.await(ctx, t) != nil {
			return
		}
	}
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
		signal(q.tracks[i].wake)
	}
}
