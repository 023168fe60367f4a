package publish_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// allow-b-frames off: decode time is presentation time, of all sources; video
// with B frames is reported.
func TestOptionAllowBFrames(t *testing.T) {
	var log strings.Builder
	run := func(name string, allow bool, track media.Track) ([]sample, []onWire, publish.Stats) {
		log.Reset()
		server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 1 << 22})
		o := publish.DefaultOptions()
		o.URL, o.AllowBFrames = server.URL("live+x"), allow
		bigBuffer(&o)
		p, err := publish.New(o, publish.WithDialer(server.Dial),
			publish.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))))
		require.NoError(t, err)
		require.NoError(t, p.SetTracks(track))
		s := &stream{Publisher: p, t: t, server: server, ended: make(chan error, 1)}
		go func() { s.ended <- p.Run(t.Context()) }()
		list := samplesOf(t, name)
		for _, x := range list {
			dts := x.dts
			if track.PresentationOnly {
				dts = wrongDTS
			}
			s.write(0, dts, x.pts, x.data)
		}
		return list, pictures(t, s.finish()), s.Stats()
	}
	for _, track := range []media.Track{sampledVideo, videoInBand} {
		list, got, stats := run("b3-strict", true, track)
		require.EqualValues(t, 33, got[0].pts, "on: as the encoder had it")
		require.Equal(t, media.Milliseconds(list[9].dts-list[0].dts), got[9].dts)
		require.Zero(t, stats.FramesReordered)
		require.Empty(t, log.String())

		list, got, stats = run("b3-strict", false, track)
		reordered, latest := 0, time.Duration(0)
		for i, x := range list {
			if x.pts < latest {
				reordered++
			}
			latest = max(latest, x.pts)
			require.Equal(t, got[i].dts, got[i].pts, "picture %d: no delay", i)
			require.Equal(t, media.Milliseconds(latest), got[i].dts, "picture %d", i)
		}
		require.Positive(t, reordered)
		require.Equal(t, reordered, stats.FramesReordered)
		require.Equal(t, reordered, stats.TimesCorrected)
		require.Equal(t, 1, strings.Count(log.String(), "allow-b-frames is off"), log.String())

		list, got, stats = run("baseline", false, track)
		require.Equal(t, onWire{media.Milliseconds(list[9].pts), media.Milliseconds(list[9].pts)}, got[9])
		require.Zero(t, stats.FramesReordered+stats.TimesCorrected)
		require.Empty(t, log.String())
	}
}
