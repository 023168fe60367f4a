package decodetime

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// picture is an access unit of a stream with the times it has in its file.
type picture struct {
	h264.Picture
	dts, pts time.Duration
}

// tick is the unit of the files' times, which they are rounded to.
const tick = time.Second / 90000

// fixtureNames are the streams of the folder testdata.
func fixtureNames(tb testing.TB) (names []string) {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.h264")
	require.NoError(tb, err)
	require.Len(tb, files, 16)
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".h264"))
	}
	return names
}

// units cuts a stream of the folder testdata into access units, each a list of
// NAL units.
func units(tb testing.TB, name string) (list [][][]byte) {
	tb.Helper()
	stream, err := os.ReadFile("testdata/" + name + ".h264")
	require.NoError(tb, err)
	var s h264.Splitter
	s.Write(stream)
	s.Flush()
	for au, ok := s.Next(); ok; au, ok = s.Next() {
		list = append(list, media.AppendAnnexB(nil, au.B))
	}
	return list
}

// read reads a stream of the folder testdata with its true times; change, when
// not nil, rewrites its NAL units.
func read(tb testing.TB, name string, change func(nal []byte) []byte) (list []picture) {
	tb.Helper()
	file, err := os.Open("testdata/" + name + ".csv")
	require.NoError(tb, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(tb, err)
	ticks := func(field string) time.Duration {
		n, err := strconv.ParseInt(field, 10, 64)
		require.NoError(tb, err)
		return time.Duration(n) * time.Second / 90000
	}
	all := units(tb, name)
	require.Len(tb, all, len(rows))
	var a h264.Analyzer
	for i, nals := range all {
		if change != nil {
			for j := range nals {
				nals[j] = change(nals[j])
			}
		}
		pic := a.Read(nals)
		require.True(tb, pic.Known, "picture %d", i)
		list = append(list, picture{Picture: pic, dts: ticks(rows[i][0]), pts: ticks(rows[i][1])})
	}
	return list
}

// feed runs pictures through an Estimator and checks what must always hold.
func feed(tb testing.TB, e *Estimator, list []picture) (out []Times) {
	tb.Helper()
	for i, p := range list {
		got := e.Next(&p.Picture, p.pts, true)
		require.False(tb, got.Leading, "picture %d", i)
		require.LessOrEqual(tb, got.DTS, got.PTS, "picture %d", i)
		if i > 0 {
			require.GreaterOrEqual(tb, got.DTS, out[i-1].DTS, "picture %d", i)
		}
		out = append(out, got)
	}
	return out
}

// The decode times are those that the encoder gave: 0 to 16 B frames, pyramids,
// open GOPs, MBAFF of both field orders, intra refresh, constant and variable
// frame rates.
func TestDecodeTimesAreTheEncodersOwn(t *testing.T) {
	for _, name := range fixtureNames(t) {
		t.Run(name, func(t *testing.T) {
			list := read(t, name, nil)
			depth, declared := list[0].SPS.ReorderDepth()
			require.True(t, declared)
			for i, got := range feed(t, &Estimator{}, list) {
				require.False(t, got.Corrected, "picture %d", i)
				require.Equal(t, list[i].pts, got.PTS, "picture %d", i)
				if strings.HasPrefix(name, "vfr") && i < depth {
					// At a variable rate the encoder knows how far apart the next
					// pictures are, which come later. Here the first ones of all
					// have a frame's length between them.
					require.InDelta(t, list[i].dts, got.DTS, float64(100*time.Millisecond), "picture %d", i)
					continue
				}
				require.InDelta(t, list[i].dts, got.DTS, float64(tick), "picture %d", i)
			}
		})
	}
}

// A stream that cannot reorder has no delay at all.
func TestNoDelayWithoutReordering(t *testing.T) {
	for _, name := range []string{"baseline", "b0", "intra"} {
		for i, got := range feed(t, &Estimator{}, read(t, name, nil)) {
			require.Equal(t, got.PTS, got.DTS, "%s, picture %d", name, i)
			require.False(t, got.Reordered)
		}
	}
}

// Where no parameter set declares the depth, the bound of the level holds for
// the first GOP; from the next on the delay is the smallest possible one, which
// is the encoder's own or, where that declares more than it needs, smaller.
func TestDepthIsLearnt(t *testing.T) {
	for _, name := range fixtureNames(t) {
		t.Run(name, func(t *testing.T) {
			list := read(t, name, withoutRestriction)
			bound, declared := list[0].SPS.ReorderDepth()
			if declared { // by its profile or its kind of order
				require.Contains(t, []string{"baseline", "b0", "intra"}, name)
				require.Zero(t, bound)
				return
			}
			require.Equal(t, maxDepth, bound)
			var e Estimator
			out := feed(t, &e, list)
			least := leastDelay(list)
			first := list[0].pts - maxDepth*e.frame()
			require.InDelta(t, first, out[0].DTS, float64(tick))
			learnt := false
			for i, got := range out {
				require.False(t, got.Corrected, "picture %d: a depth too large does no harm", i)
				learnt = learnt || i >= learnPictures && list[i].Keyframe
				if learnt {
					require.Equal(t, least[i], got.DTS, "picture %d", i)
					require.GreaterOrEqual(t, got.DTS, list[i].dts-tick, "picture %d", i)
				}
			}
			require.Equal(t, name != "one-gop", learnt)
		})
	}
}

// A parameter set that says the same again, as with every keyframe of some
// streams, does not begin the learning anew.
func TestLearntDepthOutlastsRepeatedSets(t *testing.T) {
	list := read(t, "b1", withoutRestriction)
	set := sequence{reorder: -1, rate: 30}
	for i := range list {
		list[i].SPS = set.sps(t)
	}
	out := feed(t, &Estimator{}, list)
	least := leastDelay(list)
	require.Equal(t, least[40:], dtsOf(out[40:]))
}

func dtsOf(list []Times) (out []time.Duration) {
	for _, x := range list {
		out = append(out, x.DTS)
	}
	return out
}

// leastDelay finds decode times by the definition: the presentation times in
// their order, late by as many frames as are needed for none to be above the
// picture's own presentation time. The first few are left out (0).
func leastDelay(list []picture) []time.Duration {
	var sorted []time.Duration
	for _, p := range list {
		sorted = append(sorted, p.pts)
	}
	slices.Sort(sorted)
	for late := 0; ; late++ {
		out := make([]time.Duration, len(list))
		fits := true
		for i := late; i < len(list); i++ {
			out[i] = sorted[i-late]
			fits = fits && out[i] <= list[i].pts
		}
		if fits {
			return out
		}
	}
}

// withoutRestriction takes the bitstream restriction out of a sequence
// parameter set of x264, in which it stands last: the only place where the set
// can end with a flag cleared and still tell its frame rate.
func withoutRestriction(nal []byte) []byte {
	sps, err := h264.ParseSPS(nal)
	if err != nil {
		return nal
	}
	whole := bitsOf(nal)
	for n := len(whole) - 1; n > 32; n-- {
		cut := append(whole[:n:n], 0).nal()
		got, err := h264.ParseSPS(cut)
		if err != nil || got.FrameRate() != sps.FrameRate() {
			continue
		}
		if _, declared := got.ReorderDepth(); !declared {
			return cut
		}
	}
	return nal
}
