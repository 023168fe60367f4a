package rtmp

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/rtmptest"
)

// asking gathers what a session hands over, and its log.
type asking struct {
	requests []ReconnectRequest
	statuses []Status
	log      strings.Builder
}

// config is that of a session which a test in virtual time reads from when all
// else is waiting.
func (a *asking) config() Config {
	return Config{
		Capabilities:       CapReconnect,
		OnReconnectRequest: func(r ReconnectRequest) { a.requests = append(a.requests, r) },
		OnStatus:           func(s Status) { a.statuses = append(a.statuses, s) },
		Logger:             slog.New(slog.NewTextHandler(&a.log, &slog.HandlerOptions{Level: LevelMessage})),
	}
}

// TestReconnectRequest: the session hands it over and goes on.
func TestReconnectRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a asking
		c, session := start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), a.config())
		session.Send(rtmptest.ReconnectRequest("rtmp://user:pa55@b.example.com:1936/live2?token=tok3n", "update of "+sesame+"\n"+strings.Repeat("x", 9999)))
		session.Send(rtmptest.ReconnectRequest("", ""))
		synctest.Wait()
		require.Len(t, a.requests, 2)
		to := a.requests[0].URL
		require.Equal(t, "rtmp://b.example.com:1936/live2?token=tok3n", to.TCURL())
		require.Equal(t, sesame, to.StreamKey())
		require.Empty(t, to.Username+to.Password())
		require.Contains(t, a.requests[0].Description, "update of **** x")
		require.LessOrEqual(t, len(a.requests[0].Description), maxWords+len("…"))
		require.Equal(t, ReconnectRequest{}, a.requests[1])
		require.Len(t, a.statuses, 2)
		require.Equal(t, reconnectCode, a.statuses[0].Code)
		for _, secret := range []string{sesame, "tok3n", "pa55"} {
			require.NotContains(t, a.log.String(), secret)
		}
		require.Contains(t, a.log.String(), "token=****")

		require.NoError(t, c.Append(video(0, 100)))
		require.NoError(t, c.Flush())
		session.Wait(isMedia)
		require.NoError(t, c.Err())
	})
}

// A code of the level error is a request all the same, whatever its letters'
// case, and one that nobody listens to ends nothing.
func TestReconnectRequestEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a asking
		cfg := a.config()
		c, session := start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), cfg)
		session.Send(rtmptest.OnStatus(1, "error", strings.ToLower(reconnectCode), "")) // and on another stream
		session.Send(rtmptest.NewCommand(0, "onStatus", 0, nil, amf0.Object{{Name: "code", Value: reconnectCode}, {Name: "tcUrl", Value: nil}}))
		synctest.Wait()
		require.Len(t, a.requests, 2)
		require.NoError(t, c.Err())

		c, session = start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), Config{})
		session.Send(rtmptest.ReconnectRequest("rtmp://b.example.com/live", ""))
		synctest.Wait()
		require.NoError(t, c.Err())
	})
}

// TestReconnectRequestBeforeTheGoAhead waits for it; the last one holds.
func TestReconnectRequestBeforeTheGoAhead(t *testing.T) {
	for _, step := range []string{"connect", "createStream", "publish"} {
		synctest.Test(t, func(t *testing.T) {
			var a asking
			script := on(step, rtmptest.Then(rtmptest.Say(
				rtmptest.ReconnectRequest("//a.example.com/live", ""), rtmptest.ReconnectRequest("//b.example.com/live", "")), rtmptest.Default()))
			c, _ := start(t, rtmptest.NewPipeServer(t, script), a.config())
			synctest.Wait()
			require.Len(t, a.requests, 1)
			require.Equal(t, "b.example.com", a.requests[0].URL.Host)
			require.NoError(t, c.Err())
		})
	}
	synctest.Test(t, func(t *testing.T) {
		var a asking
		script := on("publish", rtmptest.Then(rtmptest.Say(rtmptest.ReconnectRequest("", "")), rtmptest.Refuse("NetStream.Publish.Denied", "no")))
		refused(t, rtmptest.NewPipeServer(t, script), a.config())
		require.Empty(t, a.requests, "the go-ahead did not come")
	})
}

