package h264

// bitReader reads the bits of a NAL unit's payload and passes over the
// emulation prevention bytes (7.4.1). Reading past the end gives zeros and
// sets short, so that a parser checks once, at its end. It allocates nothing.
type bitReader struct {
	b     []byte
	at    int    // next byte of b
	zeros int    // zero bytes just before at
	cache uint64 // its low n bits are read but not used
	n     uint
	short bool
	bad   bool // an Exp-Golomb code beyond 32 bits
}

// newBitReader reads the payload behind a NAL unit's header of one byte.
func newBitReader(nal []byte) bitReader {
	if len(nal) == 0 {
		return bitReader{}
	}
	return bitReader{b: nal[1:]}
}

func (r *bitReader) ok() bool { return !r.short && !r.bad }

func (r *bitReader) fill() bool {
	if r.zeros >= 2 && r.at < len(r.b) && r.b[r.at] == 3 {
		r.at++
		r.zeros = 0
	}
	if r.at >= len(r.b) {
		r.short = true
		return false
	}
	c := r.b[r.at]
	r.at++
	r.zeros++
	if c != 0 {
		r.zeros = 0
	}
	r.cache = r.cache<<8 | uint64(c)
	r.n += 8
	return true
}

// u reads n bits, at most 32.
func (r *bitReader) u(n uint) uint32 {
	for r.n < n {
		if !r.fill() {
			return 0
		}
	}
	r.n -= n
	return uint32(r.cache >> r.n & (1<<n - 1))
}

func (r *bitReader) flag() bool { return r.u(1) == 1 }

// ue reads an unsigned Exp-Golomb code (9.1).
func (r *bitReader) ue() uint32 {
	zeros := uint(0)
	for r.u(1) == 0 {
		if zeros++; r.short || zeros > 31 {
			r.bad = true
			return 0
		}
	}
	return 1<<zeros - 1 + r.u(zeros)
}

// se reads a signed Exp-Golomb code (9.1.1).
func (r *bitReader) se() int32 {
	k := int64(r.ue())
	if k&1 == 1 {
		return int32((k + 1) / 2)
	}
	return int32(-k / 2)
}
