package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rtmpwriter/rtmp"
)

// errAsked is why a session ends that Reconnect drops.
var errAsked = errors.New("a reconnect was asked for")

// Reconnect connects anew at once: it drops the present session, or ends the
// wait for the next attempt, and lets the attempts start again. One attempt is
// made whatever the options say. Without a Run, or while its first connection
// is made or its end is under way, it does nothing. It returns at once; Status
// and Watch tell what comes of it.
func (p *Publisher) Reconnect() {
	over := p.queue.over()
	p.mu.Lock()
	over = over || p.closed
	outage, cancel, conn := p.outage, p.cancelDial, p.conn
	session := p.running && conn != nil
	if !over && (outage || session) {
		signal(p.again)
	}
	p.mu.Unlock()
	switch {
	case over:
	case outage:
		cancel(errAsked)
	case session:
		conn.Abort()
	}
}

// askedAgain tells whether Reconnect was called since it was asked last.
func (p *Publisher) askedAgain() bool {
	select {
	case <-p.again:
		p.retries.anew()
		return true
	default:
		return false
	}
}

// mend makes the connection of s again, which was lost. Before it waits for
// anything, the frames that were under way are given back, or held for the next
// session.
func (p *Publisher) mend(ctx context.Context, s *sender, why error) (*rtmp.Conn, error) {
	p.dialing <- struct{}{}
	defer func() { <-p.dialing }()
	p.retries.lost(s.conn, why)
	asked := p.askedAgain()
	gap := !s.rewind(why) && s.timeline.set
	end := p.ends(ctx, why)
	if asked && end == nil {
		why = errAsked
	} else if end == nil {
		end = p.retries.failed(why)
	}
	if end != nil {
		p.end(end)
		p.counters.dropped(s.abandon(end))
		return nil, end
	}
	p.interrupt(gap)
	p.counters.lost(s.abandon(why))
	if next := s.hand.take(); next != nil { // it was to take over anyway
		if !p.install(*next) {
			return nil, ErrClosed
		}
		p.counters.handedOver()
		return next.conn, nil
	}
	s.hand.stop()
	conn, err := p.regain(ctx, why, asked)
	if err == nil {
		p.counters.reconnected()
	}
	return conn, err
}

// ends is why no session is needed any more, or nil. why is how the last one
// failed.
func (p *Publisher) ends(ctx context.Context, why error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if p.queue.over() {
		return why
	}
	return nil
}

// interrupt begins an outage.
func (p *Publisher) interrupt(gap bool) {
	p.mu.Lock()
	p.conn, p.outage = nil, true
	p.mu.Unlock()
	if dropped := p.queue.interrupt(gap && p.videoTrack() >= 0); len(dropped) > 0 {
		p.counters.lost(p.queue.giveBackAll(dropped))
	}
}

// regain waits and dials until there is a session again, the options' rules or
// ctx end it, or nobody needs a session any more. The error is that end, or why
// the last attempt failed. at once leaves out the first wait.
func (p *Publisher) regain(ctx context.Context, why error, atOnce bool) (*rtmp.Conn, error) {
	defer p.counters.attempt(0)
	for first := true; ; first = false {
		wait := p.retries.wait()
		if atOnce {
			wait = 0
		}
		p.retries.next()
		p.tellAttempt(first, why, wait)
		if p.pause(ctx, wait) {
			p.retries.next() // of attempts that begin again
		}
		if end := p.ends(ctx, why); end != nil {
			return nil, p.unreached(end)
		}
		p.retries.attempts++
		conn, err := p.dialNext(ctx)
		if err == nil {
			p.tellConnected()
			return conn, nil
		}
		if atOnce = p.askedAgain(); atOnce {
			continue
		}
		why = err
		if end := p.ends(ctx, why); end != nil {
			return nil, p.unreached(end)
		}
		if end := p.retries.failed(why); end != nil {
			return nil, end
		}
	}
}

// unreached is the error of an end that came during an outage.
func (p *Publisher) unreached(err error) error {
	return fmt.Errorf("ended while reconnecting: %w", err)
}

// pause waits before an attempt: less where Reconnect is called, which it tells,
// or where nobody needs the session any more.
func (p *Publisher) pause(ctx context.Context, wait time.Duration) (again bool) {
	if wait == 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for !p.queue.over() {
		select {
		case <-timer.C:
			return false
		case <-p.again:
			p.retries.anew()
			return true
		case <-p.queue.data: // written or closed
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// tellAttempt tells what comes next in an outage: the state at its beginning,
// then the attempts alone.
func (p *Publisher) tellAttempt(first bool, why error, wait time.Duration) {
	number := p.retries.attempts + 1
	p.at.Store(int32(p.retries.at))
	p.counters.attempt(number)
	s := p.newStatus(Reconnecting, why)
	s.Attempt, s.Wait = number, wait
	p.status.set(statusChange{s, !first})
	p.log.Warn("status", "state", s.State, "url", s.URL, "error", why, "attempt", number, "wait", wait)
}
