package mediatype

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/internal/com"
	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// fuzzedFormats are what a byte of the fuzzer chooses from.
var fuzzedFormats = []com.GUID{formatOpen, FormatNone, FormatMPEG2Video, FormatVideoInfo, FormatVideoInfo2, FormatWaveFormatEx}

// fuzzedType makes a type that is nearly right.
func fuzzedType(subtype, format uint8, block []byte) (Pin, MediaType) {
	m := MediaType{Format: fuzzedFormats[int(format)%len(fuzzedFormats)], Block: block}
	n := int(subtype) % (len(videoSubtypes) + len(audioSubtypes))
	if n < len(videoSubtypes) {
		m.Major, m.Subtype = MajorVideo, videoSubtypes[n]
		return Video, m
	}
	m.Major, m.Subtype = MajorAudio, audioSubtypes[n-len(videoSubtypes)]
	return Audio, m
}

// FuzzAccept gives foreign blocks: whatever Accept says of them, a stream can be
// made, and the engine takes its track. A block must not be read past its end,
// nor be kept.
func FuzzAccept(f *testing.F) {
	for _, extra := range [][]byte{nil, avcC, annexB(4, sps, pps), prefixed(2, sps, pps), avcC[:30], prefixed(4, sps, pps)} {
		f.Add(uint8(0), uint8(2), mpeg2Video(0, extra))
		f.Add(uint8(2), uint8(2), mpeg2Video(2, extra))
		f.Add(uint8(1), uint8(3), videoInfo(extra))
		f.Add(uint8(3), uint8(4), videoInfo2(extra))
	}
	huge := mpeg2Video(4, nil)
	binary.LittleEndian.PutUint32(huge[116:], 0xfffffff0)
	f.Add(uint8(2), uint8(2), huge)
	for _, config := range [][]byte{nil, {0x11, 0x90}, {0x2b, 0x11, 0x88}, {0x13, 0x10, 0x56, 0xe5, 0x98}, {0x17, 0x80, 0x2b, 0x77, 0x10}} {
		f.Add(uint8(4), uint8(5), waveFormat(0xff, 2, 48000, config))
		f.Add(uint8(6), uint8(5), waveFormat(0x1610, 2, 24000, heaac(0, config)))
	}
	f.Add(uint8(5), uint8(5), waveFormat(0x1600, 6, 44100, nil))
	f.Fuzz(func(t *testing.T, subtype, format uint8, block []byte) {
		block = bytes.Clone(block)[:len(block):len(block)]
		pin, m := fuzzedType(subtype, format, block)
		before := bytes.Clone(block)
		err := Accept(pin, m)
		track := NewStream(pin, m).Track()
		require.Equal(t, before, block)
		publishable(t, track)
		require.LessOrEqual(t, len(track.Config), len(block)+16)
		config := bytes.Clone(track.Config)
		clear(block)
		require.Equal(t, config, track.Config)
		if err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}

// cutSamples cuts the fuzzer's bytes into samples, each behind its length.
func cutSamples(b []byte) (samples [][]byte) {
	for len(b) >= 2 {
		n := min(int(binary.BigEndian.Uint16(b)), len(b)-2)
		samples, b = append(samples, b[2:2+n]), b[2+n:]
	}
	return samples
}

// FuzzConvert gives foreign samples: what is appended is the sample, in a framing
// that the engine can cut, and a refused one leaves nothing behind. Neither target
// has found a bug yet.
func FuzzConvert(f *testing.F) {
	add := func(subtype, format uint8, block []byte, samples ...[]byte) {
		f.Add(subtype, format, block, prefixed(2, samples...), int64(213_333), true)
		f.Add(subtype, format, block, prefixed(2, samples...), int64(232_199), false)
	}
	add(0, 1, nil, annexB(4, sps, pps, idr), annexB(3, slice), slice, prefixed(4, slice))
	add(0, 2, mpeg2Video(0, avcC), prefixed(4, nalOf(0x65, 256+0x41)), annexB(3, nalOf(0x41, 60)), annexB(4, nil, nil))
	add(2, 2, mpeg2Video(2, prefixed(2, sps, pps)), prefixed(2, aud, idr), prefixed(4, aud, idr), annexB(4, idr), []byte{0, 0, 0, 0})
	add(2, 1, nil, prefixed(1, aud, slice), prefixed(1, slice)[:3])
	add(4, 1, nil, silentMono, adts(silentStereo), silentStereo, []byte{0xff, 0xf1})
	add(5, 5, waveFormat(0x1600, 2, 44100, nil), adts(silentStereo), append(adts(silentMono), 0xff), silentMono)
	add(4, 0, nil, bitString("110 0011 10100101 10100101 10100101 000 0000 000000"), []byte{0xa1, 0x07, 0xff, 0xff}, silentMono)
	f.Fuzz(func(t *testing.T, subtype, format uint8, block, data []byte, step int64, stops bool) {
		pin, m := fuzzedType(subtype, format, block)
		s := NewStream(pin, m)
		var start int64
		for _, sample := range cutSamples(data) {
			before, track := bytes.Clone(sample), s.Track()
			config := bytes.Clone(track.Config)
			out, changed, fresh, err := s.Convert([]byte{7}, sample, start, start+step, true, stops)
			start += step
			require.True(t, bytes.Equal(before, sample), "the sample is only read")
			require.Equal(t, config, track.Config, "a configuration is not written to")
			require.EqualValues(t, 7, out[0])
			if err != nil {
				require.Len(t, out, 1)
				require.False(t, changed)
			} else {
				require.True(t, bytes.HasSuffix(out, sample))
				require.Contains(t, []int{0, 4}, len(out)-1-len(sample))
				cuttable(t, s.Track(), out[1:])
			}
			if !changed {
				require.Nil(t, fresh)
				require.Equal(t, track, s.Track())
			} else if fresh != nil {
				require.Equal(t, fresh, s.Track().Config)
			}
		}
	})
}

// cuttable checks a track and a packet as the engine does.
func cuttable(t *testing.T, track media.Track, packet []byte) {
	t.Helper()
	switch track.Framing {
	case media.FramingAnnexB:
		require.Zero(t, track.NALLengthSize)
	case media.FramingLengthPrefixed:
		require.NotEmpty(t, units(t, track, packet))
		require.Contains(t, []int{1, 2, 4}, track.NALLengthSize)
	case media.FramingRaw:
		_, err := aac.ParseConfig(track.Config)
		require.NoError(t, err)
	case media.FramingADTS:
		_, _, _, err := aac.NextADTS(packet)
		require.True(t, err == nil || errors.Is(err, aac.ErrBlocks))
	}
	if track.Codec.IsVideo() && track.Config != nil {
		c, err := flv.ParseAVCDecoderConfig(track.Config)
		require.NoError(t, err)
		require.True(t, track.NALLengthSize == 0 || track.NALLengthSize == c.NALLengthSize)
	}
}
