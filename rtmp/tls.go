package rtmp

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"
)

// startTLS runs the handshake of rtmps over raw.
func startTLS(ctx context.Context, raw net.Conn, u *URL, cfg Config) (net.Conn, error) {
	config := tlsFor(u.Host, cfg.TLS)
	begun := time.Now()
	secure := tls.Client(stallConn{raw, newStallWriter(raw, cfg.SendTimeout)}, config)
	err := secure.HandshakeContext(ctx)
	step := Step{Op: opTLS, Addr: u.Addr()}
	switch {
	case err == nil:
		state := secure.ConnectionState()
		step.TLS = &state
	case ctx.Err() != nil:
		step.Err = context.Cause(ctx)
	case isClose(err):
		step.Err = &silentCloseError{opTLS, err}
	default:
		step.Err = tlsFailure(err, "server", config)
	}
	cfg.step(step, begun)
	if step.Err != nil {
		return nil, &OpError{opTLS, u.Addr(), step.Err}
	}
	return secure, nil
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
