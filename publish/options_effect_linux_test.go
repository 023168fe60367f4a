package publish_test

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// socketOption connects over TCP with the options given and reads an option of
// the socket while publishing.
func socketOption(t *testing.T, level, name int, change func(*publish.Options)) (value int) {
	t.Helper()
	server := rtmptest.NewServer(t, rtmptest.Script{})
	var socket *net.TCPConn
	o := publish.DefaultOptions()
	o.URL = server.URL("live+x")
	change(&o)
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
	require.NoError(t, raw.Control(func(fd uintptr) { value, err = syscall.GetsockoptInt(int(fd), level, name) }))
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
	return value
}

func TestOptionSocketBufferSize(t *testing.T) {
	read := func(size int) int {
		return socketOption(t, syscall.SOL_SOCKET, syscall.SO_SNDBUF, func(o *publish.Options) { o.SocketBufferSize = size })
	}
	for _, size := range []int{16_384, 65_536, 131_072} {
		require.Equal(t, 2*size, read(size), "Linux doubles it for its own records")
	}
	require.NotEqual(t, read(16_384), read(0), "0 leaves it to the system")
}

func TestOptionTCPNoDelay(t *testing.T) {
	for _, on := range []bool{false, true} {
		value := socketOption(t, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, func(o *publish.Options) { o.TCPNoDelay = on })
		require.Equal(t, on, value != 0)
	}
}
