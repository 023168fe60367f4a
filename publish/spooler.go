package publish

import (
	"errors"
	"sync"
	"time"

	"rtmpwriter/publish/internal/spool"
)

const (
	// spoolBehind bounds what waits for the disk, in bytes: on a disk that hangs
	// the rest stays where memory's own bounds hold.
	spoolBehind = 8 << 20
	// spoolPause is how long a disk that failed is left alone.
	spoolPause = time.Second
)

// spooler moves the newer part of what is held in an outage to disk, once it
// takes half of the memory for that. Its goroutine is Run's. The queue's lock
// guards all of it but the store.
type spooler struct {
	store   *spool.Spool
	limit   int64 // bytes
	held    int64 // bytes of the frames on disk
	running bool
	wake    chan struct{} // room for one
	// todo are the frames to be written. They belong to the spooler as well: one
	// that leaves the queue before is given back by it.
	todo  ring
	bytes int // of todo
	// failed is why the disk did not take all of this backlog; until when it is
	// not asked again.
	failed error
	until  time.Time
}

func newSpooler(folder string, limit int64) *spooler {
	return &spooler{store: spool.New(folder, limit), limit: limit, wake: make(chan struct{}, 1)}
}

// diskState is what the spooler has to do with a frame.
type diskState uint8

const (
	diskNone     diskState = iota
	diskTodo               // the spooler has it too, and writes it
	diskUnwanted           // the spooler has it too, but it is being sent
	diskLeft               // the spooler has it alone, and gives it back
	diskThere              // its payload is at its place on disk, and not in memory
)

// shared tells that the spooler has the frame too.
func (d diskState) shared() bool { return d == diskTodo || d == diskUnwanted }

// toDisk hands a frame that has just been queued to the spooler, if it is time
// for that. The queue's lock is held.
func (q *queue) toDisk(f *frame) {
	s := q.spool
	if s == nil || !s.running || !q.extended() || q.bytes <= q.hold.memory/2 {
		return
	}
	if s.takes(f) {
		f.disk = diskTodo
		s.todo.push(f)
		s.bytes += f.size
	}
	signal(s.wake) // also to try again what the disk did not take
}

// takes tells that there is room for a frame more among those to be written.
func (s *spooler) takes(f *frame) bool {
	return s.running && s.bytes+f.size <= spoolBehind && !f.written.Before(s.until)
}

// spoolLoop writes frames to disk until stop is closed, and tells report what
// hinders it. At the end it gives back what it has.
func (q *queue) spoolLoop(stop <-chan struct{}, report func(error)) {
	s := q.spool
	for {
		for f := q.nextForDisk(); f != nil; f = q.nextForDisk() {
			place, err := s.store.Write(f.payload)
			if q.onDisk(f, place, err) {
				report(err)
			}
			if err != nil {
				break // until more comes, or goes
			}
		}
		select {
		case <-stop:
			q.spoolEnds()
			return
		case <-s.wake:
		}
	}
}

// nextForDisk is the next frame that still needs writing; nil when there is none,
// or the disk is left alone.
func (q *queue) nextForDisk() *frame {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.spool.todo.len() > 0 {
		if q.spool.todo.at(0).disk == diskTodo && time.Now().Before(q.spool.until) {
			return nil
		}
		f := q.spool.todo.pop()
		q.spool.bytes -= f.size
		if f.disk == diskTodo {
			return f
		}
		q.unshare(f)
	}
	return nil
}

// isOnDisk tells whether the payload must be read back. It takes the lock, since
// the spooler may be passing over the frame.
func (q *queue) isOnDisk(f *frame) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return f.disk == diskThere
}

// unshare ends the spooler's part in a frame that needs no writing.
func (q *queue) unshare(f *frame) {
	left := f.disk == diskLeft
	if f.disk = diskNone; left {
		q.mu.Unlock()
		f.reset()
		q.mu.Lock()
		q.pool.put(f)
	}
}

// onDisk takes over the place of a frame, or why it has none, and tells whether
// that is news.
func (q *queue) onDisk(f *frame, place spool.Place, err error) (news bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.spool
	if err != nil {
		news, s.failed = s.failed == nil, err
	}
	if err != nil && !errors.Is(err, spool.ErrFull) {
		s.until = time.Now().Add(spoolPause)
	}
	switch {
	case err != nil && f.disk == diskTodo: // it is tried again
		s.todo.pushFront(f)
		s.bytes += f.size
	case err == nil && f.disk == diskTodo:
		owner := f.unload()
		f.disk, f.place = diskThere, place
		q.bytes -= f.size
		s.held += int64(f.size)
		q.wakeWriters()
		if owner != nil {
			q.mu.Unlock()
			owner.Release()
			q.mu.Lock()
		}
	default:
		if err == nil {
			place.Free()
		}
		q.unshare(f)
	}
	return news
}

// spoolEnds gives back what the spooler has, and removes its files.
func (q *queue) spoolEnds() {
	q.mu.Lock()
	s := q.spool
	for s.running = false; s.todo.len() > 0; {
		f := s.todo.pop()
		s.bytes -= f.size
		q.unshare(f)
	}
	q.mu.Unlock()
	s.store.Close()
}

// spoolFill tells how much is on disk, and why nothing more goes there.
func (q *queue) spoolFill() (bytes int64, failed error) {
	if q.spool == nil {
		return 0, nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.spool
	if bytes = s.store.Bytes(); bytes == 0 && !q.extended() {
		s.failed = nil
	}
	return bytes, s.failed
}

// startSpool lets the queue use its disk until the returned function is called,
// which waits for the spooler to end.
func (p *Publisher) startSpool() (stop func()) {
	q := p.queue
	if q.spool == nil {
		return func() {}
	}
	q.mu.Lock()
	q.spool.running = true
	q.mu.Unlock()
	ended := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		q.spoolLoop(ended, func(err error) {
			p.log.Warn("the outage spool takes no more; what comes is held in memory as far as that goes", "folder", p.options.OutageSpool, "error", err)
		})
	})
	return func() { close(ended); done.Wait() }
}
