package network

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// loopback is the name of this machine's loopback interface.
func loopback(t *testing.T) string {
	t.Helper()
	all, err := net.Interfaces()
	require.NoError(t, err)
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 {
			return i.Name
		}
	}
	require.Fail(t, "there is no loopback interface")
	return ""
}

// seen connects to a listener from a source and returns where that saw it come
// from.
func seen(t *testing.T, bind string) netip.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	source, err := FindSource(bind)
	require.NoError(t, err)
	conn, err := source.Connect(t.Context(), l.Addr().(*net.TCPAddr).AddrPort())
	require.NoError(t, err)
	defer conn.Close()
	peer, err := l.Accept()
	require.NoError(t, err)
	defer peer.Close()
	return peer.RemoteAddr().(*net.TCPAddr).AddrPort().Addr()
}

func TestSource(t *testing.T) {
	require.Equal(t, "127.0.0.1", seen(t, "").String())
	require.Equal(t, "127.0.0.1", seen(t, "127.0.0.1").String())
	require.Equal(t, "127.0.0.1", seen(t, loopback(t)).String())
}

func TestSourceThatIsNotThere(t *testing.T) {
	for bind, says := range map[string]string{
		"nosuchif0":    "can't connect from nosuchif0 (bind): neither an address nor a network interface of this machine (it has " + "",
		"203.0.113.77": "can't connect from 203.0.113.77 (bind): not an address of this machine",
	} {
		source, err := FindSource(bind)
		if err == nil {
			_, err = source.Connect(t.Context(), netip.MustParseAddrPort("127.0.0.1:9"))
		}
		require.ErrorContains(t, err, says)
		require.ErrorIs(t, err, syscall.EADDRNOTAVAIL, "it may come later")
	}
}

func TestSourceKeepsToItsFamilies(t *testing.T) {
	addrs := []netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1")}
	four, err := FindSource("127.0.0.1")
	require.NoError(t, err)
	kept, err := four.Reach(addrs)
	require.NoError(t, err)
	require.Equal(t, addrs[1:], kept)
	_, err = four.Reach(addrs[:1])
	require.EqualError(t, err, "can't connect from 127.0.0.1 (bind): no IPv6 address, and the server has no other (2001:db8::1)")

	both := Source{name: "eth0", device: "eth0", addrs: []netip.Addr{
		netip.MustParseAddr("fe80::5%eth0"), netip.MustParseAddr("2001:db8::5"), netip.MustParseAddr("192.0.2.5"),
	}}
	kept, err = both.Reach(addrs)
	require.NoError(t, err)
	require.Equal(t, addrs, kept)
	for to, from := range map[string]string{"2001:db8::1": "2001:db8::5", "fe80::1%eth0": "fe80::5%eth0", "192.0.2.1": "192.0.2.5"} {
		require.Equal(t, from, both.from(netip.MustParseAddr(to)).String())
	}
	none, err := Source{}.Reach(addrs)
	require.NoError(t, err)
	require.Equal(t, addrs, none)
}

func TestSourceObeysItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Source{}.Connect(ctx, netip.MustParseAddrPort("127.0.0.1:9"))
	require.Error(t, err)
}
