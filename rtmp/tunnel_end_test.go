package rtmp

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/internal/tunnel"
	"rtmpwriter/rtmp/rtmptest"
)

// tunnelBubble is bubble through a tunnel.
func tunnelBubble(t *testing.T, script rtmptest.Script, how rtmptest.Tunnel, cfg Config, test func(*testing.T, *Conn, *rtmptest.Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, session := start(t, rtmptest.NewPipeTunnelServer(t, script, how), cfg)
		test(t, c, session)
	})
}

// TestTunnelBringsTheServersWords has them come in replies.
func TestTunnelBringsTheServersWords(t *testing.T) {
	for step, c := range map[string]struct{ code, want string }{
		"publish": {"NetStream.Publish.BadName", "publish ADDR: the server refused: NetStream.Publish.BadName: no **** here"},
		"connect": {"NetConnection.Connect.Rejected", "connect ADDR: the server refused: NetConnection.Connect.Rejected: no **** here"},
	} {
		for name, how := range map[string]rtmptest.Handler{
			"and stays":   rtmptest.Refuse(c.code, "no "+sesame+" here"),
			"and is gone": rtmptest.Then(rtmptest.Refuse(c.code, "no "+sesame+" here"), rtmptest.Hangup()),
		} {
			t.Run(step+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := rtmptest.NewPipeTunnelServer(t, on(step, how), rtmptest.Tunnel{})
					err := refused(t, server, Config{})
					require.EqualError(t, err, strings.ReplaceAll(c.want, "ADDR", server.Addr))
					<-server.Session().Ended() // the server was told that nothing will come
				})
			})
		}
	}
}

// TestTunnelBringsLateWords has the server speak while it is asked for it only.
func TestTunnelBringsLateWords(t *testing.T) {
	var words []Status
	tunnelBubble(t, rtmptest.Script{}, rtmptest.Tunnel{}, Config{OnStatus: func(s Status) { words = append(words, s) }}, func(t *testing.T, c *Conn, s *rtmptest.Session) {
		time.Sleep(time.Minute) // virtual
		s.Send(rtmptest.PingRequest(7))
		begun := time.Now()
		s.Wait(ofType(4))
		require.LessOrEqual(t, time.Since(begun), 510*time.Millisecond, "an idle tunnel asks twice a second")
		s.Send(rtmptest.OnStatus(1, "status", "NetStream.Unpublish.Success", "kicked"))
		s.Close()
		<-c.Done()
		require.EqualError(t, c.Err(), "publish 127.0.0.1:80: the server refused: NetStream.Unpublish.Success: kicked")
		require.Equal(t, c.Err(), c.Close(context.Background()))
		require.Equal(t, []Status{{"onStatus", "NetStream.Unpublish.Success", "status", "kicked"}}, words)
	})
}

// TestTunnelSessionEnds has a server that knows the session no more.
func TestTunnelSessionEnds(t *testing.T) {
	tunnelBubble(t, rtmptest.Script{}, rtmptest.Tunnel{EndAfter: 40}, Config{}, func(t *testing.T, c *Conn, _ *rtmptest.Session) {
		for c.Err() == nil {
			if c.Append(video(0, 100)) == nil {
				_ = c.Flush()
			}
			time.Sleep(100 * time.Millisecond) // virtual
		}
		require.EqualError(t, c.Err(), "read 127.0.0.1:80: the connection was cut: the server ended the tunnel's session: 404 Not Found")
		require.True(t, Retryable(c.Err()))
		require.Equal(t, c.Err(), c.Close(context.Background()))
	})
	synctest.Test(t, func(t *testing.T) {
		err := refused(t, rtmptest.NewPipeTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{EndAfter: 1}), Config{})
		require.ErrorContains(t, err, "the server ended the tunnel's session: 404 Not Found")
		require.True(t, Retryable(err))
	})
}

// TestTunnelRefused has servers that open none.
func TestTunnelRefused(t *testing.T) {
	for status, retry := range map[int]bool{404: false, 405: false, 403: false, 429: true, 503: true} {
		synctest.Test(t, func(t *testing.T) {
			var steps []Step
			server := rtmptest.NewPipeTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{Refuse: status})
			err := refused(t, server, Config{OnStep: func(s Step) { steps = append(steps, s) }})
			require.Equal(t, "tunnel", err.Op)
			require.ErrorContains(t, err, "the server opens no tunnel: ")
			require.Equal(t, retry, Retryable(err), err)
			last := steps[len(steps)-1]
			require.Equal(t, opTunnel, last.Op)
			require.ErrorIs(t, err, last.Err)
		})
	}
	server := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("\x03 an RTMP server's bytes\n")) }))
	u := testURL(t, server)
	u.Scheme = "rtmpt"
	_, err := Dial(context.Background(), u, Config{Dial: server.Dial})
	require.EqualError(t, err, "tunnel "+server.Addr+": the server broke the protocol: the server's reply is not HTTP")
	require.False(t, Retryable(err))
}

// TestTunnelSteps tells one step of the tunnel's own, and none for the
// connections that follow the first.
func TestTunnelSteps(t *testing.T) {
	var mu sync.Mutex
	var ops []string
	server := rtmptest.NewTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{CloseEach: true})
	c, _ := start(t, server, Config{OnStep: func(s Step) {
		mu.Lock()
		defer mu.Unlock()
		require.NoError(t, s.Err)
		ops = append(ops, s.Op)
	}})
	require.NoError(t, c.Close(context.Background()))
	mu.Lock()
	defer mu.Unlock()
	count := map[string]int{}
	for _, op := range ops {
		count[op]++
	}
	require.Equal(t, 1, count["tunnel"])
	require.LessOrEqual(t, count["dial"], 1)
}

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

// TestTunnelDialEndsWithTheContext interrupts the opening and what follows.
func TestTunnelDialEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // one that takes its time for every reply
		server := rtmptest.NewPipeTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{Delay: time.Hour})
		begun := time.Now()
		_, err := Dial(context.Background(), testURL(t, server), Config{Dial: server.Dial, ConnectTimeout: 3 * time.Second, ReceiveTimeout: time.Minute})
		require.ErrorContains(t, err, "not connected within 3s (connect timeout)")
		require.Less(t, time.Since(begun), 4*time.Second)
	})
	synctest.Test(t, func(t *testing.T) { // one that never replies to open
		client, _ := rtmptest.Pipe(65536)
		u, err := ParseURL("rtmpt://127.0.0.1/live/x", "")
		require.NoError(t, err)
		dial := func(context.Context, string, string) (net.Conn, error) { return client, nil }
		_, err = Dial(context.Background(), u, Config{Dial: dial, ConnectTimeout: 3 * time.Second})
		require.EqualError(t, err, "tunnel 127.0.0.1:80: not connected within 3s (connect timeout)")
		var lost *tunnel.LostError
		require.False(t, errors.As(err, &lost))
	})
}
