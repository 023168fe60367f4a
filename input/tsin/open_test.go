package tsin

import (
	"bytes"
	"math/rand"
	"testing"

	"github.com/asticode/go-astits"
	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// TestRefusesOtherCodecs names what a program holds instead of H.264 and AAC.
func TestRefusesOtherCodecs(t *testing.T) {
	registration := func(id string) *astits.Descriptor {
		return &astits.Descriptor{Tag: astits.DescriptorTagRegistration, Length: 4,
			Registration: &astits.DescriptorRegistration{FormatIdentifier: fourCC(id)}}
	}
	for name, c := range map[string]struct {
		kind       astits.StreamType
		descriptor *astits.Descriptor
		what       string
	}{
		"HEVC":    {0x24, nil, "HEVC in MPEG-TS"},
		"MPEG-2":  {0x02, nil, "MPEG-2 video in MPEG-TS"},
		"MP2":     {0x03, nil, "MPEG audio (MP2 or MP3) in MPEG-TS"},
		"MP3":     {0x04, nil, "MPEG audio (MP2 or MP3) in MPEG-TS"},
		"LATM":    {0x11, nil, "AAC in LATM in MPEG-TS"},
		"AC-3":    {0x81, nil, "AC-3 in MPEG-TS"},
		"DVB AC3": {0x06, &astits.Descriptor{Tag: 0x6a, Length: 1, AC3: &astits.DescriptorAC3{}}, "AC-3 in MPEG-TS"},
		"Opus":    {0x06, registration("Opus"), "Opus in MPEG-TS"},
		"data":    {0x06, nil, "MPEG-TS without video and audio"},
		"private": {0x05, nil, "MPEG-TS without video and audio"},
	} {
		m := newMuxer(t, nil)
		if c.descriptor == nil {
			m.add(videoPID, c.kind)
		} else {
			m.add(videoPID, c.kind, c.descriptor)
		}
		m.tables()
		m.write(videoPID, 0, -1, []byte{1, 2, 3})
		_, err := Open(pipe(m.bytes()), Options{})
		var u *media.UnsupportedError
		require.ErrorAs(t, err, &u, name)
		require.Equal(t, c.what, u.What, name)
	}
}

// TestFurtherStreamsAreSkipped takes H.264 and AAC where others stand beside.
func TestFurtherStreamsAreSkipped(t *testing.T) {
	video, audio := units(t, "plain")
	m := newMuxer(t, map[uint16]astits.StreamType{
		290: 0x24, 295: 0x81, videoPID: astits.StreamTypeH264Video, audioPID: astits.StreamTypeAACAudio, 310: 0x06,
	})
	for i := range video {
		m.write(videoPID, video[i].pts, video[i].dts, video[i].data)
		m.write(audioPID, audio[i].pts, -1, audio[i].data)
		m.write(310, audio[i].pts, -1, []byte("subtitles"))
	}
	s := open(t, pipe(m.bytes()), Options{})
	require.Equal(t, []string{
		"PID 290 (HEVC) is not published", "PID 295 (AC-3) is not published", "PID 310 (private data) is not published",
	}, s.Skipped())
	requireUnits(t, video, readAll(t, s).video, "video")
}

// TestMissingTrackIsLeftOut publishes what there is of a program that promises
// more.
func TestMissingTrackIsLeftOut(t *testing.T) {
	video, audio := units(t, "plain")
	m := newMuxer(t, both())
	for round := range int64(12) {
		for _, u := range video {
			m.write(videoPID, u.pts+round*90000, u.dts+round*90000, u.data)
		}
	}
	s := open(t, pipe(m.bytes()), Options{})
	require.Less(t, s.framer.offset(), int64(len(m.bytes())*3/4), "it does not wait for ever")
	require.Len(t, s.Tracks(), 1)
	require.Equal(t, []string{"PID 301 (AAC) has shown no frame"}, s.Skipped())
	require.Len(t, readAll(t, s).video, 12*len(video), "what was read ahead is not lost")

	m = newMuxer(t, both())
	m.write(videoPID, 0, -1, []byte{0, 0, 1, 9, 0xf0, 0, 0, 1, 0x41, 0x9a, 0, 0, 1, 9, 0xf0})
	for _, u := range audio {
		m.write(audioPID, u.pts, -1, u.data)
	}
	s = open(t, pipe(m.bytes()), Options{})
	require.Equal(t, media.CodecAAC, s.Tracks()[0].Codec)
	got := readAll(t, s)
	requireUnits(t, audio, got.audio, "audio")
	require.Zero(t, got.audio[0].Track)
}

func TestRefusesWhatIsNoStream(t *testing.T) {
	noise := make([]byte, 300<<10)
	rand.New(rand.NewSource(1)).Read(noise)
	tables := newMuxer(t, both())
	tables.tables()
	nulls := bytes.Repeat(append([]byte{syncByte, 0x1f, 0xff, 0x10}, make([]byte, 184)...), 9)
	for name, c := range map[string]struct {
		b    []byte
		text string
	}{
		"nothing":       {nil, "no MPEG-TS packets"},
		"text":          {[]byte("GGGG Good grief, this is no transport stream"), "no MPEG-TS packets"},
		"noise":         {noise, "no MPEG-TS packets"},
		"null packets":  {nulls, "no program table"},
		"no media":      {tables.bytes(), "neither"},
		"only a PAT":    {append(bytes.Clone(tables.bytes()[:188]), nulls...), "no program map"},
		"bad checksums": {append(spoil(tables.bytes()), nulls...), "no program table"},
	} {
		_, err := Open(pipe(c.b), Options{})
		require.ErrorContains(t, err, c.text, name)
	}
}

// spoil changes a byte of every table.
func spoil(b []byte) []byte {
	b = bytes.Clone(b)
	for at := 0; at < len(b); at += packetSize {
		b[at+12] ^= 1
	}
	return b
}

func TestScrambled(t *testing.T) {
	for name, at := range map[string]int{"packets": 3, "PES": 10} {
		stream := bytes.Clone(load(t, "wrap.ts"))
		for i := 0; i < len(stream); i += packetSize {
			p := parsePacket(stream[i : i+packetSize])
			if p.pid != 256 || name == "PES" && !p.start {
				continue
			}
			if at == 3 {
				stream[i+3] |= 0x80
			} else {
				p.payload[6] |= 0x20
			}
		}
		_, err := Open(pipe(stream), Options{})
		var u *media.UnsupportedError
		require.ErrorAs(t, err, &u, name)
		require.Contains(t, u.What, "scrambled", name)
	}
}

// TestPIDsChange follows the program table to other PIDs.
func TestPIDsChange(t *testing.T) {
	video, audio := units(t, "plain")
	m := newMuxer(t, both())
	half := len(video) / 2
	for _, u := range video[:half] {
		m.write(videoPID, u.pts, u.dts, u.data)
	}
	m.write(audioPID, audio[0].pts, -1, join(audio))
	require.NoError(t, m.RemoveElementaryStream(videoPID))
	m.add(400, astits.StreamTypeH264Video)
	m.tables()
	for _, u := range video[half:] {
		m.write(400, u.pts, u.dts, u.data)
	}
	got := readAll(t, open(t, pipe(m.bytes()), Options{}))
	require.Empty(t, got.damage)
	requireUnits(t, video, got.video, "video")
}

// TestWaitsForParameterSets joins a stream of long GOPs: sound is there at
// once, pictures can be explained only after 8 s.
func TestWaitsForParameterSets(t *testing.T) {
	video, audio := units(t, "plain")
	m := newMuxer(t, both())
	for round := range int64(10) {
		for i, u := range video {
			if round == 9 || i > 0 && i < 16 {
				m.write(videoPID, u.pts+round*90000, u.dts+round*90000, u.data)
			}
			m.write(audioPID, audio[i].pts+round*90000, -1, audio[i].data)
		}
	}
	s := open(t, pipe(m.bytes()), Options{})
	require.Len(t, s.Tracks(), 2)
	got := readAll(t, s)
	require.Len(t, got.video, 9*15+len(video))
	require.Len(t, got.audio, 10*len(video))
}
