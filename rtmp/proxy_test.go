package rtmp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// thePassword is a proxy's; no text may show it.
const thePassword = "pr%x/y@z"

// through makes a proxy's URL and parses it.
func through(t *testing.T, scheme, user, password, addr string) *Proxy {
	t.Helper()
	u := url.URL{Scheme: scheme, Host: addr}
	if user != "" {
		u.User = url.UserPassword(user, password)
	}
	p, err := ParseProxy(u.String())
	require.NoError(t, err)
	return p
}

// TestProxies publishes through each kind, with TLS to the server and without;
// the server's name is resolved by the proxy alone.
func TestProxies(t *testing.T) {
	cert, pool := certificate(t)
	for _, scheme := range []string{"socks5", "http", "https"} {
		for _, login := range []string{"", "me"} {
			for _, secure := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s login=%q tls=%t", scheme, login, secure), func(t *testing.T) {
					serve := map[string]func(string, string) func(*proxyServer, net.Conn) net.Conn{
						"socks5": socks5, "http": httpConnect, "https": httpConnect,
					}[scheme](login, thePassword)
					var p *proxyServer
					if scheme == "https" {
						p = newSecureProxyServer(t, cert, serve)
					} else {
						p = newProxyServer(t, serve)
					}
					script := rtmptest.Script{}
					if secure {
						script.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
					}
					publishThrough(t, rtmptest.NewServer(t, script), p, Config{
						Proxy: through(t, scheme, login, thePassword, p.addr), TLS: &tls.Config{RootCAs: pool},
					})
				})
			}
		}
	}
}

// publishThrough publishes to a name that exists nowhere, and checks what the
// server got and which steps were told.
func publishThrough(t *testing.T, server *rtmptest.Server, p *proxyServer, cfg Config) {
	t.Helper()
	u := testURL(t, server)
	u.Host = "rtmps.example.com"
	var steps []string
	cfg.OnStep = func(s Step) {
		steps = append(steps, s.Op)
		require.NoError(t, s.Err)
	}
	c, err := Dial(t.Context(), u, cfg)
	require.NoError(t, err)
	s := server.Session()
	require.NoError(t, c.Append(video(0, 300000)))
	require.NoError(t, c.Flush())
	require.Len(t, s.Wait(isMedia).Body, 300005)
	require.NoError(t, c.Close(t.Context()))
	<-s.Ended()
	require.Equal(t, []string{u.Addr()}, p.asked())
	want := []string{"resolve", "dial", "proxy"}
	if u.Scheme == "rtmps" {
		want = append(want, "tls")
	}
	require.Equal(t, want, steps[:len(want)])
}

