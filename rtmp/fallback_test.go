package rtmp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

func TestWays(t *testing.T) {
	for _, c := range []struct {
		url            string
		ports, tunnels bool
		want           []string
	}{
		{"rtmp://h/a/k", false, false, []string{"rtmp:1935"}},
		{"rtmp://h/a/k", true, false, []string{"rtmp:1935", "rtmp:443", "rtmp:80"}},
		{"rtmp://h:1935/a/k", true, false, []string{"rtmp:1935"}},
		{"rtmp://h/a/k", false, true, []string{"rtmp:1935", "rtmpt:80", "rtmpt:443", "rtmpt:1935"}},
		{"rtmp://h/a/k", true, true, []string{"rtmp:1935", "rtmp:443", "rtmp:80", "rtmpt:80", "rtmpt:443", "rtmpt:1935"}},
		{"rtmp://h:1936/a/k", true, true, []string{"rtmp:1936", "rtmpt:80", "rtmpt:443", "rtmpt:1935"}},
		{"rtmps://h/a/k", true, true, []string{"rtmps:443", "rtmpts:443"}},
		{"rtmpt://h/a/k", true, true, []string{"rtmpt:80"}},
		{"rtmpts://h/a/k", true, true, []string{"rtmpts:443"}},
	} {
		u, err := ParseURL(c.url, "")
		require.NoError(t, err)
		var got []string
		for _, way := range ways(u, Config{FallbackPorts: c.ports, FallbackTunnel: c.tunnels}) {
			got = append(got, fmt.Sprintf("%s:%d", way.Scheme, way.Port))
			require.Equal(t, "k", way.StreamKey())
			require.Equal(t, "h", way.Host)
		}
		require.Equal(t, c.want, got, c.url)
	}
}

// portless is a URL without a port that leads to a port of the test's.
func portless(t *testing.T, port int) *URL {
	t.Helper()
	u, err := ParseURL("rtmp://127.0.0.1/live+"+sesame, "+")
	require.NoError(t, err)
	u.Port = port
	return u
}

// freePort is a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().(*net.TCPAddr).Port
}

func portOf(t *testing.T, server *rtmptest.Server) int {
	t.Helper()
	return int(netip.MustParseAddrPort(server.Addr).Port())
}

// TestFallbackPorts finds the server behind a port where nobody listens and one
// where somebody else does.
func TestFallbackPorts(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	web := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("HTTP/1.1 400\r\n\r\n")) }))
	cfg := Config{FallbackPorts: true}
	cfg.seams.ports = []int{portOf(t, web), portOf(t, server)}
	var dialed []string
	cfg.OnStep = func(s Step) {
		if s.Op == "dial" {
			dialed = append(dialed, fmt.Sprint(s.Addr, " ", s.Err == nil))
		}
	}
	u := portless(t, freePort(t))
	c, err := Dial(t.Context(), u, cfg)
	require.NoError(t, err)
	require.Equal(t, []string{u.Addr() + " false", web.Addr + " true", server.Addr + " true"}, dialed)
	require.NoError(t, c.Close(t.Context()))

	cfg.FallbackPorts = false
	_, err = Dial(t.Context(), u, cfg)
	require.ErrorContains(t, err, "connection refused")
}

// TestFallbackTellsEveryWay: one way that may open is worth another attempt.
func TestFallbackTellsEveryWay(t *testing.T) {
	web := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("HTTP/1.1 400\r\n\r\n")) }))
	cfg := Config{FallbackPorts: true}
	cfg.seams.ports = []int{portOf(t, web)}
	u := portless(t, freePort(t))
	_, err := Dial(t.Context(), u, cfg)
	require.ErrorContains(t, err, "no way leads to the server: dial "+u.Addr()+": ")
	require.ErrorContains(t, err, "; handshake "+web.Addr+": ")
	require.ErrorIs(t, err, connectionRefused)
	require.True(t, Retryable(err))
	require.ErrorAs(t, err, new(*OpError))
	require.NotContains(t, err.Error(), sesame)
}

// TestRefusalsEndTheFallback: what the server says holds on every port.
func TestRefusalsEndTheFallback(t *testing.T) {
	second := rtmptest.NewServer(t, rtmptest.Script{})
	for name, first := range map[string]rtmptest.Script{
		"publish": on("publish", rtmptest.Then(rtmptest.Refuse("NetStream.Publish.BadName", "in use"))),
		"connect": on("connect", rtmptest.Then(rtmptest.Refuse("NetConnection.Connect.Rejected", "no"))),
	} {
		refuses := rtmptest.NewServer(t, first)
		cfg := Config{FallbackPorts: true}
		cfg.seams.ports = []int{portOf(t, second)}
		_, err := Dial(t.Context(), portless(t, portOf(t, refuses)), cfg)
		var status *StatusError
		require.ErrorAs(t, err, &status, name)
		require.NotContains(t, err.Error(), second.Addr)

		cfg.seams.ports = []int{portOf(t, refuses), portOf(t, second)}
		dead := portless(t, freePort(t))
		_, err = Dial(t.Context(), dead, cfg)
		require.ErrorAs(t, err, &status, name)
		require.NotContains(t, err.Error(), "no way", "the server was reached")
	}
}

