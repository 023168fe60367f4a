package mp4in

import (
	"encoding/binary"

	"github.com/abema/go-mp4"
)

// table is an array of entries of one size in the file: the body of stts,
// ctts, stsc, stsz, stco, co64 or stss. It is read through a window instead of
// being loaded, so that a film of four hours takes the memory of a clip; the
// kernel's page cache makes the reads cheap.
//
// The window is only a cache: cursors hold their place themselves, and several
// may use one table.
type table struct {
	w       *window
	at      int64 // of the first entry
	entry   int   // bytes, at most 16
	count   uint32
	version uint8
	// missing is how many entries the box declares but has no room for.
	missing uint32
}

// table opens the array in b, whose count field is behind lead bytes of the
// payload. A count beyond the box is cut down to it.
func (f *file) table(b box, lead, entry int64) (*table, error) {
	w := newWindow(f, b.size())
	head, err := w.bytes(b.body, 4)
	if err != nil {
		return nil, err
	}
	t := &table{w: w, version: head[0], at: b.body + lead + 4, entry: int(entry)}
	if b.size() < lead+4 {
		return nil, damaged(b.at, "the box %q has %d bytes", b.typ.String(), b.size())
	}
	if head, err = w.bytes(b.body+lead, 4); err != nil {
		return nil, err
	}
	declared := binary.BigEndian.Uint32(head)
	t.count = uint32(min(int64(declared), (b.size()-lead-4)/entry))
	t.missing = declared - t.count
	return t, nil
}

// at32 returns field k, of 4 bytes, of entry i, i below count.
func (t *table) at32(i uint32, k int) (uint32, error) {
	e, err := t.w.bytes(t.at+int64(i)*int64(t.entry), t.entry)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(e[4*k:]), nil
}

// at64 returns entry i, of 8 bytes.
func (t *table) at64(i uint32) (uint64, error) {
	e, err := t.w.bytes(t.at+int64(i)*int64(t.entry), t.entry)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(e), nil
}

// runs walks a table of (count, value): stts and ctts.
type runs struct {
	t     *table
	entry uint32 // the next
	left  uint32 // of the run in force
	value uint32
}

// next returns the value of the next sample; ok is false behind the last.
func (r *runs) next() (value uint32, ok bool, err error) {
	for r.left == 0 {
		if r.t == nil || r.entry == r.t.count {
			return 0, false, nil
		}
		if r.left, err = r.t.at32(r.entry, 0); err != nil {
			return 0, false, err
		}
		if r.value, err = r.t.at32(r.entry, 1); err != nil {
			return 0, false, err
		}
		r.entry++
	}
	r.left--
	return r.value, true, nil
}

// syncs walks stss, the ascending numbers of the sync samples. Without the box
// every sample is one.
type syncs struct {
	t     *table
	entry uint32
	next  uint32
}

// has reports whether sample n, counted from 1 and called in ascending order,
// is a sync sample.
func (s *syncs) has(n uint32) (bool, error) {
	if s.t == nil {
		return true, nil
	}
	for s.next < n && s.entry < s.t.count {
		var err error
		if s.next, err = s.t.at32(s.entry, 0); err != nil {
			return false, err
		}
		s.entry++
	}
	return s.next == n, nil
}

// The boxes of QuickTime and of ISO/IEC 14496-12 that go-mp4 has no name for.
var (
	typeStz2 = mp4.StrToBoxType("stz2")
	typeCmov = mp4.StrToBoxType("cmov")
)
