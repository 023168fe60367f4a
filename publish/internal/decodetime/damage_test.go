package decodetime

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The presentation times of every file are off by up to 5 ms, as those of a
// capture card are: no decode time is off by more.
func TestFilesWithJitter(t *testing.T) {
	const jitter = 5 * time.Millisecond
	for _, name := range fixtureNames(t) {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			truth := read(t, name, nil)
			depth, _ := truth[0].SPS.ReorderDepth()
			list := slices.Clone(truth)
			for i := range list {
				list[i].pts += time.Duration(r.Int64N(int64(2*jitter))) - jitter
			}
			for i, got := range feed(t, &Estimator{}, list) {
				require.InDelta(t, truth[i].pts, got.PTS, float64(jitter), "picture %d", i)
				if strings.HasPrefix(name, "vfr") && i < depth {
					continue // see TestDecodeTimesAreTheEncodersOwn
				}
				require.InDelta(t, truth[i].dts, got.DTS, float64(jitter+tick), "picture %d", i)
			}
		})
	}
}

// Every file loses a third of its presentation times, keyframes' too. At a
// constant rate the picture order brings them back; at a variable one nobody
// knows them, and they are off by no more than the gaps of the file.
func TestFilesWithMissingTimes(t *testing.T) {
	for _, name := range fixtureNames(t) {
		t.Run(name, func(t *testing.T) {
			truth := read(t, name, nil)
			off := 2 * tick
			if strings.HasPrefix(name, "vfr") {
				off = 150 * time.Millisecond
			}
			var e Estimator
			last := time.Duration(-1 << 62)
			for i, p := range truth {
				timed := i == 0 || i%5 != 3 && i%7 != 5
				pts := p.pts
				if !timed {
					pts = 0
				}
				got := e.Next(&p.Picture, pts, timed)
				require.False(t, got.Leading)
				require.LessOrEqual(t, got.DTS, got.PTS, "picture %d", i)
				require.GreaterOrEqual(t, got.DTS, last, "picture %d", i)
				last = got.DTS
				require.InDelta(t, p.pts, got.PTS, float64(off), "picture %d", i)
				require.InDelta(t, p.dts, got.DTS, float64(off), "picture %d", i)
				if !timed {
					require.True(t, got.Corrected, "picture %d", i)
				}
			}
		})
	}
}
