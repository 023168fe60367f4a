package dshow

import (
	"context"
	"errors"
	"time"

	"rtmpwriter/publish"
)

var errLeft = errors.New("the session is over")

// end ends the session politely and waits no longer than a moment for it. With
// silence the host hears nothing of it afterwards.
func (s *session) end(silence bool) {
	s.endOnce.Do(func() { go shielded(s.log, s.shutdown) })
	late := time.NewTimer(endsWithin)
	defer late.Stop()
	select {
	case <-s.told:
	case <-late.C:
		if silence && !s.silent.Swap(true) && s.pub.Status().State != publish.Disconnected {
			s.r.host.Status(publish.Disconnected, s.url)
		}
	}
	if silence {
		s.silent.Store(true)
	}
}

// shutdown closes the connection and waits for who uses it. Its goroutine ends
// within leavesWithin.
func (s *session) shutdown() {
	ctx, cancel := context.WithTimeout(s.ctx, leavesWithin)
	defer cancel()
	s.r.mu.Lock()
	started, tracks := s.started, len(s.tracks)
	s.r.mu.Unlock()
	if !started { // nothing of it was to be seen yet
		for t := range tracks {
			s.pub.Flush(t)
		}
	}
	err := s.pub.Shutdown(ctx)
	if !started {
		s.leave(err)
	}
}

// leave is the end of a session's connection, whoever ended it.
func (s *session) leave(err error) {
	s.over.Store(true)
	s.connecting.Store(false)
	s.cancel(errLeft)
	close(s.left) // before the host has heard of it: it may connect again when it does
	s.tellers.Wait()
	s.r.ended(s, err)
	s.closeLog()
}

// ended tells the graph of a stream that ended before it was stopped.
func (r *Renderer) ended(s *session, err error) {
	r.mu.Lock()
	current := r.session == s
	r.last = s.pub.Stats()
	if err != nil && !s.aborted.Load() {
		r.lastError = err
	}
	told := current && r.state != Stopped
	if current && !told {
		r.detach()
	}
	if current {
		s.outage.wakeHeld()
		for i := range r.pins {
			r.pins[i].gate.open(errLeft)
		}
	}
	r.mu.Unlock()
	switch {
	case !told || s.silent.Load():
	case s.aborted.Load():
		r.host.Event(UserAbort, 0)
	default:
		r.host.Event(ErrorAbort, Answer(err))
	}
}
