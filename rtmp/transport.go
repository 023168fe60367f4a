package rtmp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
)

// open dials the server, sets the socket's options and, for rtmps, runs the
// TLS handshake. conn is raw, or TLS over it. A tunnel is both raw and conn.
func open(ctx context.Context, u *URL, cfg Config) (raw, conn net.Conn, err error) {
	if strings.HasPrefix(u.Scheme, "rtmpt") {
		return openTunnel(ctx, u, cfg)
	}
	dial := cfg.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	raw, err = dial(ctx, "tcp", u.Addr())
	if err != nil {
		op := opDial
		var dns *net.DNSError
		if errors.As(err, &dns) {
			op = opResolve
		}
		return nil, nil, &OpError{op, u.Addr(), ended(ctx, err)}
	}
	if err := setSocketOptions(raw, cfg); err != nil {
		_ = raw.Close()
		return nil, nil, &OpError{opDial, u.Addr(), err}
	}
	if u.Scheme != "rtmps" {
		return raw, raw, nil
	}
	secure, err := startTLS(ctx, raw, u, cfg)
	if err != nil {
		_ = raw.Close()
		return nil, nil, &OpError{opTLS, u.Addr(), ended(ctx, err)}
	}
	return raw, secure, nil
}

// setSocketOptions applies what the connection can have: a pipe has none.
// While connecting, small messages follow each other, and Nagle's algorithm
// would wait for the server's delayed acknowledgement (40 ms) between them.
func setSocketOptions(conn net.Conn, cfg Config) error {
	if err := setNoDelay(conn, true); err != nil {
		return err
	}
	if s, ok := conn.(interface{ SetWriteBuffer(int) error }); ok && cfg.SocketBuffer > 0 {
		return s.SetWriteBuffer(cfg.SocketBuffer)
	}
	return nil
}

func setNoDelay(conn net.Conn, on bool) error {
	if s, ok := conn.(interface{ SetNoDelay(bool) error }); ok {
		return s.SetNoDelay(on)
	}
	return nil
}

func startTLS(ctx context.Context, raw net.Conn, u *URL, cfg Config) (net.Conn, error) {
	config := &tls.Config{}
	if cfg.TLS != nil {
		config = cfg.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = u.peer() // also sent as SNI, which some ingests demand
	}
	secure := tls.Client(stallConn{raw, newStallWriter(raw, cfg.SendTimeout)}, config)
	return secure, secure.HandshakeContext(ctx)
}

// ended replaces an error that came of the context's end by the reason for
// that end.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
