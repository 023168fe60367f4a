package publish

import (
	"time"

	"rtmpwriter/rtmp"
)

const (
	// releaseEvery is how often it is looked at what the server has, releaseAfter
	// with how many bytes more: what is held should stay in the processor's cache.
	// releaseIdle is how soon while nothing is sent: a timer much shorter would wake
	// the process between any two frames, since one that is set anew still fires
	// inside the runtime when it was first due.
	releaseEvery = 50 * time.Millisecond
	releaseAfter = 1 << 20
	releaseIdle  = 500 * time.Millisecond
	// lookEvery is how often it is looked for the statistics.
	lookEvery = 190 * time.Millisecond
	// mostFarewells is how often in a row the end of a stream is sent again
	// because its connection broke: a server that does nothing but that would be
	// sent it for ever.
	mostFarewells = 3
)

// release lets go of frames that the server has by now, and tells whether it may
// have to look again. crowded does not wait for that.
func (s *sender) release(crowded bool) (again bool) {
	now := time.Now()
	if now.Sub(s.released) < releaseEvery && s.flushed < s.releasedAt+releaseAfter && !crowded {
		return true
	}
	s.released, s.releasedAt = now, s.flushed
	s.had, s.by = s.conn.Taken()
	if s.by == rtmp.EvidenceAcknowledged && s.had > 0 && !s.acknowledges {
		s.acknowledges = true
		s.p.acknowledge.Store(s.hand.present.url, true)
	}
	return s.p.queue.release(s.had, s.by)
}

// lookAtServer finds how many bytes the peer's TCP has acknowledged, or the server
// where that is not known: now and then, since it costs as much as sending.
func (s *sender) lookAtServer() {
	t := time.Now()
	if t.Sub(s.looked) < lookEvery {
		return
	}
	s.looked = t
	now := s.conn.Stats()
	s.acked, s.client = now.BytesAcknowledged, now.BytesAcknowledged
	if n, ok := s.conn.NetworkStats(); ok {
		s.acked = now.BytesSent - min(n.Outstanding, now.BytesSent)
	}
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
		if s.farewells > mostFarewells || had >= s.flushed || rtmp.KeptOpen(why) {
			q.forget() // the server has all, or does not want it
			return true
		}
	} else {
		s.farewells = 0
	}
	r := q.rewind(s.takeUnsent(), s.conn.Sent() > s.flushed, had, by)
	s.p.counters.rewound(r)
	s.p.log.Info("the next session begins with what the server may not have", "frames", r.audio+r.video, "sent_bytes", s.flushed,
		"taken_bytes", had, "by", by.String(), "forgotten", r.forgotten)
	return true
}

// delivered tells that the server has acknowledged the whole stream, so that a
// goodbye that failed is no failure.
func (s *sender) delivered() bool {
	had, by := s.conn.Taken()
	return by == rtmp.EvidenceAcknowledged && had >= s.flushed
}
