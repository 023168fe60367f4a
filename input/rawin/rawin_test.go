package rawin

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

const (
	h264Dir = "../../media/h264/testdata/"
	aacDir  = "../../media/aac/testdata/"
)

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return b
}

// result is what a source gave.
type result struct {
	video, audio []media.Packet
	damage       []*media.DamageError
}

// readAll fetches everything and checks what holds for every source.
func readAll(t testing.TB, s *Source) (r result) {
	t.Helper()
	last := time.Duration(-1)
	for {
		p, err := s.Next()
		var d *media.DamageError
		if errors.As(err, &d) {
			r.damage = append(r.damage, d)
			continue
		}
		if errors.Is(err, io.EOF) {
			require.NoError(t, s.Close())
			return r
		}
		require.NoError(t, err)
		require.GreaterOrEqual(t, p.DTS, last, "packets come in the order of decode times")
		require.GreaterOrEqual(t, p.PTS, p.DTS)
		last = p.DTS
		if s.Tracks()[p.Track].Codec == media.CodecH264 {
			r.video = append(r.video, p)
		} else {
			r.audio = append(r.audio, p)
		}
	}
}

func open(t testing.TB, video, audio io.Reader, opts Options) *Source {
	t.Helper()
	s, err := Open(video, audio, opts)
	require.NoError(t, err)
	return s
}

// wanted is a line of a .csv: see its make.sh.
type wanted struct {
	place, size int
	key, sum    string
	dts, pts    int64 // microseconds
}

func wantLines(t testing.TB, name string) (lines []wanted) {
	t.Helper()
	for line := range strings.Lines(string(load(t, name))) {
		var w wanted
		f := strings.Split(strings.TrimSpace(line), ",")
		require.Len(t, f, 6)
		w.key, w.sum = f[2], f[3]
		_, err := fmt.Sscan(f[0]+" "+f[1]+" "+f[4]+" "+f[5], &w.place, &w.size, &w.dts, &w.pts)
		require.NoError(t, err)
		lines = append(lines, w)
	}
	return lines
}

// requireTimes compares with what the encoder told the MP4 muxer: the same, but
// for one constant. MP4's times are counts of 60 kHz.
func requireTimes(t *testing.T, want []wanted, got []media.Packet) {
	t.Helper()
	require.Len(t, got, len(want))
	shift := got[0].DTS - time.Duration(want[0].dts)*time.Microsecond
	require.Zero(t, got[0].DTS)
	for i, w := range want {
		sum := md5.Sum(got[i].Data)
		require.Equal(t, w.sum, fmt.Sprintf("%x", sum[:4]))
		require.Equal(t, w.key == "K", got[i].Keyframe)
		require.InDelta(t, time.Duration(w.dts)*time.Microsecond+shift, got[i].DTS, 9000, "DTS of picture %d", i)
		require.InDelta(t, time.Duration(w.pts)*time.Microsecond+shift, got[i].PTS, 9000, "PTS of picture %d", i)
	}
}

// TestTimesAgreeWithTheEncoder holds for 0 to 4 B frames, pyramids, open GOPs,
// interlaced frames and several rates, read as a file and byte by byte.
func TestTimesAgreeWithTheEncoder(t *testing.T) {
	names, err := filepath.Glob(h264Dir + "*.h264")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		want := wantLines(t, strings.TrimSuffix(name, ".h264")+".csv")
		stream := load(t, name)
		for kind, r := range map[string]io.Reader{
			"file": bytes.NewReader(stream), "bytes": iotest.OneByteReader(bytes.NewReader(stream)),
			"error with data": iotest.DataErrReader(bytes.NewReader(stream)),
		} {
			t.Run(filepath.Base(name)+"/"+kind, func(t *testing.T) {
				s := open(t, r, nil, Options{})
				require.Equal(t, 64, s.Tracks()[0].Width)
				require.Zero(t, s.Duration())
				got := readAll(t, s)
				require.Empty(t, got.damage)
				requireTimes(t, want, got.video)
			})
		}
	}
}

// withoutVUI clears the flag of the SPS that a VUI follows, found by trying.
func withoutVUI(t *testing.T, stream []byte) []byte {
	t.Helper()
	nals := media.AppendAnnexB(nil, stream)
	nal := nals[slices.IndexFunc(nals, func(n []byte) bool { return media.NALType(n) == media.NALSPS })]
	was, err := h264.ParseSPS(nal)
	require.NoError(t, err)
	for bit := 32; bit < 8*len(nal); bit++ {
		nal[bit/8] ^= 0x80 >> (bit % 8)
		s, err := h264.ParseSPS(nal)
		if err == nil && s.TimeScale == 0 && s.Width == was.Width && s.Height == was.Height && s.Interlaced == was.Interlaced {
			if _, declared := s.ReorderDepth(); !declared {
				return stream
			}
		}
		nal[bit/8] ^= 0x80 >> (bit % 8)
	}
	t.Fatal("no such flag")
	return nil
}

// TestDelayIsLearned reads streams that do not tell how far they reorder: the
// smallest delay is found all the same.
func TestDelayIsLearned(t *testing.T) {
	for name, rate := range map[string]float64{"bframes1": 29.97, "bframes3": 60, "bframes4": 23.976, "opengop": 25, "interlaced": 25} {
		want := wantLines(t, h264Dir+name+".csv")
		stream := withoutVUI(t, load(t, h264Dir+name+".h264"))
		_, err := Open(bytes.NewReader(stream), nil, Options{})
		require.ErrorContains(t, err, "--frame-rate", name)
		got := readAll(t, open(t, bytes.NewReader(stream), nil, Options{FrameRate: rate}))
		require.Len(t, got.video, len(want))
		for i, w := range want[1:] { // the first one's bytes are not the same now
			p := got.video[i+1]
			require.InDelta(t, time.Duration(w.pts-w.dts)*time.Microsecond, p.PTS-p.DTS, 40000, "%s: picture %d", name, i+1)
		}
	}
}
