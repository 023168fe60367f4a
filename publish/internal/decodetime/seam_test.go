package decodetime

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// shift moves the presentation times of pictures.
func shift(list []picture, by time.Duration) (out []picture) {
	for _, p := range list {
		p.pts += by
		p.dts += by
		out = append(out, p)
	}
	return out
}

// A source that begins anew at an IDR picture gets the decode times of a new
// stream, whether its times go on behind a gap or fall back.
func TestSourceBeginsAnew(t *testing.T) {
	list := read(t, "b4-normal", nil)
	for _, to := range []time.Duration{time.Hour, 4 * time.Second, -2 * time.Second, -time.Hour} {
		var e Estimator
		feed(t, &e, list)
		for i, got := range feed(t, &e, shift(list, to)) {
			require.InDelta(t, list[i].dts+to, got.DTS, float64(tick), "by %v, picture %d", to, i)
			require.Equal(t, list[i].pts+to, got.PTS)
		}
	}
}

// The same where the order does not begin anew: a splice between other pictures.
func TestSpliceWithinAGOP(t *testing.T) {
	list := read(t, "one-gop", nil)
	for _, from := range []int{5, 30} { // counts fall back too, or go on
		var e Estimator
		feed(t, &e, list[:30])
		tail := shift(list[from:], -time.Hour)
		for i, got := range feed(t, &e, tail) {
			require.Less(t, got.DTS, time.Duration(0), "picture %d", i)
			require.True(t, i < 5 || !got.Corrected, "picture %d", i)
		}
	}
}

// The same with an overlap below a second: what is late is shown as early as it
// can be, until the times have caught up.
func TestSmallStepBack(t *testing.T) {
	list := read(t, "b4-normal", nil)
	for name, back := range map[string]time.Duration{"IDR": 800 * time.Millisecond, "mid-GOP": 300 * time.Millisecond} {
		at := len(list)
		tail := shift(list, list[at-1].pts-back)
		if name == "mid-GOP" {
			at = 30
			tail = shift(list[30:], -back)
		}
		var e Estimator
		joined := append(append([]picture(nil), list[:at]...), tail...)
		late := 0
		for i, got := range feed(t, &e, joined) {
			if got.Corrected {
				late++
			} else {
				require.Equal(t, joined[i].pts, got.PTS, "%s, picture %d", name, i)
			}
		}
		require.Greater(t, late, 10, name)
		require.Less(t, late, 60, name)
	}
}

// A change to a deeper encoding brings its own delay before its first picture,
// as an encoder that is started anew makes it; without room for it the decode
// times wait.
func TestDepthChanges(t *testing.T) {
	flat, deep := read(t, "baseline", nil), read(t, "b4-normal", nil)
	end := flat[len(flat)-1].pts
	for _, gap := range []time.Duration{110 * time.Millisecond, 10 * time.Millisecond} {
		var e Estimator
		feed(t, &e, flat)
		for i, got := range feed(t, &e, shift(deep, end+gap)) {
			want := max(end, deep[i].dts+end+gap)
			require.InDelta(t, want, got.DTS, float64(tick), "picture %d", i)
			require.False(t, got.Corrected)
		}
		tail := shift(flat, end+gap+deep[len(deep)-2].pts+40*time.Millisecond)
		for i, got := range feed(t, &e, tail) {
			require.Equal(t, tail[i].pts, got.DTS, "picture %d: no delay again", i)
		}
	}
}

// A gap within a GOP, as at a variable rate, is no seam: pictures from before it
// may still come.
func TestGapWithinAGOP(t *testing.T) {
	list := read(t, "b4-normal", nil)
	edge := list[20].pts
	for i := range list {
		if list[i].pts > edge {
			list[i].pts += 10 * time.Second
		}
	}
	s := structure{list: list, depth: 2}
	s.trueTimes()
	for i, got := range feed(t, &Estimator{}, list) {
		require.False(t, got.Corrected, "picture %d", i)
		if i >= s.depth {
			require.Equal(t, list[i].dts, got.DTS, "picture %d", i)
		}
	}
}

// Times that were filled in ran ahead of the true ones: no new beginning, the
// stream waits where it is.
func TestFilledInTimesMayRunAhead(t *testing.T) {
	list := read(t, "baseline", nil)
	var e Estimator
	var last Times
	for i, p := range list {
		timed := i < 8 || i >= 50
		if i >= 8 {
			p.pts = list[7].pts + time.Duration(i-7)*4*time.Millisecond
		}
		got := e.Next(&p.Picture, p.pts, timed)
		require.GreaterOrEqual(t, got.DTS, last.DTS, "picture %d", i)
		require.Equal(t, i >= 8, got.Corrected, "picture %d", i)
		last = got
	}
}

