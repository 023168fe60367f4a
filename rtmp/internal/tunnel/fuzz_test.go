package tunnel

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzReplies reads whatever a server may say: it must end, and what comes out
// is no more than came in.
func FuzzReplies(f *testing.F) {
	f.Add([]byte(opened + empty))
	f.Add([]byte(opened + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\x21a\r\n0\r\n\r\n" + empty))
	f.Add([]byte("HTTP/1.0 200 OK\r\n\r\nabc\r\n"))
	f.Add([]byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 101 x\r\n\r\n"))
	f.Fuzz(func(t *testing.T, says []byte) {
		says = says[:min(len(says), maxUnread)] // more would wait for a reader
		first := true
		dial := func(context.Context) (net.Conn, error) {
			if !first {
				return nil, net.ErrClosed
			}
			first = false
			return &recording{r: bytes.NewReader(says)}, nil
		}
		c := newConn(dial, "example.com")
		if c.open(context.Background()) != nil {
			return
		}
		require.Regexp(t, `^[-A-Za-z0-9._~+=]{1,128}$`, c.id)
		for total := 0; ; { // the requests, without the waiting between them
			c.verb, c.flight = verbIdle, append(c.flight[:headRoom], 0)
			reply, err := c.ask()
			if err != nil {
				require.NotEmpty(t, err.Error())
				return
			}
			_, n, err := c.receive(reply.Body)
			_ = reply.Body.Close()
			total += n
			require.Less(t, total, len(says))
			require.Len(t, c.in, total)
			if err != nil {
				require.NotEmpty(t, err.Error())
				return
			}
			c.settle(reply)
			c.watch.Stop()
		}
	})
}

// recording is a connection whose other end has said all it will say.
type recording struct {
	net.Conn
	r io.Reader
}

func (c *recording) Read(b []byte) (int, error)      { return c.r.Read(b) }
func (c *recording) Write(b []byte) (int, error)     { return len(b), nil }
func (c *recording) Close() error                    { return nil }
func (c *recording) SetReadDeadline(time.Time) error { return nil }

// FuzzParseID takes a name from anything.
func FuzzParseID(f *testing.F) {
	f.Add([]byte("1728724019\n"))
	f.Add([]byte("../x\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		id, err := parseID(b)
		if err != nil {
			require.Empty(t, id)
			return
		}
		require.Regexp(t, `^[-A-Za-z0-9._~+=]{1,128}$`, id)
		require.NotContains(t, []string{".", ".."}, id)
		for _, hint := range b {
			require.GreaterOrEqual(t, parsePoll(hint), minPoll)
			require.LessOrEqual(t, parsePoll(hint), maxPoll)
		}
	})
}
