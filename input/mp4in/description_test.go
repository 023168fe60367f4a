package mp4in

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

func readerOf(b []byte) *bytes.Reader { return bytes.NewReader(b) }

func TestHints(t *testing.T) {
	v, a := video(50), audio(93)
	list := open(t, build(v, a), 0).Tracks()
	require.Equal(t, media.Track{
		Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: avcC(30)[8:],
		Width: 640, Height: 360, FrameRate: 25, Bitrate: 8 * (50*100 + 50*49/2) / 2,
	}, list[0])
	require.Equal(t, media.Track{
		Codec: media.CodecAAC, Framing: media.FramingRaw, Config: aacLC,
		SampleRate: 48000, Channels: 2, Bitrate: 128000,
	}, list[1])
}

// TestUnsupportedCodecs: the only track of its kind in another codec is an
// error that names it.
func TestUnsupportedCodecs(t *testing.T) {
	for _, c := range []struct {
		handler string
		entry   []byte
		want    string
	}{
		{"vide", visual("hvc1"), "HEVC (hvc1)"},
		{"vide", visual("av01"), "AV1 (av01)"},
		{"vide", visual("mp4v"), "MPEG-4 Visual (mp4v)"},
		{"vide", visual("zzzz"), `"zzzz"`},
		{"vide", visual("avc1"), "no decoder configuration"},
		{"vide", visual("encv", bx("sinf", bx("frma", "avc1"))), "H.264 (avc1): it is encrypted (decrypt it first)"},
		{"soun", sound(".mp3"), "MP3 (.mp3)"},
		{"soun", sound("ac-3"), "AC-3 (ac-3)"},
		{"soun", sound("mp4a", esds(0x6b, nil)), "MP3 (mp4a)"},
		{"soun", sound("mp4a", esds(0x12, aacLC)), "object type 0x12"},
		{"soun", sound("mp4a", esds(0x40, nil)), "AudioSpecificConfig"},
		{"soun", sound("mp4a"), "esds"},
		{"soun", sound("enca", bx("sinf", bx("frma", "mp4a"))), "AAC (mp4a): it is encrypted"},
	} {
		tracks := []testTrack{video(5), audio(5)}
		i := map[string]int{"vide": 0, "soun": 1}[c.handler]
		tracks[i].entries = [][]byte{c.entry}
		file := build(tracks...)
		_, err := Open(readerOf(file), int64(len(file)), Options{})
		var unsupported *media.UnsupportedError
		require.ErrorAs(t, err, &unsupported, c.want)
		require.ErrorContains(t, err, c.want)
	}
}

func TestChoiceOfTracks(t *testing.T) {
	off, on, hevc, text, turned := video(3), video(4), video(5), video(6), video(7)
	off.flags = 0
	hevc.entries = [][]byte{visual("hvc1")}
	text.handler = "text"
	turned.matrix = bx("", 0, 1<<16, 0, -1<<16, zeros(20))[4:]
	s := open(t, build(off, hevc, text, on, turned, audio(5), audio(6)), 0)
	require.Equal(t, []string{
		"track 1: H.264 (avc1), another track of this kind is sent",
		"track 2: HEVC (hvc1), not H.264",
		`track 3: "text", neither video nor audio`,
		"track 5: H.264 (avc1), another track of this kind is sent",
		"track 7: AAC (mp4a), another track of this kind is sent",
	}, s.Skipped())
	got, _ := readAll(t, s)
	require.Len(t, got, 4+5)

	s = open(t, build(off), 0)
	got, _ = readAll(t, s)
	require.Len(t, got, 3, "a disabled track is better than none")

	require.Equal(t, []string{"track 1: the picture is to be turned by 90 degrees, which RTMP cannot tell"}, open(t, build(turned), 0).Skipped())
}

func TestMediaInAnotherFile(t *testing.T) {
	v := video(3)
	v.dref = bx("url ", 0, "file:///other.mov\x00")
	file := build(v)
	_, err := Open(readerOf(file), int64(len(file)), Options{})
	require.ErrorContains(t, err, "its media are in another file (save the movie self-contained)")
}

// TestQuickTimeSound reads the esds out of a wave box, behind sound
// descriptions of version 1 and 2.
func TestQuickTimeSound(t *testing.T) {
	wave := bx("wave", bx("frma", "mp4a"), bx("mp4a", 0), esds(0x40, aacLC), 8, 0)
	for version, extra := range map[uint16]int{0: 0, 1: 16, 2: 36} {
		a := audio(5)
		head := []any{zeros(6), uint16(1), version, zeros(6), uint16(2), uint16(16), 0, uint32(48000 << 16), zeros(extra), wave}
		a.entries = [][]byte{bx("mp4a", head...)}
		list := open(t, build(a), 0).Tracks()
		require.Equal(t, aacLC, list[0].Config, "version %d", version)
		require.Equal(t, []int{48000, 2}, []int{list[0].SampleRate, list[0].Channels})
	}
}

func TestParameterSetsInBand(t *testing.T) {
	v := video(5)
	v.entries = [][]byte{visual("avc3", bx("avcC", []byte{1, 66, 0, 30, 0xfd, 0xe0, 0}))}
	track := open(t, build(v), 0).Tracks()[0]
	require.Empty(t, track.Config)
	require.Equal(t, 2, track.NALLengthSize)
}

func TestDescriptionChanges(t *testing.T) {
	v := video(20) // four chunks
	v.entries = [][]byte{avc1(), visual("avc1", avcC(40))}
	v.descs = []int{1, 2, 2, 1}
	v.syncs = []int{1, 6, 11, 16}
	got, _ := readAll(t, open(t, build(v), 0))
	for i, p := range got {
		want := map[int][]byte{5: avcC(40)[8:], 15: avcC(30)[8:]}[i]
		require.Equal(t, want, p.Config, "packet %d", i)
	}

	s := open(t, build(v), 300*ms) // begins in the second
	require.Equal(t, avcC(40)[8:], s.Tracks()[0].Config)
	p, err := s.Next()
	require.NoError(t, err)
	require.Nil(t, p.Config)
	p.Release()

	v.entries[1] = visual("hvc1")
	s = open(t, build(v), 0)
	for range 5 {
		p, err := s.Next()
		require.NoError(t, err)
		p.Release()
	}
	var unsupported *media.UnsupportedError
	for range 2 { // final
		_, err = s.Next()
		require.ErrorAs(t, err, &unsupported)
		require.ErrorContains(t, err, "track 1 changes to HEVC (hvc1)")
	}
}

func TestCompactSizes(t *testing.T) {
	for _, bits := range []int{4, 8, 16} {
		v := video(0)
		v.noSizes, v.perChunk = true, 4
		v.sizes = []int{3, 15, 7, 1}
		packed := map[int][]byte{4: {0x3f, 0x71}, 8: {3, 15, 7, 1}, 16: {0, 3, 0, 15, 0, 7, 0, 1}}[bits]
		v.stbl = bx("stz2", 0, bits, 4, packed)
		got, damage := readAll(t, open(t, build(v), 0))
		require.Empty(t, damage)
		require.Len(t, got, 4)
		for i, p := range got {
			require.Equal(t, payload(0, i, v.sizes[i]), p.data, "%d bits", bits)
		}
	}
}
