package tunnel

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// endless opens a session, and sends one thing for ever on the connection that
// follows.
func endless(head, forever string) func(context.Context) (net.Conn, error) {
	first := answers{{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab"}}.dial(nil)
	return func(ctx context.Context) (net.Conn, error) {
		if dial := first; dial != nil {
			first = nil
			return dial(ctx)
		}
		client, server := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, server) }() // both end with the connection
		go func() {
			_, err := io.WriteString(server, head)
			for err == nil {
				_, err = io.WriteString(server, forever)
			}
			_ = server.Close()
		}()
		return client, nil
	}
}

// TestHostileOpening has servers that are none, or mean harm.
func TestHostileOpening(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\n"
	reply := func(body string) string { return head + "Connection: close\r\n\r\n" + body }
	for name, c := range map[string]struct{ says, want string }{
		"endless status line": {"HTTP/1.1 200 " + strings.Repeat("x", 2*maxHead), "the head of the server's HTTP reply is too long"},
		"endless headers":     {head + strings.Repeat("X-A: b\r\n", maxHead), "the head of the server's HTTP reply is too long"},
		"endless interim":     {strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", maxHead), "the head of the server's HTTP reply is too long"},
		"not HTTP":            {"\x03" + strings.Repeat("\x00", 20) + "\r\n", "the server's reply is not HTTP"},
		"a length that lies":  {head + "Content-Length: 99999999999\r\n\r\n", "the server's HTTP reply has 99999999999 bytes; at most 1048576 can be"},
		"two lengths":         {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "the server's reply is not HTTP"},
		"endless name":        {reply(strings.Repeat("a", 2*maxBody)), "the server's name for the tunnel's session has more than 128 characters"},
		"no name":             {reply("\r\n"), "the server's reply has no name for the tunnel's session"},
		"path as name":        {reply("a/../../b"), "the server's name for the tunnel's session has the byte 0x2f"},
		"up as name":          {reply(".."), "the server's name for the tunnel's session can't be part of a path"},
		"header as name":      {reply("a HTTP/1.1\r\nX: y"), "the server's name for the tunnel's session has the byte 0x20"},
		"page":                {reply("<html>"), "the server's name for the tunnel's session has the byte 0x3c"},
		"redirect":            {"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "the server opens no tunnel: 302 Found (does it take RTMP through HTTP on this port?)"},
		"unknown status":      {"HTTP/1.1 799 \x1b[31m\r\nContent-Length: 0\r\n\r\n", "the server opens no tunnel: 799 (does it take RTMP through HTTP on this port?)"},
		"closes":              {"", "the server closed the tunnel's HTTP connection before it had replied"},
		"half a reply":        {head + "Content-Length: 10\r\nConnection: close\r\n\r\nabc", "the server closed the tunnel's HTTP connection before it had replied"},
		"says nothing":        {"...", "the server did not answer a request of the tunnel within 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := Client(context.Background(), answers{{c.says, ""}}.dial(nil), "example.com")
				require.EqualError(t, err, c.want)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		why := errors.New("no way")
		_, err := Client(context.Background(), func(context.Context) (net.Conn, error) { return nil, why }, "example.com")
		require.Equal(t, why, err)
		ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, why)
		defer cancel()
		_, err = Client(ctx, answers{{"..."}}.dial(nil), "example.com")
		require.Error(t, err)
		require.Equal(t, why, context.Cause(ctx))
	})
}

// TestHostileReplies has servers that turn when the session is open.
func TestHostileReplies(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct{ says, want string }{
		"endless headers":    {head + strings.Repeat("X-A: b\r\n", maxHead), "the head of the server's HTTP reply is too long"},
		"a length that lies": {head + "Content-Length: 1048577\r\n\r\n\x01", "the server's HTTP reply has 1048577 bytes; at most 1048576 can be"},
		"endless chunk":      {head + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n" + strings.Repeat("a", 2*maxBody), "the body of the server's HTTP reply is too long"},
		"no chunk":           {head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "the server's reply is not HTTP"},
		"forgets":            {"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "the server ended the tunnel's session: 410 Gone"},
		"fails":              {"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", "the server ended the tunnel's session: 500 Internal Server Error"},
		"half a reply":       {head + "Content-Length: 10\r\nConnection: close\r\n\r\n\x01ab", "the server closed the tunnel's HTTP connection before it had replied"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := begin(t, answers{{opened, c.says, ""}}, nil)
				_, err := io.Copy(io.Discard, conn)
				require.EqualError(t, err, c.want)
				_, err = conn.Write([]byte("x"))
				require.EqualError(t, err, c.want)
			})
		})
	}
	for name, forever := range map[string]string{"headers": "X-A: b\r\n", "body": strings.Repeat("\r\n", 500), "line": "x"} {
		t.Run("for ever "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, err := Client(context.Background(), endless(head, forever), "example.com")
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, c)
				require.ErrorContains(t, err, "is too long")
				require.NoError(t, c.Close())
			})
		})
	}
}

// TestReplies has what servers may do.
func TestReplies(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\n"
	for name, says := range map[string]string{
		"length":               head + "Content-Length: 4\r\n\r\n\x01abc",
		"to the end":           head + "\r\n\x01abc",
		"HTTP/1.0":             "HTTP/1.0 200 OK\r\n\r\n\x01abc",
		"chunks":               head + "Transfer-Encoding: chunked\r\n\r\n1\r\n\x01\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n",
		"after an interim one": "HTTP/1.1 100 Continue\r\n\r\n" + head + "Content-Length: 4\r\n\r\n\x01abc",
		"with more than said":  head + "Content-Length: 4\r\n\r\n\x01abcdef",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				none := head + "Content-Length: 0\r\n\r\n" // not even the first byte
				c := begin(t, answers{{opened, none, says, ""}, {none}}, nil)
				b := make([]byte, 3)
				_, err := io.ReadFull(c, b)
				require.NoError(t, err)
				require.Equal(t, "abc", string(b))
				_, err = c.Write([]byte("on it goes"))
				require.NoError(t, err)
				require.NoError(t, c.CloseWrite())
				_, err = c.Read(b)
				require.ErrorIs(t, err, io.EOF)
			})
		})
	}
}

// TestUnreadWaits keeps little of what nobody reads, and loses none of it.
func TestUnreadWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := strings.Repeat("0123456789abcdef", 3*maxUnread/16)
		c := begin(t, answers{{opened, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\x01" + all, empty}, {empty}}, nil)
		time.Sleep(soon)
		c.mu.Lock()
		require.Len(t, c.in, maxUnread)
		c.mu.Unlock()
		got := make([]byte, len(all))
		_, err := io.ReadFull(c, got)
		require.NoError(t, err)
		require.True(t, bytes.Equal([]byte(all), got))
	})
}
