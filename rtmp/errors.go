package rtmp

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// The steps of a session, as OpError.Op names them.
const (
	opResolve      = "resolve"
	opDial         = "dial"
	opTLS          = "tls"
	opProxy        = "proxy"
	opHandshake    = "handshake"
	opAuth         = "auth"
	opConnect      = "connect"
	opCreateStream = "createStream"
	opPublish      = "publish"
	opWrite        = "write"
	opRead         = "read"
	opClose        = "close"
)

// OpError says which step failed, and with which server.
type OpError struct {
	// Op is "resolve", "dial", "proxy", "tls", "tunnel", "handshake", "auth",
	// "connect", "createStream", "publish", "call", "write", "read" or "close".
	Op string
	// Addr is the server's host and port, or the proxy's.
	Addr string
	// Err is the cause.
	Err error
}

// Error names the step, the server and the cause, and what to do where that is
// known.
func (e *OpError) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Op, e.Addr, causeText(e.Err))
}

// Unwrap returns the cause.
func (e *OpError) Unwrap() error { return e.Err }

// Timeout reports whether a bound on time ended the step.
func (e *OpError) Timeout() bool { return errors.Is(e.Err, os.ErrDeadlineExceeded) }

// causeText leaves out what net.OpError says of step and address, which were
// said before, and adds what the user can do.
func causeText(err error) string {
	text := err.Error()
	var op *net.OpError
	if errors.As(err, &op) && text == op.Error() && op.Err != nil {
		text = op.Err.Error()
	}
	var dns *net.DNSError
	hint := ""
	switch {
	case errors.Is(err, connectionRefused):
		hint = " (does a server listen on this port?)"
	case errors.As(err, &dns) && dns.IsNotFound:
		hint = " (is the host name right, and the network up?)"
	}
	if strings.Contains(text, hint) { // a cause within has said it, or there is none
		return text
	}
	return text + hint
}

// StatusError is the server's own no: an onStatus or _error of the level error.
type StatusError struct {
	// Op is what was refused: "connect", "createStream", "publish" or "call".
	Op string
	// Code is for example NetStream.Publish.BadName, Level usually "error".
	Code, Level string
	// Description is the server's text, with secrets masked.
	Description string
}

// Error shows the code and the server's words.
func (e *StatusError) Error() string {
	switch {
	case e.Code == "" && e.Description == "":
		return "the server refused without a reason"
	case e.Description == "":
		return "the server refused: " + e.Code
	case e.Code == "":
		return "the server refused: " + e.Description
	default:
		return "the server refused: " + e.Code + ": " + e.Description
	}
}

// AuthError says that the server wants authentication and did not get what it
// wants. Trying again does not help, and may lock the account.
type AuthError struct {
	// Kind is "adobe" or "limelight"; empty when the server did not say.
	Kind string
	// Reason says what is wrong and what to do, without secrets.
	Reason string
	// Status is the server's refusal; nil when it has none but its words.
	Status *StatusError
}

// Error returns the reason.
func (e *AuthError) Error() string { return e.Reason }

// Unwrap returns the server's refusal.
func (e *AuthError) Unwrap() error {
	if e.Status == nil {
		return nil
	}
	return e.Status
}

// ProtocolError says how the server broke the protocol or exceeded a limit.
type ProtocolError struct {
	// Reason says what it sent or did.
	Reason string
}

// Error returns the reason.
func (e *ProtocolError) Error() string { return "the server broke the protocol: " + e.Reason }

// timeoutError says which bound of Config was reached.
type timeoutError struct {
	what   string
	limit  time.Duration
	option string
}

func (e *timeoutError) Error() string {
	return fmt.Sprintf("%s within %v (%s)", e.what, e.limit, e.option)
}

func (e *timeoutError) Timeout() bool { return true }

func (e *timeoutError) Unwrap() error { return os.ErrDeadlineExceeded }
