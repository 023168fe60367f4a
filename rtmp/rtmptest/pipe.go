package rtmptest

import (
	"net"
	"sync/atomic"
	"time"
)

// Pipe returns the two ends of a connection in memory that behaves like TCP on
// loopback: a write waits only while size bytes are under way, each direction
// closes by itself, and a close with unread bytes or SetLinger(0) is a reset,
// which loses what is under way. Unlike sockets it may be used within a
// testing/synctest bubble; both ends must be made and used in the same one.
func Pipe(size int) (client, server net.Conn) {
	up, down := newHalf(size), newHalf(size)
	return &pipeEnd{in: down, out: up, name: "client"}, &pipeEnd{in: up, out: down, name: "server"}
}

type pipeEnd struct {
	in, out *half
	name    pipeAddr
	reset   atomic.Bool // at Close
}

func (e *pipeEnd) Read(b []byte) (int, error)  { return e.in.read(b) }
func (e *pipeEnd) Write(b []byte) (int, error) { return e.out.write(b) }

// CloseWrite ends this end's direction; the other goes on.
func (e *pipeEnd) CloseWrite() error {
	e.out.endWrite()
	return nil
}

// SetLinger with 0 makes Close a reset, as on TCP.
func (e *pipeEnd) SetLinger(seconds int) error {
	e.reset.Store(seconds == 0)
	return nil
}

// Close closes both directions.
func (e *pipeEnd) Close() error {
	unread := e.in.endRead()
	e.out.closeLocal()
	if e.reset.Load() || unread {
		e.in.reset()
		e.out.reset()
		return nil
	}
	e.out.endWrite()
	return nil
}

func (e *pipeEnd) LocalAddr() net.Addr { return e.name }

func (e *pipeEnd) RemoteAddr() net.Addr {
	if e.name == "client" {
		return pipeAddr("server")
	}
	return pipeAddr("client")
}

func (e *pipeEnd) SetDeadline(t time.Time) error {
	e.in.setDeadline(&e.in.readBy, t)
	e.out.setDeadline(&e.out.writeBy, t)
	return nil
}

func (e *pipeEnd) SetReadDeadline(t time.Time) error {
	e.in.setDeadline(&e.in.readBy, t)
	return nil
}

func (e *pipeEnd) SetWriteDeadline(t time.Time) error {
	e.out.setDeadline(&e.out.writeBy, t)
	return nil
}

// pipeAddr is the address of an end.
type pipeAddr string

func (pipeAddr) Network() string  { return "pipe" }
func (a pipeAddr) String() string { return string(a) }
