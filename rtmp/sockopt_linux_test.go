package rtmp

import (
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// sockopt reads TCP_NODELAY, or SO_SNDBUF.
func sockopt(t *testing.T, conn net.Conn, buffer bool) int {
	t.Helper()
	if buffer {
		return option(t, conn, syscall.SOL_SOCKET, syscall.SO_SNDBUF)
	}
	return option(t, conn, syscall.IPPROTO_TCP, syscall.TCP_NODELAY)
}

// option reads a socket's option.
func option(t *testing.T, conn net.Conn, level, name int) int {
	t.Helper()
	raw, err := conn.(syscall.Conn).SyscallConn()
	require.NoError(t, err)
	var value int
	var failed error
	require.NoError(t, raw.Control(func(fd uintptr) { value, failed = syscall.GetsockoptInt(int(fd), level, name) }))
	require.NoError(t, failed)
	return value
}

func TestDialSetsSocketOptions(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	for _, c := range []struct {
		cfg     Config
		noDelay int
	}{{Config{SocketBuffer: 65536, TCPNoDelay: true}, 1}, {Config{}, 0}} {
		conn, _ := start(t, server, c.cfg)
		require.Equal(t, c.noDelay, sockopt(t, conn.NetConn(), false))
		if c.cfg.SocketBuffer > 0 {
			require.GreaterOrEqual(t, sockopt(t, conn.NetConn(), true), c.cfg.SocketBuffer)
		}
		require.Equal(t, server.Addr, conn.RemoteAddr().String())
		require.Equal(t, conn.NetConn().LocalAddr(), conn.LocalAddr())
	}
}
