package rtmp

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// What the server sees is looked at in rtmp/internal/network.
func TestBindAddressAndInterface(t *testing.T) {
	for _, bind := range []string{"127.0.0.2", "lo"} {
		server := rtmptest.NewServer(t, rtmptest.Script{})
		c, err := Dial(t.Context(), testURL(t, server), Config{Bind: bind})
		require.NoError(t, err)
		from := c.LocalAddr().String()
		if bind == "lo" {
			bind = "127.0.0.1"
		}
		require.Contains(t, from, bind+":")
		require.NoError(t, c.Close(t.Context()))
	}
}

// TestPeerTimeoutIsTheSystems reads the bound back from the socket, direct and
// through a proxy: a little shorter, so that the end comes within it.
func TestPeerTimeoutIsTheSystems(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	p := newProxyServer(t, socks5("", ""))
	for _, proxy := range []*Proxy{nil, through(t, "socks5", "", "", p.addr)} {
		for _, want := range []struct {
			limit                                   time.Duration
			milliseconds, idle, interval, keepAlive int
		}{{10 * time.Second, 9000, 3, 2, 1}, {time.Second, 500, 1, 1, 1}, {2500 * time.Millisecond, 2000, 1, 1, 1}, {0, 0, 15, 15, 1}} {
			c, err := Dial(t.Context(), testURL(t, server), Config{PeerTimeout: want.limit, Proxy: proxy})
			require.NoError(t, err)
			read := func(level, name int) int { return option(t, c.NetConn(), level, name) }
			require.Equal(t, want.milliseconds, read(syscall.IPPROTO_TCP, tcpUserTimeout))
			require.Equal(t, want.idle, read(syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE), want.limit)
			require.Equal(t, want.interval, read(syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL))
			require.Equal(t, want.keepAlive, read(syscall.SOL_SOCKET, syscall.SO_KEEPALIVE))
			require.NoError(t, c.Close(t.Context()))
		}
	}
}

// TestUndeliveredThroughASecureProxy: what waits in the socket below the proxy's
// TLS counts when Close looks whether the server still takes something.
func TestUndeliveredThroughASecureProxy(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() // nobody reads
	conn, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	secure := &secureProxyConn{raw: conn}
	require.Zero(t, undelivered(secure))
	full := func() bool {
		require.NoError(t, conn.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
		_, err := conn.Write(make([]byte, 1<<20))
		return err != nil && undelivered(secure) > 0
	}
	require.Eventually(t, full, 20*time.Second, time.Millisecond)
}
