package publish

import (
	"context"
	"errors"
	"fmt"

	"rtmpwriter/rtmp"
)

// Run connects, sends what Write queues, makes a lost connection again as the
// options say, and returns why streaming ended: nil after Shutdown (also one
// that came first), the context's error, what broke the connection, or a
// *ReconnectError that wraps it. It may be called once.
func (p *Publisher) Run(ctx context.Context) error {
	if p.trackList() == nil {
		return ErrNoTracks
	}
	p.mu.Lock()
	switch {
	case p.running:
		p.mu.Unlock()
		return ErrRunning
	case p.closed:
		p.mu.Unlock()
		return nil
	}
	p.running = true
	p.mu.Unlock()
	defer close(p.done)
	defer p.startSpool()()
	defer p.startAdvice()()

	conn, err := p.connect(ctx)
	if errors.Is(err, ErrClosed) && p.queue.failure() == nil {
		p.end(nil)
		return p.leave(ctx, nil) // nobody needs what was being made
	}
	if err != nil {
		p.end(err)
		_ = p.leave(ctx, err) // the reason is known
		return err
	}
	err = p.keep(ctx, conn)
	p.tellDisconnected(err)
	p.end(err)
	return err
}

// keep streams over one session after the other.
func (p *Publisher) keep(ctx context.Context, conn *rtmp.Conn) (err error) {
	s := newSender(p)
	defer s.hand.stop()
	for err == nil {
		s.begin(conn)
		err = p.stream(ctx, s)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errHandOver):
			conn, err = p.handOver(ctx, s)
		default:
			conn, err = p.mend(ctx, s, err)
		}
	}
	return err
}

// end refuses further writes, and tells the blocked ones why.
func (p *Publisher) end(err error) {
	reason := ErrClosed
	if err != nil {
		reason = fmt.Errorf("%w: %w", ErrClosed, err)
	}
	p.counters.dropped(p.queue.close(reason, false))
	p.queue.forget()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
}

// stream sends until the session ends, and closes it in the way that fits:
// politely when all is sent, by a reset otherwise.
func (p *Publisher) stream(ctx context.Context, s *sender) error {
	// Abort sets a blocked write free; stop ends the AfterFunc.
	conn := s.conn
	stop := context.AfterFunc(ctx, conn.Abort)
	defer stop()
	err := s.loop(ctx)
	switch {
	case errors.Is(err, errHandOver):
		return err
	case err == nil:
		s.atEnd = true
		if err = conn.Close(ctx); err != nil && ctx.Err() == nil && s.delivered() {
			p.log.Warn("the server has the whole stream, but the end of the session failed", "error", err)
			return nil
		}
	default:
		conn.Abort()
		_ = conn.Close(ctx) // joins the session's goroutines; the reason is known
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Shutdown refuses further writes, sends what is queued, closes politely and
// waits for Run to return. When ctx ends first, the connection is reset and the
// context's error returned. Calling it again waits likewise.
//
// While the connection is being made, or made again, Shutdown waits for it as
// long as frames are queued and ctx lasts; in an outage in live mode none are.
//
// A Run that has not begun yet is waited for while something is queued; without
// anything queued the connection is closed at once.
func (p *Publisher) Shutdown(ctx context.Context) error {
	p.queue.close(ErrClosed, true)
	p.mu.Lock()
	idle := !p.running && !p.queue.waiting()
	if idle {
		p.closed = true
	}
	if p.conn == nil && p.cancelDial != nil && p.queue.over() {
		p.cancelDial(ErrClosed)
	}
	p.mu.Unlock()
	if idle {
		return p.leave(ctx, nil)
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return p.giveUp(context.Cause(ctx))
	}
}

// giveUp ends at once what Shutdown could not end in time.
func (p *Publisher) giveUp(cause error) error {
	p.end(cause)
	p.cut(cause)
	p.mu.Lock()
	running := p.running
	p.mu.Unlock()
	if running {
		<-p.done
	} else {
		_ = p.leave(context.Background(), cause) // the reason is known
	}
	return fmt.Errorf("shutdown: not all could be sent: %w", cause)
}

// leave closes the connection that Connect has made or is making, and that no
// Run has taken over: politely, or by a reset where there is a reason why. The
// publisher is closed, so there will be no other one. Whoever dials has told
// what came of it when leave tells the end.
func (p *Publisher) leave(ctx context.Context, why error) error {
	p.mu.Lock()
	if p.cancelDial != nil {
		p.cancelDial(ErrClosed)
	}
	p.mu.Unlock()
	p.dialing <- struct{}{}
	defer func() { <-p.dialing }()
	p.mu.Lock()
	conn := p.conn
	p.conn = nil
	p.mu.Unlock()
	if conn == nil {
		return nil
	}
	if why != nil {
		conn.Abort()
	}
	err := conn.Close(ctx)
	if why == nil {
		why = err
	}
	p.tellDisconnected(why)
	return err
}

// cut ends dialing, and resets the connections.
func (p *Publisher) cut(cause error) {
	p.mu.Lock()
	conns, cancel := [...]*rtmp.Conn{p.conn, p.parting}, p.cancelDial
	p.mu.Unlock()
	if cancel != nil {
		cancel(cause)
	}
	for _, conn := range conns {
		if conn != nil {
			conn.Abort()
		}
	}
}
