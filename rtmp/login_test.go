package rtmp

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

const (
	loginUser     = "joe"
	loginPassword = "pa55 word"
	loginOpaque   = "oPaque+/7A=="
)

// counted makes a script of a handler for connect, and counts connections.
func counted(connect rtmptest.Handler) (rtmptest.Script, *atomic.Int32) {
	n := new(atomic.Int32)
	return rtmptest.Script{On: map[string]rtmptest.Handler{
		"accept":  func(*rtmptest.Session, rtmptest.Message) { n.Add(1) },
		"connect": connect,
	}}, n
}

// loggedIn dials a server with a path and checks that no text shows a secret.
func loggedIn(t *testing.T, server *rtmptest.Server, path string, cfg Config) (*Conn, error) {
	t.Helper()
	u, err := ParseURL(server.URL(path), "+")
	require.NoError(t, err)
	var log strings.Builder
	cfg.Dial, cfg.Logger = server.Dial, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var steps []Step
	cfg.OnStep = func(s Step) { steps = append(steps, s) }
	c, err := Dial(context.Background(), u, cfg)
	if c != nil {
		t.Cleanup(func() {
			c.Abort()
			_ = c.Close(context.Background())
		})
	}
	said := fmt.Sprintf("%v %+v %s", err, steps, log.String())
	for _, secret := range []string{loginPassword, loginOpaque, rtmptest.LoginSalt, rtmptest.LoginChallenge, rtmptest.LoginNonce, sesame, "response=", "tok3n"} {
		require.NotContains(t, strings.ReplaceAll(said, "response=****", ""), secret)
	}
	return c, err
}

func TestLogin(t *testing.T) {
	adobe := rtmptest.Login{User: loginUser, Password: loginPassword}
	opaque, wrapped, llnw := adobe, adobe, adobe
	opaque.Opaque, llnw.Limelight = loginOpaque, true
	wrapped.Opaque, wrapped.Wrapped = loginOpaque, true
	odd := adobe
	odd.User = "a%26b%3Dc%3Fd%20e"
	given := Config{Auth: AuthOn, Username: loginUser, Password: loginPassword}
	mode := func(m AuthMode) Config { return Config{Auth: m, Username: loginUser, Password: loginPassword} }
	for name, c := range map[string]struct {
		login       rtmptest.Login
		cfg         Config
		path        string
		connections int
		app         string // what its beginning must be on the last connection
	}{
		"adobe with a challenge":       {adobe, given, "live+", 3, "live?authmod=adobe&user=joe&challenge="},
		"adobe with opaque":            {opaque, given, "live+", 3, "live?authmod=adobe&user=joe&challenge="},
		"adobe in Wowza's words":       {wrapped, given, "live+", 3, "live?authmod=adobe&user=joe&challenge="},
		"adobe from the start":         {opaque, mode(AuthAdobe), "live+", 2, "live?authmod=adobe&user=joe&challenge="},
		"adobe, application and query": {opaque, given, "live/inst?t=tok3n+", 3, "live/inst?t=tok3n&authmod=adobe&user=joe&challenge="},
		"adobe, user with odd signs":   {odd, Config{Auth: AuthOn, Username: "a&b=c?d e", Password: loginPassword}, "live+", 3, "live?authmod=adobe&user=a%26b%3Dc%3Fd%20e&"},
		"limelight":                    {llnw, given, "live+", 3, "live?authmod=llnw&user=joe&nonce=" + rtmptest.LoginNonce + "&cnonce="},
		"limelight from the start":     {llnw, mode(AuthLimelight), "live+", 2, "live?authmod=llnw&user=joe&nonce="},
		"limelight with an instance":   {llnw, given, "live/inst+", 3, "live/inst?authmod=llnw&user=joe&nonce="},
		"limelight, query":             {llnw, given, "live?t=tok3n+", 3, "live?t=tok3n&authmod=llnw&user=joe&nonce="},
	} {
		t.Run(name, func(t *testing.T) {
			script, connections := counted(c.login.Handler())
			server := rtmptest.NewServer(t, script)
			_, err := loggedIn(t, server, c.path+sesame, c.cfg)
			require.NoError(t, err)
			require.EqualValues(t, c.connections, connections.Load())
			plain, _, _ := strings.Cut(c.path, "+")
			for range c.connections - 1 {
				server.Session()
			}
			connect := server.Session().WaitCommand("connect")
			app := rtmptest.App(connect)
			require.True(t, strings.HasPrefix(app, c.app), "%s\nis not %s", app, c.app)
			object := connect.Command().Args[0].(interface{ String(string) string })
			require.Equal(t, "rtmp://"+server.Addr+"/"+app, object.String("tcUrl"))
			require.Equal(t, "rtmp://"+server.Addr+"/"+plain, object.String("swfUrl"), "no credentials where none are asked for")
		})
	}
}

