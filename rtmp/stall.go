package rtmp

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// stallWriter writes to a connection for as long as bytes move, and gives up
// when the peer has taken none for limit. It is used by one goroutine at a
// time.
//
// The connection's deadline lies one to two ticks ahead and is renewed once a
// tick at most, not at every write. When it is reached, what has moved decides.
type stallWriter struct {
	conn     net.Conn
	limit    time.Duration // 0: the layer below bounds it
	tick     time.Duration
	final    bool // a timeout leaves the connection unusable
	deadline time.Time
	before   uint64        // what the socket had sent when this began, where that is needed
	offered  atomic.Uint64 // bytes that may have left, those of a write under way included
	sent     atomic.Uint64
}

// ticks is how often within the limit a stalled write is looked at. A write
// that is tried again also meets room that the kernel does not announce before
// a third of its buffer is free.
const ticks = 8

func newStallWriter(conn net.Conn, limit time.Duration) *stallWriter {
	w := &stallWriter{conn: conn, limit: limit, tick: limit / ticks, before: sentBefore(conn)}
	if _, ok := conn.(*secureConn); ok { // a record cut short can't be mended
		w.final, w.tick = true, limit
	}
	return w
}

// Write writes all of b, or fails.
func (w *stallWriter) Write(b []byte) (int, error) {
	total := 0
	w.offered.Add(uint64(len(b)))
	err := w.retry(func() (int64, error) {
		n, err := w.conn.Write(b[total:])
		total += n
		return int64(n), err
	})
	return total, err
}

// retry calls write until it succeeds or stalls.
func (w *stallWriter) retry(write func() (int64, error)) error {
	moved := time.Now()
	w.arm(moved)
	for {
		n, err := write()
		w.sent.Add(uint64(n))
		if err == nil || w.final || w.limit == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		now := time.Now()
		if n > 0 {
			moved = now
		} else if now.Sub(moved) >= w.limit {
			return &timeoutError{"the server took no data", w.limit, "send timeout"}
		}
		w.setDeadline(now.Add(min(w.tick, w.limit-now.Sub(moved))))
	}
}

// arm sees to it that the deadline is at least one tick ahead.
func (w *stallWriter) arm(now time.Time) {
	if w.limit > 0 && w.deadline.Sub(now) < w.tick {
		w.setDeadline(now.Add(2 * w.tick))
	}
}

func (w *stallWriter) setDeadline(t time.Time) {
	w.deadline = t
	// A connection that can't have a deadline fails at the write itself.
	_ = w.conn.SetWriteDeadline(t)
}

// stallConn puts the bound beneath TLS, which can't go on after a timeout of
// its own.
type stallConn struct {
	net.Conn
	w *stallWriter
}

// Write writes all of b, or fails when the peer takes nothing.
func (c stallConn) Write(b []byte) (int, error) { return c.w.Write(b) }
