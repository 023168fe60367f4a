package decodetime

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// frame50 is a frame's length at 50 frames a second.
const frame50 = 20 * time.Millisecond

// structure is a random stream: pictures in decode order, and how deep they are
// reordered.
type structure struct {
	list  []picture
	depth int
	step  int64 // of the orders, from frame to frame
}

// tree appends the places between from and to (both left out) in a decode order
// that has each picture somewhere before those around it.
func tree(r *rand.Rand, out []int, from, to int) []int {
	if to-from < 2 {
		return out
	}
	middle := from + 1 + r.IntN(to-from-1)
	out = append(out, middle)
	if r.IntN(8) == 0 { // the later half first
		out = tree(r, out, middle, to)
		return tree(r, out, from, middle)
	}
	out = tree(r, out, from, middle)
	return tree(r, out, middle, to)
}

// decodeOrder is that of GOPs of random shape: an IDR picture, then groups of
// up to 8 pictures whose last one is decoded first.
func decodeOrder(r *rand.Rand, gops int) (order []int, begins []bool) {
	next := 0
	for range gops {
		order, begins = append(order, next), append(begins, true)
		next++
		for range r.IntN(12) {
			group := 1 + r.IntN(8)
			order = append(order, next+group-1)
			order = tree(r, order, next-1, next+group-1)
			next += group
		}
		for len(begins) < len(order) {
			begins = append(begins, false)
		}
	}
	return order, begins
}

// depthOf is the largest number of pictures that come before one and are shown
// after it.
func depthOf(order []int) (deepest int) {
	for i, at := range order {
		n := 0
		for _, before := range order[max(0, i-40):i] {
			if before > at {
				n++
			}
		}
		deepest = max(deepest, n)
	}
	return deepest
}

// random makes a stream of depth 0 to 4, declared or not, whose pictures are
// shown when times says.
func random(tb testing.TB, r *rand.Rand, declared bool, at func(shown int) time.Duration) structure {
	tb.Helper()
	for {
		order, begins := decodeOrder(r, 4+r.IntN(8))
		s := structure{depth: depthOf(order)}
		if s.depth > 4 {
			continue
		}
		set := sequence{reorder: s.depth, rate: 50}
		if !declared {
			set.reorder = -1
		}
		sps, origin := set.sps(tb), 0
		s.step = int64(1 + r.IntN(2))
		for i, place := range order {
			pic := h264.Picture{Known: true, SPS: sps, IDR: begins[i], Keyframe: begins[i], Restart: begins[i], Type: h264.SliceB}
			if begins[i] {
				origin = place
			}
			pic.Order = s.step * int64(place-origin)
			s.list = append(s.list, picture{Picture: pic, pts: at(place)})
		}
		s.trueTimes()
		return s
	}
}

// trueTimes fills in decode times by the definition.
func (s *structure) trueTimes() {
	var sorted []time.Duration
	for _, p := range s.list {
		sorted = append(sorted, p.pts)
	}
	slices.Sort(sorted)
	for i := range s.list {
		if n := i - s.depth; n < 0 {
			s.list[i].dts = sorted[0] + time.Duration(n)*frame50
		} else {
			s.list[i].dts = sorted[n]
		}
	}
}

func constant(n int) time.Duration { return time.Hour + time.Duration(n)*frame50 }

// variable makes times with frames of 1 to 100 ms.
func variable(r *rand.Rand) func(n int) time.Duration {
	times := []time.Duration{time.Minute}
	return func(n int) time.Duration {
		for len(times) <= n {
			times = append(times, times[len(times)-1]+time.Duration(1+r.IntN(100))*time.Millisecond)
		}
		return times[n]
	}
}

const rounds = 300

func TestRandomStructures(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 1))
		at := constant
		if seed%2 == 0 {
			at = variable(r)
		}
		s := random(t, r, true, at)
		for i, got := range feed(t, &Estimator{}, s.list) {
			require.Equal(t, s.list[i].dts, got.DTS, "seed %d, picture %d", seed, i)
			require.Equal(t, s.list[i].pts, got.PTS, "seed %d, picture %d", seed, i)
			require.False(t, got.Corrected, "seed %d, picture %d", seed, i)
		}
	}
}

// An undeclared depth is learnt: from the next GOP on the delay is that of the
// deepest picture so far.
func TestRandomDepthIsLearnt(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := random(t, r, false, variable(r))
		var e Estimator
		out := feed(t, &e, s.list)
		seen, learnt, last := 0, false, time.Duration(0)
		var sorted []time.Duration
		for i, p := range s.list {
			learnt = learnt || p.Keyframe && i >= learnPictures
			n := 0
			for _, before := range s.list[:i] {
				if before.pts > p.pts {
					n++
				}
			}
			deepened := n > seen
			seen = max(seen, n)
			sorted = append(sorted, p.pts)
			slices.Sort(sorted)
			if !learnt {
				require.Equal(t, maxDepth, e.depth.bound)
				require.False(t, out[i].Corrected, "seed %d, picture %d", seed, i)
				last = out[i].DTS
				continue
			}
			want := max(last, sorted[i-seen])
			require.Equal(t, want, out[i].DTS, "seed %d, picture %d", seed, i)
			require.True(t, !out[i].Corrected || out[i].PTS == want, "seed %d, picture %d", seed, i)
			require.True(t, !deepened || out[i].Corrected, "seed %d, picture %d: it came as a surprise", seed, i)
			last = want
		}
	}
}

