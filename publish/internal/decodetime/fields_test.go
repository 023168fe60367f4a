package decodetime

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media/h264"
)

// coded is a frame of a made-up stream, in decode order.
type coded struct {
	slice
	shown int
}

// mini is an I picture and n groups of a P picture with the two B pictures before it.
func mini(n int) (list []coded) {
	list = append(list, coded{slice{idr: true, kind: 2}, 0})
	for g := range n {
		frame, at := uint64(g+1), 3*g
		list = append(list,
			coded{slice{ref: true, kind: 0, frame: frame, lsb: uint64(2 * (at + 3))}, at + 3},
			coded{slice{kind: 1, frame: frame + 1, lsb: uint64(2 * (at + 1))}, at + 1},
			coded{slice{kind: 1, frame: frame + 1, lsb: uint64(2 * (at + 2))}, at + 2})
	}
	return list
}

// fieldsOf codes a frame as two fields, the one that is shown first ahead.
func fieldsOf(s sequence, c coded, bottomFirst bool) [2][]byte {
	first, second := c.slice, c.slice
	first.field, second.field = 1, 2
	if bottomFirst {
		first.field, second.field = 2, 1
	}
	second.lsb++
	if second.idr {
		second.idr, second.kind, second.ref = false, 0, true
	}
	return [2][]byte{first.nal(s), second.nal(s)}
}

// Field pictures (PAFF) in pairs, mixed with frames, in either order of fields:
// an access unit is a frame, and has the times of one.
func TestFieldPairs(t *testing.T) {
	s := sequence{fields: true, reorder: 1, rate: 50}
	for name, fields := range map[string]func(i int) bool{
		"all fields": func(int) bool { return true },
		"mixed":      func(i int) bool { return i%3 != 1 },
	} {
		for _, bottomFirst := range []bool{false, true} {
			var a h264.Analyzer
			a.Read([][]byte{s.nal(), synthPPS})
			var list []picture
			for i, c := range mini(30) {
				var nals [][]byte
				if fields(i) {
					pair := fieldsOf(s, c, bottomFirst)
					nals = append(nals, pair[0], pair[1])
				} else {
					nals = append(nals, c.nal(s))
				}
				pic := a.Read(nals)
				require.True(t, pic.Known)
				require.EqualValues(t, 2*c.shown, pic.Order, "%s, picture %d", name, i)
				list = append(list, picture{Picture: pic, pts: constant(c.shown), dts: constant(i - 1)})
			}
			for i, got := range feed(t, &Estimator{}, list) {
				require.Equal(t, list[i].dts, got.DTS, "%s, picture %d", name, i)
				require.False(t, got.Corrected)
			}
		}
	}
}

// A source may give each field as a sample of its own, the second one with the
// time of the first, half a frame later, or without one. The times still go up,
// and after the first few none is changed.
func TestFieldsApart(t *testing.T) {
	s := sequence{fields: true, reorder: 1, rate: 50}
	for name, second := range map[string]time.Duration{"same": 0, "half a frame": frame50 / 2, "none": -1} {
		var a h264.Analyzer
		a.Read([][]byte{s.nal(), synthPPS})
		var e Estimator
		last := time.Duration(0)
		for i, c := range mini(40) {
			for n, nal := range fieldsOf(s, c, false) {
				pic := a.Read([][]byte{nal})
				require.True(t, pic.Known)
				at := constant(c.shown) + time.Duration(n)*max(second, 0)
				timed := n == 0 || second >= 0
				got := e.Next(&pic, at, timed)
				require.LessOrEqual(t, got.DTS, got.PTS, "%s, frame %d, field %d", name, i, n)
				require.GreaterOrEqual(t, got.DTS, last, "%s, frame %d, field %d", name, i, n)
				last = got.DTS
				if i > 6 {
					require.Equal(t, !timed, got.Corrected, "%s, frame %d, field %d", name, i, n)
					require.LessOrEqual(t, got.PTS-got.DTS, 4*frame50)
				}
				if i > 6 && !timed {
					require.InDelta(t, constant(c.shown)+frame50/2, got.PTS, float64(time.Microsecond), "%s, frame %d", name, i)
				}
			}
		}
	}
}

// A stream without keyframes but the first shows its depth in time too.
func TestDepthIsLearntWithoutKeyframes(t *testing.T) {
	s := sequence{profile: 77, reorder: -1, rate: 50}
	var a h264.Analyzer
	a.Read([][]byte{s.nal(), synthPPS})
	var e Estimator
	for i, c := range mini(120) {
		pic := a.Read([][]byte{c.nal(s)})
		got := e.Next(&pic, constant(c.shown), true)
		if i < learnAnyway {
			require.Equal(t, constant(i-maxDepth), got.DTS, "picture %d", i)
		} else {
			require.Equal(t, constant(i-1), got.DTS, "picture %d", i)
		}
	}
}

// A memory management operation 5 restarts the order without an IDR picture.
func TestOrderRestartsWithoutIDR(t *testing.T) {
	s := sequence{reorder: 1, rate: 50}
	var a h264.Analyzer
	a.Read([][]byte{s.nal(), synthPPS})
	var list []picture
	n := 0
	for round := range 4 {
		for i, c := range mini(5) {
			if i == 0 && round > 0 {
				c.slice = slice{ref: true, kind: 2, frame: 40, lsb: 500, reset: true}
			}
			pic := a.Read([][]byte{c.nal(s)})
			require.Equal(t, i == 0, pic.Restart)
			list = append(list, picture{Picture: pic, pts: constant(n - i + c.shown), dts: constant(n - 1)})
			n++
		}
	}
	for i, got := range feed(t, &Estimator{}, list) {
		require.Equal(t, list[i].dts, got.DTS, "picture %d", i)
		require.False(t, got.Corrected)
	}
}

// pic_order_cnt_lsb wraps every 32768 frames; order type 2 and the profile
// Baseline have no delay whatever else they say.
func TestLongStreams(t *testing.T) {
	s := sequence{reorder: 1, rate: 50}
	var a h264.Analyzer
	a.Read([][]byte{s.nal(), synthPPS})
	var e Estimator
	for i, c := range mini(24000) {
		pic := a.Read([][]byte{c.nal(s)})
		got := e.Next(&pic, constant(c.shown), i == 0 || i%1000 > 0)
		require.Equal(t, constant(i-1), got.DTS, "picture %d", i)
		require.InDelta(t, constant(c.shown), got.PTS, float64(time.Microsecond), "picture %d", i)
	}
	for _, s := range []sequence{{pocType: 2, reorder: -1}, {profile: 66, reorder: -1}, {reorder: 0}} {
		var a h264.Analyzer
		a.Read([][]byte{s.nal(), synthPPS})
		var e Estimator
		for i := range 100 {
			pic := a.Read([][]byte{slice{idr: i == 0, ref: true, kind: 2, frame: uint64(i), lsb: uint64(2 * i)}.nal(s)})
			require.True(t, pic.Known)
			got := e.Next(&pic, constant(i), true)
			require.Equal(t, Times{DTS: constant(i), PTS: constant(i)}, got)
		}
	}
}
