package publish_test

import (
	"bytes"
	"encoding/csv"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// sample is an access unit with the times that it has in its file.
type sample struct {
	dts, pts time.Duration
	data     []byte
}

// samplesOf reads a stream of x264 and its true times.
func samplesOf(t *testing.T, name string) (list []sample) {
	t.Helper()
	stream, err := os.ReadFile("internal/decodetime/testdata/" + name + ".h264")
	require.NoError(t, err)
	times, err := os.ReadFile("internal/decodetime/testdata/" + name + ".csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(times)).ReadAll()
	require.NoError(t, err)
	var s h264.Splitter
	s.Write(stream)
	s.Flush()
	for _, row := range rows {
		au, ok := s.Next()
		require.True(t, ok)
		dts, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		pts, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		list = append(list, sample{
			dts: time.Duration(dts) * time.Second / 90000, pts: time.Duration(pts) * time.Second / 90000, data: bytes.Clone(au.B),
		})
	}
	return list
}

var (
	sampledVideo = media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB, PresentationOnly: true}
	sampledAAC   = media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: asc, PresentationOnly: true}
)

// wrongDTS is what the samples of a presentation-only track carry here, so that
// it shows when somebody looks at it.
const wrongDTS = 77 * time.Hour

// onWire is a frame as the server got it, in ms.
type onWire struct{ dts, pts int64 }

// pictures lists the frames of video.
func pictures(t *testing.T, messages []rtmptest.Message) (list []onWire) {
	t.Helper()
	for _, m := range messages {
		if m.Type != 9 {
			continue
		}
		if tag := video(t, m); tag.PacketType == 1 {
			at := int64(m.Timestamp)
			list = append(list, onWire{at, at + int64(tag.CompositionTime)})
		}
	}
	return list
}

// sounds lists the frames of audio.
func sounds(messages []rtmptest.Message) (list []int64) {
	for _, m := range messages {
		if m.Type == 8 && m.Body[1] == 1 {
			list = append(list, int64(m.Timestamp))
		}
	}
	return list
}

// writeSamples writes presentation-only samples of video.
func writeSamples(s *stream, list []sample) {
	s.t.Helper()
	for _, x := range list {
		s.write(0, wrongDTS, x.pts, x.data)
	}
}

func bigBuffer(o *publish.Options) { o.OutputBufferSize = 1 << 24 }

// Samples with presentation times only arrive with the decode times that the
// encoder gave them.
func TestPresentationOnlyVideo(t *testing.T) {
	for _, name := range []string{"baseline", "b1", "b3-strict", "b4-normal", "open-gop", "mbaff"} {
		s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo)
		list := samplesOf(t, name)
		writeSamples(s, list)
		got := pictures(t, s.finish())
		require.Len(t, got, len(list), name)
		for i, x := range list {
			require.Equal(t, media.Milliseconds(x.dts-list[0].dts), got[i].dts, "%s, picture %d", name, i)
			require.Equal(t, media.Milliseconds(x.pts-list[0].dts), got[i].pts, "%s, picture %d", name, i)
		}
		require.Zero(t, s.Stats().TimesCorrected, name)
		require.Zero(t, s.Stats().FramesReordered, name)
	}
}

// The first decode time lies before 0: picture and sound are moved by the same,
// whichever comes first.
func TestPresentationOnlyKeepsSoundInPlace(t *testing.T) {
	for _, order := range []string{"video first", "audio first", "audio ahead"} {
		s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo, sampledAAC)
		list := samplesOf(t, "b4-normal") // 33.4 ms of delay
		ahead := map[string]time.Duration{"video first": -time.Millisecond, "audio ahead": 200 * time.Millisecond}[order]
		at, frame := time.Duration(0), 1024*time.Second/48000
		for _, x := range list {
			for at <= x.dts+34*time.Millisecond+ahead {
				s.write(1, wrongDTS, at, filler(10))
				at += frame
			}
			s.write(0, wrongDTS, x.pts, x.data)
		}
		messages := s.finish()
		got, heard := pictures(t, messages), sounds(messages)
		require.EqualValues(t, 0, got[0].dts, order)
		require.EqualValues(t, 33, got[0].pts, order)
		for i, at := range heard {
			require.InDelta(t, 33.3667+float64(i)*1024/48, float64(at), 0.501, "%s, frame %d of audio", order, i)
		}
		for i, x := range list {
			require.InDelta(t, 33.3667+x.pts.Seconds()*1000, float64(got[i].pts), 0.52, "%s, picture %d", order, i)
		}
		last := uint32(0)
		for _, m := range messages {
			require.GreaterOrEqual(t, m.Timestamp, last, order)
			last = m.Timestamp
		}
	}
}

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
		require.EqualValues(t, media.Milliseconds(list[9].dts-list[0].dts), got[9].dts)
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

