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
func (s *Sink) Collect(ctx context.Context, n int) ([]Reception, error) {
	for {
		s.mu.Lock()
		var done []Reception
		for _, r := range s.ended {
			if r.First > 0 {
				done = append(done, r)
			}
		}
		open, changed := s.open, s.changed
		if len(done) >= n && open == 0 {
			s.ended = nil
			s.mu.Unlock()
			return done, nil
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d publishers have come and gone, %d are there: %w", len(done), n, open, context.Cause(ctx))
		}
	}
}

// Await waits until so many connected publishers have sent media.
func (s *Sink) Await(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		open, changed := s.began, s.changed
		s.mu.Unlock()
		if open >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d publishers have sent media: %w", open, n, context.Cause(ctx))
		}
	}
}
