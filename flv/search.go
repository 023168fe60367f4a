package flv

import (
	"encoding/binary"
	"fmt"
	"io"
)

// searchLimit bounds how far behind a damage the next tag is searched, in
// bytes: the two largest tags.
const searchLimit = 2 * MaxTagSize

// objection says why no tag can have the header, "" when one can.
func (h tagHeader) objection() string {
	switch {
	case h.reserved > 1 || !h.known() && h.streamID != 0:
		return "this is no tag"
	case h.size > MaxTagSize:
		return fmt.Sprintf("a tag of %d bytes, the limit is %d", h.size, MaxTagSize)
	default:
		return ""
	}
}

// trailed reports whether the tag's PreviousTagSize confirms its size.
func trailed(h tagHeader, b []byte) bool {
	return len(b) >= h.whole()+trailerSize && int64(binary.BigEndian.Uint32(b[h.whole():])) == int64(h.whole())
}

// followed reports whether another tag or the input's end follows the tag at
// hand: many writers get the PreviousTagSize wrong.
func (r *Reader) followed(h tagHeader) bool {
	at := h.whole() + trailerSize
	b, err := r.w.need(at + tagHeaderSize)
	return err != nil || parseTagHeader(b[at:]).ordinary()
}

// search moves on to the next place where a tag surely begins: an ordinary
// header, and the right trailer or another ordinary header behind the body. In
// compressed media nothing else looks like that. Its errors are final, but for
// a damage after which io.EOF comes.
func (r *Reader) search() error {
	for limit := r.w.offset + searchLimit; r.w.offset < limit; {
		b, err := r.w.need(tagHeaderSize)
		if len(b) < tagHeaderSize {
			return r.end(err)
		}
		at := firstOrdinary(b)
		r.w.discard(at)
		if at+tagHeaderSize > len(b) {
			continue
		}
		h := parseTagHeader(b[at:])
		if b, err = r.w.need(h.whole() + trailerSize); trailed(h, b) || err == nil && r.surelyFollowed(h) {
			return nil
		}
		r.w.discard(1)
	}
	r.err = io.EOF
	return r.damage(fmt.Sprintf("no tag within %d MiB behind the damage; the rest is left unread", searchLimit>>20))
}

// surelyFollowed is followed without the benefit of the doubt at the end.
func (r *Reader) surelyFollowed(h tagHeader) bool {
	_, err := r.w.need(h.whole() + trailerSize + tagHeaderSize)
	return err == nil && r.followed(h)
}

// firstOrdinary is the place of the first ordinary header in b, or the place
// from which on b is too short to tell.
func firstOrdinary(b []byte) int {
	at := 0
	for ; at+tagHeaderSize <= len(b); at++ {
		switch TagType(b[at]) {
		case TagAudio, TagVideo, TagScript:
			if parseTagHeader(b[at:]).ordinary() {
				return at
			}
		}
	}
	return at
}
