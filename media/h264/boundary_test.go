package h264

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// sizes cuts NAL units into access units and counts the NAL units of each.
func sizes(t *testing.T, nals ...[]byte) (counts []int, units []AccessUnit) {
	t.Helper()
	stream := annexB(nals...)
	_, units, data := split(stream, 3)
	require.Equal(t, stream, data)
	for _, au := range units {
		counts = append(counts, len(media.AppendAnnexB(nil, au.B)))
	}
	return counts, units
}

// TestBoundaries goes through the rules of 7.4.1.2.4, one a case: the second
// slice differs from the first by what the name says, and begins a new unit.
func TestBoundaries(t *testing.T) {
	sps, two := progressive(), progressive()
	two.id, two.wide = 1, 22
	p := synthSlice{kind: 1, ref: 2, slice: 5, firstMB: 9, frame: 3, lsb: 8, payload: 30}
	for name, c := range map[string]struct {
		change func(*synthSlice)
		units  int
	}{
		"nothing":                 {func(*synthSlice) {}, 1},
		"a slice type":            {func(s *synthSlice) { s.slice = 7 }, 1},
		"a reference count":       {func(s *synthSlice) { s.ref = 1 }, 1},
		"frame number":            {func(s *synthSlice) { s.frame = 4 }, 2},
		"PPS":                     {func(s *synthSlice) { s.pps = 1 }, 2},
		"SPS":                     {func(s *synthSlice) { s.pps = 2 }, 2},
		"no longer a reference":   {func(s *synthSlice) { s.ref = 0 }, 2},
		"POC":                     {func(s *synthSlice) { s.lsb = 10 }, 2},
		"IDR":                     {func(s *synthSlice) { s.kind, s.slice = 5, 7 }, 2},
		"only macroblock 0 again": {func(s *synthSlice) { s.firstMB = 0 }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := p, p
			first.firstMB = 0
			second.firstMB = 150
			c.change(&second)
			got, _ := sizes(t, sps.nal(), two.nal(), synthPPS{}.nal(), synthPPS{id: 1}.nal(), synthPPS{id: 2, sps: 1}.nal(),
				first.nal(sps), second.nal(sps))
			require.Len(t, got, c.units)
		})
	}
}

func TestBoundaryBeforeNonSlices(t *testing.T) {
	sps, pps := progressive(), synthPPS{}.nal()
	idr := synthSlice{kind: 5, ref: 3, slice: 7, payload: 9}.nal(sps)
	more := synthSlice{kind: 5, ref: 3, slice: 7, firstMB: 40, payload: 9}.nal(sps)
	next := synthSlice{kind: 1, ref: 2, slice: 5, frame: 1, lsb: 2}.nal(sps)
	aud, sei, filler, end := []byte{9, 0xf0}, []byte{6, 5, 1, 7, 0x80}, []byte{12, 0xff, 0x80}, []byte{10}
	prefix, reserved, svc := []byte{14, 1, 2, 3}, []byte{16, 7}, []byte{20, 1, 2, 3, 4}
	for name, c := range map[string]struct {
		nals [][]byte
		want []int
	}{
		"delimiter":               {[][]byte{aud, sps.nal(), pps, idr, more, aud, next}, []int{5, 2}},
		"SEI":                     {[][]byte{sps.nal(), pps, idr, sei, next}, []int{3, 2}},
		"parameter sets":          {[][]byte{sps.nal(), pps, idr, pps, sps.nal(), next}, []int{3, 3}},
		"reserved":                {[][]byte{sps.nal(), pps, idr, reserved, next}, []int{3, 2}},
		"filler, end of sequence": {[][]byte{sps.nal(), pps, idr, filler, end, next}, []int{5, 1}},
		"prefix units, layers":    {[][]byte{sps.nal(), pps, prefix, idr, prefix, more, svc, prefix, next, svc}, []int{7, 3}},
		"nothing but slices":      {[][]byte{sps.nal(), pps, idr, more, next}, []int{4, 1}},
		"no parameter sets":       {[][]byte{idr, more, next}, []int{2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := sizes(t, c.nals...)
			require.Equal(t, c.want, got)
		})
	}
}

// TestRedundantSlicesStay keeps redundant coded pictures with the primary one,
// though they begin at macroblock 0 again.
func TestRedundantSlicesStay(t *testing.T) {
	sps := progressive()
	pps := synthPPS{redundant: true}.nal()
	primary := synthSlice{kind: 1, ref: 2, slice: 7, overlong: []uint64{0}}
	redundant := primary
	redundant.overlong = []uint64{1}
	next := primary
	next.frame, next.lsb = 1, 2
	got, _ := sizes(t, sps.nal(), pps, primary.nal(sps), redundant.nal(sps), next.nal(sps), redundant.nal(sps))
	require.Equal(t, []int{4, 2}, got)
}

// TestFieldPairs joins the fields of a frame and keeps single fields apart.
func TestFieldPairs(t *testing.T) {
	sps := progressive()
	sps.interlaced = true
	sets := [][]byte{sps.nal(), synthPPS{}.nal()}
	aud, sei := []byte{9, 0xf0}, []byte{6, seiRecoveryPoint, 1, 0xc4, 0x80}
	field := func(kind byte, parity int, frame, lsb uint64) []byte {
		return synthSlice{kind: kind, ref: 2, slice: 7, field: parity, frame: frame, lsb: lsb, payload: 4}.nal(sps)
	}
	for name, c := range map[string]struct {
		nals   [][]byte
		want   []int
		orders []int64
		keys   []bool
	}{
		"pairs": {[][]byte{field(5, 1, 0, 0), field(1, 2, 0, 1), field(1, 1, 1, 2), field(1, 2, 1, 3)},
			[]int{4, 2}, []int64{0, 2}, []bool{true, false}},
		"with delimiters": {[][]byte{aud, field(5, 1, 0, 0), aud, sei, field(1, 2, 0, 1), aud, sei, field(1, 1, 1, 3), aud, field(1, 2, 1, 2)},
			[]int{7, 5}, []int64{0, 2}, []bool{true, true}},
		"a single field": {[][]byte{field(5, 1, 0, 0), field(1, 1, 1, 2), aud, field(1, 2, 1, 3), field(1, 2, 2, 5)},
			[]int{3, 3, 1}, []int64{0, 2, 5}, []bool{true, false, false}},
		"frames between": {[][]byte{field(5, 1, 0, 0), field(1, 2, 0, 1), field(1, 0, 1, 2), field(1, 0, 2, 4)},
			[]int{4, 1, 1}, []int64{0, 2, 4}, []bool{true, false, false}},
		"IDR after a field": {[][]byte{field(1, 1, 0, 8), aud, sei, field(5, 2, 0, 1), field(1, 1, 0, 0)},
			[]int{3, 4}, []int64{8, 0}, []bool{false, true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, units := sizes(t, append(sets[:2:2], c.nals...)...)
			require.Equal(t, c.want, got)
			var orders []int64
			var keys []bool
			for _, au := range units {
				orders, keys = append(orders, au.Order), append(keys, au.Keyframe)
			}
			require.Equal(t, c.orders, orders)
			require.Equal(t, c.keys, keys)
		})
	}
}
