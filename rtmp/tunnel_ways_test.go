package rtmp

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestFallbackTunnel finds the server behind a port where nobody listens, a
// web server and one that takes tunnels.
func TestFallbackTunnel(t *testing.T) {
	server := rtmptest.NewTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{})
	web := rtmptest.NewTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{Refuse: 404})
	rtmpOnly := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("\x03...\r\n")) }))
	cfg := Config{FallbackTunnel: true}
	cfg.seams.tunnels = []int{portOf(t, web), portOf(t, rtmpOnly), portOf(t, server)}
	var opened []string
	cfg.OnStep = func(s Step) {
		if s.Op == "tunnel" && s.Err == nil {
			opened = append(opened, s.Addr)
		}
	}
	c, err := Dial(t.Context(), portless(t, freePort(t)), cfg)
	require.NoError(t, err)
	require.Equal(t, []string{server.Addr}, opened)
	require.NoError(t, c.Close(t.Context()))
	require.Equal(t, "deleteStream", lastOf(server.Session().Commands()))
}

func lastOf(names []string) string { return names[len(names)-1] }

// TestLoginThroughATunnel needs several connections, each a tunnel's session.
func TestLoginThroughATunnel(t *testing.T) {
	script, n := counted(rtmptest.Login{User: loginUser, Password: loginPassword}.Handler())
	server := rtmptest.NewTunnelServer(t, script, rtmptest.Tunnel{})
	c, err := loggedIn(t, server, "live/"+sesame, Config{Auth: AuthOn, Username: loginUser, Password: loginPassword})
	require.NoError(t, err)
	require.GreaterOrEqual(t, n.Load(), int32(2))
	require.NoError(t, c.Close(t.Context()))
}

// TestTunnelThroughAProxy asks the proxy for every connection of the tunnel.
func TestTunnelThroughAProxy(t *testing.T) {
	cert, roots := certificate(t)
	server := rtmptest.NewTunnelServer(t, rtmptest.Script{TLS: &tls.Config{Certificates: []tls.Certificate{cert}}}, rtmptest.Tunnel{CloseEach: true})
	p := newProxyServer(t, httpConnect("joe", thePassword))
	u := testURL(t, server)
	u.Host = "rtmps.example.com" // only the proxy finds it
	c, err := Dial(t.Context(), u, Config{TLS: &tls.Config{RootCAs: roots}, Proxy: through(t, "http", "joe", thePassword, p.addr)})
	require.NoError(t, err)
	s := server.Session()
	require.NoError(t, c.Append(video(0, 300000)))
	require.NoError(t, c.Flush())
	require.Len(t, s.Wait(isMedia).Body, 300005)
	require.NoError(t, c.Close(t.Context()))
	asked := p.asked()
	require.Greater(t, len(asked), 5)
	for _, target := range asked {
		require.Equal(t, u.Addr(), target)
	}
}
