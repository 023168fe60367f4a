package aac

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/mpeg4audio"
	"github.com/stretchr/testify/require"
)

func TestParseConfig(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want Config
	}{
		"LC 44.1 stereo":     {"1210", Config{2, 44100, 44100, 2, 1024, false, false}},
		"LC 48 5.1":          {"11b0", Config{2, 48000, 48000, 6, 1024, false, false}},
		"7.1":                {"11b8", Config{2, 48000, 48000, 8, 1024, false, false}},
		"960 samples":        {"1194", Config{2, 48000, 48000, 2, 960, false, false}},
		"Main":               {"0a10", Config{1, 44100, 44100, 2, 1024, false, false}},
		"HE explicit":        {"2b118800", Config{2, 24000, 48000, 2, 1024, true, false}},
		"HE v2 explicit":     {"eb098800", Config{2, 24000, 48000, 1, 1024, true, true}},
		"HE compatible":      {"131056e598", Config{2, 24000, 48000, 2, 1024, true, false}},
		"HE v2 compatible":   {"130856e59d4880", Config{2, 24000, 48000, 1, 1024, true, true}},
		"rate in full":       {"1780562210", Config{2, 44100, 44100, 2, 1024, false, false}},
		"channels in detail": {"118004c4010020000d4c61766335392e33372e313030", Config{2, 48000, 48000, 3, 1024, false, false}},
		"low delay":          {"b98800", Config{23, 48000, 48000, 1, 512, false, false}},
	} {
		asc, err := hex.DecodeString(c.hex)
		require.NoError(t, err, name)
		got, err := ParseConfig(asc)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
}

func TestParseConfigRefuses(t *testing.T) {
	for name, c := range map[string]struct{ hex, text string }{
		"nothing":         {"", "bits"},
		"cut short":       {"12", "bits"},
		"not AAC":         {"6210", "object type 12"},
		"reserved rate":   {"1690", "sample rate"},
		"reserved layout": {"1260", "channel configuration 12"},
	} {
		asc, err := hex.DecodeString(c.hex)
		require.NoError(t, err)
		_, err = ParseConfig(asc)
		require.ErrorContains(t, err, c.text, name)
	}
}

func TestFrameDuration(t *testing.T) {
	c := Config{SampleRate: 44100, FrameLength: 1024}
	require.Equal(t, 23219955*time.Nanosecond, c.FrameDuration(1))
	require.Equal(t, 1024*time.Second, c.FrameDuration(44100), "no drift")
	require.Equal(t, 1024*1000000*time.Second, c.FrameDuration(44100*1000000), "no overflow in years")
	require.Zero(t, Config{}.FrameDuration(5))
}

// FuzzConfig compares with mediacommon: what it takes, this package takes
// alike.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{"1210", "2b118800", "131056e598", "130856e59d4880", "118004c4010020000d4c61766335392e33372e313030"} {
		asc, err := hex.DecodeString(s)
		require.NoError(f, err)
		f.Add(asc)
	}
	f.Add([]byte{0xff, 0xff}) // an escaped object type with nothing behind
	f.Fuzz(func(t *testing.T, asc []byte) {
		got, err := ParseConfig(asc)
		var want mpeg4audio.AudioSpecificConfig
		if want.Unmarshal(asc) != nil || want.SampleRate == 0 {
			return
		}
		if want.ExtensionType != 0 && want.ExtensionSampleRate == 0 {
			return
		}
		require.NoError(t, err)
		require.EqualValues(t, want.Type, got.ObjectType)
		require.Equal(t, want.SampleRate, got.SampleRate)
		if want.ChannelConfig != 0 {
			require.Equal(t, channelCount(want.ChannelConfig), got.Channels)
		}
		require.Equal(t, want.FrameLengthFlag, got.FrameLength == 960)
		if want.ExtensionType != 0 {
			require.True(t, got.SBR)
			require.Equal(t, want.ExtensionSampleRate, got.OutputRate)
		}
	})
}
