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

// carriers are the schemes of what carries a tunnel's HTTP.
var carriers = map[string]string{"rtmpt": "rtmp", "rtmpts": "rtmps"}

// tunnelConn is a tunnel to the server, with what lies beneath it.
type tunnelConn struct {
	*tunnel.Conn
	socket *atomic.Pointer[net.Conn] // the last one opened
}

// openTunnel opens a session of RTMP through HTTP, for rtmpt and rtmpts. The
// connections that carry it, one after another, are opened as those of rtmp and
// rtmps are.
func openTunnel(ctx context.Context, u *URL, cfg Config) (raw, conn net.Conn, err error) {
	way := *u
	way.Scheme = carriers[u.Scheme]
	t := &tunnelConn{socket: new(atomic.Pointer[net.Conn])}
	later := cfg // a server that closes after every reply must not fill the log
	later.OnStep, later.Logger = nil, slog.New(slog.DiscardHandler)
	begun, first := time.Now(), true
	dial := func(ctx context.Context) (net.Conn, error) { // not called twice at once
		config := later
		if first {
			config = cfg
		}
		ctx, cancel := context.WithTimeout(ctx, cfg.ConnectTimeout)
		defer cancel()
		raw, conn, err := open(ctx, &way, config)
		if err != nil {
			return nil, err
		}
		t.socket.Store(&raw)
		if first {
			begun, first = time.Now(), false
		}
		return conn, nil
	}
	t.Conn, err = tunnel.Client(ctx, dial, u.authority(u.peer()))
	if first { // the carrier's steps have told it
		return nil, nil, tunnelError(ctx, u, err)
	}
	if err != nil {
		err = tunnelError(ctx, u, err)
	}
	cfg.step(Step{Op: opTunnel, Addr: u.Addr(), Err: errors.Unwrap(err)}, begun)
	if err != nil {
		return nil, nil, err
	}
	return t, t, nil
}

// tunnelError names the step where the carrier has not.
func tunnelError(ctx context.Context, u *URL, err error) error {
	var (
		op      *OpError
		foreign *tunnel.FormatError
	)
	switch {
	case errors.As(err, &op):
		return op
	case errors.As(err, &foreign):
		err = &ProtocolError{foreign.Reason}
	}
	return &OpError{opTunnel, u.Addr(), ended(ctx, err)}
}

// undelivered is how many of the bytes written have not reached the server's
// TCP, as far as that can be told.
func undelivered(conn net.Conn) int {
	t, ok := conn.(*tunnelConn)
	if !ok {
		return unsent(conn)
	}
	return t.Unsent() + unsent(*t.socket.Load())
}
