package flv

import "io"

const (
	// windowSize is read ahead at most while tags are smaller: few system
	// calls for small tags, little moving for large ones.
	windowSize = 128 << 10
	// maxEmptyReads bounds the reads in a row that give neither bytes nor error.
	maxEmptyReads = 100
)

// window shows the bytes of a reader from the current place on, so that a tag
// can be judged whole before any of it is consumed. It grows with the bytes
// that really come, never with a size that the input claims.
type window struct {
	r          io.Reader
	buf        []byte
	start, end int   // of the bytes shown, in buf
	offset     int64 // of buf[start] in the input
	err        error // what the reader ended with
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
// way to n of them. It moves them to the buffer's start only when at least as
// many have been consumed, and doubles the buffer only when it is full, so that
// its work stays in proportion to the bytes read and its size below 4n.
func (w *window) makeRoom(n int) {
	shown := w.shown()
	switch {
	case w.buf == nil:
		w.buf = make([]byte, windowSize)
	case w.start+n <= len(w.buf):
		return
	case w.start >= len(w.buf)/2:
		copy(w.buf, shown)
	case w.end < len(w.buf):
		return
	default:
		w.buf = make([]byte, 2*len(w.buf))
		copy(w.buf, shown)
	}
	w.start, w.end = 0, len(shown)
}

// discard consumes n of the bytes shown.
func (w *window) discard(n int) {
	w.start += n
	w.offset += int64(n)
}
