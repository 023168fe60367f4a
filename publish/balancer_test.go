package publish_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// balancer is a connection to one that takes everything and, from a number of
// bytes on, passes nothing on. When it is closed to, it closes.
type balancer struct {
	net.Conn
	left  int
	ended atomic.Bool
}

func (b *balancer) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	if n > 0 {
		if m, err := b.Conn.Write(p[:n]); err != nil {
			return m, err
		}
	}
	return len(p), nil
}

func (b *balancer) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if b.ended.Load() {
		return 0, io.EOF
	}
	return n, err
}

func (b *balancer) CloseWrite() error {
	b.ended.Store(true)
	return b.Conn.Close()
}

// The end of a stream is not there because somebody's TCP has taken it: what the
// server has not acknowledged is sent again when the connection is closed over it.
func TestTheEndIsConfirmedByTheServer(t *testing.T) {
	for name, buffer := range map[string]time.Duration{"held": time.Minute, "not held": 0} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{AckEvery: 500})
			var sessions []*rtmptest.Session
			n := newNetwork(func(n int, addr string) (net.Conn, error) {
				conn, err := server.Dial(t.Context(), "tcp", addr)
				sessions = append(sessions, server.Session())
				if n == 0 {
					return &balancer{Conn: conn, left: 150_000}, err
				}
				return conn, err
			})
			s := startOn(t, n, func(o *publish.Options) { resuming(o); o.OutageBuffer = buffer }, videoInBand, rawAAC)
			c := &camera{s: s, bytes: 2000}
			require.NoError(t, c.run(6*time.Second))
			err := s.finishOn()
			server.Close()
			for _, session := range sessions {
				<-session.Ended()
			}
			if buffer == 0 {
				require.ErrorContains(t, err, "acknowledged the end of the stream", name)
				return
			}
			require.NoError(t, err, name)
			union(t, sessions, c.length())
			require.Equal(t, 1, s.Stats().Reconnects)
		})
	}
}
