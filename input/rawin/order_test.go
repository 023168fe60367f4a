package rawin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// ranks feeds picture order counts; a negative one restarts the order.
func ranks(o *order, counts ...int64) (got []int64) {
	for _, c := range counts {
		o.push(h264.AccessUnit{Picture: h264.Picture{Known: true, Restart: c < 0, Order: max(c, 0)}})
		for o.ready() {
			got = append(got, o.pop().rank)
		}
	}
	o.flush()
	for o.ready() {
		got = append(got, o.pop().rank)
	}
	return got
}

func TestOrder(t *testing.T) {
	for name, c := range map[string]struct {
		window int
		counts []int64
		want   []int64
		depth  int64
	}{
		"in order":         {0, []int64{-1, 2, 4, 6}, []int64{0, 1, 2, 3}, 0},
		"one B frame":      {1, []int64{-1, 4, 2, 8, 6}, []int64{0, 2, 1, 4, 3}, 1},
		"a pyramid":        {2, []int64{-1, 8, 4, 2, 6, 16, 12, 10, 14}, []int64{0, 4, 2, 1, 3, 8, 6, 5, 7}, 2},
		"counts by one":    {1, []int64{-1, 2, 1, 4, 3}, []int64{0, 2, 1, 4, 3}, 1},
		"gaps in counts":   {1, []int64{-1, 40, 20, 900, 60}, []int64{0, 2, 1, 4, 3}, 1},
		"a wide window":    {16, []int64{-1, 8, 4, 2, 6}, []int64{0, 4, 2, 1, 3}, 2},
		"a restart":        {4, []int64{-1, 8, 4, -1, 8, 4}, []int64{0, 2, 1, 3, 5, 4}, 1},
		"a lying window":   {0, []int64{-1, 8, 4, 12}, []int64{0, 1, 2, 3}, 0},
		"the same count":   {2, []int64{-1, 4, 4, 2}, []int64{0, 2, 3, 1}, 2},
		"nothing but keys": {3, []int64{-1, -1, -1}, []int64{0, 1, 2}, 0},
	} {
		o := order{window: c.window}
		require.Equal(t, c.want, ranks(&o, c.counts...), name)
		require.Equal(t, c.depth, o.depth, name)
	}
}

// TestOrderHoldsFewPictures bounds the memory for any counts. Those that go
// downwards once kept all pictures until the end.
func TestOrderHoldsFewPictures(t *testing.T) {
	for _, window := range []int{0, 1, 16} {
		o := order{window: window}
		out := int64(0)
		for i := range int64(1000) {
			o.push(h264.AccessUnit{Picture: h264.Picture{Known: true, Order: -i}})
			for o.ready() {
				require.Equal(t, out, o.pop().n, "in decode order")
				out++
			}
			require.LessOrEqual(t, len(o.waiting), maxOvertaken)
			require.LessOrEqual(t, o.unknown, window)
		}
	}
}

// TestOrderIsQuick takes many pictures in at once. Each was once moved, and
// looked at, as often as there were others: a minute for these.
func TestOrderIsQuick(t *testing.T) {
	begun := time.Now()
	o := order{window: 16}
	const all = 200_000
	for i := range int64(all) {
		o.push(h264.AccessUnit{Picture: h264.Picture{Known: true, Order: i}})
	}
	o.flush()
	for i := range int64(all) {
		if p := o.pop(); p.n != i || p.rank != i {
			require.Fail(t, "out of order", "%d: %+v", i, p)
		}
	}
	require.False(t, o.ready())
	require.Less(t, time.Since(begun), 10*time.Second)
}
