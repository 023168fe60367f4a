package mp4in

import (
	"encoding/binary"
	"math/bits"

	"github.com/abema/go-mp4"
)

// The flags of a trun (14496-12, 8.8.8.1) and the bits of sample flags
// (8.8.3.1) that tell a sample from which decoding cannot begin.
const (
	runDataOffset  = 0x000001
	runFirstFlags  = 0x000004
	runDelta       = 0x000100
	runSize        = 0x000200
	runFlags       = 0x000400
	runComposition = 0x000800
	runEntry       = runDelta | runSize | runFlags | runComposition

	sampleNonSync   = 0x00010000
	sampleDependsOn = 0x01000000
)

// run is the trun that is being walked. Its entries, as many as a fragment has
// samples, are read through the walker's window like the tables of a moov; the
// library would make a slice of them, and of any count a broken file declares.
type run struct {
	flags uint32
	at    int64 // of the next entry
	size  int   // of an entry
	left  uint32
	// first is the flags of the next sample, when it is the first of the run
	// and has its own.
	first    uint32
	hasFirst bool
}

// nextRun begins the next trun of the traf; ok is false behind the last.
func (t *fragments) nextRun() (ok bool, err error) {
	for {
		b, ok, err := t.w.child(&t.sub, t.traf)
		if err != nil || !ok {
			return false, err
		}
		if b.typ == mp4.BoxTypeTrun() {
			return true, t.openRun(b)
		}
	}
}

// openRun reads the head of the trun in b.
func (t *fragments) openRun(b box) error {
	h := fields{w: t.w, b: b, at: b.body}
	flags, count := h.next(), h.next()
	t.run = run{flags: flags}
	if flags&runDataOffset != 0 {
		t.data = t.base + int64(int32(h.next()))
	}
	if flags&runFirstFlags != 0 {
		t.run.first, t.run.hasFirst = h.next(), true
	}
	if h.err != nil {
		return h.err
	}
	t.run.at = h.at
	t.run.size = 4 * bits.OnesCount32(flags&runEntry)
	var err error
	t.run.left, err = t.fits(b, count)
	return err
}

// fits is the count of samples of the run in b, checked against the bytes that
// the entries, or the samples, must have. The samples of runs without entries
// take no more bytes than the file has, all runs of the track together: a few
// bytes declare billions of them, and many runs may claim the same place.
func (t *fragments) fits(b box, count uint32) (uint32, error) {
	size := int64(t.size)
	switch entry := int64(t.run.size); {
	case entry > 0:
		if int64(count)*entry > b.end-t.run.at {
			return 0, damaged(b.at, "the box \"trun\" has no room for its %d samples", count)
		}
		return count, nil
	case size == 0:
		return 0, nil // samples of no bytes
	case t.implied > t.f.size:
		return 0, damaged(b.at, "the samples of the fragments overlap: they are longer than the file")
	}
	// Of those that the file has no room for, one is left to tell of the cut.
	count = uint32(min(int64(count), t.f.size/size+1))
	t.implied += int64(count) * size
	return count, nil
}

// sample returns the next sample of the run, which must have one.
func (t *fragments) sample() (sample, error) {
	p, err := t.w.bytes(t.run.at, t.run.size)
	if err != nil {
		return sample{}, err
	}
	s := sample{at: t.data, dts: t.dts, desc: t.desc, size: t.size, delta: t.delta}
	flags := t.defaults.flags
	for bit := uint32(runDelta); bit <= runComposition; bit <<= 1 {
		if t.run.flags&bit == 0 {
			continue
		}
		v := binary.BigEndian.Uint32(p)
		p = p[4:]
		switch bit {
		case runDelta:
			s.delta = v
		case runSize:
			s.size = v
		case runFlags:
			flags = v
		case runComposition: // signed in both versions, as in ctts
			s.cts = int32(v)
		}
	}
	if t.run.hasFirst {
		flags, t.run.hasFirst = t.run.first, false
	}
	s.sync = flags&(sampleNonSync|sampleDependsOn) == 0
	t.run.at += int64(t.run.size)
	t.run.left--
	t.data += int64(s.size)
	if t.dts += int64(s.delta); t.dts > maxTicks {
		return s, damaged(t.traf.at, "times of the fragment overflow")
	}
	return s, nil
}

// contiguous is how many bytes of this track follow without a gap, at most
// limit: the rest of the run.
func (t fragments) contiguous(limit int64) (sum int64) {
	for t.run.left > 0 && sum < limit {
		s, err := t.sample()
		if err != nil {
			break
		}
		sum += int64(s.size)
	}
	return min(sum, limit)
}