// TestReconnectRequestWhileClosing comes too late.
func TestReconnectRequestWhileClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a asking
		c, _ := start(t, rtmptest.NewPipeServer(t, on("deleteStream", rtmptest.Say(rtmptest.ReconnectRequest("", "")))), a.config())
		require.NoError(t, c.Close(context.Background()))
		require.Empty(t, a.requests)
		require.Len(t, a.statuses, 1)
	})
}

// TestReconnectRequestToNowhere is refused with a word in the log.
func TestReconnectRequestToNowhere(t *testing.T) {
	for reference, want := range map[any]string{
		"https://b.example.com/live":        `must be rtmp, rtmps, rtmpt or rtmpts`,
		"rtmp://b.example.com":              "application is missing",
		"rtmp://b.example.com:99999/live":   "must be a number from 1 to 65535",
		"rtmp://b.example.com/li ve":        "has a space",
		"//b.example.com/\x00":              "an invisible character",
		"rtmp:///live":                      "host is missing",
		"/":                                 "application is missing",
		"..":                                "application is missing",
		"/" + strings.Repeat("x", maxURL+1): "is too long",
		7.0:                                 "is no text",
	} {
		synctest.Test(t, func(t *testing.T) {
			var a asking
			c, session := start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), a.config())
			session.Send(rtmptest.NewCommand(0, "onStatus", 0, nil, amf0.Object{{Name: "code", Value: reconnectCode}, {Name: "tcUrl", Value: reference}}))
			synctest.Wait()
			require.Empty(t, a.requests, reference)
			require.Contains(t, a.log.String(), "level=WARN")
			require.Contains(t, a.log.String(), want)
			require.NoError(t, c.Err())
		})
	}
}

// FuzzReconnectRequest sends a publisher anywhere: no panic, never out of TLS, no
// credentials to strangers without it, and a URL that can be written and read.
func FuzzReconnectRequest(f *testing.F) {
	for _, reference := range []string{"rtmps://u:p@b.example.com:1/live2?t", "//h/a", "/live2", "?t=2", "../x/./y", "#", "rtmp:h/a", "a:b", "//[fe80::1%251]/x"} {
		f.Add(rtmptest.ReconnectRequest(reference, "update").Body, true)
		f.Add(rtmptest.ReconnectRequest(reference, "").Body, false)
	}
	f.Fuzz(func(t *testing.T, body []byte, secure bool) {
		u, err := ParseURL(map[bool]string{true: "rtmps", false: "rtmp"}[secure]+"://joe:pa55word@a.example.com/live/inst?t=1+"+sesame, "+")
		require.NoError(t, err)
		c := &Conn{url: u, redact: newRedactor(u)}
		cmd, err := parseCommand(chunk.Message{Header: chunk.Header{Type: chunk.TypeCommandAMF0}, Body: body})
		if err != nil {
			return
		}
		to, err := c.moved(cmd)
		if err != nil {
			require.NotContains(t, err.Error(), sesame)
			return
		}
		if to == nil {
			return
		}
		require.Equal(t, sesame, to.StreamKey())
		require.False(t, secure && !to.secure())
		if !strings.EqualFold(to.Host, u.Host) && !secure {
			require.Empty(t, to.Username+to.Password())
			require.True(t, to.stranger)
		}
		again, err := ParseAppURL(to.TCURL())
		require.NoError(t, err, to.TCURL())
		require.Equal(t, to.App, again.App)
	})
}

// A server that writes our key where others may read it is not repeated.
func TestReconnectRequestWithTheKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a asking
		_, session := start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), a.config())
		session.Send(rtmptest.ReconnectRequest("rtmp://"+sesame+"/"+sesame+"/"+sesame+"?"+sesame, sesame))
		session.Send(rtmptest.ReconnectRequest(sesame+"://h/live", sesame))
		synctest.Wait()
		require.Len(t, a.requests, 1)
		require.NotContains(t, a.log.String(), sesame)
	})
}
