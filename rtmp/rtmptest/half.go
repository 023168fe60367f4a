package rtmptest

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// half is one direction of a Pipe.
type half struct {
	mu     sync.Mutex
	change sync.Cond // of anything below
	buffer []byte
	size   int

	writeEnded  bool // the writer will write no more
	writeClosed bool // and has closed its end
	readClosed  bool // the reader has closed its end
	wasReset    bool
	readBy      deadline
	writeBy     deadline
}

type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func newHalf(size int) *half {
	h := &half{size: size}
	h.change.L = &h.mu
	return h
}

func (h *half) read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.readClosed:
			return 0, net.ErrClosed
		case h.wasReset:
			return 0, syscall.ECONNRESET
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(h.buffer) > 0 || len(b) == 0:
			n := copy(b, h.buffer)
			h.buffer = h.buffer[n:]
			h.change.Broadcast()
			return n, nil
		case h.writeEnded:
			return 0, io.EOF
		}
		h.change.Wait()
	}
}

func (h *half) write(b []byte) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.writeClosed:
			return n, net.ErrClosed
		case h.wasReset:
			return n, syscall.ECONNRESET
		case h.writeEnded || h.readClosed:
			return n, syscall.EPIPE
		case h.writeBy.passed():
			return n, os.ErrDeadlineExceeded
		case n == len(b):
			return n, nil
		}
		if room := min(h.size-len(h.buffer), len(b)-n); room > 0 {
			h.buffer = append(h.buffer, b[n:n+room]...)
			n += room
			h.change.Broadcast()
			continue
		}
		h.change.Wait()
	}
}

func (h *half) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
	h.change.Broadcast()
}

func (h *half) endWrite()   { h.set(func() { h.writeEnded = true }) }
func (h *half) closeLocal() { h.set(func() { h.writeClosed = true }) }
func (h *half) reset()      { h.set(func() { h.wasReset, h.buffer = true, nil }) }

// endRead closes the reader's end and tells whether bytes were unread.
func (h *half) endRead() (unread bool) {
	h.set(func() { unread, h.readClosed = len(h.buffer) > 0, true })
	return unread
}

func (h *half) setDeadline(d *deadline, t time.Time) {
	h.set(func() {
		if d.timer != nil {
			d.timer.Stop()
		}
		d.at, d.timer = t, nil
		if !t.IsZero() {
			d.timer = time.AfterFunc(time.Until(t), func() { h.set(func() {}) })
		}
	})
}
