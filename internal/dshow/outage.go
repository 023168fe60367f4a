package dshow

import (
	"time"

	"rtmpwriter/publish"
)

// patience is how long inputs that may block wait for a connection that is being
// made again. The graph keeps playing while it is: an encoder, and whoever records
// its output beside us, must not stand still for as long as the server is away.
const patience = 3 * time.Second

// outage is what becomes of samples while the connection is away for longer than
// patience: they pass at the pace of their own times, and are lost. So a live
// source is not held up, and a file is not rushed through.
type outage struct {
	timer *time.Timer
	// since is when the outage began; zero while inputs wait.
	since time.Time
	first [2]int64 // the start of each pin's first sample that passed, in 100 ns
	begun [2]bool
	wake  chan struct{} // closed when what holds samples may have changed
}

// changed takes over a change of state.
func (r *Renderer) changed(s *session, status publish.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session != s {
		return
	}
	if status.Err != nil || status.State == publish.Connected {
		r.lastError = status.Err
	}
	switch {
	case status.State != publish.Reconnecting:
		r.endOutage(s)
	case s.outage.timer == nil && s.started:
		began := time.Now()
		// What the options have held for an outage is held first.
		s.outage.timer = time.AfterFunc(patience+s.holds, func() { shielded(s.log, func() { r.loseOn(s, began) }) })
	}
}

// loseOn sets the inputs of a session free that wait for its connection.
func (r *Renderer) loseOn(s *session, began time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session != s || s.outage.timer == nil || r.state == Stopped {
		return
	}
	s.outage.since, s.outage.wake = began, make(chan struct{})
	for i := range r.pins {
		if p := &r.pins[i]; !p.flushing {
			p.gate.open(errOutage)
		}
	}
}

// endOutage lets inputs wait again. r.mu is held.
func (r *Renderer) endOutage(s *session) {
	if s.outage.timer == nil {
		return
	}
	s.outage.timer.Stop()
	lost := !s.outage.since.IsZero()
	s.outage.wakeHeld()
	s.outage = outage{}
	if !lost || r.state == Stopped {
		return
	}
	for i := range r.pins {
		if p := &r.pins[i]; !p.flushing {
			p.gate.close()
		}
	}
}

// longestHold keeps a jump in a source's times from holding it.
const longestHold = time.Second

// due tells how long a sample is held so that it passes at its pace, and what
// ends that wait early; nothing while there is no such outage. r.mu is held.
func (o *outage) due(pin int, s *Sample) (wait time.Duration, wake <-chan struct{}) {
	if o.since.IsZero() || !s.HasStart {
		return 0, nil
	}
	if !o.begun[pin] || s.Start < o.first[pin] {
		o.first[pin], o.begun[pin] = s.Start, true
	}
	ahead := min(s.Start-o.first[pin], int64(time.Hour/100))
	return min(time.Until(o.since.Add(time.Duration(ahead)*100)), longestHold), o.wake
}

// wakeHeld lets samples that are held look again. r.mu is held.
func (o *outage) wakeHeld() {
	if o.wake != nil {
		close(o.wake)
		o.wake = make(chan struct{})
	}
}
