package tracelog

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// perSecond is how many records of one message go to the log in a second: more
// than any session in order makes, and few enough for a person and a disk.
const perSecond = 50

// maxMessages bounds the different messages that are counted. They are words of
// the program's own, so there are far fewer.
const maxMessages = 1000

// sums counts records by level and message. Those past perSecond are left out,
// and told in one line when their second is over.
type sums struct {
	next slog.Handler
	mu   sync.Mutex
	of   map[sumKey]*sum
	// left is how many messages have something left out.
	left int
}

type sumKey struct {
	level   slog.Level
	message string
}

type sum struct {
	since         time.Time
	told, leftOut int
}

func newSums(next slog.Handler) *sums { return &sums{next: next, of: map[sumKey]*sum{}} }

// take tells whether the record goes to the log, and the lines for what was
// left out of seconds that are over.
func (s *sums) take(r slog.Record) (log bool, lines []slog.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left > 0 {
		lines = s.over(r.Time, false)
	}
	key := sumKey{r.Level, r.Message}
	n := s.of[key]
	if n == nil {
		if len(s.of) >= maxMessages {
			return true, lines
		}
		n = &sum{since: r.Time}
		s.of[key] = n
	}
	if r.Time.Sub(n.since) >= time.Second {
		n.since, n.told = r.Time, 0
	}
	if n.told < perSecond {
		n.told++
		return true, lines
	}
	if n.leftOut == 0 {
		s.left++
	}
	n.leftOut++
	return false, lines
}

// over makes the lines of all seconds that have ended, or of all.
func (s *sums) over(now time.Time, all bool) (lines []slog.Record) {
	for key, n := range s.of {
		if n.leftOut == 0 || !all && now.Sub(n.since) < time.Second {
			continue
		}
		line := slog.NewRecord(now, key.level, key.message, 0)
		line.AddAttrs(slog.Int("summed_up", n.leftOut))
		lines = append(lines, line)
		n.leftOut = 0
		s.left--
	}
	return lines
}

// flush tells what is left.
func (s *sums) flush() {
	s.mu.Lock()
	lines := s.over(time.Now(), true)
	s.mu.Unlock()
	for _, line := range lines {
		_ = s.next.Handle(context.Background(), line) // a log that fails ends nothing
	}
}

// summing is the handler of sums. Handlers made of it by With share its counts.
type summing struct {
	sums *sums
	next slog.Handler
}

// Enabled tells what the next handler takes.
func (h *summing) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle passes on a record, unless there were too many of its kind.
func (h *summing) Handle(ctx context.Context, r slog.Record) error {
	log, lines := h.sums.take(r)
	for _, line := range lines {
		if err := h.sums.next.Handle(ctx, line); err != nil {
			return err
		}
	}
	if !log {
		return nil
	}
	return h.next.Handle(ctx, r)
}

// WithAttrs adds attributes to what follows.
func (h *summing) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &summing{h.sums, h.next.WithAttrs(attrs)}
}

// WithGroup puts what follows into a group.
func (h *summing) WithGroup(name string) slog.Handler {
	return &summing{h.sums, h.next.WithGroup(name)}
}