// Credentials of the URL are used whatever Auth says, and come first.
func TestLoginByURL(t *testing.T) {
	login := rtmptest.Login{User: loginUser, Password: "pa55word"}
	for name, cfg := range map[string]Config{"off": {}, "others": {Auth: AuthOn, Username: "jim", Password: loginPassword}} {
		t.Run(name, func(t *testing.T) {
			script, connections := counted(login.Handler())
			server := rtmptest.NewServer(t, script)
			u, err := ParseURL("rtmp://joe:pa55word@"+server.Addr+"/live+"+sesame, "+")
			require.NoError(t, err)
			c, err := Dial(context.Background(), u, cfg)
			require.NoError(t, err)
			require.EqualValues(t, 3, connections.Load())
			c.Abort()
			_ = c.Close(context.Background())
		})
	}
}

func TestLoginRefused(t *testing.T) {
	right := Config{Auth: AuthOn, Username: loginUser, Password: loginPassword}
	with := func(change func(*Config)) Config {
		cfg := right
		change(&cfg)
		return cfg
	}
	adobe := rtmptest.Login{User: loginUser, Password: "another", Opaque: loginOpaque}
	wrapped, llnw := adobe, adobe
	wrapped.Wrapped, llnw.Limelight = true, true
	says := func(description string) rtmptest.Handler {
		return rtmptest.Then(rtmptest.Refuse("NetConnection.Connect.Rejected", description), rtmptest.Hangup())
	}
	const loop = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=joe&salt=" + rtmptest.LoginSalt + "&challenge=" + rtmptest.LoginChallenge
	for name, c := range map[string]struct {
		connect     rtmptest.Handler
		cfg         Config
		connections int
		kind, want  string
	}{
		"wrong password":             {adobe.Handler(), right, 3, "adobe", "refused the user name or the password (adobe: authfailed)"},
		"wrong password, Wowza":      {wrapped.Handler(), right, 3, "adobe", "refused the user name or the password (adobe: authfailed)"},
		"wrong password, limelight":  {llnw.Handler(), right, 3, "limelight", "refused the user name or the password (limelight: authfail)"},
		"unknown user":               {adobe.Handler(), with(func(c *Config) { c.Username = "jim" }), 2, "adobe", "refused the user name or the password (adobe: nosuchuser)"},
		"asks for ever":              {says(loop), right, 2, "adobe", "refused the user name or the password (adobe: it asks again)"},
		"asks for ever, from adobe":  {says(loop), with(func(c *Config) { c.Auth = AuthAdobe }), 2, "adobe", "it asks again"},
		"asks for ever, once named":  {askedFor(loop), right, 3, "adobe", "it asks again"},
		"wants the name for ever":    {says("code=403 need auth; authmod=adobe"), right, 2, "adobe", "asks for it again"},
		"no credentials":             {adobe.Handler(), Config{Auth: AuthOn}, 1, "adobe", "the server asks for authentication (adobe): give username and password"},
		"no credentials, limelight":  {llnw.Handler(), Config{}, 1, "limelight", "the server asks for authentication (limelight): give username and password"},
		"credentials, but off":       {adobe.Handler(), with(func(c *Config) { c.Auth = AuthOff }), 1, "adobe", "auth is off"},
		"limelight instead of adobe": {llnw.Handler(), with(func(c *Config) { c.Auth = AuthAdobe }), 1, "limelight", "asks for limelight authentication, not for adobe: set auth to limelight, or to on"},
		"adobe instead of limelight": {adobe.Handler(), with(func(c *Config) { c.Auth = AuthLimelight }), 1, "adobe", "asks for adobe authentication, not for limelight: set auth to adobe, or to on"},
		"the other kind later":       {askedFor("authmod=llnw?reason=needauth&nonce=" + rtmptest.LoginNonce), right, 2, "limelight", "asked for adobe authentication first, and now for limelight"},
		"by onStatus": {rtmptest.Say(rtmptest.OnStatus(0, "error", "NetConnection.Connect.Rejected", "authmod=adobe :?reason=authfailed&opaque="+loginOpaque)),
			right, 1, "adobe", "adobe: authfailed"},
		"unasked, and then closing": {rtmptest.Then(rtmptest.Say(rtmptest.NewCommand(0, "_error", 0, nil, amf0.Object{
			{Name: "code", Value: "NetConnection.Connect.Rejected"}, {Name: "description", Value: "authmod=adobe :?reason=authfailed"}})), rtmptest.Hangup()),
			right, 1, "adobe", "adobe: authfailed"},
		"by close": {rtmptest.Say(rtmptest.NewCommand(0, "close", 0, nil, amf0.Object{
			{Name: "code", Value: "NetConnection.Connect.Rejected"}, {Name: "description", Value: "authmod=adobe :?reason=authfailed"}})),
			right, 1, "adobe", "adobe: authfailed"},
		"another kind": {says("need auth; authmod=kerberos"), right, 1, "", "of a kind that is not known (kerberos)"},
		"no kind":      {says("need auth"), right, 1, "", "set auth to adobe or limelight"},
	} {
		t.Run(name, func(t *testing.T) {
			script, connections := counted(c.connect)
			_, err := loggedIn(t, rtmptest.NewServer(t, script), "live+"+sesame, c.cfg)
			var refused *AuthError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.kind, refused.Kind)
			require.ErrorContains(t, err, c.want)
			require.False(t, Retryable(err), "permanent, never a loop")
			require.EqualValues(t, c.connections, connections.Load())
			var status *StatusError
			require.ErrorAs(t, err, &status, "the server's own words are kept")
			require.Equal(t, "NetConnection.Connect.Rejected", status.Code)
			for _, secret := range []string{rtmptest.LoginSalt, rtmptest.LoginChallenge, rtmptest.LoginNonce, loginOpaque} {
				require.NotContains(t, status.Error(), secret)
			}
			var op *OpError
			require.ErrorAs(t, err, &op)
			require.Equal(t, "auth", op.Op)
		})
	}
}

