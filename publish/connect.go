package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rtmpwriter/rtmp"
)

// Connect connects and publishes, so that the first frame meets a server that
// is ready. Run does it when it was not done. The URL and then each backup URL
// is tried once; with ReconnectOnStart they are tried again until ctx ends or
// the attempts are used up. Errors are those of rtmp.Dial, one that wraps those
// of all URLs, a *ReconnectError, or ErrClosed.
func (p *Publisher) Connect(ctx context.Context) error {
	_, err := p.connect(ctx)
	return err
}

func (p *Publisher) connect(ctx context.Context) (*rtmp.Conn, error) {
	select {
	case p.dialing <- struct{}{}:
		defer func() { <-p.dialing }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	conn, err := p.living()
	if conn != nil || err != nil {
		return conn, err
	}
	conn, err = p.dialEach(ctx)
	if err == nil {
		p.tellConnected()
		return conn, nil
	}
	if p.options.ReconnectOnStart && p.ends(ctx, err) == nil {
		why := err
		if err = p.retries.over(why); err == nil {
			p.interrupt(false)
			conn, err = p.regain(ctx, why, false)
		}
		if err == nil {
			return conn, nil
		}
	}
	p.mu.Lock()
	p.outage = false
	p.mu.Unlock()
	p.tellDisconnected(err)
	return nil, err
}

// living is the connection that is there, or nil. One that has ended since, and
// that no Run cares for, is none.
func (p *Publisher) living() (*rtmp.Conn, error) {
	p.mu.Lock()
	conn, closed, running := p.conn, p.closed, p.running
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if conn == nil || running || conn.Err() == nil {
		return conn, nil
	}
	p.mu.Lock()
	p.conn = nil
	p.mu.Unlock()
	err := conn.Close(context.Background()) // joins the session's goroutines
	p.tellDisconnected(err)
	return nil, nil
}

// dialEach tries every URL once, in their order.
func (p *Publisher) dialEach(ctx context.Context) (*rtmp.Conn, error) {
	p.retries.begin()
	var failed startError
	for i := range p.urls {
		p.retries.at = i
		conn, err := p.dialNext(ctx)
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
		if errors.Is(err, ErrClosed) || p.ends(ctx, err) != nil {
			break
		}
		p.retries.refused[i] = !Retryable(err)
	}
	if len(failed) == 1 {
		return nil, failed[0]
	}
	return nil, failed
}

// dialNext dials the URL that retries has chosen.
func (p *Publisher) dialNext(ctx context.Context) (*rtmp.Conn, error) {
	p.at.Store(int32(p.retries.at))
	return p.dialTo(ctx, p.urls[p.retries.at])
}

// dialTo makes the next session, unless nobody needs it any more.
func (p *Publisher) dialTo(ctx context.Context, u *rtmp.URL) (*rtmp.Conn, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.mu.Lock()
	closed := p.closed || p.queue.over() // whoever closed it has cancelled the dial before
	p.cancelDial = cancel
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	l, err := p.dial(ctx, u)
	if err != nil {
		return nil, err
	}
	if !p.install(l) {
		return nil, ErrClosed
	}
	return l.conn, nil
}

// dial makes a session, and the place for what its server asks for.
func (p *Publisher) dial(ctx context.Context, u *rtmp.URL) (l link, err error) {
	config := p.session
	config.OnEnd = func() { signal(p.queue.data) }
	l.url = u
	_, config.Acknowledges = p.acknowledge.Load(u)
	if p.options.Handover {
		requests := make(chan rtmp.ReconnectRequest, 1)
		config.Capabilities, l.requests = rtmp.CapReconnect, requests
		config.OnReconnectRequest = func(r rtmp.ReconnectRequest) {
			select {
			case <-requests: // the newest holds; the reader alone sends
			default:
			}
			requests <- r
			signal(p.queue.data)
		}
	}
	l.conn, err = rtmp.Dial(ctx, u, config)
	return l, err
}

// install makes a session the present one, or ends it where the publisher has
// been closed meanwhile.
func (p *Publisher) install(l link) bool {
	p.mu.Lock()
	closed := p.closed
	if !closed {
		p.conn, p.present, p.outage = l.conn, l, false
	}
	select {
	case <-p.again: // what was asked for is done
	default:
	}
	p.mu.Unlock()
	if closed { // nobody else would end this session
		l.conn.Abort()
		_ = l.conn.Close(context.Background())
		return false
	}
	p.retries.connected(l.conn)
	p.resume()
	return true
}

// tellConnected tells the state, and what was left out before it.
func (p *Publisher) tellConnected() {
	status := p.newStatus(Connected, nil)
	status.Skipped = p.skipped
	p.status.set(statusChange{Status: status})
	p.log.Info("status", "state", status.State, "url", status.URL)
}

// resume begins a session with what the queue holds for it.
func (p *Publisher) resume() {
	dropped, skipped := p.queue.resume()
	p.skipped = skipped
	if len(dropped) == 0 {
		return
	}
	p.counters.lost(p.queue.giveBackAll(dropped))
	p.log.Warn("the session begins with the newest keyframe (outage-mode live)", "frames_left_out", len(dropped), "stream_left_out", skipped)
}

// startError is how each of several URLs failed, in their order.
type startError []error

func (e startError) Error() string {
	var b strings.Builder
	for i, err := range e {
		if i == 0 {
			fmt.Fprintf(&b, "the url: %v", err)
			continue
		}
		fmt.Fprintf(&b, "; backup url %d: %v", i, err)
	}
	return b.String()
}

func (e startError) Unwrap() []error { return e }