// Times that are missing follow from the picture order, and from the length of
// an audio frame.
func TestMissingTimes(t *testing.T) {
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo, sampledAAC)
	list := samplesOf(t, "b4-normal")
	missing := 0
	for i, x := range list {
		pts := x.pts
		if i%5 == 3 || i%7 == 5 {
			pts = media.NoTime
			missing++
		}
		s.write(0, wrongDTS, pts, x.data)
		pts = x.dts + 20*ms
		if i%3 == 1 {
			pts = media.NoTime
			missing++
		}
		s.write(1, wrongDTS, pts, filler(10))
	}
	got := pictures(t, s.finish())
	for i, x := range list {
		require.InDelta(t, float64(x.pts-list[0].dts)/1e6, float64(got[i].pts), 1, "picture %d", i)
		require.InDelta(t, float64(x.dts-list[0].dts)/1e6, float64(got[i].dts), 1, "picture %d", i)
	}
	require.GreaterOrEqual(t, s.Stats().TimesCorrected, missing)

	var refused *publish.PacketError
	s = start(t, rtmptest.Script{PipeSize: 1 << 16}, nil, videoInBand, rawAAC)
	s.write(0, 0, 0, list[0].data)
	require.ErrorAs(t, s.Write(t.Context(), media.Packet{PTS: media.NoTime, Data: list[0].data}), &refused)
	require.ErrorAs(t, s.Write(t.Context(), media.Packet{Track: 1, PTS: media.NoTime, Data: filler(9)}), &refused)
	s.finish()
}

// A stream without any time begins where the other track is, and goes at its
// own rate; ADTS packets of several frames too.
func TestNoTimesAtAll(t *testing.T) {
	adts := adtsAAC
	adts.PresentationOnly = true
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo, adts)
	list := samplesOf(t, "baseline")
	for i, x := range list {
		s.write(0, wrongDTS, media.NoTime, x.data)
		if i%2 == 0 {
			s.write(1, wrongDTS, media.NoTime, bytes.Repeat([]byte{0xff, 0xf1, 0x4c, 0x80, 0x01, 0x3f, 0xfc, 1, 2}, 3))
		}
	}
	messages := s.finish()
	for i, p := range pictures(t, messages) {
		require.Equal(t, onWire{int64(i) * 40, int64(i) * 40}, p)
	}
	heard := sounds(messages)
	require.Len(t, heard, 90)
	for i, at := range heard {
		require.InDelta(t, float64(i)*1024/48, float64(at), 0.501, "frame %d of audio", i)
	}
}

// After a seek nothing of what was before counts.
func TestFlushForgetsTimes(t *testing.T) {
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo)
	list := samplesOf(t, "b4-normal")
	writeSamples(s, list[:9])
	require.NoError(t, s.Drain(t.Context()))
	s.Flush(0)
	shift := 700 * ms
	for _, x := range list[9:] {
		s.write(0, wrongDTS, x.pts+shift, x.data)
	}
	got := pictures(t, s.finish())
	skipped := s.Stats().FramesSkipped
	require.Positive(t, skipped)
	require.Len(t, got, len(list)-skipped)
	for i, p := range got[9:] {
		x := list[9+skipped+i]
		require.Equal(t, media.Milliseconds(x.dts+shift-list[0].dts), p.dts, "picture %d", i)
		require.Equal(t, media.Milliseconds(x.pts+shift-list[0].dts), p.pts, "picture %d", i)
	}
}
