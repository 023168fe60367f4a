package sink

import (
	"context"
	"fmt"
)

// note counts a session that has had its first media.
func (s *Sink) note(session *session) {
	if session.First > 0 && !session.noted {
		session.noted = true
		s.change(func() { s.began++ })
	}
}

// gone takes the account of a session that has ended.
func (s *Sink) gone(session *session) {
	s.change(func() {
		s.open--
		if session.noted {
			s.began--
		}
		s.ended = append(s.ended, session.Reception)
	})
}

func (s *Sink) change(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// Collect waits until n publishers that sent media have come and gone since the last
// call, and tells what came of each.
func (s *Sink) Collect(ctx context.Context, n int) (done []Reception, err error) {
	err = s.until(ctx, func() error {
		done = nil
		for _, r := range s.ended {
			if r.First > 0 {
				done = append(done, r)
			}
		}
		if len(done) < n || s.open > 0 {
			return fmt.Errorf("%d of %d publishers have come and gone, %d are there", len(done), n, s.open)
		}
		s.ended = nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// Await waits until so many connected publishers have sent media.
func (s *Sink) Await(ctx context.Context, n int) error {
	return s.until(ctx, func() error {
		if s.began < n {
			return fmt.Errorf("%d of %d publishers have sent media", s.began, n)
		}
		return nil
	})
}

// until waits for a change after which nothing is missing, or for the end of ctx, whose
// error tells what was. missing is called with the lock held.
func (s *Sink) until(ctx context.Context, missing func() error) error {
	for {
		s.mu.Lock()
		what, changed := missing(), s.changed
		s.mu.Unlock()
		if what == nil {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", what, context.Cause(ctx))
		}
	}
}
