package h264

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// counts reads the slices of a stream and returns their picture order counts
// and where the order restarts.
func counts(t *testing.T, sps synthSPS, pps synthPPS, slices ...synthSlice) (got []int64, restarts []bool) {
	t.Helper()
	var p Params
	for _, nal := range [][]byte{sps.nal(), pps.nal()} {
		changed, err := p.Observe(nal)
		require.NoError(t, err)
		require.True(t, changed)
	}
	var order POC
	for _, s := range slices {
		var h SliceHeader
		require.NoError(t, h.ParseAll(s.nal(sps), &p))
		count, restart := order.Next(&h)
		got, restarts = append(got, count), append(restarts, restart)
	}
	return got, restarts
}

func TestPOCType0(t *testing.T) {
	sps := progressive()
	i := synthSlice{kind: 5, ref: 3, slice: 7}
	p := func(ref byte, lsb uint64) synthSlice { return synthSlice{kind: 1, ref: ref, slice: 5, lsb: lsb} }
	got, restarts := counts(t, sps, synthPPS{}, i,
		p(2, 100), p(0, 50), p(2, 200), p(0, 150), p(2, 44), p(0, 250), p(2, 20), i, p(2, 8))
	require.Equal(t, []int64{0, 100, 50, 200, 150, 300, 250, 276, 0, 8}, got, "the lines wrap at 256")
	require.Equal(t, []bool{true, false, false, false, false, false, false, false, true, false}, restarts)

	// A count below that of the keyframe, as in an open GOP.
	got, _ = counts(t, sps, synthPPS{}, p(2, 4), p(0, 254))
	require.Equal(t, []int64{4, -2}, got)

	// The bottom field comes first.
	bottom := p(2, 10)
	bottom.delta = []int64{-1}
	got, _ = counts(t, sps, synthPPS{bottom: true}, bottom)
	require.Equal(t, []int64{9}, got)
}

func TestPOCFields(t *testing.T) {
	sps := progressive()
	sps.interlaced = true
	got, _ := counts(t, sps, synthPPS{},
		synthSlice{kind: 5, ref: 3, slice: 7, field: 1}, synthSlice{kind: 1, ref: 3, slice: 5, field: 2, lsb: 1},
		synthSlice{kind: 1, ref: 3, slice: 5, field: 2, frame: 1, lsb: 5}, synthSlice{kind: 1, ref: 3, slice: 5, field: 1, frame: 1, lsb: 4})
	require.Equal(t, []int64{0, 1, 5, 4}, got)
}

// TestMMCO5 restarts the order as an IDR picture does (8.2.1).
func TestMMCO5(t *testing.T) {
	reset := []uint64{1, 0, 3, 0, 2, 6, 1, 2, 0, 4, 3, 5} // one of each operation
	for pocType, want := range map[uint64][]int64{0: {0, 90, 0, 2}, 1: {0, 14, 0, 4}, 2: {0, 14, 0, 2}} {
		sps := progressive()
		sps.pocType = pocType
		sps.offsets = []int64{-1, 0, 2}
		frame := func(n, lsb uint64, mmco []uint64) synthSlice {
			s := synthSlice{kind: 1, ref: 2, slice: 5, frame: n, lsb: lsb, mmco: mmco}
			if pocType == 1 {
				s.delta = []int64{0}
			}
			return s
		}
		idr := synthSlice{kind: 5, ref: 3, slice: 7, delta: frame(0, 0, nil).delta}
		last := frame(1, 2, nil)
		if pocType == 1 {
			last.delta = []int64{2}
		}
		got, restarts := counts(t, sps, synthPPS{}, idr, frame(7, 90, nil), frame(8, 200, reset), last)
		require.Equal(t, want, got, "type %d", pocType)
		require.Equal(t, []bool{true, false, true, false}, restarts)
	}
}

// TestPOCType1 follows a cycle of two differences, and frame_num around its
// wrap at 256.
func TestPOCType1(t *testing.T) {
	sps := progressive()
	sps.pocType = 1
	sps.offsets = []int64{-3, 1, 4, 6} // non-reference, bottom, cycle
	s := func(kind, ref byte, frame uint64, delta int64) synthSlice {
		return synthSlice{kind: kind, ref: ref, slice: 7, frame: frame, delta: []int64{delta}}
	}
	got, _ := counts(t, sps, synthPPS{}, s(5, 3, 0, 0), s(1, 2, 1, 0), s(1, 0, 2, 0), s(1, 2, 2, 1), s(1, 2, 255, 0), s(1, 2, 0, 0), s(1, 0, 1, 0))
	require.Equal(t, []int64{0, 4, 1, 11, 127*10 + 4, 128 * 10, 128*10 - 3}, got)

	// No cycle: only the deltas of the slices count.
	sps.offsets = []int64{-3, 1}
	got, _ = counts(t, sps, synthPPS{}, s(5, 3, 0, 0), s(1, 2, 1, 8), s(1, 0, 2, 4))
	require.Equal(t, []int64{0, 8, 1}, got)
}

func TestPOCType2(t *testing.T) {
	sps := progressive()
	sps.pocType = 2
	s := func(kind, ref byte, frame uint64) synthSlice {
		return synthSlice{kind: kind, ref: ref, slice: 7, frame: frame}
	}
	got, _ := counts(t, sps, synthPPS{}, s(5, 3, 0), s(1, 2, 1), s(1, 0, 2), s(1, 2, 2), s(1, 2, 255), s(1, 2, 0))
	require.Equal(t, []int64{0, 2, 3, 4, 510, 512}, got)
}

// TestMarkingBehindWeights finds MMCO 5 behind prediction weights, reference
// counts and list modifications, in both kinds of inter slices.
func TestMarkingBehindWeights(t *testing.T) {
	var p Params
	sps := progressive()
	for _, nal := range [][]byte{sps.nal(), synthPPS{weighted: true, bipred: 1}.nal()} {
		_, err := p.Observe(nal)
		require.NoError(t, err)
	}
	for kind, lists := range map[uint64]int{0: 1, 1: 2, 2: 0} {
		w := (&bitWriter{}).ue(0, kind, 0).u(1, 8).u(2, 8)
		if kind == 1 {
			w.u(1, 1)
		}
		if lists > 0 {
			w.u(1, 1)
			for range lists {
				w.ue(1) // two references
			}
		}
		for range lists {
			w.u(1, 1).ue(0, 5, 2, 1, 3)
		}
		if lists > 0 {
			w.ue(5, 5)
			for range 2 * lists {
				w.u(1, 1).se(-9, 7).u(1, 1).se(1, 2, 3, 4)
			}
		}
		w.u(1, 1).ue(5, 0).se(0)
		var h SliceHeader
		nal := w.nal(0x41)
		require.NoError(t, h.ParseAll(nal, &p))
		require.True(t, h.MMCO5, "slice type %d", kind)
		for n := range len(nal) - 1 {
			_ = h.ParseAll(nal[:n], &p) // must not panic
		}
		require.ErrorIs(t, h.ParseAll(nal[:3], &p), errSliceShort)
	}
}
