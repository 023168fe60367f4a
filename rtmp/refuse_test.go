package rtmp

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

func on(step string, h rtmptest.Handler) rtmptest.Script {
	return rtmptest.Script{On: map[string]rtmptest.Handler{step: h}}
}

func TestRefusals(t *testing.T) {
	badName := rtmptest.OnStatus(1, "error", "NetStream.Publish.BadName", "Stream "+sesame+" is already publishing")
	for _, c := range []struct {
		name   string
		script rtmptest.Script
		want   StatusError
		retry  bool
	}{
		{"connect", on("connect", rtmptest.Refuse("NetConnection.Connect.Rejected", "no such application")),
			StatusError{"connect", "NetConnection.Connect.Rejected", "error", "no such application"}, false},
		{"connect by onStatus", on("connect", rtmptest.Say(rtmptest.OnStatus(0, "error", "NetConnection.Connect.InvalidApp", "x"))),
			StatusError{"connect", "NetConnection.Connect.InvalidApp", "error", "x"}, false},
		{"connect, then closing", on("connect", rtmptest.Then(rtmptest.Refuse("NetConnection.Connect.Failed", "later"), rtmptest.Hangup())),
			StatusError{"connect", "NetConnection.Connect.Failed", "error", "later"}, true},
		{"connect without a reason", on("connect", rtmptest.Say(rtmptest.NewCommand(0, "_error", 1, nil))), StatusError{Op: "connect"}, false},
		{"createStream", on("createStream", rtmptest.Refuse("NetConnection.Call.Failed", "busy")),
			StatusError{"createStream", "NetConnection.Call.Failed", "error", "busy"}, true},
		{"publish", on("publish", rtmptest.Say(badName)),
			StatusError{"publish", "NetStream.Publish.BadName", "error", "Stream **** is already publishing"}, true},
		{"publish, then closing", on("publish", rtmptest.Then(rtmptest.Say(badName), rtmptest.Hangup())),
			StatusError{"publish", "NetStream.Publish.BadName", "error", "Stream **** is already publishing"}, true},
		{"publish by _error", on("publish", publishError), StatusError{"publish", "NetStream.Publish.Denied", "error", ""}, false},
		{"unasked _error, then closing", on("publish", rtmptest.Then(rtmptest.Say(rtmptest.NewCommand(0, "_error", 0, nil,
			amf0.Object{{Name: "description", Value: "key " + sesame}})), rtmptest.Hangup())),
			StatusError{"publish", "", "", "key ****"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := refused(t, rtmptest.NewServer(t, c.script), Config{OnStatus: func(Status) { t.Error("publishing has not begun") }})
			var status *StatusError
			require.ErrorAs(t, err, &status)
			require.Equal(t, c.want, *status)
			require.Equal(t, c.want.Op, err.Op)
			require.Equal(t, c.retry, Retryable(err))
			require.Contains(t, err.Error(), c.want.Code)
			require.Contains(t, err.Error(), c.want.Description)
		})
	}
}

func publishError(s *rtmptest.Session, m rtmptest.Message) {
	s.Send(rtmptest.Failure(m, "NetStream.Publish.Denied", ""))
}

func TestSilentClose(t *testing.T) {
	for step, want := range map[string]string{
		"accept":       "is this the port of an RTMP server",
		"connect":      "may not know the application",
		"createStream": "may not accept the stream key",
		"publish":      "may not accept the stream key",
	} {
		for name, how := range map[string]rtmptest.Handler{"closed": rtmptest.Hangup(), "reset": rtmptest.Reset()} {
			t.Run(step+" "+name, func(t *testing.T) {
				newServer := rtmptest.NewServer
				if step == "accept" { // on TCP the dialing itself may meet the end
					newServer = rtmptest.NewPipeServer
				}
				err := refused(t, newServer(t, on(step, how)), Config{})
				require.ErrorContains(t, err, want)
				require.ErrorContains(t, err, "without a word")
				require.True(t, Retryable(err), "it may be a restart")
				if step != "accept" {
					require.Equal(t, step, err.Op)
				} else {
					require.Equal(t, "handshake", err.Op)
				}
			})
		}
	}
}

func TestNotAnRTMPServer(t *testing.T) {
	for name, answer := range map[string][]byte{"http": []byte("HTTP/1.1 400 Bad Request\r\n\r\n"), "tls": {0x15, 3, 1, 0, 2, 2, 70}} {
		t.Run(name, func(t *testing.T) {
			server := rtmptest.NewServer(t, on("accept", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes(answer) }))
			err := refused(t, server, Config{})
			var protocol *ProtocolError
			require.ErrorAs(t, err, &protocol)
			require.ErrorContains(t, err, "not an RTMP server")
			require.False(t, Retryable(err))
		})
	}
}

func TestProtocolViolations(t *testing.T) {
	for name, c := range map[string]struct {
		script rtmptest.Script
		want   string
	}{
		"garbage":      {on("connect", func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte{0xc7}) }), "chunk stream 7 begins"},
		"no stream ID": {on("createStream", result), "no message stream ID"},
		"bad stream ID": {on("createStream", func(s *rtmptest.Session, m rtmptest.Message) {
			s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, nil, -1.5))
		}), "no message stream ID"},
		"too long a message": {on("publish", rtmptest.Say(rtmptest.SetChunkSize(0xFFFFFF), rtmptest.Message{CSID: 3, Type: 20, Body: make([]byte, 2<<20)})), "more than 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			err := refused(t, rtmptest.NewServer(t, c.script), Config{})
			var protocol *ProtocolError
			require.ErrorAs(t, err, &protocol)
			require.ErrorContains(t, err, c.want)
			require.False(t, Retryable(err))
		})
	}
}

// TestSecretsStayOutOfErrorsAndLogs has servers that repeat every secret.
func TestSecretsStayOutOfErrorsAndLogs(t *testing.T) {
	const password, token, name = "pass-word-1", "app-token-2", "stream-name-3"
	loud := "rtmp://u:" + password + "@h/live?t=" + token + "/" + name + "?k=" + sesame + " " + strings.ToUpper(name) + " k%3D" + sesame
	for _, step := range []string{"connect", "publish"} {
		server := rtmptest.NewServer(t, on(step, rtmptest.Refuse("NetStream."+sesame, loud)))
		u, err := ParseURL("rtmp://u:"+password+"@"+server.Addr+"/live?t="+token+"+"+name+"?k="+sesame, "+")
		require.NoError(t, err)
		var log strings.Builder
		_, err = Dial(context.Background(), u, Config{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		require.Error(t, err)
		for _, secret := range []string{password, token, name, sesame, strings.ToUpper(name)} {
			require.NotContains(t, err.Error(), secret)
			require.NotContains(t, log.String(), secret)
		}
		require.Contains(t, err.Error(), "rtmp://u:****@h/live?****/****")
	}
}

func TestSilentCloseKeepsItsCause(t *testing.T) {
	err := refused(t, rtmptest.NewServer(t, on("publish", rtmptest.Reset())), Config{})
	require.True(t, isClose(err.Err))
	require.NotErrorIs(t, &silentCloseError{"publish", syscall.ECONNRESET}, io.EOF)
}
