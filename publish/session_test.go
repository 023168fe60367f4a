package publish

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// sessionOptions point to a test server, with the options given as text.
func sessionOptions(t *testing.T, server *rtmptest.Server, path string, options map[string]string) Options {
	t.Helper()
	o := DefaultOptions()
	o.URL = server.URL(path)
	for name, value := range options {
		require.NoError(t, field(t, &o, name).Set(value), name)
	}
	return o
}

// connected publishes with options and returns the server's side of the last
// of n connections.
func connected(t *testing.T, server *rtmptest.Server, o Options, n int) *rtmptest.Session {
	t.Helper()
	p, err := New(o)
	require.NoError(t, err)
	require.NoError(t, p.Connect(context.Background()))
	t.Cleanup(func() { _ = p.Shutdown(context.Background()) })
	for range n - 1 {
		server.Session()
	}
	return server.Session()
}

// Every option that a session has reaches it: those that only name the way are
// looked at by what the session is given, the others by what the server gets.
func TestSessionOptionsReachTheSession(t *testing.T) {
	o := testOptions()
	for name, value := range map[string]string{
		"auth": "limelight", "username": "u", "password": "p", "connect-info": `{"a":1}`, "handshake": "digest",
		"fallback-ports": "on", "fallback-tunnel": "on", "bind": "127.0.0.1", "peer-timeout": "2000", "publish-mode": "append", "client-agent": "x",
		"connect-timeout": "1", "send-timeout": "2", "receive-timeout": "3",
	} {
		require.NoError(t, field(t, &o, name).Set(value), name)
	}
	p, err := New(o)
	require.NoError(t, err)
	c, err := p.options.sessionConfig(nil)
	require.NoError(t, err)
	require.Equal(t, rtmp.AuthLimelight, c.Auth)
	require.Equal(t, "u", c.Username)
	require.Equal(t, "p", c.Password)
	require.Equal(t, amf0.Object{{Name: "a", Value: 1.0}}, c.ConnectInfo)
	require.Equal(t, rtmp.HandshakeDigest, c.Handshake)
	require.True(t, c.FallbackPorts)
	require.True(t, c.FallbackTunnel)
	require.Equal(t, "127.0.0.1", c.Bind)
	require.Equal(t, 2*time.Second, c.PeerTimeout)
	require.Equal(t, rtmp.PublishAppend, c.PublishMode)
	require.Equal(t, "x", c.ClientAgent)
	require.Equal(t, [3]time.Duration{time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}, [3]time.Duration{c.ConnectTimeout, c.SendTimeout, c.ReceiveTimeout})
}

func TestOptionAuthAndUsernameAndPassword(t *testing.T) {
	login := rtmptest.Login{User: "joe", Password: "pa55word", Opaque: "opaque1="}
	llnw := login
	llnw.Limelight = true
	for mode, c := range map[string]struct {
		login       rtmptest.Login
		connections int
	}{"on": {login, 3}, "adobe": {login, 2}, "limelight": {llnw, 2}} {
		t.Run(mode, func(t *testing.T) {
			server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": c.login.Handler()}})
			o := sessionOptions(t, server, "live+key", map[string]string{"auth": mode, "username": "joe", "password": "pa55word"})
			require.Contains(t, rtmptest.App(connected(t, server, o, c.connections).WaitCommand("connect")), "&response=")
		})
	}
}

