package mp4in

import (
	"fmt"
	"math"

	"github.com/abema/go-mp4"
)

// trak is what the moov tells of one track.
type trak struct {
	number       int // in the file, from 1
	id           uint32
	enabled      bool
	turned       int    // degrees clockwise that a player must turn the picture
	handler      string // "vide", "soun" or another
	timescale    uint32
	length       int64 // of the media, in timescale; 0 unknown
	edit         edit
	descriptions []description
	external     bool // the media are in another file
	start        cursor
}

// trak reads a trak (14496-12, 8.3).
func (f *file) trak(b box, m *movie) (*trak, error) {
	t := &trak{}
	children, err := f.children(b)
	if err != nil {
		return nil, err
	}
	if err := f.trackHeader(children[mp4.BoxTypeTkhd()], t); err != nil {
		return nil, err
	}
	mdia, err := f.children(children[mp4.BoxTypeMdia()])
	if err != nil {
		return nil, err
	}
	if err := f.mediaHeader(mdia, t); err != nil {
		return nil, err
	}
	if t.handler != "vide" && t.handler != "soun" {
		return t, nil
	}
	edts, err := f.children(children[mp4.BoxTypeEdts()])
	if err != nil {
		return nil, err
	}
	if t.edit, err = f.edit(edts[mp4.BoxTypeElst()], m.timescale, t.timescale); err != nil {
		return nil, err
	}
	if m.fragmented {
		t.edit.to = math.MaxInt64 // it was written before the fragments
	}
	return t, f.sampleTables(mdia[mp4.BoxTypeMinf()], t)
}

// trackHeader reads tkhd (8.3.2).
func (f *file) trackHeader(b box, t *trak) error {
	if b.end == 0 {
		return damaged(0, "no tkhd")
	}
	var h mp4.Tkhd
	if _, err := f.decode(b, &h, mp4.Context{}); err != nil {
		return err
	}
	t.id = h.TrackID
	t.enabled = h.GetFlags()&1 != 0
	switch m := h.Matrix; {
	case m[0] == 0 && m[1] > 0:
		t.turned = 90
	case m[0] < 0 && m[4] < 0:
		t.turned = 180
	case m[0] == 0 && m[1] < 0:
		t.turned = 270
	}
	return nil
}

// mediaHeader reads mdhd and hdlr (8.4.2, 8.4.3).
func (f *file) mediaHeader(mdia map[mp4.BoxType]box, t *trak) error {
	h, ok := mdia[mp4.BoxTypeMdhd()]
	if !ok {
		return damaged(0, "no mdhd")
	}
	var mdhd mp4.Mdhd
	if _, err := f.decode(h, &mdhd, mp4.Context{}); err != nil {
		return err
	}
	if t.timescale = mdhd.Timescale; t.timescale == 0 {
		return damaged(h.at, "a timescale of 0")
	}
	const unknown32 = 1<<32 - 1 // all ones: not known
	switch d := mdhd.GetDuration(); {
	case mdhd.GetVersion() == 0 && d == unknown32:
	case d <= maxTicks:
		t.length = int64(d)
	}
	b, ok := mdia[mp4.BoxTypeHdlr()]
	if !ok {
		return nil
	}
	var hdlr mp4.Hdlr
	if _, err := f.decode(b, &hdlr, mp4.Context{}); err != nil {
		return err
	}
	t.handler = string(hdlr.HandlerType[:])
	return nil
}

// sampleTables reads the minf of a track: where its media are and how they are
// coded.
func (f *file) sampleTables(b box, t *trak) error {
	minf, err := f.children(b)
	if err != nil {
		return err
	}
	stbl := minf[mp4.BoxTypeStbl()]
	boxes, err := f.children(stbl)
	if err != nil {
		return err
	}
	stsd, ok := boxes[mp4.BoxTypeStsd()]
	if !ok {
		return damaged(b.at, "no sample description (stsd)")
	}
	if t.descriptions, err = f.descriptions(stsd, t.handler); err != nil {
		return err
	}
	if t.external, err = f.external(minf[mp4.BoxTypeDinf()]); err != nil {
		return err
	}
	t.start.tables, err = f.tables(stbl.at, boxes)
	return err
}

// external reports whether the media are in another file, as in QuickTime's
// reference movies: no entry of the dref has the flag for this one (8.7.2).
func (f *file) external(dinf box) (bool, error) {
	boxes, err := f.children(dinf)
	if err != nil {
		return false, err
	}
	dref, ok := boxes[mp4.BoxTypeDref()]
	if !ok || dref.size() < 8 {
		return false, nil
	}
	entries, here := 0, 0
	err = f.each(dref.body+8, dref, func(b box) error {
		if b.size() >= 4 {
			p, err := f.payload(b)
			if err != nil {
				return err
			}
			entries++
			here += int(p[3] & mp4.UrlSelfContained)
		}
		return nil
	})
	return entries > 0 && here == 0, err
}

// problem says why the track cannot be published, empty when it can. One
// description that can be is enough; a change to another one is told when it
// comes.
func (t *trak) problem() string {
	if t.external {
		return problemExternal
	}
	for _, d := range t.descriptions {
		if d.problem == "" {
			return ""
		}
	}
	if len(t.descriptions) == 0 {
		return "it has no sample description"
	}
	return t.descriptions[0].problem
}

// name tells of the track in messages.
func (t *trak) name() string {
	if len(t.descriptions) == 0 {
		return fmt.Sprintf("%q", t.handler)
	}
	return t.descriptions[0].name
}
