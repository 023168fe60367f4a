package mp4in

import (
	"github.com/abema/go-mp4"
)

// chunks walks stsc and stco or co64: where the chunks are, how many samples
// each has and by which sample description.
type chunks struct {
	stsc    *table
	offsets *table
	entry   uint32 // the next of stsc
	from    uint32 // the chunk at which it comes in force, counted from 1
	chunk   uint32 // the next, counted from 0
	samples uint32 // in each chunk of the entry in force
	desc    uint32 // counted from 1
}

// chunks opens the tables among the children of an stbl.
func (f *file) chunks(stbl map[mp4.BoxType]box) (chunks, error) {
	var c chunks
	var err error
	if b, ok := stbl[mp4.BoxTypeStsc()]; ok {
		if c.stsc, err = f.table(b, 4, 12); err != nil {
			return c, err
		}
	}
	if b, ok := stbl[mp4.BoxTypeStco()]; ok {
		c.offsets, err = f.table(b, 4, 4)
	} else if b, ok := stbl[mp4.BoxTypeCo64()]; ok {
		c.offsets, err = f.table(b, 4, 8)
	}
	return c, err
}

// next moves to the next chunk and returns its place and its number of samples;
// ok is false behind the last.
func (c *chunks) next() (at int64, samples uint32, ok bool, err error) {
	if c.stsc == nil || c.offsets == nil || c.chunk >= c.offsets.count {
		return 0, 0, false, nil
	}
	for c.entry < c.stsc.count {
		if c.from, err = c.stsc.at32(c.entry, 0); err != nil {
			return 0, 0, false, err
		}
		if c.from > c.chunk+1 {
			break
		}
		if c.samples, err = c.stsc.at32(c.entry, 1); err != nil {
			return 0, 0, false, err
		}
		if c.desc, err = c.stsc.at32(c.entry, 2); err != nil {
			return 0, 0, false, err
		}
		c.entry++
	}
	at, err = c.place()
	c.chunk++
	return at, c.samples, true, err
}

// place is the offset of the chunk that comes next.
func (c *chunks) place() (int64, error) {
	if c.offsets.entry == 4 {
		v, err := c.offsets.at32(c.chunk, 0)
		return int64(v), err
	}
	v, err := c.offsets.at64(c.chunk)
	if err == nil && v > maxOffset {
		return 0, damaged(c.offsets.at+8*int64(c.chunk), "a chunk at byte %d", v)
	}
	return int64(v), err
}
