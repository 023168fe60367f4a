package mp4in

import (
	"io"

	"github.com/abema/go-mp4"
)

// sample is one access unit or audio frame as the tables describe it.
type sample struct {
	at    int64
	size  uint32
	dts   int64 // ticks
	delta uint32
	cts   int32  // composition offset, ticks
	desc  uint32 // sample description, counted from 1
	sync  bool
}

// tables walks the sample tables of a track. It is a plain value: a copy of it
// is a bookmark.
type tables struct {
	box    int64 // place of the stbl, for messages
	sizes  sizes
	chunks chunks
	stts   runs
	ctts   runs
	stss   syncs

	n    uint32 // samples walked
	left uint32 // of the chunk
	at   int64  // of the next sample in it
	dts  int64
}

// tables opens the sample tables of an stbl.
func (f *file) tables(at int64, stbl map[mp4.BoxType]box) (t tables, err error) {
	t.box = at
	if t.sizes, err = f.sizes(stbl); err != nil {
		return t, err
	}
	if t.chunks, err = f.chunks(stbl); err != nil {
		return t, err
	}
	for _, one := range []struct {
		typ   mp4.BoxType
		entry int64
		to    **table
	}{
		{mp4.BoxTypeStts(), 8, &t.stts.t},
		{mp4.BoxTypeCtts(), 8, &t.ctts.t},
		{mp4.BoxTypeStss(), 4, &t.stss.t},
	} {
		if b, ok := stbl[one.typ]; ok {
			if *one.to, err = f.table(b, 4, one.entry); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

// next returns the next sample, io.EOF behind the last. It does not ask whether
// the file has the sample's bytes.
func (t *tables) next() (s sample, err error) {
	if t.n == t.sizes.count {
		return s, io.EOF
	}
	for t.left == 0 {
		var ok bool
		if t.at, t.left, ok, err = t.chunks.next(); err != nil {
			return s, err
		} else if !ok {
			return s, t.short("chunks")
		}
	}
	s.at, s.dts, s.desc = t.at, t.dts, t.chunks.desc
	var ok bool
	if s.size, ok, err = t.sizes.at(t.n); err != nil {
		return s, err
	} else if !ok {
		return s, t.short("sizes")
	}
	if s.delta, ok, err = t.stts.next(); err != nil {
		return s, err
	} else if !ok {
		return s, t.short("durations")
	}
	// A ctts that ends early is common and means no offset. Version 0 has
	// unsigned offsets; writers put negative ones there too, and none is so
	// large that the sign could be meant otherwise.
	offset, _, err := t.ctts.next()
	if err != nil {
		return s, err
	}
	s.cts = int32(offset)
	if s.sync, err = t.stss.has(t.n + 1); err != nil {
		return s, err
	}
	if t.dts += int64(s.delta); t.dts > maxTicks {
		return s, damaged(t.box, "times of sample %d overflow", t.n+1)
	}
	t.n++
	t.left--
	t.at += int64(s.size)
	return s, nil
}

// short is the error for a table that ends before the samples do.
func (t *tables) short(what string) error {
	return damaged(t.box, "the sample tables have %s for %d of %d samples", what, t.n, t.sizes.count)
}

// contiguous is how many bytes of this track follow without a gap, at most
// limit: the rest of the chunk.
func (t *tables) contiguous(limit int64) (sum int64) {
	for i := uint32(0); i < t.left && sum < limit; i++ {
		size, ok, err := t.sizes.at(t.n + i)
		if err != nil || !ok || t.n+i >= t.sizes.count {
			break
		}
		sum += int64(size)
	}
	return min(sum, limit)
}
