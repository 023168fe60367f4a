package mp4in

import (
	"bytes"
	"encoding/binary"

	"github.com/abema/go-mp4"
)

// box is the place of a box in the file. Children are found by their headers;
// payloads of small boxes are decoded by go-mp4. Its own walker is not used:
// it reads a byte at a time and trusts sizes below that of the header.
type box struct {
	typ  mp4.BoxType
	at   int64 // of the header
	body int64 // of the payload
	end  int64 // behind the box
}

func (b box) size() int64 { return b.end - b.body }

// The headers of a box (ISO/IEC 14496-12, 4.2): 32-bit size and type, or with
// a 64-bit size behind them.
const (
	smallHeader = mp4.SmallHeaderSize
	largeHeader = mp4.LargeHeaderSize
)

// header reads the header of the box at the place at, in a parent that ends at
// limit. The box may claim to end behind limit; the caller judges.
func (w *window) header(at, limit int64) (box, error) {
	if limit-at < smallHeader {
		return box{}, &cutError{at, "a box header"}
	}
	h, err := w.bytes(at, smallHeader)
	if err != nil {
		return box{}, err
	}
	b := box{typ: mp4.BoxType(h[4:8]), at: at, body: at + smallHeader}
	size := uint64(binary.BigEndian.Uint32(h))
	switch size {
	case 0: // to the end of the parent
		b.end = limit
		return b, nil
	case 1:
		if h, err = w.bytes(at, largeHeader); err != nil {
			return box{}, err
		}
		size = binary.BigEndian.Uint64(h[8:])
		b.body = at + largeHeader
	}
	if size < uint64(b.body-at) || size > maxOffset {
		return box{}, damaged(at, "the box %q has a size of %d bytes", b.typ.String(), size)
	}
	b.end = at + int64(size)
	return b, nil
}

// each calls visit for the children of parent whose first header is at. It
// ends quietly at what QuickTime puts behind the last child: a few zero bytes.
func (f *file) each(at int64, parent box, visit func(box) error) error {
	w := newWindow(f, parent.end-at)
	for n := 0; parent.end-at >= smallHeader; n++ {
		if n == maxBoxes {
			return damaged(at, "more than %d boxes in %q", maxBoxes, parent.typ.String())
		}
		b, err := w.header(at, parent.end)
		if err != nil {
			return err
		}
		if b.typ == (mp4.BoxType{}) {
			return nil
		}
		if b.end > parent.end {
			return damaged(at, "the box %q is longer than the %q around it", b.typ.String(), parent.typ.String())
		}
		if err := visit(b); err != nil {
			return err
		}
		at = b.end
	}
	return nil
}

// children maps the types of the parent's children to the first of each.
func (f *file) children(parent box) (map[mp4.BoxType]box, error) {
	found := map[mp4.BoxType]box{}
	err := f.each(parent.body, parent, func(b box) error {
		if _, ok := found[b.typ]; !ok {
			found[b.typ] = b
		}
		return nil
	})
	return found, err
}

// payload reads a small box whole.
func (f *file) payload(b box) ([]byte, error) {
	if b.size() > maxSmallBox {
		return nil, damaged(b.at, "the box %q has %d bytes, more than %d", b.typ.String(), b.size(), maxSmallBox)
	}
	if b.end > f.size {
		return nil, &cutError{b.at, "the box " + b.typ.String()}
	}
	if f.whole += b.size(); f.whole > maxSmallBoxes {
		return nil, damaged(b.at, "the descriptions of the tracks have more than %d bytes", maxSmallBoxes)
	}
	p := make([]byte, b.size())
	return p, f.read(p, b.body)
}

// decode reads a small box into dst and returns how many bytes of its payload
// dst took; children follow there.
func (f *file) decode(b box, dst mp4.IBox, ctx mp4.Context) (int64, error) {
	p, err := f.payload(b)
	if err != nil {
		return 0, err
	}
	n, err := mp4.Unmarshal(bytes.NewReader(p), uint64(len(p)), dst, ctx)
	if err != nil {
		return 0, damaged(b.at, "the box %q cannot be read: %v", b.typ.String(), err)
	}
	return int64(n), nil
}
