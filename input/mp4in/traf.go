package mp4in

import (
	"encoding/binary"

	"github.com/abema/go-mp4"
)

// fields reads the 32-bit fields of a box through a window. The boxes of
// fragments are read so, and not by go-mp4, because a live recording may have a
// fragment for each frame: nothing may be allocated for one.
type fields struct {
	w   *window
	b   box
	at  int64
	err error // the first; the fields from there on are 0
}

func (f *fields) next() uint32 {
	if f.err == nil && f.at+4 > f.b.end {
		f.err = damaged(f.b.at, "the box %q has only %d bytes", f.b.typ.String(), f.b.size())
	}
	if f.err != nil {
		return 0
	}
	var p []byte
	if p, f.err = f.w.bytes(f.at, 4); f.err != nil {
		return 0
	}
	f.at += 4
	return binary.BigEndian.Uint32(p)
}

func (f *fields) next64() uint64 { return uint64(f.next())<<32 | uint64(f.next()) }

// defaults are what a trun leaves out, from tfhd or else from trex.
type defaults struct{ desc, delta, size, flags uint32 }

// open begins the traf in b when it is this track's, or any's when mine is
// false, and reports whether it did (14496-12, 8.8.6 and 8.8.7).
func (t *fragments) open(b box, mine bool) (bool, error) {
	sub := b.body
	head, ok, err := t.w.child(&sub, b)
	if err != nil {
		return false, err
	}
	if !ok || head.typ != mp4.BoxTypeTfhd() {
		return false, damaged(b.at, "a fragment of a track has no tfhd")
	}
	h := fields{w: t.w, b: head, at: head.body}
	flags := h.next() & 0xffffff
	if id := h.next(); h.err != nil || mine && id != t.id {
		return false, h.err
	}
	d := t.trex
	if t.base, err = t.dataBase(&h, flags, b.at); err != nil {
		return false, err
	}
	if flags&mp4.TfhdSampleDescriptionIndexPresent != 0 {
		d.desc = h.next()
	}
	if flags&mp4.TfhdDefaultSampleDurationPresent != 0 {
		d.delta = h.next()
	}
	if flags&mp4.TfhdDefaultSampleSizePresent != 0 {
		d.size = h.next()
	}
	if flags&mp4.TfhdDefaultSampleFlagsPresent != 0 {
		d.flags = h.next()
	}
	if h.err != nil {
		return false, h.err
	}
	t.traf, t.sub, t.data, t.run, t.defaults = b, sub, t.base, run{}, d
	return true, t.decodeTime(b)
}

// decodeTime takes the decode time from the traf's tfdt (8.8.12). Without one
// the times go on from the fragment before.
func (t *fragments) decodeTime(b box) error {
	t.timed = false
	for at := t.sub; ; {
		c, ok, err := t.w.child(&at, b)
		if err != nil || !ok || c.typ == mp4.BoxTypeTrun() {
			return err
		}
		if c.typ != mp4.BoxTypeTfdt() {
			continue
		}
		d := fields{w: t.w, b: c, at: c.body}
		version := d.next() >> 24
		v := uint64(d.next())
		if version == 1 {
			v = v<<32 | uint64(d.next())
		}
		if d.err == nil && v > maxTicks {
			return damaged(c.at, "the decode time of the fragment is %d", v)
		}
		t.dts, t.timed = int64(v), true
		return d.err
	}
}

// dataBase is what the data offsets of a traf count from (8.8.7.1).
func (t *fragments) dataBase(h *fields, flags uint32, traf int64) (int64, error) {
	switch {
	case flags&mp4.TfhdBaseDataOffsetPresent != 0:
		at := h.next64()
		if at > maxOffset {
			return 0, damaged(h.b.at, "a fragment with its data at byte %d", at)
		}
		return int64(at), nil
	case flags&mp4.TfhdDefaultBaseIsMoof != 0:
		return t.moof.at, nil
	default:
		return t.endBefore(traf)
	}
}

// endBefore is where the data of the traf before the one at the place stop end:
// at the moof's own place before the first. A copy of the walker finds it, and
// goes on where the one before it has stopped: so each traf is walked once more,
// not once for every traf behind it.
func (t *fragments) endBefore(stop int64) (int64, error) {
	w := *t
	w.implied = 0 // the walker counts its own samples itself
	for w.ends.at < stop {
		next := w.ends.at
		b, ok, err := w.w.child(&next, w.moof)
		if err != nil || !ok {
			return 0, err
		}
		if b.typ == mp4.BoxTypeTraf() {
			if _, err := w.open(b, false); err != nil {
				return 0, err
			}
			if w.ends.data, err = w.skipRuns(); err != nil {
				return 0, err
			}
		}
		w.ends.at = next
	}
	t.ends = w.ends
	return t.ends.data, nil
}

// skipRuns walks the runs of the traf and returns where their data end.
func (t *fragments) skipRuns() (int64, error) {
	for {
		if ok, err := t.nextRun(); err != nil || !ok {
			return t.data, err
		}
		if t.run.flags&runSize == 0 {
			t.data += int64(t.run.left) * int64(t.size)
			continue
		}
		for t.run.left > 0 {
			if _, err := t.sample(); err != nil {
				return 0, err
			}
		}
	}
}
