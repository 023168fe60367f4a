package rtmp

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// setEnvironment sets the proxies' variables and clears the others.
func setEnvironment(t *testing.T, set map[string]string) {
	t.Helper()
	for _, name := range []string{"ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"} {
		t.Setenv(name, set[name])
		t.Setenv(strings.ToLower(name), set[strings.ToLower(name)])
	}
}

func TestEnvironmentChoosesByScheme(t *testing.T) {
	setEnvironment(t, map[string]string{"all_proxy": "socks5://a", "HTTPS_PROXY": "https://s:1", "https_proxy": "http://no", "HTTP_PROXY": "h:2"})
	p, err := EnvironmentProxy()
	require.NoError(t, err)
	require.Equal(t, "environment", p.String())
	for scheme, want := range map[string]string{
		"rtmp": "socks5://a:1080", "rtmps": "https://s:1", "rtmpts": "https://s:1", "rtmpt": "http://h:2",
	} {
		u, err := ParseURL(scheme+"://example.com/live/x", "")
		require.NoError(t, err)
		require.Equal(t, want, p.For(u).String())
	}

	setEnvironment(t, map[string]string{"ALL_PROXY": "a:1"})
	p, err = EnvironmentProxy()
	require.NoError(t, err)
	u, err := ParseURL("rtmps://example.com/live/x", "")
	require.NoError(t, err)
	require.Equal(t, "http://a:1", p.For(u).String(), "where the others are missing")

	setEnvironment(t, nil)
	p, err = EnvironmentProxy()
	require.NoError(t, err)
	require.Nil(t, p.For(u))

	setEnvironment(t, map[string]string{"ALL_PROXY": "gopher://me:" + sesame + "@p"})
	_, err = EnvironmentProxy()
	require.ErrorContains(t, err, "environment variable ALL_PROXY")
	require.NotContains(t, err.Error(), sesame)
}

func TestNoProxy(t *testing.T) {
	for _, c := range []struct{ list, direct, proxied string }{
		{"", "localhost 127.0.0.1 127.9.9.9 [::1]", "example.com 192.0.2.1"},
		{"*", "example.com 192.0.2.1", ""},
		{"example.com", "example.com EXAMPLE.com example.com. live.example.com", "notexample.com example.net"},
		{" .example.com , example.net", "live.example.com example.net", "example.com"},
		{"*.example.com", "live.example.com", "example.com"},
		{"192.0.2.0/24,2001:db8::/32", "192.0.2.9 [2001:db8::9] [::ffff:192.0.2.9]", "198.51.100.1 [2001:db9::1] example.com"},
		{"192.0.2.1,[2001:db8::1]", "192.0.2.1 [2001:db8::1]", "192.0.2.2 [2001:db8::2]"},
		{"example.com:1935,192.0.2.1:1935,[2001:db8::1]:1936", "example.com 192.0.2.1 [2001:db8::1]:1936", "example.com:1936 [2001:db8::1]"},
		{"%,,:,///", "localhost", "example.com"},
	} {
		setEnvironment(t, map[string]string{"ALL_PROXY": "socks5://p", "NO_PROXY": c.list})
		p, err := EnvironmentProxy()
		require.NoError(t, err)
		for way, hosts := range map[bool]string{true: c.direct, false: c.proxied} {
			for _, host := range strings.Fields(hosts) {
				u, err := ParseURL("rtmp://"+host+"/live/x", "")
				require.NoError(t, err)
				require.Equal(t, way, p.For(u) == nil, "NO_PROXY=%q %s", c.list, host)
			}
		}
	}
}

// TestEnvironmentProxyLeadsToTheServer also shows that NO_PROXY keeps it out.
func TestEnvironmentProxyLeadsToTheServer(t *testing.T) {
	p := newProxyServer(t, socks5("me", thePassword))
	setEnvironment(t, map[string]string{"ALL_PROXY": "socks5://me:pr%25x%2Fy%40z@" + p.addr, "NO_PROXY": "example.org"})
	environment, err := EnvironmentProxy()
	require.NoError(t, err)
	publishThrough(t, rtmptest.NewServer(t, rtmptest.Script{}), p, Config{Proxy: environment})

	server := rtmptest.NewServer(t, rtmptest.Script{})
	c, err := Dial(t.Context(), testURL(t, server), Config{Proxy: environment})
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	require.Len(t, p.asked(), 1, "this machine needs no proxy of the environment")
}

// Who has not asked for a proxy learns where it comes from.
func TestFailureNamesTheVariable(t *testing.T) {
	u, err := ParseURL("rtmp://example.com/live/x", "")
	require.NoError(t, err)
	for _, name := range []string{"ALL_PROXY", "all_proxy"} {
		setEnvironment(t, map[string]string{name: "socks5://me:" + sesame + "@127.0.0.1:1"})
		p, err := EnvironmentProxy()
		require.NoError(t, err)
		_, err = Dial(t.Context(), u, Config{Proxy: p, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: connectionRefused}
		}})
		require.ErrorContains(t, err, "proxy 127.0.0.1:1: connection refused (does a server listen on this port?) (the proxy is that of the environment variable "+name+")")
		require.Equal(t, 1, strings.Count(err.Error(), "listen"))
	}
}
