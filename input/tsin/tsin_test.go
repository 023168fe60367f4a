package tsin

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// pipe hides that a reader can seek.
func pipe(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b)) }

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return b
}

func open(t testing.TB, r io.Reader, opts Options) *Source {
	t.Helper()
	s, err := Open(r, opts)
	require.NoError(t, err)
	return s
}

// result is what a source gave.
type result struct {
	video, audio []media.Packet
	damage       []string
}

// readAll fetches everything and checks what holds for every source.
func readAll(t testing.TB, s *Source) (r result) {
	t.Helper()
	last := map[int]time.Duration{}
	for {
		p, err := s.Next()
		var d *media.DamageError
		if errors.As(err, &d) {
			require.GreaterOrEqual(t, d.Time, time.Duration(0))
			r.damage = append(r.damage, d.Reason)
			continue
		}
		if errors.Is(err, io.EOF) {
			require.NoError(t, s.Close())
			return r
		}
		require.NoError(t, err)
		before, begun := last[p.Track]
		require.True(t, !begun || p.DTS > before, "decode times rise")
		require.GreaterOrEqual(t, p.PTS, p.DTS)
		last[p.Track] = p.DTS
		if s.Tracks()[p.Track].Codec == media.CodecH264 {
			r.video = append(r.video, p)
		} else {
			require.Equal(t, p.DTS, p.PTS)
			r.audio = append(r.audio, p)
		}
	}
}

// wanted is a line of a .csv: see testdata/make.sh.
type wanted struct {
	size     int
	key      bool
	sum      string
	dts, pts int64 // 90 kHz, from the smallest decode time on
}

func wantLines(t testing.TB, name string) (video, audio []wanted) {
	t.Helper()
	base := int64(1) << 62
	for line := range strings.Lines(string(load(t, name+".csv"))) {
		f := strings.Split(strings.TrimSpace(line), ",")
		require.Len(t, f, 6)
		w := wanted{key: f[2] == "K", sum: f[3]}
		_, err := fmt.Sscan(f[1]+" "+f[4]+" "+f[5], &w.size, &w.dts, &w.pts)
		require.NoError(t, err)
		base = min(base, w.dts)
		if f[0] == "v" {
			video = append(video, w)
		} else {
			audio = append(audio, w)
		}
	}
	for _, list := range [][]wanted{video, audio} {
		for i := range list {
			list[i].dts -= base
			list[i].pts -= base
		}
	}
	return video, audio
}

// requireSame compares with ffprobe, whose times of audio are cut to counts of
// 90 kHz.
func requireSame(t *testing.T, want []wanted, got []media.Packet, isVideo bool) {
	t.Helper()
	require.Len(t, got, len(want))
	tolerance := 11.2e3
	if isVideo {
		tolerance = 1
	}
	for i, w := range want {
		sum := md5.Sum(got[i].Data)
		require.Equal(t, w.sum, fmt.Sprintf("%x", sum[:4]), "packet %d", i)
		require.InDelta(t, float64(w.dts)*1e9/90000, float64(got[i].DTS), tolerance, "DTS of packet %d", i)
		require.InDelta(t, float64(w.pts)*1e9/90000, float64(got[i].PTS), tolerance, "PTS of packet %d", i)
		if isVideo {
			require.Equal(t, w.key, got[i].Keyframe)
			require.Len(t, got[i].Data, w.size)
		}
	}
}

// repack puts lead bytes before and trail bytes behind every packet.
func repack(b []byte, lead, trail int) (out []byte) {
	for ; len(b) > 0; b = b[packetSize:] {
		out = append(out, bytes.Repeat([]byte{syncByte - 1}, lead)...)
		out = append(out, b[:packetSize]...)
		out = append(out, bytes.Repeat([]byte{0xaa}, trail)...)
	}
	return out
}

// TestAgreesWithFFprobe reads PES packets with and without length, a clock that
// wraps, and all packet layouts, from files and pipes.
func TestAgreesWithFFprobe(t *testing.T) {
	for _, name := range []string{"plain", "lengths", "wrap"} {
		video, audio := wantLines(t, name)
		stream := load(t, name+".ts")
		for kind, r := range map[string]io.Reader{
			"file":            bytes.NewReader(stream),
			"pipe":            pipe(stream),
			"bytes":           iotest.OneByteReader(bytes.NewReader(stream)),
			"data with error": iotest.DataErrReader(pipe(stream)),
			"joined late":     pipe(append([]byte{1, 2, syncByte}, stream...)),
			"M2TS":            pipe(repack(stream, 4, 0)),
			"parity":          pipe(repack(stream, 0, 16)),
			"last parity cut": pipe(repack(stream, 0, 16)[:204*(len(stream)/188)-16]),
		} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				s := open(t, r, Options{})
				require.Len(t, s.Tracks(), 2)
				require.Empty(t, s.Skipped())
				got := readAll(t, s)
				require.Empty(t, got.damage)
				requireSame(t, video, got.video, true)
				requireSame(t, audio, got.audio, false)
				if kind != "file" {
					require.Zero(t, s.Duration())
					return
				}
				end := audio[len(audio)-1].pts
				for _, w := range video {
					end = max(end, w.pts)
				}
				require.InDelta(t, float64(end-video[0].pts)/90000, s.Duration().Seconds(), 0.045)
			})
		}
	}
}

func TestTracks(t *testing.T) {
	s := open(t, pipe(load(t, "lengths.ts")), Options{})
	require.Equal(t, []media.Track{
		{Codec: media.CodecH264, Framing: media.FramingAnnexB, Width: 64, Height: 48, FrameRate: 30000. / 1001},
		{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0x11, 0x88}, SampleRate: 48000, Channels: 1},
	}, s.Tracks())
	require.NoError(t, s.Close())
	_, err := s.Next()
	require.ErrorContains(t, err, "closed")
}

func TestReaderErrorIsFinal(t *testing.T) {
	broken := errors.New("the cable is out")
	stream := load(t, "plain.ts")
	s := open(t, io.MultiReader(bytes.NewReader(stream[:9400]), iotest.ErrReader(broken)), Options{})
	var err error
	for err == nil {
		_, err = s.Next()
	}
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "byte 9400")
	_, err = Open(iotest.ErrReader(broken), Options{})
	require.ErrorIs(t, err, broken)
}
