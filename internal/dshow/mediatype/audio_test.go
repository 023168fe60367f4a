package mediatype

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
)

func audioStream(subtype com.GUID, block []byte) *Stream {
	m := MediaType{Major: MajorAudio, Subtype: subtype, Format: FormatWaveFormatEx, Block: block}
	if block == nil {
		m.Format = FormatNone
	}
	return NewStream(Audio, m)
}

// at is a sample's start in 100 ns.
func at(start int64) times { return times{start: start, hasStart: true} }

// lasting is a sample at 0 with a stop time.
func lasting(duration int64) times { return times{0, duration, true, true} }

func TestRawFrames(t *testing.T) {
	s := audioStream(SubtypeRawAAC, waveFormat(0xff, 2, 44100, []byte{0x12, 0x10}))
	for _, frame := range [][]byte{silentStereo, silentMono, {0xe0}, bytes.Repeat([]byte{0x5a}, 6000)} {
		out, changed, config := convert(t, s, frame, noTimes)
		require.Equal(t, frame, out)
		require.False(t, changed)
		require.Nil(t, config)
	}
	refuses(t, s, nil, errEmpty)
}

func TestADTSTypes(t *testing.T) {
	sample := adts(silentStereo)
	for _, s := range []*Stream{
		audioStream(SubtypeADTS, nil),
		audioStream(SubtypeADTS, waveFormat(0x1600, 2, 44100, nil)),
		audioStream(SubtypeRawAAC, waveFormat(0x1600, 2, 44100, nil)),
		audioStream(SubtypeHEAAC, waveFormat(0x1610, 2, 44100, heaac(1, nil))),
		audioStream(SubtypeHEAAC, waveFormat(0x1610, 2, 44100, heaac(1, []byte{0x12, 0x10}))),
	} {
		require.Equal(t, media.FramingADTS, s.Track().Framing)
		require.Nil(t, s.Track().Config, "the headers tell it")
		publishable(t, s.Track())
		for _, sample := range [][]byte{sample, append(bytes.Clone(sample), sample...)} {
			out, changed, config := convert(t, s, sample, lasting(232199))
			require.Equal(t, sample, out)
			require.False(t, changed)
			require.Nil(t, config)
		}
	}
}

func TestADTSUnderAnotherName(t *testing.T) {
	for _, s := range []*Stream{
		audioStream(SubtypeRawAAC, nil),
		audioStream(SubtypeHEAAC, nil),
		audioStream(SubtypeRawAAC, waveFormat(0xff, 1, 48000, []byte{0x11, 0x88})),
	} {
		sample := append(adts(silentStereo), adts(silentMono)...)
		out, changed, config := convert(t, s, sample, lasting(213333))
		require.Equal(t, sample, out)
		require.True(t, changed)
		require.Nil(t, config)
		require.Equal(t, media.FramingADTS, s.Track().Framing)
		require.Nil(t, s.Track().Config)
		require.Equal(t, 44100, s.Track().SampleRate)
		require.Equal(t, 2, s.Track().Channels)
		publishable(t, s.Track())
		_, changed, _ = convert(t, s, sample, noTimes)
		require.False(t, changed)
	}
}

func TestRawUnderTheNameOfADTS(t *testing.T) {
	s := audioStream(SubtypeADTS, waveFormat(0x1600, 1, 44100, nil))
	out, changed, config := convert(t, s, silentMono, noTimes)
	require.Equal(t, silentMono, out)
	require.True(t, changed)
	require.Nil(t, config, "Track has it")
	require.Equal(t, media.FramingRaw, s.Track().Framing)
	require.Equal(t, []byte{0x12, 0x08}, s.Track().Config)
	publishable(t, s.Track())

	s = audioStream(SubtypeADTS, nil)
	_, changed, config = convert(t, s, silentMono, lasting(232199))
	require.True(t, changed)
	require.Equal(t, []byte{0x12, 0x08}, config, "a guess")
	require.Equal(t, config, s.Track().Config)
}

func TestDamagedADTS(t *testing.T) {
	whole := adts(silentStereo)
	s := audioStream(SubtypeADTS, nil)
	refuses(t, s, whole[:9], errADTSCut)
	refuses(t, s, []byte{0xe0}, errNoADTS)
	convert(t, s, whole, noTimes)
	for n := 1; n < len(whole); n++ {
		why := errADTSCut
		if n == 1 {
			why = errNoADTS
		}
		refuses(t, s, whole[:n], why)
		convert(t, s, whole, noTimes)
		// A tail that is cut short is the publisher's to report.
		out, changed, _ := convert(t, s, append(bytes.Clone(whole), whole[:n]...), noTimes)
		require.Len(t, out, len(whole)+n)
		require.False(t, changed)
	}
	for range doubts {
		refuses(t, s, silentStereo, errNoADTS)
	}
	_, changed, _ := convert(t, s, silentStereo, noTimes)
	require.True(t, changed, "eight in a row")

	s = audioStream(SubtypeRawAAC, nil)
	for n := 2; n < len(whole); n++ {
		refuses(t, s, whole[:n], errADTSCut)
	}
	// Error resilient frames have no elements: they may begin with anything.
	s = audioStream(SubtypeRawAAC, waveFormat(0xff, 1, 48000, []byte{0xf8, 0xe6, 0x20, 0x00})) // ELD
	require.Equal(t, []byte{0xf8, 0xe6, 0x20, 0x00}, s.Track().Config)
	_, changed, _ = convert(t, s, whole[:9], noTimes)
	require.False(t, changed)
}
