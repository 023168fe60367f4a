package h264

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// collect takes all finished access units and their bytes.
func collect(s *Splitter) (units []AccessUnit, data []byte) {
	for au, ok := s.Next(); ok; au, ok = s.Next() {
		data = append(data, au.B...)
		units = append(units, au)
	}
	return units, data
}

// split cuts a stream that is written in pieces of step bytes.
func split(stream []byte, step int) (*Splitter, []AccessUnit, []byte) {
	s := &Splitter{}
	for len(stream) > 0 {
		n := min(step, len(stream))
		s.Write(stream[:n])
		stream = stream[n:]
	}
	s.Flush()
	units, data := collect(s)
	return s, units, data
}

func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/*.h264")
	require.NoError(t, err)
	require.Len(t, names, 10)
	out := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		out[strings.TrimSuffix(filepath.Base(n), ".h264")] = b
	}
	return out
}

// TestSplitterAgreesWithFFmpeg compares places, sizes, keyframes and contents
// with ffmpeg's parser, for pieces of any size.
func TestSplitterAgreesWithFFmpeg(t *testing.T) {
	for name, stream := range fixtures(t) {
		csv, err := os.ReadFile("testdata/" + name + ".csv")
		require.NoError(t, err)
		for _, step := range []int{1, 7, 184, 1 << 20} {
			t.Run(fmt.Sprint(name, "/", step), func(t *testing.T) {
				s, units, data := split(stream, step)
				require.Equal(t, stream, data, "every byte, in order")
				var got []string
				var analyzer Analyzer
				for _, au := range units {
					key := "_"
					if au.Keyframe {
						key = "K"
					}
					sum := md5.Sum(au.B)
					got = append(got, fmt.Sprintf("%d,%d,%s,%x", au.Offset, len(au.B), key, sum[:4]))
					pic := analyzer.Read(media.AppendAnnexB(nil, au.B))
					require.NotNil(t, au.SPS)
					require.Equal(t, *pic.SPS, *au.SPS)
					pic.SPS = au.SPS
					require.Equal(t, au.Picture, pic)
				}
				var want []string
				for line := range strings.Lines(string(csv)) {
					want = append(want, strings.Join(strings.Split(line, ",")[:4], ","))
				}
				require.Equal(t, want, got)
				require.Zero(t, s.Skipped())
				require.Zero(t, units[0].Skipped)
			})
		}
	}
}

// TestSplitterJoinedInTheMiddle begins anywhere and still finds whole units;
// of the first one, what stands before its slice may be cut off.
func TestSplitterJoinedInTheMiddle(t *testing.T) {
	stream := fixtures(t)["interlaced"]
	_, all, _ := split(stream, len(stream))
	for from := 1; from < len(stream); from += 13 {
		_, units, _ := split(stream[from:], 97)
		for _, au := range units {
			end := au.Offset + int64(from+len(au.B))
			found := false
			for _, want := range all {
				found = found || want.Offset+int64(len(want.B)) == end && bytes.HasSuffix(want.B, au.B)
			}
			require.True(t, found, "from %d: no unit ends at %d", from, end)
			require.True(t, au.Known || au.SPS == nil)
		}
	}
}

func TestSplitterBreak(t *testing.T) {
	stream := fixtures(t)["slices"]
	_, all, _ := split(stream, len(stream))
	require.Greater(t, len(all), 3)
	s := &Splitter{}
	require.False(t, s.Break(), "nothing was in work")
	cut := int(all[2].Offset) + len(all[2].B)/2
	s.Write(stream[:cut])
	require.True(t, s.Break())
	lost := int64(cut) - all[2].Offset
	s.Write(stream[cut+10:])
	s.Flush()
	units, _ := collect(s)
	require.Len(t, units, len(all)-1, "all but the broken one")
	require.Equal(t, all[1].B, units[1].B)
	require.Equal(t, all[3].B, units[2].B)
	require.Equal(t, all[3].Offset-10, units[2].Offset)
	require.Equal(t, lost+all[3].Offset-int64(cut)-10, units[2].Skipped)
}

func TestSplitterIsBounded(t *testing.T) {
	s := &Splitter{}
	s.Write(annexB(progressive().nal(), synthPPS{}.nal(), synthSlice{kind: 5, ref: 3, slice: 7}.nal(progressive())))
	junk := bytes.Repeat([]byte{0xa5}, 1<<20)
	for range MaxAccessUnit>>20 + 2 {
		s.Write(junk)
		require.LessOrEqual(t, s.Pending(), MaxAccessUnit)
	}
	s.Write(annexB(synthSlice{kind: 1, ref: 2, slice: 5, frame: 1, lsb: 2, payload: 40}.nal(progressive())))
	s.Flush()
	units, _ := collect(s)
	require.Len(t, units, 1, "it goes on behind the giant")
	require.Greater(t, units[0].Skipped, int64(MaxAccessUnit))
}

// FuzzSplitter checks that units come in order and without overlap, whatever
// the pieces, and that pieces make no difference.
func FuzzSplitter(f *testing.F) {
	for _, stream := range fixtures(f) {
		f.Add(stream[:min(len(stream), 1500)], 188)
	}
	f.Add([]byte{0, 0, 1, 0, 0, 1, 0x65, 0x88, 0, 0, 1}, 1)                   // empty NAL units
	f.Add([]byte{0, 0, 1, 0x09, 0, 0, 0, 0, 0, 0, 1, 0x65, 0x88, 0, 0, 3}, 2) // zeros before a start code
	f.Fuzz(func(t *testing.T, stream []byte, step int) {
		if step < 1 {
			step = 1
		}
		_, units, data := split(stream, step)
		end := int64(0)
		for _, au := range units {
			require.GreaterOrEqual(t, au.Offset, end)
			end = au.Offset + int64(len(au.B))
			require.True(t, bytes.Equal(stream[au.Offset:end], au.B))
		}
		_, _, whole := split(stream, len(stream)+1)
		require.True(t, bytes.Equal(whole, data))
	})
}

func BenchmarkSplitter(b *testing.B) {
	sps := progressive()
	stream := annexB([]byte{9, 0xf0}, sps.nal(), synthPPS{}.nal())
	for i := range uint64(100) {
		stream = append(stream, annexB([]byte{9, 0xf0}, synthSlice{kind: 1, ref: 2, slice: 5, frame: i, lsb: 2 * i, payload: 30000}.nal(sps))...)
	}
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	s := &Splitter{}
	for b.Loop() {
		for p := stream; len(p) > 0; p = p[min(184, len(p)):] {
			s.Write(p[:min(184, len(p))])
			for au, ok := s.Next(); ok; au, ok = s.Next() {
				au.Release()
			}
		}
	}
}
