package flv

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"rtmpwriter/media"
)

// Tag is one tag of an FLV file.
type Tag struct {
	Type TagType
	// Timestamp is the decode time in milliseconds, the full 32 bits, wrapping.
	Timestamp uint32
	// Buf holds the body, which may be empty. The receiver releases it.
	Buf *media.Buffer
	// Offset is the place of the tag's header in the input.
	Offset int64
}

// Reader reads the tags of an FLV file or stream. It waits for no byte behind a
// tag's own trailer before it returns the tag (unless that trailer is wrong),
// so that a pipe is read without delay. In the steady state it allocates nothing.
//
// A Reader is used by one goroutine at a time.
type Reader struct {
	w         window
	header    Header
	began     bool   // the file header is behind
	lost      bool   // after a damage: the next tag must be searched
	timestamp uint32 // of the last tag
	err       error  // final
}

// NewReader returns a reader of r, which stands at the FLV signature. Nothing
// is read yet. The reader buffers: it may read r further than the tags go.
func NewReader(r io.Reader) *Reader { return &Reader{w: window{r: r}} }

// ResumeReader returns a reader that begins amid a file: r stands at the byte
// offset of the input. If no tag begins there, the first Next tells of a damage
// and the next one finds a tag. The Header is zero.
func ResumeReader(r io.Reader, offset int64) *Reader {
	return &Reader{w: window{r: r, offset: offset}, began: true}
}

// Header returns the file header, and reads it if that has not been done. An
// input that is not FLV gives *media.UnsupportedError, one with a broken header
// *media.DamageError; the error is returned once, then Next says what follows.
func (r *Reader) Header() (Header, error) {
	if r.began {
		return r.header, nil
	}
	r.began = true
	return r.header, r.readHeader()
}

func (r *Reader) readHeader() error {
	b, err := r.w.need(fileHeaderSize + trailerSize)
	if len(b) >= 3 && string(b[:3]) != "FLV" {
		r.err = &media.UnsupportedError{What: fmt.Sprintf("input that begins with % x", b[:3]), Hint: "FLV begins with 46 4c 56"}
		return r.err
	}
	if len(b) < fileHeaderSize {
		return r.endedIn("the file header", err)
	}
	r.header = Header{Version: b[3], HasVideo: b[4]&flagVideo != 0, HasAudio: b[4]&flagAudio != 0}
	offset := binary.BigEndian.Uint32(b[5:])
	if offset > maxDataOffset {
		r.w.discard(fileHeaderSize)
		return r.damage(fmt.Sprintf("a file header of %d bytes", offset))
	}
	// Some writers leave the offset 0.
	size := max(int(offset), fileHeaderSize) + trailerSize
	if b, err = r.w.need(size); len(b) < size && err != io.EOF {
		return r.endedIn("the file header", err)
	}
	r.w.discard(min(size, len(b)))
	return nil
}

// Next returns the next tag. At the end the error is io.EOF. A
// *media.DamageError tells of a place that could not be read; the next call
// goes on with the first tag that is found within 16 MiB. *media.UnsupportedError
// tells of encryption. Any other error is the input's. All but damages are
// final. Tags of unknown types are passed over.
func (r *Reader) Next() (Tag, error) {
	if _, err := r.Header(); err != nil {
		return Tag{}, err
	}
	for r.err == nil {
		if r.lost {
			if err := r.search(); err != nil {
				return Tag{}, err
			}
			r.lost = false
		}
		if tag, err := r.read(); err != nil || tag.Buf != nil {
			return tag, err
		}
	}
	return Tag{}, r.err
}

// read reads the tag at hand: none, without an error, when its type is unknown.
func (r *Reader) read() (Tag, error) {
	b, err := r.w.need(tagHeaderSize)
	if len(b) == 0 {
		return Tag{}, r.end(err)
	}
	if len(b) < tagHeaderSize {
		return Tag{}, r.endedIn("a tag's header", err)
	}
	h := parseTagHeader(b)
	if reason := h.objection(); reason != "" {
		return Tag{}, r.damage(reason)
	}
	b, err = r.w.need(h.whole() + trailerSize)
	if len(b) < h.whole() {
		return Tag{}, r.endedIn(fmt.Sprintf("a tag: %d of its %d bytes are there", len(b), h.whole()), err)
	}
	if !trailed(h, b) && !(h.ordinary() && r.followed(h)) {
		return Tag{}, r.damage(fmt.Sprintf("what looks like a tag of %d bytes has no tag behind it", h.whole()))
	}
	if h.encrypted() {
		return Tag{}, r.end(&media.UnsupportedError{What: "encrypted FLV", Hint: "the input must be in the clear"})
	}
	return r.take(h), nil
}

// take consumes the tag that the window shows whole.
func (r *Reader) take(h tagHeader) Tag {
	tag := Tag{Type: h.kind, Timestamp: h.timestamp, Offset: r.w.offset}
	b := r.w.shown()
	if h.known() {
		tag.Buf = r.w.keep(tagHeaderSize, h.size)
		r.timestamp = h.timestamp
	}
	// The last trailer of a file may be cut off: nothing is lost by that.
	r.w.discard(min(h.whole()+trailerSize, len(b)))
	return tag
}

// damage is the error for the place at hand. The next tag is to be searched.
func (r *Reader) damage(reason string) error {
	r.lost = true
	return &media.DamageError{
		Offset: r.w.offset,
		Time:   time.Duration(r.timestamp) * time.Millisecond,
		Reason: reason,
	}
}

// endedIn is the error when the input ended, or failed, within something.
func (r *Reader) endedIn(what string, err error) error {
	if err == io.EOF {
		return r.damage("the input ends within " + what)
	}
	return r.end(err)
}

// end makes err final.
func (r *Reader) end(err error) error {
	if err != io.EOF {
		err = fmt.Errorf("flv: at byte %d of the input: %w", r.w.offset, err)
	}
	r.err = err
	return err
}