func TestProxyRefusals(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	closes := func(*proxyServer, net.Conn) net.Conn { return nil }
	basicMe := base64.StdEncoding.EncodeToString([]byte("me:" + thePassword))
	for name, c := range map[string]struct {
		scheme, user string
		serve        func(*proxyServer, net.Conn) net.Conn
		says         string
		retry        bool
	}{
		"socks5 wants a login":       {"socks5", "", socks5("me", "other"), "wants a user name and a password", false},
		"socks5 refuses the login":   {"socks5", "me", socks5("me", "other"), "refused the user name or the password", false},
		"socks5 can't connect":       {"socks5", "", socks5("", ""), "could not connect: connection refused", true},
		"socks5 forbids":             {"socks5", "", says("\x05\x00\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"), "not allowed", false},
		"socks5 is something else":   {"socks5", "", says("HTTP/1.1 400 Bad Request\r\n\r\n"), "does not speak SOCKS5", false},
		"socks5 closes":              {"socks5", "", closes, "", true},
		"http wants a login":         {"http", "", httpConnect("me", "other"), "user:password@ before its host (407", false},
		"http refuses the login":     {"http", "me", httpConnect("me", "other"), "refused the user name or the password (407", false},
		"http repeats the login":     {"http", "me", says("HTTP/1.1 407 not " + thePassword + " pr%25x%2Fy@z " + basicMe + "\r\n\r\n"), "(407 not **** **** ****)", false},
		"http writes it in its way":  {"http", "me", says("HTTP/1.1 407 PR%25X%2fy@Z " + hex.EncodeToString([]byte(thePassword)) + " " + base64.RawURLEncoding.EncodeToString([]byte(thePassword)) + "\r\n\r\n"), "(407 **** **** ****)", false},
		"http keeps its page back":   {"http", "", says("HTTP/1.1 407 No\r\nContent-Length: 9\r\n\r\n"), "wants a user name and a password", false},
		"http can't connect":         {"http", "", httpConnect("", ""), "could not connect: 502 Bad Gateway", true},
		"http forbids":               {"http", "", says("HTTP/1.1 403 Not\x1b[1m here\r\nContent-Length: 0\r\n\r\n"), "refused: 403 Not.[1m here", false},
		"http says nonsense":         {"http", "", says("SSH-2.0-x\r\n\r\n"), "does not speak HTTP", false},
		"http says too much":         {"http", "", says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 70000)), "more than 65536 bytes", false},
		"http goes on talking":       {"http", "", says("HTTP/1.1 200 OK\r\n\r\nmore"), "more than its answer", false},
		"http closes":                {"http", "", closes, "", true},
		"https speaks no TLS":        {"https", "", says("HTTP/1.1 400 Bad Request\r\n\r\n"), "begin with http:// rather than https://", false},
		"http answers as a web site": {"http", "", says("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"), "refused: 405", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProxyServer(t, c.serve)
			cfg := Config{Proxy: through(t, c.scheme, c.user, thePassword, p.addr), ConnectTimeout: time.Second}
			u, err := ParseURL("rtmp://"+nobody.Addr().String()+"/live+"+sesame, "+")
			require.NoError(t, err)
			_, err = Dial(t.Context(), u, cfg)
			var op *OpError
			require.ErrorAs(t, err, &op)
			require.Equal(t, "proxy", op.Op)
			require.Equal(t, p.addr, op.Addr)
			require.ErrorContains(t, err, c.says)
			require.Equal(t, c.retry, Retryable(err), err.Error())
			require.NotContains(t, err.Error(), thePassword)
			require.NotContains(t, err.Error(), basicMe)
			require.NotContains(t, err.Error(), "\x1b")
		})
	}
}

