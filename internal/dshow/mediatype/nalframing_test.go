package mediatype

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// The first bytes of a NAL unit of 256 to 511 bytes behind a length of 4 bytes
// are those of a short start code, with a byte that often is a NAL unit's first.
func TestLengthsThatLookLikeStartCodes(t *testing.T) {
	for n := 256; n < 512; n++ {
		sample := prefixed(4, nalOf(0x41, n))
		for _, subtype := range videoSubtypes {
			s := open(subtype)
			convert(t, s, sample, noTimes)
			require.Equal(t, 4, s.Track().NALLengthSize, "%d bytes, as the first sample", n)
			s = open(subtype)
			convert(t, s, prefixed(4, idr), noTimes)
			_, changed, _ := convert(t, s, sample, noTimes)
			require.False(t, changed, "%d bytes, later", n)
		}
		// Cut short it is damaged, not Annex B.
		s := open(SubtypeAVC1)
		convert(t, s, prefixed(4, idr), noTimes)
		refuses(t, s, sample[:n], errFraming)
	}
}

// The other way round: Annex B whose first start code is a length that happens to
// lead to the sample's end.
func TestStartCodesThatLookLikeLengths(t *testing.T) {
	sample := annexB(3, nalOf(0x41, 1+0x141))
	sample[4] = 0x61 // the NAL unit's first byte, if that was a length
	require.True(t, covers(sample, 4, true))

	s := open(SubtypeH264)
	convert(t, s, annexB(3, nalOf(0x41, 99)), noTimes)
	_, changed, _ := convert(t, s, sample, noTimes)
	require.False(t, changed, "certain by then")
	require.Equal(t, media.FramingAnnexB, s.Track().Framing)

	s = open(SubtypeH264)
	_, changed, _ = convert(t, s, sample, noTimes)
	require.True(t, changed, "lengths are likelier in a first sample")
	_, changed, _ = convert(t, s, annexB(3, nalOf(0x41, 99)), noTimes)
	require.True(t, changed, "the next one corrects it")
	require.Equal(t, media.FramingAnnexB, s.Track().Framing)
}

func TestFramingChangesInTheStream(t *testing.T) {
	s := open(SubtypeH264)
	convert(t, s, annexB(4, idr), noTimes)
	_, changed, _ := convert(t, s, prefixed(4, aud, idr), noTimes)
	require.True(t, changed)
	_, changed, _ = convert(t, s, annexB(4, aud, idr), noTimes)
	require.True(t, changed)
	require.Equal(t, media.FramingAnnexB, s.Track().Framing)
	refuses(t, s, prefixed(2, nalOf(0xe0, 3)), errFraming)
}

func TestDamagedSamplesChangeNothing(t *testing.T) {
	s := open(SubtypeAVC1)
	whole := prefixed(4, aud, nalOf(0x65, 300), slice)
	convert(t, s, whole, noTimes)
	for n := 1; n < len(whole); n++ {
		if n == 6 || n == 6+304 {
			continue // whole units
		}
		why := errFraming
		if n < 4 {
			why = errNoNAL // zeros
		}
		refuses(t, s, whole[:n], why)
		convert(t, s, whole, noTimes)
	}
	// One whose units are laid out well but unknown is passed on.
	out, changed, _ := convert(t, s, prefixed(4, []byte{0x1f, 1}, nil, []byte{0xff}), noTimes)
	require.False(t, changed)
	require.NotEmpty(t, out)
}

// Few bytes can be much by chance, so little is believed without need.
func TestReadingsThatAreNotTried(t *testing.T) {
	// A unit of its own that is also a length of one byte, or of two.
	for _, sample := range [][]byte{{0x06, 0x05, 1, 2, 3, 4, 5}, append([]byte{0x06, 0x01}, nalOf(0x41, 0x601)...)} {
		out, changed, _ := convert(t, open(SubtypeH264), sample, noTimes)
		require.Equal(t, annexB(4, sample), out)
		require.False(t, changed)
		_, changed, _ = convert(t, open(SubtypeAVC1), sample, noTimes)
		require.True(t, changed, "AVC1 has no such units")
	}
	// Lengths before bytes that begin no NAL unit.
	for _, sample := range [][]byte{{0x02, 0x1f, 0}, {0x02, 0x81, 0}, {0x02, 0x82, 0}, {0, 0, 0, 2, 0x80, 0}, {0, 0, 0, 2, 0x01, 0, 0, 0, 0, 0}} {
		refuses(t, open(SubtypeH264), sample, errFraming)
	}
	// More units than the engine cuts.
	many := bytes.Repeat([]byte{0, 0, 0, 1, 0x41}, media.MaxNALUnits)
	many[3], many[4] = 2, 9
	many = slices.Insert(many, 5, 0xf0)
	_, changed, _ := convert(t, open(SubtypeH264), many, noTimes)
	require.True(t, changed)
	refuses(t, open(SubtypeH264), append(many, 0, 0, 0, 1, 0x41), errFraming)
}

func TestCertainAnnexBStays(t *testing.T) {
	s := NewStream(Video, videoType(SubtypeAVC1, FormatMPEG2Video, mpeg2Video(2, nil)))
	convert(t, s, annexB(3, nalOf(0x41, 99)), noTimes)
	out, _, _ := convert(t, s, slice, noTimes)
	require.Equal(t, annexB(4, slice), out)
	// Still certain behind the bare unit: lengths that fit do not count.
	sample := annexB(3, nalOf(0x41, 1+0x141))
	sample[4] = 0x61
	_, changed, _ := convert(t, s, sample, noTimes)
	require.False(t, changed)
	// Nor do those of a byte by themselves; the type's do.
	refuses(t, s, prefixed(1, slice, slice), errFraming)
	_, changed, _ = convert(t, s, prefixed(2, slice, slice), noTimes)
	require.True(t, changed)
	require.Equal(t, 2, s.Track().NALLengthSize)
}

// After eight damaged samples in a row the stream may be anything again.
func TestDoubtsAfterDamage(t *testing.T) {
	s := open(SubtypeAVC1)
	convert(t, s, prefixed(4, idr), noTimes)
	short := annexB(3, nalOf(0x41, 50))
	for range 3 {
		for range doubts - 1 {
			refuses(t, s, short, errFraming)
		}
		convert(t, s, prefixed(4, idr), noTimes)
	}
	for range doubts {
		refuses(t, s, short, errFraming)
	}
	_, changed, _ := convert(t, s, short, noTimes)
	require.True(t, changed)
	require.Equal(t, media.FramingAnnexB, s.Track().Framing)
}
