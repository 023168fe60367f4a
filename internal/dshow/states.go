package dshow

import (
	"rtmpwriter/internal/com"
)

// Pause goes to the state in which samples are taken, and from stopped makes
// ready for a stream. It waits for nothing. The error is why no stream can be
// made of the options.
func (r *Renderer) Pause() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pause()
}

func (r *Renderer) pause() error {
	if r.state == Stopped {
		if err := r.prepare(); err != nil {
			r.lastError = err
			return err
		}
	}
	r.state = Paused
	return nil
}

// prepare makes ready for a stream over the pins that are connected. r.mu is
// held.
func (r *Renderer) prepare() error {
	tracks := r.tracks()
	if len(tracks) > 0 {
		if r.session == nil {
			s, err := r.newSession()
			if err != nil {
				return err
			}
			r.session = s
		}
		if err := r.session.setTracks(tracks); err != nil {
			return err
		}
	}
	r.completed = false
	r.serial++
	for i := range r.pins {
		p := &r.pins[i]
		p.flushing, p.ended, p.refused = false, false, false
		p.gate.close()
	}
	return nil
}

// Run lets the stream go. It does not wait for the network: Status tells what
// comes of it.
func (r *Renderer) Run() error {
	r.mu.Lock()
	if err := r.pause(); err != nil {
		r.mu.Unlock()
		return err
	}
	r.state = Running
	if s := r.session; s != nil && len(s.tracks) > 0 && !s.over.Load() {
		s.start()
	}
	finish := r.finished()
	r.mu.Unlock()
	finish()
	return nil
}

// Stop ends the stream. What was taken before is still sent, as far as that
// takes no longer than a moment here, and then a few seconds behind the caller's
// back. Waiting Receives come back at once. A connection that was made before
// the start stays when there was no start: graphs stop what is stopped.
func (r *Renderer) Stop() {
	r.mu.Lock()
	if r.state == Stopped {
		r.mu.Unlock()
		return
	}
	r.state = Stopped
	r.serial++
	for i := range r.pins {
		p := &r.pins[i]
		p.flushing, p.ended, p.refused = false, false, false
		p.gate.open(errStopped)
	}
	s := r.session
	r.detach()
	if s != nil {
		s.outage.wakeHeld()
	}
	r.mu.Unlock()
	if s != nil {
		s.end(true)
	}
}

// detach lets go of the session, which whoever calls ends. r.mu is held.
func (r *Renderer) detach() {
	if s := r.session; s != nil {
		r.session, r.leaving = nil, s.left
	}
}

// refuse is what a pin answers now instead of taking a sample: com.OK when it
// takes it. r.mu is held.
func (r *Renderer) refuse(p *pin) com.HRESULT {
	switch {
	case !p.connected:
		return com.NotConnected
	case r.state == Stopped:
		return com.WrongState
	case p.flushing:
		return com.False
	case p.refused:
		return com.RuntimeError
	case r.session == nil || r.session.over.Load():
		return com.RuntimeError
	case p.ended:
		return com.RejectedEOS
	}
	return com.OK
}
