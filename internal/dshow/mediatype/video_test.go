package mediatype

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/media"
)

func videoType(subtype, format com.GUID, block []byte) MediaType {
	return MediaType{Major: MajorVideo, Subtype: subtype, Format: format, Block: block}
}

// open is a stream without a format block.
func open(subtype com.GUID) *Stream { return NewStream(Video, videoType(subtype, FormatNone, nil)) }

func TestAnnexB(t *testing.T) {
	for _, subtype := range videoSubtypes {
		for name, sample := range map[string][]byte{
			"4 bytes":       annexB(4, idr),
			"3 bytes":       annexB(3, idr),
			"both":          append(annexB(4, aud), annexB(3, idr)...),
			"several":       annexB(3, slice, slice, slice),
			"leading zeros": append(make([]byte, 3), annexB(4, aud, idr)...),
			"in-band sets":  annexB(4, aud, sps, pps, idr),
			"trailing zero": append(annexB(4, idr), 0, 0),
		} {
			s := open(subtype)
			out, changed, config := convert(t, s, sample, noTimes)
			require.Equal(t, sample, out, name)
			require.Equal(t, isAVC1(subtype), changed, "%s: from what the type says", name)
			require.Nil(t, config)
			require.Equal(t, media.FramingAnnexB, s.Track().Framing)
			require.Zero(t, s.Track().NALLengthSize)
			_, changed, _ = convert(t, s, sample, noTimes)
			require.False(t, changed, "told once")
		}
	}
}

func TestBareNALUnitGetsAStartCode(t *testing.T) {
	s := open(SubtypeH264)
	for _, nal := range [][]byte{aud, sps, pps, idr, slice, nalOf(0x06, 300)} {
		out, changed, _ := convert(t, s, nal, noTimes)
		require.Equal(t, annexB(4, nal), out)
		require.False(t, changed)
	}
	// More of them behind it have theirs.
	sample := append(bytes.Clone(sps), annexB(4, pps, idr)...)
	out, _, _ := convert(t, s, sample, noTimes)
	require.Equal(t, [][]byte{sps, pps, idr}, media.AppendAnnexB(nil, out))
}

func TestLengthPrefixed(t *testing.T) {
	for _, subtype := range []com.GUID{SubtypeAVC1, SubtypeAVC1Lower} {
		for _, size := range []int{1, 2, 4} {
			sample := prefixed(size, aud, sps, pps, nalOf(0x65, 200))
			for _, told := range []uint32{uint32(size), 0} {
				s := NewStream(Video, videoType(subtype, FormatMPEG2Video, mpeg2Video(told, nil)))
				require.Equal(t, media.FramingLengthPrefixed, s.Track().Framing)
				out, changed, _ := convert(t, s, sample, noTimes)
				require.Equal(t, sample, out)
				require.Equal(t, told == 0 && size != 4, changed)
				require.Equal(t, size, s.Track().NALLengthSize)
				publishable(t, s.Track())
			}
			s := open(subtype)
			require.Equal(t, 4, s.Track().NALLengthSize, "until a sample tells")
			_, changed, _ := convert(t, s, sample, noTimes)
			require.Equal(t, size != 4, changed)
			require.Equal(t, size, s.Track().NALLengthSize)
		}
	}
}

// H264 says Annex B, and many filters say H264 of what comes out of an MP4 file.
func TestLengthPrefixedUnderAnotherName(t *testing.T) {
	for _, size := range []int{1, 2, 4} {
		s := open(SubtypeH264)
		sample := prefixed(size, sps, pps, nalOf(0x65, 200))
		out, changed, _ := convert(t, s, sample, noTimes)
		require.Equal(t, sample, out)
		require.True(t, changed)
		require.Equal(t, media.FramingLengthPrefixed, s.Track().Framing)
		require.Equal(t, size, s.Track().NALLengthSize)
		_, changed, _ = convert(t, s, prefixed(size, nalOf(0x41, 7)), noTimes)
		require.False(t, changed)
	}
}

func TestSamplesWithoutNALUnits(t *testing.T) {
	for _, subtype := range videoSubtypes {
		s := open(subtype)
		refuses(t, s, nil, errEmpty)
		for _, sample := range [][]byte{{0}, {0, 0, 0, 0}, {0, 0, 1}, {0, 0, 0, 1}, annexB(4, nil, nil, nil), annexB(3, nil, nil), make([]byte, 5000)} {
			refuses(t, s, sample, errNoNAL)
		}
		for _, sample := range [][]byte{{0xff}, bytes.Repeat([]byte{0xff}, 5000), {0, 0, 2}, {0x80, 0, 0, 1}} {
			refuses(t, s, sample, errFraming)
		}
		convert(t, s, annexB(4, idr), noTimes)
	}
	refuses(t, open(SubtypeAVC1), slice, errFraming)
}
