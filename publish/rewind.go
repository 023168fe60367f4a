package publish

import (
	"errors"
	"time"
)

const (
	// releaseEvery is how often it is looked at what the server has.
	releaseEvery = 50 * time.Millisecond
	// mostFarewells is how often in a row the end of a stream is sent again
	// because its connection broke: a server that does nothing but that would be
	// sent it for ever.
	mostFarewells = 3
)

// release lets go of frames that the server has by now, and tells whether it may
// have to look again.
func (s *sender) release() (again bool) {
	now := time.Now()
	if now.Sub(s.released) < releaseEvery && !s.p.queue.crowded() {
		return true
	}
	s.released = now
	had, _ := s.conn.Taken()
	return s.p.queue.release(had)
}

// rewind puts what the session that has ended with why may not have brought to
// the server back into the queue, and tells whether it did: the next session
// begins with that then, and nothing is lost.
func (s *sender) rewind(why error) bool {
	q := s.p.queue
	if !q.keeps() {
		return false
	}
	had, by := s.conn.Taken()
	if s.atEnd {
		s.farewells++
		if s.farewells > mostFarewells || had >= s.flushed || !isCut(why) {
			q.forget() // the server has all, or does not want it
			return true
		}
	} else {
		s.farewells = 0
	}
	r := q.rewind(s.unsent, s.conn.Stats().BytesSent > s.flushed, had)
	s.unsent = nil
	s.p.counters.rewound(r)
	s.p.log.Info("the next session begins with what the server may not have", "frames", r.audio+r.video, "sent_bytes", s.flushed,
		"taken_bytes", had, "by", by.String(), "forgotten", r.forgotten)
	return true
}

// isCut tells an end that came from outside from a bound on time that was
// reached, after which more of the same does not help.
func isCut(err error) bool {
	var bound interface{ Timeout() bool }
	return !errors.As(err, &bound) || !bound.Timeout()
}
