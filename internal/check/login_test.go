package check

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

const (
	user     = "joe"
	password = "pa55word"
)

// Authentication is a step of its own, told once; a wrong password
// ends it after one, with advice and without the password.
func TestAuthentication(t *testing.T) {
	given := func(mode rtmp.AuthMode, password string) rtmp.Config {
		return rtmp.Config{Auth: mode, Username: user, Password: password}
	}
	for name, c := range map[string]struct {
		login       rtmptest.Login
		cfg         rtmp.Config
		connections int32
		says        string // the error, empty for success
	}{
		"adobe":          {rtmptest.Login{}, given(rtmp.AuthOn, password), 3, ""},
		"limelight":      {rtmptest.Login{Limelight: true}, given(rtmp.AuthOn, password), 3, ""},
		"wrong password": {rtmptest.Login{}, given(rtmp.AuthOn, "other"), 3, "refused the user name or the password"},
		"off":            {rtmptest.Login{}, given(rtmp.AuthOff, password), 1, "auth is off: set it to on"},
		"nobody given":   {rtmptest.Login{Limelight: true}, rtmp.Config{}, 1, "give username and password"},
	} {
		t.Run(name, func(t *testing.T) {
			c.login.User, c.login.Password = user, password
			var connections atomic.Int32
			server := rtmptest.NewServer(t, rtmptest.Script{On: map[string]rtmptest.Handler{
				"accept":  func(*rtmptest.Session, rtmptest.Message) { connections.Add(1) },
				"connect": c.login.Handler(),
			}})
			r := Run(t.Context(), urlOf(t, server), c.cfg, Options{})
			require.Equal(t, c.connections, connections.Load())
			require.NotContains(t, shown(t, r), password)
			require.Equal(t, 1, strings.Count(shown(t, r), `"step":"authentication"`), "however many rounds it took")
			require.Equal(t, 1, strings.Count(shown(t, r), `"step":"handshake"`))
			if c.says == "" {
				require.NoError(t, r.Err)
				require.Contains(t, find(t, r, stepAuthentication).Detail, "the server asks")
				require.NotContains(t, shown(t, r), `"failed"`, "that a server asks is no failure")
				return
			}
			require.ErrorContains(t, r.Err, c.says)
			f := r.Steps[len(r.Steps)-1]
			require.Equal(t, stepAuthentication, f.Step)
			require.Equal(t, Failed, f.Result)
			require.Contains(t, f.Error, c.says)
			require.Contains(t, f.Advice, "user name and password")
		})
	}
}
