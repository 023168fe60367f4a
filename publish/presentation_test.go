package publish_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"strconv"
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

// Without a buffer a frame goes when it comes, so that sound may be the first at
// 0: picture and sound stay together all the same.
func TestPresentationOnlyWithoutBuffer(t *testing.T) {
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, func(o *publish.Options) { o.OutputBufferSize = 0 }, sampledVideo, sampledAAC)
	list := samplesOf(t, "b4-normal")
	for i, x := range list {
		s.write(1, wrongDTS, time.Duration(i)*20*ms, filler(10))
		s.write(0, wrongDTS, x.pts, x.data)
	}
	messages := s.finish()
	for i, at := range sounds(messages) {
		require.EqualValues(t, 20*i, at)
	}
	got := pictures(t, messages)
	for i, x := range list {
		require.InDelta(t, x.pts.Seconds()*1000, float64(got[i].pts), 0.52, "picture %d", i)
		require.True(t, i == 0 || got[i].dts >= got[i-1].dts)
	}
}

// A source that begins anew, its sound or its picture first: both go on, with
// their distance as it was.
func TestPresentationOnlySourceBeginsAnew(t *testing.T) {
	for _, soundFirst := range []bool{false, true} {
		s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo, sampledAAC)
		list := samplesOf(t, "open-gop") // 2.4 s, a delay of two frames
		for range 3 {
			for _, x := range list {
				if soundFirst {
					s.write(1, wrongDTS, x.dts+80*ms, filler(10))
				}
				s.write(0, wrongDTS, x.pts, x.data)
				if !soundFirst {
					s.write(1, wrongDTS, x.dts+80*ms, filler(10))
				}
			}
		}
		messages := s.finish()
		got, heard := pictures(t, messages), sounds(messages)
		n := len(list)
		require.Len(t, got, 3*n)
		require.Len(t, heard, 3*n)
		for i := range got {
			x := list[i%n]
			want := got[0].pts - heard[0] + media.Milliseconds(x.pts-x.dts-80*ms)
			require.InDelta(t, want, got[i].pts-heard[i], 1, "sound first %t, picture %d", soundFirst, i)
			require.True(t, i == 0 || got[i].dts >= got[i-1].dts && got[i].dts <= got[i].pts)
		}
		require.InDelta(t, 3*2400, heard[3*n-1]-heard[0], 200, "rounds follow one another")
	}
}
