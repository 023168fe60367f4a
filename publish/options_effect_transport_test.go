package publish_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// dialedFor connects to rtmp://example.com where nobody answers, and returns the
// addresses that were tried, and why it failed.
func dialedFor(t *testing.T, change func(*publish.Options)) (dialed []string, err error) {
	t.Helper()
	o := publish.DefaultOptions()
	o.URL = "rtmp://example.com/live+x"
	change(&o)
	p, err := publish.New(o, publish.WithDialer(func(_ context.Context, _, addr string) (net.Conn, error) {
		dialed = append(dialed, addr)
		return nil, syscall.ECONNREFUSED
	}))
	require.NoError(t, err)
	err = p.Connect(t.Context())
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.NoError(t, p.Shutdown(t.Context()))
	return dialed, err
}

func TestOptionFallbackPorts(t *testing.T) {
	dialed, _ := dialedFor(t, func(*publish.Options) {})
	require.Equal(t, []string{"example.com:1935"}, dialed)
	dialed, err := dialedFor(t, func(o *publish.Options) { o.FallbackPorts = true })
	require.Equal(t, []string{"example.com:1935", "example.com:443", "example.com:80"}, dialed)
	require.ErrorContains(t, err, "no way leads to the server: dial example.com:1935: connection refused")
	require.ErrorContains(t, err, "dial example.com:80: connection refused")
}

func TestOptionFallbackTunnel(t *testing.T) {
	dialed, err := dialedFor(t, func(o *publish.Options) { o.FallbackTunnel = true })
	require.Equal(t, "example.com:1935", dialed[0])
	require.Equal(t, 3, strings.Count(err.Error(), "; by rtmpt: "), err.Error())
}

// proxyRequest connects through a proxy on this machine, which refuses, and
// returns the request that it got.
func proxyRequest(t *testing.T, change func(o *publish.Options, proxy string)) *http.Request {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	got := make(chan *http.Request, 1)
	go func() { // ends with the one connection, or the listener
		conn, err := l.Accept()
		if err != nil {
			got <- nil
			return
		}
		defer conn.Close()
		r, _ := http.ReadRequest(bufio.NewReader(conn))
		_, _ = conn.Write([]byte("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
		_, _ = conn.Read(make([]byte, 1))
		got <- r
	}()
	o := publish.DefaultOptions()
	o.URL = "rtmp://live.example.com/live+x"
	change(&o, l.Addr().String())
	p, err := publish.New(o)
	require.NoError(t, err)
	err = p.Connect(t.Context())
	require.ErrorContains(t, err, "proxy "+l.Addr().String()+": the proxy refused: 403 Forbidden")
	require.NotContains(t, err.Error(), "sesame")
	require.False(t, publish.Retryable(err))
	require.NoError(t, p.Shutdown(t.Context()))
	require.NoError(t, l.Close())
	return <-got
}

func TestOptionProxy(t *testing.T) {
	r := proxyRequest(t, func(o *publish.Options, proxy string) { o.Proxy = "http://me:sesame@" + proxy })
	require.Equal(t, "CONNECT live.example.com:1935", r.Method+" "+r.RequestURI)
	require.Equal(t, "Basic bWU6c2VzYW1l", r.Header.Get("Proxy-Authorization"))

	r = proxyRequest(t, func(o *publish.Options, proxy string) {
		for _, name := range []string{"ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "no_proxy"} {
			t.Setenv(name, "")
		}
		t.Setenv("ALL_PROXY", "http://"+proxy)
		o.Proxy = "environment"
	})
	require.Equal(t, "live.example.com:1935", r.RequestURI)
	require.Empty(t, r.Header.Get("Proxy-Authorization"))

	for _, wrong := range []string{"ftp://me:sesame@p", "me:sesame@p", "sesame", "http://me:sesame@p:x"} {
		o := publish.DefaultOptions()
		o.URL, o.Proxy = "rtmp://example.com/live+x", wrong
		_, err := publish.New(o)
		var option *publish.OptionError
		require.ErrorAs(t, err, &option)
		require.Equal(t, "proxy", option.Name)
		require.ErrorContains(t, err, "bad proxy")
		require.NotContains(t, err.Error(), "sesame")
	}
	t.Setenv("ALL_PROXY", "gopher://me:sesame@p")
	o := publish.DefaultOptions()
	o.URL, o.Proxy = "rtmp://example.com/live+x", "environment"
	_, err := publish.New(o)
	require.ErrorContains(t, err, `option proxy = "environment": bad proxy: it must begin with`)
	require.ErrorContains(t, err, "ALL_PROXY")
	require.NotContains(t, err.Error(), "sesame")
}

func TestOptionBind(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	for bind, says := range map[string]string{
		"127.0.0.1":   "",
		"203.0.113.9": "can't connect from 203.0.113.9 (bind): not an address of this machine",
		"nosuchif0":   "can't connect from nosuchif0 (bind): neither an address nor a network interface",
	} {
		o := publish.DefaultOptions()
		o.URL, o.Bind = server.URL("live+x"), bind
		p, err := publish.New(o)
		require.NoError(t, err)
		err = p.Connect(t.Context())
		if says == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, says)
		}
		require.NoError(t, p.Shutdown(t.Context()))
	}
}
