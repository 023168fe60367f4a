package mediatype

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/internal/com"
	"rtmpwriter/media"
)

func TestParameterSetsOfTheBlock(t *testing.T) {
	made, err := flv.NewAVCDecoderConfig([][]byte{sps}, [][]byte{pps})
	require.NoError(t, err)
	want, err := made.Append(nil)
	require.NoError(t, err)
	for name, extra := range map[string][]byte{
		"record":            avcC,
		"start codes":       annexB(4, sps, pps),
		"short start codes": annexB(3, sps, pps),
		"with more":         annexB(4, aud, sps, pps, nalOf(0x06, 20)),
		"lengths of 2":      prefixed(2, sps, pps),
		"lengths of 4":      prefixed(4, sps, pps),
		"and a tail":        append(prefixed(2, sps, pps), 0, 99, 0x68),
	} {
		bitmap := videoInfo(extra)
		binary.LittleEndian.PutUint32(bitmap[48:], uint32(40+len(extra)))
		for _, m := range []MediaType{
			videoType(SubtypeH264, FormatMPEG2Video, append(mpeg2Video(0, extra), 9, 9)),
			videoType(SubtypeAVC1, FormatMPEG2Video, mpeg2Video(4, extra)),
			videoType(SubtypeH264, FormatVideoInfo, videoInfo(extra)),
			videoType(SubtypeH264, FormatVideoInfo, append(bitmap, annexB(4, pps)...)),
			videoType(SubtypeAVC1, FormatVideoInfo2, videoInfo2(extra)),
		} {
			require.NoError(t, Accept(Video, m))
			s := NewStream(Video, m)
			clear(m.Block) // nothing of it is kept
			got := s.Track().Config
			require.Equal(t, want, got, "%s in %s", name, formatName(m.Format))
			publishable(t, s.Track())

			sample := annexB(4, idr)
			if isAVC1(m.Subtype) {
				sample = prefixed(4, idr)
			}
			_, changed, _ := convert(t, s, sample, noTimes)
			require.False(t, changed)
			require.Equal(t, want, s.Track().Config, "the samples have no sets")
		}
	}
}

func TestBlocksWithoutBothParameterSets(t *testing.T) {
	noSets := []byte{1, 0x64, 0, 0x15, 0xff, 0xe0, 0}
	noSPS := bytes.Clone(avcC)
	noSPS[8] = 0x41
	for _, extra := range [][]byte{nil, {1}, avcC[:20], annexB(4, sps), prefixed(2, pps), annexB(4, sps[:3], pps), noSets, make([]byte, 100), noSPS, append(bytes.Clone(avcC), make([]byte, longestExtra)...), annexB(4, nalOf(0x67, longestExtra), pps)} {
		s := NewStream(Video, videoType(SubtypeH264, FormatMPEG2Video, mpeg2Video(0, extra)))
		require.Nil(t, s.Track().Config)
		publishable(t, s.Track())
	}
}

// The record says the size of the lengths, and the publisher believes it.
func TestRecordAgreesWithLengths(t *testing.T) {
	for told := uint32(0); told <= 4; told++ {
		if told == 3 {
			continue
		}
		for _, size := range []int{1, 2, 4} {
			record := withLengthSize(avcC, size)
			s := NewStream(Video, videoType(SubtypeAVC1, FormatMPEG2Video, mpeg2Video(told, record)))
			want := size
			if told != 0 {
				want = int(told)
			}
			for _, now := range []int{want, size, 4} {
				if now != want {
					convert(t, s, prefixed(now, nalOf(0x41, 200)), noTimes)
					want = now
				}
				require.Equal(t, want, s.Track().NALLengthSize)
				c, err := flv.ParseAVCDecoderConfig(s.Track().Config)
				require.NoError(t, err)
				require.Equal(t, want, c.NALLengthSize)
				s = NewStream(Video, videoType(SubtypeAVC1, FormatMPEG2Video, mpeg2Video(told, record)))
				want = s.Track().NALLengthSize
			}
		}
	}
	s := NewStream(Video, videoType(SubtypeAVC1, FormatVideoInfo, videoInfo(withLengthSize(avcC, 3))))
	require.Equal(t, 4, s.Track().NALLengthSize, "3 is no size")
	publishable(t, s.Track())
}

