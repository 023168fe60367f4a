package publish

import (
	"context"

	"rtmpwriter/rtmp"
)

// handOver ends the session of s and turns to its successor. What the old server
// did not take is sent to the new one.
func (p *Publisher) handOver(ctx context.Context, s *sender) (*rtmp.Conn, error) {
	p.dialing <- struct{}{}
	defer func() { <-p.dialing }()
	next, old := s.hand.take(), s.conn
	p.retries.lost(old, errHandOver) // it was no failure, so the next one's is none of the start
	p.mu.Lock()
	p.parting = old
	p.mu.Unlock()
	if p.queue.keeps() || next == nil {
		p.part(ctx, s)
	} else {
		s.hand.parting.Go(func() { _ = p.closeParting(ctx, old) }) // what it does not take is lost, as with any break
		p.queue.rewind(s.takeUnsent(), false, 0, rtmp.EvidenceNone)
	}
	if next == nil { // the name is free now
		s.hand.first = false
		conn, err := p.dialTo(ctx, s.hand.target)
		if err == nil {
			p.counters.handedOver()
			return conn, nil
		}
		p.interrupt(false) // by now it is an outage like any other
		if conn, err = p.regain(ctx, err, true); err == nil {
			p.counters.reconnected()
		}
		return conn, err
	}
	if !p.install(*next) {
		return nil, ErrClosed
	}
	p.counters.handedOver()
	p.log.Info("the new session takes over")
	return next.conn, nil
}

// part ends the old session, with more room for what comes meanwhile, and takes
// back what it did not bring to the server.
func (p *Publisher) part(ctx context.Context, s *sender) {
	if p.queue.holds() {
		p.interrupt(false)
	}
	err := p.closeParting(ctx, s.conn)
	had, by := s.conn.Taken()
	if err == nil || had >= s.flushed {
		p.queue.forget()
	}
	p.counters.rewound(p.queue.rewind(s.takeUnsent(), false, had, by))
}

// closeParting says goodbye on the session that a handover has left; cut ends that.
func (p *Publisher) closeParting(ctx context.Context, old *rtmp.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, partingLimit)
	defer cancel()
	err := old.Close(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parting == old {
		p.parting = nil // nothing of it stays in memory
	}
	return err
}
