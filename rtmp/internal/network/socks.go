package network

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"

	"golang.org/x/net/proxy"
)

// maxSOCKS is the longest host, user name or password in SOCKS5 (RFC 1928,
// section 4; RFC 1929, section 2).
const maxSOCKS = 255

// SOCKS5 asks the proxy at the other end of conn to go on to addr, host:port; it
// resolves the name (RFC 1928). The error is a *ProxyError, or that of reading
// and writing. ctx bounds it, and conn is not closed.
func SOCKS5(ctx context.Context, conn net.Conn, addr string, login *Login) error {
	var auth *proxy.Auth
	if login != nil {
		if login.Username == "" || len(login.Username) > maxSOCKS || len(login.Password) > maxSOCKS {
			return &ProxyError{"SOCKS5 takes a user name of 1 to 255 bytes and a password of 255 at most", ProxyLogin}
		}
		auth = &proxy.Auth{User: login.Username, Password: login.Password}
	}
	dialer, err := proxy.SOCKS5("tcp", addr, auth, nil)
	if err != nil {
		return err
	}
	socks, ok := dialer.(interface {
		DialWithConn(ctx context.Context, conn net.Conn, network, addr string) (net.Addr, error)
	})
	if !ok {
		return errors.New("golang.org/x/net/proxy has no DialWithConn any more")
	}
	// Without a deadline of its own: the connection's would come a moment before
	// the context's end, and not tell why.
	asking, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, cancel)
	defer stop()
	_, err = socks.DialWithConn(asking, conn, "tcp", addr)
	if ctx.Err() != nil && err != nil {
		return context.Cause(ctx)
	}
	return socksError(err)
}

// socksError finds what is wrong in the library's words: it has no types.
func socksError(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "socks connect" {
		return err
	}
	text := op.Err.Error()
	reply, answered := strings.CutPrefix(text, "unknown error ")
	switch {
	case errors.Is(op.Err, io.EOF), errors.Is(op.Err, io.ErrUnexpectedEOF):
		return &ProxyError{"the proxy closed the connection; is it a SOCKS5 proxy?", ProxyUnreachable}
	case errors.As(op.Err, new(net.Error)), errors.Is(op.Err, os.ErrDeadlineExceeded), errors.Is(op.Err, context.Canceled):
		return op.Err
	case text == "no acceptable authentication methods":
		return &ProxyError{"the proxy wants a user name and a password, or others than these (proxy = socks5://user:password@…)", ProxyLogin}
	case text == "username/password authentication failed":
		return &ProxyError{"the proxy refused the user name or the password", ProxyLogin}
	case answered && strings.Contains(reply, "not allowed"):
		return &ProxyError{"the proxy refused: " + reply, ProxyForbids}
	case answered:
		return &ProxyError{"the proxy could not connect: " + reply, ProxyUnreachable}
	default:
		return &ProxyError{"the proxy does not speak SOCKS5: " + text, ProxyBroken}
	}
}
