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
	blocked  int           // writers that wait for room: nothing more comes from them
	drainers int           // calls of waitIdle: while there are some, no frame waits for another track

	mode         OverflowMode
	sendingBytes int  // of the frames that sending counts
	offline      bool // there is no session that frames are kept for
	gap          bool // the next session begins at a keyframe
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
	sent    uint64 // the last frame that reached the socket
	broken  bool   // a frame was dropped that those up to the next keyframe depend on
	// wake tells the track's blocked Write that something changed. One place is
	// enough: one goroutine writes a track.
	wake chan struct{}
}

func newQueue(limit int, live bool) *queue {
	// Without a buffer a live Write waits for no session, also not for the first.
	return &queue{limit: limit, live: live, offline: live && limit == 0, data: make(chan struct{}, 1)}
}

func (q *queue) immediate() bool { return q.limit == 0 }

// minFrame is what a frame counts for at least: one of a few bytes costs more
// memory than its payload, and thousands of them would escape a limit in bytes.
const minFrame = 256

// full tells that no more fits.
func (q *queue) full() bool { return q.bytes >= q.limit || q.frames*minFrame >= q.limit }

func (q *queue) fits(size int) bool { return q.room(q.bytes, q.frames, size) }

// room tells whether a frame fits beside so many bytes and frames. One that is
// larger than the whole buffer is let in while no more than half of it is
// taken: it would never find it empty beside another track.
func (q *queue) room(bytes, frames, size int) bool {
	switch {
	case frames == 0:
		return true
	case size > q.limit:
		return bytes <= q.limit/2 && frames*minFrame <= q.limit/2
	}
	return size <= q.limit-bytes && (frames+1)*minFrame <= q.limit
}

func (q *queue) setTracks(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.tracks) < n {
		q.tracks = append(q.tracks, queueTrack{wake: make(chan struct{}, 1)})
	}
}

// take hands out an empty frame, and how often the track has been flushed: a
// frame that is cut before a flush must not be queued behind it.
func (q *queue) take(track int) (f *frame, flushes uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pool.get(), q.tracks[track].flushes
}

// giveBack returns a frame that was not queued.
func (q *queue) giveBack(f *frame) {
	f.reset()
	q.mu.Lock()
	q.pool.put(f)
	q.mu.Unlock()
}

// push queues f. While it does not fit, push waits, or overflows in live mode;
// without a session live mode drops it. With no buffer push returns when f is on
// the socket. The victims were dropped for f, and are to be given back.
func (q *queue) push(ctx context.Context, f *frame, flushes uint64) (what fate, victims []*frame, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &q.tracks[f.track]
	what, victims, err = q.admit(ctx, t, f, flushes)
	if what != queued {
		return what, victims, err
	}
	t.frames.push(f)
	t.cadence.note(f.dts)
	t.late = false
	t.broken = t.broken && !f.keyframe
	t.pushed++
	q.bytes += f.size
	q.frames++
	number := t.pushed
	signal(q.data)
	if !q.immediate() {
		return queued, victims, nil
	}
	return queued, victims, q.awaitSent(ctx, t, number, flushes)
}

// admit waits until f may be queued, or says that it may not.
func (q *queue) admit(ctx context.Context, t *queueTrack, f *frame, flushes uint64) (what fate, victims []*frame, err error) {
	for {
		if err := q.refusal(t, flushes); err != nil {
			return refused, nil, err
		}
		switch {
		case q.live && q.offline:
			q.gap = true
			return offline, nil, nil
		case t.broken && !f.keyframe:
			what, err = q.afterBroken()
			return what, nil, err
		case q.fits(f.size):
			return queued, nil, nil
		case q.live && !q.immediate():
			return q.overflow(t, f)
		}
		// The sender must not wait for another track now: whoever writes that one
		// may be the one that is blocked here.
		signal(q.data)
		q.blocked++
		err := q.await(ctx, t)
		q.blocked--
		if err != nil {
			t.broken = t.broken || f.config != nil && f.config.codec.IsVideo() // its successors can't be decoded without it
			return refused, nil, err
		}
	}
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
