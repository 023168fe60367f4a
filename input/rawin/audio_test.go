package rawin

import (
	"bytes"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func TestMergedWithAudio(t *testing.T) {
	video, audio := load(t, h264Dir+"bframes3.h264"), load(t, aacDir+"stereo48000.aac")
	s := open(t, bytes.NewReader(video), bytes.NewReader(audio), Options{})
	require.Equal(t, []media.Track{
		{Codec: media.CodecH264, Framing: media.FramingAnnexB, Width: 64, Height: 48, FrameRate: 60},
		{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0x11, 0x90}, SampleRate: 48000, Channels: 2},
	}, s.Tracks())
	got := readAll(t, s)
	require.Len(t, got.video, 36)
	require.Len(t, got.audio, 20)
	require.Equal(t, got.video[0].PTS, got.audio[0].PTS, "sound begins with the first picture shown")
	for i, p := range got.audio {
		require.Equal(t, 1, p.Track)
		require.InDelta(t, float64(got.audio[0].DTS)+float64(i)*1024e9/48000, float64(p.DTS), 1)
	}
}

func TestAudioAlone(t *testing.T) {
	audio := load(t, aacDir+"mono44100.aac")
	got := readAll(t, open(t, nil, iotest.HalfReader(bytes.NewReader(audio)), Options{}))
	require.Len(t, got.audio, 19)
	require.Zero(t, got.audio[0].DTS)
	require.Zero(t, got.audio[0].Track)

	got = readAll(t, open(t, nil, bytes.NewReader(audio), Options{Start: 100 * time.Millisecond}))
	require.Equal(t, 116099773*time.Nanosecond, got.audio[0].PTS)
	_, err := Open(nil, bytes.NewReader(audio), Options{Start: time.Minute})
	require.ErrorContains(t, err, "1m0s")
}

func TestAudioConfigChanges(t *testing.T) {
	both := append(load(t, aacDir+"mono44100.aac"), load(t, aacDir+"stereo48000.aac")...)
	s := open(t, nil, bytes.NewReader(both), Options{})
	require.Equal(t, []byte{0x12, 0x08}, s.Tracks()[0].Config)
	got := readAll(t, s)
	changes := 0
	for i, p := range got.audio[1:] {
		step := p.PTS - got.audio[i].PTS
		if p.Config != nil {
			changes++
			require.Equal(t, []byte{0x11, 0x90}, p.Config)
		}
		require.Less(t, step, 50*time.Millisecond)
		require.Positive(t, step)
	}
	require.Equal(t, 1, changes)
}
