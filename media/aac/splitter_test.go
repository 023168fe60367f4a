package aac

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// split cuts a stream that is written in pieces of step bytes.
func split(strict bool, stream []byte, step int) (*Splitter, []Unit) {
	s := &Splitter{Strict: strict}
	for len(stream) > 0 {
		n := min(step, len(stream))
		s.Write(stream[:n])
		stream = stream[n:]
	}
	s.Flush()
	var units []Unit
	for u, ok := s.Next(); ok; u, ok = s.Next() {
		units = append(units, u)
	}
	return s, units
}

// skippedIn is the number of bytes that are in no frame.
func skippedIn(s *Splitter, units []Unit) int64 {
	n := s.Skipped()
	for _, u := range units {
		n += u.Skipped
	}
	return n
}

func TestSplitterAgreesWithFFmpeg(t *testing.T) {
	for name, stream := range fixtures(t) {
		want := wantLines(t, name)[1:]
		for _, step := range []int{1, 11, 184, 1 << 20} {
			t.Run(fmt.Sprint(name, "/", step), func(t *testing.T) {
				s, units := split(step%2 == 0, stream, step)
				require.Len(t, units, len(want))
				at := int64(0)
				for i, u := range units {
					if want[i] != "" {
						require.Equal(t, want[i], line(u.B))
					}
					require.Equal(t, at, u.Offset)
					require.Equal(t, i == 0, u.Changed)
					at += int64(u.FrameSize)
				}
				require.Zero(t, skippedIn(s, units))
				require.NoError(t, s.Err())
			})
		}
	}
}

// TestSplitterResyncs damages a stream in three ways; no frame comes out that
// was not in it.
func TestSplitterResyncs(t *testing.T) {
	stream := fixtures(t)["mono44100"]
	_, all := split(true, stream, len(stream))
	known := map[string]bool{}
	for _, u := range all {
		known[line(u.B)] = true
	}
	cut := int(all[3].Offset) + 20
	for name, c := range map[string]struct {
		stream []byte
		frames int
	}{
		"lost":        {append(bytes.Clone(stream[:cut]), stream[cut+150:]...), len(all) - 3},
		"inserted":    {append(append(bytes.Clone(stream[:cut]), bytes.Repeat([]byte{0xff, 0xf1, 0x50}, 40)...), stream[cut:]...), len(all) - 1},
		"cut off":     {stream[:len(stream)-5], len(all) - 1},
		"joined late": {stream[5:], len(all) - 1},
	} {
		for _, step := range []int{1, 1 << 20} {
			s, units := split(true, c.stream, step)
			require.Len(t, units, c.frames, name)
			for _, u := range units {
				require.True(t, known[line(u.B)], name)
			}
			require.Positive(t, skippedIn(s, units), name)
		}
	}
}

func TestSplitterBreak(t *testing.T) {
	stream := fixtures(t)["mono44100"]
	_, all := split(false, stream, len(stream))
	s := &Splitter{}
	require.False(t, s.Break())
	s.Write(stream[:all[2].Offset+9])
	require.True(t, s.Break(), "half a frame was there")
	s.Write(stream[all[4].Offset:])
	s.Flush()
	var got []string
	for u, ok := s.Next(); ok; u, ok = s.Next() {
		got = append(got, line(u.B))
	}
	require.Len(t, got, len(all)-2)
	require.Equal(t, line(all[4].B), got[2])
}

// TestSplitterChangesFormat tells where a stream goes on with another rate.
func TestSplitterChangesFormat(t *testing.T) {
	f := fixtures(t)
	s, units := split(true, append(bytes.Clone(f["mono44100"]), f["stereo48000"]...), 100)
	changed := 0
	for _, u := range units {
		if u.Changed {
			changed++
		}
	}
	require.Equal(t, 2, changed)
	require.Equal(t, 48000, units[len(units)-1].SampleRate())
	require.LessOrEqual(t, skippedIn(s, units), int64(124+7), "at most the frame before the change")
}

func TestSplitterRefusesBlocks(t *testing.T) {
	stream := bytes.Clone(fixtures(t)["mono44100"])
	for at := 0; at < len(stream); {
		h, err := ParseADTS(stream[at:])
		require.NoError(t, err)
		stream[at+6] |= 1
		at += h.FrameSize
	}
	s, units := split(false, stream, 50)
	require.Empty(t, units)
	require.ErrorIs(t, s.Err(), ErrBlocks)
}

// FuzzSplitter checks that frames come in order and as they were, whatever the
// pieces.
func FuzzSplitter(f *testing.F) {
	for _, stream := range fixtures(f) {
		f.Add(stream[:500], 188, true)
	}
	f.Add([]byte{0xff, 0xff, 0xf1, 0x50, 0x40, 0x01, 0x1f, 0xfc, 0xff}, 1, false) // a sync word before the sync word
	f.Fuzz(func(t *testing.T, stream []byte, step int, strict bool) {
		_, units := split(strict, stream, max(step, 1))
		end := int64(0)
		for _, u := range units {
			require.GreaterOrEqual(t, u.Offset, end)
			end = u.Offset + int64(u.FrameSize)
			require.True(t, bytes.Equal(stream[u.Offset+int64(u.HeaderSize):end], u.B))
		}
	})
}

func BenchmarkSplitter(b *testing.B) {
	stream := fixtures(b)["mono44100"]
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	s := &Splitter{}
	for b.Loop() {
		s.Write(stream)
		for u, ok := s.Next(); ok; u, ok = s.Next() {
			u.Release()
		}
	}
}
