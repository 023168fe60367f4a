package rtmp

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// dying is a connection whose end is that of a peer which acknowledges nothing.
type dying struct{ net.Conn }

func (c *dying) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		err = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", peerTimedOut[0])}
	}
	return n, err
}

// TestDeadPeerIsNamed looks at what a user reads; that the system notices is
// shown with a network of its own in interop.
func TestDeadPeerIsNamed(t *testing.T) {
	for _, limit := range []time.Duration{0, 10 * time.Second} {
		server := rtmptest.NewServer(t, rtmptest.Script{})
		c, err := Dial(t.Context(), testURL(t, server), Config{
			PeerTimeout: limit,
			Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := server.Dial(ctx, network, addr)
				return &dying{conn}, err
			},
		})
		require.NoError(t, err)
		server.Session().Reset()
		<-c.Done()
		err = c.Close(t.Context())
		require.ErrorIs(t, err, peerTimedOut[0])
		require.True(t, Retryable(err))
		if limit > 0 {
			require.EqualError(t, err, "read "+server.Addr+": the server has not acknowledged anything for 10s (peer-timeout)")
			var op *OpError
			require.ErrorAs(t, err, &op)
			require.True(t, op.Timeout())
		}
	}
}

// TestKeepAliveEndsWithTheLimit: the probes of an idle connection end when the
// limit does, in whole seconds, of which two are the least.
func TestKeepAliveEndsWithTheLimit(t *testing.T) {
	for limit := 100 * time.Millisecond; limit < 2*time.Minute; limit += 100 * time.Millisecond {
		k := keepAlive(limit)
		require.True(t, k.Enable)
		for _, d := range []time.Duration{k.Idle, k.Interval} {
			require.GreaterOrEqual(t, d, time.Second)
			require.Zero(t, d%time.Second, "rounded up it would be late")
		}
		require.GreaterOrEqual(t, k.Count, 1)
		ends := k.Idle + time.Duration(k.Count)*k.Interval
		require.Equal(t, max(limit.Truncate(time.Second), 2*time.Second), ends, limit)
		if limit >= 4*time.Second {
			require.Equal(t, keepAliveProbes, k.Count, "one that is lost must not end a session")
		}
	}
}

// TestDeadPeerInAWrite: the first to meet the end may be the writer; the reader
// then sees nothing but an end.
func TestDeadPeerInAWrite(t *testing.T) {
	c, _ := start(t, rtmptest.NewServer(t, rtmptest.Script{}), Config{PeerTimeout: time.Second})
	begun := time.Now()
	c.writeFailed(os.NewSyscallError("write", peerTimedOut[0]))
	require.ErrorContains(t, c.Err(), "write 127.0.0.1:")
	require.ErrorContains(t, c.Err(), "has not acknowledged anything for 1s (peer-timeout)")
	require.Less(t, time.Since(begun), closingWords, "nobody is there to say last words")
}
