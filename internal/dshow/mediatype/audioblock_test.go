package mediatype

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

func TestConfigOfTheBlock(t *testing.T) {
	long := append([]byte{0x11, 0x90}, make([]byte, longestConfig)...)
	for _, c := range []struct {
		name           string
		subtype        com.GUID
		block          []byte
		want           []byte
		rate, channels int
	}{
		{"behind the structure", SubtypeRawAAC, waveFormat(0xff, 2, 48000, []byte{0x12, 0x10}), []byte{0x12, 0x10}, 44100, 2},
		{"SBR stays", SubtypeRawAAC, waveFormat(0xff, 2, 48000, []byte{0x13, 0x10, 0x56, 0xe5, 0x98}), []byte{0x13, 0x10, 0x56, 0xe5, 0x98}, 48000, 2},
		{"hierarchical SBR", SubtypeRawAAC, waveFormat(0xff, 2, 48000, []byte{0x2b, 0x11, 0x88}), []byte{0x2b, 0x11, 0x88}, 48000, 2},
		{"none", SubtypeRawAAC, waveFormat(0xff, 2, 44100, nil), []byte{0x12, 0x10}, 44100, 2},
		{"mono", SubtypeRawAAC, waveFormat(0xff, 1, 8000, nil), []byte{0x15, 0x88}, 8000, 1},
		{"5.1", SubtypeRawAAC, waveFormat(0xff, 6, 48000, nil), []byte{0x11, 0xb0}, 48000, 6},
		{"7.1", SubtypeRawAAC, waveFormat(0xff, 8, 48000, nil), []byte{0x11, 0xb8}, 48000, 8},
		{"a rate without index", SubtypeRawAAC, waveFormat(0xff, 2, 22254, nil), []byte{0x17, 0x80, 0x2b, 0x77, 0x10}, 22254, 2},
		{"garbage", SubtypeRawAAC, waveFormat(0xff, 1, 44100, []byte{0xff, 0xff, 0xff}), []byte{0x12, 0x08}, 44100, 1},
		{"a reserved rate", SubtypeRawAAC, waveFormat(0xff, 2, 44100, []byte{0x16, 0x90}), []byte{0x12, 0x10}, 44100, 2},
		{"one byte", SubtypeRawAAC, waveFormat(0xff, 2, 44100, []byte{0x11}), []byte{0x12, 0x10}, 44100, 2},
		{"far too long", SubtypeRawAAC, waveFormat(0xff, 2, 44100, long), []byte{0x12, 0x10}, 44100, 2},
		{"HE-AAC user data", SubtypeHEAAC, waveFormat(0x1610, 2, 24000, heaac(0, []byte{0x13, 0x10, 0x56, 0xe5, 0x98})), []byte{0x13, 0x10, 0x56, 0xe5, 0x98}, 48000, 2},
		{"HE-AAC user data under 0xFF", SubtypeRawAAC, waveFormat(0x1610, 2, 24000, heaac(0, []byte{0x12, 0x10})), []byte{0x12, 0x10}, 44100, 2},
		{"HE-AAC without config", SubtypeHEAAC, waveFormat(0x1610, 2, 24000, heaac(0, nil)), []byte{0x13, 0x10}, 24000, 2},
		{"HE-AAC without user data", SubtypeHEAAC, waveFormat(0x1610, 2, 24000, nil), []byte{0x13, 0x10}, 24000, 2},
		{"HE-AAC with nothing but a config", SubtypeHEAAC, waveFormat(0xff, 2, 24000, []byte{0x12, 0x10}), []byte{0x12, 0x10}, 44100, 2},
		{"extensible", SubtypeRawAAC, waveFormat(0xfffe, 1, 44100, append([]byte{0x10, 0, 4}, make([]byte, 19)...)), []byte{0x12, 0x08}, 44100, 1},
		{"extensible, config", SubtypeRawAAC, waveFormat(0xfffe, 1, 44100, append(make([]byte, 22), 0x11, 0x90)), []byte{0x11, 0x90}, 48000, 2},
		{"extensible cut", SubtypeRawAAC, waveFormat(0xfffe, 1, 44100, []byte{0x12, 0x10}), []byte{0x12, 0x08}, 44100, 1},
		{"channels that nothing tells", SubtypeRawAAC, waveFormat(0xff, 1, 44100, []byte{0x12, 0x00}), []byte{0x12, 0x08}, 44100, 1},
		{"no fields", SubtypeRawAAC, waveFormat(0xff, 0, 0, nil), []byte{0x11, 0x90}, 48000, 2},
		{"odd fields", SubtypeRawAAC, waveFormat(0xff, 7, 3000, nil), []byte{0x11, 0x90}, 48000, 2},
		{"huge fields", SubtypeRawAAC, waveFormat(0xff, 0xffff, 0xffffffff, nil), []byte{0x11, 0x90}, 48000, 2},
		{"no block", SubtypeRawAAC, nil, []byte{0x11, 0x90}, 48000, 2},
		{"no block, HE-AAC", SubtypeHEAAC, nil, []byte{0x11, 0x90}, 48000, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := audioStream(c.subtype, c.block)
			clear(c.block) // nothing of it is kept
			got := s.Track()
			require.Equal(t, c.want, got.Config)
			require.Equal(t, media.FramingRaw, got.Framing)
			require.Equal(t, c.rate, got.SampleRate)
			require.Equal(t, c.channels, got.Channels)
			publishable(t, got)
		})
	}
}

func TestConfigLC(t *testing.T) {
	for _, rate := range append(sampleRates[:], 7000, 22254, 95999) {
		for _, channels := range []int{1, 2, 3, 4, 5, 6, 8} {
			c, err := aac.ParseConfig(configLC(rate, channelConfig(channels)))
			require.NoError(t, err)
			require.Equal(t, aac.Config{ObjectType: aac.ObjectLC, SampleRate: rate, OutputRate: rate, Channels: channels, FrameLength: 1024}, c)
		}
	}
	for _, n := range []int{0, 7, 9, -1, 65535} {
		require.Zero(t, channelConfig(n))
	}
}

func TestAudioBitrate(t *testing.T) {
	for bytesPerSecond, want := range map[uint32]int{0: 0, 16000: 128000, 72000: 576000, 72001: 0, 192000: 0 /* that of PCM */, math.MaxUint32: 0} {
		block := waveFormat(0xff, 2, 48000, nil)
		binary.LittleEndian.PutUint32(block[8:], bytesPerSecond)
		require.Equal(t, want, audioStream(SubtypeRawAAC, block).Track().Bitrate)
	}
	block := waveFormat(0xff, 0, 0, nil)
	binary.LittleEndian.PutUint32(block[8:], 40000)
	require.Equal(t, 320000, audioStream(SubtypeRawAAC, block).Track().Bitrate)
}