// A wrong password ends the publisher for good, after one round, and shows
// nowhere.
func TestWrongPasswordIsPermanent(t *testing.T) {
	for name, c := range map[string]struct{ auth, user, url string }{
		"by options": {"on", "joe", ""}, "by the url": {"off", "", "joe:wr0ngword@"}, "adobe": {"adobe", "joe", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int32
			server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
				"accept":  func(*rtmptest.Session, rtmptest.Message) { connections.Add(1) },
				"connect": rtmptest.Login{User: "joe", Password: "pa55word", Wrapped: true}.Handler(),
			}})
			o := sessionOptions(t, server, "live+key", map[string]string{
				"auth": c.auth, "username": c.user, "password": "wr0ngword", "reconnect-attempts": "5", "reconnect-interval": "100", "reconnect-on-start": "on",
			})
			o.URL = strings.Replace(o.URL, "rtmp://", "rtmp://"+c.url, 1)
			var log strings.Builder
			p, err := New(o, WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			require.NoError(t, err)
			err = p.Connect(context.Background())
			var refused *rtmp.AuthError
			require.ErrorAs(t, err, &refused)
			require.ErrorContains(t, err, "refused the user name or the password (adobe: authfailed)")
			require.False(t, Retryable(err))
			require.LessOrEqual(t, connections.Load(), int32(3))
			require.NotContains(t, log.String()+err.Error(), "wr0ngword")
			require.NotContains(t, log.String()+err.Error(), rtmptest.LoginChallenge)
		})
	}
}

func TestAuthWithoutANameIsRefused(t *testing.T) {
	for _, mode := range []string{"adobe", "limelight"} {
		o := DefaultOptions()
		o.URL = "rtmp://127.0.0.1/live+key"
		require.NoError(t, field(t, &o, "auth").Set(mode))
		_, err := New(o)
		require.ErrorContains(t, err, "option auth")
		require.ErrorContains(t, err, mode+" needs username and password")
		o.URL = "rtmp://joe:x@127.0.0.1/live+key"
		_, err = New(o)
		require.NoError(t, err)
	}
}

func TestOptionHandshake(t *testing.T) {
	for mode, c := range map[string]struct{ connections, version int }{"auto": {2, 9}, "digest": {1, 9}} {
		server := rtmptest.NewServer(t, rtmptest.Script{Digest: true})
		session := connected(t, server, sessionOptions(t, server, "live+key", map[string]string{"handshake": mode}), c.connections)
		require.EqualValues(t, c.version, session.Handshake()[4], mode)
	}
	server := rtmptest.NewServer(t, rtmptest.Script{Digest: true})
	p, err := New(sessionOptions(t, server, "live+key", map[string]string{"handshake": "simple"}))
	require.NoError(t, err)
	require.ErrorContains(t, p.Connect(context.Background()), "handshake")
}

func TestOptionConnectInfoAndClientAgent(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	session := connected(t, server, sessionOptions(t, server, "live?token=a/b+key", map[string]string{
		"connect-info": `{"z": "text", "number": -1.5e3, "yes": true, "no": false, "nothing": null, "ä": "\u00e4"}`, "client-agent": "Agent/1.0 (exact; x)",
	}), 1)
	args := session.WaitCommand("connect").Command().Args
	object := args[0].(amf0.Object)
	require.Equal(t, "Agent/1.0 (exact; x)", object.String("flashVer"))
	require.Equal(t, "live?token=a/b", object.String("app"))
	require.Equal(t, server.URL("live?token=a/b"), object.String("tcUrl"))
	require.Equal(t, amf0.Object{
		{Name: "z", Value: "text"}, {Name: "number", Value: -1500.0}, {Name: "yes", Value: true}, {Name: "no", Value: false},
		{Name: "nothing", Value: nil}, {Name: "ä", Value: "ä"},
	}, args[1], "in its order")
}

func TestTextsThatAreTooLongAreRefused(t *testing.T) {
	for name, most := range map[string]int{"username": 1024, "password": 1024, "client-agent": 1024, "connect-info": 8192} {
		o := testOptions()
		text := func(n int) string {
			if name == "connect-info" {
				return `{"a":"` + strings.Repeat("x", n-8) + `"}`
			}
			return strings.Repeat("x", n)
		}
		require.NoError(t, field(t, &o, name).Set(text(most)))
		require.NoError(t, o.Validate())
		require.NoError(t, field(t, &o, name).Set(text(most+1)))
		var wrong *OptionError
		require.ErrorAs(t, o.Validate(), &wrong)
		require.Equal(t, name, wrong.Name)
		require.NotContains(t, wrong.Error(), "xxxx")
	}
}
