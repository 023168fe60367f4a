package publish_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

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

// A first picture without time is where the sound has got to.
func TestVideoWithoutTimesJoinsTheSound(t *testing.T) {
	s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, sampledVideo, sampledAAC)
	for i := range 10 {
		s.write(1, wrongDTS, 5*time.Hour+time.Duration(i)*20*ms, filler(10))
	}
	for _, x := range samplesOf(t, "baseline")[:10] {
		s.write(0, wrongDTS, media.NoTime, x.data)
	}
	for i, p := range pictures(t, s.finish()) {
		require.Equal(t, onWire{200 + 40*int64(i), 200 + 40*int64(i)}, p)
	}
}

// A track may be told, in mid-stream, to have decode times, and to have none:
// also within a GOP no picture is lost for it, and after the first few, whose
// order against those before is not known, each is shown at its time.
func TestTracksChangeTheirTimes(t *testing.T) {
	for _, first := range []int{17, 18, 19, 20, 21} {
		s := start(t, rtmptest.Script{PipeSize: 1 << 22}, bigBuffer, videoInBand)
		list := samplesOf(t, "b4-normal")
		for i, x := range list {
			switch i {
			case first, first + 20:
				require.NoError(t, s.SetTracks(sampledVideo))
			case first + 10:
				require.NoError(t, s.SetTracks(videoInBand))
			}
			s.write(0, x.dts, x.pts, x.data)
		}
		got := pictures(t, s.finish())
		require.Len(t, got, len(list))
		for i, x := range list {
			near := 1.0
			if i >= first && i < first+4 {
				near = 40
			}
			require.InDelta(t, float64(x.pts-list[0].dts)/1e6, float64(got[i].pts), near, "picture %d", i)
			require.True(t, i == 0 || got[i].dts >= got[i-1].dts && got[i].dts <= got[i].pts)
		}
	}
}
