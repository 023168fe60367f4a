package dshow

import (
	"context"
	"errors"

	"rtmpwriter/publish"
)

// ErrStreaming refuses to connect a stream that is under way, or has ended and
// was not stopped.
var ErrStreaming = errors.New("the stream has begun already: stop the graph first")

// ConnectServer connects before the start, and waits for what comes of it: the
// stream then begins at once. Where there is a connection it does nothing, and
// where one is being made before the start it waits for that one.
func (r *Renderer) ConnectServer(ctx context.Context) error {
	a, err := r.attempt()
	if err != nil || a == nil {
		return err
	}
	select {
	case <-a.over:
		return a.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// BeginConnect is ConnectServer that does not wait: Status tells what comes of it.
func (r *Renderer) BeginConnect() error {
	_, err := r.attempt()
	return err
}

// attempt is one try to connect before the start.
type attempt struct {
	over chan struct{}
	err  error // when over is closed
}

// attempt is the one that is under way, or a new one; nil where there is a
// connection.
func (r *Renderer) attempt() (*attempt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch s := r.session; {
	case s == nil && r.state != Stopped, s != nil && s.over.Load():
		return nil, ErrStreaming
	case s != nil && s.attempt != nil:
		return s.attempt, nil
	case s != nil && s.pub.Status().State == publish.Connected:
		return nil, nil
	case s != nil && s.started:
		return nil, ErrStreaming
	case s == nil:
		var err error
		if r.session, err = r.newSession(); err != nil {
			r.lastError = err
			return nil, err
		}
	}
	s := r.session
	s.attempt = &attempt{over: make(chan struct{})}
	s.connecting.Store(true)
	// It ends with the attempt, which the session's end ends too.
	go s.connect(s.attempt)
	return s.attempt, nil
}

// connect makes the session's connection. One that fails before the start leaves
// nothing behind.
func (s *session) connect(a *attempt) {
	defer close(a.over)
	a.err = errFault
	shielded(s.log, func() {
		s.await()
		a.err = s.pub.Connect(s.ctx)
	})
	s.connecting.Store(false)
	r := s.r
	r.mu.Lock()
	s.attempt = nil
	gone := false
	if a.err != nil {
		r.lastError = a.err
		if gone = r.session == s && !s.started && r.state == Stopped; gone {
			r.detach()
		}
	}
	r.mu.Unlock()
	if gone {
		s.end(false)
	}
}

// Disconnect closes the connection. A stream that runs is ended by it, and the
// graph is told: it stops then.
func (r *Renderer) Disconnect() error {
	r.mu.Lock()
	s := r.session
	if s == nil {
		r.mu.Unlock()
		return nil
	}
	if r.state == Stopped {
		r.detach()
	} else {
		s.aborted.Store(true)
	}
	for i := range r.pins {
		r.pins[i].gate.open(errLeft)
	}
	r.mu.Unlock()
	s.end(false)
	return nil
}

// Reconnect drops the connection and makes it anew at once; false when there is
// none to make anew.
func (r *Renderer) Reconnect() bool {
	r.mu.Lock()
	s := r.session
	possible := s != nil && s.started && s.pub.Status().State != publish.Disconnected
	r.mu.Unlock()
	if possible {
		s.pub.Reconnect()
	}
	return possible
}

// Busy tells that options wait for the next connection: there is one, or one is
// being made.
func (r *Renderer) Busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy()
}

func (r *Renderer) busy() bool {
	s := r.session
	return s != nil && !s.over.Load() && (s.started || s.connecting.Load() || s.pub.Status().State != publish.Disconnected)
}

// Connecting tells that the first connection is being made.
func (r *Renderer) Connecting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.session != nil && r.session.connecting.Load()
}

// Status is the state of the connection.
func (r *Renderer) Status() publish.Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session != nil {
		return r.session.pub.Status()
	}
	return publish.Status{State: publish.Disconnected, Err: r.lastError}
}

// LastError is why there is no connection, or was none last; nil when all went as
// asked.
func (r *Renderer) LastError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lastError
}

// Stats are the statistics of this stream, or of the last.
func (r *Renderer) Stats() publish.Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session != nil {
		return r.session.pub.Stats()
	}
	last := r.last
	last.OutputBufferSize = r.options.OutputBufferSize
	return last
}
