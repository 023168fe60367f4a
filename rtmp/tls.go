package rtmp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// startTLS runs the handshake of rtmps over raw.
func startTLS(ctx context.Context, raw net.Conn, u *URL, cfg Config) (net.Conn, error) {
	begun := time.Now()
	secure := newSecureConn(raw, tlsFor(u.Host, cfg.TLS), cfg.SendTimeout)
	err := secure.HandshakeContext(ctx)
	step := Step{Op: opTLS, Addr: u.Addr()}
	switch {
	case err == nil:
		state := secure.ConnectionState()
		step.TLS = &state
	case ctx.Err() != nil:
		step.Err = context.Cause(ctx)
		if errors.Is(step.Err, os.ErrDeadlineExceeded) {
			step.Err = &silentTLSError{step.Err}
		}
	case isClose(err):
		step.Err = &silentCloseError{opTLS, err}
	default:
		step.Err = secure.peer.failure(err)
	}
	cfg.step(step, begun)
	if step.Err != nil {
		return nil, &OpError{opTLS, u.Addr(), step.Err}
	}
	return secure, nil
}

// secureConn is TLS over a transport. Writes are bounded beneath TLS, which
// can't go on after a timeout of its own.
type secureConn struct {
	*tls.Conn
	peer *tlsPeer
	wire *stallWriter // beneath
	// heard tells that the server has said something within TLS: it has taken
	// our certificate, or the lack of one.
	heard atomic.Bool
}

func newSecureConn(raw net.Conn, config *tls.Config, limit time.Duration) *secureConn {
	peer := &tlsPeer{who: "server", lowest: config.MinVersion}
	peer.watch(config)
	wire := newStallWriter(raw, limit)
	return &secureConn{Conn: tls.Client(stallConn{raw, wire}, config), peer: peer, wire: wire}
}

// Read puts the refusal of our certificate into words: in TLS 1.3 it comes
// after the handshake.
func (c *secureConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.heard.Store(true)
	}
	return n, c.refusal(err)
}

// Write writes all of b; the refusal may show here as well.
func (c *secureConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	return n, c.refusal(err)
}

func (c *secureConn) refusal(err error) error {
	switch {
	case err == nil || c.heard.Load():
		return err
	case isClose(err) && c.peer.asked && !c.peer.presented: // the alert was lost to a reset
		return &TLSError{c.peer.lacking(), true, err}
	case tlsAlert(err) != "":
		return c.peer.failure(err)
	}
	return err
}

// tlsFor is the configuration for a host: the one given, which stays as it is,
// with the name to send (SNI), which some ingests demand, and to verify. A
// zone is no part of a name.
func tlsFor(host string, given *tls.Config) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if given != nil {
		config = given.Clone()
	}
	if config.ServerName == "" {
		config.ServerName, _, _ = strings.Cut(host, "%")
	}
	return config
}

// tlsForProxy is the configuration for an https proxy: the authorities and
// versions of the server's, but never without verification, since the proxy
// gets a password, and without our certificate, which is the server's business.
func tlsForProxy(host string, given *tls.Config) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if given != nil {
		config.MinVersion, config.MaxVersion = given.MinVersion, given.MaxVersion
		config.RootCAs, config.Time = given.RootCAs, given.Time
		config.CipherSuites, config.CurvePreferences = given.CipherSuites, given.CurvePreferences
	}
	return tlsFor(host, config)
}