// Jitter that leaves the order as it is changes nothing but the times
// themselves: each decode time is still the presentation time of some picture.
func TestRandomJitter(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := random(t, r, true, constant)
		for i := range s.list {
			s.list[i].pts += time.Duration(r.Int64N(int64(frame50)-1)) - frame50/2
		}
		s.trueTimes()
		for i, got := range feed(t, &Estimator{}, s.list) {
			require.Equal(t, s.list[i].pts, got.PTS, "seed %d, picture %d", seed, i)
			if i >= s.depth {
				require.Equal(t, s.list[i].dts, got.DTS, "seed %d, picture %d", seed, i)
			}
		}
	}
}

// Jitter of several frames turns pictures around; what must hold holds in feed,
// and no time is off by more than the jitter.
func TestRandomWildJitter(t *testing.T) {
	const wild = 50 * time.Millisecond
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 4))
		s := random(t, r, seed%2 == 0, constant)
		truth := slices.Clone(s.list)
		for i := range s.list {
			s.list[i].pts += time.Duration(r.Int64N(int64(2*wild))) - wild
		}
		var e Estimator
		out := feed(t, &e, s.list)
		require.LessOrEqual(t, e.depth.deepest, s.depth, "seed %d: jitter is no reordering", seed)
		for i, got := range out {
			if e.depth.declared {
				require.InDelta(t, truth[i].pts, got.PTS, float64(wild), "seed %d, picture %d", seed, i)
			}
			require.Equal(t, s.list[i].pts != got.PTS, got.Corrected, "seed %d, picture %d", seed, i)
		}
	}
}

// Repeated times are times: pictures of the same time are decoded in their
// order.
func TestRandomRepeatedTimes(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 8))
		s := random(t, r, true, func(n int) time.Duration { return constant(n / 3) })
		for i, got := range feed(t, &Estimator{}, s.list) {
			require.False(t, got.Corrected, "seed %d, picture %d", seed, i)
			if i >= s.depth {
				require.Equal(t, s.list[i].dts, got.DTS, "seed %d, picture %d", seed, i)
			}
		}
	}
}

// Missing times come back: at a constant rate as they were. Whether orders rise
// by 1 or by 2 a frame shows only within a GOP; it must have been seen for as
// many pictures as are remembered.
func TestRandomMissingTimes(t *testing.T) {
	single := 0
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 5))
		s := random(t, r, true, constant)
		var e Estimator
		settled := 0
		for i, p := range s.list {
			timed := i == 0 || r.IntN(3) > 0
			pts := p.pts
			if !timed {
				pts = -time.Hour
			}
			got := e.Next(&p.Picture, pts, timed)
			require.Equal(t, !timed, got.Corrected, "seed %d, picture %d", seed, i)
			if e.orders.step == s.step {
				settled++
			}
			if s.step == usualStep || settled > 2*maxDepth {
				single += 2 - int(s.step)
				require.InDelta(t, p.pts, got.PTS, float64(time.Microsecond), "seed %d, picture %d", seed, i)
				require.InDelta(t, p.dts, got.DTS, float64(time.Microsecond), "seed %d, picture %d", seed, i)
			}
		}
	}
	require.Greater(t, single, 1000, "pictures of streams that count by 1")
}

// Lost pictures leave gaps and nothing else.
func TestRandomLoss(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 6))
		s := random(t, r, true, variable(r))
		kept := s.list[:1]
		for _, p := range s.list[1:] {
			if r.IntN(5) > 0 {
				kept = append(kept, p)
			}
		}
		for i, got := range feed(t, &Estimator{}, kept) {
			require.False(t, got.Corrected, "seed %d, picture %d", seed, i)
		}
	}
}

// Everything at once, with damaged orders: what must hold holds.
func TestRandomDamage(t *testing.T) {
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := random(t, r, seed%3 > 0, variable(r))
		e := Estimator{InOrder: seed%5 == 0}
		last := time.Duration(-1 << 62)
		for i, p := range s.list {
			what := r.IntN(12)
			if i == 0 {
				what = -1
			}
			switch what {
			case 0:
				p.Order += r.Int64N(4000) - 2000
			case 1:
				p.Known = false
			case 2:
				p.Restart = !p.Restart
			case 3:
				continue
			case 4:
				p.pts += time.Duration(r.Int64N(int64(time.Second))) - time.Second/2
			}
			timed := r.IntN(4) > 0
			got := e.Next(&p.Picture, p.pts, timed)
			require.False(t, got.Leading)
			require.LessOrEqual(t, got.DTS, got.PTS, "seed %d, picture %d", seed, i)
			require.GreaterOrEqual(t, got.DTS, last, "seed %d, picture %d", seed, i)
			require.True(t, got.Corrected || timed && got.PTS == p.pts, "seed %d, picture %d", seed, i)
			last = got.DTS
		}
	}
}
