package flvin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
)

func TestAudioHints(t *testing.T) {
	for _, c := range []struct {
		name, config   string
		rate, channels int
	}{
		{"LC", "1190", 48000, 2},
		{"7.1", "11b8", 48000, 8},
		{"HE-AAC v2, mono with parametric stereo", "eb098800", 48000, 2},
		{"channels in a program config element", "1180", 48000, 6},
		{"unknown to the parser", "ffff", 32000, 6},
	} {
		s, _ := readWhole(t, build(t, false, true).
			metadata(flv.Metadata{AudioSampleRate: 32000, AudioChannels: 6}).
			audio(0, flv.AACSequenceHeader, unhex(c.config)...).audio(0, flv.AACRaw, 1).pipe(), 0)
		require.Equal(t, c.rate, s.Tracks()[0].SampleRate, c.name)
		require.Equal(t, c.channels, s.Tracks()[0].Channels, c.name)
	}
}

func TestVideoHints(t *testing.T) {
	for _, c := range []struct {
		name, config string
		width, size  int
		rate         float64
	}{
		{"from the SPS", "", 64, 4, 25},
		{"without SPS", "0164000afde000", 320, 2, 0},
		{"with a broken SPS", "0164000aff" + "e1000467640000" + "01000168", 320, 4, 0},
	} {
		config := highConfig
		if c.config != "" {
			config = unhex(c.config)
		}
		s, _ := readWhole(t, build(t, true, false).metadata(flv.Metadata{Width: 320, Height: 180}).
			video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, config...).pipe(), 0)
		track := s.Tracks()[0]
		require.Equal(t, c.width, track.Width, c.name)
		require.Equal(t, c.size, track.NALLengthSize, c.name)
		require.InDelta(t, c.rate, track.FrameRate, 1e-9, c.name)
		require.Equal(t, config, track.Config, c.name)
	}
}