// TestProxyThatHangs has proxies that accept and say nothing.
func TestProxyThatHangs(t *testing.T) {
	for _, scheme := range []string{"socks5", "http", "https"} {
		p := newProxyServer(t, says(""))
		u, err := ParseURL("rtmp://example.com/live+"+sesame, "+")
		require.NoError(t, err)
		_, err = Dial(t.Context(), u, Config{Proxy: through(t, scheme, "", "", p.addr), ConnectTimeout: 50 * time.Millisecond})
		require.EqualError(t, err, "proxy "+p.addr+": not connected within 50ms (connect timeout)")
		require.True(t, Retryable(err))

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err = Dial(ctx, u, Config{Proxy: through(t, scheme, "", "", p.addr)})
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestProxyThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	u, err := ParseURL("rtmp://example.com/live+"+sesame, "+")
	require.NoError(t, err)
	_, err = Dial(t.Context(), u, Config{Proxy: through(t, "socks5", "", "", l.Addr().String()), FallbackPorts: true})
	require.ErrorContains(t, err, "proxy "+l.Addr().String())
	require.ErrorContains(t, err, "connection refused")
	require.NotRegexp(t, `:443\b`, err.Error(), "the proxy is the same on every way")
}

// TestProxyWithABodyThatIsNone: the answer to a CONNECT that succeeds has no
// body, whatever its header says (RFC 9110, section 9.3.6).
func TestProxyWithABodyThatIsNone(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	for _, header := range []string{"Transfer-Encoding: chunked", "Content-Length: 5", "Connection: close"} {
		p := newProxyServer(t, func(p *proxyServer, conn net.Conn) net.Conn {
			r, err := http.ReadRequest(bufio.NewReader(conn))
			if err != nil {
				return nil
			}
			to, err := p.dial(r.Host)
			if err != nil {
				return nil
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+header+"\r\n\r\n")
			return to
		})
		c, err := Dial(t.Context(), testURL(t, server), Config{Proxy: through(t, "http", "", "", p.addr)})
		require.NoError(t, err, header)
		require.NoError(t, c.Close(t.Context()))
	}
}

// TestFallbackThroughAProxy: a proxy that waits for a port behind a firewall
// says nothing for long.
func TestFallbackThroughAProxy(t *testing.T) {
	for _, scheme := range []string{"socks5", "http"} {
		synctest.Test(t, func(t *testing.T) {
			u, err := ParseURL("rtmp://example.com/live+"+sesame, "+")
			require.NoError(t, err)
			begun := time.Now()
			_, err = Dial(t.Context(), u, Config{
				Proxy: through(t, scheme, "", "", "proxy.example.com:1080"), FallbackPorts: true, ConnectTimeout: 6 * time.Second,
				Dial: func(context.Context, string, string) (net.Conn, error) {
					conn, proxy := rtmptest.Pipe(4096)
					go func() { _ = tell(proxy, "") }() // ends with conn
					return conn, nil
				},
			})
			const proxy = "proxy proxy.example.com:1080: not connected within "
			require.EqualError(t, err, "no way leads to the server: "+
				strings.Repeat(proxy+"2s (this way's share of the connect timeout); ", 2)+proxy+"6s (connect timeout)")
			require.Equal(t, 6*time.Second, time.Since(begun))
			require.True(t, Retryable(err))
		})
	}
}

// TestProxyByTheUsersDial has the user's function open the connection to the
// proxy.
func TestProxyByTheUsersDial(t *testing.T) {
	p := newProxyServer(t, socks5("", ""))
	server := rtmptest.NewServer(t, rtmptest.Script{})
	var dialed []string
	c, err := Dial(t.Context(), testURL(t, server), Config{
		Proxy: through(t, "socks5", "", "", "proxy.example.com:1080"),
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialed = append(dialed, network+" "+addr)
			return new(net.Dialer).DialContext(ctx, network, p.addr)
		},
	})
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
	require.Equal(t, []string{"tcp proxy.example.com:1080"}, dialed)
	require.Equal(t, []string{server.Addr}, p.asked())
}

func TestParseProxy(t *testing.T) {
	for text, want := range map[string]string{
		"socks5://proxy.example.com":                     "socks5://proxy.example.com:1080",
		"SOCKS5H://me@127.0.0.1:9/":                      "socks5://me@127.0.0.1:9",
		"http://127.0.0.1":                               "http://127.0.0.1:80",
		"https://me:" + sesame + "@proxy.example.com:81": "https://me:****@proxy.example.com:81",
		"http://:" + sesame + "@[::1]:3128":              "http://:****@[::1]:3128",
	} {
		p, err := ParseProxy(text)
		require.NoError(t, err, text)
		require.Equal(t, want, p.String())
		marshalled, err := json.Marshal(map[string]any{"p": p})
		require.NoError(t, err)
		for _, shown := range []string{
			fmt.Sprint(p), fmt.Sprintf("%+v %#v %d %q", p, p, p, *p), fmt.Sprintf("%+v", *p),
			fmt.Sprintf("%+v", Config{Proxy: p}), fmt.Sprintf("%#v", struct{ P Proxy }{*p}), p.LogValue().String(), string(marshalled),
		} {
			require.NotContains(t, shown, sesame)
		}
	}
	for _, text := range []string{
		"", "proxy:1080", sesame, "ftp://proxy", "socks4://proxy", "http://", "http://:80", "socks5:proxy", "http://p:0", "http://p:65536",
		"http://me:" + sesame + "@p:port", "http://me:" + sesame + "%zz@p", "http://p/" + sesame, "http://p?" + sesame, "http://p#" + sesame,
		"http://" + strings.Repeat("p", 300), "http://[::1%25e]0]:80", "http://[::1%25]:80",
	} {
		_, err := ParseProxy(text)
		require.ErrorContains(t, err, "bad proxy", text)
		require.NotContains(t, err.Error(), sesame)
	}
}
