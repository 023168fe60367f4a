package rtmptest

import (
	"errors"
	"io"
	"net"
	"time"
)

// mostUnderWay is how many pieces may be under way in one direction.
const mostUnderWay = 4096

// piece is what is under way.
type piece struct {
	bytes []byte
	err   error // the end, with which no bytes come
	due   time.Time
}

// far puts a distance between a client, whose other end near is, and the server:
// what either sends arrives by Script.Delay later, in order. It returns the
// server's end.
func (s *Server) far(near net.Conn, size int) net.Conn {
	inner, server := Pipe(size)
	s.carry(inner, near)
	s.carry(near, inner)
	return server
}

// carry takes one direction. Its two goroutines end with the connection, and are
// joined by Close.
func (s *Server) carry(to, from net.Conn) {
	way := make(chan piece, mostUnderWay)
	s.running.Go(func() {
		defer close(way)
		for {
			b := make([]byte, 4096)
			n, err := from.Read(b)
			p := piece{b[:n], err, time.Now().Add(s.script.Delay())}
			select {
			case way <- p:
			case <-s.done:
				return
			}
			if err != nil {
				return
			}
		}
	})
	s.running.Go(func() {
		for p := range way {
			if d := time.Until(p.due); d > 0 {
				s.wait(d)
			}
			if _, err := to.Write(p.bytes); err != nil {
				hangUp(from) // nobody takes what comes
			}
			if p.err == nil {
				continue
			}
			if errors.Is(p.err, io.EOF) {
				endWrite(to)
			} else {
				hangUp(to)
			}
		}
	})
}

// wait ends early with the server.
func (s *Server) wait(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.done:
	}
}

// endWrite passes on that one direction has ended.
func endWrite(conn net.Conn) {
	if end, ok := conn.(*pipeEnd); ok {
		_ = end.CloseWrite()
	}
}

// hangUp resets a connection.
func hangUp(conn net.Conn) {
	if end, ok := conn.(*pipeEnd); ok {
		_ = end.SetLinger(0)
	}
	_ = conn.Close()
}
