package rtmp

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// TestMoved goes through the references of RFC 3986 and what becomes of the
// credentials.
func TestMoved(t *testing.T) {
	const plain, tls, query = "rtmp://joe:pa55@a.example.com/live/inst+key?q=1", "rtmps://joe:pa55@a.example.com/live+key?q=1", "rtmp://joe:pa55@a.example.com:1936/live?t=1+key?q=1"
	for _, c := range []struct {
		base, reference, want string
		credentials           bool
	}{
		{plain, "rtmp://b.example.com:1937/live2", "rtmp://b.example.com:1937/live2", false},
		{plain, "rtmp://A.example.com:1937/live2", "rtmp://a.example.com:1937/live2", true},
		{plain, "rtmp://jim:x@a.example.com/live2", "rtmp://a.example.com/live2", true},
		{plain, "rtmps://a.example.com/live2", "rtmps://a.example.com/live2", true},
		{plain, "rtmps://b.example.com/live2", "rtmps://b.example.com/live2", false},
		{plain, "rtmpt://b.example.com/live2", "rtmpt://b.example.com/live2", false},
		{plain, "//b.example.com/live2?t=2", "rtmp://b.example.com/live2?t=2", false},
		{plain, "//[::1]:1937/live2", "rtmp://[::1]:1937/live2", false},
		{plain, "/live2", "rtmp://a.example.com/live2", true},
		{plain, "/live2/x:y/../?t=a/b:c//d", "rtmp://a.example.com/live2/x:y/../?t=a/b:c//d", true},
		{plain, "other", "rtmp://a.example.com/live/other", true},
		{plain, "../other/x?t=2", "rtmp://a.example.com/other/x?t=2", true},
		{plain, "../../../other", "rtmp://a.example.com/other", true},
		{plain, "#top", "rtmp://a.example.com/live/inst", true},
		{plain, "/live2#top", "rtmp://a.example.com/live2", true},
		{query, "/live2", "rtmp://a.example.com:1936/live2", true},
		{query, "other", "rtmp://a.example.com:1936/other", true},
		{query, "?t=2", "rtmp://a.example.com:1936/live?t=2", true},
		{query, "?u=x:y", "rtmp://a.example.com:1936/live?u=x:y", true},
		{query, "rtmp://a.example.com/live", "rtmp://a.example.com/live", true},
		{tls, "rtmps://b.example.com/live2", "rtmps://b.example.com/live2", true},
		{tls, "rtmpts://b.example.com/live2", "rtmpts://b.example.com/live2", true},
		{tls, "//b.example.com:1444/live2", "rtmps://b.example.com:1444/live2", true},
		{tls, "rtmp://a.example.com/live2", "", false},
		{tls, "rtmpt://b.example.com/live2", "", false},
	} {
		base, err := ParseURL(c.base, "+")
		require.NoError(t, err)
		to, err := base.moved(c.reference)
		if c.want == "" {
			require.ErrorIs(t, err, errInsecureMove, c.reference)
			continue
		}
		require.NoError(t, err, c.reference)
		require.Equal(t, c.want, to.TCURL(), c.reference)
		require.Equal(t, "key?q=1", to.StreamKey())
		require.Equal(t, !c.credentials, to.stranger, c.reference)
		require.Equal(t, map[bool]string{true: "joe:pa55", false: ":"}[c.credentials], to.Username+":"+to.Password(), c.reference)
	}
	zoned, err := ParseURL("rtmp://[fe80::1%25eth0]/live/key", "")
	require.NoError(t, err)
	to, err := zoned.moved("rtmp://[fe80::1]/live2")
	require.NoError(t, err)
	require.Equal(t, "fe80::1%eth0", to.Host, "the server knows nothing of our interface")
}

// TestStrangersGetNoCredentials follows a server to another host, which asks for
// a login, and from there back.
func TestStrangersGetNoCredentials(t *testing.T) {
	for name, cfg := range map[string]Config{
		"auth on": {Auth: AuthOn, Username: loginUser, Password: loginPassword},
		"adobe":   {Auth: AuthAdobe, Username: loginUser, Password: loginPassword},
		"none":    {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				script, connections := counted(rtmptest.Login{User: loginUser, Password: loginPassword}.Handler())
				server := rtmptest.NewPipeServer(t, script)
				u := testURL(t, server)
				to, err := u.moved("rtmp://b.example.com/live")
				require.NoError(t, err)
				back, err := to.moved("rtmp://" + u.Addr() + "/live")
				require.NoError(t, err)
				cfg.Dial = server.Dial
				for _, stranger := range []*URL{to, back} {
					connections.Store(0)
					_, err = Dial(t.Context(), stranger, cfg)
					var refused *AuthError
					require.ErrorAs(t, err, &refused)
					require.ErrorContains(t, err, "another one has named it")
					require.EqualValues(t, 1, connections.Load())
					require.NotContains(t, server.Session().WaitCommand("connect").String(), loginUser)
				}
			})
		})
	}
}

// TestFollowAReconnectRequest connects to where the server sent us, with its own
// copy of the tcUrl that a login had added to.
func TestFollowAReconnectRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := rtmptest.NewPipeServer(t, on("connect", rtmptest.Login{User: loginUser, Password: loginPassword}.Handler()))
		script := on("connect", rtmptest.Login{User: loginUser, Password: loginPassword}.Handler())
		script.On["publish"] = rtmptest.Then(rtmptest.Default(), func(s *rtmptest.Session, _ rtmptest.Message) {
			told, _ := rtmptest.Property(s.WaitCommand("connect"), "tcUrl")
			s.Send(rtmptest.ReconnectRequest(strings.Replace(told.(string), "/live?", "/live2?", 1), ""))
		})
		first := rtmptest.NewPipeServer(t, script)
		var a asking
		cfg := a.config()
		cfg.Auth, cfg.Username, cfg.Password, cfg.Dial = AuthOn, loginUser, loginPassword, first.Dial
		old, err := Dial(t.Context(), testURL(t, first), cfg)
		require.NoError(t, err)
		synctest.Wait()
		require.Len(t, a.requests, 1)
		require.Equal(t, "live2", a.requests[0].URL.App, "the response is for one session")

		cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			return next.Dial(ctx, network, addr)
		}
		c, err := Dial(t.Context(), a.requests[0].URL, cfg)
		require.NoError(t, err)
		next.Session()
		next.Session()
		session := next.Session()
		require.True(t, strings.HasPrefix(rtmptest.App(session.WaitCommand("connect")), "live2?authmod=adobe&user=joe&challenge="))
		require.Equal(t, sesame, session.WaitCommand("publish").Command().Args[1])
		require.NoError(t, old.Close(context.Background()))
		require.NoError(t, c.Close(context.Background()))
		require.NotContains(t, a.log.String(), loginPassword)
	})
}
