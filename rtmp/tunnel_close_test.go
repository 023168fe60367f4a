package rtmp

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestTunnelCloseBringsTheLastFrame closes while much is under way to a server
// that takes its time.
func TestTunnelCloseBringsTheLastFrame(t *testing.T) {
	tunnelBubble(t, rtmptest.Script{ReadRate: 100000}, rtmptest.Tunnel{Delay: 200 * time.Millisecond}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		for i := range 50 {
			require.NoError(t, c.Append(video(uint32(i), 4000)))
			require.NoError(t, c.Flush())
		}
		require.NoError(t, c.Close(context.Background()))
		<-s.Ended()
		require.ErrorIs(t, s.Err(), io.EOF)
		n := 0
		for _, m := range s.Messages() {
			if isMedia(m) {
				require.EqualValues(t, n, m.Timestamp)
				n++
			}
		}
		require.Equal(t, 50, n)
		require.Equal(t, "deleteStream", s.Commands()[len(s.Commands())-1])
	})
}

// TestTunnelCloseReadsLastWords has the server answer the goodbye.
func TestTunnelCloseReadsLastWords(t *testing.T) {
	var words []Status
	script := on("FCUnpublish", rtmptest.Say(rtmptest.OnStatus(1, "status", "NetStream.Unpublish.Success", "bye")))
	tunnelBubble(t, script, rtmptest.Tunnel{}, Config{OnStatus: func(s Status) { words = append(words, s) }}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.NoError(t, c.Close(context.Background()))
		require.Equal(t, []Status{{"onStatus", "NetStream.Unpublish.Success", "status", "bye"}}, words)
	})
}

// TestTunnelCloseTellsWhatIsMissing closes when the server has forgotten the
// session, so that the end of the stream is lost.
func TestTunnelCloseTellsWhatIsMissing(t *testing.T) {
	tunnelBubble(t, rtmptest.Script{}, rtmptest.Tunnel{}, Config{}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		time.Sleep(time.Minute) // virtual: it is not asked for some time
		require.NoError(t, c.Append(video(0, 100)))
		s.Close()
		err := c.Close(context.Background())
		require.ErrorContains(t, err, "the server ended the tunnel's session: 404 Not Found")
	})
}

// TestTunnelCloseIsBounded has a server that stopped.
func TestTunnelCloseIsBounded(t *testing.T) {
	stalling := on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall()))
	tunnelBubble(t, stalling, rtmptest.Tunnel{}, Config{}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 200000)))
		require.NoError(t, c.Flush())
		begun := time.Now()
		err := c.Close(context.Background())
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Less(t, time.Since(begun), 6*time.Second)
	})
	tunnelBubble(t, stalling, rtmptest.Tunnel{}, Config{}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 200000)))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		begun := time.Now()
		require.ErrorIs(t, c.Close(ctx), context.DeadlineExceeded)
		require.Less(t, time.Since(begun), 2*time.Second)
	})
}

// TestTunnelStall has a server that replies no more: the tunnel fills, and then
// SendTimeout ends the session.
func TestTunnelStall(t *testing.T) {
	stalling := on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall()))
	tunnelBubble(t, stalling, rtmptest.Tunnel{}, Config{SendTimeout: 2 * time.Second}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		var err error
		begun := time.Now()
		for i := uint32(0); err == nil; i++ {
			require.Less(t, i, uint32(100))
			require.NoError(t, c.Append(video(i, 50000)))
			begun = time.Now()
			err = c.Flush()
		}
		require.ErrorContains(t, err, "the server took no data within 2s (send timeout)")
		require.InDelta(t, 2.25, time.Since(begun).Seconds(), 0.25) // it is looked at eight times within the limit
		require.True(t, Retryable(err))
	})
}

// TestTunnelSilence has a server that says nothing for so long that the tunnel
// itself gives up, though little is sent.
func TestTunnelSilence(t *testing.T) {
	tunnelBubble(t, on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall())), rtmptest.Tunnel{}, Config{}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 100000))) // more than the server's pipe holds
		require.NoError(t, c.Flush())
		<-c.Done()
		require.ErrorContains(t, c.Err(), "the server did not answer a request of the tunnel within 30s")
		require.True(t, Retryable(c.Err()))
	})
}

// TestTunnelAbort says nothing to the server and does not wait.
func TestTunnelAbort(t *testing.T) {
	var mu sync.Mutex
	var paths []string
	how := rtmptest.Tunnel{Request: func(path string) {
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, path)
	}}
	stalling := on("publish", rtmptest.Then(rtmptest.Default(), rtmptest.Stall()))
	tunnelBubble(t, stalling, how, Config{}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		require.NoError(t, c.Append(video(0, 200000)))
		require.NoError(t, c.Flush())
		begun := time.Now()
		c.Abort()
		require.ErrorIs(t, c.Err(), net.ErrClosed)
		require.NoError(t, c.Close(context.Background()))
		require.Zero(t, time.Since(begun))
		mu.Lock()
		defer mu.Unlock()
		require.False(t, strings.HasPrefix(paths[len(paths)-1], "/close/"))
	})
}
