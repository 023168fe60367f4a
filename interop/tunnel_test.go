package interop

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
	"rtmpwriter/rtmp/rtmptest"
)

// TestTunnel publishes through HTTP to the server of the unit tests, with our
// program and with ffmpeg: were only our own two ends tested against each other,
// they could share a mistake.
func TestTunnel(t *testing.T) {
	if !has(t, server.Installed("ffmpeg", "ffprobe")()) {
		return
	}
	foreign := &publisher.Publisher{Name: "ffmpeg", Args: []string{
		"ffmpeg", "-nostdin", "-v", "error", "-i", publisher.Input, "-map", "0", "-c", "copy", "-f", "flv", publisher.URL,
	}}
	ours := program(t)
	for name, c := range map[string]struct {
		publisher *publisher.Publisher
		how       rtmptest.Tunnel
	}{
		"ffmpeg": {foreign, rtmptest.Tunnel{}}, "ffmpeg, chunked": {foreign, rtmptest.Tunnel{Chunked: true}},
		"ours": {ours, rtmptest.Tunnel{}}, "ours, closed each time": {ours, rtmptest.Tunnel{CloseEach: true}},
	} {
		t.Run(name, func(t *testing.T) {
			file := clips(t)["high-b3"]
			sent, err := elementary.Read(bounded(t), file)
			require.NoError(t, err)
			tunnel := rtmptest.NewTunnelServer(t, rtmptest.Script{}, c.how)
			require.NoError(t, c.publisher.Publish(bounded(t), file, tunnel.URL("live/x")))
			session := tunnel.Session()
			<-session.Ended()
			got, err := elementary.Read(bounded(t), recorded(t, session))
			require.NoError(t, err)
			if c.publisher == ours {
				require.Empty(t, elementary.Compare(sent, sent, got))
				return
			}
			// ffmpeg sends when it reads, and throws away at its end what it has
			// not sent: some frames less, at any server.
			for kind, stream := range sent.Streams {
				frames := got.Streams[kind].Frames
				require.GreaterOrEqual(t, len(frames), len(stream.Frames)*9/10, kind)
				for i, frame := range frames {
					require.Equal(t, stream.Frames[i].Sum, frame.Sum, "%s frame %d", kind, i)
				}
			}
		})
	}
}

// recorded puts the frames of a session into an FLV file.
func recorded(t *testing.T, session *rtmptest.Session) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tunnel.flv")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	w, err := flv.NewWriter(file, true, true)
	require.NoError(t, err)
	for _, m := range session.Messages() {
		if m.Type == 8 || m.Type == 9 {
			require.NoError(t, w.WriteTag(flv.TagType(m.Type), m.Timestamp, m.Body))
		}
	}
	return path
}
