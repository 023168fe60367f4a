package rtmp

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"rtmpwriter/rtmp/internal/tunnel"
)

// opTunnel is the step of opening a tunnel, as OpError.Op and Step.Op name it.
const opTunnel = "tunnel"

// carrierSchemes has what carries the HTTP of a tunnel.
var carrierSchemes = map[string]string{"rtmpt": "rtmp", "rtmpts": "rtmps"}

// carrier opens the connections beneath a tunnel, one after another, as those
// of rtmp and rtmps are opened.
type carrier struct {
	url    URL
	cfg    Config
	opened time.Time // the first; zero before
	socket atomic.Pointer[net.Conn]
}

// dial opens the next connection. It is not called twice at once.
func (k *carrier) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, k.cfg.ConnectTimeout)
	defer cancel()
	raw, conn, err := open(ctx, &k.url, k.cfg)
	if err != nil {
		return nil, err
	}
	k.socket.Store(&raw)
	if k.opened.IsZero() {
		k.opened = time.Now()
		// A server that closes after every reply must not fill the log.
		k.cfg.OnStep, k.cfg.Logger = nil, slog.New(slog.DiscardHandler)
	}
	return carried{conn, raw}, nil
}

// carried is a connection beneath a tunnel. TLS would say goodbye when it is
// closed, and wait for a server that takes nothing; HTTP has said all there is.
type carried struct {
	net.Conn
	raw net.Conn
}

// Close closes the socket.
func (c carried) Close() error { return c.raw.Close() }

// tunnelConn is a tunnel with what lies beneath it.
type tunnelConn struct {
	*tunnel.Conn
	beneath *carrier
}

// Read reads what the server has sent.
func (t *tunnelConn) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	return n, broken(err)
}

// Write gives bytes to the next request.
func (t *tunnelConn) Write(b []byte) (int, error) {
	n, err := t.Conn.Write(b)
	return n, broken(err)
}

// WriteBuffers gives a vector to the next request.
func (t *tunnelConn) WriteBuffers(v *net.Buffers) (int64, error) {
	n, err := t.Conn.WriteBuffers(v)
	return n, broken(err)
}

// broken says that the server broke the protocol, where it did.
func broken(err error) error {
	var format *tunnel.FormatError
	if errors.As(err, &format) {
		return &ProtocolError{format.Reason}
	}
	return err
}

// SetLinger with 0 makes Close abrupt, for the tunnel and for its socket.
func (t *tunnelConn) SetLinger(seconds int) error {
	if s, ok := (*t.beneath.socket.Load()).(interface{ SetLinger(int) error }); ok {
		_ = s.SetLinger(seconds) // fails on a closed socket only
	}
	return t.Conn.SetLinger(seconds)
}

// openTunnel opens a session of RTMP through HTTP, for rtmpt and rtmpts.
func openTunnel(ctx context.Context, u *URL, cfg Config) (raw, conn net.Conn, err error) {
	k := &carrier{url: *u, cfg: cfg}
	k.url.Scheme = carrierSchemes[u.Scheme]
	inner, err := tunnel.Client(ctx, k.dial, u.authority(u.peer()))
	if err != nil {
		err = tunnelError(ctx, u, err)
	}
	if !k.opened.IsZero() { // else it failed in a step of the carrier's, which has been told
		cfg.step(Step{Op: opTunnel, Addr: u.Addr(), Err: errors.Unwrap(err)}, k.opened)
	}
	if err != nil {
		return nil, nil, err
	}
	t := &tunnelConn{inner, k}
	return t, t, nil
}

// tunnelError names the step, unless the carrier has.
func tunnelError(ctx context.Context, u *URL, err error) error {
	var op *OpError
	if errors.As(err, &op) {
		return op
	}
	return &OpError{opTunnel, u.Addr(), ended(ctx, broken(err))}
}

// signs counts what shows that the server is there although it says nothing in
// RTMP: through a tunnel an answer comes with one of the replies after the one
// to its question, and each may need a connection of its own.
func (c *Conn) signs() uint64 {
	if t, ok := c.raw.(*tunnelConn); ok {
		return t.Signs()
	}
	return 0
}

// undelivered is how many of the bytes written have not reached the server's
// TCP, as far as that can be told.
func undelivered(conn net.Conn) int {
	if t, ok := conn.(*tunnelConn); ok {
		return t.Unsent() + unsent(*t.beneath.socket.Load())
	}
	return unsent(conn)
}
