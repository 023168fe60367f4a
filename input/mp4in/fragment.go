package mp4in

import (
	"io"

	"github.com/abema/go-mp4"
)

// fragments walks the movie fragments of one track (14496-12, 8.8), header by
// header. Each track walks the file by itself: fragments may hold one track or
// all, in any mixture, and nothing has to be queued. It is a plain value: a
// copy of it is a bookmark.
type fragments struct {
	f    *file
	w    *window // headers and entries
	id   uint32
	trex defaults

	at    int64 // of the next box of the file
	moof  box
	child int64 // of the next box in the moof
	ends  trafEnds
	traf  box
	sub   int64 // of the next box in the traf
	defaults
	base int64 // what data offsets count from
	data int64 // of the next sample
	// timed is set when the traf tells its decode time.
	timed bool
	dts   int64
	run   run
	// implied is the sum of the samples in runs without entries (fits).
	implied int64
}

// trafEnds is how far the ends of the trafs' data are known, in one moof.
type trafEnds struct {
	at   int64 // of the first box that is not yet counted in
	data int64 // where the data of the traf before it end
}

// next returns the next sample, io.EOF at the end of the file.
func (t *fragments) next() (sample, error) {
	for {
		if t.run.left > 0 {
			return t.sample()
		}
		switch ok, err := t.nextRun(); {
		case err != nil:
			return sample{}, err
		case ok:
			continue
		}
		if err := t.nextTraf(); err != nil {
			return sample{}, err
		}
	}
}

// nextTraf moves to the next traf of this track.
func (t *fragments) nextTraf() error {
	for {
		b, ok, err := t.w.child(&t.child, t.moof)
		if err != nil {
			return err
		}
		if !ok {
			if err := t.nextMoof(); err != nil {
				return err
			}
			continue
		}
		if b.typ != mp4.BoxTypeTraf() {
			continue
		}
		if mine, err := t.open(b, true); mine || err != nil {
			return err
		}
	}
}

// nextMoof moves to the next fragment of the file.
func (t *fragments) nextMoof() error {
	for t.at < t.f.size {
		b, err := t.w.header(t.at, t.f.size)
		if err != nil {
			return err
		}
		if b.typ == mp4.BoxTypeMoof() {
			if b.end > t.f.size {
				return &cutError{b.at, "the fragment (moof)"}
			}
			t.at, t.moof, t.child = b.end, b, b.body
			t.ends = trafEnds{at: b.body, data: b.at}
			return nil
		}
		t.at = b.end
	}
	return io.EOF
}

// child returns the box at the place at, inside parent, and moves at behind it;
// ok is false behind the last.
func (w *window) child(at *int64, parent box) (b box, ok bool, err error) {
	if parent.end-*at < smallHeader {
		return box{}, false, nil
	}
	if b, err = w.header(*at, parent.end); err != nil {
		return box{}, false, err
	}
	if b.end > parent.end {
		return box{}, false, damaged(b.at, "the box %q is longer than the %q around it", b.typ.String(), parent.typ.String())
	}
	*at = b.end
	return b, true, nil
}