// Once the samples bring parameter sets those of the type are out of date.
func TestParameterSetsOfSamplesReplaceThoseOfTheBlock(t *testing.T) {
	for _, sample := range [][]byte{annexB(4, aud, sps, pps, idr), annexB(3, sps, pps, idr), prefixed(4, aud, sps, pps, idr), prefixed(2, aud, sps, pps, idr), sps} {
		s := NewStream(Video, videoType(SubtypeH264, FormatMPEG2Video, mpeg2Video(0, avcC)))
		require.NotNil(t, s.Track().Config)
		_, changed, _ := convert(t, s, sample, noTimes)
		require.True(t, changed)
		require.Nil(t, s.Track().Config)
		publishable(t, s.Track())
		_, changed, _ = convert(t, s, sample, noTimes)
		require.False(t, changed)
	}
	// What stands behind a slice, or cut off, is not looked for.
	s := NewStream(Video, videoType(SubtypeH264, FormatMPEG2Video, mpeg2Video(0, avcC)))
	for _, sample := range [][]byte{annexB(4, idr, sps), annexB(4, aud), append(annexB(4, aud), 0, 0, 0, 1), annexB(4, aud, nil)} {
		_, changed, _ := convert(t, s, sample, noTimes)
		require.False(t, changed)
	}
}

func TestHints(t *testing.T) {
	le := binary.LittleEndian
	block := func(at int, size int, width, height int32, time int64, rate uint32) []byte {
		b := make([]byte, size)
		le.PutUint32(b[32:], rate)
		le.PutUint64(b[40:], uint64(time))
		le.PutUint32(b[at+4:], uint32(width))
		le.PutUint32(b[at+8:], uint32(height))
		return b
	}
	for _, f := range []struct {
		format com.GUID
		at, n  int
	}{{FormatVideoInfo, 48, 88}, {FormatVideoInfo2, 72, 112}, {FormatMPEG2Video, 72, 132}} {
		hints := func(width, height int32, time int64, rate uint32) media.Track {
			return NewStream(Video, videoType(SubtypeH264, f.format, block(f.at, f.n, width, height, time, rate))).Track()
		}
		got := hints(1920, -1080, 400000, 5_000_000)
		require.Equal(t, 1920, got.Width)
		require.Equal(t, 1080, got.Height)
		require.Equal(t, 25., got.FrameRate)
		require.Equal(t, 5_000_000, got.Bitrate)
		for time, rate := range map[int64]float64{
			333333: 30, 333334: 30, 333667: 30000. / 1001, 333666: 30000. / 1001, 417083: 24000. / 1001, 417084: 24000. / 1001, 416667: 24,
			166833: 60000. / 1001, 166666: 60, 200000: 50, 1_000_000: 10, 100_000_000: 0.1, 10_000: 1000, 9_999: 0, 0: 0, -400000: 0, 100_000_001: 0,
			math.MaxInt64: 0, math.MinInt64: 0,
		} {
			require.Equal(t, rate, hints(0, 0, time, 0).FrameRate, time)
		}
		for _, size := range [][2]int32{{0, 1080}, {1920, 0}, {math.MinInt32, 1080}, {1920, math.MinInt32}, {math.MaxInt32, 1080}, {16385, 1}} {
			got := hints(size[0], size[1], 0, 0)
			require.Zero(t, got.Width)
			require.Zero(t, got.Height)
		}
		require.Zero(t, hints(0, 0, 0, math.MaxUint32).Bitrate)
	}
	require.Zero(t, open(SubtypeH264).Track().Width)
}
