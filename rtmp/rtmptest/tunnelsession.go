package rtmptest

import (
	"io"
	"log"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// tunnelSession is what lies between the requests of a tunnel and the session
// that they carry.
type tunnelSession struct {
	t    testing.TB
	conn net.Conn // to the Session
	left int      // requests until the session is forgotten; below 0: forever
	over chan struct{}

	mu    sync.Mutex
	next  uint64 // the number that is due
	out   []byte // for the client
	ended bool   // the Session's side
	hint  byte
}

func newTunnelSession(t testing.TB, conn net.Conn, endAfter int) *tunnelSession {
	s := &tunnelSession{t: t, conn: conn, left: -1, over: make(chan struct{}), hint: 1}
	if endAfter > 0 {
		s.left = endAfter
	}
	return s
}

// pump takes what the Session sends. It ends with the connection to it, and is
// joined by Server.Close.
func (s *tunnelSession) pump() {
	defer close(s.over)
	b := make([]byte, 4096)
	for {
		n, err := s.conn.Read(b)
		s.mu.Lock()
		s.out = append(s.out, b[:n]...)
		s.ended = err != nil
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// answer handles a request; false ends the session.
func (s *tunnelSession) answer(verb, number string, body []byte) ([]byte, bool) {
	if !s.expected(number) {
		return nil, false
	}
	switch verb {
	case "send":
		if _, err := s.conn.Write(body); err != nil { // it waits while the Session does not read
			<-s.over // which knows the end then
		}
	case "idle":
	case "close":
		if half, ok := s.conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		return []byte{0}, true
	default:
		return nil, false
	}
	return s.take()
}

// expected checks the number of a request: one after the other.
func (s *tunnelSession) expected(number string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left == 0 {
		return false
	}
	s.left--
	if number != strconv.FormatUint(s.next, 10) {
		s.t.Errorf("rtmptest: request %q of the tunnel where %d was due", number, s.next)
		return false
	}
	s.next++
	return true
}

// take returns what there is for the client, behind the byte that says when to
// ask again; false when there will be no more.
func (s *tunnelSession) take() ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.out) == 0 {
		s.hint = min(2*s.hint, 0x21)
		return []byte{s.hint}, !s.ended
	}
	s.hint = 1
	reply := append([]byte{s.hint}, s.out...)
	s.out = s.out[:0]
	return reply, true
}

func (s *tunnelSession) pause(d time.Duration, gone <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.over:
	case <-gone:
	}
}

// quiet drops what net/http logs of clients that hang up.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// pipeListener gives the server's ends of pipes to net/http.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	close sync.Once
}

// Accept waits for the next connection.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept.
func (l *pipeListener) Close() error {
	l.close.Do(func() { close(l.done) })
	return nil
}

// Addr is the server's end.
func (l *pipeListener) Addr() net.Addr { return pipeAddr("server") }
