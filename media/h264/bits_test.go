package h264

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// bitWriter writes NAL unit payloads for tests.
type bitWriter struct {
	b    []byte
	free uint
}

func (w *bitWriter) u(v uint64, n uint) *bitWriter {
	for ; n > 0; n-- {
		if w.free == 0 {
			w.b = append(w.b, 0)
			w.free = 8
		}
		w.free--
		w.b[len(w.b)-1] |= byte(v>>(n-1)&1) << w.free
	}
	return w
}

func (w *bitWriter) ue(values ...uint64) *bitWriter {
	for _, v := range values {
		n := uint(0)
		for (v+1)>>(n+1) > 0 {
			n++
		}
		w.u(0, n).u(v+1, n+1)
	}
	return w
}

func (w *bitWriter) se(values ...int64) *bitWriter {
	for _, v := range values {
		if v > 0 {
			w.ue(uint64(2*v - 1))
		} else {
			w.ue(uint64(-2 * v))
		}
	}
	return w
}

// nal ends the payload and puts emulation prevention in.
func (w *bitWriter) nal(header byte) []byte {
	w.u(1, 1)
	out := []byte{header}
	zeros := 0
	for _, c := range w.b {
		if zeros >= 2 && c <= 3 {
			out = append(out, 3)
			zeros = 0
		}
		zeros++
		if c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return out
}

func TestExpGolomb(t *testing.T) {
	unsigned := []uint64{0, 1, 2, 3, 7, 8, 254, 255, 1<<31 - 2}
	signed := []int64{0, 1, -1, 2, -2, 77, -1000, 1<<30 - 1, -1 << 29}
	r := newBitReader((&bitWriter{}).ue(unsigned...).se(signed...).nal(0x41))
	for _, want := range unsigned {
		require.EqualValues(t, want, r.ue())
	}
	for _, want := range signed {
		require.EqualValues(t, want, r.se())
	}
	require.True(t, r.ok())

	r = newBitReader([]byte{0x41, 0, 0, 0, 0, 0, 0, 0, 0x80})
	require.Zero(t, r.ue(), "more than 32 bits")
	require.False(t, r.ok())
	r = newBitReader(nil)
	require.Zero(t, r.u(32))
	require.False(t, r.ok())
}
