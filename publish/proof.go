package publish

import (
	"context"
	"fmt"
	"os"
	"time"

	"rtmpwriter/rtmp"
)

// unprovenError ends a session whose server has stood still, while its TCP, or that
// of somebody between, takes what comes.
type unprovenError struct {
	bytes uint64
	limit time.Duration
}

func (e *unprovenError) Error() string {
	return fmt.Sprintf("the server has taken nothing for %v (send-timeout), with %d bytes on their way", e.limit, e.bytes)
}

func (e *unprovenError) Timeout() bool { return true }

func (e *unprovenError) Unwrap() error { return os.ErrDeadlineExceeded }

// awaitProof waits while more is on its way than is held in memory for an outage.
// The kernel, and whoever stands between, takes megabytes that nobody has read: what
// is let go without proof would be lost with them.
func (s *sender) awaitProof(ctx context.Context) error {
	most := uint64(s.p.queue.hold.memory) // never changes
	if s.flushed <= s.had+most {
		return nil
	}
	s.release(true) // what was looked at last may be old
	limit := max(s.p.options.SendTimeout, leastProof)
	for moved := time.Now(); s.by != rtmp.EvidenceNone && s.flushed > s.had+most; {
		s.pause.Reset(releaseEvery)
		select {
		case <-s.pause.C:
		case <-s.conn.Done():
			return s.conn.Err()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		before := s.had
		if s.release(true); s.had > before {
			moved = time.Now()
		}
		if time.Since(moved) >= limit {
			return &unprovenError{s.flushed - s.had, limit}
		}
	}
	return nil
}

// leastProof is more than the second by which a socket's evidence lags.
const leastProof = 2 * time.Second
