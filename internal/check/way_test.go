package check

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// proxy is an HTTP proxy that leads everywhere to one server, and wants the
// credentials of a user where there are some. Its goroutine, which serves one
// client, ends with the test.
func proxy(t *testing.T, server *rtmptest.Server, credentials string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var running sync.WaitGroup
	running.Go(func() {
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		r, err := http.ReadRequest(bufio.NewReader(client))
		if err != nil || r.Method != http.MethodConnect {
			return
		}
		if credentials != "" && r.Header.Get("Proxy-Authorization") != credentials {
			_, _ = io.WriteString(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
		back, err := net.Dial("tcp", server.Addr)
		if err != nil {
			return
		}
		defer back.Close()
		var answers sync.WaitGroup
		answers.Go(func() { _, _ = io.Copy(client, back) })
		_, _ = io.Copy(back, client)
		_ = back.(*net.TCPConn).CloseWrite()
		answers.Wait()
	})
	t.Cleanup(func() { _ = l.Close(); running.Wait() })
	return l.Addr().String()
}

// Through a proxy the proxy is a step of its own, and the server's name is its
// business.
func TestProxy(t *testing.T) {
	const basic = "Basic am9lOnBhNTV3b3Jk" // joe:pa55word
	for name, c := range map[string]struct{ credentials, login, says string }{
		"open":           {"", "", ""},
		"login":          {basic, user + ":" + password + "@", ""},
		"wrong password": {basic, user + ":other@", "407"},
	} {
		t.Run(name, func(t *testing.T) {
			server := rtmptest.NewServer(t, rtmptest.Script{})
			addr := proxy(t, server, c.credentials)
			p, err := rtmp.ParseProxy("http://" + c.login + addr)
			require.NoError(t, err)
			u := urlOf(t, server)
			u.Host = "only.the.proxy.knows.example.com"
			r := Run(t.Context(), u, rtmp.Config{Proxy: p}, Options{})
			require.Contains(t, find(t, r, stepTCP).Detail, "the proxy at "+addr)
			f := find(t, r, stepProxy)
			require.NotContains(t, shown(t, r), password)
			if c.says == "" {
				require.NoError(t, r.Err)
				require.Equal(t, OK, f.Result)
				require.Equal(t, min(find(t, r, "connect").Took, find(t, r, "createStream").Took), r.RoundTrip, "the proxy's own answer is none of the server's")
				return
			}
			require.Equal(t, Failed, f.Result)
			require.Contains(t, f.Error, c.says)
			require.Contains(t, f.Advice, "the proxy's address, user name and password")
		})
	}
	p, err := rtmp.ParseProxy("socks5://127.0.0.1:1")
	require.NoError(t, err)
	server := rtmptest.NewServer(t, rtmptest.Script{})
	f := find(t, Run(t.Context(), urlOf(t, server), rtmp.Config{Proxy: p}, Options{}), stepProxy)
	require.Equal(t, Failed, f.Result)
	require.Contains(t, f.Error, "refused")
	require.Contains(t, f.Advice, "the proxy's address")
}

// The environment's proxies are the command line's default: where none leads to
// the server, names and addresses are looked at as without.
func TestProxyOfTheEnvironment(t *testing.T) {
	for _, name := range []string{"ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"} {
		t.Setenv(name, "")
	}
	server := rtmptest.NewServer(t, rtmptest.Script{})
	u := urlOf(t, server)
	u.Host = "localhost"
	p, err := rtmp.EnvironmentProxy()
	require.NoError(t, err)
	r := Run(t.Context(), u, rtmp.Config{Proxy: p}, Options{})
	require.NoError(t, r.Err)
	require.Contains(t, find(t, r, stepResolve).Detail, "IPv4 127.0.0.1")
}

// Both families are looked up, and each address is tried: one that does not
// answer beside one that does is told.
func TestEveryAddressIsLookedAt(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	u := urlOf(t, server)
	u.Host = "localhost"
	known := map[string][]netip.Addr{}
	o := Options{lookup: func(_ context.Context, family, host string) ([]netip.Addr, error) {
		require.Equal(t, "localhost", host)
		if found := known[family]; found != nil {
			return found, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}}
	r := Run(t.Context(), u, rtmp.Config{}, o)
	require.Contains(t, find(t, r, stepResolve).Error, "no such host")
	require.Contains(t, find(t, r, stepResolve).Advice, "spelling")
	require.Len(t, r.Steps, 1, "it ends there")

	known["ip4"] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	known["ip6"] = []netip.Addr{netip.MustParseAddr("::1")}
	r = Run(t.Context(), u, rtmp.Config{}, o)
	require.NoError(t, r.Err)
	require.Equal(t, "localhost: IPv4 127.0.0.1, IPv6 ::1", find(t, r, stepResolve).Detail)
	var reached, dead []string
	for _, f := range r.Steps {
		switch {
		case f.Step == stepTCP && f.Result == OK:
			reached = append(reached, f.Detail)
		case f.Step == stepTCP && f.Result == Warning:
			dead = append(dead, f.Error)
		}
	}
	require.Equal(t, []string{server.Addr}, reached)
	require.Len(t, dead, 1, "the server is not on IPv6")
	require.Contains(t, dead[0], "[::1]:")

	server.Close()
	r = Run(t.Context(), u, rtmp.Config{}, o)
	require.Error(t, r.Err)
	require.Equal(t, 2, strings.Count(shown(t, r), `"step":"tcp","result":"failed"`), "none answers")
}

// Through HTTP the tunnel is a step of its own; a server that has none is told
// apart from one that does not answer.
func TestTunnel(t *testing.T) {
	server := rtmptest.NewTunnelServer(t, rtmptest.Script{}, rtmptest.Tunnel{})
	r := Run(t.Context(), urlOf(t, server), rtmp.Config{}, Options{})
	require.NoError(t, r.Err)
	require.Equal(t, OK, find(t, r, stepTunnel).Result)
	require.Equal(t, min(find(t, r, "connect").Took, find(t, r, "createStream").Took), r.RoundTrip)
	require.Equal(t, OK, find(t, r, stepClose).Result)

	plain := rtmptest.NewServer(t, rtmptest.Script{})
	u := urlOf(t, plain)
	u.Scheme = "rtmpt"
	r = Run(t.Context(), u, rtmp.Config{ConnectTimeout: 500 * time.Millisecond}, Options{})
	require.Error(t, r.Err)
	f := r.Steps[len(r.Steps)-1]
	require.Equal(t, "tunnel", f.Step)
	require.Equal(t, Failed, f.Result)
	require.Contains(t, f.Advice, "no RTMPT on this port")
}
