package tunnel

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRequests pins what the server sees.
func TestRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var paths []string
		var sent []byte
		c := begin(t, answers{{opened, empty}}, func(r *http.Request, body []byte) {
			require.Equal(t, "POST", r.Method)
			require.Equal(t, "example.com", r.Host)
			require.Equal(t, "Shockwave Flash", r.Header.Get("User-Agent"))
			require.Equal(t, "application/x-fcs", r.Header.Get("Content-Type"))
			require.Equal(t, "Keep-Alive", r.Header.Get("Connection"))
			require.Equal(t, "no-cache", r.Header.Get("Cache-Control"))
			paths = append(paths, r.URL.Path)
			if strings.HasPrefix(r.URL.Path, "/send/") {
				sent = append(sent, body...)
				return
			}
			require.Equal(t, []byte{0}, body)
		})
		_, err := c.Write([]byte("one"))
		require.NoError(t, err)
		synctest.Wait()
		n, err := c.WriteBuffers(&net.Buffers{[]byte("two"), nil, []byte("three")})
		require.NoError(t, err)
		require.EqualValues(t, 8, n)
		synctest.Wait()
		require.Zero(t, c.Unsent())
		require.NoError(t, c.CloseWrite())
		_, err = c.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
		_, err = c.Write([]byte("more"))
		require.ErrorIs(t, err, net.ErrClosed)
		require.Equal(t, "onetwothree", string(sent))
		require.Equal(t, []string{"/open/1", "/send/ab.1/0", "/send/ab.1/1", "/idle/ab.1/2", "/close/ab.1/3"}, paths)
	})
}

// TestPolling counts the questions of an idle tunnel: fast at first, twice a
// second in the end, and never faster than the server wants.
func TestPolling(t *testing.T) {
	for hint, most := range map[string]int64{"\x01": 9, "\x21": 4, "\xff": 4} {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int64
			begin(t, answers{{opened, strings.Replace(empty, "\x01", hint, 1)}}, func(*http.Request, []byte) { n.Add(1) })
			time.Sleep(time.Second)
			require.LessOrEqual(t, n.Load(), most)
			require.GreaterOrEqual(t, n.Load(), most-2)
			n.Store(0)
			time.Sleep(10 * time.Second)
			require.InDelta(t, 20, n.Load(), 1)
		})
	}
}

// TestConnectionEndsBetweenRequests has the server close what it said to keep:
// the request goes out again, once, with its number.
func TestConnectionEndsBetweenRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var paths []string
		c := begin(t, answers{{opened, empty, ""}, {empty, ""}, {"HTTP/1.1 200 OK\r\n\r\n\x01ha"}}, func(r *http.Request, _ []byte) {
			paths = append(paths, r.URL.Path)
		})
		for _, word := range []string{"one", "two", "three"} {
			_, err := c.Write([]byte(word))
			require.NoError(t, err)
			synctest.Wait()
		}
		require.Equal(t, []string{"/open/1", "/send/ab.1/0", "/send/ab.1/1", "/send/ab.1/1", "/send/ab.1/2", "/send/ab.1/2"}, paths)
		require.NotNil(t, c.Transport())
		require.NoError(t, c.SetReadDeadline(time.Now().Add(soon)))
	})
	synctest.Test(t, func(t *testing.T) { // a new connection that gives nothing is the end
		c := begin(t, answers{{opened, ""}, {""}}, nil)
		_, err := c.Read(make([]byte, 1))
		require.EqualError(t, err, "the server closed the tunnel's HTTP connection before it had replied")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	})
}

// TestDeadlines bounds reads and writes and harms nothing.
func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := begin(t, answers{{opened, "..."}}, nil)
		begun := time.Now()
		require.NoError(t, c.SetDeadline(begun.Add(time.Second)))
		n, err := c.Read(make([]byte, 10))
		require.Zero(t, n)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Second, time.Since(begun))
		require.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Second)))
		n, err = c.Write(make([]byte, 2*bufferSize)) // half of it is taken
		require.Equal(t, bufferSize, n)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 2*time.Second, time.Since(begun))
		require.Equal(t, bufferSize, c.Unsent(), "the request under way is another")
		require.NoError(t, c.SetDeadline(time.Time{}))
		_, err = c.Read(make([]byte, 10))
		require.EqualError(t, err, "the server did not answer a request of the tunnel within 30s")
	})
}

// TestSlowTransport sees the bytes move while a request is under way, which
// takes 26 seconds here.
func TestSlowTransport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := answers{{opened, empty}}.dial(nil)
		slow := func(ctx context.Context) (net.Conn, error) {
			conn, err := dial(ctx)
			return slowConn{conn}, err
		}
		c, err := Client(context.Background(), slow, "example.com")
		require.NoError(t, err)
		for range 3 * bufferSize / pieceSize {
			require.NoError(t, c.SetWriteDeadline(time.Now().Add(5*time.Second)))
			_, err := c.Write(make([]byte, pieceSize))
			require.NoError(t, err, "room comes piece by piece, not request by request")
		}
		require.NoError(t, c.SetLinger(0))
		require.NoError(t, c.Close())
	})
}

// slowConn sends 10 kB a second.
type slowConn struct{ net.Conn }

func (c slowConn) Write(b []byte) (int, error) {
	<-time.NewTimer(time.Duration(len(b)) * time.Second / 10000).C // virtual
	return c.Conn.Write(b)
}

// TestCloseIsPolite tells the server, and waits for it no longer than it may.
func TestCloseIsPolite(t *testing.T) {
	for says, took := range map[string]time.Duration{empty: 0, "...": closeLimit} {
		synctest.Test(t, func(t *testing.T) {
			var last string
			c := begin(t, answers{{opened, empty, empty, says}}, func(r *http.Request, _ []byte) { last = r.URL.Path })
			time.Sleep(50 * time.Millisecond)
			read := make(chan error)
			go func() {
				_, err := c.Read(make([]byte, 1))
				read <- err
			}()
			synctest.Wait()
			begun := time.Now()
			closed := make(chan error)
			go func() { closed <- c.Close() }()
			require.ErrorIs(t, <-read, net.ErrClosed)
			require.Zero(t, time.Since(begun), "who reads is told at once")
			require.NoError(t, <-closed)
			require.Equal(t, took, time.Since(begun))
			synctest.Wait()
			require.Contains(t, last, "/close/ab.1/")
			_, err := c.Write([]byte("x"))
			require.ErrorIs(t, err, net.ErrClosed)
			require.NoError(t, c.Close())
		})
	}
}

// TestHeadFits has the longest of everything.
func TestHeadFits(t *testing.T) {
	c := &Conn{host: strings.Repeat("h", maxHost), id: strings.Repeat("i", maxID), verb: verbClose, number: 1<<64 - 1}
	require.LessOrEqual(t, len(c.appendHead(nil, bufferSize)), headRoom)
	for _, host := range []string{strings.Repeat("h", maxHost+1), "a b", "a\r\nX: y", "\x7f"} {
		_, err := Client(context.Background(), nil, host)
		require.ErrorContains(t, err, "can't be sent")
	}
}
