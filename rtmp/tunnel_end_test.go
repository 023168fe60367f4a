package rtmp

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

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
	})
}

// TestTunnelServerBreaksTheProtocol turns when the session is open.
func TestTunnelServerBreaksTheProtocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var connections atomic.Int64
		server := rtmptest.NewPipeServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) {
			if connections.Add(1) == 1 {
				s.SendBytes([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"))
				return
			}
			s.SendBytes([]byte("HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n"))
		}))
		u := testURL(t, server)
		u.Scheme = "rtmpt"
		_, err := Dial(context.Background(), u, Config{Dial: server.Dial})
		require.EqualError(t, err, "handshake 127.0.0.1:1935: waiting for S0: the server broke the protocol: the server's reply is not HTTP")
		require.False(t, Retryable(err))
	})
}

// TestTunnelCantBeOpenedAgain has the server close the connection and take no
// other.
func TestTunnelCantBeOpenedAgain(t *testing.T) {
	server := rtmptest.NewTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{})
	refusing := false
	u := testURL(t, server)
	c, err := Dial(context.Background(), u, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if refusing {
			return nil, &net.OpError{Op: "connect", Err: connectionRefused}
		}
		refusing = true
		return server.Dial(ctx, network, addr)
	}})
	require.NoError(t, err)
	s := server.Session()
	server.Close()
	<-s.Ended()
	<-c.Done()
	require.ErrorContains(t, c.Err(), "the tunnel's HTTP connection failed: ")
	require.Equal(t, 1, strings.Count(c.Err().Error(), "does a server listen on this port?"), "however many causes it has")
	require.ErrorIs(t, c.Err(), connectionRefused)
	require.True(t, Retryable(c.Err()))
	require.Error(t, c.Close(context.Background()))
}
