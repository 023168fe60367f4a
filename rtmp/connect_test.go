package rtmp

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

func TestConnectInfoIsAnArgumentOfItsOwn(t *testing.T) {
	info := amf0.Object{{Name: "z", Value: "last first"}, {Name: "n", Value: 1.5}, {Name: "b", Value: true}, {Name: "nothing", Value: nil}}
	_, session := start(t, rtmptest.NewServer(t, rtmptest.Script{}), Config{ConnectInfo: info})
	args := session.WaitCommand("connect").Command().Args
	require.Len(t, args, 2)
	require.Equal(t, info, args[1])

	u, err := ParseURL("rtmp://127.0.0.1:1/a+k", "+")
	require.NoError(t, err)
	for want, info := range map[string]amf0.Object{
		"connect info":                    {{Name: "a", Value: struct{}{}}},
		"connect info of 16398 bytes: at": {{Name: "a", Value: strings.Repeat("x", 16388)}},
	} {
		_, err = Dial(context.Background(), u, Config{ConnectInfo: info})
		require.ErrorContains(t, err, want)
		require.False(t, Retryable(err))
	}
}

// Some servers look at flashVer, and compare it to the letter.
func TestClientAgentIsToldAsItIs(t *testing.T) {
	const exact = "FMLE/3.0 (compatible; FMSc/1.0)"
	look := func(s *rtmptest.Session, m rtmptest.Message) {
		object := m.Command().Args[0].(amf0.Object)
		if object.String("flashVer") != exact {
			rtmptest.Refuse("NetConnection.Connect.Rejected", "encoder not allowed")(s, m)
			return
		}
		rtmptest.Default()(s, m)
	}
	server := rtmptest.NewServer(t, on("connect", look))
	start(t, server, Config{})
	start(t, server, Config{ClientAgent: exact})
	err := refused(t, server, Config{ClientAgent: exact + " "})
	require.ErrorContains(t, err, "encoder not allowed")
	require.False(t, Retryable(err), "permanent: another reason than authentication")
}

// A query in the application reaches the server as it is written.
func TestQueryOfTheApplication(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{})
	const app = "live/inst?token=a%2Bb/c==&x"
	u, err := ParseURL(server.URL(app+"+key?q=1"), "+")
	require.NoError(t, err)
	c, err := Dial(context.Background(), u, Config{})
	require.NoError(t, err)
	session := server.Session()
	object := session.WaitCommand("connect").Command().Args[0].(amf0.Object)
	require.Equal(t, app, object.String("app"))
	require.Equal(t, "rtmp://"+server.Addr+"/"+app, object.String("tcUrl"))
	require.Equal(t, "key?q=1", session.WaitCommand("publish").Command().Args[1])
	c.Abort()
	_ = c.Close(context.Background())
}

// TestSteps reads what Dial tells of its steps.
func TestSteps(t *testing.T) {
	run := func(script rtmptest.Script, cfg Config) (steps []Step) {
		server := rtmptest.NewServer(t, script)
		cfg.OnStep = func(s Step) {
			require.Equal(t, server.Addr, s.Addr)
			require.GreaterOrEqual(t, s.Took, time.Duration(0))
			if s.Op == "handshake" || s.Op == "auth" || s.Op == "connect" || s.Op == "createStream" || s.Op == "publish" {
				steps = append(steps, s)
			}
		}
		c, err := Dial(context.Background(), testURL(t, server), cfg)
		if err == nil {
			c.Abort()
			_ = c.Close(context.Background())
		}
		return steps
	}
	ops := func(steps []Step) (ops []string) {
		for _, s := range steps {
			op := s.Op
			if s.Err != nil {
				op += " failed"
			}
			ops = append(ops, op)
		}
		return ops
	}

	login := rtmptest.Login{User: loginUser, Password: loginPassword}
	script := on("connect", login.Handler())
	script.Digest = true
	steps := run(script, Config{Auth: AuthOn, Username: loginUser, Password: loginPassword})
	require.Equal(t, []string{"handshake failed", "handshake", "auth", "handshake", "auth", "handshake", "connect", "createStream", "publish"}, ops(steps))
	require.Equal(t, amf0.Object{
		{Name: "fmsVer", Value: "FMS/3,0,1,123"}, {Name: "capabilities", Value: 31.0}, {Name: "level", Value: "status"},
		{Name: "code", Value: "NetConnection.Connect.Success"}, {Name: "description", Value: "Connection succeeded."},
	}, steps[6].Server)

	steps = run(on("connect", login.Handler()), Config{Auth: AuthOn, Username: loginUser, Password: "wrong"})
	require.Equal(t, []string{"handshake", "auth", "handshake", "auth", "handshake", "auth failed"}, ops(steps))
	require.ErrorContains(t, steps[5].Err, "refused the user name or the password")
	steps = run(on("connect", rtmptest.Refuse("NetConnection.Connect.Rejected", "no")), Config{})
	require.Equal(t, []string{"handshake", "connect failed"}, ops(steps))
	steps = run(on("createStream", rtmptest.Hangup()), Config{})
	require.Equal(t, []string{"handshake", "connect", "createStream failed"}, ops(steps))
	steps = run(on("publish", rtmptest.Refuse("NetStream.Publish.BadName", sesame)), Config{})
	require.Equal(t, []string{"handshake", "connect", "createStream", "publish failed"}, ops(steps))
	require.NotContains(t, steps[3].Err.Error(), sesame)
}

// What a server says of itself may repeat the secrets that it was told.
func TestServerPropertiesAreMasked(t *testing.T) {
	loud := amf0.Object{{Name: "clientid", Value: sesame}, {Name: "data", Value: amf0.ECMAArray{{Name: sesame, Value: amf0.StrictArray{"x " + sesame}}}},
		{Name: "typed", Value: amf0.TypedObject{Class: sesame, Properties: amf0.Object{{Name: "a", Value: amf0.XML(sesame)}}}}}
	server := rtmptest.NewServer(t, on("connect", func(s *rtmptest.Session, m rtmptest.Message) {
		s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, loud))
	}))
	var got amf0.Object
	start(t, server, Config{OnStep: func(s Step) {
		if s.Op == "connect" {
			got = s.Server
		}
	}})
	require.Equal(t, amf0.Object{{Name: "clientid", Value: mask}, {Name: "data", Value: amf0.ECMAArray{{Name: mask, Value: amf0.StrictArray{"x " + mask}}}},
		{Name: "typed", Value: amf0.TypedObject{Class: mask, Properties: amf0.Object{{Name: "a", Value: amf0.XML(mask)}}}}}, got)
}
