package tunnel

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// StatusError is an HTTP status that refuses or ends the session.
type StatusError struct {
	// Code is the status, for example 404.
	Code int
	// Opening tells that there was no session yet.
	Opening bool
}

// Error says what it means, with the status.
func (e *StatusError) Error() string {
	status := fmt.Sprint(e.Code)
	if text := http.StatusText(e.Code); text != "" {
		status += " " + text
	}
	if e.Opening {
		return "the server opens no tunnel: " + status + " (does it take RTMP through HTTP on this port?)"
	}
	return "the server ended the tunnel's session: " + status
}

// Unwrap makes it the end of a connection, which may be had later, unless the
// server has refused for good.
func (e *StatusError) Unwrap() error {
	later := e.Code >= 500 || e.Code == http.StatusRequestTimeout || e.Code == http.StatusTooManyRequests
	if e.Opening && !later {
		return nil
	}
	return io.ErrUnexpectedEOF
}

// FormatError says how a reply is not one of a tunnel's server, or exceeds a
// limit.
type FormatError struct {
	// Reason says what came.
	Reason string
}

// Error returns the reason.
func (e *FormatError) Error() string { return e.Reason }

// LostError tells that a request got no reply and that no other connection
// could help.
type LostError struct {
	// Err is what the transport said, nil when it said nothing for too long.
	Err error
}

// Error says how the reply failed to come.
func (e *LostError) Error() string {
	switch {
	case e.Err == nil:
		return fmt.Sprintf("the server did not answer a request of the tunnel within %v", replyLimit)
	case errors.Is(e.Err, io.EOF), errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "the server closed the tunnel's HTTP connection before it had replied"
	default:
		return "the tunnel's HTTP connection failed: " + e.Err.Error()
	}
}

// Unwrap makes it the end of a connection, of which the transport's error is
// the reason. Its deadlines are left out: they are not the tunnel's own, after
// which one may try again; and so is io.EOF, which is the good end.
func (e *LostError) Unwrap() []error {
	if e.Err == nil || errors.Is(e.Err, io.EOF) || errors.Is(e.Err, os.ErrDeadlineExceeded) {
		return []error{io.ErrUnexpectedEOF}
	}
	return []error{io.ErrUnexpectedEOF, e.Err}
}