// A stream that begins at a recovery point brings pictures that refer to what
// was before it: they are left out.
func TestLeadingPictures(t *testing.T) {
	list := read(t, "open-gop", nil)
	from := 1
	for !list[from].Keyframe {
		from++
	}
	require.False(t, list[from].IDR)
	var e Estimator
	leading := 0
	for i, p := range list[from:] {
		got := e.Next(&p.Picture, p.pts, true)
		require.Equal(t, p.pts < list[from].pts, got.Leading, "picture %d", i)
		if got.Leading {
			leading++
			continue
		}
		require.Equal(t, p.pts, got.PTS, "picture %d", i)
		require.False(t, got.Corrected, "picture %d", i)
		if i > leading+3 {
			require.InDelta(t, p.dts, got.DTS, float64(tick), "picture %d", i)
		}
	}
	require.Equal(t, 3, leading)

	// After an IDR picture they are pictures like all others.
	e = Estimator{}
	for _, p := range list {
		require.False(t, e.Next(&p.Picture, p.pts, true).Leading)
	}
	e.Reset()
	require.Equal(t, Estimator{}, e)
}

// A stream that reorders deeper than it declares is late once, and then no more.
func TestDeeperThanDeclared(t *testing.T) {
	flat := sequence{reorder: 0, rate: 60000}.sps(t)
	list := read(t, "b4-normal", nil)
	for i := range list {
		list[i].SPS = flat
	}
	late := 0
	for i, got := range feed(t, &Estimator{}, list) {
		require.Equal(t, i > 0 && list[i].Type == h264.SliceB, got.Reordered, "picture %d", i)
		if got.Corrected {
			late++
			require.Less(t, i, 6, "the delay has grown by then")
		}
	}
	require.Positive(t, late)
}

// One damaged picture order count deepens nothing, and one wild time does not
// spread to those that are filled in.
func TestSingleErrors(t *testing.T) {
	list := read(t, "baseline", nil)
	flat := sequence{reorder: 0}.sps(t)
	for i := range list {
		list[i].SPS = flat
	}
	list[20].Order += 40
	for i, got := range feed(t, &Estimator{}, list) {
		require.Equal(t, list[i].pts, got.DTS, "picture %d", i)
	}
	var e Estimator
	e.Next(&list[0].Picture, 0, true)
	e.Next(&list[1].Picture, time.Hour, true)
	got := e.Next(&list[2].Picture, 0, false)
	require.Equal(t, time.Hour+2*time.Duration(slowestPace), got.PTS)
}

// Before the first picture there are times at the distance of a frame, by the
// best that is known of it.
func TestFirstDelay(t *testing.T) {
	for _, c := range []struct {
		told  uint64
		hint  float64
		frame time.Duration
	}{
		{50, 25, 20 * time.Millisecond},
		{0, 25, 40 * time.Millisecond},
		{90000, 60, time.Second / 60},
		{0, 0, usualFrame},
		{90000, 1e9, usualFrame},
	} {
		e := Estimator{FrameRate: c.hint}
		sps := sequence{reorder: 3, rate: c.told}.sps(t)
		got := e.Next(&h264.Picture{Known: true, IDR: true, Keyframe: true, Restart: true, SPS: sps}, time.Minute, true)
		require.Equal(t, Times{DTS: time.Minute - 3*c.frame, PTS: time.Minute}, got)
	}
}

// In order: no delay, at any rate of frames; what comes too late is shown late.
func TestInOrder(t *testing.T) {
	for _, slower := range []int64{1, 60} { // 60 and 1 frames a second
		list := read(t, "b3-strict", nil)
		latest := time.Duration(0)
		e := Estimator{InOrder: true}
		for i, p := range list {
			p.pts = time.Duration(slower * p.pts.Nanoseconds())
			latest = max(latest, p.pts)
			got := e.Next(&p.Picture, p.pts, true)
			require.Equal(t, latest, got.DTS, "picture %d", i)
			require.Equal(t, latest, got.PTS, "picture %d", i)
			require.Equal(t, p.pts < latest, got.Reordered, "picture %d", i)
			require.Equal(t, p.pts < latest, got.Corrected, "picture %d", i)
		}
	}
}

// Picture order counts that wrap in the counters of an encoder, at 2^31 or 2^32,
// or lose their origin with a lost picture, do not disturb times. Those that are
// filled in may be off by a few frames at the place, and are right again after.
func TestOrdersWrap(t *testing.T) {
	sps := sequence{reorder: 1, rate: 50}.sps(t)
	for _, wrap := range []int64{1 << 16, 1 << 31, 1 << 32, 1 << 62} {
		var e Estimator
		for i := range int64(400) {
			shown := i // I P B P B ...
			if i > 0 {
				shown += 2*(i%2) - 1
			}
			order := 2*shown + wrap - 300
			if order >= wrap {
				order -= wrap
			}
			p := h264.Picture{Known: true, SPS: sps, Order: order, IDR: i == 0, Keyframe: i == 0, Restart: i == 0}
			want := constant(int(shown))
			got := e.Next(&p, want, i%3 != 2)
			near := time.Microsecond
			if i >= 149 && i <= 149+2*maxDepth {
				near = 3 * frame50
			}
			require.InDelta(t, constant(int(i-1)), got.DTS, float64(near), "wrap at %d, picture %d", wrap, i)
			require.InDelta(t, want, got.PTS, float64(near), "wrap at %d, picture %d", wrap, i)
		}
	}
}
