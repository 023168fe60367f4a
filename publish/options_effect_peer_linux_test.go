package publish_test

import (
	"context"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// tcpUserTimeout is tcp(7)'s TCP_USER_TIMEOUT.
const tcpUserTimeout = 18

// TestOptionPeerTimeout reads back what the system was told; that it obeys is
// shown with a network of its own in interop.
func TestOptionPeerTimeout(t *testing.T) {
	for _, limit := range []time.Duration{0, time.Second, 10 * time.Second} {
		var read int
		server := rtmptest.NewServer(t, rtmptest.Script{})
		o := publish.DefaultOptions()
		o.URL, o.PeerTimeout = server.URL("live+x"), limit
		var socket *net.TCPConn
		p, err := publish.New(o, publish.WithDialer(func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			if err == nil {
				socket = conn.(*net.TCPConn)
			}
			return conn, err
		}))
		require.NoError(t, err)
		require.NoError(t, p.Connect(t.Context()))
		raw, err := socket.SyscallConn()
		require.NoError(t, err)
		require.NoError(t, raw.Control(func(fd uintptr) { read, err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout) }))
		require.NoError(t, err)
		require.LessOrEqual(t, read, int(limit.Milliseconds()), "within the bound")
		require.GreaterOrEqual(t, read, int((limit - time.Second).Milliseconds()))
		require.Equal(t, limit == 0, read == 0)
		require.NoError(t, p.Shutdown(t.Context()))
	}
}

// TestOptionBindAddress comes from an address that the system would not take.
func TestOptionBindAddress(t *testing.T) {
	for bind, from := range map[string]string{"127.0.0.2": "127.0.0.2", "lo": "127.0.0.1"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		seen := make(chan string, 1)
		go func() { // ends with the one connection
			conn, err := l.Accept()
			if err != nil {
				seen <- err.Error()
				return
			}
			host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
			_ = conn.Close()
			seen <- host
		}()
		o := publish.DefaultOptions()
		o.URL, o.Bind = "rtmp://"+l.Addr().String()+"/live+x", bind
		p, err := publish.New(o)
		require.NoError(t, err)
		require.Error(t, p.Connect(t.Context()), "nobody speaks RTMP there")
		require.Equal(t, from, <-seen)
		require.NoError(t, p.Shutdown(t.Context()))
		require.NoError(t, l.Close())
	}
}
