package publish_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

func TestCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := rtmptest.Script{On: map[string]rtmptest.Handler{
			"startRecording": func(s *rtmptest.Session, m rtmptest.Message) {
				s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, m.Command().Args[0], "ok"))
			},
			"stopRecording": rtmptest.Refuse("NetConnection.Call.Failed", "not recording"),
		}}
		s := start(t, script, nil, rawAAC)
		synctest.Wait()
		object := amf0.Object{{Name: "recordAudio", Value: true}}
		answer, err := s.Call(t.Context(), "startRecording", object)
		require.NoError(t, err)
		require.Equal(t, []any{object, "ok"}, answer)
		_, err = s.Call(t.Context(), "stopRecording", nil)
		var status *rtmp.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, "not recording", status.Description)

		s.write(0, 0, 0, []byte{0x21, 1})
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, <-s.ended)
		_, err = s.Call(ctx, "startRecording", nil)
		require.ErrorIs(t, err, publish.ErrClosed)
		s.server.Close()
	})
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+x"
	p, err := publish.New(o)
	require.NoError(t, err)
	_, err = p.Call(t.Context(), "startRecording", nil)
	require.ErrorIs(t, err, publish.ErrNotConnected)
}
