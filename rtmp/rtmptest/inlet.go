package rtmptest

import (
	"bytes"
	"net"
	"sync"
	"time"
)

// inlet is what the server reads from: it counts, keeps, slows down and stalls.
type inlet struct {
	conn  net.Conn
	ended <-chan struct{}
	rate  int
	size  int // of one read; 0: any
	keep  bool
	every int64
	ackAs func(int64) uint32

	mu      sync.Mutex
	raw     []byte
	n       int64
	told    int64
	resumed chan struct{} // nil unless stalled; closed by Resume
}

func newInlet(conn net.Conn, ended <-chan struct{}, script *Script) *inlet {
	return &inlet{
		conn: conn, ended: ended, rate: script.ReadRate, size: script.ReadSize, keep: script.Raw,
		every: int64(script.AckEvery), ackAs: script.AckAs,
	}
}

// Read reads from the client, once it may.
func (in *inlet) Read(b []byte) (int, error) {
	in.mu.Lock()
	resumed := in.resumed
	in.mu.Unlock()
	if resumed != nil {
		select {
		case <-resumed:
		case <-in.ended:
			return 0, net.ErrClosed
		}
	}
	if in.size > 0 {
		b = b[:min(len(b), in.size)]
	}
	if in.rate > 0 { // in pieces of 20 ms at most
		b = b[:min(len(b), max(in.rate/50, 1))]
	}
	n, err := in.conn.Read(b)
	in.mu.Lock()
	in.n += int64(n)
	if in.keep {
		in.raw = append(in.raw, b[:n]...)
	}
	in.mu.Unlock()
	if in.rate > 0 {
		in.pause(time.Duration(n) * time.Second / time.Duration(in.rate))
	}
	return n, err
}

func (in *inlet) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-in.ended:
	}
}

func (in *inlet) stall(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case on && in.resumed == nil:
		in.resumed = make(chan struct{})
	case !on && in.resumed != nil:
		close(in.resumed)
		in.resumed = nil
	}
}

// acknowledgement tells the count when one is due: without what was read ahead, so
// that what is acknowledged has been seen, whatever happens next.
func (in *inlet) acknowledgement(ahead int) (uint32, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	n := in.n - int64(ahead)
	if in.every == 0 || n-in.told < in.every {
		return 0, false
	}
	in.told = n
	if in.ackAs != nil {
		return in.ackAs(n), true
	}
	return uint32(n), true
}

func (in *inlet) kept() []byte {
	in.mu.Lock()
	defer in.mu.Unlock()
	return bytes.Clone(in.raw)
}

func (in *inlet) count() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.n
}
