package mp4in

import (
	"encoding/binary"

	"github.com/abema/go-mp4"
)

// sizes walks stsz (14496-12, 8.7.3.2) or the compact stz2 (8.7.3.3).
type sizes struct {
	constant uint32 // of all samples, when not 0
	count    uint32 // of samples
	bits     int    // of an entry: 4, 8, 16 or 32
	t        *table
}

// sizes opens the table of sample sizes among the children of an stbl.
func (f *file) sizes(stbl map[mp4.BoxType]box) (sizes, error) {
	if b, ok := stbl[mp4.BoxTypeStsz()]; ok {
		t, err := f.table(b, 8, 4)
		if err != nil {
			return sizes{}, err
		}
		s := sizes{t: t, bits: 32, count: t.count + t.missing}
		head, err := t.w.bytes(b.body+4, 4)
		if err != nil {
			return sizes{}, err
		}
		if s.constant = binary.BigEndian.Uint32(head); s.constant != 0 {
			// More samples than the file has room for would only be a
			// loop without end.
			s.count = uint32(min(int64(s.count), f.size/int64(s.constant)+1))
		}
		return s, nil
	}
	b, ok := stbl[typeStz2]
	if !ok {
		return sizes{}, nil
	}
	// The entries are of bits; the table counts bytes.
	t, err := f.table(b, 8, 1)
	if err != nil {
		return sizes{}, err
	}
	head, err := t.w.bytes(b.body+4, 4)
	if err != nil {
		return sizes{}, err
	}
	s := sizes{t: t, bits: int(head[3]), count: t.count + t.missing}
	if s.bits != 4 && s.bits != 8 && s.bits != 16 {
		return sizes{}, damaged(b.at, "the box \"stz2\" has fields of %d bits", s.bits)
	}
	t.count = uint32(min(int64(s.count), (b.size()-12)*8/int64(s.bits)))
	return s, nil
}

// at returns the size of sample i, counted from 0; ok is false where the table
// ends before the samples do.
func (s *sizes) at(i uint32) (size uint32, ok bool, err error) {
	switch {
	case s.constant != 0:
		return s.constant, true, nil
	case s.t == nil || i >= s.t.count:
		return 0, false, nil
	case s.bits == 32:
		size, err = s.t.at32(i, 0)
		return size, true, err
	}
	at := s.t.at + int64(i)*int64(s.bits)/8
	b, err := s.t.w.bytes(at, max(s.bits/8, 1))
	if err != nil {
		return 0, false, err
	}
	switch s.bits {
	case 16:
		return uint32(binary.BigEndian.Uint16(b)), true, nil
	case 8:
		return uint32(b[0]), true, nil
	}
	if i%2 == 0 {
		return uint32(b[0] >> 4), true, nil
	}
	return uint32(b[0] & 15), true, nil
}
