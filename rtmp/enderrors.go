package rtmp

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"rtmpwriter/rtmp/internal/tunnel"
)

// silentCloseError is the end that servers give to whom they don't want.
type silentCloseError struct {
	op  string
	err error // io.EOF, or the reset
}

func (e *silentCloseError) Error() string {
	how := "the server reset the connection without a word"
	var (
		lost   *tunnel.LostError
		status *tunnel.StatusError
	)
	switch {
	case errors.As(e.err, &lost), errors.As(e.err, &status):
		how = e.err.Error()
	case errors.Is(e.err, io.EOF):
		how = "the server closed the connection without a word"
	}
	hint := "it may not accept the stream key, or the name is in use"
	switch e.op {
	case opHandshake:
		hint = "is this the port of an RTMP server, and not one that wants TLS (rtmps)?"
	case opTLS:
		hint = "is this a port on which it speaks TLS (rtmps), and not one for plain RTMP (rtmp)?"
	case opConnect:
		hint = "it may not know the application, or not accept the stream's credentials"
	}
	return how + "; " + hint
}

func (e *silentCloseError) Unwrap() error { return e.err }

// peerClosedError is an end in the middle of publishing.
type peerClosedError struct {
	err   error
	early bool // right after publishing began
}

func (e *peerClosedError) Error() string {
	const early, hint = " right after publishing began", "; it may not accept the stream key"
	closed := errors.Is(e.err, io.EOF)
	switch {
	case closed && e.early:
		return "the server closed the connection" + early + hint
	case closed:
		return "the server closed the connection"
	case e.early:
		return "the connection was cut" + early + " (" + bareText(e.err) + ")" + hint
	}
	return "the connection was cut: " + bareText(e.err)
}

// bareText leaves out the system call's name too.
func bareText(err error) string {
	text := causeText(err)
	var call *os.SyscallError
	if errors.As(err, &call) && text == call.Error() {
		return call.Err.Error()
	}
	return text
}

func (e *peerClosedError) Unwrap() error { return e.err }

// deadPeerError is the end of a session whose peer is gone without a word.
type deadPeerError struct {
	limit time.Duration
	err   error // the system's
}

func (e *deadPeerError) Error() string {
	return fmt.Sprintf("the server has not acknowledged anything for %v (peer-timeout)", e.limit)
}

func (e *deadPeerError) Unwrap() error { return e.err }

func (e *deadPeerError) Timeout() bool { return true }

// Is makes it a bound on time, as the others are.
func (e *deadPeerError) Is(target error) bool { return target == os.ErrDeadlineExceeded }

// closedError is Err after Close and Abort.
type closedError struct{ how string }

func (e *closedError) Error() string { return "the session was " + e.how + " on this side" }

func (e *closedError) Unwrap() error { return net.ErrClosed }
