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
	allOut   chan struct{} // closed when all is out; nil when nobody waits for that
	looks    bool          // the sender sleeps no longer than lingerLook
	drainers int           // calls of waitIdle: while there are some, no frame waits for another track

	mode         OverflowMode
	sendingBytes int  // of the frames that sending counts
	offline      bool // there is no session
	gap          bool // the next session begins at a keyframe
	video        bool // there is a track of video
	hold         hold
	spool        *spooler      // nil without a disk
	latency      time.Duration // what waits longer is dropped in live mode (latency-cap); 0: nothing is
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
	blocked bool   // its writer waits for room, and has not been woken since
	// pictured is when a picture came last; zero for sound.
	pictured time.Time
	broken   bool // a frame was dropped that those up to the next keyframe depend on
	outage   bool // it was lost in an outage
	// wake tells the track's blocked Write that something changed. One place is
	// enough: one goroutine writes a track.
	wake chan struct{}
}

func newQueue(limit int, live bool) *queue {
	// Without a buffer a live Write waits for no session, also not for the first.
	return &queue{limit: limit, live: live, offline: live && limit == 0, data: make(chan struct{}, 1)}
}

// newQueueFor is the queue that the options ask for.
func newQueueFor(o *Options) *queue {
	q := newQueue(o.OutputBufferSize, o.LiveMode)
	q.mode, q.latency = o.BufferOverflow, o.LatencyCap
	q.hold = hold{span: o.OutageBuffer, memory: o.OutageMemory, newest: o.OutageMode == OutageLive, catchUp: catchUp{rate: o.CatchUpRate}}
	q.offline = q.offline || q.holds() // until the first session
	if o.OutageSpool != "" && q.holds() {
		q.spool = newSpooler(o.OutageSpool, int64(o.OutageSpoolSize)<<20)
	}
	return q
}

// immediate tells that a Write waits until its frame is on the socket.
func (q *queue) immediate() bool { return q.limit == 0 && !q.extended() }

func (q *queue) setTracks(n int, video bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.video = video
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
// without a session live mode drops it, unless it is held for the next. With no
// buffer push returns when f is on the socket. The victims were dropped for f, and
// are to be given back.
func (q *queue) push(ctx context.Context, f *frame, flushes uint64) (what fate, victims []*frame, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &q.tracks[f.track]
	what, victims, err = q.admit(ctx, t, f, flushes)
	if what != queued && what != heldOver {
		return what, victims, err
	}
	t.frames.push(f)
	t.cadence.note(f.dts)
	t.late = false
	t.broken = t.broken && !f.keyframe
	t.outage = t.outage && t.broken
	t.pushed++
	q.bytes += f.size
	q.frames++
	q.toDisk(f)
	number := t.pushed
	if isVideo(f) {
		t.pictured = f.written
	}
	q.awaken(f)
	if !q.immediate() {
		return what, victims, nil
	}
	return what, victims, q.awaitSent(ctx, t, number, flushes)
}

// admit waits until f may be queued, or says that it may not.
func (q *queue) admit(ctx context.Context, t *queueTrack, f *frame, flushes uint64) (what fate, victims []*frame, err error) {
	for {
		if err := q.refusal(t, flushes); err != nil {
			return refused, nil, err
		}
		switch {
		case q.live && q.offline && !q.holds():
			q.gap = true
			return offline, nil, nil
		case q.live && q.extended():
			what, victims = q.admitHeld(t, f)
			return what, victims, nil
		case t.broken && t.outage && !f.keyframe:
			return offline, nil, nil
		case t.broken && !f.keyframe:
			what, err = q.afterBroken()
			return what, nil, err
		case q.live && q.latency > 0 && !q.immediate():
			if victims = q.shedLate(t, f); t.broken && !f.keyframe || f.disposable && q.tight(f.written) {
				return overflowed, victims, nil
			}
		}
		switch {
		case q.fits(f) && !q.diskLags(f), q.live && q.sending == 0 && q.lingers(f.written):
			return queued, victims, nil // sound that lingers takes nobody's room
		case q.live && !q.immediate():
			what, more, err := q.overflow(t, f)
			return what, append(victims, more...), err
		}
		// The sender must not wait for another track now: whoever writes that one
		// may be the one that is blocked here.
		signal(q.data)
		t.blocked = true
		err := q.await(ctx, t)
		t.blocked = false
		if err != nil {
			t.broken = t.broken || isVideo(f) // its successors can't be decoded without it
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
