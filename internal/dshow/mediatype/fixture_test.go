package mediatype

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
)

// Parameter sets of the demo clip, its record, and units that are made up.
var (
	sps = []byte{
		0x67, 0x64, 0x00, 0x1f, 0xac, 0x76, 0x11, 0x07, 0x82, 0x3f, 0xac, 0x05, 0xa8, 0x08, 0x08, 0x0a,
		0x00, 0x00, 0x03, 0x00, 0x02, 0x00, 0x00, 0x03, 0x00, 0x64, 0x1e, 0x30, 0x63, 0x08, 0xc0,
	}
	pps  = []byte{0x68, 0xe8, 0x43, 0xb2, 0xc8, 0xb0}
	avcC = slices.Concat([]byte{1, 0x64, 0x00, 0x1f, 0xff, 0xe1, 0, 31}, sps, []byte{1, 0, 6}, pps, []byte{0xfd, 0xf8, 0xf8, 0})

	aud   = []byte{0x09, 0xf0}
	idr   = []byte{0x65, 0x88, 0x84, 0x00, 0x33}
	slice = []byte{0x41, 0x9a, 0x24, 0x6c}
)

// Bare AAC frames as ffmpeg writes silence.
var (
	silentMono   = []byte{0x01, 0x18, 0x20, 0x07}
	silentStereo = []byte{0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c}
)

// annexB writes NAL units behind start codes of a size.
func annexB(size int, nals ...[]byte) (b []byte) {
	for _, nal := range nals {
		b = append(append(b, []byte{0, 0, 0, 1}[4-size:]...), nal...)
	}
	return b
}

// prefixed writes NAL units behind their lengths of a size.
func prefixed(size int, nals ...[]byte) (b []byte) {
	for _, nal := range nals {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(nal)))
		b = append(append(b, n[4-size:]...), nal...)
	}
	return b
}

// nalOf is a NAL unit of n bytes.
func nalOf(header byte, n int) []byte {
	return append([]byte{header}, bytes.Repeat([]byte{0x9a}, n-1)...)
}

// adts puts a header before a bare frame: AAC LC, 44.1 kHz, stereo.
func adts(frame []byte) []byte {
	n := len(frame) + 7
	return append([]byte{0xff, 0xf1, 0x50, 0x80 | byte(n>>11), byte(n >> 3), byte(n<<5) | 0x1f, 0xfc}, frame...)
}

// bitString makes bytes of zeros and ones; what is between them is for the eye.
func bitString(text string) (b []byte) {
	n := 0
	for _, c := range text {
		if c != '0' && c != '1' {
			continue
		}
		if n%8 == 0 {
			b = append(b, 0)
		}
		b[n/8] |= byte(c-'0') << (7 - n%8)
		n++
	}
	return b
}

// Blocks. Fields that nothing looks at are 0.

func videoInfo(extra []byte) []byte  { return append(make([]byte, 88), extra...) }
func videoInfo2(extra []byte) []byte { return append(make([]byte, 112), extra...) }

func mpeg2Video(lengthSize uint32, header []byte) []byte {
	b := append(make([]byte, 132), header...)
	binary.LittleEndian.PutUint32(b[116:], uint32(len(header)))
	binary.LittleEndian.PutUint32(b[128:], lengthSize)
	return b
}

func waveFormat(tag, channels uint16, rate uint32, extra []byte) []byte {
	b := append(make([]byte, 18), extra...)
	le := binary.LittleEndian
	le.PutUint16(b, tag)
	le.PutUint16(b[2:], channels)
	le.PutUint32(b[4:], rate)
	le.PutUint16(b[16:], uint16(len(extra)))
	return b
}

// heaac is what HEAACWAVEINFO has behind WAVEFORMATEX, and a configuration.
func heaac(payloadType uint16, config []byte) []byte {
	return append(binary.LittleEndian.AppendUint16(nil, payloadType), append(make([]byte, 10), config...)...)
}

// noTimes are those of a sample without.
var noTimes times

// convert is Stream.Convert for tests that expect a packet.
func convert(t testing.TB, s *Stream, sample []byte, at times) (out []byte, changed bool, config []byte) {
	t.Helper()
	before := bytes.Clone(sample)
	out, changed, config, err := s.Convert([]byte("dst"), sample, at.start, at.stop, at.hasStart, at.hasStop)
	require.NoError(t, err)
	require.Equal(t, before, sample, "the sample is only read")
	require.True(t, bytes.HasPrefix(out, []byte("dst")))
	return out[3:], changed, config
}

// refuses converts a sample that must be refused without a trace.
func refuses(t testing.TB, s *Stream, sample []byte, why error) {
	t.Helper()
	before := s.Track()
	out, changed, config, err := s.Convert([]byte("dst"), sample, 0, 0, false, false)
	require.ErrorIs(t, err, why)
	require.Equal(t, "dst", string(out))
	require.False(t, changed)
	require.Nil(t, config)
	require.Equal(t, before, s.Track())
}

// publishable checks that the engine takes a track.
func publishable(t testing.TB, track media.Track) {
	t.Helper()
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+a"
	p, err := publish.New(o)
	require.NoError(t, err)
	require.True(t, track.PresentationOnly)
	require.NoError(t, p.SetTracks(track), "%+v", track)
}

// units cuts a packet as its track says.
func units(t testing.TB, track media.Track, data []byte) [][]byte {
	t.Helper()
	if track.Framing == media.FramingAnnexB {
		return media.AppendAnnexB(nil, data)
	}
	require.Equal(t, media.FramingLengthPrefixed, track.Framing)
	nals, err := media.AppendLengthPrefixed(nil, data, track.NALLengthSize)
	require.NoError(t, err)
	return nals
}
