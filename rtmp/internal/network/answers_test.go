package network

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// told is a connection to a proxy that says what it says, whatever it is asked.
type told struct {
	net.Conn
	io.Reader
}

func (c told) Read(b []byte) (int, error)     { return c.Reader.Read(b) }
func (told) Write(b []byte) (int, error)      { return len(b), nil }
func (told) SetDeadline(time.Time) error      { return nil }
func (told) SetReadDeadline(time.Time) error  { return nil }
func (told) SetWriteDeadline(time.Time) error { return nil }

// FuzzProxyAnswers: whatever a proxy answers is a yes, a ProxyError or the
// connection's own error, in bounded text.
func FuzzProxyAnswers(f *testing.F) {
	for _, seed := range []string{
		"", "\x05\x00\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01", "\x05\x02\x01\x00\x05\x05\x00\x03\x01x\x00\x01", "\x05\xff", "\x04",
		"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!", "HTTP/1.0 502\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello", "HTTP/1.1 403 \xff\x1b[31m\r\n\r\n",
		"HTTP/1.1 407 not opensesame\r\n\r\n",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, answer []byte, with bool) {
		var login *Login
		if with {
			login = &Login{"me", "opensesame", func(s string) string { return strings.ReplaceAll(s, "opensesame", "") }}
		}
		for _, ask := range []func(context.Context, net.Conn, string, *Login) error{SOCKS5, HTTPConnect} {
			err := ask(t.Context(), told{Reader: bytes.NewReader(answer)}, "example.com:1935", login)
			var proxy *ProxyError
			if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				continue
			}
			require.ErrorAs(t, err, &proxy)
			require.Less(t, len(proxy.Reason), 400)
			if with {
				require.NotContains(t, proxy.Reason, "opensesame")
			}
			for _, r := range proxy.Reason {
				require.GreaterOrEqual(t, r, ' ', "%q", proxy.Reason)
			}
		}
	})
}
