package rtmp

import (
	"context"
	"errors"
	"net"
	"time"

	"rtmpwriter/rtmp/internal/network"
)

// reach connects to the proxy and has it go on to the server at target.
func (p *Proxy) reach(ctx context.Context, target string, cfg Config) (net.Conn, error) {
	conn, err := reach(ctx, p.host, p.port, cfg)
	if err != nil {
		var op *OpError
		if errors.As(err, &op) { // the server has no part in this
			err = op.Err
		}
		return nil, p.failed(err)
	}
	begun := time.Now()
	through, err := p.ask(ctx, conn, target, cfg)
	err = ended(ctx, err)
	cfg.step(Step{Op: opProxy, Addr: p.Addr(), Err: err}, begun)
	if err != nil {
		_ = conn.Close()
		return nil, p.failed(err)
	}
	return through, nil
}

// failed is the error of a step of the proxy's.
func (p *Proxy) failed(err error) error {
	if p.variable != "" {
		err = &variableError{p.variable, err}
	}
	return &OpError{opProxy, p.Addr(), err}
}

// ask speaks to the proxy at the other end of conn.
func (p *Proxy) ask(ctx context.Context, conn net.Conn, target string, cfg Config) (net.Conn, error) {
	var login *network.Login
	if p.username != "" || p.password.reveal() != "" {
		login = &network.Login{Username: p.username, Password: p.password.reveal()}
		login.Mask = maskLogin(login)
	}
	if p.scheme == "socks5" {
		return conn, network.SOCKS5(ctx, conn, target, login)
	}
	if p.scheme == "https" {
		secure := newSecureConn(conn, tlsForProxy(p.host, cfg.TLS), cfg.SendTimeout)
		secure.peer.who = "proxy"
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, secure.peer.failure(err)
		}
		conn = &secureProxyConn{secure, conn}
	}
	return conn, network.HTTPConnect(ctx, conn, target, login)
}

// maskLogin hides the password and what HTTP makes of it in a text of the proxy.
func maskLogin(login *network.Login) func(string) string {
	if len(login.Password) < minInfix {
		return redactor{}.text
	}
	return newRedactor(&URL{}, login.Basic(), login.Password).text
}

// secureProxyConn is the transport through TLS to a proxy. Writes are bounded
// beneath TLS, which can't go on after a timeout of its own.
type secureProxyConn struct {
	*secureConn
	raw net.Conn
}

// SetWriteDeadline has no effect: see the type.
func (c *secureProxyConn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline bounds reading only; one in the past ends writing too.
func (c *secureProxyConn) SetDeadline(t time.Time) error {
	if !t.IsZero() && time.Until(t) <= 0 {
		return c.secureConn.SetDeadline(t)
	}
	return c.secureConn.SetReadDeadline(t)
}

// CloseWrite ends TLS and the direction of the transport beneath it.
func (c *secureProxyConn) CloseWrite() error {
	if err := c.secureConn.CloseWrite(); err != nil {
		return err
	}
	if h, ok := c.raw.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return nil
}

// Close closes the transport; CloseWrite has ended TLS where there was time.
func (c *secureProxyConn) Close() error { return c.raw.Close() }

// SetNoDelay sets TCP_NODELAY of the connection to the proxy.
func (c *secureProxyConn) SetNoDelay(on bool) error { return setNoDelay(c.raw, on) }

// SetLinger with 0 makes Close a reset of the connection to the proxy.
func (c *secureProxyConn) SetLinger(seconds int) error {
	if s, ok := c.raw.(interface{ SetLinger(int) error }); ok {
		return s.SetLinger(seconds)
	}
	return nil
}

// beneath is the socket of a connection through TLS to a proxy; any other
// connection is itself.
func beneath(conn net.Conn) net.Conn {
	if c, ok := conn.(*secureProxyConn); ok {
		return c.raw
	}
	return conn
}
