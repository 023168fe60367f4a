package flv

import (
	"io"

	"rtmpwriter/media"
)

const (
	// windowSize is read ahead at most while tags are smaller: few system
	// calls for small tags, little moving for large ones.
	windowSize = 256 << 10
	// viewed is the least size of a tag whose body stays where it was read.
	// Smaller ones are copied: they must not keep a whole window from being
	// used again, since sound stays in buffers where pictures are dropped.
	viewed = 4 << 10
	// maxEmptyReads bounds the reads in a row that give neither bytes nor error.
	maxEmptyReads = 100
)

// window shows the bytes of a reader from the current place on, so that a tag
// can be judged whole before any of it is consumed. It grows with the bytes
// that really come, never with a size that the input claims. Tags may keep views of
// what it showed: that is never written again.
type window struct {
	r          io.Reader
	whole      *media.Buffer
	buf        []byte // of whole
	start, end int    // of the bytes shown, in buf
	offset     int64  // of buf[start] in the input
	err        error  // what the reader ended with
}

// shown returns all bytes at hand.
func (w *window) shown() []byte { return w.buf[w.start:w.end] }

// need returns all bytes at hand, at least n. When the input ends before, it
// returns what is left and the reader's error.
func (w *window) need(n int) ([]byte, error) {
	for empty := 0; len(w.shown()) < n; {
		if w.err != nil {
			return w.shown(), w.err
		}
		if empty == maxEmptyReads {
			w.err = io.ErrNoProgress
			continue
		}
		w.makeRoom(n)
		var got int
		got, w.err = w.r.Read(w.buf[w.end:])
		w.end += got
		if empty++; got > 0 {
			empty = 0
		}
	}
	return w.shown(), nil
}

// makeRoom makes sure that the buffer has room behind the bytes shown, on the
// way to n of them. It moves them to the start of a buffer only when at least as
// many have been consumed, and doubles the buffer only when it is full, so that
// its work stays in proportion to the bytes read and its size below 4n.
func (w *window) makeRoom(n int) {
	switch {
	case w.buf == nil:
		w.moveTo(windowSize)
	case w.start+n <= len(w.buf):
	case w.start >= len(w.buf)/2 && !w.whole.Shared():
		w.start, w.end = 0, copy(w.buf, w.shown())
	case w.start >= len(w.buf)/2:
		w.moveTo(max(windowSize, 2*len(w.shown())))
	case w.end < len(w.buf):
	default:
		w.moveTo(2 * len(w.buf))
	}
}

// moveTo goes on in another buffer of so many bytes.
func (w *window) moveTo(size int) {
	next := media.GetBuffer(size)
	end := copy(next.B, w.shown())
	if w.whole != nil {
		w.whole.Release()
	}
	w.whole, w.buf, w.start, w.end = next, next.B, 0, end
}

// keep returns n of the bytes shown, from an offset on, as a buffer.
func (w *window) keep(from, n int) *media.Buffer {
	from += w.start
	if n >= viewed {
		return w.whole.View(from, from+n)
	}
	b := media.GetBuffer(n)
	copy(b.B, w.buf[from:])
	return b
}

// discard consumes n of the bytes shown.
func (w *window) discard(n int) {
	w.start += n
	w.offset += int64(n)
}
