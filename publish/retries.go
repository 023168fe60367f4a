package publish

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rtmpwriter/rtmp"
)

const (
	// leastInterval is the shortest ReconnectInterval with which there is any
	// reconnecting (specification, section 4).
	leastInterval = 100 * time.Millisecond
	// successAfter is how long a session must live to count as a success where
	// the server acknowledges nothing. Servers that mean no close within a
	// second of their go-ahead; two leave room for slow ones.
	successAfter = 2 * time.Second
)

// ReconnectError tells that a connection was lost and could not be made again:
// the attempts are used up, or the server refuses for good.
type ReconnectError struct {
	// Attempts is how many were made since the last success.
	Attempts int
	// Err is how the last one failed.
	Err error
}

// Error tells the attempts and the last cause.
func (e *ReconnectError) Error() string {
	times := "attempts"
	if e.Attempts == 1 {
		times = "attempt"
	}
	return fmt.Sprintf("gave up after %d %s to reconnect, the last: %v", e.Attempts, times, e.Err)
}

// Unwrap returns the last cause.
func (e *ReconnectError) Unwrap() error { return e.Err }

// retries decides whether, when and where a lost connection is tried again. It
// belongs to whoever holds Publisher.dialing.
type retries struct {
	options  *Options
	at       int    // the URL in use, or tried last
	attempts int    // since the last success
	refused  []bool // URLs that were refused for good since the last success
	worked   bool   // the URL in use worked until now
	started  bool   // there was a session that the server did not close at once
	began    time.Time
	setup    uint64 // bytes sent before any media of the session
}

func newRetries(o *Options, urls int) retries {
	return retries{options: o, refused: make([]bool, urls)}
}

// begin forgets how an earlier start failed.
func (r *retries) begin() {
	r.attempts, r.worked = 0, false
	clear(r.refused)
}

// connected notes a session that has just begun.
func (r *retries) connected(conn *rtmp.Conn) {
	r.began, r.setup = time.Now(), conn.Stats().BytesSent
}

// lost notes the end of the session. One that the server had acknowledged media
// of, or that lived for successAfter, was a success: the attempts start again.
// A server that gives the go-ahead and closes must not start them again, or the
// waits would never grow and the attempts never end.
func (r *retries) lost(conn *rtmp.Conn, why error) {
	if rtmp.ClosedEarly(why) {
		return
	}
	r.started = true
	if time.Since(r.began) >= successAfter || conn.Stats().BytesAcknowledged > r.setup {
		r.anew()
	}
}

// anew starts the attempts again.
func (r *retries) anew() {
	r.attempts, r.worked = 0, true
	clear(r.refused)
}

// failed notes why the present URL failed.
func (r *retries) failed(why error) error {
	r.refused[r.at] = r.refused[r.at] || !Retryable(why)
	return r.over(why)
}

// over is the error to end with after why, or nil when another attempt is to be
// made.
func (r *retries) over(why error) error {
	o := r.options
	switch {
	case !o.ReconnectUnlimited && r.attempts >= o.ReconnectAttempts, o.ReconnectInterval < leastInterval:
	case !slices.Contains(r.refused, false):
	case !r.started && !o.ReconnectOnStart && rtmp.ClosedEarly(why): // the start has failed
	default:
		return nil
	}
	if r.attempts == 0 {
		return why
	}
	return &ReconnectError{r.attempts, why}
}

// next chooses the URL of the next attempt: in their order, those left out that
// were refused for good. An outage begins with the one that worked, or with the
// first where the options want that.
func (r *retries) next() {
	at := r.at + 1
	switch {
	case r.attempts == 0 && r.options.BackupReturn:
		at = 0
	case r.worked:
		at = r.at
	}
	r.worked = false
	for i := range r.refused {
		if r.at = (at + i) % len(r.refused); !r.refused[r.at] {
			return
		}
	}
}

// wait is how long to wait before the next attempt: the interval, doubled with
// every attempt, by a quarter more or less so that the publishers of a server
// do not all come back at once. Never below the interval or above the maximum.
func (r *retries) wait() time.Duration {
	least, most := r.options.ReconnectInterval, r.options.ReconnectMaxInterval
	if most <= least {
		return least
	}
	middle := least
	for i := 0; i < r.attempts && middle < most; i++ {
		middle *= 2
	}
	middle = min(middle, most)
	from, to := max(least, middle-middle/4), min(most, middle+middle/4)
	return from + rand.N(to-from+1) //nolint:gosec // jitter needs no secrecy
}
