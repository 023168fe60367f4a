package dshow

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

func TestOptionsForTheNextConnection(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		kept, err := r.SetOption("chunk-size", "4096")
		require.NoError(t, err)
		require.False(t, kept)
		require.True(t, r.Dirty())
		r.SetClean()
		require.False(t, r.Dirty())
		require.NoError(t, r.Run())
		r.play(time.Second)
		kept, err = r.SetOption("chunk-size", "8192")
		require.NoError(t, err)
		require.True(t, kept)
		require.Equal(t, 8192, r.Options().ChunkSize)
	})
}

func TestWrongOptionsChangeNothing(t *testing.T) {
	r := New(&graph{}, publish.DefaultOptions())
	for name, text := range map[string]string{
		"chunk-size": "12", "live-mode": "perhaps", "no-such": "1",
		"url": "http://127.0.0.1/live+key", "publish-mode": "sometimes",
	} {
		_, err := r.SetOption(name, text)
		require.Error(t, err, name)
		require.Equal(t, com.BadOption, Answer(err), name)
	}
	require.Equal(t, publish.DefaultOptions(), r.Options())
	_, err := r.SetOption("url", "rtmp://127.0.0.1/live")
	require.NoError(t, err, "its key may come in an option of its own")
	_, err = r.SetOption("url", "")
	require.NoError(t, err)
}

// Programs copy settings from filter to filter by reading and writing them.
func TestMaskedSecretsWrittenBackChangeNothing(t *testing.T) {
	r := New(&graph{}, publish.DefaultOptions())
	for _, given := range [][2]string{{"password", "pw-s3cret"}, {"url", "rtmp://user:pw@127.0.0.1/live"}, {"stream-key", "s3cret"}} {
		_, err := r.SetOption(given[0], given[1])
		require.NoError(t, err)
	}
	before := r.Options()
	for _, f := range r.Fields() {
		_, err := r.SetOption(f.Name, f.Show())
		require.NoError(t, err, f.Name)
	}
	after := r.Options()
	after.BackupURLs = before.BackupURLs // an empty list instead of none
	require.Equal(t, before, after)
}

func TestNoURL(t *testing.T) {
	inTime(t, rtmptest.Script{}, func(o *publish.Options) { o.URL = "" }, func(r *rig) {
		err := r.Run()
		require.ErrorContains(t, err, "SetFileName")
		require.Equal(t, com.BadOption, Answer(err))
		require.Equal(t, Stopped, r.State())
	})
}

func TestRestore(t *testing.T) {
	r := New(&graph{}, publish.DefaultOptions())
	o := publish.DefaultOptions()
	o.ChunkSize = 7
	_, err := r.Restore(o)
	require.Error(t, err)
	o.ChunkSize, o.Username = 777, "somebody"
	_, err = r.Restore(o)
	require.NoError(t, err)
	require.Equal(t, o, r.Options())
}

func TestMetadata(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.NoError(t, r.SendMetadata("onCuePoint", `{"name":"early"}`, false))
		require.Error(t, r.SendMetadata("onCuePoint", `{`, false))
		_, err := r.SendCommand(r.t.Context(), "startRecording", "")
		require.ErrorIs(t, err, publish.ErrNotConnected)
		require.NoError(t, r.Run())
		r.play(time.Second)
		require.NoError(t, r.SendMetadata("onCuePoint", `{"name":"late"}`, true))
		r.play(time.Second)
		r.Stop()
		said := ""
		for _, m := range r.server.Session().Messages() {
			if m.Type == 18 {
				said += fmt.Sprint(m.Command())
			}
		}
		require.Contains(t, said, "early")
		require.Contains(t, said, "late")
	})
}

func TestTwoKeysAreAWrongOption(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		_, err := r.SetOption("stream-key", "other")
		require.NoError(t, err)
		err = r.ConnectServer(r.t.Context())
		require.Equal(t, com.BadOption, Answer(err), err)
		_, err = r.SetOption("backup-urls", "rtmp://127.0.0.1/live+ok http://127.0.0.1/x")
		require.Equal(t, com.BadOption, Answer(err))
	})
}

func TestOversizedSampleIsLeftOut(t *testing.T) {
	inTime(t, rtmptest.Script{}, nil, func(r *rig) {
		require.NoError(t, r.Run())
		require.Equal(t, com.OK, r.Receive(video, &Sample{Oversized: true}))
		r.play(time.Second)
	})
}
