package mp4in

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/abema/go-mp4"

	"rtmpwriter/media"
)

// movie is what the moov tells.
type movie struct {
	timescale  uint32
	fragmented bool
	fragments  int64 // where to look for the first fragment
	length     int64 // of the fragments too (mehd), in timescale; 0 unknown
	traks      []*trak
}

// movie finds the moov among the boxes of the file and reads it. The boxes
// behind it are not looked at.
func (f *file) movie() (*movie, error) {
	w := newWindow(f, windowSize)
	var seen []string // the first boxes, for the message
	n := 0
	var at int64
	for ; at < f.size && n < maxBoxes; n++ {
		b, err := w.header(at, f.size)
		var cut *cutError
		if errors.As(err, &cut) {
			break
		}
		if err != nil {
			return nil, err
		}
		if b.typ == mp4.BoxTypeMoov() {
			if b.end > f.size {
				return nil, damaged(b.at, "the box \"moov\" is cut off: the file is incomplete")
			}
			return f.readMovie(b)
		}
		if n < 4 {
			seen = append(seen, b.typ.String())
		}
		at = b.end
	}
	if n == 0 {
		return nil, damaged(0, "no MP4 box at the start of the file")
	}
	return nil, noMoov(f.size, seen)
}

// noMoov tells what a file without a moov most likely is.
func noMoov(size int64, seen []string) error {
	for _, typ := range seen {
		if typ == "moof" {
			return damaged(0, "a fragment without its initialization segment (no moov): join the two, initialization segment first")
		}
	}
	return damaged(size, "no moov in the file (it begins with %q): it was not finished, or its end is missing; repair it, or record to fragmented MP4", seen)
}

// readMovie reads the moov in b.
func (f *file) readMovie(b box) (*movie, error) {
	m := &movie{fragments: b.end}
	children, err := f.children(b)
	if err != nil {
		return nil, err
	}
	if _, ok := children[typeCmov]; ok {
		return nil, &media.UnsupportedError{What: "a compressed moov (cmov)", Hint: "rewrite the file, for example with ffmpeg -c copy"}
	}
	if m.timescale, err = f.movieTimescale(children); err != nil {
		return nil, err
	}
	trex := map[uint32]defaults{}
	if mvex, ok := children[mp4.BoxTypeMvex()]; ok {
		m.fragmented = true
		if err := f.extends(mvex, m, trex); err != nil {
			return nil, err
		}
	}
	err = f.each(b.body, b, func(c box) error {
		if c.typ != mp4.BoxTypeTrak() {
			return nil
		}
		if len(m.traks) == maxTracks {
			return damaged(c.at, "more than %d tracks", maxTracks)
		}
		t, err := f.trak(c, m)
		if err != nil {
			return fmt.Errorf("track %d: %w", len(m.traks)+1, err)
		}
		t.number = len(m.traks) + 1
		t.start.fragmented = m.fragmented
		t.start.fragments = fragments{f: f, w: newWindow(f, windowSize), id: t.id, trex: trex[t.id], at: m.fragments}
		m.traks = append(m.traks, t)
		return nil
	})
	return m, err
}

// movieTimescale is the ticks a second of the moov's own times, 1 when the box
// lacks: they are then of no use but do no harm.
func (f *file) movieTimescale(children map[mp4.BoxType]box) (uint32, error) {
	var mvhd mp4.Mvhd
	b, ok := children[mp4.BoxTypeMvhd()]
	if !ok {
		return 1, nil
	}
	if _, err := f.decode(b, &mvhd, mp4.Context{}); err != nil {
		return 0, err
	}
	return max(mvhd.Timescale, 1), nil
}

// extends reads mvex: what fragments leave out, for each track by its ID.
func (f *file) extends(mvex box, m *movie, trex map[uint32]defaults) error {
	return f.each(mvex.body, mvex, func(b box) error {
		switch b.typ {
		case mp4.BoxTypeMehd():
			p, err := f.payload(b)
			if err != nil {
				return err
			}
			if len(p) >= 12 && p[0] == 1 {
				m.length = int64(min(binary.BigEndian.Uint64(p[4:]), maxTicks))
			} else if len(p) >= 8 {
				m.length = int64(binary.BigEndian.Uint32(p[4:]))
			}
		case mp4.BoxTypeTrex():
			var t mp4.Trex
			if _, err := f.decode(b, &t, mp4.Context{}); err != nil {
				return err
			}
			trex[t.TrackID] = defaults{t.DefaultSampleDescriptionIndex, t.DefaultSampleDuration, t.DefaultSampleSize, t.DefaultSampleFlags}
		}
		return nil
	})
}
