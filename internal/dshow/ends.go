package dshow

import (
	"context"
	"errors"
	"time"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
)

// patientDrain is how long the end of a stream waits for a network that takes
// nothing any more.
const patientDrain = 10 * time.Second

// EndOfStream tells that no more comes on a pin until it is flushed or the graph
// starts anew. When all connected pins have ended and what they brought is out,
// the graph is told once.
func (r *Renderer) EndOfStream(i int) com.HRESULT {
	r.mu.Lock()
	p := &r.pins[i]
	if !p.connected || r.state == Stopped || p.flushing {
		r.mu.Unlock()
		return com.False
	}
	p.ended = true
	s := r.session
	track, finish := s.track(i), r.finished()
	r.mu.Unlock()
	s.pub.EndTrack(track)
	finish()
	return com.OK
}

// finished tells the graph of the end, where that is due now. What it returns is
// to be called without r.mu, which is held.
func (r *Renderer) finished() func() {
	some := false
	for i := range r.pins {
		if r.pins[i].connected && !r.pins[i].ended {
			return func() {}
		}
		some = some || r.pins[i].connected
	}
	if !some || r.state != Running || r.completed {
		return func() {}
	}
	r.completed = true
	s, serial := r.session, r.serial
	// It ends when all is out, nothing goes out, or the session ends.
	return func() { go shielded(s.log, func() { r.complete(s, serial) }) }
}

// complete waits until all is out and tells the graph, unless that was stopped
// or flushed meanwhile. In pause it is told when it runs again.
func (r *Renderer) complete(s *session, serial int) {
	s.drain()
	s.greet()
	r.mu.Lock()
	due := r.serial == serial
	if due && r.state != Running {
		r.completed, due = false, false
	}
	r.mu.Unlock()
	if due {
		r.host.Event(Complete, com.OK)
	}
}

// greet waits for a moment until the host has heard that there is a connection:
// a short stream is out before, and its end would come first.
func (s *session) greet() {
	late := time.NewTimer(time.Second)
	defer late.Stop()
	select {
	case <-s.greeted:
	case <-s.told:
	case <-late.C:
	}
}

// drain returns when all that was written is out, or can't be sent.
func (s *session) drain() {
	sent, since := s.pub.Stats().BytesSent, time.Now()
	for {
		ctx, cancel := context.WithTimeout(s.ctx, time.Second)
		err := s.pub.Drain(ctx)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || s.over.Load() {
			return
		}
		if now := s.pub.Stats().BytesSent; now != sent {
			sent, since = now, time.Now()
		}
		if time.Since(since) >= patientDrain && s.pub.Status().State != publish.Connected || time.Since(since) >= 2*patientDrain {
			return
		}
	}
}

// BeginFlush drops what a pin has brought, and refuses samples until EndFlush.
func (r *Renderer) BeginFlush(i int) com.HRESULT {
	r.mu.Lock()
	p, s := &r.pins[i], r.session
	if r.state == Stopped || !p.connected {
		r.mu.Unlock()
		return com.OK
	}
	p.flushing, p.ended, p.refused = true, false, false
	r.completed = false
	r.serial++
	p.gate.open(errFlushing)
	s.outage.wakeHeld()
	track := s.track(i)
	r.mu.Unlock()
	s.pub.Flush(track)
	return com.OK
}

// EndFlush lets samples in again.
func (r *Renderer) EndFlush(i int) com.HRESULT {
	r.mu.Lock()
	p, s := &r.pins[i], r.session
	if r.state == Stopped || !p.connected || !p.flushing {
		r.mu.Unlock()
		return com.OK
	}
	track := s.track(i)
	r.mu.Unlock()
	s.pub.Flush(track) // what a Receive that was under way has brought since
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session == s && p.flushing {
		p.flushing = false
		p.gate.close()
	}
	return com.OK
}
