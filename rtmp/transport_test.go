package rtmp

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// named gives a server a name that only lookup knows.
func named(t *testing.T, server *rtmptest.Server) *URL {
	t.Helper()
	u := testURL(t, server)
	u.Host = "live.example.com"
	return u
}

func TestDialResolvesAnewAndTriesEveryAddress(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	here := netip.MustParseAddrPort(server.Addr)
	var lookups int
	var steps []Step
	cfg := Config{OnStep: func(s Step) { steps = append(steps, s) }}
	cfg.seams.lookup = func(_ context.Context, _, host string) ([]netip.Addr, error) {
		require.Equal(t, "live.example.com", host)
		lookups++
		return []netip.Addr{netip.MustParseAddr("2001:db8::1"), here.Addr()}, nil
	}
	cfg.seams.connect = func(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
		if addr.Addr().Is6() {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
		}
		return new(net.Dialer).DialContext(ctx, "tcp", addr.String())
	}
	for n := 1; n <= 2; n++ {
		steps = nil
		c, err := Dial(t.Context(), named(t, server), cfg)
		require.NoError(t, err)
		require.NoError(t, c.Close(t.Context()))
		require.Equal(t, n, lookups, "each Dial resolves anew")
		require.Equal(t, "resolve", steps[0].Op)
		require.Equal(t, []netip.Addr{netip.MustParseAddr("2001:db8::1"), here.Addr()}, steps[0].Resolved)
		require.Equal(t, "dial", steps[1].Op)
		require.Equal(t, server.Addr, steps[1].Addr, "the address that won")
		require.Less(t, steps[1].Took, 200*time.Millisecond, "what fails at once is not waited for")
	}

	cfg.seams.connect = func(context.Context, netip.AddrPort) (net.Conn, error) { return nil, syscall.ECONNREFUSED }
	steps = nil
	_, err := Dial(t.Context(), named(t, server), cfg)
	require.ErrorContains(t, err, "dial live.example.com:")
	require.ErrorContains(t, err, "connection refused, 127.0.0.1:")
	require.ErrorContains(t, err, "does a server listen on this port?")
	require.True(t, Retryable(err))
	require.Error(t, steps[1].Err)

	cfg.seams.lookup = func(context.Context, string, string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "live.example.com", IsNotFound: true}
	}
	steps = nil
	_, err = Dial(t.Context(), named(t, server), cfg)
	require.ErrorContains(t, err, "resolve live.example.com:")
	require.ErrorContains(t, err, "is the host name right, and the network up?")
	require.Len(t, steps, 1)
	require.Error(t, steps[0].Err)
}

// TestDialTellsWhoDidNotAnswer has addresses that swallow everything.
func TestDialTellsWhoDidNotAnswer(t *testing.T) {
	u, err := ParseURL("rtmp://live.example.com/live+"+sesame, "+")
	require.NoError(t, err)
	cfg := Config{ConnectTimeout: 20 * time.Millisecond}
	cfg.seams.lookup = func(context.Context, string, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}, nil
	}
	cfg.seams.connect = func(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	_, err = Dial(t.Context(), u, cfg)
	require.EqualError(t, err, "dial live.example.com:1935: not connected within 20ms (connect timeout): 192.0.2.1:1935: no answer; 1 not tried yet")
	var op *OpError
	require.ErrorAs(t, err, &op)
	require.True(t, op.Timeout())
	require.True(t, Retryable(err))
}

func TestDialIPv6(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	require.NoError(t, err, "this machine has no IPv6")
	server := rtmptest.NewServer(t, rtmptest.Script{})
	forward := newForward(t, l, server.Addr)
	u, err := ParseURL("rtmp://"+l.Addr().String()+"/live+"+sesame, "+")
	require.NoError(t, err)
	c, err := Dial(t.Context(), u, Config{})
	require.NoError(t, err)
	require.Equal(t, l.Addr().String(), c.RemoteAddr().String())
	require.NoError(t, c.Close(t.Context()))
	forward()
}

// newForward takes one connection and forwards it; the result waits for its end.
func newForward(t *testing.T, l net.Listener, to string) (wait func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err == nil {
			new(proxyServer).splice(conn, func(*proxyServer, net.Conn) net.Conn {
				server, _ := net.Dial("tcp", to)
				return server
			})
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return func() { <-done }
}

func TestBind(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	c, err := Dial(t.Context(), testURL(t, server), Config{Bind: "127.0.0.1"})
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))

	for bind, says := range map[string]string{
		"203.0.113.9": "dial " + server.Addr + ": can't connect from 203.0.113.9 (bind): not an address of this machine",
		"::1":         "dial " + server.Addr + ": can't connect from ::1 (bind): no IPv4 address, and the server has no other (127.0.0.1)",
		"nosuchif0":   "dial " + server.Addr + ": can't connect from nosuchif0 (bind): neither an address nor a network interface of this machine",
	} {
		_, err := Dial(t.Context(), testURL(t, server), Config{Bind: bind})
		require.ErrorContains(t, err, says)
		require.True(t, Retryable(err), "it may come later")
	}
	_, err = Dial(t.Context(), testURL(t, server), Config{Bind: "127.0.0.1", Dial: server.Dial})
	require.ErrorContains(t, err, "can't be had with a Dial of one's own")
}

// TestSlowResolver: the step that took the time is named.
func TestSlowResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := Config{ConnectTimeout: 3 * time.Second}
		cfg.seams.lookup = func(ctx context.Context, _, host string) ([]netip.Addr, error) {
			<-ctx.Done()
			return nil, &net.DNSError{Err: "i/o timeout", Name: host, IsTimeout: true}
		}
		u, err := ParseURL("rtmp://live.example.com/live+"+sesame, "+")
		require.NoError(t, err)
		_, err = Dial(t.Context(), u, cfg)
		require.EqualError(t, err, "resolve live.example.com:1935: not connected within 3s (connect timeout)")
		require.True(t, Retryable(err))
	})
}
