package aac

import "github.com/bluenviron/mediacommon/v2/pkg/bits"

// ascReader reads bits until the first error.
type ascReader struct {
	b   []byte
	pos int
	err error
}

func (r *ascReader) u(n int) uint64 {
	if r.err != nil {
		return 0
	}
	var v uint64
	v, r.err = bits.ReadBits(r.b, &r.pos, n)
	return v
}

func (r *ascReader) objectType() uint8 {
	t := r.u(5)
	if t == 31 {
		t = 32 + r.u(6)
	}
	return uint8(t)
}

func (r *ascReader) sampleRate() int {
	i := r.u(4)
	if i == 15 {
		return int(r.u(24))
	}
	if i >= uint64(len(sampleRates)) {
		return 0
	}
	return sampleRates[i]
}

// elementPCE is the syntactic element ID of a program config element
// (table 4.85).
const elementPCE = 5

// programConfig reads a program_config_element behind its ID (table 4.2) and
// returns it byte-aligned at its own end, as an AudioSpecificConfig whose first
// part is two bytes wants it, and the number of its channels.
func (r *ascReader) programConfig() (element []byte, channels int) {
	var w bitWriter
	field := func(n int) int {
		v := r.u(n)
		w.put(uint32(v), n)
		return int(v)
	}
	field(4 + 2 + 4) // element_instance_tag, object_type, sampling_frequency_index
	front, side, back := field(4), field(4), field(4)
	lfe, data, coupling := field(2), field(3), field(4)
	for _, n := range []int{4, 4, 3} { // mono, stereo and matrix mixdown
		if field(1) == 1 {
			field(n)
		}
	}
	for range front + side + back {
		channels += 1 + field(1) // element_is_cpe
		field(4)
	}
	for range lfe {
		channels++
		field(4)
	}
	for range data {
		field(4)
	}
	for range coupling {
		field(5)
	}
	r.pos = (r.pos + 7) &^ 7
	w.align()
	for n := field(8); n > 0 && r.err == nil; n-- { // comment_field_data
		field(8)
	}
	return w.b, channels
}

// bitWriter appends bits, the highest first.
type bitWriter struct {
	b    []byte
	free int // unused bits of the last byte
}

func (w *bitWriter) put(v uint32, n int) {
	for n--; n >= 0; n-- {
		if w.free == 0 {
			w.b = append(w.b, 0)
			w.free = 8
		}
		w.free--
		w.b[len(w.b)-1] |= byte(v>>n&1) << w.free
	}
}

func (w *bitWriter) align() { w.free = 0 }