// TestFallbackSharesTheTime has a firewall that swallows everything on the first
// port, and then on all.
func TestFallbackSharesTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		var dialed []string
		open := "example.com:443"
		cfg := Config{FallbackPorts: true, FallbackTunnel: true, ConnectTimeout: 12 * time.Second,
			Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				dialed = append(dialed, addr)
				if addr == open {
					return server.Dial(ctx, network, addr)
				}
				<-ctx.Done()
				return nil, ctx.Err()
			}}
		u, err := ParseURL("rtmp://example.com/live+"+sesame, "+")
		require.NoError(t, err)
		begun := time.Now()
		c, err := Dial(t.Context(), u, cfg)
		require.NoError(t, err)
		require.Equal(t, []string{"example.com:1935", open}, dialed)
		require.Equal(t, 2*time.Second, time.Since(begun), "six ways share 12 seconds")
		require.NoError(t, c.Close(t.Context()))

		cfg.FallbackTunnel, open = false, ""
		begun = time.Now()
		_, err = Dial(t.Context(), u, cfg)
		require.Equal(t, 12*time.Second, time.Since(begun))
		require.ErrorContains(t, err, "dial example.com:1935: not connected within 4s (this way's share of the connect timeout)")
		require.ErrorContains(t, err, "; dial example.com:443: not connected within 4s")
		require.ErrorContains(t, err, "; dial example.com:80: not connected within 12s (connect timeout)")
		require.True(t, Retryable(err))

		ctx, cancel := context.WithCancel(t.Context())
		dialed = nil
		time.AfterFunc(time.Second, cancel)
		_, err = Dial(ctx, u, cfg)
		require.ErrorIs(t, err, context.Canceled)
		require.Len(t, dialed, 1)
	})
}

// TestServerThatIsFoundHasAllTheTime: a login of three connections to a slow
// server takes longer than the share of a way.
func TestServerThatIsFoundHasAllTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		login := rtmptest.Login{User: loginUser, Password: loginPassword}.Handler()
		server := rtmptest.NewPipeServer(t, on("connect", func(s *rtmptest.Session, m rtmptest.Message) {
			time.Sleep(800 * time.Millisecond)
			login(s, m)
		}))
		u, err := ParseURL("rtmp://example.com/live+"+sesame, "+")
		require.NoError(t, err)
		begun := time.Now()
		c, err := Dial(t.Context(), u, Config{
			FallbackPorts: true, FallbackTunnel: true, ConnectTimeout: 6 * time.Second,
			Auth: AuthOn, Username: loginUser, Password: loginPassword, Dial: server.Dial,
		})
		require.NoError(t, err)
		require.Equal(t, 2400*time.Millisecond, time.Since(begun), "six ways share 6 seconds")
		require.NoError(t, c.Close(t.Context()))

		begun = time.Now()
		server = rtmptest.NewPipeServer(t, on("connect", func(s *rtmptest.Session, _ rtmptest.Message) {
			for range 100 { // it is not silent, and comes to nothing
				time.Sleep(500 * time.Millisecond)
				s.Send(rtmptest.PingRequest(1))
			}
		}))
		_, err = Dial(t.Context(), u, Config{FallbackPorts: true, ConnectTimeout: 6 * time.Second, Dial: server.Dial})
		require.EqualError(t, err, "connect example.com:1935: not connected within 6s (connect timeout)")
		require.Equal(t, 6*time.Second, time.Since(begun))
	})
}

// TestFallbackNeedsAnAddress: a name that does not exist has no other ports.
func TestFallbackNeedsAnAddress(t *testing.T) {
	u, err := ParseURL("rtmp://live.example.com/live+"+sesame, "+")
	require.NoError(t, err)
	lookups := 0
	cfg := Config{FallbackPorts: true}
	cfg.seams.lookup = func(context.Context, string, string) ([]netip.Addr, error) {
		lookups++
		return nil, &net.DNSError{Err: "no such host", Name: "live.example.com", IsNotFound: true}
	}
	_, err = Dial(t.Context(), u, cfg)
	require.ErrorContains(t, err, "no such host")
	require.Equal(t, 1, lookups)
}

// TestFallbackNeedsASource: an address that is not ours leads nowhere, and is
// told once.
func TestFallbackNeedsASource(t *testing.T) {
	dials := 0
	cfg := Config{FallbackPorts: true, FallbackTunnel: true, Bind: "192.0.2.77", OnStep: func(s Step) {
		if s.Op == opDial {
			dials++
		}
	}}
	for _, addrs := range [][]netip.Addr{{netip.MustParseAddr("127.0.0.1")}, {netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2")}} {
		dials = 0
		cfg.seams.lookup = func(context.Context, string, string) ([]netip.Addr, error) { return addrs, nil }
		u, err := ParseURL("rtmp://live.example.com/live+"+sesame, "+")
		require.NoError(t, err)
		_, err = Dial(t.Context(), u, cfg)
		require.ErrorContains(t, err, "dial live.example.com:1935: ")
		require.ErrorContains(t, err, "can't connect from 192.0.2.77 (bind): not an address of this machine")
		require.NotContains(t, err.Error(), "no way leads")
		require.Equal(t, 1, dials)
	}
}

func TestRetryableWays(t *testing.T) {
	forGood, passing := &OpError{opHandshake, "h", &ProtocolError{"x"}}, &OpError{opDial, "h", syscall.ECONNREFUSED}
	require.True(t, Retryable(&waysError{errs: []error{forGood, passing}}))
	require.False(t, Retryable(&waysError{errs: []error{forGood, forGood}}))
	require.ErrorIs(t, &waysError{errs: []error{forGood, passing}}, syscall.ECONNREFUSED)
}
