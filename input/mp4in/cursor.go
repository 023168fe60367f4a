package mp4in

import (
	"errors"
	"io"
)

// cursor walks all samples of a track: those in the moov's tables, then those
// in fragments. It is a plain value: a copy of it is a bookmark.
type cursor struct {
	tables     tables
	fragments  fragments
	fragmented bool // the movie has an mvex: fragments may follow
	inside     bool // the fragments
}

// next returns the next sample, io.EOF behind the last.
func (c *cursor) next() (sample, error) {
	if !c.inside {
		s, err := c.tables.next()
		if !errors.Is(err, io.EOF) || !c.fragmented {
			return s, err
		}
		c.inside = true
		c.fragments.dts = c.tables.dts
	}
	return c.fragments.next()
}

// contiguous is how many bytes of the track follow the last sample without a
// gap, at most limit.
func (c *cursor) contiguous(limit int64) int64 {
	if c.inside {
		return c.fragments.contiguous(limit)
	}
	return c.tables.contiguous(limit)
}
