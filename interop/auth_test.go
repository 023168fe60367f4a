package interop

import (
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/bluenviron/gortmplib"
	"github.com/bluenviron/gortmplib/pkg/message"
	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/server"
)

// guarded is a server on the gortmplib library that asks for Adobe
// authentication, in this process.
type guarded struct {
	listener net.Listener
	running  sync.WaitGroup // accept, and one for each connection

	mu          sync.Mutex
	connections int
	video       int      // messages of those who were let in
	apps        []string // and where they published
}

const (
	guardedUser     = "joe"
	guardedPassword = "right-pa55word"
)

func startGuarded(t *testing.T) *guarded {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := &guarded{listener: listener}
	g.running.Go(g.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		g.running.Wait()
	})
	return g
}

// accept ends with the listener.
func (g *guarded) accept() {
	for {
		conn, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.mu.Lock()
		g.connections++
		g.mu.Unlock()
		g.running.Go(func() {
			defer conn.Close()
			_ = g.serve(conn) // how a connection ends is the publisher's to tell
		})
	}
}

func (g *guarded) serve(conn net.Conn) error {
	c := &gortmplib.ServerConn{RW: conn}
	if err := c.Initialize(); err != nil {
		return err
	}
	if err := c.CheckCredentials(guardedUser, guardedPassword); err != nil {
		return err
	}
	if err := c.Accept(); err != nil {
		return err
	}
	g.mu.Lock()
	g.apps = append(g.apps, c.URL.RequestURI())
	g.mu.Unlock()
	for {
		m, err := c.Read()
		if err != nil {
			return err
		}
		if _, ok := m.(*message.Video); ok {
			g.mu.Lock()
			g.video++
			g.mu.Unlock()
		}
	}
}

// TestAdobeLogin publishes to a server that wants to know who comes.
func TestAdobeLogin(t *testing.T) {
	p, ok := ours(t)
	if !ok {
		return
	}
	const wrong = "wr0ng-password"
	login := func(mode, password string) []string {
		return []string{"--auth", mode, "--username", guardedUser, "--password", password}
	}
	for _, c := range []struct {
		name        string
		flags       []string
		url         string // credentials and query
		code        int
		connections int
		says        string
	}{
		{"as the server asks", login("on", guardedPassword), "rtmp://HOST/live/key", 0, 3, ""},
		{"adobe at once", login("adobe", guardedPassword), "rtmp://HOST/live/key", 0, 2, ""},
		{"by the url", nil, "rtmp://" + guardedUser + ":" + guardedPassword + "@HOST/live/key", 0, 3, ""},
		{"wrong password", login("on", wrong), "rtmp://HOST/live/key", exitRefused, 3, "refused the user name or the password (adobe: authfailed)"},
		{"wrong password by the url", nil, "rtmp://" + guardedUser + ":" + wrong + "@HOST/live/key", exitRefused, 3, "adobe: authfailed"},
		{"wrong user", []string{"--auth", "on", "--username", "jim", "--password", guardedPassword}, "rtmp://HOST/live/key", exitRefused, 3, "adobe: authfailed"},
		{"limelight", login("limelight", guardedPassword), "rtmp://HOST/live/key", exitRefused, 1, "asks for adobe authentication, not for limelight"},
		{"nobody", nil, "rtmp://HOST/live/key", exitRefused, 1, "the server asks for authentication (adobe): give username and password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := startGuarded(t)
			url := strings.Replace(c.url, "HOST", g.listener.Addr().String(), 1)
			code, said, err := p.With(c.flags...).Run(bounded(t), clips(t)["tiny"], url)
			require.NoError(t, err)
			require.Equal(t, c.code, code, said)
			require.Contains(t, said, c.says)
			require.NotContains(t, said, guardedPassword)
			require.NotContains(t, said, wrong)
			require.NoError(t, g.listener.Close())
			g.running.Wait()
			require.Equal(t, c.connections, g.connections, "one round, never a loop")
			if c.code != 0 {
				require.Zero(t, g.video)
				return
			}
			require.Equal(t, []string{"/live/key"}, g.apps)
			require.Positive(t, g.video)
		})
	}
}

// TestQueryLogin publishes with a token in the stream key's query, which nginx
// asks another program about.
func TestQueryLogin(t *testing.T) {
	p, ok := ours(t)
	if !ok || !has(t, server.HasNginx()) {
		return
	}
	nginx := launched(t, kinds(t, "nginx")[0])
	told := nginx.(interface{ Published(key string) url.Values })
	ctx := bounded(t)
	reception, err := nginx.Expect(ctx, "key")
	require.NoError(t, err)
	app := strings.Replace(reception.URL, "/live/", "/token/", 1)
	for _, query := range []string{"?token=b4d-t0ken", ""} {
		code, said, err := p.Run(ctx, clips(t)["tiny"], app+query)
		require.NoError(t, err)
		require.Contains(t, []int{exitConnection, exitRefused}, code, said)
		require.NotContains(t, said, "b4d-t0ken")
	}
	require.NoError(t, p.Publish(ctx, clips(t)["tiny"], app+"?token="+server.Token+"&x=%2B/y"))
	path, err := reception.Wait(ctx)
	require.NoError(t, err)
	require.Empty(t, compared(t, clips(t)["tiny"], path))
	require.Equal(t, server.Token, told.Published("key").Get("token"))
}