// askedFor sends a challenge to whoever names himself, again and again.
func askedFor(challenge string) rtmptest.Handler {
	return func(s *rtmptest.Session, m rtmptest.Message) {
		said := "code=403 need auth; authmod=adobe"
		if strings.Contains(rtmptest.App(m), "authmod=adobe") {
			said = challenge
		}
		s.Send(rtmptest.Failure(m, "NetConnection.Connect.Rejected", said))
	}
}

// TestLoginEndsAfterThreeConnections has a server that takes back at every
// round what it said, in all the orders that there are.
func TestLoginEndsAfterThreeConnections(t *testing.T) {
	words := []string{
		"code=403 need auth; authmod=adobe", "authmod=adobe?reason=needauth&salt=a&challenge=b", "authmod=llnw?reason=needauth&nonce=a",
		"code=403 need auth; authmod=llnw", "need auth", "authmod=adobe?reason=needauth", "?reason=needauth",
	}
	for i := range len(words) * len(words) * len(words) {
		n, order := atomic.Int32{}, []string{words[i%7], words[i/7%7], words[i/49], words[0]}
		synctest.Test(t, func(t *testing.T) {
			script, connections := counted(func(s *rtmptest.Session, m rtmptest.Message) {
				s.Send(rtmptest.Failure(m, "NetConnection.Connect.Rejected", order[min(int(n.Add(1))-1, 3)]))
			})
			err := refused(t, rtmptest.NewPipeServer(t, script), Config{Auth: AuthOn, Username: loginUser, Password: loginPassword})
			require.False(t, Retryable(err))
			require.LessOrEqual(t, connections.Load(), int32(3))
		})
	}
}

// TestConnectTimeoutBoundsAllRounds has a server that needs 400 ms for each.
func TestConnectTimeoutBoundsAllRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		login := rtmptest.Login{User: loginUser, Password: loginPassword}.Handler()
		script, connections := counted(func(s *rtmptest.Session, m rtmptest.Message) {
			select {
			case <-time.After(400 * time.Millisecond):
				login(s, m)
			case <-s.Ended():
			}
		})
		begun := time.Now()
		server := rtmptest.NewPipeServer(t, script)
		err := refused(t, server, Config{Auth: AuthOn, Username: loginUser, Password: loginPassword, ConnectTimeout: time.Second})
		require.Equal(t, time.Second, time.Since(begun))
		require.EqualValues(t, 3, connections.Load())
		require.ErrorContains(t, err, "not connected within 1s (connect timeout)")
		require.True(t, Retryable(err), "nothing was refused")
		server.Close()
	})
}

func TestAuthenticationNeedsAName(t *testing.T) {
	u, err := ParseURL("rtmp://127.0.0.1:1/live+"+sesame, "+")
	require.NoError(t, err)
	for _, mode := range []AuthMode{AuthAdobe, AuthLimelight} {
		_, err = Dial(context.Background(), u, Config{Auth: mode})
		require.ErrorContains(t, err, "auth 127.0.0.1:1: ")
		require.ErrorContains(t, err, "needs a user name")
		require.ErrorAs(t, err, new(*AuthError))
		require.False(t, Retryable(err))
	}
}

// TestContentServerDemandsNothing: a word of authentication from a server that
// lets us in all the same is not why it refuses something else.
func TestContentServerDemandsNothing(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"connect":      rtmptest.Then(rtmptest.Say(rtmptest.OnStatus(0, "status", "NetConnection.Notice", "code=403 need auth; authmod=adobe")), rtmptest.Default()),
		"createStream": rtmptest.Refuse("NetConnection.Call.Failed", "no room"),
	}})
	err := refused(t, server, Config{})
	require.Equal(t, "createStream", err.Op, err)
	require.NotErrorAs(t, err, new(*AuthError))
}
