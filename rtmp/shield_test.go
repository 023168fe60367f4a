package rtmp_test

import (
	"bytes"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// A panic in one of the session's goroutines, here of a callback, ends the
// session and not the program.
func TestPanicEndsTheSessionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{})
		defer server.Close()
		url, err := rtmp.ParseURL("rtmp://127.0.0.1/live+s3cret", "+")
		require.NoError(t, err)
		var log bytes.Buffer // read when the session's goroutines have ended
		conn, err := rtmp.Dial(t.Context(), url, rtmp.Config{
			Dial:     server.Dial,
			Logger:   slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: rtmp.LevelMessage})),
			OnStatus: func(rtmp.Status) { panic("s3cret") },
		})
		if err == nil { // the go-ahead is a status too
			server.Session().Send(rtmptest.OnStatus(1, "status", "NetStream.Data.Start", "x"))
			<-conn.Done()
			err = conn.Err()
			_ = conn.Close(t.Context())
		}
		require.ErrorContains(t, err, "internal fault")
		require.NotContains(t, err.Error(), "s3cret")
		require.True(t, rtmp.Retryable(err))
		require.Contains(t, log.String(), "internal fault")
		require.Contains(t, log.String(), "shield.go")
		require.NotContains(t, log.String(), "s3cret")
	})
}
